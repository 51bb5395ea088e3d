//! Relative paths that files name, as paths of the input.

/// A path below a directory; the input itself is the empty one.
pub(crate) fn join(directory: &str, path: &str) -> String {
    if directory.is_empty() {
        path.to_owned()
    } else {
        format!("{directory}/{path}")
    }
}

/// A path seen from a directory, without `.` and `..`. Nothing lies above the input: there `..` leads nowhere.
pub(crate) fn seen_from(directory: &str, path: &str) -> String {
    walk(directory, path).path
}

/// A path seen from a directory, for what must lie within the input. `None` for one that is absolute or leads out.
pub(crate) fn within(directory: &str, path: &str) -> Option<String> {
    let end = walk(directory, path);
    (!path.starts_with('/') && !end.led_out).then_some(end.path)
}

struct End {
    path: String,
    led_out: bool,
}

fn walk(directory: &str, path: &str) -> End {
    let mut components: Vec<&str> = directory.split('/').filter(|c| !c.is_empty()).collect();
    let mut led_out = false;
    for component in path.split('/') {
        match component {
            "" | "." => {}
            ".." => led_out |= components.pop().is_none(),
            component => components.push(component),
        }
    }
    End {
        path: components.join("/"),
        led_out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_resolved_within_the_input() {
        assert_eq!(within("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(within("a", "..").as_deref(), Some(""));
        assert_eq!(within("a", "../.."), None);
        assert_eq!(within("a", "../../b"), None);
        assert_eq!(within("a", "/etc"), None);
    }

    #[test]
    fn nothing_lies_above_the_input() {
        assert_eq!(seen_from("a/b", "../c/./d"), "a/c/d");
        assert_eq!(seen_from("a", "../../b"), "b");
        assert_eq!(seen_from("", "/etc//x"), "etc/x");
    }
}
