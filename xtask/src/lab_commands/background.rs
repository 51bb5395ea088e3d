//! `up`, `status` and `down`: deployments that stay.

use super::cache;
use super::selection::Selection;
use lab::recipe::{Recipe, Request};
use lab::supervisor::{self, Held};
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Starts a process for each deployment that holds it, and waits until all are ready.
pub(super) fn up(selection: &Selection) -> Result<String, String> {
    let mut said = String::new();
    for (recipe, request) in selection.one_each()? {
        said += &up_one(recipe, &request)?;
    }
    Ok(said)
}

fn up_one(recipe: &Recipe, request: &Request) -> Result<String, String> {
    let name = supervisor::name(recipe.service, request);
    if let Some(held) = find(&name)? {
        return Ok(format!("{name} runs already\n{}", describe(&held)));
    }
    // Fetching and building happen here, where a person sees them fail.
    lab::packages::install(recipe.needs).map_err(|error| error.to_string())?;
    (recipe.prepare)(&cache()?, &request.release).map_err(|error| error.to_string())?;

    let register = supervisor::register().map_err(|error| error.to_string())?;
    let log_path = register.join(format!("{name}.log"));
    let log = File::create(&log_path).map_err(|error| error.to_string())?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut holder = Command::new(own)
        .args(["lab", "hold"])
        .args(Selection::words(recipe, request))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .process_group(0)
        .spawn()
        .map_err(|error| error.to_string())?;
    loop {
        if let Some(held) = find(&name)? {
            return Ok(format!("{name}\n{}", describe(&held)));
        }
        if holder
            .try_wait()
            .map_err(|error| error.to_string())?
            .is_some()
        {
            let why = std::fs::read_to_string(&log_path).unwrap_or_default();
            return Err(format!("{name} did not start: {}", why.trim()));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// What the holder runs.
pub(super) fn hold(selection: &Selection) -> Result<String, String> {
    let [(recipe, request)] = selection
        .one_each()?
        .try_into()
        .map_err(|_| "one service")?;
    let name = supervisor::name(recipe.service, &request);
    let live = recipe
        .start(&cache()?, &request)
        .map_err(|error| error.to_string())?;
    let held = supervisor::hold(live.as_ref(), &name);
    drop(live);
    supervisor::forget(&name).map_err(|error| error.to_string())?;
    held.map(|()| format!("{name} ended"))
        .map_err(|error| error.to_string())
}

/// What runs.
pub(super) fn status() -> Result<String, String> {
    let all = supervisor::held().map_err(|error| error.to_string())?;
    if all.is_empty() {
        return Ok("nothing runs".to_owned());
    }
    Ok(all
        .iter()
        .map(|(name, held)| format!("{name}\n{}", describe(held)))
        .collect())
}

/// Ends what was named, or everything.
pub(super) fn down(names: &[&str]) -> Result<String, String> {
    let all = supervisor::held().map_err(|error| error.to_string())?;
    if let Some(unknown) = names
        .iter()
        .find(|name| !all.iter().any(|(known, _)| known == *name))
    {
        return Err(format!("{unknown} does not run"));
    }
    let mut said = String::new();
    for (name, _) in &all {
        if names.is_empty() || names.contains(&name.as_str()) {
            supervisor::down(name).map_err(|error| error.to_string())?;
            said += &format!("{name} ended\n");
        }
    }
    Ok(said)
}

fn find(name: &str) -> Result<Option<Held>, String> {
    let all = supervisor::held().map_err(|error| error.to_string())?;
    Ok(all
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, held)| held))
}

fn describe(held: &Held) -> String {
    let mut text = format!(
        "  ready after {:.1} s, {} MiB\n",
        held.ready_after, held.resident_mib
    );
    for endpoint in &held.endpoints {
        text += &format!("  {:<28} {}\n", endpoint.name, endpoint.address);
    }
    text += &format!(
        "  {:<28} {}\n",
        "configuration",
        held.configuration.display()
    );
    text += &format!("  {:<28} {}\n", "directory", held.directory.display());
    text
}
