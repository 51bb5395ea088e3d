//! TCB info: which levels of a platform Intel vouches for. Versions 2 and 3.

use crate::collateral::NotCollateral;
use crate::crypto::unhex;
use crate::instant::Instant;
use crate::intel::TcbStatus;
use crate::policy::Hex;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A TCB info with the signature over its exact bytes.
#[derive(Clone, Debug)]
pub struct TcbInfo {
    /// The signed text, byte for byte.
    pub text: String,
    /// The signature, r and s of 32 bytes each.
    pub signature: Vec<u8>,
    /// What the text says.
    pub content: Content,
}

/// What a TCB info says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// `SGX` or `TDX`. Version 2 has none and means SGX.
    #[serde(default = "sgx")]
    pub id: String,
    /// The layout.
    pub version: u32,
    /// When it was made.
    #[serde(deserialize_with = "instant")]
    pub issue_date: Instant,
    /// When the next one is due.
    #[serde(deserialize_with = "instant")]
    pub next_update: Instant,
    /// The platforms it is for.
    pub fmspc: Hex<6>,
    /// The provisioning certification enclave it is for.
    pub pce_id: Hex<2>,
    /// Which round of advisories it takes into account.
    pub tcb_evaluation_data_number: u32,
    /// Levels, best first.
    pub tcb_levels: Vec<Level>,
    /// The TDX module of version 0, of older documents.
    pub tdx_module: Option<Module>,
    /// TDX modules by version.
    #[serde(default)]
    pub tdx_module_identities: Vec<ModuleIdentity>,
}

/// A level of a platform.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Level {
    /// What it takes to reach the level.
    pub tcb: Tcb,
    /// The date of the newest update in it.
    #[serde(deserialize_with = "instant")]
    pub tcb_date: Instant,
    /// Its state.
    pub tcb_status: TcbStatus,
    /// What is open at this level.
    #[serde(rename = "advisoryIDs", default)]
    pub advisory_ids: Vec<String>,
}

/// Security versions of a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tcb {
    /// Of the 16 components of the processor.
    pub sgx: [u8; 16],
    /// Of the 16 components of TDX, where the document is about TDX.
    pub tdx: Option<[u8; 16]>,
    /// Of the provisioning certification enclave.
    pub pce_svn: u16,
}

/// What every TDX module must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Module {
    /// Who signed it; zero for Intel.
    pub mrsigner: Hex<48>,
    /// Its attributes under the mask.
    pub attributes: Hex<8>,
    /// Which of the attributes count.
    pub attributes_mask: Hex<8>,
}

/// What the TDX module of one major version must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModuleIdentity {
    /// `TDX_01`.
    pub id: String,
    /// The rest of it.
    #[serde(flatten)]
    pub module: Module,
    /// Its levels, best first.
    pub tcb_levels: Vec<IsvLevel>,
}

/// A level of an enclave or module, by its security version.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IsvLevel {
    /// The lowest security version at this level.
    pub tcb: IsvSvn,
    /// The date of the newest update in it.
    #[serde(deserialize_with = "instant")]
    pub tcb_date: Instant,
    /// Its state.
    pub tcb_status: TcbStatus,
    /// What is open at this level.
    #[serde(rename = "advisoryIDs", default)]
    pub advisory_ids: Vec<String>,
}

/// A security version in its wrapper.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct IsvSvn {
    /// The version.
    pub isvsvn: u16,
}

impl TcbInfo {
    /// The TCB infos of a JSON document: an answer of the provisioning service (`tcbInfo` and `signature`), or an object of a
    /// client (`tcb_info`, a text, and `tcb_info_signature`).
    ///
    /// # Errors
    ///
    /// When one of them is damaged.
    pub(crate) fn all_in(text: &str, value: &Value) -> Result<Vec<TcbInfo>, NotCollateral> {
        let documents = Signed::documents(text, value, ["tcbInfo", "tcb_info"], "TCB info")?;
        Ok(documents
            .into_iter()
            .map(|(Signed { text, signature }, content)| TcbInfo {
                text,
                signature,
                content,
            })
            .collect())
    }

