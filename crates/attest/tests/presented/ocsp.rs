//! Responses about the certificates of a GPU under a root of the test's own: what they show, and what nobody may make them show.

use evidence::intel::{AT, YEARS};
use evidence::nvidia::{Gpu, Nvidia};
use evidence::ocsp::{NamedBy, Purpose, Responder, Response, Single, Status};
use evidence::{Authority, Names, Window};
use wardline_attest::nvidia::appraise;
use wardline_attest::x509::{Certificate, OcspError, OcspResponse};
use wardline_attest::{
    Appraisal, Check, Collateral, Instant, Outcome, Policy, Roots, StepName, Verifier, base64,
};

const NONCE: [u8; 32] = [7; 32];
/// The boot ROM's, which NVIDIA's responder alone speaks of.
const ROM: u64 = 7;
const HOUR: i64 = 3_600;
/// From an hour before the appraisal to the next day, as NVIDIA's responder says it.
const DAY: Window = (AT - HOUR, AT + 23 * HOUR);
/// Over before the appraisal.
const OVER: Window = (AT - 30 * HOUR, AT - 6 * HOUR);

const HOLD: Status = Status::Revoked(AT - 40 * HOUR, Some(6));
const COMPROMISED: Status = Status::Revoked(AT - 40 * HOUR, Some(1));

/// A GPU, whose root has a list, and whose boot ROM is told of by responses alone.
struct Scene {
    nvidia: Nvidia,
    gpu: Gpu,
    responder: Responder,
}

/// How the look-up of the boot ROM ended, and the window of what it ended by.
struct Found {
    revocation: Check,
    window: Option<Check>,
}

impl Scene {
    fn new() -> Self {
        let nvidia = Nvidia::new(YEARS);
        Scene {
            gpu: nvidia.gpu(ROM),
            responder: nvidia.authorities()[0].responder(
                named("OCSP Responder L3"),
                YEARS,
                Purpose::Unchecked,
            ),
            nvidia,
        }
    }

    /// The authority over boot ROMs.
    fn provisioner(&self) -> &Authority {
        self.nvidia.authorities()[0]
    }

    fn root(&self) -> &Authority {
        self.nvidia.authorities()[1]
    }

    /// A response of the usual responder.
    fn says(&self, status: Status, window: Window) -> Vec<u8> {
        self.signed(&Response::about(Single::new(ROM, status, window)))
    }

    fn signed(&self, response: &Response) -> Vec<u8> {
        response.signed(self.provisioner(), &self.responder)
    }

    fn appraise(&self, collateral: &[Vec<u8>]) -> Appraisal {
        let mut at_hand = Collateral::default();
        at_hand.add(&self.root().revoke(&[], YEARS)).unwrap();
        for one in collateral {
            at_hand.add(one).unwrap();
        }
        self.appraise_leaning_on(at_hand)
    }

    fn appraise_leaning_on(&self, collateral: Collateral) -> Appraisal {
        let read = |der: &[u8]| Certificate::from_der(der).unwrap();
        let roots = Roots {
            intel: Vec::new(),
            amd: Vec::new(),
            nvidia: vec![read(self.nvidia.root())],
            nvidia_rim: Vec::new(),
        };
        let verifier = Verifier::new(roots, collateral, Policy::default(), Instant(AT));
        let chain: Vec<_> = self.gpu.chain.iter().map(|der| read(der)).collect();
        appraise(&verifier, &self.gpu.evidence(&NONCE), &chain, Some(&NONCE))
    }

    fn find(&self, collateral: &[Vec<u8>]) -> Found {
        found(&self.appraise(collateral))
    }
}

impl Found {
    fn is(&self, outcome: Outcome, cause: Option<&str>, text: &str) -> bool {
        let check = &self.revocation;
        let all = format!("{} {}", check.value, check.detail);
        check.outcome == outcome && check.cause == cause && all.contains(text)
    }

    fn is_clear(&self) -> bool {
        let by_window = self.window.as_ref().map(|check| check.outcome);
        self.is(Outcome::Pass, None, "good") && by_window == Some(Outcome::Pass)
    }

    fn is_revoked(&self, text: &str) -> bool {
        self.is(Outcome::Fail, Some("tee/evidence-genuine#revoked"), text)
    }

    fn is_open(&self, text: &str) -> bool {
        let cause = Some("tee/evidence-genuine#revocation-unknown");
        self.is(Outcome::Unproven, cause, text)
    }

