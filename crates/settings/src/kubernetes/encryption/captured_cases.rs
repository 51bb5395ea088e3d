//! The files that the lab gave to kube-apiserver itself, and what it said of each.

use super::load;
use crate::kubernetes::sample;
use model::Release;
use serde_json::Value;

/// Written by `cargo xtask lab capture kubernetes --profile none`; `lab/src/kubernetes/loader` makes the files.
const CAPTURE: &str = include_str!(
    "../../../../../lab/captures/kubernetes/1.37.2/none/encryption-configurations.jsonl"
);

/// The field of an error of the API server: `resources[0].providers[0].kms.name`.
fn field(error: &str) -> Option<&str> {
    let at = error.find("resources[")?;
    let path = error.get(at..)?;
    // An unknown field is named without a colon after it, in quotes.
    path.split([':', '"', ' ']).next()
}

#[test]
fn answers_as_the_api_server_did() {
    let mut checked = 0;
    for line in CAPTURE.lines().filter(|line| !line.starts_with('#')) {
        checked += 1;
        let loaded: Value = serde_json::from_str(line).unwrap();
        let case = loaded["case"].as_str().unwrap();
        let text = loaded["text"].as_str().unwrap();
        let refusal = loaded["refusal"].as_str();
        let flags = loaded["flags"].as_array().unwrap();
        let gate = flags
            .contains(&Value::from("--feature-gates=KMSv1=true"))
            .then_some(true);
        let objects = sample::objects(text);
        // An empty file holds no object; the API server says so before it decodes anything.
        let Some(first) = objects.first() else {
            assert!(
                refusal.is_some_and(|error| error.ends_with("is empty")),
                "{case}"
            );
            continue;
        };
        match load(first, Some(Release(1, 37, 2)), gate) {
            Ok(_) => assert_eq!(refusal, None, "{case}"),
            Err(refusals) => {
                let error = refusal.unwrap_or_else(|| panic!("{case}: {refusals:?}"));
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
                        !refusal.reason.contains("ZGRk"),
                        "{case} repeats key material"
                    );
                }
            }
        }
    }
    assert_eq!(checked, 80);
}
