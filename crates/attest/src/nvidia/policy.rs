//! Which GPUs and switches are accepted.

use serde::Deserialize;

/// The `[nvidia]` section of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct NvidiaPolicy {}
