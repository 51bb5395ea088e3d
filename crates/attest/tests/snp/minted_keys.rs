//! Keys, chains and revocation of processors of our own.

use crate::support::authority::{Authority, ENDORSEMENT, INTERMEDIATE};
use crate::support::report::Report;
use crate::support::scene::{CHIP, MILAN, PROTECTED, Scene, TCB};
use crate::support::{assert_step, outcomes};
use attest::{Instant, Outcome, StepName, Verdict};

const TURIN: [u8; 3] = [0x1a, 0x02, 0x01];
const MISMATCH: Option<&str> = Some("tee/evidence-genuine#snp-key-mismatch");

#[test]
fn a_wrapped_hardware_id_is_read() {
    let appraisal = Scene::endorsed(|endorses| endorses.is_wrapped = true).appraise();
    assert_eq!(outcomes(&appraisal), PROTECTED);
}

#[test]
fn revoked_keys() {
    let authority = Authority::new("Milan");
    for serial in [INTERMEDIATE, ENDORSEMENT] {
        let mut scene = Scene::of(
            &authority,
            &authority.usual(TCB, &CHIP),
            Report::new(3, MILAN, TCB, &CHIP),
        );
        scene.lists = vec![authority.list(&[1, serial])];
        let appraisal = scene.appraise();
        assert_step(
            &appraisal,
            StepName::Revocation,
            Outcome::Fail,
            Some("tee/evidence-genuine#revoked"),
        );
        assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
    }
}

#[test]
fn missing_stale_and_forged_lists() {
    let mut scene = Scene::milan(|report| report);
    let unknown = Some("tee/evidence-genuine#revocation-unknown");
    let genuine = std::mem::take(&mut scene.lists);
    assert_step(
        &scene.appraise(),
        StepName::Revocation,
        Outcome::Unproven,
        unknown,
    );
    scene.lists = vec![Authority::new("Milan").list(&[INTERMEDIATE])];
    let bad = Some("tee/evidence-genuine#bad-signature");
    assert_step(&scene.appraise(), StepName::Revocation, Outcome::Fail, bad);
    scene.lists.extend(genuine);
    assert_step(&scene.appraise(), StepName::Revocation, Outcome::Pass, None);
    scene.at = Instant::parse("2028-01-01T00:00:00Z").expect("an instant");
    let appraisal = scene.appraise();
    assert_step(&appraisal, StepName::Revocation, Outcome::Unproven, unknown);
    assert_step(
        &appraisal,
        StepName::Collateral,
        Outcome::Fail,
        Some("tee/collateral-freshness#expired"),
    );
    assert_step(&appraisal, StepName::Chain, Outcome::Pass, None);
    scene.at = Instant::parse("2024-06-01T00:00:00Z").expect("an instant");
    // A list that was made later knows more than one of that time.
    assert_step(&scene.appraise(), StepName::Revocation, Outcome::Pass, None);
}

#[test]
fn a_root_of_the_same_name_is_another_root() {
    let mut scene = Scene::milan(|report| report);
    let own = std::mem::replace(&mut scene.roots, vec![Authority::new("Milan").root()]);
    let not_pinned = Some("tee/evidence-genuine#root-not-pinned");
    // The evidence brings the root that it wants to be believed.
    scene.certificates.extend(own);
    assert_step(
        &scene.appraise(),
        StepName::Chain,
        Outcome::Fail,
        not_pinned,
    );
    scene.certificates.pop();
    let appraisal = scene.appraise();
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Fail);
    assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
}

#[test]
fn a_chain_to_the_root_of_another_product() {
    let authority = Authority::new("Milan");
    let mut endorses = authority.usual(TCB, &CHIP);
    endorses.product = "Genoa-B1";
    let scene = Scene::of(
        &authority,
        &endorses,
        Report::new(3, [0x19, 0x11, 1], TCB, &CHIP),
    );
    let appraisal = scene.appraise();
    assert_step(
        &appraisal,
        StepName::Chain,
        Outcome::Fail,
        Some("tee/evidence-genuine#root-not-pinned"),
    );
    assert_step(&appraisal, StepName::Key, Outcome::Pass, None);
}

#[test]
fn a_missing_intermediate_is_not_a_failure() {
    let mut scene = Scene::milan(|report| report);
    scene.certificates.truncate(1);
    let appraisal = scene.appraise();
    assert_step(
        &appraisal,
        StepName::Chain,
        Outcome::Unproven,
        Some("tee/evidence-genuine#root-not-pinned"),
    );
    assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
}

#[test]
fn expired_certificates() {
    let mut scene = Scene::milan(|report| report);
    scene.at = Instant::parse("2032-01-01T00:00:00Z").expect("an instant");
    let expired = Some("tee/evidence-genuine#expired-at-evidence-time");
    assert_step(&scene.appraise(), StepName::Chain, Outcome::Fail, expired);
    scene.at = Instant::parse("2023-01-01T00:00:00Z").expect("an instant");
    assert_step(&scene.appraise(), StepName::Chain, Outcome::Fail, expired);
}

#[test]
fn keys_that_do_not_belong_to_the_report() {
    let other_chip = Scene::endorsed(|endorses| endorses.chip = Some(vec![0xc3; 64]));
    let other_tcb = Scene::endorsed(|endorses| endorses.tcb[7] = 216);
    let providers = Scene::endorsed(|endorses| endorses.chip = None);
    let other_product = Scene::milan(|report| report.with(0x188, &TURIN));
    let masked_key = Scene::milan(|report| report.with(0x48, &[2]));
    for scene in [other_chip, other_tcb, providers, other_product, masked_key] {
        let appraisal = scene.appraise();
        assert_step(&appraisal, StepName::Key, Outcome::Fail, MISMATCH);
        assert_step(&appraisal, StepName::Chain, Outcome::Pass, None);
        assert_eq!(appraisal.verdict(), Verdict::Exposed);
    }
}

