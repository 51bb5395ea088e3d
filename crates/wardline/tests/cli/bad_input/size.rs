//! Texts that are far too large or far too deep, and the memory they cost.

use super::{Report, beside_a_fixed_file, is_reported};
use crate::support::Lab;
use std::process::Command;

const TOO_LARGE: &str = "larger than 32 MiB";

#[test]
fn a_hundred_megabytes_are_refused_by_size() {
    let cases: [(&str, &str, &str, &[u8]); 2] = [
        (
            "huge-json",
            "bad/a.json",
            "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n",
            b"[",
        ),
        ("huge-xml", "bad/core-site.xml", "<configuration>\n", b"<a>"),
    ];
    for (name, path, start, unit) in cases {
        let bytes = [start.as_bytes(), &unit.repeat((100 << 20) / unit.len())].concat();
        let lab = beside_a_fixed_file(name).bytes(path, &bytes);
        let report = Report::of(&lab);
        let refused = report.the_unexamined();
        assert!(refused.reason.contains(TOO_LARGE), "{refused:?}");
        assert_eq!((refused.path, refused.is_error), (path, true));
        assert_eq!(report.status, 4);
        lab.remove();
    }
}

/// A log beside the configuration is nothing that was missed, however large it is.
#[test]
fn large_data_is_passed_over_without_alarm() {
    let line = b"2026-01-01 00:00:01,123 INFO FSNamesystem.audit: allowed=true ugi=x cmd=open\n";
    let log = line.repeat((40 << 20) / line.len());
    let archive = [&b"PK\x03\x04\0\0"[..], &vec![7; 40 << 20]].concat();
    let lab = beside_a_fixed_file("large-data")
        .bytes("hdfs-audit.log", &log)
        .bytes("app.jar", &archive);
    let report = Report::of(&lab);
    let unexamined = report.unexamined();
    let reasons: Vec<_> = unexamined
        .iter()
        .map(|input| (input.reason, input.is_error))
        .collect();
    assert_eq!(
        reasons,
        [
            ("a binary file", false),
            ("not a kind of file that wardline reads", false)
        ]
    );
    assert_eq!(report.status, 0);
    lab.remove();
}

#[test]
fn depth_is_bounded_within_the_limit_of_size() {
    let many = |unit: &str| unit.repeat((20 << 20) / unit.len());
    let json = format!("{{\"apiVersion\": \"v1\", \"kind\": {}", many("["));
    is_reported("deep-json", "bad/a.json", json.as_bytes(), "deep", Some(1));
    let yaml = format!("apiVersion: v1\nkind: Pod\na: {}", many("["));
    is_reported("deep-yaml", "bad/a.yaml", yaml.as_bytes(), "deep", Some(3));
    let xml = format!("<configuration>\n{}", many("<a>"));
    is_reported(
        "deep-xml",
        "bad/core-site.xml",
        xml.as_bytes(),
        "deep",
        Some(2),
    );
}

#[test]
fn memory_is_bounded() {
    const PROGRAM: &str = "/usr/bin/time";
    let is_gnu = Command::new(PROGRAM).arg("--version").output();
    if !is_gnu.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no GNU time");
        return;
    }
    let many = |unit: &str| unit.repeat((20 << 20) / unit.len());
    let lab = Lab::new("memory")
        .file(
            "wide.json",
            &format!(
                "{{\"apiVersion\": \"v1\", \"kind\": \"A\", \"a\": [{}0]}}",
                many("0,")
            ),
        )
        .file(
            "hdfs-site.xml",
            &format!("<configuration>\n{}</configuration>", many("<a/>")),
        )
        .file(
            "deep.json",
            &format!("{{\"apiVersion\": \"v1\", \"kind\": {}", many("[")),
        )
        .file(
            "deep.yaml",
            &format!("apiVersion: v1\nkind: Pod\na: {}", many("- ")),
        )
        .file(
            "core-site.xml",
            &format!("<configuration>\n{}", many("<a>")),
        )
        .bytes("huge.json", &vec![b'['; 100 << 20]);
    let output = Command::new(PROGRAM)
        .args([
            "-f",
            "kilobytes %M",
            env!("CARGO_BIN_EXE_wardline"),
            "-q",
            ".",
        ])
        .current_dir(lab.path("."))
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    let kilobytes: u64 = message
        .lines()
        .find_map(|line| line.strip_prefix("kilobytes "))
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("{message}"));
    lab.remove();
    // The texts alone are 100 MiB, and the start of the one that is refused is 32 MiB.
    assert!(kilobytes < 1200 << 10, "{kilobytes} KiB");
}