    fn is_forged(&self) -> bool {
        let cause = Some("tee/evidence-genuine#bad-signature");
        self.is(Outcome::Fail, cause, "OCSP response at hand is not signed")
    }

    fn window(&self) -> (Outcome, Option<&'static str>) {
        let window = self.window.as_ref().unwrap();
        (window.outcome, window.cause)
    }
}

fn found(appraisal: &Appraisal) -> Found {
    let with = |step, text: &str| {
        let mut checks = appraisal.step(step).unwrap().checks.iter();
        checks.find(|check| check.what.contains(text)).cloned()
    };
    let about = "revocation of `GH100 A01 GSP BROM`";
    Found {
        revocation: with(StepName::Revocation, about).unwrap(),
        window: with(
            StepName::Collateral,
            "OCSP response about `GH100 A01 GSP BROM`",
        ),
    }
}

fn named(common: &str) -> Names<'_> {
    Names { common, serial: 77 }
}

#[test]
fn good_counts_from_the_authority_and_from_a_responder_of_it() {
    let scene = Scene::new();
    assert!(scene.find(&[]).is_open("no OCSP response about this"));
    let good = scene.says(Status::Good, DAY);
    assert!(scene.find(std::slice::from_ref(&good)).is_clear());
    let appraisal = scene.appraise(&[good]);
    assert_eq!(appraisal.outcome(StepName::Revocation), Outcome::Pass);
    assert_eq!(appraisal.outcome(StepName::Collateral), Outcome::Pass);
    for by_key in [true, false] {
        let response = Response {
            by_key,
            extensions: Vec::new(),
            ..Response::about(Single::new(ROM, Status::Good, DAY))
        };
        assert!(scene.find(&[scene.signed(&response)]).is_clear());
        let authority = scene.provisioner();
        let own = response.signed(authority, &authority.as_responder());
        assert!(scene.find(&[own]).is_clear());
    }
}

#[test]
fn the_issuer_may_be_named_by_any_of_four_digests() {
    let scene = Scene::new();
    for named_by in [
        NamedBy::Sha1,
        NamedBy::Sha256,
        NamedBy::Sha384,
        NamedBy::Sha512,
    ] {
        let single = Single {
            named_by,
            ..Single::new(ROM, Status::Good, DAY)
        };
        let response = scene.signed(&Response::about(single));
        assert!(scene.find(&[response]).is_clear(), "{named_by:?}");
    }
}

#[test]
fn every_form_of_the_file_is_recognised() {
    let scene = Scene::new();
    let der = scene.says(Status::Good, DAY);
    let hexadecimal: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
    let encoded = base64::encode(&der);
    let pem = format!("-----BEGIN OCSP RESPONSE-----\n{encoded}\n-----END OCSP RESPONSE-----\n");
    for form in [hexadecimal, encoded, pem] {
        assert!(scene.find(&[form.into_bytes()]).is_clear());
    }
}

#[test]
fn what_was_revoked_stays_revoked() {
    let scene = Scene::new();
    let good = scene.says(Status::Good, DAY);
    let why = "since 2026-01-13 (keyCompromise)";
    for window in [DAY, OVER, (AT + HOUR, AT + 2 * HOUR)] {
        let revoked = scene.says(COMPROMISED, window);
        for all in [
            vec![revoked.clone()],
            vec![revoked.clone(), good.clone()],
            vec![good.clone(), revoked.clone()],
        ] {
            assert!(scene.find(&all).is_revoked(why));
        }
    }
    // One response, two answers.
    for statuses in [[Status::Good, COMPROMISED], [COMPROMISED, Status::Good]] {
        let answers = statuses.map(|status| Single::new(ROM, status, DAY));
        let response = Response {
            answers: answers.to_vec(),
            ..Response::about(Single::new(ROM, Status::Good, DAY))
        };
        assert!(scene.find(&[scene.signed(&response)]).is_revoked(why));
    }
    let silent = scene.says(Status::Revoked(AT, None), DAY);
    assert!(scene.find(&[silent]).is_revoked("no reason given"));
    // A list, and a response that came later.
    let list = scene.provisioner().revoke(&[ROM], (YEARS.0, AT - HOUR));
    assert!(scene.find(&[list, good]).is_revoked("on the list of"));
}

