//! A directory of its own for each test, and the binary run in it.

#![allow(
    clippy::unwrap_used,
    reason = "tests may fail loudly; clippy knows test functions only, not what they share"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A NameNode's core-site.xml that also accepts RPC in clear: one finding, high.
pub(crate) const WEAK: &str = r#"<?xml version="1.0"?>
<configuration>
  <property><name>fs.defaultFS</name><value>hdfs://nn1:8020</value></property>
  <property><name>hadoop.security.authentication</name><value>kerberos</value></property>
  <property>
    <name>hadoop.rpc.protection</name>
    <value>authentication,privacy</value>
  </property>
</configuration>
"#;

/// The same without the weak word.
pub(crate) fn strong() -> String {
    WEAK.replace("authentication,privacy", "privacy")
}

pub(crate) struct Lab {
    root: PathBuf,
}

pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Lab {
    /// An empty directory. `name` must be that of one test only.
    pub(crate) fn new(name: &str) -> Lab {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        // The end of the search for a configuration file.
        fs::create_dir_all(root.join(".git")).unwrap();
        Lab { root }
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Lab {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn bytes(self, path: &str, bytes: &[u8]) -> Lab {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Removes a lab whose files are large.
    pub(crate) fn remove(self) {
        fs::remove_dir_all(self.root).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        self.run_with_input(arguments, "")
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Answer {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A child that does not read its input closes it; that is no failure of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Answer {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wardline"));
        command
            .args(arguments)
            .current_dir(&self.root)
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE");
        command
    }
}
