//! What a device says of itself beside its measurements: numbered fields, each with its length.

use crate::bytes::{Cursor, Error, Problem};
use std::fmt;

/// The number of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldKind(pub u16);

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpaqueField<'a> {
    /// What it is.
    pub kind: FieldKind,
    /// Its bytes.
    pub value: &'a [u8],
}

impl FieldKind {
    /// The driver's version: text, closed by a zero byte. GPUs only.
    pub const DRIVER_VERSION: FieldKind = FieldKind(3);
    /// The firmware's version: eight bytes on GPUs, text on switches.
    pub const VBIOS_VERSION: FieldKind = FieldKind(6);
    /// Whether the video decoder is part of what is measured: 0xaa yes, 0x55 no.
    pub const NVDEC0_STATUS: FieldKind = FieldKind(11);
    /// The board's number.
    pub const BOARD_ID: FieldKind = FieldKind(14);
    /// The product's number: with the next ones it names the reference manifest of the firmware.
    pub const CHIP_SKU: FieldKind = FieldKind(15);
    /// The project's number.
    pub const PROJECT: FieldKind = FieldKind(17);
    /// The project's product number.
    pub const PROJECT_SKU: FieldKind = FieldKind(18);
    /// The identity of the firmware that holds the signing key: SHA-384, as in the leaf certificate.
    pub const FIRMWARE_ID: FieldKind = FieldKind(20);
    /// Whether the links between GPUs and switches are protected (multi-GPU mode): 0xaa yes, 0x55 no.
    pub const PROTECTED_PCIE_STATUS: FieldKind = FieldKind(21);
    /// Device identifiers: the device's own on a switch, those of its switches on a GPU.
    pub const DEVICE_PDI: FieldKind = FieldKind(22);
    /// Where a switch sits.
    pub const SWITCH_POSITION_ID: FieldKind = FieldKind(24);
    /// Whether a switch is locked.
    pub const SWITCH_LOCK_STATUS: FieldKind = FieldKind(25);
    /// The GPUs at a switch and the ports they hang off.
    pub const SWITCH_GPU_PDIS: FieldKind = FieldKind(26);
    /// The chip's name, on generations whose drivers differ by chip: `GB100`.
    pub const CHIP_INFO: FieldKind = FieldKind(35);
    /// How the GPU is passed to the guest: 0 alone, 1 several, 2 with protected PCIe.
    pub const FEATURE_FLAG: FieldKind = FieldKind(36);

    /// NVIDIA's name for it; `UNKNOWN` where neither verifier of nvtrust names the number.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            1 => "CERT_ISSUER_NAME",
            2 => "CERT_AUTHORITY_KEY_IDENTIFIER",
            3 => "DRIVER_VERSION",
            4 => "GPU_INFO",
            5 => "SKU",
            6 => "VBIOS_VERSION",
            7 => "MANUFACTURER_ID",
            8 => "TAMPER_DETECTION",
            9 => "SMC",
            10 => "VPR",
            11 => "NVDEC0_STATUS",
            12 => "MSRSCNT",
            13 => "CPRINFO",
            14 => "BOARD_ID",
            15 => "CHIP_SKU",
            16 => "CHIP_SKU_MOD",
            17 => "PROJECT",
            18 => "PROJECT_SKU",
            19 => "PROJECT_SKU_MOD",
            20 => "FWID",
            21 => "PROTECTED_PCIE_STATUS",
            22 => "DEVICE_PDI",
            23 => "DISABLED_PORTS",
            24 => "SWITCH_POSITION_ID",
            25 => "SWITCH_LOCK_STATUS",
            26 => "SWITCH_GPU_PDIS",
            32 => "GPU_LINK_CONN",
            33 => "SYS_ENABLE_STATUS",
            34 => "OPAQUE_DATA_VERSION",
            35 => "CHIP_INFO",
            36 => "FEATURE_FLAG",
            _ => "UNKNOWN",
        }
    }

    /// Whether its value is text.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self.0, 3 | 15..=18 | 35)
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.0)
    }
}

/// The fields of the opaque part.
pub(super) fn fields(mut cursor: Cursor<'_>) -> Result<Vec<OpaqueField<'_>>, Error> {
    // Each takes four bytes at least, and all of them together at most 65,535.
    let mut found: Vec<OpaqueField<'_>> = Vec::new();
    while !cursor.rest().is_empty() {
        let at = cursor.clone();
        let kind = FieldKind(cursor.u16_le("opaque field type")?);
        if found.iter().any(|earlier| earlier.kind == kind) {
            return Err(at.error(
                "opaque field type",
                Problem::Malformed("the type stands twice"),
            ));
        }
        let length = usize::from(cursor.u16_le("opaque field length")?);
        let value = cursor.take(length, "opaque field")?;
        found.push(OpaqueField { kind, value });
    }
    Ok(found)
}

/// Text up to its zero bytes. `None` where it is none, or could not be shown as it stands.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim_end_matches('\0');
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() || byte == b' ')
        .then_some(text)
}

/// Four bytes from the last to the first, then the fifth (GPUs); or text (switches).
pub(super) fn vbios_version(bytes: &[u8]) -> Option<String> {
    if let [a, b, c, d, e, _, _, _] = bytes {
        return Some(format!("{d:02X}.{c:02X}.{b:02X}.{a:02X}.{e:02X}"));
    }
    text(bytes).map(str::to_owned)
}

impl OpaqueField<'_> {
    /// The value for reading: text, a version, or hexadecimal.
    #[must_use]
    pub fn shown(&self) -> String {
        let as_text = self.kind.is_text().then(|| text(self.value)).flatten();
        let as_version = (self.kind == FieldKind::VBIOS_VERSION)
            .then(|| vbios_version(self.value))
            .flatten();
        as_text
            .map(str::to_owned)
            .or(as_version)
            .unwrap_or_else(|| {
                use fmt::Write as _;
                self.value.iter().fold(String::new(), |mut digits, byte| {
                    // Writing to a string cannot fail.
                    let _ = write!(digits, "{byte:02x}");
                    digits
                })
            })
    }
}
