//! Reference manifests, written as NVIDIA writes them. The canonical form is written besides, by other code than the one that is tested.

use super::{sign, signing_key};
use crate::authority::{Authority, Names, Window, key};
use aws_lc_rs::digest::{SHA384, digest};
use aws_lc_rs::signature::EcdsaKeyPair;
use std::fmt::Write;

const SWID: &str = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
const HASH: &str = "http://www.w3.org/2001/04/xmlenc#sha384";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const TCG: &str = "https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/";
const CANONICAL: &str = "http://www.w3.org/2006/12/xml-c14n11";
const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";

/// NVIDIA, as far as a test of manifests needs it: the root, and the authority over signers.
pub struct Publisher {
    root: Authority,
    authority: Authority,
    window: Window,
}

impl Publisher {
    /// A new one. All certificates but those of signers count in the window.
    #[must_use]
    pub fn new(window: Window) -> Self {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common, serial| Names { common, serial };
        let root = Authority::root(named("CoRIM signing Root CA", 1), window, p384);
        let authority = root.authority(named("Reference Value GH100 CA", 2), window, p384);
        Publisher {
            root,
            authority,
            window,
        }
    }

    /// The root to pin. DER.
    #[must_use]
    pub fn root(&self) -> &[u8] {
        self.root.der()
    }

    /// The authority over signers, which bears the serial number 2, and the root over it.
    #[must_use]
    pub fn authorities(&self) -> [&Authority; 2] {
        [&self.authority, &self.root]
    }

    /// The lists of both authorities, of which that of the signers revokes these serial numbers. DER.
    #[must_use]
    pub fn lists(&self, signers: &[u64]) -> [Vec<u8>; 2] {
        [
            self.root.revoke(&[], self.window),
            self.authority.revoke(signers, self.window),
        ]
    }

    /// A signed manifest. Its signer's certificate has the serial number 3 and counts in the window.
    #[must_use]
    pub fn sign(&self, manifest: &Manifest, window: Window) -> String {
        let signer = key(&rcgen::PKCS_ECDSA_P384_SHA384);
        let names = Names {
            common: "RIM L4 Signer",
            serial: 3,
        };
        let certificate = self.authority.certify(&signer, names, window, &[]);
        let certificates = [&certificate, self.authority.der(), self.root.der()];
        manifest.signed(&signing_key(&signer), &certificates)
    }
}

/// What a manifest says.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The chip.
    pub product: String,
    /// `GPU` or `SWITCH`.
    pub edition: String,
    /// The version of driver or firmware.
    pub version: String,
    /// The values.
    pub values: Vec<Value>,
}

/// The values of one index.
#[derive(Clone, Debug)]
pub struct Value {
    /// The index, from 0.
    pub index: u8,
    /// Whether it is to be compared.
    pub is_active: bool,
    /// What it may be.
    pub alternatives: Vec<[u8; 48]>,
}

impl Value {
    /// An active index with one value.
    #[must_use]
    pub fn active(index: u8, value: [u8; 48]) -> Self {
        Value {
            index,
            is_active: true,
            alternatives: vec![value],
        }
    }

    fn is_active(&self) -> &'static str {
        if self.is_active { "True" } else { "False" }
    }

    fn hashes(&self) -> String {
        let all = self.alternatives.iter().enumerate();
        all.fold(String::new(), |mut text, (at, value)| {
            let digits: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
            // Writing to a string cannot fail.
            let _ = write!(text, " ns2:Hash{at}=\"{digits}\"");
            text
        })
    }
}

impl Manifest {
    /// A manifest of a chip GH100.
    #[must_use]
    pub fn new(version: &str, values: Vec<Value>) -> Self {
        Manifest {
            product: "GH100".to_owned(),
            edition: "GPU".to_owned(),
            version: version.to_owned(),
            values,
        }
    }

