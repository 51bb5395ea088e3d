//! The whole way: read, judge by every control, write every report.

use crate::settings::places;
use audit::{Config, Options, Outcome};
use declared::{Input, Ties};
use jiff::civil::date;
use report::text::Style;

/// A day, so that the same bytes always give the same report.
const TODAY: jiff::civil::Date = date(2026, 1, 1);

/// One text, or several of one tree: NUL parts them, and the first line of each is its name.
pub fn whole(bytes: &[u8]) {
    let inputs: Vec<Input> = bytes
        .split(|byte| *byte == 0)
        .map(|part| {
            let end = part.iter().position(|byte| *byte == b'\n');
            let (name, body) = part.split_at(end.map_or(0, |end| end + 1));
            let name = String::from_utf8_lossy(name).trim_end().to_owned();
            Input::Bytes(name, body.to_vec())
        })
        .collect();
    let estate = declared::read(inputs, &Ties::default());
    places(&estate);
    let outcome = audit::audit(
        controls::CONTROLS,
        vec![estate],
        &Config::default(),
        &Options::new(TODAY),
    );
    reports(&outcome);
}

/// Every format can be written, machines can read theirs, and none controls a terminal.
fn reports(outcome: &Outcome) {
    let style = |width, all| Style {
        color: false,
        width,
        all,
        command: "wardline check",
    };
    let harmless = |text: &str| {
        let control = text.find(|c: char| c.is_control() && c != '\n');
        assert!(control.is_none(), "a control character in a report");
    };
    for (width, all) in [(40, false), (100, true)] {
        harmless(&report::text::render(outcome, &style(width, all)));
    }
    for text in [
        report::json::render(outcome),
        report::sarif::render(outcome, "a/"),
        report::gitlab::render(outcome, "a/"),
    ] {
        harmless(&text);
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
    for line in report::jsonl::render(outcome).lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok());
    }
    let junit = report::junit::render(outcome);
    assert!(text::xml::parse(&junit).is_ok(), "JUnit is XML");
    harmless(&junit);
    harmless(&report::markdown::render(outcome));
    harmless(&report::github::render(outcome, "a/"));
    harmless(&report::html::render(outcome));
}
