//! Durations as Go writes them.

/// The nanoseconds of a duration such as `3s`, `1h30m`, `1.5s` (Go's `time.ParseDuration`), fractions of a nanosecond cut off.
/// `None` if it is none.
pub(super) fn nanoseconds(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(end)?;
        let end = after
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        // `.5s` and `5.s` are durations, `.s` is none; f64 agrees.
        total += number.parse::<f64>().ok()? * unit_nanoseconds(unit)?;
        rest = after;
    }
    (total < 9.223_372_036_854_775e18).then_some(sign * total.trunc())
}

fn unit_nanoseconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1.0,
        "us" | "µs" | "μs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::nanoseconds;

    #[test]
    fn reads_what_go_reads() {
        assert_eq!(nanoseconds("3s"), Some(3e9));
        assert_eq!(nanoseconds("1h30m"), Some(5400e9));
        assert_eq!(nanoseconds("-.5ms"), Some(-5e5));
        assert_eq!(nanoseconds("0"), Some(0.0));
        assert_eq!(nanoseconds("0.4ns"), Some(0.0));
        for refused in ["", "-", "3", "s", ".s", "3 s", "3days", "1e3s"] {
            assert_eq!(nanoseconds(refused), None, "{refused}");
        }
    }
}
