//! Passwords in addresses.

use crate::secret_values::is_literal;
use text::Span;

/// The password that an address carries: `scheme://user:password@host`, or `password=` and `token=` behind `?`, `&` or `;`.
#[must_use]
pub fn password_in_address(value: &str) -> Option<Span> {
    let scheme_end = value.find("://")?;
    let start = scheme_end + 3;
    let rest = value.get(start..)?;
    let authority = rest.get(
        ..rest
            .find(['/', '?', '#', ';', '\'', '"', ' '])
            .unwrap_or(rest.len()),
    )?;
    if let Some((user, _)) = authority.rsplit_once('@')
        && let Some((name, password)) = user.split_once(':')
        && is_literal(password)
    {
        let at = start + name.len() + 1;
        return Some(Span::new(at, at + password.len()));
    }
    [
        "password=",
        "passwd=",
        "pwd=",
        "token=",
        "access_token=",
        "sig=",
    ]
    .iter()
    .find_map(|parameter| parameter_of(value, start, parameter))
}

fn parameter_of(value: &str, from: usize, parameter: &str) -> Option<Span> {
    let lower = value.to_ascii_lowercase();
    let rest = lower.get(from..)?;
    let found = rest.match_indices(parameter).find(|(at, _)| {
        rest.get(..*at)
            .is_some_and(|before| before.ends_with(['?', '&', ';']))
    })?;
    let at = from + found.0 + parameter.len();
    let tail = value.get(at..)?;
    let end = tail
        .find(['&', ';', '#', '"', '\'', ' '])
        .unwrap_or(tail.len());
    tail.get(..end)
        .filter(|password| is_literal(password))
        .map(|password| Span::new(at, at + password.len()))
}

#[cfg(test)]
mod tests {
    use super::password_in_address;

    #[test]
    fn passwords_in_addresses() {
        let found =
            |text: &str| password_in_address(text).map(|span| text[span.range()].to_owned());
        assert_eq!(
            found("https://bot:not-a-real-secret@git.example/x").as_deref(),
            Some("not-a-real-secret")
        );
        assert_eq!(
            found("jdbc:postgresql://db/x?user=a&password=not-a-real-secret&ssl=true").as_deref(),
            Some("not-a-real-secret")
        );
        assert_eq!(
            found("jdbc:sqlserver://db;user=a;password=not-a-real-secret;").as_deref(),
            Some("not-a-real-secret")
        );
        assert_eq!(
            found("s3://id:not-a-real-secret@store:9000/b").as_deref(),
            Some("not-a-real-secret")
        );
        for silent in [
            "https://git.example/x",
            "https://bot@git.example",
            "https://a:$PW@h",
            "hdfs://nn:8020/x",
        ] {
            assert_eq!(found(silent), None, "{silent}");
        }
    }
}
