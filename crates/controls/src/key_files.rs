//! Files of keys by their bytes: keytabs and key stores. Only those that hold something secret count.

/// What the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFile {
    /// A Kerberos keytab.
    Keytab,
    /// A key store of Java or PKCS#12 with a private or secret key. Stores of certificates alone are none.
    KeyStore,
}

/// Entries that are looked at in a store.
const MOST_ENTRIES: u32 = 4096;
/// `pkcs-12-keyBag` and `pkcs-12-pkcs8ShroudedKeyBag` (RFC 7292, appendix D), up to the last number.
const KEY_BAGS: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];

/// What the bytes are, if they are a file of keys.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<KeyFile> {
    // MIT krb5 keytab file format: 5, then version 1 or 2.
    if matches!(bytes, [5, 1 | 2, _, _, _, _, ..]) {
        return Some(KeyFile::Keytab);
    }
    let holds_key = match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => java_store_holds_key(bytes)?,
        [0x30, 0x80..=0x84, ..] => pkcs12_holds_key(bytes),
        _ => false,
    };
    holds_key.then_some(KeyFile::KeyStore)
}

/// JKS and JCEKS (`sun.security.provider.JavaKeyStore`): magic, version, count, then entries with a tag: 1 is a private key,
/// 2 a certificate, 3 a secret key.
fn java_store_holds_key(bytes: &[u8]) -> Option<bool> {
    let mut reader = Reader(bytes.get(4..)?);
    let version = reader.u32()?;
    let count = reader.u32()?.min(MOST_ENTRIES);
    for _ in 0..count {
        if reader.u32()? != 2 {
            return Some(true);
        }
        let alias = reader.u16()?;
        reader.skip(usize::from(alias) + 8)?;
        if version == 2 {
            let kind = reader.u16()?;
            reader.skip(usize::from(kind))?;
        }
        let certificate = reader.u32()?;
        reader.skip(usize::try_from(certificate).ok()?)?;
    }
    Some(false)
}

/// Bags of keys stand in clear in the outer structure of PKCS#12; what they hold is encrypted.
fn pkcs12_holds_key(bytes: &[u8]) -> bool {
    bytes
        .windows(KEY_BAGS.len() + 1)
        .any(|window| window.starts_with(&KEY_BAGS) && matches!(window.last(), Some(1 | 2)))
}

struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn u32(&mut self) -> Option<u32> {
        let (head, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*head))
    }

    fn u16(&mut self) -> Option<u16> {
        let (head, rest) = self.0.split_first_chunk::<2>()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*head))
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.0 = self.0.get(length..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{KEY_BAGS, KeyFile, recognise};

    fn jks(tag: u8) -> Vec<u8> {
        let mut bytes = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 2];
        bytes.extend([0, 0, 0, 2, 0, 2, b'c', b'a']);
        bytes.extend([0; 8]);
        bytes.extend([0, 5, b'X', b'.', b'5', b'0', b'9', 0, 0, 0, 1, 0]);
        bytes.extend([0, 0, 0, tag, 0, 1, b'k']);
        bytes.extend([0; 8]);
        bytes.extend([0, 5, b'X', b'.', b'5', b'0', b'9', 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn files_of_keys_by_their_bytes() {
        assert_eq!(recognise(&[5, 2, 0, 0, 0, 0x40, 0]), Some(KeyFile::Keytab));
        assert_eq!(recognise(&jks(1)), Some(KeyFile::KeyStore));
        let mut pkcs12 = vec![0x30, 0x82, 1, 1, 2, 1, 3];
        assert_eq!(recognise(&pkcs12), None);
        pkcs12.extend(KEY_BAGS);
        pkcs12.push(2);
        assert_eq!(recognise(&pkcs12), Some(KeyFile::KeyStore));
    }

    #[test]
    fn certificates_and_broken_stores_are_none() {
        assert_eq!(recognise(&jks(2)), None);
        assert_eq!(
            recognise(&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff]),
            None
        );
        assert_eq!(recognise(b""), None);
        assert_eq!(recognise(b"plain text"), None);
    }
}
