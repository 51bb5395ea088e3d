//! `wardline check`: judges files.

mod configuration;
mod evidence;
mod inputs;
mod progress;
pub(crate) mod terminal;

use crate::cli::{CheckArgs, Color, Format};
use crate::exit::{Exit, Failure};
use crate::output;
use audit::{Config, Glob, Options, Outcome, Threshold};
use declared::Progress;
use jiff::Timestamp;
use jiff::tz::Offset;
use model::{Depth, Severity};
use std::io;
use std::sync::Arc;

pub(crate) fn run(arguments: CheckArgs) -> Result<Exit, Failure> {
    let is_known = |depth: &Depth| match depth {
        Depth::Declared => true,
        Depth::Observed => !arguments.evidence.is_empty(),
        Depth::Loaded | Depth::Recorded => false,
    };
    if !arguments.depth.is_empty() && !arguments.depth.iter().any(is_known) {
        return Err(Failure::new(
            "check reads files, which are facts of the depth `declared`, and of `observed` with --evidence; other depths have nothing to judge here",
        ));
    }
    inputs::ensure_present(&arguments.paths)?;
    work_along();
    let (mut config, base) = configuration::of(&arguments)?;
    config.ties.render &= !arguments.no_render;
    let options = options(&arguments, &config, base)?;
    let inputs = inputs::open(&arguments.paths)?;
    let progress = Arc::new(Progress::default());
    let display = progress::Display::start(&progress, arguments.quiet);
    let estate = declared::read_and_tell(inputs, &config.ties, &progress);
    let mut estates = vec![estate];
    if !arguments.evidence.is_empty() {
        let observed = evidence::observe(&arguments, &estates, &config)?;
        estates.push(observed);
    }
    let outcome = audit::audit(controls::CONTROLS, estates, &config, &options);
    drop(display);

    if outcome.recognised.is_empty() && !outcome.is_incomplete() {
        return nothing_recognised(&arguments, &outcome);
    }
    deliver(&arguments, &outcome)?;
    let exit = conclude(&arguments, &config, &outcome);
    // The process ends: taking an estate of many objects apart would take as long as judging it, and nobody would gain.
    std::mem::forget(outcome);
    Ok(exit)
}

/// Makes this thread one of those that share the work. Otherwise it would sleep while they work and they while it puts together
/// what they read, and each of them would have to be woken many times.
fn work_along() {
    let pool = rayon::ThreadPoolBuilder::new().use_current_thread();
    // Where there is a pool already, its threads do the work without this one.
    let _ = pool.build_global();
}

fn options(arguments: &CheckArgs, config: &Config, base: String) -> Result<Options, Failure> {
    let today = Offset::UTC.to_datetime(Timestamp::now()).date();
    let globs = |patterns: &[String]| {
        patterns
            .iter()
            .map(|p| Glob::new(p.as_str()))
            .collect::<Vec<_>>()
    };
    let only = globs(&arguments.only);
    let mut skip = globs(&arguments.skip);
    skip.extend_from_slice(&config.skip);
    let options = Options {
        stages: arguments.stage.clone(),
        depths: arguments.depth.clone(),
        only: if only.is_empty() {
            config.only.clone()
        } else {
            only
        },
        skip,
        severity: arguments.severity,
        base: base.into(),
        ..Options::new(today)
    };
    // A misspelt pattern would judge too little and look fine.
    let misspelt = options.unmatched_only(controls::CONTROLS).next();
    let failure = misspelt.map(|glob| {
        let hint = crate::explain::did_you_mean(glob.as_str());
        Failure::new(format!("no control matches `{}`; {hint}", glob.as_str()))
    });
    failure.map_or(Ok(options), Err)
}

/// Renders and writes the report.
fn deliver(arguments: &CheckArgs, outcome: &Outcome) -> Result<(), Failure> {
    match &arguments.output {
        Some(path) => output::file(path, &render(arguments, outcome)),
        None if arguments.quiet => Ok(()),
        None => output::print(&render(arguments, outcome)),
    }
}

fn render(arguments: &CheckArgs, outcome: &Outcome) -> String {
    match arguments.format {
        Format::Text => {
            let style = report::text::Style {
                color: color(arguments),
                width: terminal::width(),
                all: arguments.all,
                command: &terminal::command(),
            };
            report::text::render(outcome, &style)
        }
        Format::Json => report::json::render(outcome),
        Format::Jsonl => report::jsonl::render(outcome),
        Format::Sarif => report::sarif::render(outcome, &inputs::root(&arguments.paths)),
        Format::Github => report::github::render(outcome, &inputs::root(&arguments.paths)),
        Format::Gitlab => report::gitlab::render(outcome, &inputs::root(&arguments.paths)),
        Format::Markdown => report::markdown::render(outcome),
        Format::Junit => report::junit::render(outcome),
        Format::Html => report::html::render(outcome),
    }
}

fn color(arguments: &CheckArgs) -> bool {
    match arguments.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            arguments.output.is_none()
                && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
        }
    }
}

fn nothing_recognised(arguments: &CheckArgs, outcome: &Outcome) -> Result<Exit, Failure> {
    // Machines get their document whatever it holds; people get the reason.
    if arguments.format != Format::Text || arguments.output.is_some() {
        deliver(arguments, outcome)?;
    }
    let mut kinds: Vec<&str> = declared::kinds().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let paths: Vec<String> = arguments.paths.iter().map(|p| inputs::named(p)).collect();
    let is_empty = |source: &model::Source| source.text.trim().is_empty();
    let all_empty = outcome.sources.iter().all(|(_, source)| is_empty(source));
    let files = match outcome.files {
        0 => String::from("no file at all (files that .gitignore names are not read)"),
        1 if all_empty && inputs::is_only_stdin(&arguments.paths) => String::from("nothing"),
        1 => String::from("1 file, but none that wardline reads"),
        files => format!("{files} files, but none that wardline reads"),
    };
    output::warn(&format!(
        "error: nothing to judge: {} holds {files}\n  it reads: {}\n  help: name the directory that holds the configuration, or pipe a file in: `kubectl get ... -o yaml | wardline check -`",
        paths.join(", "),
        kinds.join(", "),
    ));
    Ok(Exit::NothingRecognised)
}

/// The exit status, with a word on standard error where the report itself does not show the reason.
fn conclude(arguments: &CheckArgs, config: &Config, outcome: &Outcome) -> Exit {
    let threshold = arguments
        .fail_on
        .or(config.fail_on)
        .unwrap_or(Threshold::From(Severity::High));
    if outcome
        .findings
        .iter()
        .any(|finding| threshold.is_reached_by(finding.severity))
    {
        return Exit::Findings;
    }
    let asked = arguments.min_coverage.or(config.min_coverage);
    if let Some(asked) = asked
        && outcome.coverage().unwrap_or_default() < asked
    {
        let reached = match outcome.coverage() {
            Some(percent) => format!("{percent} % of the protections in question are proven"),
            None => String::from("no protection is in question"),
        };
        output::warn(&format!("incomplete: {reached}, {asked} % were asked for"));
        return Exit::Incomplete;
    }
    if outcome.is_incomplete() {
        let unread = outcome.not_examined.iter().filter(|input| input.is_error);
        output::warn(&format!(
            "incomplete: {} could not be read in full; see `not examined`",
            match unread.count() {
                1 => String::from("1 input"),
                count => format!("{count} inputs"),
            }
        ));
        return Exit::Incomplete;
    }
    Exit::Fine
}
