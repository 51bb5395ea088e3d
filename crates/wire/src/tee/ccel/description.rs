//! What an event says it is, on one line.
//!
//! Structures: TCG PC Client Platform Firmware Profile 1.06, section 10 (`UEFI_VARIABLE_DATA`, `UEFI_IMAGE_LOAD_EVENT`,
//! `UEFI_PLATFORM_FIRMWARE_BLOB2`, `UEFI_HANDOFF_TABLE_POINTERS2`); UEFI 2.10, section 10.3 (device paths). Where data is not
//! what its type promises, the description is empty: the digest decides, not the words.

use super::EventType;
use crate::bytes::{Cursor, Error};

/// The most characters of a description. The longest real ones are the kernel's command lines.
const LONGEST: usize = 2048;

pub(super) fn of(kind: EventType, data: &[u8]) -> String {
    let described = match kind.0 {
        0x01 | 0x05 | 0x08 | 0x0a | 0x0d | 0x8000_0007 => Ok(ascii(data)),
        0x04 => Ok(String::new()),
        0x8000_0001 | 0x8000_0002 | 0x8000_000c | 0x8000_00e0 => variable(data),
        0x8000_0003..=0x8000_0005 => image(data),
        0x8000_000a | 0x8000_000b => counted(data),
        _ => Ok(String::new()),
    };
    described.unwrap_or_default()
}

/// What producers hash: mostly all data. GRUB hashes its texts without the words before the colon and without the zero byte
/// behind; firmware hashes boot variables without their names (Profile 1.06, table "Events", `EV_EFI_VARIABLE_BOOT`).
pub(super) fn hashed(kind: EventType, data: &[u8]) -> Vec<&[u8]> {
    let mut parts = vec![data];
    if kind == EventType::IPL {
        let text = data.strip_suffix(&[0]).unwrap_or(data);
        let colon = text.windows(2).position(|pair| pair == b": ");
        parts.extend(colon.and_then(|at| text.get(at + 2..)));
    }
    if kind.0 == 0x8000_0002 {
        parts.extend(variable_value(data).ok());
    }
    parts
}

fn variable_value(data: &[u8]) -> Result<&[u8], Error> {
    let mut cursor = Cursor::new(data);
    variable_name(&mut cursor)?;
    Ok(cursor.rest())
}

/// Text up to its zero byte; what is not printable becomes a dot.
fn ascii(data: &[u8]) -> String {
    let text = data.split(|byte| *byte == 0).next().unwrap_or_default();
    printable(String::from_utf8_lossy(text).chars())
}

/// The name of a UEFI variable.
fn variable(data: &[u8]) -> Result<String, Error> {
    variable_name(&mut Cursor::new(data)).map(utf16)
}

fn variable_name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Error> {
    cursor.take(16, "variable namespace")?;
    let units = cursor.u64_le("variable name length")?;
    cursor.u64_le("variable data length")?;
    let length = usize::try_from(units).unwrap_or(usize::MAX);
    cursor.take(length.saturating_mul(2), "variable name")
}

/// The path of an image's file on its partition.
fn image(data: &[u8]) -> Result<String, Error> {
    const MEDIA: u8 = 4;
    const FILE_PATH: u8 = 4;
    let mut cursor = Cursor::new(data);
    cursor.take(24, "image location and size")?;
    let length = usize::try_from(cursor.u64_le("device path length")?).unwrap_or(usize::MAX);
    let mut path = cursor.part(length, "device path")?;
    let mut file = String::new();
    while !path.rest().is_empty() {
        let kind = path.u8("device path type")?;
        let subtype = path.u8("device path subtype")?;
        // The length counts its own four bytes, so every turn moves on.
        let length = usize::from(path.u16_le("device path node length")?);
        let node = path.take(length.saturating_sub(4), "device path node")?;
        if (kind, subtype) == (MEDIA, FILE_PATH) {
            file.push_str(&utf16(node));
        }
    }
    Ok(file)
}

/// A description with its length before it.
fn counted(data: &[u8]) -> Result<String, Error> {
    let mut cursor = Cursor::new(data);
    let length = usize::from(cursor.u8("description length")?);
    Ok(ascii(cursor.take(length, "description")?))
}

fn utf16(bytes: &[u8]) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().copied().map(u16::from_le_bytes);
    let units = units.take_while(|unit| *unit != 0);
    printable(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')))
}

fn printable(characters: impl Iterator<Item = char>) -> String {
    characters
        .take(LONGEST)
        .map(|character| match character {
            '\n' | '\t' => ' ',
            control if control.is_control() => '.',
            other => other,
        })
        .collect()
}
