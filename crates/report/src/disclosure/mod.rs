//! What may be shown of an outcome, and what not.
//!
//! A witness never holds a secret value, but the texts it points into do, and a snippet prints them. Here every report asks
//! what to hide: the spans of redacted witnesses, the same secrets wherever else they stand, and whatever looks like one.

mod looks_secret;
mod value;
mod written;

use audit::{Finding, Outcome};
use model::{Claim, Place, Provenance, Shown, SourceId, Sources, Witness};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use text::Span;
use written::{behind_key, has_secret_name, is_common_word, is_quote, secret_of};

pub(crate) use written::{is_encoded, outer};

/// What stands where a secret was. Of fixed length, so that it does not tell the secret's.
pub(crate) const MASK: &str = "•••";

/// Secrets shorter than this are hidden where they stand, but not searched for elsewhere: they would match by chance.
const SEARCHED: usize = 6;

/// The secrets of an outcome.
#[derive(Debug, Default)]
pub(crate) struct Disclosure {
    /// Per text the spans that are secret, in order and without overlap.
    secret: HashMap<SourceId, Vec<Span>>,
    /// Per text the spans that a control declared not to be secret, whatever they look like.
    plain: HashMap<SourceId, Vec<Span>>,
    /// Texts of secrets by their first bytes, longest first.
    texts: HashMap<[u8; SEARCHED], Vec<Box<str>>>,
    /// For each byte whether a text of a secret starts with it; empty where there are none. Every place of every text that is
    /// shown is asked for secrets, and nearly all are answered by this.
    starts: Vec<bool>,
}

impl Disclosure {
    /// Gathers what the witnesses of an outcome say about secrets.
    pub(crate) fn of(outcome: &Outcome) -> Self {
        let mut disclosure = Disclosure::default();
        for witness in witnesses(outcome) {
            disclosure.add(&outcome.sources, witness);
        }
        for (id, source) in outcome.sources.iter() {
            // Encoded documents (base64) hold their secrets in another spelling, so the encoded text is hidden as a whole.
            let place = Place::new(id, Span::new(0, source.text.len()));
            if source.embedding.is_some() && is_encoded(&outcome.sources, place) {
                let origin = outer(&outcome.sources, place).unwrap_or(place);
                disclosure
                    .secret
                    .entry(origin.source)
                    .or_default()
                    .push(origin.span);
            }
        }
        for spans in disclosure.secret.values_mut() {
            merge(spans);
        }
        for spans in disclosure.plain.values_mut() {
            merge(spans);
        }
        for texts in disclosure.texts.values_mut() {
            texts.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
            texts.dedup();
        }
        disclosure
    }

    fn add(&mut self, sources: &Sources, witness: &Witness) {
        let Provenance::Text(place) = witness.provenance else {
            return;
        };
        let mut next = Some(place);
        while let Some(place) = next {
            let written = sources.slice(place);
            match &witness.value {
                Shown::Redacted => {
                    let is_key = witness
                        .key
                        .as_deref()
                        .is_some_and(|key| written.trim_matches(is_quote) == key);
                    let value = if is_key {
                        behind_key(sources, place)
                    } else {
                        Some(place)
                    };
                    if let Some(value) = value {
                        self.secret
                            .entry(value.source)
                            .or_default()
                            .push(value.span);
                        self.add_text(sources.slice(value), witness.key.as_deref());
                    }
                }
                Shown::Plain(value) => self.add_plain(place, written, value),
                Shown::Nothing => {}
            }
            next = outer(sources, place);
        }
    }

    fn add_plain(&mut self, place: Place, written: &str, value: &str) {
        let Some(start) = written.find(value).filter(|_| !value.is_empty()) else {
            return;
        };
        let start = place.span.start as usize + start;
        self.plain
            .entry(place.source)
            .or_default()
            .push(Span::new(start, start + value.len()));
    }

    fn add_text(&mut self, written: &str, key: Option<&str>) {
        for line in secret_of(written, key).lines() {
            let line = line.trim().trim_matches(is_quote);
            let prefix = line.as_bytes().first_chunk::<SEARCHED>();
            if let Some(prefix) =
                prefix.filter(|_| !is_common_word(line) && !line.starts_with("-----"))
            {
                self.texts.entry(*prefix).or_default().push(line.into());
                self.starts.resize(1 << u8::BITS, false);
                if let Some(is_start) = self.starts.get_mut(usize::from(prefix[0])) {
                    *is_start = true;
                }
            }
        }
    }

