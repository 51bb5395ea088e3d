use super::*;

/// A manifest in the form of NVIDIA's, short: prefixes of one namespace, attributes in several, an entity, a line end.
fn manifest() -> String {
    let hash = |byte: &str| byte.repeat(48);
    format!(
        r#"<SoftwareIdentity xmlns="{SWID}" xmlns:ns0="{SWID}" xmlns:ns2="http://www.w3.org/2001/04/xmlenc#sha384" patch="false" name="GH100" corpus="false">
    <ns0:Entity role="softwareCreator" name="NVIDIA &amp; others"/>
    <ns0:Meta xmlns:ns1="urn:one" ns1:BindingSpec="RIMIM" colloquialVersion="550.90.07" edition="GPU" product="GH100" PayloadType="direct"/>
    <ns0:Payload xmlns:SHA384="http://www.w3.org/2001/04/xmlenc#sha384">
        <ns0:Resource type="Measurement" index="0" active="False" alternatives="1" ns2:Hash0="{zero}" name="Measurement_0" size="48"/>
        <ns0:Resource type="Measurement" index="7" active="True" alternatives="2" ns2:Hash0="{one}" ns2:Hash1="{two}" name="Mixed_7" size="48"/>
    </ns0:Payload>
<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2006/12/xml-c14n11"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"/><ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2006/12/xml-c14n11"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#sha384"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>BBBB</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>CC
CC</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature></SoftwareIdentity>
"#,
        zero = hash("00"),
        one = hash("a1"),
        two = hash("B2"),
    )
}

fn problem(text: &str) -> Problem {
    Manifest::read(text).unwrap_err().problem
}

/// What a manifest with one part exchanged is refused for.
fn changed(from: &str, to: &str) -> Problem {
    let text = manifest();
    assert!(text.contains(from), "{from}");
    problem(&text.replacen(from, to, 1))
}

#[test]
fn reads_every_field() {
    let manifest = Manifest::read(&manifest()).unwrap();
    assert_eq!(manifest.product, "GH100");
    assert_eq!(manifest.edition, "GPU");
    assert_eq!(manifest.version, "550.90.07");
    let [unused, mixed] = manifest.references.as_slice() else {
        panic!("{manifest:?}");
    };
    assert!(!unused.is_active);
    assert_eq!((mixed.index, mixed.name.as_str()), (7, "Mixed_7"));
    assert_eq!(mixed.values, [[0xa1; 48], [0xb2; 48]]);
    assert_eq!(manifest.signature.digest, "AAAA");
    assert_eq!(manifest.signature.value, "BBBB");
    assert_eq!(manifest.signature.certificates, ["CC\nCC"]);
}

/// Worked out by hand from the rules of Canonical XML.
#[test]
fn the_canonical_form_is_that_of_the_rules() {
    let manifest = Manifest::read(&manifest()).unwrap();
    let document = String::from_utf8(manifest.signature.document).unwrap();
    // Namespaces by prefix, then attributes by name; what is empty has an end tag.
    let start = format!(
        "<SoftwareIdentity xmlns=\"{SWID}\" xmlns:ns0=\"{SWID}\" xmlns:ns2=\"http://www.w3.org/2001/04/xmlenc#sha384\" corpus=\"false\" name=\"GH100\" patch=\"false\">\n    <ns0:Entity name=\"NVIDIA &amp; others\" role=\"softwareCreator\"></ns0:Entity>\n"
    );
    assert!(document.starts_with(&start), "{document}");
    // Attributes without a namespace come first; those behind them go by what the prefix stands for, not by the prefix.
    assert!(
        document.contains("<ns0:Meta xmlns:ns1=\"urn:one\" PayloadType=\"direct\" colloquialVersion=\"550.90.07\" edition=\"GPU\" product=\"GH100\" ns1:BindingSpec=\"RIMIM\"></ns0:Meta>"),
        "{document}"
    );
    // The signature leaves the line end in front of it, and the one behind the root is none of the document's.
    assert!(
        document.ends_with("    </ns0:Payload>\n</SoftwareIdentity>"),
        "{document}"
    );
    let signed = String::from_utf8(manifest.signature.signed_info).unwrap();
    // All namespaces in scope are written on the apex of a part.
    let start = format!(
        "<ds:SignedInfo xmlns=\"{SWID}\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:ns0=\"{SWID}\" xmlns:ns2=\"http://www.w3.org/2001/04/xmlenc#sha384\"><ds:CanonicalizationMethod Algorithm="
    );
    assert!(signed.starts_with(&start), "{signed}");
    assert!(
        signed.ends_with("</ds:Reference></ds:SignedInfo>"),
        "{signed}"
    );
}