    /// Whether it is about trust domains.
    #[must_use]
    pub fn is_tdx(&self) -> bool {
        self.content.id.eq_ignore_ascii_case("TDX")
    }
}

/// A JSON text and the signature over it.
pub(super) struct Signed {
    pub(super) text: String,
    pub(super) signature: Vec<u8>,
}

impl Signed {
    /// The documents of one kind in an answer or an object, by the names of their fields there, with what each says.
    pub(super) fn documents<C: DeserializeOwned>(
        text: &str,
        value: &Value,
        [in_answer, in_object]: [&str; 2],
        kind: &str,
    ) -> Result<Vec<(Signed, C)>, NotCollateral> {
        Self::in_answer(text, value, in_answer)?
            .into_iter()
            .chain(Self::in_object(value, in_object)?)
            .map(|signed| match serde_json::from_str(&signed.text) {
                Ok(content) => Ok((signed, content)),
                Err(error) => Err(NotCollateral(format!("{kind}: {error}"))),
            })
            .collect()
    }

    /// Of an answer of the provisioning service: the exact bytes of the inner object are signed.
    fn in_answer(text: &str, value: &Value, field: &str) -> Result<Option<Signed>, NotCollateral> {
        if value.get(field).is_none() {
            return Ok(None);
        }
        let parts: BTreeMap<&str, &RawValue> =
            serde_json::from_str(text).map_err(|error| NotCollateral(format!("JSON: {error}")))?;
        let Some(inner) = parts.get(field) else {
            return Ok(None);
        };
        Ok(Some(Signed {
            text: inner.get().to_owned(),
            signature: signature(value, "signature", field)?,
        }))
    }

    /// Of an object of a client, which keeps the signed text as a text.
    fn in_object(value: &Value, field: &str) -> Result<Option<Signed>, NotCollateral> {
        let Some(text) = value.get(field).and_then(Value::as_str) else {
            return Ok(None);
        };
        Ok(Some(Signed {
            text: text.to_owned(),
            signature: signature(value, &format!("{field}_signature"), field)?,
        }))
    }
}

fn signature(value: &Value, field: &str, of: &str) -> Result<Vec<u8>, NotCollateral> {
    value
        .get(field)
        .and_then(Value::as_str)
        .and_then(unhex)
        .ok_or_else(|| {
            NotCollateral(format!(
                "`{of}` has no signature in `{field}` (hexadecimal expected)"
            ))
        })
}

fn sgx() -> String {
    "SGX".to_owned()
}

pub(super) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    let text = String::deserialize(deserializer)?;
    Instant::parse(&text).map_err(D::Error::custom)
}

/// Both layouts of security versions.
#[derive(Deserialize)]
struct RawTcb {
    sgxtcbcomponents: Option<Vec<Component>>,
    tdxtcbcomponents: Option<Vec<Component>>,
    pcesvn: u16,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Component {
    svn: u8,
}

impl<'de> Deserialize<'de> for Tcb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawTcb::deserialize(deserializer)?;
        let components = |list: Vec<Component>| {
            let svns: Vec<u8> = list.iter().map(|component| component.svn).collect();
            <[u8; 16]>::try_from(svns).map_err(|svns| {
                D::Error::custom(format!("expected 16 components, found {}", svns.len()))
            })
        };
        let sgx = match raw.sgxtcbcomponents {
            Some(list) => components(list)?,
            // Version 2: sgxtcbcomp01svn to sgxtcbcomp16svn.
            None => {
                let mut svns = [0; 16];
                for (number, svn) in (1..).zip(&mut svns) {
                    let field = format!("sgxtcbcomp{number:02}svn");
                    *svn = raw
                        .rest
                        .get(&field)
                        .and_then(Value::as_u64)
                        .and_then(|svn| u8::try_from(svn).ok())
                        .ok_or_else(|| D::Error::custom(format!("no `{field}`")))?;
                }
                svns
            }
        };
        Ok(Tcb {
            sgx,
            tdx: raw.tdxtcbcomponents.map(components).transpose()?,
            pce_svn: raw.pcesvn,
        })
    }
}
