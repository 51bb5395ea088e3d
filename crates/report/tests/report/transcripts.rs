//! Text reports as people see them, compared to the letter.

use crate::sample;
use audit::Outcome;
use wardline_report::text::{Style, render};

const PLAIN: Style<'_> = Style {
    color: false,
    width: 100,
    all: false,
    command: "wardline check",
};

fn assert_transcript(outcome: &Outcome, expected: &str) {
    let written = render(outcome, &PLAIN);
    assert!(written == expected, "the report is now:\n{written}");
}

#[test]
fn exposed() {
    assert_transcript(
        &sample::exposed_estate(),
        include_str!("../transcripts/exposed.txt"),
    );
}

#[test]
fn accepted() {
    assert_transcript(
        &sample::accepted_estate(),
        include_str!("../transcripts/accepted.txt"),
    );
}

#[test]
fn protected() {
    assert_transcript(
        &sample::protected_estate(),
        include_str!("../transcripts/protected.txt"),
    );
}

#[test]
fn the_documentation_shows_a_real_report() {
    let documentation: String = include_str!("../../src/text/mod.rs")
        .lines()
        .skip_while(|line| *line != "//! ```text")
        .skip(1)
        .take_while(|line| *line != "//! ```")
        .map(|line| {
            line.trim_start_matches("//!")
                .strip_prefix(' ')
                .unwrap_or_default()
                .to_owned()
                + "\n"
        })
        .collect();
    assert_eq!(documentation, include_str!("../transcripts/exposed.txt"));
}