#[test]
fn what_canonical_xml_evens_out_changes_nothing() {
    let original = Manifest::read(&manifest()).unwrap();
    let same = [
        (
            "name=\"GH100\" corpus=\"false\"",
            "corpus='false'  name='GH100'",
        ),
        ("NVIDIA &amp; others", "NVIDIA &#38; others"),
        (
            "<ns0:Meta xmlns:ns1",
            "<ns0:Meta xmlns:ns0=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\" xmlns:ns1",
        ),
        ("</ns0:Payload>", "</ns0:Payload \n>"),
        ("name=\"Mixed_7\"", "name=\"Mixed_&#x37;\""),
    ];
    for (from, to) in same {
        let text = manifest();
        assert!(text.contains(from), "{from}");
        assert_eq!(
            Manifest::read(&text.replacen(from, to, 1)),
            Ok(original.clone()),
            "{to}"
        );
    }
    let other_line_ends = manifest().replace('\n', "\r\n");
    assert_eq!(Manifest::read(&other_line_ends), Ok(original));
}

#[test]
fn characters_are_written_as_the_rules_say() {
    let special = "\"<&#9;&#10;&#13;>'"
        .replace('"', "&quot;")
        .replace('<', "&lt;");
    let text = manifest()
        .replacen("NVIDIA &amp; others", &special, 1)
        .replacen("    <ns0:Meta", "a>&lt;&amp;&#13;\"    <ns0:Meta", 1);
    let manifest = Manifest::read(&text).unwrap();
    let document = String::from_utf8(manifest.signature.document).unwrap();
    assert!(
        document.contains("name=\"&quot;&lt;&#x9;&#xA;&#xD;>'\""),
        "{document}"
    );
    assert!(
        document.contains("\na&gt;&lt;&amp;&#xD;\"    <ns0:Meta"),
        "{document}"
    );
}

#[test]
fn markup_that_readers_see_differently_is_refused() {
    for (from, to) in [
        ("<ns0:Entity", "<!-- x --><ns0:Entity"),
        ("<ns0:Entity", "<?x y?><ns0:Entity"),
        ("<ns0:Entity", "<![CDATA[ ]]><ns0:Entity"),
        (
            "<SoftwareIdentity",
            "<!DOCTYPE SoftwareIdentity SYSTEM \"a.dtd\"><SoftwareIdentity",
        ),
        (
            "<SoftwareIdentity",
            "<!DOCTYPE S [<!ENTITY a \"b\">]><SoftwareIdentity",
        ),
        (
            "<SoftwareIdentity",
            "<?xml version=\"1.0\"?><SoftwareIdentity",
        ),
        ("</ns0:Payload>", "</ns0:Payload><!---->"),
    ] {
        assert_eq!(changed(from, to), Problem::Markup, "{to}");
    }
    assert!(matches!(problem(""), Problem::NotXml(_)));
    assert!(matches!(changed("&amp;", "&other;"), Problem::NotXml(_)));
    assert!(matches!(changed("</ns0:Payload>", ""), Problem::NotXml(_)));
    assert_eq!(problem("<a/>"), Problem::OtherDocument);
    assert_eq!(problem(&" ".repeat(LARGEST + 1)), Problem::TooLarge);
    let deep = format!("{}{}", "<a>".repeat(1000), "</a>".repeat(1000));
    assert!(matches!(problem(&deep), Problem::NotXml(_)));
}

#[test]
fn what_the_canonical_form_has_own_rules_for_is_refused() {
    let inherited = changed("<SoftwareIdentity", "<SoftwareIdentity xml:lang=\"en\"");
    assert!(matches!(inherited, Problem::Canonical(_)));
    let taken_back = changed("<ns0:Entity", "<ns0:Entity xmlns=\"\"");
    assert!(matches!(taken_back, Problem::Canonical(_)));
    // Found by fuzzing: no XML, and yet it was read.
    for twice in [
        "xmlns=\"urn:a\" xmlns=\"urn:b\"",
        "xmlns:a=\"urn:a\" xmlns:a=\"urn:b\"",
        "xmlns=\"urn:a\" xmlns=\"urn:a\"",
    ] {
        let again = changed("<ns0:Entity", &format!("<ns0:Entity {twice}"));
        assert!(
            matches!(again, Problem::Canonical(_) | Problem::NotXml(_)),
            "{twice}: {again:?}"
        );
    }
}

