//! One finding in full, in the style of a compiler.

use crate::evidence::Evidence;
use crate::likeness::Alike;
use crate::phrase::{counted, wrapped};
use crate::text::Style;
use crate::text::evident::{Evident, texts};
use crate::text::excerpt::{Excerpt, excerpts};
use annotate_snippets::{
    AnnotationKind, Element, Group, Level, Origin, Padding, Renderer, Snippet,
};
use audit::Finding;
use model::{Consequence, Provenance, Severity, Shown, Subject, Verdict, Witness};

/// How many facts are shown. A finding over thousands of objects still has to fit a screen; JSON has them all.
const WITNESSES_SHOWN: usize = 8;

/// How many of the other subjects are named.
const SUBJECTS_NAMED: usize = 3;

/// How many places of other findings of the same cause are named.
const PLACES_NAMED: usize = 4;

/// Renders the first of some findings of one cause with its evidence, and the places of the others.
pub(crate) fn render(evidence: &Evidence<'_>, alike: &Alike<'_>, style: &Style<'_>) -> String {
    let finding = alike.first;
    let renderer = if style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut corrections = Vec::new();
    let mut group = Group::with_title(title(evidence, finding, style));
    let mut has_text = false;
    for text in texts(evidence, shown(finding)) {
        for excerpt in excerpts(
            evidence,
            text.source,
            &text.spans(),
            style.width.saturating_sub(10).max(40),
        ) {
            corrections.extend(column_correction(evidence, &text, &excerpt));
            group = group.element(snippet(evidence, &text, excerpt, !has_text));
            has_text = true;
        }
    }
    if !has_text && let Some(location) = evidence.location(finding) {
        let origin = Origin::path(evidence.prose(&location.path))
            .line(location.start.line as usize)
            .char_column(location.start.column as usize);
        group = group.element(origin).element(Padding);
    }
    let group = group.elements(remarks(evidence, alike, style));
    let mut rendered = renderer.term_width(style.width.max(60)).render(&[group]);
    for (printed, real) in corrections {
        rendered = rendered.replacen(&printed, &real, 1);
    }
    rendered
}

/// The facts that are shown.
fn shown(finding: &Finding) -> &[Witness] {
    let count = finding.witnesses.len().min(WITNESSES_SHOWN);
    finding.witnesses.get(..count).unwrap_or_default()
}

fn title<'a>(
    evidence: &Evidence<'_>,
    finding: &Finding,
    style: &Style<'_>,
) -> annotate_snippets::Title<'a> {
    let id = format!("{}#{}", finding.control, finding.cause);
    let prefix = if finding.verdict == Verdict::Contradicted {
        "contradicted: "
    } else {
        ""
    };
    let indent = finding.severity.as_str().len() + id.len() + 4;
    let text = evidence.prose(&format!("{prefix}{}", finding.title));
    let text = wrapped(&text, style.width.saturating_sub(indent).max(60)).join("\n");
    let level = match finding.severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::INFO,
    };
    level
        .with_name(finding.severity.as_str())
        .primary_title(text)
        .id(id)
}

fn snippet<'a>(
    evidence: &Evidence<'_>,
    text: &Evident<'_>,
    excerpt: Excerpt,
    is_first: bool,
) -> Element<'a> {
    let Excerpt {
        text: source,
        first_line,
        marks,
    } = excerpt;
    let mut annotations = Vec::new();
    for (index, range) in marks {
        let Some((_, witness)) = text.marks.get(index) else {
            continue;
        };
        let kind = if is_first && index == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let label = label(evidence, witness, line_around(&source, range.start));
        annotations.push(kind.span(range).label(label));
    }
    Snippet::source(source)
        .line_start(first_line)
        .path(text.path.clone())
        .annotations(annotations)
        .into()
}

fn line_around(text: &str, offset: usize) -> &str {
    let before = text.get(..offset).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let rest = text.get(start..).unwrap_or_default();
    rest.lines().next().unwrap_or_default()
}

/// What a witness says about its span. The key is named where the line does not show it: in XML it stands on another one.
fn label(evidence: &Evidence<'_>, witness: &Witness, line: &str) -> String {
    if let (Provenance::Default { .. }, Some(key)) = (&witness.provenance, &witness.key) {
        return format!("{} is not set here", evidence.prose(key));
    }
    let says = match (&*witness.label, &witness.value) {
        ("", Shown::Redacted) => "set; the value is not shown".to_owned(),
        (label, _) => evidence.prose(label),
    };
    match witness.key.as_deref().map(|key| evidence.prose(key)) {
        Some(key) if line.contains(&key) || says.contains(&key) => says,
        Some(key) if says.is_empty() => key,
        Some(key) => format!("{key}: {says}"),
        None => says,
    }
}

