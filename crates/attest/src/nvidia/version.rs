//! Versions of drivers and firmware, compared number by number.

use std::cmp::Ordering;
use std::fmt;

/// A version: numbers between dots. Its text is kept as it was written.
#[derive(Clone, Debug)]
pub struct Version {
    numbers: Vec<u32>,
    text: String,
}

impl Version {
    /// A driver's version: decimal numbers, `550.90.07`.
    #[must_use]
    pub fn driver(text: &str) -> Option<Self> {
        Version::parse(text, 10, 1)
    }

    /// A firmware version: hexadecimal numbers, `96.00.9F.00.01`. Two at least, because these name the family.
    #[must_use]
    pub fn vbios(text: &str) -> Option<Self> {
        Version::parse(text, 16, 2)
    }

    /// Whether two firmware versions are of one family, so that they can be compared: H100 counts 96.00, LS10 96.10.
    #[must_use]
    pub fn same_family(&self, other: &Version) -> bool {
        self.numbers.iter().take(2).eq(other.numbers.iter().take(2))
    }

    fn parse(text: &str, radix: u32, fewest: usize) -> Option<Self> {
        let text = text.trim();
        let mut numbers: Vec<u32> = text
            .split('.')
            .map(|number| {
                // `from_str_radix` would take a sign.
                let is_number = number.chars().all(|digit| digit.is_digit(radix));
                is_number
                    .then(|| u32::from_str_radix(number, radix).ok())
                    .flatten()
            })
            .collect::<Option<_>>()?;
        if numbers.len() < fewest {
            return None;
        }
        // 590.12 and 590.12.00 are one version; the family keeps its two numbers.
        while numbers.len() > fewest && numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some(Version {
            numbers,
            text: text.to_owned(),
        })
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_decide_not_letters() {
        let driver = |text| Version::driver(text).unwrap();
        assert!(driver("550.90.07") < driver("550.127.05"));
        assert!(driver("590.12") == driver("590.12.00"));
        assert!(driver("590.12") > driver("580.95.05"));
        let vbios = |text| Version::vbios(text).unwrap();
        assert!(vbios("96.00.9F.00.01") < vbios("96.00.A5.00.01"));
        assert!(vbios("96.00.9F.00.01").same_family(&vbios("96.00.74.00.1A")));
        assert!(!vbios("96.00.9F.00.01").same_family(&vbios("96.10.73.00.01")));
    }

    #[test]
    fn what_is_no_version() {
        for text in [
            "",
            "a",
            "1..2",
            "+1",
            "1.-2",
            "550.90.07-beta",
            "99999999999",
        ] {
            assert!(Version::driver(text).is_none(), "{text}");
        }
    }
}
