//! How the platform is set up, as its PCK certificate says.

use super::pck::Platform;
use super::policy::TcbPolicy;
use crate::step::Check;

/// What the policy asks of the platform's set-up, against what its PCK certificate says. Only the Platform CA says it: where nothing
/// stands, it is not shown.
pub(super) fn checks(policy: &TcbPolicy, platform: Option<&Platform>) -> Vec<Check> {
    const CACHED: &str = "tee/platform-configuration#cached-keys";
    let is_shown = |holds: fn(&Platform) -> bool| platform.is_some_and(holds);
    let asked = [
        (
            policy.smt_off,
            "platform: hyper-threading off",
            is_shown(|platform| platform.smt == Some(false)),
            "tee/platform-configuration#smt-on",
            "policy tcb.smt-off",
        ),
        (
            policy.static_platform,
            "platform: no packages that come and go",
            is_shown(|platform| platform.dynamic == Some(false)),
            CACHED,
            "policy tcb.static-platform",
        ),
        (
            policy.no_cached_keys,
            "platform: keys not kept by the registration service",
            is_shown(|platform| platform.cached_keys == Some(false)),
            CACHED,
            "policy tcb.no-cached-keys",
        ),
        (
            policy.memory_integrity,
            "platform: memory protected against changes",
            is_shown(Platform::has_memory_integrity),
            "tee/platform-configuration#no-memory-integrity",
            "policy tcb.memory-integrity",
        ),
    ];
    asked
        .into_iter()
        .filter(|(is_asked, ..)| *is_asked)
        .map(|(_, what, is_shown, cause, source)| {
            let check = if is_shown {
                Check::pass(what)
            } else {
                Check::unproven(what, "the PCK certificate does not say so").cause(cause)
            };
            check.source(source)
        })
        .collect()
}
