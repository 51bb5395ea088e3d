//! Files that a tool fills in before a daemon reads them: Jinja (Ansible, Ambari), Go templates (Helm), ERB (Puppet, Chef),
//! and marks that `sed`, `envsubst` or an image's entrypoint replaces.
//!
//! What rendering puts in is not in the file. What it leaves alone is.

/// Whether rendering replaces the value or a part of it, so that the file does not tell what a daemon reads.
#[must_use]
pub fn is_expression(value: &str) -> bool {
    let value = value.trim();
    ["{{", "{%", "<%"].iter().any(|open| value.contains(open)) || is_mark(value)
}

/// The words that stand for a value as a whole: `@QOP@`, `__QOP__`, `%QOP%`, `$QOP`, `$(QOP)`, `#{qop}`, `<qop>`.
fn is_mark(value: &str) -> bool {
    const FENCES: [(&str, &str); 8] = [
        ("@@", "@@"),
        ("@", "@"),
        ("__", "__"),
        ("%", "%"),
        ("$(", ")"),
        ("#{", "}"),
        ("<", ">"),
        ("$", ""),
    ];
    FENCES.iter().any(|(open, close)| {
        value
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(is_name)
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' '))
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Whether the text is one that some template language fills in.
#[must_use]
pub fn holds_statement(text: &str) -> bool {
    statements(text).next().is_some()
}

/// What a statement between two properties does to those that follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// They count under a condition, or for each item of a list.
    Opens,
    /// The innermost condition or loop ends.
    Closes,
    /// Rendering may write any property here.
    Emits,
    /// Nothing.
    Neutral,
}

/// The statements of a text in order. O(length).
pub fn statements(text: &str) -> impl Iterator<Item = Statement> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (start, open) = [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("{#", "#}")]
            .into_iter()
            .filter_map(|fence| Some((rest.find(fence.0)?, fence)))
            .min_by_key(|(start, _)| *start)?;
        let inside = rest.get(start + 2..)?;
        let end = inside.find(open.1).unwrap_or(inside.len());
        let statement = of(open.0, inside.get(..end)?);
        rest = inside.get(end + 2..).unwrap_or_default();
        Some(statement)
    })
}

/// The first word tells. Jinja: `if`, `for`, `endif`; Go: `if`, `range`, `with`, `end`; ERB: `if`, `each do`, `end`.
fn of(fence: &str, inside: &str) -> Statement {
    let inside = inside.trim_matches(['-', '=', '+', '~', ' ', '\t', '\n', '\r']);
    if fence == "{#" || inside.starts_with("/*") || inside.starts_with('#') {
        return Statement::Neutral;
    }
    let word = inside
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    match word {
        "if" | "for" | "range" | "with" | "unless" | "macro" | "filter" | "call" | "define"
        | "block" => Statement::Opens,
        _ if inside.ends_with(" do") || inside.contains(" do |") => Statement::Opens,
        _ if word.starts_with("end") => Statement::Closes,
        "else" | "elif" | "elsif" | "elseif" | "set" | "import" | "from" => Statement::Neutral,
        "include" | "template" | "extends" => Statement::Emits,
        // `{{ expression }}` and `<%= expression %>` write something, `{% statement %}` does not.
        _ if fence == "{{" && !inside.contains(":=") => Statement::Emits,
        _ => Statement::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_and_marks_are_no_values() {
        for value in [
            "{{ hadoop_rpc_protection }}",
            "{{ qop | default('privacy') }}",
            "hdfs://{{ nameservice }}",
            "<%= @policy %>",
            "@RPC_PROTECTION@",
            "__QOP__",
            "$QOP",
            "$(QOP)",
            "%HTTP_POLICY%",
            "<http policy>",
        ] {
            assert!(is_expression(value), "{value}");
        }
        for value in [
            "privacy",
            "*",
            "hdfs/_HOST@EXAMPLE.COM",
            "/etc/security/keytabs/nn.keytab",
            "${user.home}/kms",
            "",
            "@/etc/hadoop/zk-acl",
            "100%",
        ] {
            assert!(!is_expression(value), "{value}");
        }
    }

    #[test]
    fn statements_open_close_and_emit() {
        use Statement::{Closes, Emits, Neutral, Opens};
        let found: Vec<_> = statements(
            "{# note #}{% if a %} {% elif b %} {%- endif -%} {{- range $k, $v := .Values.core }} {{ end }} {{ include \"x\" . }} <% @list.each do |k| %><% end %>",
        )
        .collect();
        assert_eq!(
            found,
            [
                Neutral, Opens, Neutral, Closes, Opens, Closes, Emits, Opens, Closes
            ]
        );
        assert!(!holds_statement("plain ${text}"));
    }
}