#[test]
fn a_certificate_without_versions_vouches_for_nothing() {
    let scene = Scene::endorsed(|endorses| endorses.product = "Rome-A0");
    assert_step(&scene.appraise(), StepName::Key, Outcome::Fail, MISMATCH);
}

#[test]
fn a_masked_chip_cannot_be_told() {
    let scene = Scene::milan(|report| report.with(0x1a0, &[0; 64]));
    let appraisal = scene.appraise();
    assert_step(&appraisal, StepName::Key, Outcome::Unproven, MISMATCH);
    assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
    assert_eq!(appraisal.verdict(), Verdict::Unproven);
}

#[test]
fn the_right_key_is_found_among_many() {
    let authority = Authority::new("Milan");
    let mut scene = Scene::of(
        &authority,
        &authority.usual(TCB, &CHIP),
        Report::new(3, MILAN, TCB, &CHIP),
    );
    for at in 0..6 {
        let mut tcb = TCB;
        tcb[7] -= at;
        let other = authority.endorse(&authority.usual(tcb, &CHIP));
        scene.certificates.insert(0, other.certificate);
    }
    assert_eq!(outcomes(&scene.appraise()), PROTECTED);
}

#[test]
fn a_key_of_the_collateral_is_found_by_its_chip() {
    let authority = Authority::new("Milan");
    let report = Report::new(3, MILAN, TCB, &CHIP);
    let mut scene = Scene::of(&authority, &authority.usual(TCB, &CHIP), report);
    scene.kept = std::mem::take(&mut scene.certificates);
    for chip in 0..20 {
        let other = authority.endorse(&authority.usual(TCB, &[chip; 64]));
        scene.kept.insert(0, other.certificate);
    }
    assert_eq!(outcomes(&scene.appraise()), PROTECTED);
}

#[test]
fn a_key_of_the_collateral_is_found_by_a_short_chip() {
    let authority = Authority::new("Turin");
    let (tcb, chip) = ([1, 2, 3, 4, 0, 0, 0, 80], [0xc2; 8]);
    let report = Report::new(3, TURIN, tcb, &chip);
    let mut scene = Scene::of(&authority, &authority.usual(tcb, &chip), report);
    scene.kept = std::mem::take(&mut scene.certificates);
    assert_eq!(outcomes(&scene.appraise()), PROTECTED);
}

#[test]
fn a_key_of_the_collateral_is_found_by_versions_where_the_chip_is_masked() {
    let authority = Authority::new("Milan");
    let report = Report::new(3, MILAN, TCB, &[0; 64]);
    let mut scene = Scene::of(&authority, &authority.usual(TCB, &CHIP), report);
    scene.kept = std::mem::take(&mut scene.certificates);
    for microcode in 0..100 {
        let mut tcb = TCB;
        tcb[7] = microcode;
        let other = authority.endorse(&authority.usual(tcb, &CHIP));
        scene.kept.insert(0, other.certificate);
    }
    let appraisal = scene.appraise();
    assert_step(&appraisal, StepName::Signature, Outcome::Pass, None);
    assert_step(&appraisal, StepName::Key, Outcome::Unproven, MISMATCH);
}

#[test]
fn a_providers_key_needs_no_chip() {
    let authority = Authority::new("Milan");
    let mut endorses = authority.usual(TCB, &CHIP);
    endorses.chip = None;
    let report = Report::new(3, MILAN, TCB, &[0; 64]).with(0x48, &[4]);
    let scene = Scene::of(&authority, &endorses, report);
    assert_eq!(outcomes(&scene.appraise()), PROTECTED);
}

#[test]
fn a_key_on_another_certificate_does_not_hide_the_right_one() {
    // The host puts a certificate of its own, with the chip's own numbers, in front.
    let own = Authority::new("Milan");
    let mut scene = Scene::milan(|report| report);
    let forged = own.endorse(&own.usual(TCB, &CHIP)).certificate;
    scene.certificates.insert(0, forged);
    scene.certificates.insert(0, own.intermediate());
    assert_eq!(outcomes(&scene.appraise()), PROTECTED);
}

#[test]
fn chains_are_kept_and_results_are_not() {
    let scene = Scene::milan(|report| report);
    let verifier = scene.verifier();
    let appraise = |report: &[u8]| {
        attest::snp::appraise(
            &verifier,
            report,
            &scene.certificates,
            scene.nonce.as_deref(),
        )
    };
    assert_eq!(outcomes(&appraise(&scene.report)), PROTECTED);
    let mut changed = scene.report.clone();
    changed[0x90] ^= 1;
    let bad = Some("tee/evidence-genuine#bad-signature");
    assert_step(&appraise(&changed), StepName::Signature, Outcome::Fail, bad);
    assert_eq!(outcomes(&appraise(&scene.report)), PROTECTED);
    // The same leaf without its intermediate is another chain.
    let alone = scene.certificates.get(..1).unwrap_or_default();
    let appraisal = attest::snp::appraise(&verifier, &scene.report, alone, None);
    assert_eq!(appraisal.outcome(StepName::Chain), Outcome::Unproven);
}
