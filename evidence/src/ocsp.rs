//! Responses of OCSP responders, written as RFC 6960 4.2.1 lays them out.

use crate::authority::{Authority, Names, Window, key, made, name};
use crate::der::{bits, boolean, element, integer, octets, oid, sequence, time};
use aws_lc_rs::digest::{self, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair};
use rcgen::{KeyPair, PublicKeyData};

/// `id-kp-OCSPSigning`, as an extended key usage.
const FOR_RESPONSES: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 3, 9];
const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
const NO_CHECK: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5];
const NONCE: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 2];

/// Who signs responses.
pub struct Responder {
    key: EcdsaKeyPair,
    pkcs8: Vec<u8>,
    public: Vec<u8>,
    name: Vec<u8>,
    /// Its certificate, which comes with its responses. An authority's own does not.
    certificate: Option<Vec<u8>>,
}

/// What a responder is certified for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To answer, and nobody needs to ask whether it was revoked, as with NVIDIA's.
    Unchecked,
    /// To answer.
    Checked,
    /// Nothing.
    Other,
}

/// What a responder says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is not revoked.
    Good,
    /// It is, since when in Unix seconds, and perhaps why.
    Revoked(i64, Option<u8>),
    /// The responder does not know it.
    Unknown,
}

/// By which digest the issuer is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// As `openssl ocsp` does.
    Sha1,
    /// What more and more clients do.
    Sha256,
    /// As nvtrust does.
    Sha384,
    /// The longest.
    Sha512,
}

/// An extension: object identifier, whether critical, content.
pub type Extension = (Vec<u32>, bool, Vec<u8>);

/// One answer.
#[derive(Clone, Debug)]
pub struct Single {
    /// The certificate's number.
    pub serial: u64,
    /// How it stands.
    pub status: Status,
    /// From when it tells.
    pub this_update: i64,
    /// When the next one is due.
    pub next_update: Option<i64>,
    /// How its issuer is named.
    pub named_by: NamedBy,
    /// The issuer's name, where it is to be another than its own.
    pub called: Option<String>,
    /// Its extensions.
    pub extensions: Vec<Extension>,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its answers.
    pub answers: Vec<Single>,
    /// Whether the responder is named by its key, or by its name.
    pub by_key: bool,
    /// Extensions of all of it.
    pub extensions: Vec<Extension>,
    /// What stands behind the name of the signature's algorithm: nothing, with ECDSA.
    pub parameters: Vec<u8>,
}

impl Single {
    /// As NVIDIA's responder answers.
    #[must_use]
    pub fn new(serial: u64, status: Status, (from, to): Window) -> Self {
        Single {
            serial,
            status,
            this_update: from,
            next_update: Some(to),
            named_by: NamedBy::Sha384,
            called: None,
            extensions: Vec::new(),
        }
    }
}

impl Response {
    /// As NVIDIA's responder answers: one certificate, and the nonce that it was asked with.
    #[must_use]
    pub fn about(single: Single) -> Self {
        Response {
            answers: vec![single],
            by_key: true,
            extensions: vec![(NONCE.to_vec(), false, octets(&[7; 16]))],
            parameters: Vec::new(),
        }
    }

    /// The response about certificates of an issuer. DER.
    #[must_use]
    pub fn signed(&self, issuer: &Authority, responder: &Responder) -> Vec<u8> {
        let id = if self.by_key {
            element(0xa2, &octets(&NamedBy::Sha1.digest(&responder.public)))
        } else {
            element(0xa1, &responder.name)
        };
        let answers: Vec<Vec<u8>> = self.answers.iter().map(|one| one.der(issuer)).collect();
        let produced = self.answers.iter().map(|one| one.this_update).max();
        let mut data = vec![id, time(produced.unwrap_or_default()), sequence(&answers)];
        data.push(extensions(&self.extensions));
        let data = sequence(&data);
        let signature = made(responder.key.sign(&SystemRandom::new(), &data));
        let ecdsa = oid(&[1, 2, 840, 10045, 4, 3, 3]);
        let algorithm = sequence(&[ecdsa, self.parameters.clone()]);
        let mut basic = vec![data, algorithm, bits(signature.as_ref())];
        if let Some(certificate) = &responder.certificate {
            let certificates = sequence(std::slice::from_ref(certificate));
            basic.push(element(0xa0, &certificates));
        }
        let bytes = sequence(&[
            oid(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 1]),
            octets(&sequence(&basic)),
        ]);
        sequence(&[element(0x0a, &[0]), element(0xa0, &bytes)])
    }
}

