//! What a device certificate says of the firmware that holds its key.

use crate::x509::Certificate;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode, Reader, SliceReader};

/// The extension. TCG later gave its number to `DiceTcbInfo`; NVIDIA's certificates still hold the structure that it had
/// before, `CompositeDeviceID` of Microsoft's RIoT (version, key of the layer below, firmware identity).
const EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.5.4.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");

/// What the boot ROM measured and signed when it issued the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DeviceIdentity {
    /// The key of the layer below, a `SubjectPublicKeyInfo`: it must be that of the issuer.
    pub(super) device_key: Vec<u8>,
    /// SHA-384 of the firmware.
    pub(super) firmware: Vec<u8>,
}

/// Reads the extension of a certificate. `None` without one; an error where it is not as expected.
pub(super) fn of(certificate: &Certificate) -> Option<Result<DeviceIdentity, der::Error>> {
    certificate.extension(&EXTENSION).map(parse)
}

fn parse(bytes: &[u8]) -> Result<DeviceIdentity, der::Error> {
    let mut reader = SliceReader::new(bytes)?;
    let identity = reader.sequence(|reader| {
        let _version = u8::decode(reader)?;
        let device_key = reader.tlv_bytes()?.to_vec();
        let firmware = reader.sequence(|reader| {
            let algorithm = ObjectIdentifier::decode(reader)?;
            if algorithm != SHA384 {
                return Err(der::ErrorKind::OidUnknown { oid: algorithm }.into());
            }
            <&OctetStringRef>::decode(reader).map(|digest| digest.as_bytes().to_vec())
        })?;
        Ok::<_, der::Error>(DeviceIdentity {
            device_key,
            firmware,
        })
    })?;
    reader.finish()?;
    Ok(identity)
}
