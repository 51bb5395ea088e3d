//! How Kubernetes resolves its settings.
//!
//! Everything here works on [`object::Object`]s that somebody else read; nothing here does I/O.

pub mod audit_policy;
pub mod cluster;
pub mod encryption;
pub mod flags;
pub mod object;
pub mod pod;
pub mod rbac;
pub mod refusal;
pub mod workload;

mod decoder;
#[cfg(test)]
mod sample;
mod selector;
