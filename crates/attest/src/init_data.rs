//! Init data of confidential pods: what the host hands to the guest, and what the hardware holds of it.
//!
//! Rules: kata-types, `initdata.rs`. The digest is that of the TOML text as it stands, cut or filled with zeros to the length
//! of the field that holds it.

use crate::base64;
use crate::crypto::{sha256, sha384, sha512};
use flate2::read::GzDecoder;
use serde::Deserialize;
use std::fmt;
use std::io::Read;

/// The most bytes that an annotation may unpack to. Policies take tens of kilobytes.
const MOST: u64 = 1 << 20;

/// Where hardware holds the digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// MRCONFIGID of a TDX trust domain: 48 bytes.
    MrConfigId,
    /// HOST_DATA of a SEV-SNP guest: 32 bytes.
    HostData,
}

impl Field {
    /// Its length in bytes.
    #[must_use]
    pub fn length(self) -> usize {
        match self {
            Field::MrConfigId => 48,
            Field::HostData => 32,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Field::MrConfigId => "MRCONFIGID",
            Field::HostData => "HOST_DATA",
        })
    }
}

/// The part of init data that its digest depends on.
#[derive(Deserialize)]
struct InitData {
    algorithm: String,
}

/// The text inside the annotation `io.katacontainers.config.hypervisor.cc_init_data`: base64 of gzip.
///
/// # Errors
///
/// When it is neither, or unpacks to more than a mebibyte.
pub fn unpack(annotation: &str) -> Result<String, String> {
    let packed = base64::decode(annotation.trim()).ok_or("not base64")?;
    let mut text = Vec::new();
    GzDecoder::new(packed.as_slice())
        .take(MOST + 1)
        .read_to_end(&mut text)
        .map_err(|error| format!("not gzip: {error}"))?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MOST) {
        return Err(format!("unpacks to more than {MOST} bytes"));
    }
    String::from_utf8(text).map_err(|error| format!("not text: {error}"))
}

/// The digest of init data by the algorithm that it names, as a field holds it.
///
/// # Errors
///
/// When the text is no TOML, names no algorithm, or one that is not known.
pub fn digest(text: &str, field: Field) -> Result<Vec<u8>, String> {
    let init_data: InitData = toml::from_str(text).map_err(|error| error.to_string())?;
    let bytes = text.as_bytes();
    let mut digest = match init_data.algorithm.as_str() {
        "sha256" => sha256(bytes).to_vec(),
        "sha384" => sha384(bytes).to_vec(),
        "sha512" => sha512(bytes).to_vec(),
        other => {
            return Err(format!(
                "algorithm `{other}`, expected sha256, sha384 or sha512"
            ));
        }
    };
    digest.resize(field.length(), 0);
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> String {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        base64::encode(&encoder.finish().unwrap())
    }

    const TEXT: &str = "version = \"0.1.0\"\nalgorithm = \"sha384\"\n[data]\n";

    #[test]
    fn unpacks_what_kata_packs() {
        assert_eq!(unpack(&packed(TEXT.as_bytes())).as_deref(), Ok(TEXT));
        assert!(unpack("*").is_err());
        assert!(unpack(&base64::encode(b"plain")).is_err());
        assert!(unpack(&packed(&[0xff, 0xfe])).is_err());
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = packed(&vec![b'a'; 4 << 20]);
        assert!(bomb.len() < 16 << 10);
        assert_eq!(
            unpack(&bomb),
            Err("unpacks to more than 1048576 bytes".to_owned())
        );
        let largest = "a".repeat(1 << 20);
        assert_eq!(unpack(&packed(largest.as_bytes())), Ok(largest));
    }

    #[test]
    fn digests_are_cut_and_filled_to_the_field() {
        let whole = sha384(TEXT.as_bytes());
        assert_eq!(digest(TEXT, Field::MrConfigId), Ok(whole.to_vec()));
        assert_eq!(digest(TEXT, Field::HostData), Ok(whole[..32].to_vec()));
        let shorter = TEXT.replace("sha384", "sha256");
        let filled = [sha256(shorter.as_bytes()).as_slice(), &[0; 16]].concat();
        assert_eq!(digest(&shorter, Field::MrConfigId), Ok(filled));
        let longer = TEXT.replace("sha384", "sha512");
        let cut = sha512(longer.as_bytes())[..48].to_vec();
        assert_eq!(digest(&longer, Field::MrConfigId), Ok(cut));
    }

    #[test]
    fn text_without_a_known_algorithm_has_no_digest() {
        assert!(digest("version = \"0.1.0\"", Field::HostData).is_err());
        assert!(digest("algorithm = \"md5\"", Field::HostData).is_err());
        assert!(digest("not toml", Field::HostData).is_err());
    }
}
