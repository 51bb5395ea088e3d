//! The little JSON that the input is made of: objects of strings and of such objects.

use std::collections::BTreeMap;

/// An object's member.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Object(BTreeMap<String, Value>),
}

/// Reads one line that is one object.
pub(super) fn object(line: &str) -> Result<BTreeMap<String, Value>, String> {
    let mut rest = line.trim_start();
    match value(&mut rest, 2) {
        Some(Value::Object(members)) if rest.trim().is_empty() => Ok(members),
        _ => Err(format!("not an object of strings: {line}")),
    }
}

fn value(rest: &mut &str, depth: usize) -> Option<Value> {
    if rest.starts_with('"') {
        return text(rest).map(Value::Text);
    }
    take(rest, '{').filter(|()| depth > 0)?;
    let mut members = BTreeMap::new();
    if take(rest, '}').is_some() {
        return Some(Value::Object(members));
    }
    loop {
        let name = text(rest)?;
        take(rest, ':')?;
        members.insert(name, value(rest, depth - 1)?);
        if take(rest, '}').is_some() {
            return Some(Value::Object(members));
        }
        take(rest, ',')?;
    }
}

fn take(rest: &mut &str, wanted: char) -> Option<()> {
    *rest = rest.strip_prefix(wanted)?.trim_start();
    Some(())
}

fn text(rest: &mut &str) -> Option<String> {
    let mut characters = rest.strip_prefix('"')?.chars();
    let mut text = String::new();
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => text.push(escaped(&mut characters)?),
            plain => text.push(plain),
        }
    }
    *rest = characters.as_str().trim_start();
    Some(text)
}

fn escaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match characters.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => {
            let digits = characters.as_str().get(..4)?;
            *characters = characters.as_str().get(4..)?.chars();
            // A default with a character outside the basic plane does not exist; half of one is refused here.
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
        }
        itself => itself,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_strings_are_read() {
        let read = object(r#"{"a": {"b": "x\n\u0022", "c": ""}, "d": "\\"}"#).unwrap();
        assert_eq!(read.get("d"), Some(&Value::Text("\\".to_owned())));
        let Some(Value::Object(inner)) = read.get("a") else {
            panic!("an object")
        };
        assert_eq!(inner.get("b"), Some(&Value::Text("x\n\"".to_owned())));
        assert!(object(r#"{"a": 1}"#).is_err());
        assert!(object(r#"{"a": "b"} x"#).is_err());
        assert!(object(r#"{"a": {"b": {"c": "d"}}}"#).is_err());
    }
}
