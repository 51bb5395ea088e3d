//! The paravisor's runtime data: JSON with the TPM's keys, whose digest stands in the hardware's report.

use crate::base64;
use crate::crypto::{PublicKey, Scheme, rsa_public_key, sha256, sha384, sha512, unhex};
use serde::Deserialize;
use wire::tee::azure::{HclReport, RuntimeHash};

/// What of runtime data is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Runtime {
    keys: Vec<Key>,
    /// How the virtual machine is configured.
    #[serde(rename = "vm-configuration")]
    pub(super) configuration: Configuration,
    /// What the guest put into the report, 64 bytes in hexadecimal.
    #[serde(rename = "user-data")]
    user_data: String,
}

/// How the virtual machine is configured.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Configuration {
    /// Whether Azure's console reaches it.
    pub(super) console_enabled: Option<bool>,
    /// Whether only signed boot loaders start.
    pub(super) secure_boot: Option<bool>,
    /// Which virtual machine it is.
    #[serde(rename = "vmUniqueId")]
    pub(super) vm_unique_id: Option<String>,
}

/// A JSON Web Key (RFC 7517, RFC 7518 6.3).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Key {
    kid: String,
    kty: String,
    n: String,
    e: String,
}

impl Runtime {
    /// Reads runtime data.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes)
            .map_err(|error| format!("the runtime data is no such JSON: {error}"))
    }

    /// The key that signs the TPM's quotes.
    pub(super) fn attestation_key(&self) -> Result<PublicKey, String> {
        const KEY_ID: &str = "HCLAkPub";
        let mut named = self.keys.iter().filter(|key| key.kid == KEY_ID);
        let key = match (named.next(), named.next()) {
            (Some(key), None) => key,
            (None, _) => return Err(format!("the runtime data holds no key `{KEY_ID}`")),
            (Some(_), Some(_)) => {
                return Err(format!("the runtime data holds several keys `{KEY_ID}`"));
            }
        };
        key.public_key().ok_or_else(|| {
            format!("the runtime data's `{KEY_ID}` is no RSA key of 2048 bits or more")
        })
    }

    /// What the guest put into the report.
    pub(super) fn user_data(&self) -> Option<[u8; 64]> {
        unhex(&self.user_data)?.try_into().ok()
    }
}

impl Key {
    fn public_key(&self) -> Option<PublicKey> {
        if self.kty != "RSA" {
            return None;
        }
        let der = rsa_public_key(&base64::decode(&self.n)?, &base64::decode(&self.e)?)?;
        PublicKey::new(Scheme::RsaPkcs1Sha256, &der)
    }
}

/// The digest of a report's runtime data.
pub(super) fn digest(report: &HclReport<'_>) -> Vec<u8> {
    match report.hash {
        RuntimeHash::Sha256 => sha256(report.runtime_data).to_vec(),
        RuntimeHash::Sha384 => sha384(report.runtime_data).to_vec(),
        RuntimeHash::Sha512 => sha512(report.runtime_data).to_vec(),
    }
}
