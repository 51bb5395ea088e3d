//! Spark's configuration: properties, precedence, defaults by release, and what the operators make of their resources.
//!
//! Source of the rules: `SparkSubmitArguments`, `SparkConf`, `SSLOptions`, `TransportConf` and `SecurityManager` of Apache
//! Spark 3.3.4 to 4.3.0; `submission.go` of kubeflow/spark-operator 2.5; `SparkAppSubmissionWorker` of
//! apache/spark-kubernetes-operator 0.1 to 1.0.

pub mod defaults;
pub mod deployment;
pub mod java_options;
pub mod keys;
pub mod redaction;
pub mod release_facts;
pub mod secret;
pub mod setting;
pub mod submission;
pub mod switch;
pub mod view;

pub use deployment::{Deployment, Kind, Master, Operator, Tie};
pub use setting::{Layer, Origin, PropertiesFile, Setting, Written};
pub use switch::{State, Switch};
pub use view::Spark;
