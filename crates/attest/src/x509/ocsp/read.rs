//! The layout of a response (RFC 6960 4.2.1), read by hand: bounded, and with nothing around the signature that could be another way.

use super::{CertificateId, Hash, OcspError, Parts, ResponderId, Single, Status};
use crate::instant::Instant;
use crate::x509::Certificate;
use crate::x509::certificate::Signed;
use der::asn1::{
    AnyRef, BitStringRef, ContextSpecific, GeneralizedTime, ObjectIdentifier, OctetStringRef,
};
use der::{Decode, Encode, Header, Reader, SliceReader, Tag, TagNumber};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// The most bytes that are read. NVIDIA's responses with their responder's certificate take two kilobytes.
const LONGEST: usize = 64 << 10;

/// The most certificates that one response may answer for.
const MAX_ANSWERS: usize = 256;

/// The most certificates that may come with it. Responders send their own.
const MAX_CERTIFICATES: usize = 8;

/// `id-pkix-ocsp-basic`.
const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

/// `id-pkix-ocsp-nonce`: ties a response to the request. Who kept a response has no request any more, so it says nothing here.
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");

/// `OCSPResponse`: whether there is an answer, and the answer.
pub(super) fn response(bytes: &[u8]) -> Result<Parts, OcspError> {
    if bytes.len() > LONGEST {
        return Err(OcspError::TooLong(bytes.len()));
    }
    let mut reader = SliceReader::new(bytes)?;
    let basic = reader.sequence(|reader| {
        let status = enumerated(AnyRef::decode(reader)?)?;
        if status != 0 {
            return Err(OcspError::Unsuccessful(status));
        }
        let held = explicit(reader, 0)?.ok_or_else(|| missing(Tag::Sequence))?;
        held.sequence(response_bytes)
    })?;
    reader.finish()?;
    basic_response(basic)
}

/// `ResponseBytes`: the type, and the response of that type.
fn response_bytes<'r>(reader: &mut SliceReader<'r>) -> Result<&'r [u8], OcspError> {
    let form = ObjectIdentifier::decode(reader)?;
    let held = <&OctetStringRef>::decode(reader)?;
    if form == BASIC {
        Ok(held.as_bytes())
    } else {
        Err(OcspError::OtherForm(format!("the type {form}")))
    }
}

fn basic_response(bytes: &[u8]) -> Result<Parts, OcspError> {
    let mut reader = SliceReader::new(bytes)?;
    let parts = reader.sequence(parts)?;
    reader.finish()?;
    Ok(parts)
}

/// `BasicOCSPResponse`.
fn parts(reader: &mut SliceReader<'_>) -> Result<Parts, OcspError> {
    let signed = reader.tlv_bytes()?;
    let data = response_data(signed)?;
    let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
    let signature = BitStringRef::decode(reader)?;
    let signature = signature
        .as_bytes()
        .ok_or_else(|| der::Error::from(Tag::BitString.value_error()))?;
    let certificates = match explicit(reader, 0)? {
        Some(held) => certificates(held)?,
        None => Vec::new(),
    };
    Ok(Parts {
        signed: signed.to_vec(),
        responder: data.responder,
        produced_at: data.produced_at,
        answers: data.answers,
        signed_with: signed_with(&algorithm)?,
        signature: signature.to_vec(),
        certificates,
    })
}

/// The algorithm stands outside of what is signed, and nowhere else: it must be of the one form that each has (RFC 5758 3.2, RFC 4055 5), and
/// those with parameters of their own are refused. NVIDIA signs by ECDSA.
fn signed_with(algorithm: &AlgorithmIdentifierOwned) -> Result<Signed, OcspError> {
    let unknown = OcspError::UnknownAlgorithm(algorithm.oid);
    let parameters = algorithm.parameters.as_ref();
    match Signed::of(algorithm) {
        Some(ecdsa @ (Signed::EcdsaSha256 | Signed::EcdsaSha384)) if parameters.is_none() => {
            Ok(ecdsa)
        }
        Some(Signed::RsaPkcs1Sha256)
            if parameters.is_some_and(|any| any.is_null() && any.value().is_empty()) =>
        {
            Ok(Signed::RsaPkcs1Sha256)
        }
        _ => Err(unknown),
    }
}

fn certificates(held: AnyRef<'_>) -> Result<Vec<Certificate>, OcspError> {
    let mut certificates = Vec::new();
    held.sequence(|reader| {
        while !reader.is_finished() {
            if certificates.len() >= MAX_CERTIFICATES {
                return Err(OcspError::TooMany("certificates"));
            }
            let der = reader.tlv_bytes()?;
            certificates.push(Certificate::from_der(der).map_err(OcspError::Der)?);
        }
        Ok(())
    })?;
    Ok(certificates)
}

struct Data {
    responder: ResponderId,
    produced_at: Instant,
    answers: Vec<Single>,
}

