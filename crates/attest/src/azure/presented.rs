//! Evidence of Azure in the JSON forms in which agents hand it out.
//!
//! Forms: Trustee's attesters `az-snp-vtpm` and `az-tdx-vtpm`. Before version 1 bytes are lists of numbers, and the fields of
//! SEV-SNP are called `report` and `quote`; since then they are `hcl_report` and `tpm_quote`, in base64 and hexadecimal.

use super::{TdQuote, TpmEvidence, appraise};
use crate::appraisal::Appraisal;
use crate::base64;
use crate::collateral::{Collateral, NotCollateral};
use crate::crypto::unhex;
use crate::intel;
use crate::verifier::Verifier;
use crate::x509::Certificate;
use serde_json::Value;
use wire::tee::intel::Quote;

/// What a confidential VM presents.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The paravisor's report.
    pub hcl_report: Vec<u8>,
    /// What the TPM said. Absent where the report came alone.
    pub tpm: Option<PresentedQuote>,
    /// Certificates of the report's signing key (SEV-SNP).
    pub certificates: Vec<Certificate>,
    /// The quote that stands for the TDREPORT inside (TDX).
    pub td_quote: Option<Vec<u8>>,
}

/// A TPM's quote with the registers that it covers.
#[derive(Clone, Debug)]
pub struct PresentedQuote {
    /// TPMS_ATTEST.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// Values of the SHA-256 bank from register 0 on.
    pub pcrs: Vec<[u8; 32]>,
}

impl Presented {
    /// A report that came alone, as it lies in the TPM's memory.
    #[must_use]
    pub fn of_report(hcl_report: Vec<u8>) -> Self {
        Presented {
            hcl_report,
            tpm: None,
            certificates: Vec::new(),
            td_quote: None,
        }
    }

    /// Evidence as agents write it. `None` where a value is none.
    ///
    /// # Errors
    ///
    /// Names the field that is missing or damaged.
    #[must_use]
    pub fn of_json(value: &Value) -> Option<Result<Self, String>> {
        let first = value.get("hcl_report").or_else(|| {
            // `report` alone is many things: with a TPM's quote beside it, it is this.
            let quote = value.get("quote")?;
            quote.get("message").and_then(|_| value.get("report"))
        })?;
        Some(Presented::read(value, first))
    }

    fn read(value: &Value, hcl_report: &Value) -> Result<Self, String> {
        let quote = value
            .get("tpm_quote")
            .or_else(|| value.get("quote"))
            .filter(|quote| !quote.is_null());
        Ok(Presented {
            hcl_report: bytes(hcl_report, "hcl_report")?,
            tpm: quote.map(PresentedQuote::read).transpose()?,
            certificates: match value.get("vcek") {
                None | Some(Value::Null) => Vec::new(),
                Some(value) => certificates(value)?,
            },
            td_quote: match value.get("td_quote") {
                None | Some(Value::Null) => None,
                Some(value) => Some(bytes(value, "td_quote")?),
            },
        })
    }
}

impl PresentedQuote {
    fn read(quote: &Value) -> Result<Self, String> {
        let field = |name: &'static str| {
            let value = quote
                .get(name)
                .ok_or_else(|| format!("the TPM's quote has no `{name}`"))?;
            bytes(value, name)
        };
        let registers = quote.get("pcrs").and_then(Value::as_array);
        Ok(PresentedQuote {
            message: field("message")?,
            signature: field("signature")?,
            pcrs: registers
                .into_iter()
                .flatten()
                .map(|value| {
                    bytes(value, "pcrs")?
                        .try_into()
                        .map_err(|_| "`pcrs`: a register is not of 32 bytes".to_owned())
                })
                .collect::<Result<_, String>>()?,
        })
    }

    /// The quote, for an appraisal.
    #[must_use]
    pub fn evidence(&self) -> TpmEvidence<'_> {
        TpmEvidence {
            message: &self.message,
            signature: &self.signature,
            pcrs: &self.pcrs,
        }
    }
}

/// Appraises what a confidential VM presents. `nonce` is what the TPM's quote was asked for with.
#[must_use]
pub fn appraise_presented(
    verifier: &Verifier,
    presented: &Presented,
    nonce: Option<&[u8]>,
) -> Appraisal {
    let tpm = presented.tpm.as_ref().map(PresentedQuote::evidence);
    let td_quote = || {
        let bytes = presented.td_quote.as_deref()?;
        Some(TdQuote {
            appraisal: intel::appraise(verifier, bytes, None),
            // What cannot be read has failed in its own appraisal; it is bound to nothing.
            report_data: Quote::read(bytes).map_or([0; 64], |quote| *quote.report_data()),
        })
    };
    appraise(
        verifier,
        &presented.hcl_report,
        tpm.as_ref(),
        &presented.certificates,
        td_quote,
        nonce,
    )
}

/// Bytes as a list of numbers, as hexadecimal or as base64.
fn bytes(value: &Value, name: &str) -> Result<Vec<u8>, String> {
    match value {
        Value::String(text) => unhex(text)
            .or_else(|| base64::decode(text))
            .ok_or_else(|| format!("`{name}` is neither hexadecimal nor base64")),
        other => {
            serde_json::from_value(other.clone()).map_err(|error| format!("`{name}`: {error}"))
        }
    }
}

/// PEM, or base64 of DER or PEM.
fn certificates(value: &Value) -> Result<Vec<Certificate>, String> {
    let bytes = match value {
        Value::String(text) if text.contains("-----BEGIN ") => text.as_bytes().to_vec(),
        other => bytes(other, "vcek")?,
    };
    let mut held = Collateral::default();
    held.add(&bytes)
        .map_err(|NotCollateral(why)| format!("`vcek`: {why}"))?;
    Ok(held.certificates)
}
