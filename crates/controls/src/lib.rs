//! What facts mean: one control, one file, `src/<component>/<protection>.rs`, with one fixture,
//! `fixtures/<component>/<protection>.md`. The build script registers them; nothing else names them.
//! Files beside this one are what controls share: how to walk over an estate.
//!
//! A control is judged per subject and sees the facts of one depth; it never merges depths and never does I/O.

use model::Control;

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// The control of an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Control> {
    CONTROLS.iter().find(|control| control.id == id)
}

#[cfg(test)]
mod tests {
    use super::CONTROLS;
    use std::collections::HashSet;

    const HEADINGS: [&str; 5] = [
        "# What it proves",
        "# Why it matters: the attack",
        "# How each depth is read",
        "# How to fix",
        "# References",
    ];

    #[test]
    fn every_control_is_described() {
        for control in CONTROLS {
            let mut at = 0;
            for heading in HEADINGS {
                let found = control
                    .documentation
                    .get(at..)
                    .and_then(|rest| rest.find(heading));
                assert!(
                    found.is_some(),
                    "{}: the module comment lacks {heading:?} in its place",
                    control.id
                );
                at += found.unwrap_or_default();
            }
            assert!(
                !control.meta.title.is_empty() && control.meta.question.ends_with('?'),
                "{}",
                control.id
            );
        }
    }

    #[test]
    fn causes_have_unique_slugs_and_plain_titles() {
        for control in CONTROLS {
            let mut seen = HashSet::new();
            assert!(
                !control.meta.causes.is_empty(),
                "{} has no cause",
                control.id
            );
            for cause in control.meta.causes {
                assert!(
                    seen.insert(cause.slug),
                    "{}#{} twice",
                    control.id,
                    cause.slug
                );
                assert!(
                    cause
                        .slug
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                    "{}",
                    cause.slug
                );
                for text in [cause.title, cause.remedy] {
                    assert!(
                        !text.is_empty() && !text.ends_with('.'),
                        "{}#{}: {text:?}",
                        control.id,
                        cause.slug
                    );
                }
            }
        }
    }

    #[test]
    fn every_control_has_a_fixture() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        for control in CONTROLS {
            let path = root.join(format!("{}.md", control.id.replace('-', "_")));
            assert!(path.is_file(), "{} is missing", path.display());
        }
    }
}