/// `ResponseData`, which is all that is signed.
fn response_data(bytes: &[u8]) -> Result<Data, OcspError> {
    let mut reader = SliceReader::new(bytes)?;
    reader.sequence(|reader| {
        // Left out where it is the first one, v1; some write it all the same.
        if let Some(version) = explicit(reader, 0)? {
            let version = version.decode_as::<u8>()?;
            if version != 0 {
                return Err(OcspError::OtherForm(format!("version {version}")));
            }
        }
        let responder = responder(reader)?;
        let produced_at = instant(GeneralizedTime::decode(reader)?);
        let answers = reader.sequence(answers)?;
        extensions(reader, 1)?;
        Ok(Data {
            responder,
            produced_at,
            answers,
        })
    })
}

fn responder(reader: &mut SliceReader<'_>) -> Result<ResponderId, OcspError> {
    if let Some(name) = explicit(reader, 1)? {
        let name = Name::from_der(&name.to_der()?)?;
        return Ok(ResponderId::Name(name.to_der()?));
    }
    let key = explicit(reader, 2)?.ok_or_else(|| missing(Tag::OctetString))?;
    let key = key.decode_as::<&OctetStringRef>()?;
    Ok(ResponderId::Key(key.as_bytes().to_vec()))
}

fn answers(reader: &mut SliceReader<'_>) -> Result<Vec<Single>, OcspError> {
    let mut answers = Vec::new();
    while !reader.is_finished() {
        if answers.len() >= MAX_ANSWERS {
            return Err(OcspError::TooMany("answers"));
        }
        answers.push(reader.sequence(single)?);
    }
    Ok(answers)
}

/// `SingleResponse`: one certificate, and what is said of it.
fn single(reader: &mut SliceReader<'_>) -> Result<Single, OcspError> {
    let certificate = reader.sequence(certificate_id)?;
    let status = status(reader)?;
    let this_update = instant(GeneralizedTime::decode(reader)?);
    let next_update = match explicit(reader, 0)? {
        Some(held) => Some(instant(held.decode_as::<GeneralizedTime>()?)),
        None => None,
    };
    extensions(reader, 1)?;
    Ok(Single {
        certificate,
        status,
        this_update,
        next_update,
    })
}

/// `CertID`.
fn certificate_id(reader: &mut SliceReader<'_>) -> Result<CertificateId, OcspError> {
    let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
    let hash = Hash::of(algorithm.oid).ok_or(OcspError::UnknownAlgorithm(algorithm.oid))?;
    let issuer_name = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
    let issuer_key = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
    // Read as in certificates, so that equal numbers are equal bytes.
    let serial: SerialNumber = SerialNumber::decode(reader)?;
    Ok(CertificateId {
        hash,
        issuer_name,
        issuer_key,
        serial: serial.as_bytes().to_vec(),
    })
}

/// `CertStatus`: good [0] and unknown [2] without content, revoked [1] with the time and perhaps a reason.
fn status(reader: &mut SliceReader<'_>) -> Result<Status, OcspError> {
    let header = Header::decode(reader)?;
    let tag = header.tag();
    reader.read_nested(header.length(), |reader| {
        let number = tag.is_context_specific().then(|| tag.number().value());
        match (number, tag.is_constructed()) {
            (Some(0), false) => Ok(Status::Good),
            (Some(2), false) => Ok(Status::Unknown),
            (Some(1), true) => {
                let since = instant(GeneralizedTime::decode(reader)?);
                let reason = explicit(reader, 0)?.map(enumerated).transpose()?;
                Ok(Status::Revoked { since, reason })
            }
            _ => Err(der::Error::from(tag.unexpected_error(None)).into()),
        }
    })
}

/// Extensions are optional, and tell nothing that is needed here; one that must be known and is not ends it all.
fn extensions(reader: &mut SliceReader<'_>, number: u32) -> Result<(), OcspError> {
    let Some(held) = explicit(reader, number)? else {
        return Ok(());
    };
    held.sequence(|reader| {
        while !reader.is_finished() {
            let extension = Extension::decode(reader)?;
            if extension.critical && extension.extn_id != NONCE {
                return Err(OcspError::UnknownExtension(extension.extn_id));
            }
        }
        Ok(())
    })
}

/// What stands inside an optional `[number] EXPLICIT`.
fn explicit<'r>(
    reader: &mut SliceReader<'r>,
    number: u32,
) -> Result<Option<AnyRef<'r>>, OcspError> {
    if reader.is_finished() {
        return Ok(None);
    }
    let held = ContextSpecific::<AnyRef<'r>>::decode_explicit(reader, TagNumber(number))?;
    Ok(held.map(|held| held.value))
}

/// An ENUMERATED of one byte, as all of these are.
fn enumerated(value: AnyRef<'_>) -> Result<u8, OcspError> {
    value.header().tag().assert_eq(Tag::Enumerated)?;
    match value.value() {
        [number] => Ok(*number),
        _ => Err(der::Error::from(Tag::Enumerated.value_error()).into()),
    }
}

fn missing(expected: Tag) -> OcspError {
    der::Error::from(expected.unexpected_error(None)).into()
}

fn instant(time: GeneralizedTime) -> Instant {
    let seconds = time.to_unix_duration().as_secs();
    Instant(i64::try_from(seconds).unwrap_or(i64::MAX))
}
