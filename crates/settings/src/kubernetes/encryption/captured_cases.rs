//! The cases that were run against kube-apiserver 1.37.2, where their files are at hand.

use super::load;
use crate::kubernetes::sample;
use model::Release;
use std::path::PathBuf;
use std::{env, fs};

/// The directory of shared captures: `WARDLINE_SHARED`, else beside the checkout.
fn shared() -> PathBuf {
    env::var_os("WARDLINE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    )
}

/// The field of an error of the API server: `resources[0].providers[0].kms.name`.
fn field(error: &str) -> Option<&str> {
    let at = error.find("resources[")?;
    let path = error.get(at..)?;
    // An unknown field is named without a colon after it, in quotes.
    path.split([':', '"', ' ']).next()
}

#[test]
fn answers_as_the_api_server_did() {
    let Ok(table) =
        fs::read_to_string(shared().join("captures/kubernetes/encryption-config-cases.tsv"))
    else {
        println!(
            "NOTE: the captured cases are not here (set WARDLINE_SHARED); this test checked nothing"
        );
        return;
    };
    let mut checked = 0;
    for line in table.lines().skip(1) {
        let mut columns = line.split('\t');
        let (case, result, error) = (
            columns.next().unwrap(),
            columns.next().unwrap(),
            columns.next().unwrap_or_default(),
        );
        let file = shared().join(format!("lab/kubernetes/cases/{case}.yaml"));
        let text = fs::read_to_string(&file).unwrap();
        let flags = fs::read_to_string(file.with_extension("flags")).unwrap_or_default();
        let gate = flags.contains("--feature-gates=KMSv1=true").then_some(true);
        let objects = sample::objects(&text);
        // An empty file holds no object; the API server says so before it decodes anything.
        let Some(first) = objects.first() else {
            assert!(error.ends_with("is empty"), "{case}");
            checked += 1;
            continue;
        };
        match load(first, Some(Release(1, 37, 2)), gate) {
            Ok(_) => assert_ne!(result, "refused", "{case}: {error}"),
            Err(refusals) => {
                assert_eq!(result, "refused", "{case}: {refusals:?}");
                // A field of the error is a field of ours. Where a whole element is refused ours may be more exact.
                if let Some(field) = field(error) {
                    assert!(
                        refusals.iter().any(|r| r.reason.contains(field)),
                        "{case}: {error}\n{refusals:?}"
                    );
                }
                for refusal in &refusals {
                    assert!(text.get(refusal.span.range()).is_some(), "{case}");
                    assert!(
                        !refusal.reason.contains("a3ViZS"),
                        "{case} repeats key material"
                    );
                }
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 80);
}
