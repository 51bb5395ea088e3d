//! Here-documents: files that a script carries in itself.

use super::{Command, Redirection, RedirectionKind, Word, commands};
use crate::{SegmentMap, Span};

/// A here-document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HereDocument {
    /// The file that it is written to, where its line says so: `> FILE`, or `| tee FILE`.
    pub target: Option<Word>,
    /// Its body as written.
    pub body: Span,
    /// Whether the delimiter is quoted, so that nothing in the body is replaced.
    pub is_literal: bool,
    /// Whether tabs at the start of lines are dropped (`<<-`).
    pub drops_tabs: bool,
}

/// The here-documents of a script, in order. O(length).
#[must_use]
pub fn here_documents(text: &str) -> Vec<HereDocument> {
    let commands = commands(text);
    let mut documents = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        let announced: Vec<_> = command
            .redirections
            .iter()
            .filter_map(|redirection| match redirection.kind {
                RedirectionKind::HereDocument { body, expands } => {
                    Some((&redirection.target, body, expands))
                }
                _ => None,
            })
            .collect();
        // Of several of one command nothing tells which one goes where.
        let target = match announced.as_slice() {
            [_] => target(commands.get(index..).unwrap_or_default()),
            _ => None,
        };
        for (delimiter, body, expands) in announced {
            let before = text.get(..delimiter.span.range().start).unwrap_or_default();
            documents.push(HereDocument {
                target: target.clone(),
                body,
                is_literal: !expands,
                drops_tabs: before.trim_end_matches([' ', '\t']).ends_with("<<-"),
            });
        }
    }
    documents
}

/// The file that a command, or a pipeline that it begins, writes: the argument of `tee`, or where the output goes.
fn target(pipeline: &[Command]) -> Option<Word> {
    for command in pipeline {
        if let Some(at) = command.words.iter().position(|word| word.text == "tee") {
            let mut arguments = command.words.iter().skip(at + 1);
            return arguments.find(|word| !word.text.starts_with('-')).cloned();
        }
        let is_file = |redirection: &&Redirection| {
            matches!(
                redirection.kind,
                RedirectionKind::Output | RedirectionKind::Append
            ) && redirection.target.text != "/dev/null"
        };
        if let Some(redirection) = command.redirections.iter().find(is_file) {
            return Some(redirection.target.clone());
        }
        if !command.is_piped {
            break;
        }
    }
    None
}

impl HereDocument {
    /// What the command reads, and where its bytes come from. Variables stay as written; escapes of the shell are resolved
    /// (POSIX sh, "Here-Document").
    #[must_use]
    pub fn decode(&self, text: &str) -> (String, SegmentMap) {
        let mut decoded = String::new();
        let mut map = SegmentMap::default();
        let mut start = self.body.range().start;
        let written = text.get(self.body.range()).unwrap_or_default();
        for line in written.split_inclusive('\n') {
            let content = if self.drops_tabs {
                line.trim_start_matches('\t')
            } else {
                line
            };
            let offset = start + line.len() - content.len();
            start += line.len();
            if self.is_literal || !content.contains('\\') {
                push(&mut decoded, &mut map, content, offset);
            } else {
                unescape(&mut decoded, &mut map, content, offset);
            }
        }
        (decoded, map)
    }
}

fn push(decoded: &mut String, map: &mut SegmentMap, piece: &str, offset: usize) {
    if piece.is_empty() {
        return;
    }
    let start = decoded.len();
    decoded.push_str(piece);
    map.push(
        Span::new(start, decoded.len()),
        Span::new(offset, offset + piece.len()),
    );
}

/// A line in which a backslash escapes a dollar, a backquote, itself and the line's end.
fn unescape(decoded: &mut String, map: &mut SegmentMap, line: &str, offset: usize) {
    let mut from = 0;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find('\\')) {
        let at = from + found;
        let rest = line.get(at + 1..).unwrap_or_default();
        let plain = line.get(from..at).unwrap_or_default();
        push(decoded, map, plain, offset + from);
        from = match rest.as_bytes() {
            [b'\n', ..] => at + 2,
            [b'$' | b'`' | b'\\', ..] => {
                push(
                    decoded,
                    map,
                    rest.get(..1).unwrap_or_default(),
                    offset + at + 1,
                );
                at + 2
            }
            _ => {
                push(decoded, map, "\\", offset + at);
                at + 1
            }
        };
    }
    push(
        decoded,
        map,
        line.get(from..).unwrap_or_default(),
        offset + from,
    );
}

#[cfg(test)]
mod tests {
    use super::here_documents;
    use crate::Span;

    #[test]
    fn documents_know_their_files() {
        let text = "cat > /etc/enc.yaml <<EOF\na: $X\nEOF\ncat <<'E' | sudo tee -a /etc/x.conf >/dev/null\nb\nE\nkubectl apply -f - <<X\nc\nX\n";
        let found: Vec<_> = here_documents(text)
            .into_iter()
            .map(|here| {
                let target = here.target.as_ref().map(|word| word.text.clone());
                (target, here.decode(text).0, here.is_literal)
            })
            .collect();
        let expected = [
            (
                Some("/etc/enc.yaml".to_owned()),
                "a: $X\n".to_owned(),
                false,
            ),
            (Some("/etc/x.conf".to_owned()), "b\n".to_owned(), true),
            (None, "c\n".to_owned(), false),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn escapes_of_the_shell_are_resolved() {
        let text = "cat <<-EOF > u.service\n\tExecStart=/bin/x \\\\\n\t  --a=\\$B \\q\nEOF\n";
        let here = &here_documents(text)[0];
        let (decoded, map) = here.decode(text);
        assert_eq!(decoded, "ExecStart=/bin/x \\\n  --a=$B \\q\n");
        let at = decoded.find("--a").unwrap();
        let origin = map.to_origin(Span::new(at, at + 6));
        assert_eq!(&text[origin.range()], "--a=\\$B");
    }

    #[test]
    fn unfinished_documents_end_with_the_text() {
        for text in [
            "cat <<EOF",
            "cat <<EOF\n",
            "cat <<EOF > x\na\\",
            "<<'",
            "cat << \n",
        ] {
            for here in here_documents(text) {
                let _ = here.decode(text);
                assert!(text.get(here.body.range()).is_some(), "{text:?}");
            }
        }
    }
}
