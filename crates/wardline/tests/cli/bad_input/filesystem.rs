//! What is in a tree besides regular files that may be read.

use super::{FINDING, Report, beside_a_fixed_file, beside_a_good_file};
use crate::support::{Lab, strong};

#[cfg(unix)]
mod unix {
    use super::{FINDING, Lab, Report, beside_a_fixed_file, beside_a_good_file};
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    /// Runs and gives up after a while: what blocks would block the whole test otherwise.
    fn status_in_time(lab: &Lab, arguments: &[&str]) -> Option<i32> {
        let mut child = lab
            .command(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(20) {
            if let Some(status) = child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        None
    }

    #[test]
    fn a_symbolic_link_loop_is_listed_and_ends() {
        let lab = beside_a_good_file("link-loop");
        symlink("..", lab.path("good/up")).unwrap();
        symlink("self.xml", lab.path("good/self.xml")).unwrap();
        let report = Report::of(&lab);
        assert_eq!(report.found_in(), ["good/core-site.xml"]);
        let unexamined = report.unexamined();
        let paths: Vec<&str> = unexamined.iter().map(|input| input.path).collect();
        assert_eq!(paths, ["good/self.xml", "good/up"]);
        assert!(unexamined.iter().all(|input| input.is_error));
        assert!(
            unexamined[1].reason.contains("leads back"),
            "{unexamined:?}"
        );
    }

    #[test]
    fn a_dangling_link_is_listed() {
        let lab = beside_a_fixed_file("dangling");
        symlink("nowhere.xml", lab.path("good/hdfs-site.xml")).unwrap();
        let report = Report::of(&lab);
        assert_eq!(report.the_unexamined().path, "good/hdfs-site.xml");
        assert_eq!(report.status, 4);
    }

    #[test]
    fn a_dangling_link_of_another_name_is_listed_and_no_error() {
        let lab = beside_a_fixed_file("dangling-data");
        symlink("/opt/data/part-0.parquet", lab.path("good/part-0.parquet")).unwrap();
        let report = Report::of(&lab);
        let link = report.the_unexamined();
        assert_eq!(link.path, "good/part-0.parquet");
        assert_eq!(link.reason, "a symbolic link to what is not here");
        assert!(!link.is_error);
        assert_eq!(report.status, 0);
    }

    #[test]
    fn a_fifo_does_not_block_and_is_listed() {
        let lab = beside_a_good_file("fifo");
        let made = Command::new("mkfifo")
            .arg(lab.path("good/pipe.xml"))
            .status();
        if !made.is_ok_and(|status| status.success()) {
            eprintln!("skipped: mkfifo is not here");
            return;
        }
        assert_eq!(status_in_time(&lab, &["."]), Some(1));
        let report = Report::of(&lab);
        let pipe = report.the_unexamined();
        assert_eq!(
            (pipe.path, pipe.reason),
            ("good/pipe.xml", "not a regular file")
        );
        assert!(!pipe.is_error, "a socket or pipe is no configuration");
        // Named by itself it was meant to be read.
        assert_eq!(status_in_time(&lab, &["good/pipe.xml"]), Some(4));
        symlink("pipe.xml", lab.path("good/link.xml")).unwrap();
        assert_eq!(status_in_time(&lab, &["."]), Some(1));
        assert_eq!(status_in_time(&lab, &["good/link.xml"]), Some(4));
    }

    #[test]
    fn a_device_is_not_read() {
        let lab = beside_a_good_file("device");
        symlink("/dev/zero", lab.path("good/zero.xml")).unwrap();
        assert_eq!(status_in_time(&lab, &["."]), Some(1));
        let report = Report::of(&lab);
        assert_eq!(report.the_unexamined().reason, "not a regular file");
        assert_eq!(status_in_time(&lab, &["good/zero.xml"]), Some(4));
        assert_eq!(status_in_time(&lab, &["/dev/zero"]), Some(4));
    }

    #[test]
    fn what_permissions_forbid_is_listed() {
        let lab = beside_a_fixed_file("forbidden")
            .file("closed.xml", "<configuration/>")
            .file("shut/core-site.xml", "<configuration/>");
        let forbid = |path| fs::set_permissions(lab.path(path), fs::Permissions::from_mode(0o000));
        forbid("closed.xml").unwrap();
        forbid("shut").unwrap();
        let is_superuser = fs::read(lab.path("closed.xml")).is_ok();
        if is_superuser {
            eprintln!("skipped: the superuser may read everything");
        } else {
            let report = Report::of(&lab);
            let paths: Vec<_> = report
                .unexamined()
                .iter()
                .map(|i| (i.path, i.is_error))
                .collect();
            assert_eq!(paths, [("closed.xml", true), ("shut", true)]);
            assert_eq!(report.status, 4);
        }
        fs::set_permissions(lab.path("shut"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn names_cannot_command_the_terminal() {
        let name = "evil\u{1b}[2J\u{1b}]0;owned\u{7}\nerror: fake line\u{202e}/core-site.xml";
        let lab = beside_a_good_file("escapes")
            .file(name, crate::support::WEAK)
            .file("\u{1b}[31m\u{9b}31m.xml", "<configuration><property>");
        for format in [
            "text", "github", "gitlab", "markdown", "junit", "json", "jsonl", "sarif", "html",
        ] {
            let answer = lab.run(&["-f", format, "--color", "never", "-v", "."]);
            for (what, text) in [("report", &answer.out), ("messages", &answer.err)] {
                let control = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
                assert!(!text.contains(control), "{format} {what}: {text:?}");
                let fake = text.lines().any(|line| line.starts_with("error: fake"));
                assert!(!fake, "{format} {what}: {text}");
            }
        }
        let hostile = "no\u{1b}[2J\nerror: fake";
        for arguments in [
            &[hostile][..],
            &["--config", hostile],
            &["-o", &format!("nowhere/{hostile}")],
            &["-f", hostile],
            &[&format!("--{hostile}")],
            &["explain", &hostile.replace(char::is_whitespace, "")],
            &["init", &format!("nowhere/{hostile}")],
        ] {
            let answer = lab.run(arguments);
            assert_eq!(answer.status, 2, "{arguments:?}");
            assert!(!answer.err.contains('\u{1b}'), "{:?}", answer.err);
        }
        let report = Report::of(&lab);
        assert_eq!(report.found_in().len(), 2, "both names are read");
        assert!(lab.run(&[]).out.contains(FINDING));
    }

    #[test]
    fn a_name_that_is_no_text_is_read() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let lab = Lab::new("name-no-text").file("x", "");
        let directory = lab.path("x").with_file_name(OsStr::from_bytes(b"a\xffb"));
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("core-site.xml"), crate::support::WEAK).unwrap();
        assert_eq!(Report::of(&lab).found_in(), ["a\u{fffd}b/core-site.xml"]);
    }
}

#[test]
fn twenty_thousand_files_are_read_and_counted() {
    let mut lab = beside_a_good_file("many");
    for index in 0..20_000 {
        let path = format!("d{}/f{index}", index % 200);
        lab = match index % 4 {
            0 => lab.file(&format!("{path}.txt"), "nothing to see"),
            1 => lab.file(&format!("{path}.yaml"), "apiVersion: v1\nkind: Service\n"),
            2 => lab.file(&format!("{path}.xml"), "<configuration><property>"),
            _ => lab.file(&format!("{path}/core-site.xml"), &strong()),
        };
    }
    let report = Report::of(&lab);
    assert_eq!(report.files(), 20_001);
    assert_eq!(report.json["summary"]["not_examined"], 10_000);
    assert_eq!(report.json["summary"]["unreadable"], 5_000);
    assert_eq!(report.found_in(), ["good/core-site.xml"]);
    assert_eq!(report.status, 1);
}