#[test]
fn a_signature_of_another_form_is_refused() {
    let is_algorithm = |found: Problem, of: &str| {
        assert!(
            matches!(found, Problem::Algorithm { of: found, .. } if found == of),
            "{of}"
        );
    };
    is_algorithm(
        changed("xml-c14n11", "xml-c14n11#WithComments"),
        "CanonicalizationMethod",
    );
    is_algorithm(
        changed(
            "http://www.w3.org/2006/12/xml-c14n11",
            "http://www.w3.org/2001/10/xml-exc-c14n#",
        ),
        "CanonicalizationMethod",
    );
    is_algorithm(changed("ecdsa-sha384", "hmac-sha384"), "SignatureMethod");
    is_algorithm(
        changed("xmldsig-more#sha384", "xmldsig-more#sha224"),
        "DigestMethod",
    );
    is_algorithm(changed("#enveloped-signature", "#base64"), "Transform");
    is_algorithm(
        changed(
            "enveloped-signature\"/>",
            "enveloped-signature\"><ds:XPath>false()</ds:XPath></ds:Transform>",
        ),
        "Transform",
    );
    // Without the second one, or with a third.
    let second = "<ds:Transform Algorithm=\"http://www.w3.org/2006/12/xml-c14n11\"/>";
    assert!(matches!(changed(second, ""), Problem::Missing("Transform")));
    assert!(matches!(
        changed(second, &second.repeat(2)),
        Problem::Unexpected(_)
    ));
    for uri in [
        "URI=\"#payload\"",
        "URI=\"other.xml\"",
        "URI=\"\" Type=\"x\"",
    ] {
        assert_eq!(changed("URI=\"\"", uri), Problem::Reference, "{uri}");
    }
    assert_eq!(changed(" URI=\"\"", ""), Problem::Missing("URI"));
}

#[test]
fn what_the_signature_does_not_cover_may_not_hold_anything() {
    for (from, to) in [
        ("</ds:Signature>", "<ds:Object/></ds:Signature>"),
        ("</ds:Signature>", "text</ds:Signature>"),
        ("<ds:KeyInfo>", "<ds:KeyInfo><ds:KeyName>n</ds:KeyName>"),
        (
            "<ds:X509Data>",
            "<ds:X509Data><ds:X509CRL>AAAA</ds:X509CRL>",
        ),
        ("<ds:Signature ", "<ds:Signature Id=\"a\" "),
        ("<ds:KeyInfo>", "<ds:KeyInfo Id=\"a\">"),
        ("<ds:SignedInfo>", "<ds:SignedInfo Id=\"a\">"),
    ] {
        assert!(matches!(changed(from, to), Problem::Unexpected(_)), "{to}");
    }
    assert_eq!(
        changed("BBBB", "BB<a/>BB"),
        Problem::Attribute("SignatureValue")
    );
    assert_eq!(changed("BBBB", ""), Problem::Attribute("SignatureValue"));
    let certificate = "<ds:X509Certificate>CC\nCC</ds:X509Certificate>";
    assert_eq!(
        changed(certificate, ""),
        Problem::Missing("X509Certificate")
    );
    let many = certificate.repeat(9);
    assert!(matches!(
        changed(certificate, &many),
        Problem::Unexpected(_)
    ));
}

/// Signature wrapping: what is signed moves to where it is not read, and something else takes its place.
#[test]
fn wrapped_documents_are_refused() {
    let text = manifest();
    let start = text.find("<ds:Signature").unwrap();
    let end = text.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = &text[start..end];
    let without = format!("{}{}", &text[..start], &text[end..]);
    let in_place_of = |from: &str, to: &str| problem(&without.replacen(from, to, 1));
    // Without a signature; below another element; twice; a second one elsewhere.
    assert_eq!(problem(&without), Problem::Missing("Signature"));
    let nested = in_place_of(
        "<ns0:Payload ",
        &format!("<ns0:Payload >{signature}</ns0:Payload><ns0:Payload "),
    );
    assert_eq!(nested, Problem::Missing("Signature"));
    let around = format!("<SoftwareIdentity xmlns=\"{SWID}\">{text}</SoftwareIdentity>");
    assert_eq!(problem(&around), Problem::Missing("Signature"));
    let twice = text.replacen(signature, &signature.repeat(2), 1);
    assert_eq!(problem(&twice), Problem::Twice("Signature"));
    let elsewhere = text.replacen(
        "<ns0:Entity ",
        &format!("<ns0:Entity>{signature}</ns0:Entity><ns0:Entity "),
        1,
    );
    assert_eq!(problem(&elsewhere), Problem::Twice("Signature"));
    // The signed document as an object of the signature.
    let object = format!(
        "<ds:Object>{}</ds:Object></ds:Signature>",
        without.trim_end()
    );
    assert!(matches!(
        changed("</ds:Signature>", &object),
        Problem::Unexpected(_)
    ));
    // A second payload or other metadata.
    assert_eq!(
        changed("<ns0:Entity", "<ns0:Payload/><ns0:Entity"),
        Problem::Twice("Payload")
    );
    assert_eq!(
        changed("<ns0:Entity", "<ns0:Meta/><ns0:Entity"),
        Problem::Twice("Meta")
    );
    assert!(matches!(
        changed("<ns0:Entity", "<ns0:Link/><ns0:Entity"),
        Problem::Unexpected(_)
    ));
    assert!(matches!(
        changed("<ns0:Entity", "<Entity xmlns=\"urn:x\"/><ns0:Entity"),
        Problem::Unexpected(_)
    ));
}

