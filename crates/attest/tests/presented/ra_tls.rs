//! RA-TLS certificates, made here: real ones would hold quotes for keys that nobody has.

use crate::minted::{AT, Minted, Wish, key, public_key_info};
use wardline_attest::crypto::{sha256, sha384};
use wardline_attest::ra_tls::{Binding, Form, Presented, bind, presented};
use wardline_attest::x509::{Certificate, blocks};
use wardline_attest::{Appraisal, Instant, Kind, Outcome, StepName};

pub(crate) const TAGGED: &[u64] = &[2, 23, 133, 5, 4, 9];
pub(crate) const LEGACY: &[u64] = &[1, 2, 840, 113_741, 1337, 6];
pub(crate) const LEGACY_AS_WRITTEN: &[u64] = &[0, 6, 9, 42, 840, 113_741, 1337, 6];

/// Lengths below 64 KiB, in the shortest form.
fn cbor(major: u8, length: usize) -> Vec<u8> {
    let [high, low] = u16::try_from(length).unwrap().to_be_bytes();
    match (high, low) {
        (0, 0..=23) => vec![major << 5 | low],
        (0, _) => vec![major << 5 | 24, low],
        _ => vec![major << 5 | 25, high, low],
    }
}

fn bytes(content: &[u8]) -> Vec<u8> {
    [cbor(2, content.len()), content.to_vec()].concat()
}

fn text(content: &str) -> Vec<u8> {
    [cbor(3, content.len()), content.as_bytes().to_vec()].concat()
}

/// Claims that name a key by its SHA-256, or by another digest.
pub(crate) fn claims(algorithm: u8, digest: &[u8]) -> Vec<u8> {
    let entry = [cbor(4, 2), vec![algorithm], bytes(digest)].concat();
    [
        cbor(5, 3),
        text("pubkey-hash"),
        bytes(&entry),
        text("other"),
        cbor(4, 0),
        text("nonce"),
        bytes(&[9; 16]),
    ]
    .concat()
}

pub(crate) fn tagged(quote: &[u8], claims: &[u8]) -> Vec<u8> {
    [cbor(6, 60_000), cbor(4, 2), bytes(quote), bytes(claims)].concat()
}

pub(crate) fn report_data(digest: [u8; 32]) -> [u8; 64] {
    let mut data = [0; 64];
    data[..32].copy_from_slice(&digest);
    data
}

