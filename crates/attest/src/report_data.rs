//! The 64 bytes that whoever asks for evidence puts into it: what they answer, and what they must not be.

use crate::crypto::{hex, sha256, sha384, sha512};
use crate::step::Check;

/// How report data answers a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The nonce itself, zeros behind it.
    Plain,
    /// The nonce at the start, something else behind it.
    Prefix,
    /// A digest of the nonce, zeros behind it.
    Digest(&'static str),
}

/// A shorter nonce is guessed too easily to prove anything, and an empty one would be found everywhere.
pub const SHORTEST_NONCE: usize = 8;

/// Whether and how report data answers a nonce. To one of less than [`SHORTEST_NONCE`] bytes there is no answer.
#[must_use]
pub fn answer(report_data: &[u8; 64], nonce: &[u8]) -> Option<Answer> {
    if nonce.len() < SHORTEST_NONCE {
        return None;
    }
    let rest_is_zero = |length: usize| {
        report_data
            .get(length..)
            .is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
    };
    if report_data.starts_with(nonce) {
        return Some(if rest_is_zero(nonce.len()) {
            Answer::Plain
        } else {
            Answer::Prefix
        });
    }
    let digests: [(&'static str, &[u8]); 3] = [
        ("SHA-256", &sha256(nonce)),
        ("SHA-384", &sha384(nonce)),
        ("SHA-512", &sha512(nonce)),
    ];
    digests
        .into_iter()
        .find(|(_, digest)| report_data.starts_with(digest) && rest_is_zero(digest.len()))
        .map(|(name, _)| Answer::Digest(name))
}

/// Why report data proves nothing about time: it is the same in every piece of evidence.
#[must_use]
pub fn constant(report_data: &[u8; 64]) -> Option<String> {
    let end = report_data.iter().rposition(|byte| *byte != 0);
    let text = report_data.get(..=end?).unwrap_or_default();
    let is_text = text.iter().all(|byte| (b' '..=b'~').contains(byte));
    // 32 hexadecimal digits and more may be somebody's nonce as a text.
    let may_be_random = text.len() >= 32 && text.iter().all(u8::is_ascii_hexdigit);
    (is_text && !may_be_random).then(|| format!("the text \"{}\"", String::from_utf8_lossy(text)))
}

/// The check of the step `freshness`.
#[must_use]
pub fn freshness(report_data: &[u8; 64], nonce: Option<&[u8]>) -> Check {
    const WHAT: &str = "report data against the nonce";
    const CONSTANT: &str = "tee/evidence-freshness#constant-report-data";
    let answered = nonce.and_then(|nonce| answer(report_data, nonce));
    let value = hex(report_data);
    let all_zero = report_data.iter().all(|byte| *byte == 0);
    match (nonce, answered) {
        (Some(_), Some(answer)) => Check::pass(WHAT).value(match answer {
            Answer::Plain => "the nonce",
            Answer::Prefix => "the nonce, other bytes behind it",
            Answer::Digest(_) => "a digest of the nonce",
        })
        .detail(match answer {
            Answer::Digest(name) => name,
            Answer::Plain | Answer::Prefix => "",
        }),
        (Some(nonce), None) => Check::fail(WHAT, "tee/evidence-freshness#nonce-missing")
            .value(value)
            .limit(hex(nonce))
            .detail(if nonce.len() < SHORTEST_NONCE {
                "a nonce of less than 8 bytes proves nothing: ask with a random one of 32"
            } else {
                "neither the nonce nor its SHA-256, SHA-384 or SHA-512: made for another challenge, or replayed"
            }),
        (None, _) if all_zero => Check::fail(WHAT, CONSTANT)
            .value("64 zero bytes")
            .detail("made without any challenge: a copy of it is as good as the original"),
        (None, _) => match constant(report_data) {
            Some(constant) => Check::fail(WHAT, CONSTANT)
                .value(constant)
                .detail("the same in every piece of evidence: a copy of it is as good as the original"),
            None => Check::unproven(
                WHAT,
                "no nonce was given: whoever asked for the evidence knows it (--nonce HEX)",
            )
            .value(value),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Outcome;

    fn filled(start: &[u8]) -> [u8; 64] {
        let mut data = [0; 64];
        data.iter_mut()
            .zip(start)
            .for_each(|(to, from)| *to = *from);
        data
    }

    #[test]
    fn a_nonce_is_found_plain_in_front_and_as_a_digest() {
        let nonce = [7; 32];
        assert_eq!(answer(&filled(&nonce), &nonce), Some(Answer::Plain));
        let mut longer = nonce.to_vec();
        longer.extend([9; 32]);
        assert_eq!(answer(&filled(&longer), &nonce), Some(Answer::Prefix));
        assert_eq!(
            answer(&filled(&sha512(&nonce)), &nonce),
            Some(Answer::Digest("SHA-512"))
        );
        assert_eq!(answer(&filled(&[8; 32]), &nonce), None);
    }

    #[test]
    fn short_nonces_are_no_proof() {
        assert_eq!(answer(&filled(b""), b""), None);
        assert_eq!(answer(&filled(b"abc"), b"abc"), None);
    }

    #[test]
    fn constants_are_told() {
        for start in ["test", "010203040506", "ppml"] {
            let check = freshness(&filled(start.as_bytes()), None);
            assert_eq!(check.outcome, Outcome::Fail, "{start}");
        }
        assert_eq!(freshness(&[0; 64], None).outcome, Outcome::Fail);
        assert_eq!(
            freshness(&filled(&[200; 32]), None).outcome,
            Outcome::Unproven
        );
        let digits = b"00112233445566778899aabbccddeeff";
        assert_eq!(freshness(&filled(digits), None).outcome, Outcome::Unproven);
    }

    #[test]
    fn another_nonce_fails() {
        let check = freshness(&filled(&[1; 32]), Some(&[2; 32]));
        assert_eq!(check.outcome, Outcome::Fail);
        assert_eq!(check.cause, Some("tee/evidence-freshness#nonce-missing"));
    }
}
