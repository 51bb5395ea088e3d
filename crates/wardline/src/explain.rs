//! `wardline explain`: what a control asks, or what an error message means.

mod errors;
mod matching;

use crate::cli::ExplainArgs;
use crate::control_list;
use crate::exit::{Exit, Failure};
use crate::output;
use audit::nearest::nearest;
use model::{Cause, Control};
use std::fmt::Write as _;
use std::io::{self, Read};

pub(crate) fn run(arguments: ExplainArgs) -> Result<Exit, Failure> {
    let text = match (arguments.error, arguments.control) {
        (Some(message), _) => of_error(&message)?,
        // Ids hold no blanks and messages do: whoever pastes one need not know the flag.
        (None, Some(message)) if message.trim().contains(char::is_whitespace) => {
            of_error(&message)?
        }
        (None, Some(name)) => of_name(&name)?,
        (None, None) => return Err(Failure::new("name a control, or an error with --error")),
    };
    output::print(&text)?;
    Ok(Exit::Fine)
}

/// What may have been meant by the id of a control or a pattern of ids that matches nothing.
pub(crate) fn did_you_mean(id: &str) -> String {
    let id = id.split('#').next().unwrap_or(id);
    let known = controls::CONTROLS.iter().map(|control| control.id);
    if let Some(near) = nearest(id, known) {
        return format!("did you mean `{near}`?");
    }
    // A misspelt component: `hfds`, `hfds/*`.
    let component = id.split('/').next().unwrap_or(id);
    let known = controls::CONTROLS.iter().map(control_list::component);
    match nearest(component, known) {
        Some(near) => format!(
            "did you mean `{near}{}`?",
            id.get(component.len()..).unwrap_or_default()
        ),
        None => String::from("`wardline controls` lists them"),
    }
}

fn of_name(name: &str) -> Result<String, Failure> {
    let (id, slug) = match name.split_once('#') {
        Some((id, slug)) => (id, Some(slug)),
        None => (name, None),
    };
    let Some(control) = controls::find(id) else {
        return of_component(name);
    };
    let Some(slug) = slug else {
        return Ok(of_control(control));
    };
    match control.meta.cause(slug) {
        Some(cause) => Ok(of_cause(control, cause)),
        None => {
            let slugs: Vec<&str> = control.meta.causes.iter().map(|cause| cause.slug).collect();
            Err(Failure::new(format!(
                "{id} has no cause `{slug}`; it has {}",
                slugs.join(", ")
            )))
        }
    }
}

fn of_component(name: &str) -> Result<String, Failure> {
    let own = |control: &&Control| control_list::component(control) == name;
    let mut found = controls::CONTROLS.iter().filter(own).peekable();
    if found.peek().is_none() {
        return Err(Failure::new(format!(
            "there is no control `{}`; {}",
            report::escape::line(name),
            report::escape::line(&did_you_mean(name))
        )));
    }
    let mut text = format!("{name}: the controls of this component\n");
    for control in found {
        let _ = writeln!(text, "  {:<32} {}", control.id, control.meta.question);
    }
    Ok(text)
}

fn of_control(control: &Control) -> String {
    let meta = control.meta;
    let mut text = format!(
        "{}: {}\nstage: {}; usual remedy: {}; since {}\n\n{}\n\n# Causes\n",
        control.id,
        meta.question,
        meta.stage,
        meta.safety.as_str(),
        meta.since,
        control.documentation.trim()
    );
    for cause in meta.causes {
        let _ = write!(
            text,
            "\n{}#{} ({})\n  {}.\n  fix: {}.\n",
            control.id, cause.slug, cause.severity, cause.title, cause.remedy
        );
    }
    text
}

fn of_cause(control: &Control, cause: &Cause) -> String {
    format!(
        "{}#{}: {}.\nseverity: {} when nothing mitigates it; stage: {}\nfix ({}): {}.\n\n{}\n",
        control.id,
        cause.slug,
        cause.title,
        cause.severity,
        control.meta.stage,
        control.meta.safety.as_str(),
        cause.remedy,
        control.documentation.trim()
    )
}

/// How much of a pasted message is read: a stack trace fits, a log file is a mistake.
const LONGEST: u64 = 1 << 20;

fn of_error(message: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let message = if message == "-" {
        io::stdin()
            .lock()
            .take(LONGEST)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        String::from_utf8_lossy(&bytes)
    } else {
        message.into()
    };
    match matching::explain(&message) {
        Some(error) => Ok(matching::render(error)),
        None => Err(Failure::new(
            "this message is not among those that wardline knows; paste the line that names the exception, without the log prefix",
        )),
    }
}
