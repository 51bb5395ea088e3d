//! The command line of the benchmarks.

use std::path::PathBuf;
use std::str::FromStr;

/// How a run was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Numbers of manifests for the comparison.
    pub(crate) sizes: Vec<usize>,
    /// How often each tool runs on each size.
    pub(crate) runs: usize,
    /// Whether other tools run too.
    pub(crate) peers: bool,
    /// Whether wardline alone runs on 100 to 100,000 manifests.
    pub(crate) scaling: bool,
    /// Another binary than the one beside this one.
    pub(crate) binary: Option<PathBuf>,
}

const USAGE: &str = "usage: wardline-benches [--sizes 1,200,1000] [--runs 11] [--peers] [--scaling] [--binary PATH]";

impl Arguments {
    /// Reads the command line.
    ///
    /// # Errors
    ///
    /// When a word is not known or a number is missing, with the usage.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = Arguments {
            sizes: vec![1, 200, 1000],
            runs: 11,
            peers: false,
            scaling: false,
            binary: None,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(USAGE);
            match &*word {
                "--sizes" => {
                    let sizes = value()?;
                    arguments.sizes = sizes.split(',').map(number).collect::<Result<_, _>>()?;
                }
                "--runs" => arguments.runs = number(&value()?)?,
                "--peers" => arguments.peers = true,
                "--scaling" => arguments.scaling = true,
                "--binary" => arguments.binary = Some(PathBuf::from(value()?)),
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(arguments)
    }
}

/// A number above zero.
fn number(text: &str) -> Result<usize, String> {
    usize::from_str(text.trim())
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("{text:?} is no number above zero\n{USAGE}"))
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn parse(words: &[&str]) -> Result<Arguments, String> {
        Arguments::parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn sizes_and_runs_are_numbers_above_zero() {
        let arguments = parse(&["--sizes", "3, 40", "--runs", "5"]).expect("parsed");
        assert_eq!((arguments.sizes, arguments.runs), (vec![3, 40], 5));
        for words in [
            &["--sizes", "0"][..],
            &["--sizes"],
            &["--runs", "x"],
            &["x"],
        ] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
