use super::fixture::{Case, File, cases};
use super::{check, page, write};
use controls::CONTROLS;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("wardline-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

#[test]
fn a_fixture_is_read_as_its_test_reads_it() {
    let text = "# x\n\n## good\nwords\n```xml file=a/b.xml\n<a/>\n## no heading\n```\n```expect\n protected\n\n```\n## bad\n```expect\nexposed off high -\n```\n";
    assert_eq!(
        cases(text),
        [
            Case {
                name: "good",
                files: vec![File {
                    path: "a/b.xml",
                    language: "xml",
                    lines: vec!["<a/>", "## no heading"],
                }],
                expected: vec!["protected"],
            },
            Case {
                name: "bad",
                files: Vec::new(),
                expected: vec!["exposed off high -"],
            },
        ]
    );
}

#[test]
fn a_page_shows_every_cause_heading_and_case() {
    let control = CONTROLS.first().expect("there are controls");
    let case = Case {
        name: "off",
        files: Vec::new(),
        expected: vec!["exposed off high -"],
    };
    let page = page::control(control, &[case]);
    for cause in control.meta.causes {
        assert!(page.contains(&format!("| `{}` | {} |", cause.slug, cause.severity)));
    }
    for heading in [
        "## What it proves\n\n",
        "\n\n## Why it matters: the attack\n\n",
    ] {
        assert!(page.contains(heading), "{heading:?} in\n{page}");
    }
    assert!(page.contains("### Before: off\n"), "{page}");
    assert!(!page.contains("\n\n\n"), "{page}");
}

#[test]
fn stale_missing_and_left_over_pages_are_named() {
    let folder = folder("pages");
    let pages = BTreeMap::from([
        (PathBuf::from("README.md"), "index".to_owned()),
        (PathBuf::from("hdfs/one.md"), "one".to_owned()),
    ]);
    let stale = |folder: &Path| check(folder, &pages).expect_err("stale");
    assert!(stale(&folder).contains("hdfs/one.md"));

    write(&folder, &pages).expect("written");
    assert!(check(&folder, &pages).is_ok());

    fs::write(folder.join("hdfs/one.md"), "other").expect("changed");
    assert!(stale(&folder).contains("hdfs/one.md"));
    assert!(!stale(&folder).contains("README.md"));

    fs::write(folder.join("hdfs/gone.md"), "gone").expect("left over");
    assert!(stale(&folder).contains("hdfs/gone.md (no such control)"));
    write(&folder, &pages).expect("written again");
    assert!(check(&folder, &pages).is_ok());
    fs::remove_dir_all(&folder).expect("removed");
}