    /// The document with its signature, as NVIDIA orders it.
    fn signed(&self, key: &EcdsaKeyPair, certificates: &[&[u8]]) -> String {
        let mut text = format!(
            "<SoftwareIdentity xmlns=\"{SWID}\" xmlns:ns0=\"{SWID}\" xmlns:ns2=\"{HASH}\" corpus=\"false\" name=\"{product}\" patch=\"false\" supplemental=\"false\" tagId=\"1\" version=\"1.0\" tagVersion=\"0\">\n    <ns0:Entity name=\"NVIDIA Corporation\" role=\"softwareCreator tagCreator\"/>\n    <ns0:Meta xmlns:ns1=\"{TCG}\" colloquialVersion=\"{version}\" edition=\"{edition}\" product=\"{product}\" PayloadType=\"direct\" ns1:BindingSpec=\"RIMIM\"/>\n    <ns0:Payload xmlns:SHA384=\"{HASH}\">\n",
            product = self.product,
            version = self.version,
            edition = self.edition,
        );
        for value in &self.values {
            let _ = writeln!(
                text,
                "        <ns0:Resource type=\"Measurement\" index=\"{index}\" active=\"{active}\" alternatives=\"{count}\"{hashes} name=\"Measurement_{index}\" size=\"48\"/>",
                index = value.index,
                active = value.is_active(),
                count = value.alternatives.len(),
                hashes = value.hashes(),
            );
        }
        let digest = base64(digest(&SHA384, self.canonical().as_bytes()).as_ref());
        let signature = base64(&sign(key, signed_info(&digest).as_bytes()));
        let certificates: String = certificates
            .iter()
            .map(|der| format!("<ds:X509Certificate>{}</ds:X509Certificate>", lines(der)))
            .collect();
        let _ = writeln!(
            text,
            "    </ns0:Payload>\n<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{CANONICAL}\"/><ds:SignatureMethod Algorithm=\"{MORE}ecdsa-sha384\"/><ds:Reference URI=\"\"><ds:Transforms><ds:Transform Algorithm=\"{DSIG}enveloped-signature\"/><ds:Transform Algorithm=\"{CANONICAL}\"/></ds:Transforms><ds:DigestMethod Algorithm=\"{MORE}sha384\"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>{signature}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo></ds:Signature></SoftwareIdentity>"
        );
        text
    }

    /// The canonical form without a signature.
    fn canonical(&self) -> String {
        let mut text = format!(
            "<SoftwareIdentity xmlns=\"{SWID}\" xmlns:ns0=\"{SWID}\" xmlns:ns2=\"{HASH}\" corpus=\"false\" name=\"{product}\" patch=\"false\" supplemental=\"false\" tagId=\"1\" tagVersion=\"0\" version=\"1.0\">\n    <ns0:Entity name=\"NVIDIA Corporation\" role=\"softwareCreator tagCreator\"></ns0:Entity>\n    <ns0:Meta xmlns:ns1=\"{TCG}\" PayloadType=\"direct\" colloquialVersion=\"{version}\" edition=\"{edition}\" product=\"{product}\" ns1:BindingSpec=\"RIMIM\"></ns0:Meta>\n    <ns0:Payload xmlns:SHA384=\"{HASH}\">\n",
            product = self.product,
            version = self.version,
            edition = self.edition,
        );
        for value in &self.values {
            let _ = writeln!(
                text,
                "        <ns0:Resource active=\"{active}\" alternatives=\"{count}\" index=\"{index}\" name=\"Measurement_{index}\" size=\"48\" type=\"Measurement\"{hashes}></ns0:Resource>",
                index = value.index,
                active = value.is_active(),
                count = value.alternatives.len(),
                hashes = value.hashes(),
            );
        }
        text.push_str("    </ns0:Payload>\n</SoftwareIdentity>");
        text
    }
}

/// The canonical form of what is signed: a part of the document, so all namespaces in scope are written on it.
fn signed_info(digest: &str) -> String {
    format!(
        "<ds:SignedInfo xmlns=\"{SWID}\" xmlns:ds=\"{DSIG}\" xmlns:ns0=\"{SWID}\" xmlns:ns2=\"{HASH}\"><ds:CanonicalizationMethod Algorithm=\"{CANONICAL}\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{MORE}ecdsa-sha384\"></ds:SignatureMethod><ds:Reference URI=\"\"><ds:Transforms><ds:Transform Algorithm=\"{DSIG}enveloped-signature\"></ds:Transform><ds:Transform Algorithm=\"{CANONICAL}\"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"{MORE}sha384\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
}

fn base64(bytes: &[u8]) -> String {
    lines(bytes).replace('\n', "")
}

/// Base64 in lines, as it stands between the dashes of PEM.
fn lines(bytes: &[u8]) -> String {
    let text = pem::encode(&pem::Pem::new("X", bytes)).replace('\r', "");
    let inside = text.lines().filter(|line| !line.starts_with('-'));
    inside.map(|line| format!("{line}\n")).collect()
}
