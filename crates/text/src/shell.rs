//! Shell scripts and environment files, read and never run.
//!
//! The grammar is POSIX `sh` as far as simple commands go: quotes, continuations, lists, here-documents. Nothing is expanded;
//! a word that an expansion decides is marked as such.

mod assignment;
mod cursor;
mod environment_file;
mod here;
mod scan;
mod word;

use crate::Span;

pub use environment_file::env_file;
pub use here::{HereDocument, here_documents};

/// A simple command: assignments, words, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// Assignments before the command, or exported by it.
    pub assignments: Vec<Assignment>,
    /// The command's name and arguments. Empty for a line of assignments.
    pub words: Vec<Word>,
    /// The command's bytes.
    pub span: Span,
    /// The files it reads and writes, in order, and its here-documents.
    pub redirections: Vec<Redirection>,
    /// Whether its output is the input of the next command.
    pub is_piped: bool,
    /// Whether an `if`, a loop, a `case`, an `||` or a test before `&&` decides that it runs.
    pub is_conditional: bool,
}

/// What a redirection does with standard output or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection {
    /// Which way.
    pub kind: RedirectionKind,
    /// The file; of a here-document its delimiter.
    pub target: Word,
}

/// The kinds of redirections that tell what a file holds. Those of other descriptors are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectionKind {
    /// `> file`
    Output,
    /// `>> file`
    Append,
    /// `< file`
    Input,
    /// `<< END`
    HereDocument {
        /// The lines between, without the last one, which is the delimiter.
        body: Span,
        /// Whether variables in it are expanded: the delimiter stands without quotes.
        expands: bool,
    },
}

/// A word with quotes removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The text; expansions stand as written (`$X`).
    pub text: String,
    /// The word as written, with its quotes.
    pub span: Span,
    /// Whether a variable, a command substitution or a pattern decides a part of it.
    pub dynamic: bool,
}

/// `NAME=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: Word,
    /// Whether children see it for sure: `export`, `env`, or before a command.
    pub exported: bool,
    /// Whether it adds to what was there (`X+=y`).
    pub appends: bool,
}

