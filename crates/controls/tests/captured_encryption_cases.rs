//! The 80 encryption configurations that were run against kube-apiserver 1.37.2, where their files are at hand: recognised,
//! read and judged as a whole, beside the manifest of an API server that names them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly, and the API server's answers are not ours to repair"
)]

use declared::{Input, Ties};
use model::{Claim, Claims};
use std::path::PathBuf;
use std::{env, fs};

/// The directory of shared captures: `WARDLINE_SHARED`, else beside the checkout.
fn shared() -> PathBuf {
    env::var_os("WARDLINE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    )
}

/// What the control says of a file that the API server took, by the name of its case.
const TAKEN: [(&str, &str); 12] = [
    ("bad-name-empty", "not-covered"),
    ("bad-two-documents", "identity-first"),
    ("kms-v2-plugin-absent", "protected"),
    ("kmsv1-gate-on", "kms-v1"),
    ("ok-identity-only", "identity-first"),
    ("ok-same-resource-two-entries", "identity-first"),
    ("ok-unknown-resource", "not-covered"),
    ("reload-kmsv1", "kms-v1"),
    ("ok-aesgcm", "local-key"),
    ("ok-secretbox", "local-key"),
    ("ok-", "unauthenticated-cipher"),
    ("bad-", "nothing is expected"),
];

#[test]
fn every_case_is_judged_as_the_api_server_took_it() {
    let table = shared().join("captures/kubernetes/encryption-config-cases.tsv");
    let Ok(table) = fs::read_to_string(table) else {
        println!(
            "NOTE: the captured cases are not here (set WARDLINE_SHARED); this test checked nothing"
        );
        return;
    };
    let mut checked = 0;
    for line in table.lines().skip(1) {
        let mut columns = line.split('\t');
        let case = columns.next().expect("a case");
        let result = columns.next().expect("a result");
        let verdict = judged(case);
        if result == "refused" {
            assert!(
                matches!(verdict.as_str(), "refused: invalid" | "refused: kms-v1"),
                "{case} was refused and is judged {verdict}"
            );
        } else {
            let expected = TAKEN
                .iter()
                .find(|(start, _)| case.starts_with(start))
                .map(|(_, expected)| *expected);
            assert_eq!(Some(verdict.as_str()), expected, "{case}");
        }
        checked += 1;
    }
    assert_eq!(checked, 80);
}

/// The verdict about the file of a case: the cause, `refused:` and the cause, or `protected`.
fn judged(case: &str) -> String {
    let file = shared().join(format!("lab/kubernetes/cases/{case}.yaml"));
    let text = fs::read(&file).unwrap_or_else(|error| panic!("{case}: {error}"));
    let flags = fs::read_to_string(file.with_extension("flags")).unwrap_or_default();
    let mut manifest = String::from(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver, namespace: kube-system}\nspec:\n  containers:\n  - image: registry.k8s.io/kube-apiserver:v1.37.2\n    command:\n    - kube-apiserver\n    - --encryption-provider-config=/etc/kubernetes/enc/enc.yaml\n",
    );
    for flag in flags.split_whitespace() {
        manifest.push_str(&format!("    - {flag}\n"));
    }
    let inputs = vec![
        Input::Bytes(
            "manifests/kube-apiserver.yaml".to_owned(),
            manifest.into_bytes(),
        ),
        Input::Bytes("enc/enc.yaml".to_owned(), text),
    ];
    let estate = declared::read(inputs, &Ties::default());
    let control = wardline_controls::find("k8s/secrets-encryption").expect("the control");
    let mut claims = Claims::default();
    (control.settings)(&estate, &mut claims);
    let verdicts: Vec<String> = claims
        .into_inner()
        .iter()
        .map(|(_, claim)| match claim {
            Claim::Exposed(exposures) => exposures.first().map_or_else(String::new, |exposure| {
                let message = &exposure.message;
                if message.contains("does not start") {
                    format!("refused: {}", exposure.cause)
                } else {
                    exposure.cause.to_owned()
                }
            }),
            Claim::Protected(_) => "protected".to_owned(),
            Claim::Unproven(reason, _) | Claim::NotApplicable(reason) => reason.to_string(),
        })
        .collect();
    verdicts.join(" and ")
}
