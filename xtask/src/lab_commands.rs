//! `cargo xtask lab`: the real services, from the command line.

mod background;
mod every;
mod selection;

use lab::cache::Cache;
use lab::packages::Need;
use lab::recipe::{RECIPES, Recipe};
use selection::Selection;
use std::path::Path;

const USAGE: &str = "usage: cargo xtask lab COMMAND

  up SERVICE... | all    starts services and leaves them running; `all` starts each in each profile in turn
  status                 what runs, and where
  down [NAME...]         ends what runs, or some of it by the name that status gives
  truth [SERVICE...]     what real clients get in each profile, beside what `wardline check` says of the files
  capture [SERVICE...]   records what services answer, into lab/captures
  doctor                 what this machine lacks
  services               services, releases and profiles

options: --profile NAME   --release VERSION   --set WHERE=VALUE (a single setting on top of the profile; repeatable)
         --write          truth: take what was measured for what is expected";

/// Runs a command of the lab.
///
/// # Errors
///
/// When it fails; the message is for a person.
pub(crate) fn run(workspace: &Path, words: &[&str]) -> Result<String, String> {
    let Some((command, rest)) = words.split_first() else {
        return Err(USAGE.to_owned());
    };
    match *command {
        "up" if rest == ["all"] => every::start(),
        "up" => background::up(&Selection::parse(rest)?),
        "hold" => background::hold(&Selection::parse(rest)?),
        "status" => background::status(),
        "down" => background::down(rest),
        "truth" => every::truth(workspace, &Selection::parse(rest)?),
        "capture" => every::capture(workspace, &Selection::parse(rest)?),
        "doctor" => Ok(doctor()),
        "services" => Ok(services()),
        _ => Err(USAGE.to_owned()),
    }
}

fn cache() -> Result<Cache, String> {
    Cache::open().map_err(|error| error.to_string())
}

fn services() -> String {
    let mut text = String::new();
    for recipe in RECIPES {
        text += &format!("{}  {}\n", recipe.service, recipe.releases.join(", "));
        for profile in recipe.profiles {
            text += &format!("  {:<20} {}\n", profile.name, profile.what);
        }
    }
    text
}

fn doctor() -> String {
    let mut text = String::new();
    for recipe in RECIPES {
        text += &match missing(recipe).as_slice() {
            [] => format!("{:<12} everything is here\n", recipe.service),
            missing => format!(
                "{:<12} apt-get install {}\n",
                recipe.service,
                missing.join(" ")
            ),
        };
    }
    text
}

/// The packages that a service still needs, each once.
fn missing(recipe: &Recipe) -> Vec<&'static str> {
    let is_missing = |need: &&Need| need.find().is_none();
    let mut packages: Vec<_> = recipe
        .needs
        .iter()
        .filter(is_missing)
        .map(|need| need.package)
        .collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}