#[test]
fn a_hold_stands_until_a_newer_answer_lifts_it() {
    let scene = Scene::new();
    let earlier = (DAY.0 - HOUR, DAY.1);
    let [first, second] = [earlier, DAY].map(|window| scene.says(HOLD, window));
    for held in [&first, &second] {
        let alone = std::slice::from_ref(held);
        assert!(scene.find(alone).is_revoked("on hold"));
    }
    assert!(
        scene
            .find(&[scene.says(HOLD, OVER)])
            .is_revoked("on hold (certificateHold)")
    );
    let [early, late] = [earlier, DAY].map(|window| scene.says(Status::Good, window));
    assert!(scene.find(&[first.clone(), late.clone()]).is_clear());
    assert!(scene.find(&[late.clone(), first.clone()]).is_clear());
    assert!(scene.find(&[second.clone(), early]).is_revoked("on hold"));
    // At the same time the hold counts.
    assert!(scene.find(&[second, late]).is_revoked("on hold"));
    let stale = scene.says(Status::Good, (earlier.0 + 1, AT - 1));
    assert!(scene.find(&[first, stale]).is_revoked("on hold"));
}

#[test]
fn unknown_shows_nothing_and_the_newest_decides() {
    let scene = Scene::new();
    let unknown = scene.says(Status::Unknown, DAY);
    let found = scene.find(std::slice::from_ref(&unknown));
    assert!(found.is_open("unknown: the responder does not know this certificate"));
    assert_eq!(found.window(), (Outcome::Pass, None));
    let [before, after] = [-60, 60].map(|by| scene.says(Status::Good, (DAY.0 + by, DAY.1)));
    assert!(scene.find(&[before, unknown.clone()]).is_open("unknown"));
    assert!(scene.find(&[unknown, after]).is_clear());
    // Of two of one second the worse one.
    let both = [Status::Good, Status::Unknown].map(|status| scene.says(status, DAY));
    assert!(scene.find(&both).is_open("unknown"));
}

#[test]
fn good_counts_in_its_window_only() {
    let scene = Scene::new();
    let found = scene.find(&[scene.says(Status::Good, OVER)]);
    assert!(found.is_open("is not current"));
    let expired = Some("tee/collateral-freshness#expired");
    assert_eq!(found.window(), (Outcome::Fail, expired));
    for (window, is_current) in [
        ((AT - HOUR, AT), true),
        ((AT - HOUR, AT - 1), false),
        // The clock of a responder may be ahead.
        ((AT + 300, AT + HOUR), true),
        ((AT + 301, AT + HOUR), false),
        ((AT + 300, AT + 200), true),
        ((AT + 200, AT - 200), false),
    ] {
        let found = scene.find(&[scene.says(Status::Good, window)]);
        assert_eq!(found.is_clear(), is_current, "{window:?}");
    }
    let later = scene.find(&[scene.says(Status::Good, (AT + HOUR, AT + 2 * HOUR))]);
    assert!(later.is_open("was made after the time of appraisal"));
    assert_eq!(later.window(), (Outcome::Unproven, None));
    // One that is over beside one that is not.
    let both = [OVER, DAY].map(|window| scene.says(Status::Good, window));
    assert!(scene.find(&both).is_clear());
}

#[test]
fn without_an_end_it_counts_for_an_hour() {
    let scene = Scene::new();
    for (age, is_current) in [(0, true), (HOUR, true), (HOUR + 1, false)] {
        let single = Single {
            next_update: None,
            ..Single::new(ROM, Status::Good, (AT - age, 0))
        };
        let found = scene.find(&[scene.signed(&Response::about(single))]);
        assert_eq!(found.is_clear(), is_current, "{age}");
        assert_eq!(found.window().0 == Outcome::Pass, is_current, "{age}");
    }
}

