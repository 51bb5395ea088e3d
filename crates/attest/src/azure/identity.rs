//! Step `identity`, beside what the hardware measured: Azure's firmware is the same for everybody, so only the TPM's registers
//! tell whose operating system runs.

use super::binding::{Registers, TpmEvidence};
use super::policy::VtpmPolicy;
use crate::crypto::hex;
use crate::policy::Hex;
use crate::step::Check;
use wire::tee::azure::TpmQuote;

/// The checks of the step.
pub(super) fn checks(
    policy: Option<&VtpmPolicy>,
    tpm: Option<(&TpmEvidence<'_>, &Result<TpmQuote<'_>, wire::Error>)>,
) -> Vec<Check> {
    let shown = match tpm {
        Some((evidence, Ok(quote))) => Registers::of(evidence, quote),
        _ => Registers::NotGiven,
    };
    let pinned = policy.into_iter().flat_map(|policy| &policy.pcr);
    let checks: Vec<Check> = pinned
        .map(|(register, accepted)| {
            let what = register.to_string();
            let number = usize::from(register.0);
            let value = match &shown {
                Registers::Quoted(values) => values.get(&number),
                _ => None,
            };
            let Some(value) = value else {
                return Check::unproven(
                    what,
                    "no TPM quote covers this register with values that lead to its digest",
                );
            };
            let check = if accepted.iter().any(|Hex(one)| one == *value) {
                Check::pass(what)
            } else {
                let limit: Vec<String> = accepted.iter().map(Hex::to_string).collect();
                Check::fail(what, "tee/code-identity#not-your-code")
                    .limit(limit.join(", "))
                    .detail("not among the values of the policy")
            };
            check.value(hex(*value)).source("policy vtpm.pcr")
        })
        .collect();
    if !checks.is_empty() {
        return checks;
    }
    vec![
        Check::unproven(
            "operating system",
            "the hardware measured Azure's paravisor only, and the policy pins no register of the TPM (vtpm.pcr)",
        )
        .cause("tee/code-identity#shared-firmware-measurement"),
    ]
}
