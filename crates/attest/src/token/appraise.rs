//! The steps of a token.

use super::{Issuer, Jwt, listed, rules, tokens};
use crate::base64;
use crate::crypto::{hex, unhex};
use crate::step::{Check, StepName};
use crate::verifier::Verifier;
use crate::{Appraisal, Instant, Kind};
use serde_json::Value;

const NOT_PINNED: &str = "the verifier's key is not pinned";
const SOURCE: &str = "RFC 7519; RFC 8725";

/// Reads what a verifier said. Never more than unproven: see the module.
#[must_use]
pub fn appraise(verifier: &Verifier, text: &str, nonce: Option<&[u8]>) -> Appraisal {
    let tokens = match tokens(text) {
        Ok(tokens) => tokens,
        Err(why) => {
            let check = Check::fail("token", "tee/evidence-genuine#malformed");
            return Appraisal::unreadable(Kind::Token, check.value(why).source(SOURCE));
        }
    };
    let mut appraisal = Appraisal::new(Kind::Token);
    for token in &tokens {
        let issuer = Issuer::of(token);
        appraisal.add(
            StepName::Structure,
            Check::pass(named("token", token))
                .value(format!("{issuer}, {} claims", token.claims.len()))
                .source(SOURCE),
        );
        appraisal.add(StepName::Signature, signature(token));
        appraisal.add(StepName::Collateral, window(token, issuer, verifier.at));
        let claims = listed::all(token);
        listed::list(&claims, &mut appraisal);
        for (place, name, value) in &claims {
            if let Some((step, check)) = rules::judge(issuer, place, name, value) {
                appraisal.add(step, check);
            }
        }
        if let Some(check) = freshness(token, issuer, &claims, nonce) {
            appraisal.add(StepName::Freshness, check);
        }
    }
    for step in [StepName::Chain, StepName::Key] {
        appraisal.add(step, Check::unproven("verifier's key", NOT_PINNED));
    }
    appraisal.add(
        StepName::Binding,
        Check::not_applicable(
            "channel",
            "the evidence was not presented over a channel that is known here",
        ),
    );
    appraisal.close(NOT_PINNED);
    appraisal
}

/// Names of checks say which token of an answer they are about.
fn named(what: &'static str, token: &Jwt) -> String {
    if token.of.is_empty() {
        what.to_owned()
    } else {
        format!("{what} of {}", token.of)
    }
}

fn signature(token: &Jwt) -> Check {
    let what = named("signature", token);
    let is_none = token.algorithm.is_empty() || token.algorithm.eq_ignore_ascii_case("none");
    let check = if is_none || !token.has_signature {
        Check::fail(what, "tee/evidence-genuine#bad-signature")
            .detail("nobody signed it: anyone can write such a token")
    } else if token.algorithm.starts_with("HS") {
        Check::unproven(
            what,
            "made with a shared secret: whoever can verify it can write it too",
        )
    } else {
        Check::unproven(what, NOT_PINNED)
    };
    check.value(token.algorithm.clone()).source(SOURCE)
}

/// Whether the token's own times hold.
fn window(token: &Jwt, issuer: Issuer, at: Instant) -> Check {
    let what = named("token window", token);
    let time = |name: &str| {
        let value = token.claims.get(name)?;
        // A NumericDate may have a fraction (RFC 7519, section 2): whole seconds are enough here.
        let seconds = value.as_i64().or_else(|| {
            let text = value.as_f64()?.trunc().to_string();
            text.parse().ok()
        })?;
        Some(Instant(seconds))
    };
    let (expires, starts, made) = (time("exp"), time("nbf"), time("iat"));
    let limit = format!("appraised at {at}");
    let Some(expires) = expires else {
        return Check::unproven(what, "the token names no end (`exp`)").source(SOURCE);
    };
    let begins = [starts, made].into_iter().flatten().max();
    if at < expires && begins.is_none_or(|begins| begins <= at) {
        return Check::pass(what)
            .value(format!("until {expires}"))
            .limit(limit)
            .source(SOURCE);
    }
    let cause = match issuer {
        Issuer::Nvidia => "gpu/attestation#token-claims",
        _ => "tee/collateral-freshness#expired",
    };
    let value = match begins {
        Some(begins) => format!("{begins} to {expires}"),
        None => format!("until {expires}"),
    };
    Check::fail(what, cause)
        .value(value)
        .limit(limit)
        .source(SOURCE)
        .detail("if the token is old, appraise it at the time it was made")
}

/// Whether a token names the challenge. Only some of an answer's tokens have to.
fn freshness(
    token: &Jwt,
    issuer: Issuer,
    claims: &[(String, &str, &Value)],
    nonce: Option<&[u8]>,
) -> Option<Check> {
    let what = named("nonce in the token", token);
    let mut named = claims
        .iter()
        .filter(|(_, name, _)| matches!(*name, "eat_nonce" | "nonce"))
        .flat_map(|(_, _, value)| match value {
            Value::String(text) => vec![text.as_str()],
            // EAT allows several (RFC 9711, section 4.1).
            Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        })
        .peekable();
    let first = *named.peek()?;
    let Some(nonce) = nonce else {
        return Some(
            Check::unproven(what, "no challenge was given to compare it with")
                .value(first.to_owned()),
        );
    };
    let answers = |text: &str| {
        unhex(text).as_deref() == Some(nonce)
            || base64::decode(text).as_deref() == Some(nonce)
            || text.as_bytes() == nonce
    };
    let value = first.to_owned();
    Some(if named.any(answers) {
        Check::unproven(
            what,
            "the right nonce, but the token's signature is not verified",
        )
        .value(value)
    } else {
        let cause = match issuer {
            Issuer::Nvidia => "gpu/attestation#token-claims",
            _ => "tee/evidence-freshness#nonce-missing",
        };
        Check::fail(what, cause)
            .value(value)
            .limit(hex(nonce))
            .detail("this answers another challenge")
    })
}
