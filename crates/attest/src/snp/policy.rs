//! Which SEV-SNP guests are ours.

use serde::Deserialize;

/// The `[snp]` section of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct SnpPolicy {}
