//! Who made a token, by what stands in it.

use super::Jwt;
use serde_json::Value;
use std::fmt;

/// The verifiers whose claims are known here. A token's own word, like everything in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// NVIDIA Remote Attestation Service, or NVIDIA's verifier on the machine.
    Nvidia,
    /// Confidential Containers Trustee, Veraison: EAT Attestation Results (EAR).
    Trustee,
    /// Intel Trust Authority.
    IntelTrustAuthority,
    /// Microsoft Azure Attestation.
    AzureAttestation,
    /// None of these.
    Other,
}

impl Issuer {
    /// Tells the issuer of a token.
    #[must_use]
    pub fn of(token: &Jwt) -> Self {
        let starts = |prefix: &str| token.claims.keys().any(|name| name.starts_with(prefix));
        let has = |name: &str| token.claims.contains_key(name);
        let is_from = |part: &str| {
            let issuer = token.claims.get("iss").and_then(Value::as_str);
            issuer.is_some_and(|issuer| issuer.contains(part))
        };
        if starts("x-nvidia-") || is_from("nvidia.com") {
            Issuer::Nvidia
        } else if starts("x-ms-") || is_from("attest.azure.net") {
            Issuer::AzureAttestation
        } else if is_from("trustauthority.intel.com")
            || is_from("Trust Authority")
            || has("attester_tcb_status")
            || has("policy_ids_matched")
        {
            Issuer::IntelTrustAuthority
        } else if has("submods") || starts("ear.") {
            Issuer::Trustee
        } else {
            Issuer::Other
        }
    }

    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Issuer::Nvidia => "NVIDIA attestation service",
            Issuer::Trustee => "Trustee or another verifier that writes EAR",
            Issuer::IntelTrustAuthority => "Intel Trust Authority",
            Issuer::AzureAttestation => "Microsoft Azure Attestation",
            Issuer::Other => "a verifier that is not known here",
        }
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
