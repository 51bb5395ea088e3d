//! The values of a manifest.

use super::SWID;
use super::error::{Error, Problem};
use super::walk::{attribute, elements, is_element, name_like};
use text::xml::XmlNode;

/// Where the attributes `Hash0`, `Hash1` ... live. The name of the namespace is NVIDIA's own: W3C writes `xmldsig-more#sha384`.
const SHA384: &str = "http://www.w3.org/2001/04/xmlenc#sha384";
/// The bytes of SHA-384, as the attribute `size` says.
const SIZE: &str = "48";
/// The most values of one index. NVIDIA's manifests have up to four.
const MOST: u8 = 32;

/// What a measurement of the release may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The index, from 0. Evidence counts from 1.
    pub index: u8,
    /// NVIDIA's name for it: `HashedMeasurement_32_GSP`.
    pub name: String,
    /// Whether the release makes this measurement. What is not active is not to be compared.
    pub is_active: bool,
    /// The values, of which it is one. Zeros mean that it may be absent.
    pub values: Vec<[u8; 48]>,
}

/// The values in order of the file.
pub(super) fn references(payload: XmlNode<'_, '_>) -> Result<Vec<Reference>, Error> {
    let mut found = Vec::new();
    let mut is_taken = [false; 256];
    for resource in elements(payload) {
        let reference = reference(resource)?;
        // An index is a byte, so there is a place for each.
        if let Some(taken) = is_taken.get_mut(usize::from(reference.index)) {
            if *taken {
                return Err(Error::at(resource, Problem::Twice("index")));
            }
            *taken = true;
        }
        found.push(reference);
    }
    if found.is_empty() {
        return Err(Error::at(payload, Problem::Missing("Resource")));
    }
    Ok(found)
}

fn reference(resource: XmlNode<'_, '_>) -> Result<Reference, Error> {
    let is_measurement =
        is_element(resource, SWID, "Resource") && resource.attribute("type") == Some("Measurement");
    if !is_measurement || resource.has_children() {
        return Err(Error::at(resource, Problem::Unexpected("Payload")));
    }
    let wrong = |name| Error::at(resource, Problem::Attribute(name));
    if attribute(resource, "size")? != SIZE {
        return Err(wrong("size"));
    }
    Ok(Reference {
        // The evidence's index is one more, and must be a byte too.
        index: number(resource, "index", 254)?,
        name: name_like(resource, "name")?,
        is_active: match attribute(resource, "active")? {
            "True" => true,
            "False" => false,
            _ => return Err(wrong("active")),
        },
        values: values(resource)?,
    })
}

/// `alternatives` values, `Hash0` and what follows. One more or less, and readers would differ in which count.
fn values(resource: XmlNode<'_, '_>) -> Result<Vec<[u8; 48]>, Error> {
    let count = number(resource, "alternatives", MOST)?;
    let named = resource.attributes();
    let hashes = named.filter(|one| one.namespace() == Some(SHA384)).count();
    if count == 0 || hashes != usize::from(count) {
        return Err(Error::at(resource, Problem::Attribute("alternatives")));
    }
    (0..count)
        .map(|at| {
            let text = resource
                .attribute((SHA384, format!("Hash{at}").as_str()))
                .ok_or_else(|| Error::at(resource, Problem::Missing("Hash")))?;
            digest(text).ok_or_else(|| Error::at(resource, Problem::Attribute("Hash")))
        })
        .collect()
}

/// A decimal number in its shortest form.
fn number(element: XmlNode<'_, '_>, name: &'static str, most: u8) -> Result<u8, Error> {
    let text = attribute(element, name)?;
    let value: Option<u8> = text.parse().ok();
    value
        .filter(|value| *value <= most && value.to_string() == text)
        .ok_or_else(|| Error::at(element, Problem::Attribute(name)))
}

/// The bytes of 96 hexadecimal digits.
fn digest(text: &str) -> Option<[u8; 48]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 48 || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; 48];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |of: u8| char::from(of).to_digit(16);
        *byte = u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?;
    }
    Some(bytes)
}