#[test]
fn values_are_read_in_one_way_only() {
    for (from, to, name) in [
        ("index=\"7\"", "index=\"07\"", "index"),
        ("index=\"7\"", "index=\"+7\"", "index"),
        ("index=\"7\"", "index=\"255\"", "index"),
        ("index=\"7\"", "index=\"-1\"", "index"),
        ("active=\"True\"", "active=\"true\"", "active"),
        ("alternatives=\"2\"", "alternatives=\"1\"", "alternatives"),
        ("alternatives=\"2\"", "alternatives=\"3\"", "alternatives"),
        ("alternatives=\"2\"", "alternatives=\"99\"", "alternatives"),
        ("size=\"48\"", "size=\"96\"", "size"),
        ("a1a1", "a1", "Hash"),
        ("a1a1", "a1 a", "Hash"),
        ("a1a1", "+1a1", "Hash"),
        ("name=\"Mixed_7\"", "name=\"\"", "name"),
        ("product=\"GH100\"", "product=\"G H\"", "product"),
        (
            "PayloadType=\"direct\"",
            "PayloadType=\"indirect\"",
            "PayloadType",
        ),
        ("patch=\"false\"", "patch=\"true\"", "patch"),
    ] {
        assert_eq!(changed(from, to), Problem::Attribute(name), "{to}");
    }
    assert_eq!(
        changed("ns2:Hash1=", "ns2:Hash2="),
        Problem::Missing("Hash")
    );
    assert_eq!(changed("active=\"True\"", ""), Problem::Missing("active"));
    assert_eq!(
        changed("index=\"7\"", "index=\"0\""),
        Problem::Twice("index")
    );
    assert!(matches!(
        changed("type=\"Measurement\"", "type=\"Other\""),
        Problem::Unexpected("Payload")
    ));
    assert!(matches!(
        changed("<ns0:Resource", "<ns0:File/><ns0:Resource"),
        Problem::Unexpected("Payload")
    ));
}

#[test]
fn errors_say_where() {
    let text = manifest().replacen("index=\"7\"", "index=\"x\"", 1);
    let error = Manifest::read(&text).unwrap_err();
    assert!(text[error.offset..].starts_with("<ns0:Resource type=\"Measurement\" index=\"x\""));
    assert_eq!(
        error.to_string(),
        format!(
            "`index` has a value that is not known, at byte {}",
            error.offset
        )
    );
}

/// The canonical form with the signature put back reads the same: nothing that is read stands elsewhere.
fn reads_as_its_canonical_form(text: &str, manifest: &Manifest) {
    let document = std::str::from_utf8(&manifest.signature.document).unwrap();
    let parsed = text::xml::parse(text).unwrap();
    let signature = only(parsed.root_element(), signature::DSIG, "Signature").unwrap();
    let (inside, end_tag) = document.split_at(document.rfind("</").unwrap());
    let again = format!("{inside}{}{end_tag}", &text[signature.range()]);
    assert_eq!(Manifest::read(&again).as_ref(), Ok(manifest), "{text}");
}

#[test]
fn no_truncation_or_change_of_one_byte_panics_or_is_read_past_the_canonical_form() {
    let text = manifest();
    let mut held = 0;
    for at in 0..text.len() {
        assert!(
            Manifest::read(&text[..at]).is_err() || at + 1 >= text.len(),
            "{at}"
        );
        for change in [1, 2, 0x1c, 0x20, 0x40] {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= change;
            let Ok(changed) = String::from_utf8(changed) else {
                continue;
            };
            if let Ok(manifest) = Manifest::read(&changed) {
                reads_as_its_canonical_form(&changed, &manifest);
                held += 1;
            }
        }
    }
    assert!(held > 100, "{held}");
}
