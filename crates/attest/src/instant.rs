//! Points in time, in whole seconds.

use std::fmt;

/// Seconds since 1970-01-01T00:00:00Z. Evidence is always appraised at a given instant: nothing here asks a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// Reads Unix seconds (`1740000000`) or RFC 3339 (`2025-02-19T21:20:00Z`, with any offset).
    ///
    /// # Errors
    ///
    /// Says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(seconds) = text.parse() {
            return Ok(Instant(seconds));
        }
        text.parse::<jiff::Timestamp>()
            .map(|timestamp| Instant(timestamp.as_second()))
            .map_err(|_| {
                format!(
                    "`{text}` is neither Unix seconds (1740000000) nor RFC 3339 (2025-02-19T21:20:00Z)"
                )
            })
    }

    /// Whole days from `earlier` to this instant; negative when it lies behind.
    #[must_use]
    pub fn days_since(self, earlier: Instant) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(86_400)
    }

    /// The date alone: `2025-02-19`.
    #[must_use]
    pub fn date(self) -> String {
        let text = self.to_string();
        text.split_once('T')
            .map_or(text.clone(), |(date, _)| date.to_owned())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(timestamp) => timestamp.fmt(f),
            // Certificates may end in the year 9999 and beyond what calendars count.
            Err(_) => write!(f, "{} s since 1970", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms() {
        assert_eq!(Instant::parse("1740000000"), Ok(Instant(1_740_000_000)));
        assert_eq!(
            Instant::parse("2025-02-19T22:20:00+01:00"),
            Ok(Instant(1_740_000_000))
        );
        assert!(Instant::parse("yesterday").is_err());
    }

    #[test]
    fn counts_whole_days_both_ways() {
        let noon = Instant(1_740_000_000);
        assert_eq!(Instant(noon.0 + 86_400 * 3 + 5).days_since(noon), 3);
        assert_eq!(noon.days_since(Instant(noon.0 + 1)), -1);
        assert_eq!(noon.date(), "2025-02-19");
    }
}
