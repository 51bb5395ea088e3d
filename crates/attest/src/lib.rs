#![doc = include_str!("../README.md")]

pub mod appraisal;
pub mod azure;
pub mod base64;
pub mod bundle;
pub mod ccel;
pub mod collateral;
pub mod crypto;
pub mod devices;
mod evidence;
pub mod init_data;
pub mod instant;
pub mod intel;
mod memo;
pub mod nvidia;
pub mod policy;
pub mod ra_tls;
pub mod report_data;
pub mod roots;
pub mod sigstruct;
pub mod snp;
pub mod step;
pub mod token;
mod verifier;
pub mod x509;

pub use appraisal::{Appraisal, Kind, Verdict};
pub use collateral::Collateral;
pub use evidence::{Evidence, LARGEST, NotEvidence, Piece};
pub use instant::Instant;
pub use policy::Policy;
pub use roots::Roots;
pub use step::{Check, Outcome, Step, StepName};
pub use verifier::Verifier;
