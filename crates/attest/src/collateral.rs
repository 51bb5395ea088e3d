//! What appraisals lean on beside the evidence: certificates, revocation lists, OCSP responses, Intel's TCB info and QE identities, NVIDIA's
//! reference manifests.

use crate::base64;
use crate::crypto::unhex;
use crate::intel::{QeIdentity, TcbInfo};
use crate::nvidia::Rim;
use crate::snp;
use crate::x509::{self, Certificate, Crl, OcspError, OcspResponse};
use serde_json::Value;
use std::fmt;

/// Collateral by kind. Nothing in it is trusted: every appraisal verifies what it uses.
#[derive(Debug, Default)]
pub struct Collateral {
    /// Certificates of any vendor.
    pub certificates: Vec<Certificate>,
    /// Revocation lists of any vendor.
    pub crls: Vec<Crl>,
    /// Responses of OCSP responders, of any vendor. NVIDIA's evidence is looked up in them.
    pub responses: Vec<OcspResponse>,
    /// Intel's TCB infos, of SGX and TDX.
    pub tcb_infos: Vec<TcbInfo>,
    /// Intel's identities of quoting enclaves.
    pub qe_identities: Vec<QeIdentity>,
    /// NVIDIA's reference manifests, of drivers and firmware.
    pub rims: Vec<Rim>,
}

/// Why an input gave no collateral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCollateral(pub String);

impl fmt::Display for NotCollateral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotCollateral {}

impl Collateral {
    /// Adds what an input holds: DER, PEM, hexadecimal or base64 of certificates, revocation lists and OCSP responses; the certificate table of
    /// a SEV-SNP host; answers of Intel's provisioning service; the JSON object in which clients of it keep all of one platform;
    /// reference manifests of NVIDIA, and the answers of its service with them. Recognised by content. Returns how many pieces it held.
    ///
    /// # Errors
    ///
    /// When it holds none, or a part of it is damaged: the message names the part.
    pub fn add(&mut self, bytes: &[u8]) -> Result<usize, NotCollateral> {
        let before = self.len();
        if let Ok(text) = std::str::from_utf8(bytes) {
            let text = text.trim();
            if text.starts_with(['{', '[']) {
                self.json(text)?;
            } else if text.starts_with('<') {
                self.manifest(text)?;
            } else if text.contains("-----BEGIN ") {
                self.pem(text)?;
            } else if let Some(bytes) = unhex(text).or_else(|| base64::decode(text)) {
                self.der(&bytes)?;
            } else if text.contains(|one: char| one.is_control() && !one.is_whitespace()) {
                // Short DER may be text by chance: a responder's refusal is.
                self.der(bytes)?;
            } else {
                return Err(NotCollateral(
                    "neither JSON nor XML, PEM, hexadecimal or base64".to_owned(),
                ));
            }
        } else {
            self.der(bytes)?;
        }
        match self.len() - before {
            0 => Err(NotCollateral("holds no collateral".to_owned())),
            added => Ok(added),
        }
    }

    /// Pieces in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.certificates.len()
            + self.crls.len()
            + self.responses.len()
            + self.tcb_infos.len()
            + self.qe_identities.len()
            + self.rims.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn der(&mut self, bytes: &[u8]) -> Result<(), NotCollateral> {
        let not_certificate = match Certificate::from_der(bytes) {
            Ok(certificate) => {
                self.certificates.push(certificate);
                return Ok(());
            }
            Err(error) => error,
        };
        let not_crl = match Crl::from_der(bytes) {
            Ok(crl) => {
                self.crls.push(crl);
                return Ok(());
            }
            Err(error) => error,
        };
        let not_response = match OcspResponse::from_der(bytes) {
            Ok(response) => {
                self.responses.push(response);
                return Ok(());
            }
            // Whoever fetched it wants to know nothing else.
            Err(error) if !matches!(error, OcspError::Der(_) | OcspError::TooLong(_)) => {
                return Err(NotCollateral(error.to_string()));
            }
            Err(error) => error,
        };
        self.table(bytes).map_err(|NotCollateral(no_table)| {
            NotCollateral(format!(
                "neither a certificate ({not_certificate}) nor a revocation list ({not_crl}) nor an OCSP response ({not_response}) nor a certificate table ({no_table})"
            ))
        })
    }

    /// The certificates of a table that a host of SEV-SNP hands out, `auxblob` of configfs-tsm.
    fn table(&mut self, bytes: &[u8]) -> Result<(), NotCollateral> {
        let (certificates, problems) =
            snp::certificates(bytes).map_err(|error| NotCollateral(error.to_string()))?;
        if let Some(problem) = problems.into_iter().next() {
            return Err(NotCollateral(problem));
        }
        self.certificates.extend(certificates);
        Ok(())
    }

    fn pem(&mut self, text: &str) -> Result<(), NotCollateral> {
        for block in x509::blocks(text) {
            let place = format!("the {} at byte {}", block.label, block.offset);
            let bytes = block
                .bytes
                .ok_or_else(|| NotCollateral(format!("{place} is no base64")))?;
            self.der(&bytes)
                .map_err(|NotCollateral(why)| NotCollateral(format!("{place}: {why}")))?;
        }
        Ok(())
    }

    fn manifest(&mut self, text: &str) -> Result<(), NotCollateral> {
        let rim = Rim::read(text)
            .map_err(|why| NotCollateral(format!("no reference manifest of NVIDIA: {why}")))?;
        self.rims.push(rim);
        Ok(())
    }

    /// The answer of NVIDIA's RIM service (attestation-sdk 73c032eb, `nv-attestation-sdk-cpp/src/rim.cpp`): `rim` is base64 of the file.
    /// Its `id` is passed over: nobody signs it.
    fn manifest_answer(&mut self, encoded: &str) -> Result<(), NotCollateral> {
        let decoded = base64::decode(encoded).and_then(|bytes| String::from_utf8(bytes).ok());
        let text = decoded.ok_or_else(|| NotCollateral("`rim` is no text in base64".to_owned()))?;
        self.manifest(text.trim())
            .map_err(|NotCollateral(why)| NotCollateral(format!("`rim`: {why}")))
    }

    fn json(&mut self, text: &str) -> Result<(), NotCollateral> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| NotCollateral(format!("JSON: {error}")))?;
        self.tcb_infos.extend(TcbInfo::all_in(text, &value)?);
        self.qe_identities.extend(QeIdentity::all_in(text, &value)?);
        if let Some(encoded) = value.get("rim").and_then(Value::as_str) {
            self.manifest_answer(encoded)?;
        }
        let text_fields = [
            "pck_crl_issuer_chain",
            "root_ca_crl",
            "pck_crl",
            "tcb_info_issuer_chain",
            "qe_identity_issuer_chain",
            "pck_certificate_chain",
        ];
        for field in text_fields {
            if let Some(held) = value.get(field).and_then(Value::as_str)
                && !held.trim().is_empty()
            {
                self.add(held.as_bytes())
                    .map_err(|NotCollateral(why)| NotCollateral(format!("`{field}`: {why}")))?;
            }
        }
        Ok(())
    }
}
