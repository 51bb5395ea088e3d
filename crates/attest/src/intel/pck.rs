//! The platform's certification key (PCK): what its certificate says of the platform.

use crate::x509::{Certificate, DerError};
use der::asn1::{Any, ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};

/// The SGX extension of a PCK certificate (Intel, "PCK Certificate and Certificate Revocation List Profile", 1.3.5).
const SGX_EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113741.1.13.1");

/// What a PCK certificate says of its platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Platform {
    /// Security versions of the 16 components.
    pub components: [u8; 16],
    /// Security version of the provisioning certification enclave.
    pub pce_svn: u16,
    /// Family, model, stepping and platform: which TCB info applies.
    pub fmspc: [u8; 6],
    /// Which provisioning certification enclave.
    pub pce_id: [u8; 2],
    /// 0 standard, 1 scalable, 2 scalable with integrity (`SGX Type`, an ENUMERATED).
    pub sgx_type: Option<u8>,
    /// The platform's instance, of the Platform CA only.
    pub instance: Option<[u8; 16]>,
    /// Packages may be added and removed.
    pub dynamic: Option<bool>,
    /// Keys are cached by the registration service.
    pub cached_keys: Option<bool>,
    /// Hyper-threading is on.
    pub smt: Option<bool>,
}

impl Platform {
    /// Whether memory is protected against changes: scalable platforms without integrity only encrypt it.
    #[must_use]
    pub fn has_memory_integrity(&self) -> bool {
        matches!(self.sgx_type, Some(0 | 2))
    }

    /// What the certificate says of the set-up, for reading.
    #[must_use]
    pub fn described(&self) -> String {
        let kind = match self.sgx_type {
            Some(0) => "standard".to_owned(),
            Some(1) => "scalable, memory without integrity".to_owned(),
            Some(2) => "scalable, memory with integrity".to_owned(),
            Some(other) => format!("type {other}"),
            None => "type not named".to_owned(),
        };
        let flag = |flag: Option<bool>, yes: &'static str, no: &'static str| {
            flag.map(|flag| if flag { yes } else { no })
        };
        let flags = [
            flag(self.dynamic, "dynamic platform", "static platform"),
            flag(self.cached_keys, "cached keys", "no cached keys"),
            flag(self.smt, "hyper-threading on", "hyper-threading off"),
        ];
        let parts: Vec<&str> = std::iter::once(kind.as_str())
            .chain(flags.into_iter().flatten())
            .collect();
        parts.join("; ")
    }

    /// What a certificate says. `None` where it is no PCK certificate.
    ///
    /// # Errors
    ///
    /// When the extension is damaged or lacks what an appraisal needs.
    pub fn of(certificate: &Certificate) -> Option<Result<Self, DerError>> {
        let value = certificate.extension(&SGX_EXTENSION)?;
        Some(Self::parse(value).map_err(|error| DerError::new("SGX extension", &error)))
    }

    fn parse(value: &[u8]) -> der::Result<Self> {
        let mut platform = Platform::default();
        let (mut has_components, mut has_fmspc, mut has_pce_id) = (0, false, false);
        for (oid, value) in entries(value)? {
            match last_arcs(&oid).as_slice() {
                [.., 1, 2] => {
                    for (oid, value) in entries(value.value()).or_else(|_| entries_of(&value))? {
                        match last_arcs(&oid).as_slice() {
                            [.., 2, number @ 1..=16] => {
                                let at = usize::try_from(*number).unwrap_or_default();
                                if let Some(component) = platform.components.get_mut(at - 1) {
                                    *component = value.decode_as()?;
                                    has_components += 1;
                                }
                            }
                            [.., 2, 17] => platform.pce_svn = value.decode_as()?,
                            _ => {}
                        }
                    }
                }
                [.., 1, 3] => {
                    platform.pce_id = octets(&value)?;
                    has_pce_id = true;
                }
                [.., 1, 4] => {
                    platform.fmspc = octets(&value)?;
                    has_fmspc = true;
                }
                [.., 1, 5] => platform.sgx_type = Some(enumerated(&value)?),
                [.., 1, 6] => platform.instance = Some(octets(&value)?),
                [.., 1, 7] => {
                    for (oid, value) in entries_of(&value)? {
                        let flag = value.decode_as::<bool>().ok();
                        match last_arcs(&oid).as_slice() {
                            [.., 7, 1] => platform.dynamic = flag,
                            [.., 7, 2] => platform.cached_keys = flag,
                            [.., 7, 3] => platform.smt = flag,
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        if has_components == 16 && has_fmspc && has_pce_id {
            Ok(platform)
        } else {
            Err(Tag::Sequence.value_error().into())
        }
    }
}

/// The pairs of a sequence of (object identifier, value), from its DER bytes.
fn entries(bytes: &[u8]) -> der::Result<Vec<(ObjectIdentifier, Any)>> {
    let outer = Any::from_der(bytes)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    entries_of(&outer)
}

/// The pairs inside a sequence.
fn entries_of(sequence: &Any) -> der::Result<Vec<(ObjectIdentifier, Any)>> {
    sequence.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(sequence.value())?;
    let mut pairs = Vec::new();
    while !reader.is_finished() {
        let pair = Any::decode(&mut reader)?;
        pair.tag().assert_eq(Tag::Sequence)?;
        let mut inner = SliceReader::new(pair.value())?;
        pairs.push((
            ObjectIdentifier::decode(&mut inner)?,
            Any::decode(&mut inner)?,
        ));
    }
    Ok(pairs)
}

fn last_arcs(oid: &ObjectIdentifier) -> Vec<u32> {
    oid.arcs().collect()
}

fn octets<const N: usize>(value: &Any) -> der::Result<[u8; N]> {
    let octets = value.decode_as::<&OctetStringRef>()?;
    octets
        .as_bytes()
        .try_into()
        .map_err(|_| Tag::OctetString.length_error().into())
}

/// An ENUMERATED of one byte.
fn enumerated(value: &Any) -> der::Result<u8> {
    value.tag().assert_eq(Tag::Enumerated)?;
    match value.value() {
        [number] => Ok(*number),
        _ => Err(Tag::Enumerated.length_error().into()),
    }
}
