//! How Kubernetes' decoder (sigs.k8s.io/yaml over sigs.k8s.io/json) types the values of a document.
//!
//! YAML is turned into JSON first, by the rules of YAML 1.1: a plain `yes` is a Boolean and a plain `1_000` is a number.
//! JSON values are then put into typed fields, and a value of another type refuses the whole document.

use text::{Node, Style, Value};

/// The type that a value has in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonType {
    /// Nothing: the field keeps its zero value.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// The type of a value.
    pub(super) fn of(node: &Node) -> JsonType {
        match &node.value {
            Value::Sequence(_) => JsonType::Array,
            Value::Mapping(_) => JsonType::Object,
            Value::Scalar(_) if node.is_null() => JsonType::Null,
            Value::Scalar(scalar) if scalar.style != Style::Plain => JsonType::String,
            Value::Scalar(_) if node.bool().is_some() => JsonType::Boolean,
            Value::Scalar(scalar) if is_number(&scalar.text) => JsonType::Number,
            Value::Scalar(_) => JsonType::String,
        }
    }

    /// The word for messages.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            JsonType::Null => "null",
            JsonType::Boolean => "a Boolean",
            JsonType::Number => "a number",
            JsonType::String => "a string",
            JsonType::Array => "a list",
            JsonType::Object => "a mapping",
        }
    }
}

/// Whether a plain scalar is a number: integers with `_`, `0x`, `0o`, `0b`, and decimal fractions (go-yaml v2, resolve.go).
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let radix = |prefix: &str, valid: fn(&u8) -> bool| {
        digits
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| valid(&b) || b == b'_'))
    };
    if radix("0x", u8::is_ascii_hexdigit)
        || radix("0o", |b| matches!(b, b'0'..=b'7'))
        || radix("0b", |b| matches!(b, b'0' | b'1'))
    {
        return true;
    }
    let starts_well = digits
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_digit() || b == b'.');
    let plain = digits
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-' | b'_'));
    starts_well && plain && digits.replace('_', "").parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::JsonType;
    use text::yaml;

    #[test]
    fn types_follow_yaml_1_1() {
        for (text, expected) in [
            ("yes", JsonType::Boolean),
            ("'yes'", JsonType::String),
            ("~", JsonType::Null),
            ("1_000", JsonType::Number),
            ("0x1F", JsonType::Number),
            ("1.5e+3", JsonType::Number),
            ("1.2.3", JsonType::String),
            ("key1", JsonType::String),
            ("[]", JsonType::Array),
            ("{}", JsonType::Object),
        ] {
            let root = &yaml::parse(&format!("a: {text}\n")).documents[0].root;
            assert_eq!(JsonType::of(root.get("a").unwrap()), expected, "{text}");
        }
    }
}
