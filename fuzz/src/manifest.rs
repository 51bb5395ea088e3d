//! Reference manifests of GPUs: what is signed is what is read, however it is written.

use text::xml::XmlNode;
use wire::tee::nvidia::rim::Manifest;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Any bytes as a manifest. What is read stands in the canonical form, and nowhere else: the canonical form with the signature put
/// back reads the same, and has the same canonical form.
pub fn manifest(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(manifest) = Manifest::read(text) else {
        // What the reader refuses, the whole does too.
        assert!(attest::nvidia::Rim::read(text).is_err());
        return;
    };
    let document = std::str::from_utf8(&manifest.signature.document).expect("UTF-8");
    let parsed = text::xml::parse(text).expect("what was read is XML");
    let is_signature = |node: &XmlNode<'_, '_>| node.has_tag_name((DSIG, "Signature"));
    let signature = parsed
        .root_element()
        .children()
        .find(is_signature)
        .expect("what was read is signed");
    let end = document.rfind("</").expect("an end tag");
    let (inside, end_tag) = document.split_at(end);
    let again = format!("{inside}{}{end_tag}", &text[signature.range()]);
    assert_eq!(Manifest::read(&again), Ok(manifest));
    let _ = attest::nvidia::Rim::read(text);
}
