//! A table of keys and their defaults by release, looked up in its own text.
//!
//! One line a key: name, mark (a file or a set of words), then runs of releases that share a default, all separated by
//! tabs. A run is `first-last`, `first-` (to the newest release of the table) or one release, followed by nothing (listed
//! without a default), by `=` and the default, or by `>` and the key whose value it takes. A release in no run does not
//! list the key. Lines are sorted by the bytes of their names, so a name is found by bisection and start-up builds nothing.

use model::Release;

/// A table's text and the releases it speaks of, oldest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) text: &'static str,
    pub(crate) releases: &'static [Release],
}

/// One line of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) mark: &'static str,
    pub(crate) runs: &'static str,
}

/// What a release says of a key that it lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stated {
    /// Listed without a default.
    Nothing,
    /// Its default.
    Text(&'static str),
    /// It takes the value of this key.
    SameAs(&'static str),
}

/// Consecutive releases that state the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) first: Release,
    pub(crate) last: Release,
    pub(crate) stated: Stated,
}

impl Table {
    /// Every line of a name. O(log lines).
    pub(crate) fn find_all(self, name: &str) -> impl Iterator<Item = Line> {
        let rest = self
            .text
            .get(self.first_line_not_before(name)..)
            .unwrap_or_default();
        rest.lines()
            .map_while(parse_line)
            .take_while(move |line| line.name == name)
    }

    /// Every line, in order.
    pub(crate) fn lines(self) -> impl Iterator<Item = Line> {
        self.text.lines().filter_map(parse_line)
    }

    /// What the table says of a line for any release; `None` if that release does not list the key.
    pub(crate) fn stated(self, line: Line, release: Release) -> Option<Stated> {
        let release = table_release(self.releases, release);
        self.runs(line.runs)
            .find(|run| run.first <= release && release <= run.last)
            .map(|run| run.stated)
    }

    /// The default that a line has in a release; `None` if that release does not list the key, or lists it without one.
    pub(crate) fn default(self, line: Line, release: Release) -> Option<&'static str> {
        match self.stated(line, release)? {
            Stated::Text(value) => Some(value),
            Stated::Nothing | Stated::SameAs(_) => None,
        }
    }

    /// The oldest release that lists a line's key.
    pub(crate) fn first(self, line: Line) -> Release {
        let firsts = self.runs(line.runs).map(|run| run.first);
        firsts.min().unwrap_or_else(|| self.oldest())
    }

    /// The newest release that lists a line's key.
    pub(crate) fn last(self, line: Line) -> Release {
        let lasts = self.runs(line.runs).map(|run| run.last);
        lasts.max().unwrap_or_else(|| self.newest())
    }

    fn oldest(self) -> Release {
        self.releases.first().copied().unwrap_or(Release(0, 0, 0))
    }

    fn newest(self) -> Release {
        let newest = self.releases.last().copied();
        newest.unwrap_or(Release(u16::MAX, 0, 0))
    }

    /// The runs of a line.
    pub(crate) fn runs(self, runs: &'static str) -> impl Iterator<Item = Run> {
        let newest = self.newest();
        runs.split('\t')
            .filter_map(move |text| parse_run(text, newest))
    }

    fn first_line_not_before(self, name: &str) -> usize {
        let (mut low, mut high) = (0, self.text.len());
        while low < high {
            let line = self.line_start(low + (high - low) / 2);
            let text = self.text.get(line..).unwrap_or_default();
            let key = text.split('\t').next().unwrap_or_default();
            if key < name {
                low = line + text.find('\n').map_or(text.len(), |end| end + 1);
            } else {
                high = line;
            }
        }
        low
    }

    fn line_start(self, at: usize) -> usize {
        // Values may hold characters of several bytes, so `at` need not be a character boundary: look at bytes.
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)
    }
}

fn parse_line(line: &'static str) -> Option<Line> {
    let mut fields = line.splitn(3, '\t');
    Some(Line {
        name: fields.next()?,
        mark: fields.next()?,
        runs: fields.next()?,
    })
}

