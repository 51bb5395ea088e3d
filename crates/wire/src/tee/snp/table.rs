//! The certificate table of an extended report (AMD 56421, SNP Extended Guest Request).

use crate::bytes::{Cursor, Error, Problem};
use std::fmt;

/// The name of an entry, in the order in which it is written down.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guid(pub [u8; 16]);

impl Guid {
    /// The root key's certificate.
    pub const ARK: Guid = Guid(0xc0b406a4_a803_4952_9743_3fb6014cd0ae_u128.to_be_bytes());
    /// The certificate of the key that signs VCEKs or VLEKs.
    pub const ASK: Guid = Guid(0x4ab7b379_bbac_4fe4_a02f_05aef327c782_u128.to_be_bytes());
    /// The certificate of chip and firmware versions.
    pub const VCEK: Guid = Guid(0x63da758d_e664_4564_adc5_f4b93be8accd_u128.to_be_bytes());
    /// The certificate of a provider and firmware versions.
    pub const VLEK: Guid = Guid(0xa8074bc2_a25a_483e_aae6_39c045a0b8a1_u128.to_be_bytes());
    /// A revocation list.
    pub const CRL: Guid = Guid(0x92f81bc3_5811_4d3d_97ff_d19f88dc67ea_u128.to_be_bytes());
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What it is.
    pub guid: Guid,
    /// Its content: DER for the names above.
    pub content: &'a [u8],
}

/// A certificate table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateTable<'a> {
    /// The entries, in order.
    pub entries: Vec<Entry<'a>>,
}

impl<'a> CertificateTable<'a> {
    /// Entries that are read. AMD names five; providers add one or two.
    const MOST: usize = 32;

    /// Reads a table. Offsets count from its start; the list ends with an entry of zeros, or with the bytes.
    ///
    /// # Errors
    ///
    /// When an entry lies outside of the bytes or inside of the list, or there are more than 32.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut at = Cursor::new(bytes);
        let mut places = Vec::new();
        while !at.rest().is_empty() {
            let start = at.offset();
            let guid = Guid(*at.array("entry name")?);
            let offset = at.length_le("entry offset")?;
            let length = at.length_le("entry length")?;
            if guid.0 == [0; 16] && offset == 0 && length == 0 {
                break;
            }
            if places.len() == Self::MOST {
                return Err(Error {
                    field: "certificate table",
                    offset: start,
                    problem: Problem::Malformed("more than 32 entries"),
                });
            }
            places.push((start, guid, offset, length));
        }
        let list = at.position();
        let entries = places.into_iter().map(|(start, guid, offset, length)| {
            let content = offset
                .checked_add(length)
                .filter(|_| offset >= list)
                .and_then(|end| bytes.get(offset..end));
            content.map(|content| Entry { guid, content }).ok_or(Error {
                field: "entry offset",
                offset: start + 16,
                problem: Problem::Malformed("the entry's content lies outside of the table"),
            })
        });
        Ok(CertificateTable {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(guid: Guid, offset: u32, length: u32) -> Vec<u8> {
        let mut bytes = guid.0.to_vec();
        bytes.extend(offset.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        bytes
    }

    #[test]
    fn reads_entries_up_to_the_zero_one() {
        let mut bytes = entry(Guid::VCEK, 72, 2);
        bytes.extend(entry(Guid::ASK, 74, 1));
        bytes.extend([0; 24]);
        bytes.extend(*b"abc");
        let table = CertificateTable::parse(&bytes).expect("a table");
        let found: Vec<_> = table
            .entries
            .iter()
            .map(|entry| (entry.guid.to_string(), entry.content))
            .collect();
        let expected = [
            (
                "63da758d-e664-4564-adc5-f4b93be8accd".to_owned(),
                &b"ab"[..],
            ),
            ("4ab7b379-bbac-4fe4-a02f-05aef327c782".to_owned(), &b"c"[..]),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn entries_outside_or_inside_of_the_list_are_refused() {
        for (offset, length) in [(0, 4), (47, 1), (48, 5), (u32::MAX, u32::MAX)] {
            let mut bytes = entry(Guid::ARK, offset, length);
            bytes.extend([0; 24]);
            bytes.extend(*b"abcd");
            assert!(
                CertificateTable::parse(&bytes).is_err(),
                "{offset} {length}"
            );
        }
        let many: Vec<u8> = (0..40).flat_map(|_| entry(Guid::ARK, 960, 0)).collect();
        assert!(CertificateTable::parse(&many).is_err());
        assert!(CertificateTable::parse(&[1; 23]).is_err());
    }

    #[test]
    fn no_changed_byte_makes_it_panic_or_loop() {
        let mut bytes = entry(Guid::VCEK, 72, 2);
        bytes.extend(entry(Guid::ASK, 74, 1));
        bytes.extend([0; 24]);
        bytes.extend(*b"abc");
        for at in 0..bytes.len() {
            for value in 0..=u8::MAX {
                let kept = std::mem::replace(&mut bytes[at], value);
                let parsed = CertificateTable::parse(&bytes);
                assert_eq!(parsed, CertificateTable::parse(&bytes));
                bytes[at] = kept;
            }
        }
    }
}