    /// The text with every known secret in it replaced.
    pub(crate) fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.known_secrets(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut scrubbed = String::with_capacity(text.len());
        let mut at = 0;
        for range in found {
            scrubbed.push_str(text.get(at..range.start).unwrap_or_default());
            scrubbed.push_str(MASK);
            at = range.end;
        }
        scrubbed.push_str(text.get(at..).unwrap_or_default());
        Cow::Owned(scrubbed)
    }

    /// The value of a witness as it may be printed; nothing if there is none.
    pub(crate) fn value<'w>(&self, witness: &'w Witness) -> Option<Cow<'w, str>> {
        match &witness.value {
            Shown::Nothing => None,
            Shown::Plain(value) => Some(self.scrub(value)),
            Shown::Redacted => Some(Cow::Borrowed(MASK)),
        }
    }

    /// The parts of a region of a text that must be hidden: absolute byte ranges, in order, without overlap.
    pub(crate) fn hidden(&self, sources: &Sources, region: Place) -> Vec<Range<usize>> {
        let (start, end) = (region.span.start, region.span.end);
        let mut hidden: Vec<Span> = within(self.secret.get(&region.source), region.span).to_vec();
        let offset = start as usize;
        let text = sources.slice(region);
        hidden.extend(
            self.known_secrets(text)
                .into_iter()
                .map(|range| Span::new(offset + range.start, offset + range.end)),
        );
        let plain = within(self.plain.get(&region.source), region.span);
        let mut line_start = offset;
        for line in text.split_inclusive('\n') {
            let named = looks_secret::is_value_line(line)
                && has_secret_name(sources, region.source, line_start, line.len());
            for range in looks_secret::ranges(line, named) {
                let span = Span::new(line_start + range.start, line_start + range.end);
                if !plain
                    .iter()
                    .any(|known| known.start < span.end && span.start < known.end)
                {
                    hidden.push(span);
                }
            }
            line_start += line.len();
        }
        merge(&mut hidden);
        hidden
            .iter()
            .map(|span| {
                Span {
                    start: span.start.max(start),
                    end: span.end.min(end),
                }
                .range()
            })
            .collect()
    }

    fn known_secrets(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(prefix) = text
            .as_bytes()
            .get(at..)
            .and_then(|rest| rest.first_chunk::<SEARCHED>())
        {
            let is_start = self.starts.get(usize::from(prefix[0])) == Some(&true);
            let secrets = is_start.then(|| self.texts.get(prefix)).flatten();
            let secret = secrets.and_then(|secrets| {
                let rest = text.get(at..)?;
                secrets
                    .iter()
                    .find(|secret| rest.starts_with(&***secret))
                    .map(|secret| secret.len())
            });
            if let Some(length) = secret {
                found.push(at..at + length);
            }
            at += secret.unwrap_or(1);
        }
        found
    }
}

/// Every witness of an outcome.
fn witnesses(outcome: &Outcome) -> impl Iterator<Item = &Witness> {
    let of_findings = outcome
        .findings
        .iter()
        .chain(&outcome.waived)
        .flat_map(|finding: &Finding| &finding.witnesses);
    let claims = outcome
        .judged
        .iter()
        .flat_map(|judged| judged.claims.iter().map(|(_, claim)| claim));
    of_findings.chain(claims.flat_map(claim_witnesses))
}

/// The witnesses of a claim.
pub(crate) fn claim_witnesses(claim: &Claim) -> Box<dyn Iterator<Item = &Witness> + '_> {
    match claim {
        Claim::Protected(witnesses) | Claim::Unproven(_, witnesses) => Box::new(witnesses.iter()),
        Claim::Exposed(exposures) => {
            Box::new(exposures.iter().flat_map(|exposure| &exposure.witnesses))
        }
        Claim::NotApplicable(_) => Box::new(std::iter::empty()),
    }
}

/// The spans that overlap `region`, of spans in order and without overlap.
fn within(spans: Option<&Vec<Span>>, region: Span) -> &[Span] {
    let spans = spans.map_or(&[][..], Vec::as_slice);
    let first = spans.partition_point(|span| span.end <= region.start);
    let last = spans.partition_point(|span| span.start < region.end);
    spans.get(first..last.max(first)).unwrap_or_default()
}

fn merge(spans: &mut Vec<Span>) {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        if overlaps {
            *last = last.to(*next);
        }
        overlaps
    });
}
