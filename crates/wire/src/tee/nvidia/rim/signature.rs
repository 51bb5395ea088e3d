//! The signature inside a manifest.
//!
//! W3C, "XML Signature Syntax and Processing Version 1.1": sections 3.2 (validation), 4.4 (`SignedInfo`), 6.6.4 (the enveloped
//! transform). All of NVIDIA's manifests have the one form that is read here.

use super::canonical::canonical;
use super::error::{Error, Problem};
use super::walk::{attribute, elements, is_element, only};
use text::xml::XmlNode;

/// XML Signature.
pub(super) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Canonical XML 1.1 without comments.
const CANONICAL: &str = "http://www.w3.org/2006/12/xml-c14n11";
/// All but the signature itself.
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// RFC 6931, section 2.3.6.
const ECDSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
/// RFC 6931, section 2.1.3.
const SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#sha384";
/// The most certificates. NVIDIA's chains have four.
const MOST: usize = 8;

/// A signature over all of a manifest but itself: ECDSA on P-384 with SHA-384.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The canonical form of the document without the signature.
    pub document: Vec<u8>,
    /// SHA-384 of it, as the signature says: base64.
    pub digest: String,
    /// The canonical form of what is signed, which holds the digest.
    pub signed_info: Vec<u8>,
    /// r and s of 48 bytes each: base64.
    pub value: String,
    /// Certificates of the signer and those above it: base64 of DER. Nobody signed that these belong to it.
    pub certificates: Vec<String>,
}

impl Signature {
    pub(super) fn read(
        text: &str,
        root: XmlNode<'_, '_>,
        signature: XmlNode<'_, '_>,
    ) -> Result<Self, Error> {
        let outside = |node: &XmlNode<'_, '_>| {
            node.tag_name().namespace() == Some(DSIG)
                && !node.ancestors().any(|above| above == signature)
        };
        if let Some(second) = root.descendants().find(outside) {
            return Err(Error::at(second, Problem::Twice("Signature")));
        }
        let [signed_info, value, key_info] =
            children(signature, ["SignedInfo", "SignatureValue", "KeyInfo"])?;
        let digest = what_is_signed(signed_info)?;
        Ok(Signature {
            document: canonical(text, root, Some(signature))?,
            digest,
            signed_info: canonical(text, signed_info, None)?,
            value: content(value, "SignatureValue")?,
            certificates: certificates(key_info)?,
        })
    }
}

/// Holds what is signed against the one form that is known. The digest in it.
fn what_is_signed(signed_info: XmlNode<'_, '_>) -> Result<String, Error> {
    let [canonicalization, method, reference] = children(
        signed_info,
        ["CanonicalizationMethod", "SignatureMethod", "Reference"],
    )?;
    algorithm(canonicalization, "CanonicalizationMethod", CANONICAL)?;
    algorithm(method, "SignatureMethod", ECDSA_SHA384)?;
    if !attribute(reference, "URI")?.is_empty() || reference.attributes().len() != 1 {
        return Err(Error::at(reference, Problem::Reference));
    }
    let [transforms, digest_method, digest] =
        elements_of(reference, ["Transforms", "DigestMethod", "DigestValue"])?;
    let [enveloped, canonicalized] = children(transforms, ["Transform", "Transform"])?;
    algorithm(enveloped, "Transform", ENVELOPED)?;
    algorithm(canonicalized, "Transform", CANONICAL)?;
    algorithm(digest_method, "DigestMethod", SHA384)?;
    content(digest, "DigestValue")
}

fn certificates(key_info: XmlNode<'_, '_>) -> Result<Vec<String>, Error> {
    let [data] = children(key_info, ["X509Data"])?;
    let mut found = Vec::new();
    for one in elements(data) {
        if !is_element(one, DSIG, "X509Certificate") || found.len() == MOST {
            return Err(Error::at(one, Problem::Unexpected("X509Data")));
        }
        found.push(content(one, "X509Certificate")?);
    }
    only_blanks(data)?;
    if found.is_empty() {
        return Err(Error::at(data, Problem::Missing("X509Certificate")));
    }
    Ok(found)
}

/// The algorithm must be the one that NVIDIA uses, with nothing that changes what it does.
fn algorithm(
    element: XmlNode<'_, '_>,
    of: &'static str,
    expected: &'static str,
) -> Result<(), Error> {
    let is_plain = element.attributes().len() == 1 && !element.has_children();
    if is_plain && element.attribute("Algorithm") == Some(expected) {
        Ok(())
    } else {
        Err(Error::at(element, Problem::Algorithm { of, expected }))
    }
}

/// The text of an element that holds nothing else.
fn content(element: XmlNode<'_, '_>, name: &'static str) -> Result<String, Error> {
    let mut inside = element.children();
    match (inside.next(), inside.next()) {
        (Some(only), None) if only.is_text() && element.attributes().len() == 0 => {
            Ok(only.text().unwrap_or_default().to_owned())
        }
        _ => Err(Error::at(element, Problem::Attribute(name))),
    }
}

/// The elements in an element without attributes: exactly these, in this order, and blanks.
fn children<'a, 'i, const N: usize>(
    parent: XmlNode<'a, 'i>,
    names: [&'static str; N],
) -> Result<[XmlNode<'a, 'i>; N], Error> {
    if parent.attributes().len() == 0 {
        elements_of(parent, names)
    } else {
        Err(Error::at(parent, Problem::Unexpected("Signature")))
    }
}

/// The same for an element that may have attributes.
fn elements_of<'a, 'i, const N: usize>(
    parent: XmlNode<'a, 'i>,
    names: [&'static str; N],
) -> Result<[XmlNode<'a, 'i>; N], Error> {
    only_blanks(parent)?;
    let found: Vec<XmlNode<'a, 'i>> = elements(parent).take(N + 1).collect();
    for (at, name) in names.into_iter().enumerate() {
        match found.get(at) {
            Some(one) if is_element(*one, DSIG, name) => {}
            // Says which one is missing or stands twice.
            Some(one) => {
                only(parent, DSIG, name)?;
                return Err(Error::at(*one, Problem::Unexpected("Signature")));
            }
            None => return Err(Error::at(parent, Problem::Missing(name))),
        }
    }
    let unexpected = Error::at(parent, Problem::Unexpected("Signature"));
    found.try_into().map_err(|_| unexpected)
}

fn only_blanks(parent: XmlNode<'_, '_>) -> Result<(), Error> {
    let is_blank = |text: &str| text.bytes().all(|byte| byte.is_ascii_whitespace());
    let mut texts = parent.children().filter(XmlNode::is_text);
    match texts.find(|one| !one.text().is_none_or(is_blank)) {
        Some(text) => Err(Error::at(text, Problem::Unexpected("Signature"))),
        None => Ok(()),
    }
}
