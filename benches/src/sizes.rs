//! What is measured on how many manifests, and the tables.

use crate::arguments::Arguments;
use crate::manifests;
use crate::measure::{Program, Spread, milliseconds};
use crate::peers::{KUBE_LINTER, reference};
use crate::say;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Numbers of manifests that show whether the time grows with them and no faster.
const SCALING: [usize; 4] = [100, 1000, 10_000, 100_000];

/// A large tree is read a few times only: its time hardly varies.
const LARGE: usize = 10_000;

/// Each tool on each size, in turn, so that a busy moment of the machine hits all of them.
///
/// # Errors
///
/// When a tool fails or wardline did not read every manifest.
pub(crate) fn side_by_side(
    arguments: &Arguments,
    wardline: &Path,
    tools: &[Program],
    folder: &Path,
) -> Result<(), String> {
    say("| manifests | tool | min ms | median ms | max ms | peak MiB | times wardline |");
    say("| ---: | --- | ---: | ---: | ---: | ---: | ---: |");
    for &size in &arguments.sizes {
        let tree = generate(folder, size)?;
        let mut programs = vec![judge(wardline).on(&tree), reference()];
        programs.extend(tools.iter().map(|tool| tool.on(&tree)));
        verify(&judge(wardline).on(&tree), size)?;
        let spreads = alternate(&programs, arguments.runs)?;
        let Some(own) = spreads.first().copied() else {
            continue;
        };
        for (program, spread) in programs.iter().zip(&spreads) {
            row(size, &program.name, *spread, own, program.peak_kib());
        }
        let is_measured = programs.iter().any(|tool| tool.name == "kube-linter");
        let recorded = KUBE_LINTER
            .iter()
            .find(|(of, _)| *of == size && !is_measured);
        if let (Some((_, cost)), Some(loop_)) = (recorded, spreads.get(1)) {
            let scaled = |duration: Duration| duration.mul_f64(*cost);
            let spread = Spread {
                min: scaled(loop_.min),
                median: scaled(loop_.median),
                max: scaled(loop_.max),
            };
            let name = format!("kube-linter 0.8.3, recorded: {cost} of the loop");
            row(size, &name, spread, own, None);
        }
    }
    Ok(())
}

/// Wardline alone on ever more manifests.
///
/// # Errors
///
/// As `side_by_side`.
pub(crate) fn scaling(arguments: &Arguments, wardline: &Path, folder: &Path) -> Result<(), String> {
    if !arguments.scaling {
        return Ok(());
    }
    say("\n| manifests | median ms | median µs a manifest | peak MiB |");
    say("| ---: | ---: | ---: | ---: |");
    for size in SCALING {
        let tree = generate(folder, size)?;
        let program = judge(wardline).on(&tree);
        verify(&program, size)?;
        let runs = if size < LARGE {
            arguments.runs
        } else {
            arguments.runs.min(3)
        };
        for spread in alternate(std::slice::from_ref(&program), runs)? {
            let each = spread.median.div_f64(size as f64);
            say(&format!(
                "| {size} | {} | {:.1} | {} |",
                milliseconds(spread.median),
                each.as_secs_f64() * 1e6,
                mebibytes(program.peak_kib())
            ));
        }
        fs::remove_dir_all(&tree).map_err(|error| format!("{}: {error}", tree.display()))?;
    }
    Ok(())
}

fn judge(wardline: &Path) -> Program {
    let path = wardline.display().to_string();
    Program::new("wardline", &[&path, "check", "{}", "-f", "json"], &[0, 1])
}

fn generate(folder: &Path, size: usize) -> Result<std::path::PathBuf, String> {
    let tree = folder.join(size.to_string());
    manifests::write(&tree, size)?;
    Ok(tree)
}

/// A fast answer about nothing would not count.
fn verify(program: &Program, size: usize) -> Result<(), String> {
    let report: Value = serde_json::from_slice(&program.output()?)
        .map_err(|error| format!("the report of {}: {error}", program.name))?;
    let recognised = report["summary"]["recognised"].as_array();
    let manifests = recognised
        .into_iter()
        .flatten()
        .find(|kind| kind["what"] == "Kubernetes manifests")
        .and_then(|kind| kind["count"].as_u64());
    if manifests == u64::try_from(size).ok() {
        Ok(())
    } else {
        Err(format!("of {size} manifests, {manifests:?} were read"))
    }
}

fn alternate(programs: &[Program], runs: usize) -> Result<Vec<Spread>, String> {
    let mut walls: Vec<Vec<Duration>> = vec![Vec::new(); programs.len()];
    for _ in 0..runs {
        for (program, walls) in programs.iter().zip(&mut walls) {
            walls.push(program.wall()?);
        }
    }
    Ok(walls.into_iter().filter_map(Spread::of).collect())
}

fn row(size: usize, name: &str, spread: Spread, own: Spread, peak_kib: Option<u64>) {
    let times = spread.median.as_secs_f64() / own.median.as_secs_f64();
    say(&format!(
        "| {size} | {name} | {} | {} | {} | {} | {times:.1} |",
        milliseconds(spread.min),
        milliseconds(spread.median),
        milliseconds(spread.max),
        mebibytes(peak_kib),
    ));
}

fn mebibytes(kibibytes: Option<u64>) -> String {
    kibibytes.map_or_else(|| "-".to_owned(), |kib| kib.div_ceil(1024).to_string())
}
