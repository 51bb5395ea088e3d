//! Step `freshness`: the nonce is in the TPM's quote, because the hardware's report holds the TPM's keys instead.

use super::runtime::Runtime;
use crate::report_data::{self, Answer};
use crate::step::Check;
use wire::tee::azure::TpmQuote;

/// The check of the step.
pub(super) fn check(
    runtime: &Result<Runtime, String>,
    quote: Option<&Result<TpmQuote<'_>, wire::Error>>,
    nonce: Option<&[u8]>,
) -> Check {
    match quote {
        Some(Ok(quote)) => in_quote(quote.extra_data, nonce),
        Some(Err(error)) => Check::unproven("nonce in the TPM quote", error.to_string()),
        None => in_user_data(runtime, nonce),
    }
}

fn in_quote(extra_data: &[u8], nonce: Option<&[u8]>) -> Check {
    const WHAT: &str = "TPM quote's extraData against the nonce";
    let mut padded = [0; 64];
    if extra_data.len() > padded.len() {
        return Check::unproven(WHAT, "longer than any TPM allows");
    }
    for (to, from) in padded.iter_mut().zip(extra_data) {
        *to = *from;
    }
    let mut check = report_data::freshness(&padded, nonce);
    check.what = WHAT.into();
    check
}

/// Without a quote, a nonce in the user data is hashed into the hardware's report with the rest of the runtime data.
fn in_user_data(runtime: &Result<Runtime, String>, nonce: Option<&[u8]>) -> Check {
    const WHAT: &str = "runtime data's user-data against the nonce";
    let user_data = runtime.as_ref().ok().and_then(Runtime::user_data);
    let answer = user_data
        .zip(nonce)
        .and_then(|(user_data, nonce)| report_data::answer(&user_data, nonce));
    match answer {
        Some(Answer::Plain | Answer::Prefix) => Check::pass(WHAT).value("the nonce"),
        Some(Answer::Digest(name)) => Check::pass(WHAT)
            .value("a digest of the nonce")
            .detail(name),
        None => Check::unproven(
            WHAT,
            "no TPM quote was given, and the user data does not hold the nonce",
        ),
    }
}