#[test]
fn nobody_else_may_answer() {
    let scene = Scene::new();
    let other = Nvidia::new(YEARS);
    let [stranger, _] = other.authorities();
    let response = Response::about(Single::new(ROM, Status::Good, DAY));
    let certified =
        |by: &Authority, purpose| by.responder(named("OCSP Responder L3"), YEARS, purpose);
    for (who, responder) in [
        (
            "certified for something else",
            certified(scene.provisioner(), Purpose::Other),
        ),
        (
            "of an authority of the same name",
            certified(stranger, Purpose::Unchecked),
        ),
        ("an authority of the same name", stranger.as_responder()),
        ("above the issuer", scene.root().as_responder()),
        (
            "of the authority above the issuer",
            certified(scene.root(), Purpose::Unchecked),
        ),
        (
            "whose certificate nobody has",
            certified(scene.provisioner(), Purpose::Unchecked).without_certificate(),
        ),
    ] {
        let forged = response.signed(scene.provisioner(), &responder);
        assert!(
            scene.find(std::slice::from_ref(&forged)).is_forged(),
            "{who}"
        );
        // Beside a genuine one it does no harm, as a forged list does none.
        let all = [forged, scene.says(Status::Good, DAY)];
        assert!(scene.find(&all).is_clear(), "{who}");
    }
    // The right key under a name that is not its own.
    let by_name = Response {
        by_key: false,
        ..response
    };
    let misnamed = certified(scene.provisioner(), Purpose::Unchecked).called("Somebody else");
    let misnamed = by_name.signed(scene.provisioner(), &misnamed);
    assert!(scene.find(&[misnamed]).is_forged());
    // Neither does a forged revocation withdraw anything.
    let forged = Response::about(Single::new(ROM, COMPROMISED, DAY)).signed(
        scene.provisioner(),
        &certified(stranger, Purpose::Unchecked),
    );
    assert!(scene.find(&[forged]).is_forged());
}

#[test]
fn a_responders_certificate_may_be_given_besides() {
    let scene = Scene::new();
    let certificate = scene.responder.certificate().unwrap().to_vec();
    let responder = scene.responder.without_certificate();
    let scene = Scene { responder, ..scene };
    let response = scene.says(Status::Good, DAY);
    assert!(scene.find(std::slice::from_ref(&response)).is_forged());
    assert!(scene.find(&[response, certificate]).is_clear());
}

#[test]
fn a_responder_must_stand_itself() {
    let mut scene = Scene::new();
    let expired = Some("tee/collateral-freshness#expired");
    let names = named("OCSP Responder L3");
    // Its certificate ended.
    let window = (YEARS.0, AT - 1);
    scene.responder = scene
        .provisioner()
        .responder(names, window, Purpose::Unchecked);
    let found = scene.find(&[scene.says(Status::Good, DAY)]);
    assert!(found.is_open("of its responder does not hold"));
    assert_eq!(found.window(), (Outcome::Fail, expired));
    assert!(scene.find(&[scene.says(COMPROMISED, DAY)]).is_revoked("by"));
    // Nobody said that it need not be asked about.
    scene.responder = scene
        .provisioner()
        .responder(names, YEARS, Purpose::Checked);
    let good = scene.says(Status::Good, DAY);
    let found = scene.find(std::slice::from_ref(&good));
    assert!(found.is_open("whether its responder is revoked is not known"));
    let list = scene.provisioner().revoke(&[], (YEARS.0, YEARS.1));
    assert!(scene.find(&[good, list]).is_clear());
    // It was revoked, whatever its certificate says.
    scene.responder = scene
        .provisioner()
        .responder(names, YEARS, Purpose::Unchecked);
    let list = scene.provisioner().revoke(&[77], (YEARS.0, AT - 1));
    let found = scene.find(&[scene.says(Status::Good, DAY), list]);
    assert!(found.is_open("its responder is revoked"));
}

#[test]
fn an_answer_about_another_certificate_is_none_about_this_one() {
    let scene = Scene::new();
    let other_number = Response::about(Single::new(ROM + 1, Status::Good, DAY));
    let other_issuer = Response::about(Single::new(ROM, Status::Good, DAY))
        .signed(scene.root(), &scene.root().as_responder());
    // An authority of the same name with another key.
    let other = Nvidia::new(YEARS);
    let [namesake, _] = other.authorities();
    let other_key = Response::about(Single::new(ROM, Status::Good, DAY))
        .signed(namesake, &namesake.as_responder());
    // One of another name with the same key.
    let other_name = scene.signed(&Response::about(Single {
        called: Some("Provisioner ICA 2".to_owned()),
        ..Single::new(ROM, Status::Good, DAY)
    }));
    let number = scene.signed(&other_number);
    for response in [number, other_issuer, other_key, other_name] {
        assert!(scene.find(&[response]).is_open("no OCSP response about"));
    }
    // Of several answers the one that is meant counts.
    let answers = [(ROM + 1, COMPROMISED), (ROM, Status::Good)]
        .map(|(serial, status)| Single::new(serial, status, DAY));
    let response = Response {
        answers: answers.to_vec(),
        ..other_number
    };
    assert!(scene.find(&[scene.signed(&response)]).is_clear());
}