impl Single {
    fn der(&self, issuer: &Authority) -> Vec<u8> {
        let key = issuer.key().der_bytes();
        let called = self.called.as_deref().map(name);
        let name = called.as_deref().unwrap_or(issuer.name());
        let id = sequence(&[
            sequence(&[oid(self.named_by.arcs()), element(5, &[])]),
            octets(&self.named_by.digest(name)),
            octets(&self.named_by.digest(key)),
            integer(self.serial),
        ]);
        let status = match self.status {
            Status::Good => element(0x80, &[]),
            Status::Unknown => element(0x82, &[]),
            Status::Revoked(since, reason) => {
                let reason = reason.map(|reason| element(0xa0, &element(0x0a, &[reason])));
                element(0xa1, &[time(since), reason.unwrap_or_default()].concat())
            }
        };
        let next = self
            .next_update
            .map(|next| element(0xa0, &time(next)))
            .unwrap_or_default();
        let extensions = extensions(&self.extensions);
        sequence(&[id, status, time(self.this_update), next, extensions])
    }
}

impl NamedBy {
    fn arcs(self) -> &'static [u32] {
        match self {
            NamedBy::Sha1 => &[1, 3, 14, 3, 2, 26],
            NamedBy::Sha256 => &[2, 16, 840, 1, 101, 3, 4, 2, 1],
            NamedBy::Sha384 => &[2, 16, 840, 1, 101, 3, 4, 2, 2],
            NamedBy::Sha512 => &[2, 16, 840, 1, 101, 3, 4, 2, 3],
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            NamedBy::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            NamedBy::Sha256 => &digest::SHA256,
            NamedBy::Sha384 => &digest::SHA384,
            NamedBy::Sha512 => &digest::SHA512,
        };
        digest(algorithm, bytes).as_ref().to_vec()
    }
}

impl Authority {
    /// A responder that this authority certifies.
    #[must_use]
    pub fn responder(&self, names: Names<'_>, window: Window, purpose: Purpose) -> Responder {
        let own = key(&rcgen::PKCS_ECDSA_P384_SHA384);
        let usage = (EXTENDED_KEY_USAGE, sequence(&[oid(FOR_RESPONSES)]));
        let extensions = match purpose {
            Purpose::Unchecked => vec![usage, (NO_CHECK, element(5, &[]))],
            Purpose::Checked => vec![usage],
            Purpose::Other => Vec::new(),
        };
        Responder {
            key: signing_key(&own),
            pkcs8: own.serialize_der(),
            public: own.der_bytes().to_vec(),
            name: name(names.common),
            certificate: Some(self.certify(&own, names, window, &extensions)),
        }
    }

    /// This authority as the responder.
    #[must_use]
    pub fn as_responder(&self) -> Responder {
        Responder {
            key: signing_key(self.key()),
            pkcs8: self.key().serialize_der(),
            public: self.key().der_bytes().to_vec(),
            name: self.name().to_vec(),
            certificate: None,
        }
    }
}

impl Responder {
    /// Its certificate, where it has one of its own. DER.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// Its key, PKCS #8. DER.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The same responder under a name that is not its own.
    #[must_use]
    pub fn called(self, common: &str) -> Self {
        Responder {
            name: name(common),
            ..self
        }
    }

    /// The same responder, whose certificate does not come with its responses.
    #[must_use]
    pub fn without_certificate(self) -> Self {
        Responder {
            certificate: None,
            ..self
        }
    }
}

/// `[1] EXPLICIT Extensions OPTIONAL`, which stands in a response and in each answer.
fn extensions(extensions: &[Extension]) -> Vec<u8> {
    if extensions.is_empty() {
        return Vec::new();
    }
    let each = extensions.iter().map(|(arcs, is_critical, content)| {
        let critical = is_critical.then(|| boolean(true));
        sequence(&[oid(arcs), critical.unwrap_or_default(), octets(content)])
    });
    element(0xa1, &sequence(&each.collect::<Vec<_>>()))
}

fn signing_key(key: &KeyPair) -> EcdsaKeyPair {
    made(EcdsaKeyPair::from_pkcs8(
        &ECDSA_P384_SHA384_ASN1_SIGNING,
        &key.serialize_der(),
    ))
}
