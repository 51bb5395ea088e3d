use super::*;
use crate::Policy;

const INIT_DATA: &str = "version = \"0.1.0\"\nalgorithm = \"sha384\"\n[data]\n";

/// What is written is a policy, and says what it was given.
fn parsed(derived: &Derived) -> Policy {
    let text = derived.to_toml();
    Policy::parse(&text).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

#[test]
fn init_data_is_pinned_for_both_kinds_of_machine() {
    let mut derived = Derived::default();
    derived
        .init_data("a\n[sgx]\nb.toml", INIT_DATA)
        .expect("init data");
    let policy = parsed(&derived);
    assert_eq!(policy.sgx, None, "a name stays in its comment");
    assert_eq!(policy.tdx.map(|tdx| tdx.mr_config_id.len()), Some(1));
    assert_eq!(policy.snp.map(|snp| snp.host_data.len()), Some(1));
    assert!(derived.init_data("x", "neither").is_err());
}

#[test]
fn mixtures_are_refused() {
    let mut section = Section::default();
    let pins = |first: &str, second: &str| {
        keyed(vec![
            ("mr-td", first.to_owned()),
            ("rtmr0", second.to_owned()),
        ])
    };
    assert_eq!(section.lists("a", pins("1", "2"), Vec::new()), Ok(()));
    assert_eq!(section.lists("a", pins("1", "2"), Vec::new()), Ok(()));
    assert_eq!(section.lists("b", pins("1", "3"), Vec::new()), Ok(()));
    let error = section.lists("c", pins("4", "5"), Vec::new()).unwrap_err();
    assert!(error.contains("mr-td and rtmr0"), "{error}");
}

#[test]
fn a_signature_file_must_be_one() {
    let mut derived = Derived::default();
    assert!(derived.sigstruct("x", &[0; 10]).is_err());
    let mut bytes = crate::sigstruct::tests::signed();
    derived.sigstruct("x", &bytes).expect("a signed one");
    let sgx = parsed(&derived).sgx.expect("a section");
    assert_eq!(sgx.mr_enclave, [crate::policy::Hex([0xc3; 32])]);
    assert!(sgx.mr_signer.is_empty(), "the signer is a comment only");
    assert!(derived.to_toml().contains("# mr-signer = [\""));
    // Another measurement under the old signature.
    bytes[960] ^= 1;
    let error = derived.sigstruct("x", &bytes).unwrap_err();
    assert!(error.contains("signature does not hold"), "{error}");
}
