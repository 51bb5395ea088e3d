//! The real key that a misspelt one stands for.
//!
//! A suggestion is a claim that somebody's setting is ignored, so it must be rare and right. Keys of other products often
//! differ from ours by a word, not by a slip; so a slip may not touch digits, not replace a letter of a short word, not
//! grow with the number of words, and the first segment must be ours unless everything after it is exactly right.

use super::edits::{common_prefix, differing_part, distance};

/// How a key differs from a candidate, the likeliest slip first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slip {
    /// Upper and lower case only.
    Case,
    /// One word in another form: plural, past tense, noun (`suite` and `suites`, `encrypt` and `encryption`).
    Form,
    /// One letter dropped, added, replaced, or two exchanged.
    OneLetter,
    /// Two such slips.
    TwoLetters,
    /// Only the first segment is misspelt.
    Root,
    /// One segment dropped or added.
    Segment,
}

/// Longer keys are no typing slips, and comparing them would cost.
const LONGEST_KEY: usize = 200;
/// The part of the shorter key in which two slips of one word may lie; most candidates are told apart by this alone.
const LONGEST_SLIP: usize = 24;
/// What a slip needs around it, so that it is not another short name.
const SHORTEST_KEY: usize = 10;

/// The candidate that `key` most likely stands for. Among equal slips the one that starts alike for longer wins; `None`
/// if that does not decide either.
pub(crate) fn nearest(key: &str, candidates: &[&'static str]) -> Option<&'static str> {
    if !(SHORTEST_KEY..=LONGEST_KEY).contains(&key.len()) || !key.is_ascii() {
        return None;
    }
    let mut best: Option<((Slip, usize), &'static str)> = None;
    let mut tie = false;
    for &candidate in candidates {
        let Some(slip) = slip(key, candidate) else {
            continue;
        };
        if slip == Slip::Segment && has_foreign_segment(key, candidate, candidates) {
            continue;
        }
        let rank = (
            slip,
            key.len() - common_prefix(key.as_bytes(), candidate.as_bytes()),
        );
        match best {
            Some((held, _)) if held < rank => {}
            Some((held, _)) if held == rank => tie = true,
            _ => {
                best = Some((rank, candidate));
                tie = false;
            }
        }
    }
    best.filter(|_| !tie).map(|(_, candidate)| candidate)
}

/// What misspelt keys may stand for: of these names those that decide about a protection, sorted.
pub(crate) fn candidates(
    names: impl Iterator<Item = &'static str>,
    is_security_key: fn(&str) -> bool,
) -> Vec<&'static str> {
    let mut names: Vec<_> = names.filter(|name| is_security_key(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn slip(key: &str, candidate: &str) -> Option<Slip> {
    let (key_root, key_rest) = key.split_once('.')?;
    let (root, rest) = candidate.split_once('.')?;
    if key == candidate {
        return None;
    }
    if key.eq_ignore_ascii_case(candidate) {
        return Some(Slip::Case);
    }
    if key_root != root {
        let believable = key_rest == rest && rest.len() >= SHORTEST_KEY && rest.contains('.');
        return (believable && is_root_slip(key_root, root)).then_some(Slip::Root);
    }
    if differing_part(key.as_bytes(), candidate.as_bytes()) > LONGEST_SLIP {
        return None;
    }
    if is_form_slip(key_rest, rest) {
        return Some(Slip::Form);
    }
    match letters(key, candidate) {
        Some(1) => Some(Slip::OneLetter),
        Some(2) => Some(Slip::TwoLetters),
        _ => is_segment_slip(key_rest, rest).then_some(Slip::Segment),
    }
}

/// Whether the key has a segment that no candidate has. Products put their own word into our names to make names of theirs.
fn has_foreign_segment(key: &str, candidate: &str, candidates: &[&str]) -> bool {
    let is_in = |segment: &str, name: &str| name.split('.').any(|other| other == segment);
    key.split('.')
        .filter(|segment| !is_in(segment, candidate))
        .any(|segment| !candidates.iter().any(|name| is_in(segment, name)))
}

/// One or two letters in a root of four or more, one in shorter ones.
fn is_root_slip(key: &str, root: &str) -> bool {
    let most = if root.len() < 4 { 1 } else { 2 };
    distance(key.as_bytes(), root.as_bytes(), most).is_some()
}

/// Exactly one segment differs, by the form of its word.
fn is_form_slip(key: &str, candidate: &str) -> bool {
    if key.matches('.').count() != candidate.matches('.').count() {
        return false;
    }
    let mut different = key
        .split('.')
        .zip(candidate.split('.'))
        .filter(|(left, right)| left != right);
    let Some((left, right)) = different.next() else {
        return false;
    };
    different.next().is_none() && (is_form_of(left, right) || is_form_of(right, left))
}

fn is_form_of(form: &str, word: &str) -> bool {
    let ends = ["s", "es", "d", "ed", "ion"];
    let added = ends.iter().any(|end| form.strip_suffix(end) == Some(word));
    let exchanged = [("ies", "y"), ("ion", "e")].iter().any(|(end, other)| {
        let stems = form.strip_suffix(end).zip(word.strip_suffix(other));
        stems.is_some_and(|(left, right)| left == right)
    });
    word.len() >= 3 && (added || exchanged)
}

/// How many letters slipped, if few enough for where they stand.
fn letters(key: &str, candidate: &str) -> Option<usize> {
    let (left, right) = (key.as_bytes(), candidate.as_bytes());
    let most = (candidate.len() / SHORTEST_KEY).min(2);
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let (left, right) = (differing_words(left, right)?, differing_words(right, left)?);
    let has_digit = |word: &[u8]| word.iter().any(u8::is_ascii_digit);
    if has_digit(left) || has_digit(right) {
        return None;
    }
    let shorter = left.len().min(right.len());
    // Every short word of three letters has a neighbour that is a word as well (rpc and ipc, key and keys).
    if shorter <= 3 && left.len() == right.len() && !is_exchange(left, right) {
        return None;
    }
    distance(left, right, most.min((shorter / 3).max(1)))
}

/// The part of `text` that differs from `other`, widened to whole words (segments and their hyphenated parts).
fn differing_words<'t>(text: &'t [u8], other: &[u8]) -> Option<&'t [u8]> {
    let is_border = |byte: &u8| matches!(byte, b'.' | b'-' | b'_');
    let start = common_prefix(text, other);
    let shared = text.len().min(other.len()) - start;
    let reversed = text.iter().rev().zip(other.iter().rev());
    let end = text.len() - reversed.take(shared).take_while(|(l, r)| l == r).count();
    let start = text
        .get(..start)?
        .iter()
        .rposition(is_border)
        .map_or(0, |at| at + 1);
    let end = text
        .get(end..)?
        .iter()
        .position(is_border)
        .map_or(text.len(), |at| end + at);
    text.get(start..end)
}

fn is_exchange(left: &[u8], right: &[u8]) -> bool {
    let mut sorted = (left.to_vec(), right.to_vec());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    sorted.0 == sorted.1
}

/// One side has one segment more, and enough is left to know it by. A segment added at the end of a key is how products
/// make forms of it (for a nameservice, a host, a password file), so that is none.
fn is_segment_slip(key: &str, candidate: &str) -> bool {
    let (shorter, longer) = if key.len() < candidate.len() {
        (key, candidate)
    } else {
        (candidate, key)
    };
    let (short, long): (Vec<_>, Vec<_>) =
        (shorter.split('.').collect(), longer.split('.').collect());
    if long.len() != short.len() + 1 || short.len() < 2 || shorter.len() < SHORTEST_KEY {
        return false;
    }
    let front = short.iter().zip(&long).take_while(|(l, r)| l == r).count();
    let extends = front == short.len() && shorter == candidate;
    !extends && short.get(front..) == long.get(front + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen() {
        let near = |key| {
            nearest(
                key,
                &[
                    "dfs.encrypt.data.transfer",
                    "yarn.acl.enable",
                    "dfs.datanode.keytab.file",
                ],
            )
        };
        assert_eq!(
            near("dfs.encryt.data.transfer"),
            Some("dfs.encrypt.data.transfer")
        );
        assert_eq!(
            near("dfs.encrypt.data.trasnfer"),
            Some("dfs.encrypt.data.transfer")
        );
        assert_eq!(
            near("dfs.encrypts.data.transfer"),
            Some("dfs.encrypt.data.transfer")
        );
        assert_eq!(
            near("dfs.Encrypt.data.transfer"),
            Some("dfs.encrypt.data.transfer")
        );
        assert_eq!(
            near("hdfs.encrypt.data.transfer"),
            Some("dfs.encrypt.data.transfer")
        );
        assert_eq!(
            near("dfs.datanode.encrypt.data.transfer"),
            Some("dfs.encrypt.data.transfer")
        );
        assert_eq!(near("dfs.mine.encrypt.data.transfer"), None);
        assert_eq!(
            near("dfs.encrypt.transfer"),
            Some("dfs.encrypt.data.transfer")
        );
        assert_eq!(near("yarn.acl.enabled"), Some("yarn.acl.enable"));
        assert_eq!(
            near("dfs.encrypt-data.transfer"),
            Some("dfs.encrypt.data.transfer")
        );
    }

    #[test]
    fn other_words_are_no_slips() {
        let near = |key| {
            nearest(
                key,
                &[
                    "dfs.data.transfer.protection",
                    "hadoop.rpc.protection",
                    "fs.s3a.access.key",
                    "fs.s3a.secret.key",
                ],
            )
        };
        assert_eq!(near("dfs.data.transfer.protection"), None);
        assert_eq!(near("fs.s3.access.key"), None);
        assert_eq!(near("hadoop.ipc.protection"), None);
        assert_eq!(near("hbase.rpc.protection"), None);
        assert_eq!(near("mine.data.transfer.protection"), None);
        assert_eq!(near("é.data.transfer.protection"), None);
        assert_eq!(near(""), None);
    }

    #[test]
    fn equal_slips_leave_it_open() {
        let near = |key| nearest(key, &["dfs.web.ssl.enabled", "dfs.rpc.ssl.enabled"]);
        assert_eq!(near("dfs.ssl.enabled"), None);
    }
}