fn parse_run(text: &'static str, newest: Release) -> Option<Run> {
    let end = text.find(['=', '>']).unwrap_or(text.len());
    let (range, stated) = text.split_at_checked(end)?;
    let (first, last) = match range.split_once('-') {
        Some((first, "")) => (Release::parse(first)?, newest),
        Some((first, last)) => (Release::parse(first)?, Release::parse(last)?),
        None => (Release::parse(range)?, Release::parse(range)?),
    };
    let stated = match (stated.strip_prefix('='), stated.strip_prefix('>')) {
        (Some(value), _) => Stated::Text(value),
        (None, Some(key)) => Stated::SameAs(key),
        (None, None) => Stated::Nothing,
    };
    Some(Run {
        first,
        last,
        stated,
    })
}

/// The table's release that speaks for any release. Defaults change between release lines, seldom inside one. So its own
/// line speaks first, then its major version, then everything; in each the newest release that is not newer, else the
/// oldest one. Hadoop 3.1.1 takes 3.2.0 and not 2.7.7; Spark 4.1.1 takes 4.1.4 and not 4.0.5.
pub(crate) fn table_release(releases: &[Release], release: Release) -> Release {
    let nearest = |belongs: &dyn Fn(Release) -> bool| {
        let mut group = releases.iter().copied().filter(|known| belongs(*known));
        let oldest = group.next()?;
        Some(
            group
                .take_while(|known| *known <= release)
                .last()
                .unwrap_or(oldest),
        )
    };
    nearest(&|known| known.line() == release.line())
        .or_else(|| nearest(&|known| known.0 == release.0))
        .or_else(|| nearest(&|_| true))
        .unwrap_or(release)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELEASES: [Release; 4] = [
        Release(2, 7, 7),
        Release(3, 3, 0),
        Release(3, 3, 4),
        Release(3, 4, 1),
    ];

    const TABLE: Table = Table {
        text: "a\tx\t2.7.7-3.3.0=1\t3.3.4=|=2\t3.4.1=\na\ty\t3.3.0-=é\nab\tx\t2.7.7-\nb\tx\t2.7.7->a\n",
        releases: &RELEASES,
    };

    #[test]
    fn a_name_is_found_with_all_its_lines() {
        let marks = |name| {
            TABLE
                .find_all(name)
                .map(|line| line.mark)
                .collect::<String>()
        };
        assert_eq!(marks("a"), "xy");
        assert_eq!(marks("ab"), "x");
        assert_eq!(marks("b"), "x");
        assert_eq!(marks(""), "");
        assert_eq!(marks("aa"), "");
        assert_eq!(marks("c"), "");
    }

    #[test]
    fn runs_state_defaults_nothing_and_other_keys() {
        let stated = |name, release| {
            let line = TABLE.find_all(name).next()?;
            TABLE.stated(line, release)
        };
        assert_eq!(stated("a", Release(3, 3, 1)), Some(Stated::Text("1")));
        assert_eq!(stated("a", Release(3, 3, 6)), Some(Stated::Text("|=2")));
        assert_eq!(stated("a", Release(3, 4, 1)), Some(Stated::Text("")));
        assert_eq!(stated("ab", Release(9, 0, 0)), Some(Stated::Nothing));
        assert_eq!(stated("b", Release(2, 0, 0)), Some(Stated::SameAs("a")));
        let second = TABLE.find_all("a").nth(1).unwrap();
        assert_eq!(TABLE.stated(second, Release(2, 10, 2)), None);
    }

    #[test]
    fn the_own_line_speaks_first_then_the_major_version() {
        let speaks = |release| table_release(&RELEASES, release);
        assert_eq!(speaks(Release(3, 3, 2)), Release(3, 3, 0));
        assert_eq!(speaks(Release(3, 3, 6)), Release(3, 3, 4));
        assert_eq!(speaks(Release(3, 4, 0)), Release(3, 4, 1));
        assert_eq!(speaks(Release(3, 1, 1)), Release(3, 3, 0));
        assert_eq!(speaks(Release(3, 9, 0)), Release(3, 4, 1));
        assert_eq!(speaks(Release(2, 10, 2)), Release(2, 7, 7));
        assert_eq!(speaks(Release(1, 0, 0)), Release(2, 7, 7));
        assert_eq!(speaks(Release(4, 0, 0)), Release(3, 4, 1));
    }
}
