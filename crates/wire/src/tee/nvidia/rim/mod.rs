//! NVIDIA's reference integrity manifests (RIM): which measurements a released driver or firmware has.
//!
//! A manifest is a SWID tag (ISO/IEC 19770-2:2015) in the profile of TCG's "Reference Integrity Manifest Information Model", with
//! an enveloped XML signature. What NVIDIA puts into it: nvtrust 02817309, `local_gpu_verifier/src/verifier/rim/__init__.py`
//! and the samples beside it; attestation-sdk 73c032eb, `nv-attestation-sdk-cpp/src/rim.cpp`.
//!
//! Only what such files hold is read, everything else is refused: a reader that passes over what it does not know can be shown one
//! document while another one was signed. There is one signature, it stands below the root, and it covers all of the document but
//! itself. Values are taken from the tree that the canonical form is made of, and never from inside the signature.

mod canonical;
mod error;
mod payload;
mod signature;
mod walk;

pub use error::{Error, Problem};
pub use payload::Reference;
pub use signature::Signature;

use text::xml::XmlNode;
use walk::{attribute, elements, is_element, name_like, only};

/// ISO/IEC 19770-2:2015.
const SWID: &str = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
/// The largest manifest that is read. NVIDIA's take 20 to 26 KiB.
const LARGEST: usize = 1 << 20;

/// A manifest. Nothing in it is trusted before its signature is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The chip: `GH100`.
    pub product: String,
    /// What kind of device: `GPU` or `SWITCH`.
    pub edition: String,
    /// The version of the driver or of the firmware, as the device writes it: `550.90.07`, `96.00.9F.00.01`.
    pub version: String,
    /// The values, in the order of the file. No index stands twice.
    pub references: Vec<Reference>,
    /// The signature with all that it covers.
    pub signature: Signature,
}

impl Manifest {
    /// Reads a manifest. O(length).
    ///
    /// # Errors
    ///
    /// At the first thing that NVIDIA's manifests do not hold.
    pub fn read(text: &str) -> Result<Self, Error> {
        bounded(text)?;
        let document = text::xml::parse(text).map_err(Error::syntax)?;
        let root = document.root_element();
        if !is_element(root, SWID, "SoftwareIdentity") {
            return Err(Error::at(root, Problem::OtherDocument));
        }
        let enveloped = only(root, signature::DSIG, "Signature")?;
        let (meta, payload) = (only(root, SWID, "Meta")?, only(root, SWID, "Payload")?);
        let known = |child: &XmlNode<'_, '_>| {
            [enveloped, meta, payload].contains(child) || is_element(*child, SWID, "Entity")
        };
        if let Some(other) = elements(root).find(|child| !known(child)) {
            return Err(Error::at(other, Problem::Unexpected("SoftwareIdentity")));
        }
        whole(root)?;
        if attribute(meta, "PayloadType")? != "direct" {
            return Err(Error::at(meta, Problem::Attribute("PayloadType")));
        }
        Ok(Manifest {
            product: name_like(meta, "product")?,
            edition: name_like(meta, "edition")?,
            version: name_like(meta, "colloquialVersion")?,
            references: payload::references(payload)?,
            signature: Signature::read(text, root, enveloped)?,
        })
    }
}

/// Refuses what no manifest has. Without `<!` and `<?` there is no document type, so no entity; no comment, CDATA section or
/// instruction, whose place in the canonical form readers see differently; and no declaration of another encoding.
fn bounded(text: &str) -> Result<(), Error> {
    if text.len() > LARGEST {
        return Err(Error {
            offset: LARGEST,
            problem: Problem::TooLarge,
        });
    }
    let markup = ["<!", "<?"].map(|start| text.find(start));
    match markup.into_iter().flatten().min() {
        Some(offset) => Err(Error {
            offset,
            problem: Problem::Markup,
        }),
        None => Ok(()),
    }
}

/// A tag may say that it is only a part of another one, or about a package that is not installed: then its payload is not all.
fn whole(root: XmlNode<'_, '_>) -> Result<(), Error> {
    for name in ["corpus", "patch", "supplemental"] {
        if root.attribute(name).is_some_and(|value| value != "false") {
            return Err(Error::at(root, Problem::Attribute(name)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
