//! What an endorsement key's certificate says of chip and firmware (AMD 57230, table X.509 extensions).

use crate::x509::Certificate;
use der::Decode;
use der::asn1::{Ia5String, ObjectIdentifier, OctetStringRef};
use std::fmt;
use wire::tee::snp::{Product, Tcb, TcbLayout};

const PRODUCT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.2");
const BOOTLOADER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.1");
const TEE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.2");
const SNP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.3");
const SPARE_4: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.4");
const SPARE_5: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.5");
const SPARE_6: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.6");
const SPARE_7: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.7");
const MICROCODE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.8");
const FMC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.3.9");
const HARDWARE_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.4");
const PROVIDER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.3704.1.5");

/// What the certificate vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyExtension {
    /// The product line.
    pub(super) product: Product,
    /// The firmware's versions, laid out as in reports of the product.
    pub(super) tcb: Tcb,
    /// Whose key it is.
    pub(super) owner: Owner,
}

/// Whose key an endorsement key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A chip's (VCEK), by its hwID.
    Chip(Box<[u8]>),
    /// A provider's (VLEK), by its name.
    Provider(Box<str>),
}

/// Why a certificate is no endorsement key's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotEndorsement(String);

impl fmt::Display for NotEndorsement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a certificate is meant to be an endorsement key's: authorities carry none of AMD's extensions.
pub(super) fn is_endorsement(certificate: &Certificate) -> bool {
    certificate.extension(&PRODUCT_NAME).is_some() || certificate.extension(&BOOTLOADER).is_some()
}

/// The chip that a certificate names, without reading the rest.
pub(super) fn hardware_id(certificate: &Certificate) -> Option<&[u8]> {
    let value = certificate.extension(&HARDWARE_ID)?;
    // Older certificates hold the bytes themselves, newer ones an OCTET STRING with them.
    if matches!(value.len(), 8 | 64) {
        return Some(value);
    }
    let inner = <&OctetStringRef>::from_der(value).ok()?.as_bytes();
    matches!(inner.len(), 8 | 64).then_some(inner)
}

impl KeyExtension {
    /// Reads the extensions.
    pub(super) fn of(certificate: &Certificate) -> Result<Self, NotEndorsement> {
        let name = &text(certificate, PRODUCT_NAME, "product name")?;
        let product = Product::of_name(name)
            .ok_or_else(|| NotEndorsement(format!("the product \"{name}\" is not known here")))?;
        let components: [(ObjectIdentifier, &'static str); 8] = match product.tcb_layout() {
            TcbLayout::BootloaderFirst => [
                (BOOTLOADER, "bootloader"),
                (TEE, "tee"),
                (SPARE_4, "spl4"),
                (SPARE_5, "spl5"),
                (SPARE_6, "spl6"),
                (SPARE_7, "spl7"),
                (SNP, "snp"),
                (MICROCODE, "microcode"),
            ],
            TcbLayout::FmcFirst => [
                (FMC, "fmc"),
                (BOOTLOADER, "bootloader"),
                (TEE, "tee"),
                (SNP, "snp"),
                (SPARE_5, "spl5"),
                (SPARE_6, "spl6"),
                (SPARE_7, "spl7"),
                (MICROCODE, "microcode"),
            ],
        };
        let mut tcb = [0; 8];
        for (to, (oid, name)) in tcb.iter_mut().zip(components) {
            *to = number(certificate, oid, name)?;
        }
        let owner = match (hardware_id(certificate), certificate.extension(&PROVIDER)) {
            (Some(chip), None) => Owner::Chip(chip.into()),
            (None, Some(_)) => Owner::Provider(text(certificate, PROVIDER, "provider")?.into()),
            (Some(_), Some(_)) => {
                return Err(NotEndorsement("it names a chip and a provider".to_owned()));
            }
            (None, None) => {
                return Err(NotEndorsement(
                    "it names neither a chip (hwID) nor a provider".to_owned(),
                ));
            }
        };
        Ok(KeyExtension {
            product,
            tcb: Tcb(tcb),
            owner,
        })
    }
}

fn number(
    certificate: &Certificate,
    oid: ObjectIdentifier,
    name: &str,
) -> Result<u8, NotEndorsement> {
    let value = certificate
        .extension(&oid)
        .ok_or_else(|| NotEndorsement(format!("its extension {oid} ({name}) is missing")))?;
    // Numbers from 128 on take two bytes in DER; the decoder knows.
    u8::from_der(value)
        .map_err(|error| NotEndorsement(format!("its extension {oid} ({name}): {error}")))
}

fn text(
    certificate: &Certificate,
    oid: ObjectIdentifier,
    name: &str,
) -> Result<String, NotEndorsement> {
    let value = certificate
        .extension(&oid)
        .ok_or_else(|| NotEndorsement(format!("its extension {oid} ({name}) is missing")))?;
    Ia5String::from_der(value)
        .map(|text| text.as_str().to_owned())
        .map_err(|error| NotEndorsement(format!("its extension {oid} ({name}): {error}")))
}
