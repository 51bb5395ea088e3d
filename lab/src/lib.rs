//! The lab: the real systems on one machine, secure, careless and half-secure.
//!
//! Nothing that Wardline claims about a protocol, a default or a fix counts until the real system agrees. The lab starts
//! real services as plain processes on loopback, each in its own temporary directory and on free ports, in named
//! profiles; asks the real clients what they can really do there (the truth table); and records what the services answer
//! (captures), so that other tests replay it without a lab.
//!
//! # How it is laid out
//! - [`versions`]: every release that is fetched, in one file.
//! - [`cache`]: what was fetched or built, outside the checkout, by release.
//! - [`process`], [`command`], [`ports`], [`workdir`], [`certificates`]: what every service is made of.
//! - one folder a service; its `RECIPE` is the entry in [`recipe::RECIPES`].
//! - [`truth`]: questions, measured answers, and the declared verdicts beside them.
//!
//! # What is safe here
//! Services listen on 127.0.0.1 only. Every secret is made up for the run and dies with its directory. Processes end with
//! the one that started them, also when it is killed.

pub mod cache;
pub mod ceph;
pub mod certificates;
pub mod command;
pub mod deployment;
mod error;
mod go;
pub mod hadoop;
pub mod kerberos;
pub mod kubernetes;
mod object_store;
pub mod packages;
pub mod ports;
pub mod process;
pub mod recipe;
pub mod recorder;
pub mod s3;
pub mod secrets;
pub mod spark;
pub mod supervisor;
pub mod tls;
pub mod truth;
pub mod versions;
pub mod wait;
pub mod workdir;

pub use deployment::{Deployment, Endpoint};
pub use error::{LabError, Result};