/// What the renderer prints as position of an excerpt, and the true one. They differ where masking, escaping or cutting
/// changed the line before the span, because the renderer counts columns in what it prints.
fn column_correction(
    evidence: &Evidence<'_>,
    text: &Evident<'_>,
    excerpt: &Excerpt,
) -> Option<(String, String)> {
    let (index, range) = excerpt
        .marks
        .iter()
        .min_by_key(|(index, range)| (*index != 0, range.start))?;
    let (span, _) = text.marks.get(*index)?;
    let before = excerpt.text.get(..range.start)?;
    let line = excerpt.first_line + before.matches('\n').count();
    let printed = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    let source = evidence.outcome.sources.get(text.source)?;
    let real = source.lines().position(&source.text, span.start).column as usize;
    let position = |column| format!("{}:{line}:{column}", text.path);
    (printed != real).then(|| (position(printed), position(real)))
}

/// What is said below the snippets.
fn remarks<'a>(evidence: &Evidence<'_>, alike: &Alike<'_>, style: &Style<'_>) -> Vec<Element<'a>> {
    let finding = alike.first;
    let mut remarks = Vec::new();
    let mut say = |level: Level<'static>, name: String, text: String| {
        if !text.is_empty() {
            let room = style.width.saturating_sub(name.len() + 9).max(30);
            remarks.push(Element::from(
                level
                    .with_name(name)
                    .message(wrapped(&text, room).join("\n")),
            ));
        }
    };
    let is_text = |witness: &&Witness| matches!(witness.provenance, Provenance::Text(_));
    for witness in shown(finding).iter().filter(|witness| !is_text(witness)) {
        say(Level::NOTE, "note".to_owned(), evidence.describe(witness));
    }
    let left = finding.witnesses.len() - shown(finding).len();
    if left > 0 {
        let more = format!("{} (-f json lists them)", counted(left, "more fact"));
        say(Level::NOTE, "note".to_owned(), more);
    }
    let message = evidence.prose(&finding.message);
    say(
        Level::NOTE,
        "why".to_owned(),
        if *message == *finding.title {
            String::new()
        } else {
            message
        },
    );
    say(
        Level::HELP,
        format!("fix ({})", finding.safety.as_str()),
        evidence.prose(&finding.remedy),
    );
    say(
        Level::NOTE,
        "subject".to_owned(),
        evidence.subject(&finding.subject),
    );
    say(
        Level::NOTE,
        "also".to_owned(),
        also(evidence, &finding.also),
    );
    say(
        Level::NOTE,
        "consequences".to_owned(),
        named(&finding.consequences),
    );
    say(
        Level::NOTE,
        "follows from".to_owned(),
        named(finding.consequence_of.as_slice()),
    );
    say(
        Level::NOTE,
        "likewise".to_owned(),
        likewise(evidence, &alike.others),
    );
    remarks
}

fn likewise(evidence: &Evidence<'_>, others: &[&Finding]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let places = places(evidence, others, PLACES_NAMED);
    format!("{}: {places}", counted(others.len(), "more finding"))
}

/// The places of findings: as many as are named, and how many more there are.
pub(crate) fn places(evidence: &Evidence<'_>, findings: &[&Finding], named: usize) -> String {
    let mut places: Vec<String> = findings
        .iter()
        .take(named)
        .map(|finding| evidence.position(finding))
        .collect();
    if findings.len() > named {
        places.push(format!("{} more", findings.len() - named));
    }
    places.join(", ")
}

fn also(evidence: &Evidence<'_>, subjects: &[Subject]) -> String {
    if subjects.is_empty() {
        return String::new();
    }
    let named: Vec<String> = subjects
        .iter()
        .take(SUBJECTS_NAMED)
        .map(|subject| evidence.subject(subject))
        .collect();
    let more = if subjects.len() > SUBJECTS_NAMED {
        ", …"
    } else {
        ""
    };
    format!(
        "{}: {}{more}",
        counted(subjects.len(), "more subject"),
        named.join(", ")
    )
}

fn named(findings: &[Consequence]) -> String {
    let named: Vec<String> = findings
        .iter()
        .map(|other| format!("{}#{}", other.control, other.cause))
        .collect();
    named.join(", ")
}
