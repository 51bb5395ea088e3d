//! Wall time and peak memory of whole processes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The name in the table.
    pub(crate) name: String,
    words: Vec<String>,
    /// Exit statuses that mean that it did its work.
    fine: &'static [i32],
}

impl Program {
    pub(crate) fn new(name: &str, words: &[&str], fine: &'static [i32]) -> Self {
        Program {
            name: name.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            fine,
        }
    }

    /// The program on an input; it stands where the words say `{}`.
    pub(crate) fn on(&self, input: &Path) -> Self {
        let input = input.display().to_string();
        let mut program = self.clone();
        for word in &mut program.words {
            *word = word.replace("{}", &input);
        }
        program
    }

    /// Runs it, from start to exit.
    ///
    /// # Errors
    ///
    /// When it does not start or exits with another status than its fine ones.
    pub(crate) fn wall(&self) -> Result<Duration, String> {
        let mut command = Command::new(self.words.first().map_or("", String::as_str));
        command.args(self.words.get(1..).unwrap_or_default());
        let start = Instant::now();
        let status = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| format!("{}: {error}", self.name))?;
        let wall = start.elapsed();
        if status.code().is_some_and(|code| self.fine.contains(&code)) {
            Ok(wall)
        } else {
            Err(format!("{}: {status}", self.name))
        }
    }

    /// What it prints.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(crate) fn output(&self) -> Result<Vec<u8>, String> {
        Command::new(self.words.first().map_or("", String::as_str))
            .args(self.words.get(1..).unwrap_or_default())
            .output()
            .map(|output| output.stdout)
            .map_err(|error| format!("{}: {error}", self.name))
    }

    /// The most memory it held, in KiB, by GNU time. `None` where that is not installed.
    pub(crate) fn peak_kib(&self) -> Option<u64> {
        let output = Command::new("/usr/bin/time")
            .args(["-q", "-f", "%M"])
            .args(&self.words)
            .stdout(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stderr);
        text.lines().next_back()?.trim().parse().ok()
    }
}

/// The shortest, the middle and the longest of some durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    pub(crate) min: Duration,
    pub(crate) median: Duration,
    pub(crate) max: Duration,
}

impl Spread {
    /// `None` of nothing.
    pub(crate) fn of(mut durations: Vec<Duration>) -> Option<Self> {
        durations.sort();
        Some(Spread {
            min: *durations.first()?,
            median: *durations.get(durations.len() / 2)?,
            max: *durations.last()?,
        })
    }
}

/// Milliseconds with as many digits as mean something.
pub(crate) fn milliseconds(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1000.0;
    match milliseconds {
        0.0..10.0 => format!("{milliseconds:.2}"),
        10.0..100.0 => format!("{milliseconds:.1}"),
        _ => format!("{milliseconds:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;
    use std::time::Duration;

    #[test]
    fn the_spread_does_not_depend_on_the_order() {
        let durations = [5, 1, 3].map(Duration::from_millis);
        let spread = Spread::of(durations.to_vec()).expect("a spread");
        assert_eq!(
            [spread.min, spread.median, spread.max],
            [1, 3, 5].map(Duration::from_millis)
        );
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
