//! Layouts by version.

use super::*;
use crate::tee::snp::{Product, SigningKey, TcbLayout};

fn report(version: u8) -> Vec<u8> {
    let mut bytes = vec![0; Report::SIZE];
    bytes[0] = version;
    bytes[0x180..0x188].copy_from_slice(&[1, 2, 3, 4, 0, 0, 7, 8]);
    bytes[0x188..0x18b].copy_from_slice(&[0x1a, 0x02, 0x01]);
    bytes[0x1e8..0x1eb].copy_from_slice(&[21, 55, 1]);
    bytes[0x1f8] = 5;
    bytes[0x200] = 6;
    bytes
}

#[test]
fn versions_differ_in_processor_and_mitigations() {
    let bytes = report(5);
    let parsed = Report::parse(&bytes).expect("a report");
    assert_eq!(parsed.cpuid.and_then(Cpuid::product), Some(Product::Turin));
    let vectors = MitigationVectors {
        launch: 5,
        current: 6,
    };
    assert_eq!(parsed.mitigations, Some(vectors));
    assert_eq!(parsed.reserved_set, None);
    let bytes = report(4);
    let older = Report::parse(&bytes).expect("a report");
    assert_eq!(older.mitigations, parsed.mitigations);
    assert_eq!(parsed.current_firmware.to_string(), "1.55.21");
    let bytes = report(3);
    let parsed = Report::parse(&bytes).expect("a report");
    assert_eq!(parsed.mitigations, None);
    assert_eq!(parsed.reserved_set, Some(0x1f8));
    let bytes = report(2);
    let parsed = Report::parse(&bytes).expect("a report");
    assert_eq!(parsed.cpuid, None);
    assert_eq!(parsed.reserved_set, Some(0x188));
}

#[test]
fn components_stand_elsewhere_on_turin() {
    let bytes = report(5);
    let tcb = Report::parse(&bytes).expect("a report").reported_tcb;
    let shown = |layout| tcb.components(layout).to_string();
    assert_eq!(
        shown(TcbLayout::BootloaderFirst),
        "bootloader 1, tee 2, snp 7, microcode 8"
    );
    assert_eq!(
        shown(TcbLayout::FmcFirst),
        "fmc 1, bootloader 2, tee 3, snp 4, microcode 8"
    );
}

#[test]
fn numbers_of_the_signature_are_turned_and_must_fit() {
    let mut bytes = report(2);
    bytes[0x2a0] = 1;
    bytes[0x2a0 + 72 + 47] = 2;
    let parsed = Report::parse(&bytes).expect("a report").signature;
    let fixed = parsed.big_endian().expect("fits");
    assert_eq!((fixed[47], fixed[48]), (1, 2));
    bytes[0x2a0 + 48] = 1;
    let parsed = Report::parse(&bytes).expect("a report").signature;
    assert_eq!(parsed.big_endian(), None);
    bytes[0x49f] = 1;
    let parsed = Report::parse(&bytes).expect("a report").signature;
    assert_eq!(parsed.reserved_set, Some(0x49f));
}

#[test]
fn every_truncation_is_an_error_that_names_a_field() {
    let bytes = report(5);
    for length in 0..Report::SIZE {
        assert!(Report::parse(&bytes[..length]).is_err(), "{length}");
    }
    assert!(Report::parse(&report(1)).is_err());
}

#[test]
fn bits_have_their_names() {
    let policy = GuestPolicy(0x0b_1f37);
    assert_eq!(policy.abi(), (0x1f, 0x37));
    assert!(policy.allows_smt() && policy.has_reserved_one() && policy.allows_debug());
    assert!(!policy.allows_migration_agent());
    assert_eq!(GuestPolicy(1 << 26).unknown(), 1 << 26);
    assert_eq!(PlatformInfo(0x27 | 1 << 6).unknown(), 1 << 6);
    assert_eq!(KeyInfo(4).signing_key(), SigningKey::Vlek);
    assert_eq!(KeyInfo(28).signing_key(), SigningKey::None);
    assert_eq!(KeyInfo(8).signing_key(), SigningKey::Reserved(2));
}