/// The simple commands of a script, in order. O(length).
#[must_use]
pub fn commands(text: &str) -> Vec<Command> {
    scan::Scanner::new(text)
        .commands()
        .into_iter()
        .map(|command| assignment::split_off(text, command))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        commands(text)
            .into_iter()
            .map(|c| c.words.into_iter().map(|w| w.text).collect())
            .collect()
    }

    #[test]
    fn quotes_continuations_and_lists() {
        let text = "set -e; spark-submit \\\n  --conf \"spark.a=b c\" --conf 'x=y' # note\nls | wc -l && echo a\\ b &\n";
        assert_eq!(
            words(text),
            vec![
                vec!["set", "-e"],
                vec!["spark-submit", "--conf", "spark.a=b c", "--conf", "x=y"],
                vec!["ls"],
                vec!["wc", "-l"],
                vec!["echo", "a b"]
            ]
        );
        let submit = &commands(text)[1];
        assert_eq!(&text[submit.words[2].span.range()], "\"spark.a=b c\"");
    }

    #[test]
    fn assignments_in_all_their_places() {
        let text = "A=1 B=\"x $Y\" cmd c\nexport D='-Dspark.x=y'\nE=plain\nenv -i F=g run\n";
        let all: Vec<_> = commands(text)
            .into_iter()
            .flat_map(|c| c.assignments)
            .collect();
        let brief: Vec<_> = all
            .iter()
            .map(|a| {
                (
                    a.name.as_str(),
                    a.value.text.as_str(),
                    a.exported,
                    a.value.dynamic,
                )
            })
            .collect();
        assert_eq!(
            brief,
            [
                ("A", "1", true, false),
                ("B", "x $Y", true, true),
                ("D", "-Dspark.x=y", true, false),
                ("E", "plain", false, false),
                ("F", "g", true, false)
            ]
        );
        assert_eq!(&text[all[2].value.span.range()], "'-Dspark.x=y'");
    }

    #[test]
    fn here_documents_are_not_commands() {
        let text = "cat <<EOF > f\nspark-submit --conf a=b\nEOF\necho done\n";
        assert_eq!(
            words(text)
                .iter()
                .map(|c| c[0].as_str())
                .collect::<Vec<_>>(),
            ["cat", "echo"]
        );
        assert_eq!(
            words("cat <<-'X'\n\trm -rf\n\tX\nls\n").last().unwrap(),
            &["ls"]
        );
    }

    #[test]
    fn redirections_tell_what_files_hold() {
        let text = "cat > \"$C/a.conf\" <<EOF\nx $Y\nz\nEOF\necho k >> b 2> c\ncat <<'E' | tee -a d\nq\nE\nrun 2>&1 < in\n> e\n";
        let found: Vec<(String, String)> = commands(text)
            .into_iter()
            .flat_map(|command| command.redirections)
            .map(|redirection| {
                let kind = match redirection.kind {
                    RedirectionKind::Output => String::from(">"),
                    RedirectionKind::Append => String::from(">>"),
                    RedirectionKind::Input => String::from("<"),
                    RedirectionKind::HereDocument { body, expands } => {
                        format!("<< {expands} {}", &text[body.range()])
                    }
                };
                (kind, redirection.target.text)
            })
            .collect();
        let brief: Vec<(&str, &str)> = found.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(
            brief,
            [
                (">", "$C/a.conf"),
                ("<< true x $Y\nz\n", "EOF"),
                (">>", "b"),
                ("<< false q\n", "E"),
                ("<", "in"),
                (">", "e"),
            ]
        );
        let piped: Vec<bool> = commands(text).iter().map(|c| c.is_piped).collect();
        assert_eq!(piped, [false, false, true, false, false, false]);
        for unfinished in [
            "cat <<EOF\nbody",
            "cat <<EOF",
            "done <<X\na\nX\n",
            "x <<",
            "x >",
        ] {
            let _ = commands(unfinished);
        }
    }

    #[test]
    fn what_a_script_may_leave_out_is_marked() {
        let text = "a\nif b; then\n c\nelse d; fi\ne\n[ -n x ] && f && g\nh || i\nj && k\n\
                    [[ x ]] && l\nfor m in 1; do n; done\ncase $x in\n y) o;;\nesac\np\n";
        let brief: String = commands(text)
            .iter()
            .map(|command| {
                let name = &command.words[0].text;
                if command.is_conditional {
                    name.to_uppercase()
                } else {
                    name.clone()
                }
            })
            .collect();
        assert_eq!(brief, "aBCDe[FGhIjkLNOp");
    }

    #[test]
    fn control_flow_leaves_its_commands() {
        let text = "if [ -f x ]; then run a; else run b; fi\nfor i in 1 2; do run $i; done\n\
                    f() { run c; }\nfunction g { run d; }\n! run e\n\
                    case $1 in\n  a|\"b\") run f ;;\n  *) run g\n  ;;\nesac\nrun h\n\
                    [[ $a && ( b || c ) ]] && run i\n(cd x && run j)\nwhile run k; do :; done\n";
        let ran: Vec<_> = words(text)
            .into_iter()
            .filter(|words| !matches!(words[0].as_str(), "[" | "cd" | ":"))
            .map(|words| words.join(" "))
            .collect();
        let expected = ["a", "b", "$i", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
        assert_eq!(ran, expected.map(|name| format!("run {name}")));
    }

    #[test]
    fn redirections_are_no_words() {
        let text = "a b 2>&1 >|f c &>g d <<<h e 3<&- >> i &\nj 2 > k\n";
        assert_eq!(words(text), [vec!["a", "b", "c", "d", "e"], vec!["j", "2"]]);
        let process = &commands("diff <(a) x")[0];
        assert_eq!(process.words[1].text, "<(a)");
        assert!(process.words[1].dynamic && process.words.len() == 3);
    }

    #[test]
    fn expansions_end_where_the_shell_ends_them() {
        for (text, second) in [
            ("x $(a \")\" b) y", "$(a \")\" b)"),
            ("x \"$(a \"b c\" ')')\" y", "$(a \"b c\" ')')"),
            ("x ${a:-\"}\"} y", "${a:-\"}\"}"),
            ("x \"${a:-it's}\" y", "${a:-it's}"),
            ("x `a \\` b` y", "`a \\` b`"),
            ("x $(a # )\n) y", "$(a # )\n)"),
            ("x $((1 + (2))) y", "$((1 + (2)))"),
        ] {
            let command = &commands(text)[0];
            assert_eq!(command.words[1].text, second, "{text}");
            assert!(command.words[1].dynamic);
            assert_eq!(command.words[2].text, "y", "{text}");
        }
    }

    #[test]
    fn only_what_the_shell_decides_is_dynamic() {
        let dynamic = |text: &str| commands(text)[0].words[1].dynamic;
        for text in [
            "x $$",
            "x ~/a",
            "x a*",
            "x [ab]c",
            "x {a,b}",
            "x a{1..3}",
            "x $'\\x41'",
            "x \"$a\"",
        ] {
            assert!(dynamic(text), "{text}");
        }
        for text in [
            "x '$a'",
            "x \"a*\"",
            "x \\$a",
            "x {}",
            "x [",
            "x $",
            "x a~",
            "x {a}",
            "x 'a'[",
            "x $'a\\n'",
        ] {
            assert!(!dynamic(text), "{text}");
        }
        assert_eq!(commands("x $'a\\n' $\"b\"")[0].words[1].text, "a\n");
        assert_eq!(commands("x $\"b\"")[0].words[1].text, "b");
        assert!(!commands("A=* B={a,b}")[0].assignments[1].value.dynamic);
    }

    #[test]
    fn what_is_assigned_and_exported() {
        let text = "export \"A=b c\" D='e f'\n'G=h' i\ndeclare -x J=k\nlocal L=m\nexport -n N=o\n\
                    env -u P Q=r s T=u\nV=(1 2)\nW+=x\nY=\"-D$Z\" run\n";
        let all: Vec<_> = commands(text)
            .into_iter()
            .flat_map(|c| c.assignments)
            .collect();
        let brief: Vec<_> = all
            .iter()
            .map(|a| {
                (
                    a.name.as_str(),
                    &text[a.value.span.range()],
                    a.exported,
                    a.appends,
                )
            })
            .collect();
        assert_eq!(
            brief,
            [
                ("A", "b c", true, false),
                ("D", "'e f'", true, false),
                ("J", "k", true, false),
                ("L", "m", false, false),
                ("N", "o", false, false),
                ("Q", "r", true, false),
                ("V", "(1 2)", false, false),
                ("W", "x", false, true),
                ("Y", "\"-D$Z\"", true, false),
            ]
        );
        assert!(all[6].value.dynamic);
        assert_eq!(words("env -u P Q=r s T=u"), [["s", "T=u"]]);
        assert_eq!(words("'G=h' i"), [["G=h", "i"]]);
    }

    #[test]
    fn unfinished_text_ends_quietly() {
        for text in [
            "echo 'abc",
            "echo \"a",
            "a \\",
            "cat <<EOF\nbody",
            "$(",
            "`x",
            "((",
            "X=(1 2",
        ] {
            let _ = commands(text);
        }
        assert_eq!(
            words("echo $(date +%s) x"),
            vec![vec!["echo", "$(date +%s)", "x"]]
        );
        assert!(commands("echo $(date) x")[0].words[1].dynamic);
    }
}
