//! What every S3 store of the lab has in common: buckets with good and bad policies, clients, questions and captures.

mod answers;
mod buckets;
mod client;
mod policies;
mod questions;
mod s3a;

pub(crate) use answers::captures;
pub(crate) use buckets::{KEY, fill, marker};
pub(crate) use client::{HOST, Keys, Store};
pub(crate) use policies::Bucket;
pub(crate) use questions::ask;
pub(crate) use s3a::{KeyPlace, S3aClient, Way};
