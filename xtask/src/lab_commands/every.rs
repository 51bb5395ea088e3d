//! Commands that go through profiles one by one: each is started, asked and ended before the next.

use super::cache;
use super::selection::Selection;
use lab::recipe::Capture;
use lab::supervisor;
use lab::truth::{self, Wardline};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Starts every service in every profile and says how long it took.
pub(super) fn start() -> Result<String, String> {
    let cache = cache()?;
    let mut failed = Vec::new();
    for (recipe, request) in Selection::default().every()? {
        let name = supervisor::name(recipe.service, &request);
        match recipe.start(&cache, &request) {
            Ok(live) => say(&format!(
                "{name:<36} ready after {:>5.1} s, {:>5} MiB",
                live.deployment().took.as_secs_f64(),
                live.deployment().resident_mib()
            )),
            Err(error) => {
                say(&format!("{name:<36} {error}"));
                failed.push(name);
            }
        }
    }
    match failed.as_slice() {
        [] => Ok("every service started in every profile".to_owned()),
        failed => Err(format!("did not start: {}", failed.join(", "))),
    }
}

/// Prints the truth table, and fails where it differs from the expected answers or from the declared verdicts.
pub(super) fn truth(workspace: &Path, selection: &Selection) -> Result<String, String> {
    let cache = cache()?;
    let wardline = Wardline::of_workspace(workspace).map_err(|error| error.to_string())?;
    let mut wrong = Vec::new();
    for (recipe, request) in selection.every()? {
        let name = supervisor::name(recipe.service, &request);
        let measured = truth::measure(&cache, &wardline, recipe, &request)
            .map_err(|error| format!("{name}: {error}"))?;
        say(&measured.table());
        let (release, profile) = (&request.release, &request.profile);
        if selection.write {
            truth::write(
                workspace,
                recipe.service,
                release,
                profile,
                measured.answers(),
            )
            .map_err(|error| error.to_string())?;
        }
        let surprises = measured
            .surprises(workspace, recipe, &request)
            .map_err(|error| error.to_string())?;
        let all = measured.disagreements.iter().chain(&surprises);
        wrong.extend(all.map(|what| format!("{name}: {what}")));
    }
    match wrong.as_slice() {
        [] => Ok("every answer is the expected one, and the declared verdicts agree".to_owned()),
        some => Err(some.join("\n")),
    }
}

/// Records what services answer.
pub(super) fn capture(workspace: &Path, selection: &Selection) -> Result<String, String> {
    let cache = cache()?;
    let mut count = 0;
    for (recipe, request) in selection.every()? {
        let name = supervisor::name(recipe.service, &request);
        let mut live = recipe
            .start(&cache, &request)
            .map_err(|error| format!("{name}: {error}"))?;
        let captures = live
            .captures()
            .map_err(|error| format!("{name}: {error}"))?;
        let folder = workspace
            .join("lab/captures")
            .join(recipe.service)
            .join(&request.release)
            .join(&request.profile);
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        for capture in &captures {
            let file = folder.join(&capture.file);
            std::fs::write(&file, text(capture))
                .map_err(|error| format!("{}: {error}", file.display()))?;
        }
        count += captures.len();
        say(&format!("{name}: {} captures", captures.len()));
    }
    Ok(format!("{count} captures written"))
}

/// A capture as a file: what it is in comment lines, then the capture.
fn text(capture: &Capture) -> String {
    let mut text = String::new();
    for line in capture.about.lines() {
        let _ = writeln!(text, "# {line}");
    }
    text + &capture.text + "\n"
}

fn say(line: &str) {
    // Nothing can be done about a closed terminal.
    let _ = writeln!(std::io::stdout(), "{line}");
}