fn certificate(extensions: Vec<(&'static [u64], Vec<u8>)>) -> Minted {
    let wish = Wish {
        extensions,
        ..Wish::leaf("RATLS")
    };
    wish.self_signed()
}

fn judge(
    certificate: &Certificate,
    presented: &Presented,
    data: [u8; 64],
    at: Instant,
) -> Appraisal {
    let mut appraisal = Appraisal::new(Kind::SgxQuote);
    bind(&mut appraisal, certificate, presented, &data, at);
    appraisal
}

fn ending(appraisal: &Appraisal) -> (Outcome, Option<&'static str>) {
    let step = appraisal.step(StepName::Binding).unwrap();
    (step.outcome(), step.decisive().unwrap().cause)
}

const UNBOUND: (Outcome, Option<&str>) =
    (Outcome::Fail, Some("tee/channel-binding#tls-key-unbound"));

#[test]
fn the_legacy_form_is_found_under_both_numbers_and_binds_the_key() {
    for oid in [LEGACY, LEGACY_AS_WRITTEN] {
        let minted = certificate(vec![(oid, vec![3; 200])]);
        let found = presented(&minted.certificate);
        let expected = Presented {
            form: Form::Legacy,
            quote: vec![3; 200],
            binding: Binding::Key,
        };
        assert_eq!(found, [Ok(expected.clone())]);
        let info = minted.certificate.subject_public_key_info();
        let bound = report_data(sha256(info));
        let appraisal = judge(&minted.certificate, &expected, bound, AT);
        assert_eq!(ending(&appraisal), (Outcome::Pass, None));
        let other = report_data(sha256(b"another key"));
        assert_eq!(
            ending(&judge(&minted.certificate, &expected, other, AT)),
            UNBOUND
        );
    }
}

#[test]
fn the_tagged_form_comes_first_and_binds_by_claims() {
    let key = key();
    let info = public_key_info(&key);
    for (algorithm, digest) in [(1, sha256(&info).to_vec()), (7, sha384(&info).to_vec())] {
        let claims = claims(algorithm, &digest);
        let minted = certificate(vec![
            (LEGACY_AS_WRITTEN, vec![3; 200]),
            (TAGGED, tagged(&[4; 300], &claims)),
        ]);
        let found = presented(&minted.certificate);
        assert_eq!(found.len(), 2);
        let first = found[0].clone().unwrap();
        assert_eq!((first.form, first.quote.len()), (Form::Tagged, 300));
        assert_eq!(first.binding, Binding::Claims(claims.clone()));
        // These claims name a key that is not the certificate's: a quote that was copied.
        let data = report_data(sha256(&claims));
        assert_eq!(
            ending(&judge(&minted.certificate, &first, data, AT)),
            UNBOUND
        );
        // The digest of the claims alone does not do either.
        assert_eq!(
            ending(&judge(&minted.certificate, &first, [0; 64], AT)),
            UNBOUND
        );
    }

    let claims = claims(1, &sha256(&info));
    let minted = Wish {
        extensions: vec![(TAGGED, tagged(&[4; 300], &claims))],
        ..Wish::leaf("RATLS")
    }
    .self_signed_with(key);
    let first = presented(&minted.certificate)[0].clone().unwrap();
    let data = report_data(sha256(&claims));
    let appraisal = judge(&minted.certificate, &first, data, AT);
    assert_eq!(ending(&appraisal), (Outcome::Pass, None));
    let nonce = appraisal
        .claims
        .iter()
        .find(|claim| claim.name == "RA-TLS nonce");
    assert_eq!(nonce.unwrap().value, "09".repeat(16));
    // Claims may not change behind the quote.
    let other = Presented {
        binding: Binding::Claims([claims.as_slice(), &[0]].concat()),
        ..first
    };
    assert_eq!(
        ending(&judge(&minted.certificate, &other, data, AT)),
        UNBOUND
    );
}

#[test]
fn no_change_of_one_byte_of_the_claims_is_accepted() {
    let key = key();
    let claims = claims(1, &sha256(&public_key_info(&key)));
    let minted = Wish::leaf("RATLS").self_signed_with(key);
    let data = report_data(sha256(&claims));
    for at in 0..claims.len() {
        let mut changed = claims.clone();
        changed[at] ^= 1;
        // As they are, and with a quote made for the changed ones: then the key must still be in them.
        let for_changed = report_data(sha256(&changed));
        let first = Presented {
            form: Form::Tagged,
            quote: Vec::new(),
            binding: Binding::Claims(changed),
        };
        assert_eq!(
            ending(&judge(&minted.certificate, &first, data, AT)),
            UNBOUND
        );
        let digest = claims
            .windows(32)
            .position(|part| *part == sha256(minted.certificate.subject_public_key_info()))
            .unwrap();
        if (digest..digest + 32).contains(&at) {
            assert_eq!(
                ending(&judge(&minted.certificate, &first, for_changed, AT)),
                UNBOUND
            );
        }
    }
}

#[test]
fn both_forms_of_report_data_are_tried() {
    // A quote in the tagged form whose report data is that of the legacy form.
    let claims = claims(1, &[0; 32]);
    let minted = certificate(vec![(TAGGED, tagged(&[4; 300], &claims))]);
    let first = presented(&minted.certificate)[0].clone().unwrap();
    let data = report_data(sha256(minted.certificate.subject_public_key_info()));
    let appraisal = judge(&minted.certificate, &first, data, AT);
    assert_eq!(ending(&appraisal), (Outcome::Pass, None));
}

#[test]
fn bytes_behind_the_digest_are_not_ra_tls() {
    let minted = certificate(vec![(LEGACY, vec![3; 200])]);
    let first = presented(&minted.certificate)[0].clone().unwrap();
    let mut data = report_data(sha256(minted.certificate.subject_public_key_info()));
    data[63] = 1;
    let appraisal = judge(&minted.certificate, &first, data, AT);
    assert_eq!(ending(&appraisal), (Outcome::Unproven, None));
}

#[test]
fn tagged_evidence_of_another_shape_is_malformed() {
    let claims = claims(1, &[0; 32]);
    let good = tagged(&[4; 300], &claims);
    let mut report = good.clone();
    report[2] = 0x61;
    for (bad, why) in [
        (report, "tag 60001"),
        (vec![0xd9, 0xea, 0x60, 0x81, 0x40], "an array of 1"),
        ([good.as_slice(), &[0]].concat(), "more bytes follow"),
        (good[..good.len() - 1].to_vec(), "truncated"),
        (vec![0x01], "expected a CBOR tag"),
    ] {
        let minted = certificate(vec![(TAGGED, bad)]);
        let found = presented(&minted.certificate);
        let error = found[0].clone().unwrap_err();
        assert_eq!(error.form, Form::Tagged);
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(presented(&certificate(Vec::new()).certificate).is_empty());
}

/// As Gramine makes them: a key on P-384, signed with SHA-256, four bytes in the place of a quote under the number that it
/// writes. Made with OpenSSL, whose key is thrown away: the library that mints here knows SHA-384 alone for this curve.
const SIGNED_WITH_SHA256: &str = "-----BEGIN CERTIFICATE-----
MIIBlzCCAR2gAwIBAgIUd0nPij/oZpPC0+jDvNCF0RKUhP0wCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFUkFUTFMwIBcNMjYxMTI4MDU1OTU4WhgPMjEyNjExMDQwNTU5
NThaMBAxDjAMBgNVBAMMBVJBVExTMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEY1nq
QdArb2sXB8Qf7DFMfbBRWUDx5Ymn8+IYAMpzY+wCWP1xznDWLJ8QTX20mD5eYFzt
KOUs4aUUq9NyuDaRuFYV93CMmd+EAQY8Wq4w74qTHO/3h0tFsc3vVpkmpgBYozYw
NDATBgsGCSqGSIb4TYo5BgQEAwMDAzAdBgNVHQ4EFgQU9LB9nFHqCqPFxZ+aBXKL
N6kHUtIwCgYIKoZIzj0EAwIDaAAwZQIwRhOwp5ZqYmSFOTq49NBALIBcITtQkIxA
Gz+LavPL6hTRnndbFXkf8cWflr9UNhMzAjEA+bZqQbzby8SZV9lmiMzhtlgwcy/T
pEl0912CB4yNS4oFib1vijIHlIzpgxHWghqX
-----END CERTIFICATE-----";

#[test]
fn gramine_signs_with_sha256_on_p384() {
    let der = blocks(SIGNED_WITH_SHA256)[0].bytes.clone().unwrap();
    let certificate = Certificate::from_der(&der).unwrap();
    let first = presented(&certificate)[0].clone().unwrap();
    assert_eq!(first.quote, [3; 4]);
    let data = report_data(sha256(certificate.subject_public_key_info()));
    // 2027-01-01.
    let at = Instant(1_798_761_600);
    let appraisal = judge(&certificate, &first, data, at);
    assert_eq!(ending(&appraisal), (Outcome::Pass, None));
}

#[test]
fn the_certificate_checks_itself() {
    const SELF: Option<&str> = Some("tee/channel-binding#certificate-self-check");
    let minted = certificate(vec![(LEGACY, vec![3; 200])]);
    let first = presented(&minted.certificate)[0].clone().unwrap();
    let data = report_data(sha256(minted.certificate.subject_public_key_info()));
    // 2041.
    let late = Instant(2_240_611_200);
    let appraisal = judge(&minted.certificate, &first, data, late);
    assert_eq!(ending(&appraisal), (Outcome::Fail, SELF));

    // A byte of the quote inside the certificate.
    let mut der = minted.certificate.der().to_vec();
    let at = der.windows(8).position(|window| window == [3; 8]).unwrap();
    der[at] = 4;
    let changed = Certificate::from_der(&der).unwrap();
    assert_eq!(
        ending(&judge(&changed, &first, data, AT)),
        (Outcome::Fail, SELF)
    );

    // One that an authority issued does not sign itself.
    let authority = Wish::authority("Coordinator").self_signed();
    let issued = Wish {
        extensions: vec![(LEGACY, vec![3; 200])],
        ..Wish::leaf("RATLS")
    }
    .issued_by(&authority);
    let data = report_data(sha256(issued.certificate.subject_public_key_info()));
    let appraisal = judge(&issued.certificate, &first, data, AT);
    assert_eq!(ending(&appraisal), (Outcome::Pass, None));
}
