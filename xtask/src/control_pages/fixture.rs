//! A control's fixture, as the page shows it. The form is described in `crates/controls/tests/fixtures/main.rs`, which runs it.

/// One case: a section of the fixture.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Case<'t> {
    /// The heading.
    pub(super) name: &'t str,
    /// The files of the case.
    pub(super) files: Vec<File<'t>>,
    /// The expected claims, one a line.
    pub(super) expected: Vec<&'t str>,
}

/// One file of a case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File<'t> {
    /// The path inside the case.
    pub(super) path: &'t str,
    /// What it is written in: the first word of the info string.
    pub(super) language: &'t str,
    /// The lines.
    pub(super) lines: Vec<&'t str>,
}

impl Case<'_> {
    /// Whether the control finds something.
    pub(super) fn is_bad(&self) -> bool {
        self.expected.iter().any(|line| line.starts_with("exposed"))
    }
}

/// The cases in order. Text outside of cases and blocks that are neither file nor expectation are left out.
pub(super) fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("## ") {
            cases.push(Case {
                name,
                ..Case::default()
            });
        } else if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let Some(case) = cases.last_mut() else {
                continue;
            };
            if info == "expect" {
                let claims = body.iter().map(|line| line.trim());
                case.expected.extend(claims.filter(|line| !line.is_empty()));
            } else if let Some((language, path)) = info
                .split_once("file=")
                .or_else(|| info.split_once("evidence="))
            {
                case.files.push(File {
                    path: path.trim(),
                    language: language.trim(),
                    lines: body,
                });
            }
        }
    }
    cases
}