#[test]
fn no_change_of_one_byte_makes_it_good() {
    let scene = Scene::new();
    // The other way round it must not hide a revocation either: it is forged, or it is no response.
    let mut judged = 0;
    for status in [Status::Good, COMPROMISED] {
        let genuine = scene.says(status, DAY);
        for at in 0..genuine.len() {
            for change in [0x01, 0x80] {
                let mut changed = genuine.clone();
                changed[at] ^= change;
                let mut collateral = Collateral::default();
                if collateral.add(&changed).is_err() {
                    continue;
                }
                judged += 1;
                let found = found(&scene.appraise_leaning_on(collateral));
                let outcome = found.revocation.outcome;
                assert_ne!(outcome, Outcome::Pass, "byte {at}, {change:#x}");
                assert!(!found.is_revoked(""), "byte {at}, {change:#x}");
            }
        }
    }
    // Most changes leave a response that can be read.
    assert!(judged > 1_000, "{judged}");
}

#[test]
fn a_part_of_it_or_more_than_it_is_no_response() {
    let scene = Scene::new();
    let whole = scene.says(Status::Good, DAY);
    assert!(OcspResponse::from_der(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(OcspResponse::from_der(&whole[..length]).is_err());
    }
    for behind in [&[0][..], &[5, 0], &whole] {
        let more = [&whole, behind].concat();
        assert!(matches!(
            OcspResponse::from_der(&more),
            Err(OcspError::Der(_))
        ));
    }
}

#[test]
fn what_must_be_known_and_is_not_ends_it() {
    const UNKNOWN: [u32; 9] = [1, 3, 6, 1, 4, 1, 99999, 1, 1];
    const NONCE: [u32; 10] = [1, 3, 6, 1, 5, 5, 7, 48, 1, 2];
    let scene = Scene::new();
    let with = |arcs: &[u32], is_critical| {
        let response = Response {
            extensions: vec![(arcs.to_vec(), is_critical, vec![5, 0])],
            ..Response::about(Single::new(ROM, Status::Good, DAY))
        };
        scene.signed(&response)
    };
    let of_an_answer = |is_critical| {
        let single = Single {
            extensions: vec![(UNKNOWN.to_vec(), is_critical, vec![5, 0])],
            ..Single::new(ROM, Status::Good, DAY)
        };
        scene.signed(&Response::about(single))
    };
    for critical in [with(&UNKNOWN, true), of_an_answer(true)] {
        let error = OcspResponse::from_der(&critical).unwrap_err();
        assert_eq!(
            error.to_string(),
            "OCSP response: the critical extension 1.3.6.1.4.1.99999.1.1 is not known here"
        );
    }
    for other in [with(&UNKNOWN, false), of_an_answer(false)] {
        assert!(scene.find(&[other]).is_clear());
    }
    assert!(scene.find(&[with(&NONCE, true)]).is_clear());
}

#[test]
fn no_answer_says_why_and_too_much_is_refused() {
    // What NVIDIA's responder says of a device's own certificate.
    let refused = Collateral::default()
        .add(&[0x30, 3, 0x0a, 1, 6])
        .unwrap_err();
    assert!(
        refused.to_string().contains("gave no answer: unauthorized"),
        "{refused}"
    );
    let scene = Scene::new();
    let many = |count| {
        let single = Single::new(ROM, Status::Good, DAY);
        let response = Response {
            answers: vec![single.clone(); count],
            ..Response::about(single)
        };
        OcspResponse::from_der(&scene.signed(&response)).map(|_| ())
    };
    assert_eq!(many(256), Ok(()));
    assert_eq!(many(257), Err(OcspError::TooMany("answers")));
    // Nobody signs how it was signed, so it stands there in one way only.
    let response = Response {
        parameters: vec![5, 0],
        ..Response::about(Single::new(ROM, Status::Good, DAY))
    };
    let error = OcspResponse::from_der(&scene.signed(&response)).unwrap_err();
    assert!(matches!(error, OcspError::UnknownAlgorithm(_)), "{error}");
    let long = vec![0x30; (64 << 10) + 1];
    let error = OcspResponse::from_der(&long).unwrap_err();
    assert_eq!(error, OcspError::TooLong(long.len()));
}
