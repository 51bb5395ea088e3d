//! The mode of the file that holds the RPC secret decides, and fixtures have no modes: this test writes real files.

#![cfg(unix)]
#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use declared::{Input, Ties};
use model::{Claim, Claims};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// The claims of spark/auth-secret for a standalone cluster whose secret stands in a file of this mode.
fn judged(name: &str, mode: u32, secret: &str) -> Vec<Claim> {
    let directory: PathBuf = std::env::temp_dir().join(format!(
        "wardline-secret-modes-{}-{name}",
        std::process::id()
    ));
    std::fs::create_dir_all(&directory).expect("a directory");
    let file = directory.join("spark-defaults.conf");
    let text = format!(
        "spark.master spark://m:7077\nspark.authenticate true\nspark.authenticate.secret {secret}\n"
    );
    std::fs::write(&file, text).expect("a file");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("its mode");
    let estate = declared::read(vec![Input::Path(directory.clone())], &Ties::default());
    std::fs::remove_dir_all(&directory).expect("gone");
    let control = wardline_controls::find("spark/auth-secret").expect("the control");
    let mut claims = Claims::default();
    (control.settings)(&estate, &mut claims);
    claims
        .into_inner()
        .into_iter()
        .map(|(_, claim)| claim)
        .collect()
}

fn causes(claims: &[Claim]) -> Vec<&'static str> {
    claims
        .iter()
        .flat_map(|claim| match claim {
            Claim::Exposed(exposures) => exposures.iter().map(|one| one.cause).collect(),
            _ => Vec::new(),
        })
        .collect()
}

const LONG: &str = "not-a-real-secret-0123456789abcdef0123456789";

#[test]
fn a_closed_file_is_the_standalone_way() {
    assert_eq!(causes(&judged("closed", 0o600, LONG)), [""; 0]);
    assert!(matches!(
        judged("closed-again", 0o400, LONG).as_slice(),
        [Claim::Protected(_)]
    ));
}

#[test]
fn a_short_secret_in_it_is_weak() {
    assert_eq!(causes(&judged("short", 0o600, "not-real")), ["short"]);
}

#[test]
fn a_file_that_others_read_gives_it_away() {
    assert_eq!(causes(&judged("open", 0o644, LONG)), ["literal-in-conf"]);
}
