//! Hadoop's configuration: resources, load order, variables, releases.
//!
//! Source of the rules: `org.apache.hadoop.conf.Configuration` (2.7.7, 2.10.2, 3.3.6, 3.4.1), checked by runs of 3.3.6 and 3.4.1.

pub mod acl;
pub mod configuration;
pub mod key_releases;
pub mod key_severity;
pub mod keys;
pub mod kms_acl;
pub mod name_rules;
pub mod reader;
pub mod resource;
pub mod role;
pub mod secure_start;
pub mod template;
mod variables;
pub mod view;

pub use configuration::Configuration;
pub use reader::Reader;
pub use resource::{Item, Property, Resource, ResourceKind};
pub use role::{Role, Roles};
pub use view::Hadoop;
