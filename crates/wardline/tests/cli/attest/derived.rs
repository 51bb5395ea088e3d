//! `wardline attest init`.

use super::Scene;

const INIT_DATA: &str = "version = \"0.1.0\"\nalgorithm = \"sha384\"\n[data]\n";

#[test]
fn a_policy_of_a_run_admits_that_run_alone() {
    let scene = Scene::new("attest-init");
    let answer = scene.lab.run(&[
        "attest",
        "init",
        "--evidence",
        "tdx.bin",
        "--evidence",
        "sgx.bin",
        "-o",
        "policy2.toml",
    ]);
    assert_eq!(answer.status, 0, "{}", answer.err);
    std::fs::copy(
        scene.lab.path("policy2.toml"),
        scene.lab.path("policy.toml"),
    )
    .unwrap();
    let verified = scene.verify_fully(&["tdx.bin", "sgx.bin"]);
    assert_eq!(verified.status, 0, "{}", verified.out);
    let text = scene.lab.read("policy2.toml");
    assert!(
        text.contains("# Trusts the run that made tdx.bin"),
        "{text}"
    );
    let again = scene.lab.run(&[
        "attest",
        "init",
        "--evidence",
        "sgx.bin",
        "-o",
        "policy2.toml",
    ]);
    assert_eq!(again.status, 2);
    assert!(again.err.contains("it stays as it is"));
    assert_eq!(scene.lab.read("policy2.toml"), text);
    let changed = text.replace("a2a2", "a2a3");
    std::fs::write(scene.lab.path("policy.toml"), changed).unwrap();
    assert_eq!(scene.verify_fully(&["tdx.bin"]).status, 1);
}

#[test]
fn init_data_is_digested() {
    let scene = Scene::new("attest-init-data").bytes("init.toml", INIT_DATA.as_bytes());
    let answer = scene
        .lab
        .run(&["attest", "init", "--init-data", "init.toml"]);
    assert_eq!(answer.status, 0, "{}", answer.err);
    assert!(answer.out.contains("[tdx]") && answer.out.contains("host-data"));
    // The trust domain of the tests has other init data.
    std::fs::write(scene.lab.path("policy.toml"), &answer.out).unwrap();
    let verified = scene.verify_fully(&["tdx.bin"]);
    assert_eq!(verified.status, 1, "{}", verified.out);
    assert!(verified.out.contains("MRCONFIGID"), "{}", verified.out);
}

#[test]
fn a_run_that_nobody_vouches_for_is_refused_or_told() {
    let scene = Scene::new("attest-init-forged");
    let mut forged = scene.tdx.clone();
    // A byte of MRTD.
    forged[190] ^= 1;
    let scene = scene.bytes("forged.bin", &forged);
    let answer = scene
        .lab
        .run(&["attest", "init", "--evidence", "forged.bin"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.err.contains("signature does not hold"),
        "{}",
        answer.err
    );
    let answer = scene
        .lab
        .run(&["attest", "init", "--evidence", "debug.bin"]);
    assert_eq!(answer.status, 0);
    // The root is that of the tests.
    let note = "note: debug.bin: chain, attributes fails today";
    assert!(answer.err.contains(note), "{}", answer.err);
}

#[test]
fn what_pins_nothing_is_refused() {
    let scene = Scene::new("attest-init-refused").bytes("text", b"hello");
    for (flag, part) in [
        ("--sigstruct", "SIGSTRUCT"),
        ("--init-data", "not"),
        ("--evidence", "no evidence"),
    ] {
        let answer = scene.lab.run(&["attest", "init", flag, "text"]);
        assert_eq!(answer.status, 2, "{flag}");
        assert!(answer.err.contains(part), "{flag}: {}", answer.err);
    }
    assert_eq!(scene.lab.run(&["attest", "init"]).status, 2);
}
