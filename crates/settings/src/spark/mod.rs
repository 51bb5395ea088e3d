//! Spark's configuration: known keys by release, how values are read, facts of single patch releases.
//!
//! Source of the rules: the registries of `ConfigEntry` in 3.3.4 to 4.3.0, `SparkConf`, `TransportConf`, `SSLOptions`.

pub mod keys;
pub mod releases;
