//! `wardline controls`: what is judged.

use crate::cli::{ControlsArgs, ListFormat};
use crate::exit::{Exit, Failure};
use crate::output;
use model::Control;
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(crate) fn run(arguments: &ControlsArgs) -> Result<Exit, Failure> {
    let text = match arguments.format {
        ListFormat::Text => list(controls::CONTROLS),
        ListFormat::Json => format!("{:#}\n", document(controls::CONTROLS)),
    };
    output::print(&text)?;
    Ok(Exit::Fine)
}

/// The part of an id before the slash.
pub(crate) fn component(control: &Control) -> &'static str {
    control
        .id
        .split_once('/')
        .map_or(control.id, |(component, _)| component)
}

/// Controls by component, each with its stage and causes.
pub(crate) fn list(all: &[Control]) -> String {
    let mut text = String::new();
    let mut current = "";
    for control in all {
        if component(control) != current {
            let gap = if current.is_empty() { "" } else { "\n" };
            current = component(control);
            let _ = writeln!(text, "{gap}{current}");
        }
        let _ = writeln!(
            text,
            "  {:<32} {:<8} {}",
            control.id, control.meta.stage, control.meta.question
        );
        for cause in control.meta.causes {
            let _ = writeln!(
                text,
                "    #{:<29} {:<8} {}",
                cause.slug, cause.severity, cause.title
            );
        }
    }
    text
}

fn document(all: &[Control]) -> Value {
    let causes = |control: &Control| -> Vec<Value> {
        let causes = control.meta.causes.iter();
        causes
            .map(|cause| {
                json!({
                    "cause": cause.slug,
                    "severity": cause.severity.as_str(),
                    "title": cause.title,
                    "remedy": cause.remedy,
                })
            })
            .collect()
    };
    let controls: Vec<Value> = all
        .iter()
        .map(|control| {
            json!({
                "control": control.id,
                "component": component(control),
                "title": control.meta.title,
                "question": control.meta.question,
                "stage": control.meta.stage.as_str(),
                "safety": control.meta.safety.as_str(),
                "since": control.meta.since,
                "causes": causes(control),
            })
        })
        .collect();
    json!({ "schema": "wardline-controls/v1", "controls": controls })
}
