//! Environment variables of pods by which a verifier of Gramine's RA-TLS accepts what it would refuse.
//!
//! Rules: Gramine v1.0 to v1.9, tools/sgx/ra-tls/ra_tls_verify_common.c (before v1.3 in Pal/src/host/Linux-SGX/tools): a variable counts
//! only where it is exactly `1`. Libraries of secret provisioning verify with the same code. To a verifier inside of an enclave
//! Gramine hands a variable of the pod only where the manifest passes it on (`loader.env.X = { passthrough = true }`); a pod that sets
//! it expects that.

use crate::pods::{place, subject, workloads};
use model::{Claim, Claims, Estate, Exposure, Witness};
use settings::kubernetes::pod::{EnvironmentSource, EnvironmentVariable};
use text::Node;

/// Debug enclaves are accepted.
pub const ALLOWS_DEBUG: &str = "RA_TLS_ALLOW_DEBUG_ENCLAVE_INSECURE";

/// Platforms that are out of date are accepted, and expired collateral is.
pub const ALLOWS_OUT_OF_DATE: &str = "RA_TLS_ALLOW_OUTDATED_TCB_INSECURE";

/// Exposes every pod in which a container sets the variable to 1.
pub fn judge_verifiers(
    estate: &Estate,
    claims: &mut Claims,
    variable: &'static str,
    cause: &'static str,
) {
    for template in workloads(estate) {
        let all = template.env();
        let set: Vec<Exposure> = effective(&all, variable)
            .filter(|value| value.text() == Some("1"))
            .map(|value| {
                let label = "the verifier in this container accepts it";
                let witness = Witness::declared(place(&template, value), label);
                Exposure::new(cause, witness.key(variable).value("1"))
            })
            .collect();
        if !set.is_empty() {
            claims.state(subject(&template), Claim::Exposed(set));
        }
    }
}

/// The values that containers get: of two of one name the last one. Whole objects (`envFrom`) come before what has a name.
fn effective<'o>(
    all: &[EnvironmentVariable<'o>],
    variable: &str,
) -> impl Iterator<Item = &'o Node> {
    let named = all
        .iter()
        .enumerate()
        .filter(move |(_, one)| one.name == variable);
    named.filter_map(move |(at, one)| {
        let mut later = all.iter().skip(at + 1);
        let is_replaced = later.any(|later| {
            later.name == one.name
                && later.container == one.container
                && !matches!(
                    later.source,
                    EnvironmentSource::Secret(_) | EnvironmentSource::ConfigMap(_)
                )
        });
        match one.source {
            EnvironmentSource::Value(value) if !is_replaced => Some(value),
            _ => None,
        }
    })
}
