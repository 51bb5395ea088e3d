//! The file of `--encryption-provider-config`, read and resolved exactly as the API server does it.
//!
//! Sources: k8s.io/apiserver 1.37 (24a394e5), pkg/server/options/encryptionconfig/config.go, pkg/apis/apiserver/validation/
//! validation_encryption.go, pkg/apis/apiserver/v1; confirmed against kube-apiserver 1.37.2 with 80 files.
//!
//! The API server reads only the FIRST document of the file. Whoever reads a file with several passes the first one.

pub mod base64;
mod decode;
mod duration;
mod kms;
mod names;
mod resolve;
mod validate;

#[cfg(test)]
mod captured_cases;
#[cfg(test)]
mod cases;

use super::object::Object;
use model::{Place, Release};

pub use super::refusal::Refusal;
pub use names::ResourceName;
pub use resolve::ProviderRef;

/// An encryption configuration that the API server would load.
#[derive(Debug)]
pub struct Encryption {
    /// The entries of `resources`, in order.
    pub entries: Vec<Entry>,
    /// What makes some releases, or some flags, refuse it all the same.
    pub notes: Vec<Note>,
}

/// One entry of `resources`.
#[derive(Debug)]
pub struct Entry {
    /// The entry.
    pub place: Place,
    /// What it covers.
    pub resources: Vec<ResourceName>,
    /// Its providers: the first one writes, all of them read.
    pub providers: Vec<Provider>,
}

/// One element of `providers`.
#[derive(Debug)]
pub struct Provider {
    /// Which provider.
    pub kind: ProviderKind,
    /// The keys of a local provider: the first one writes, all of them read. Empty for identity and KMS.
    pub keys: Vec<Key>,
    /// The provider's name and settings.
    pub place: Place,
}

/// The providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// Leaves objects as they are.
    Identity,
    /// AES-CBC with PKCS#7 padding: no integrity, not bound to the row.
    AesCbc,
    /// AES-GCM with a local key; the row's etcd key is authenticated too.
    AesGcm,
    /// XSalsa20 and Poly1305 with a local key; not bound to the row.
    Secretbox,
    /// A key management service behind a Unix socket.
    Kms {
        /// The protocol's version.
        version: KmsVersion,
        /// Its name, which stands in the prefix of every row.
        name: Box<str>,
        /// The socket.
        endpoint: Box<str>,
        /// Where the version is given; `None` where the default v1 counts.
        version_place: Option<Place>,
    },
}

/// Versions of the KMS protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KmsVersion {
    /// Deprecated in 1.28, off by default from 1.29. The default of `apiVersion`.
    V1,
    /// The current one.
    V2,
}

/// A key of a local provider. Its value is not in here.
#[derive(Debug)]
pub struct Key {
    /// Its name, which stands in the prefix of every row; may hold a colon.
    pub name: Box<str>,
    /// Where the name stands.
    pub name_place: Place,
    /// Where the value stands.
    pub secret_place: Place,
    /// How many bytes the key has; `None` where the value is a placeholder that an installer fills in.
    pub length: Option<usize>,
}

/// Something that only some releases or flags refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// When it is refused.
    pub condition: Condition,
    /// The field.
    pub place: Place,
}

/// When a [`Note`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A KMSv1 provider while neither the release nor the gate is known: this release and later ones refuse it unless the
    /// feature gate KMSv1 is on.
    RefusedFrom(Release),
    /// A KMSv1 provider that works here, by release or by gate, and is deprecated.
    Deprecated,
    /// A KMSv1 provider whose name another provider has: refused with `--encryption-provider-config-automatic-reload`.
    RefusedWithReload,
}

impl ProviderKind {
    /// The word in the file: `aescbc`, `kms`, ...
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            ProviderKind::Identity => "identity",
            ProviderKind::AesCbc => "aescbc",
            ProviderKind::AesGcm => "aesgcm",
            ProviderKind::Secretbox => "secretbox",
            ProviderKind::Kms { .. } => "kms",
        }
    }

    /// Whether rows written by it are encrypted.
    #[must_use]
    pub fn encrypts(&self) -> bool {
        *self != ProviderKind::Identity
    }

    /// Whether its key stands in the file itself.
    #[must_use]
    pub fn has_local_key(&self) -> bool {
        matches!(
            self,
            ProviderKind::AesCbc | ProviderKind::AesGcm | ProviderKind::Secretbox
        )
    }
}

/// Whether an object is an encryption configuration, in its current or its legacy form (`EncryptionConfig` of `v1`, which
/// every release still takes: pkg/apis/apiserver/v1/register.go). An object of a wrong version counts too; [`load`] refuses it.
#[must_use]
pub fn is_encryption_configuration(object: &Object) -> bool {
    &*object.kind == "EncryptionConfiguration" || object.is("", "EncryptionConfig")
}

/// Loads a configuration as the API server of a release does.
///
/// `gate_kmsv1` is the feature gate KMSv1 where it is set. Without it the release decides (on in 1.28, off from 1.29; the gate
/// does not exist before); without a release the file is taken and a [`Condition::RefusedFrom`] is noted.
///
/// # Errors
/// Every reason for which the API server would refuse the file. Reasons of a later stage are found only where no earlier
/// stage fails, as in the API server: decoding, validation, building.
pub fn load(
    object: &Object,
    release: Option<Release>,
    gate_kmsv1: Option<bool>,
) -> Result<Encryption, Vec<Refusal>> {
    let file = decode::file(object)?;
    let (entries, mut notes) = validate::file(object, &file)?;
    resolve::refuse_masked(&entries)?;
    resolve::refuse_kms_v1(&entries, release, gate_kmsv1, &mut notes)?;
    Ok(Encryption { entries, notes })
}

impl Encryption {
    /// Hands the bytes of a key to `f`. `text` is the text that the key's place points into; `None` when it is another one.
    /// The bytes live only as long as the call.
    pub fn with_key_bytes<R>(
        &self,
        key: &Key,
        text: &str,
        f: impl FnOnce(&[u8]) -> R,
    ) -> Option<R> {
        let written = text.get(key.secret_place.span.range())?;
        let mut bytes = if written.starts_with(['"', '\'']) {
            let stream = text::yaml::parse(written);
            base64::decode(stream.documents.first()?.root.text()?)?
        } else {
            // A plain scalar, or the body of a block with its indentation.
            let compact: String = written.split_ascii_whitespace().collect();
            base64::decode(&compact)?
        };
        let answer = f(&bytes);
        bytes.fill(0);
        Some(answer)
    }
}
