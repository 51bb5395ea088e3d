//! AMD's revocation lists: one for each product line, signed by its root key.

use crate::instant::Instant;
use crate::step::Check;
use crate::x509::{Certificate, Crl, Path};

const UNKNOWN: &str = "tee/evidence-genuine#revocation-unknown";
const SOURCE: &str = "AMD 57230, certificate revocation list";

/// What the lists say of a chain.
pub(super) struct Revocation<'a> {
    /// The checks of the step.
    pub(super) checks: Vec<Check>,
    /// The list that was used: of those that cover the chain's authorities the latest that is in force.
    pub(super) list: Option<&'a Crl>,
}

/// Judges a chain by the lists at hand.
pub(super) fn judge<'a>(path: &Path, lists: &'a [Crl], at: Instant) -> Revocation<'a> {
    let [leaf, authorities @ ..] = path.certificates() else {
        return Revocation {
            checks: vec![Check::unproven("revocation", "no chain")],
            list: None,
        };
    };
    let is_genuine = |list: &&Crl| {
        authorities
            .iter()
            .any(|authority| list.is_signed_by(authority))
    };
    let genuine: Vec<&Crl> = lists.iter().filter(is_genuine).collect();
    let mut checks = Vec::new();
    let mut used = None;
    // The root cannot revoke itself: it is pinned or it is not.
    let intermediates = authorities.split_last().map_or(&[][..], |(_, rest)| rest);
    for certificate in intermediates {
        let latest = genuine
            .iter()
            .copied()
            .filter(|list| list.covers(certificate))
            .max_by_key(|list| (list.is_current(at), list.this_update()));
        used = used.or(latest);
        checks.push(intermediate(certificate, lists, &genuine, latest, at));
    }
    checks.push(endorsement_key(leaf, &genuine));
    Revocation { checks, list: used }
}

fn intermediate(
    certificate: &Certificate,
    lists: &[Crl],
    genuine: &[&Crl],
    latest: Option<&Crl>,
    at: Instant,
) -> Check {
    let what = format!("revocation of {}", certificate.common_name());
    // Once revoked, always revoked: a list that went stale still counts.
    if let Some(list) = listed(certificate, genuine) {
        return revoked(what, list);
    }
    let Some(list) = latest else {
        if lists.iter().any(|list| list.covers(certificate)) {
            return Check::fail(what, "tee/evidence-genuine#bad-signature")
                .value("a revocation list that its issuer did not sign")
                .source(SOURCE);
        }
        return Check::unproven(what, no_list(certificate))
            .cause(UNKNOWN)
            .source(SOURCE);
    };
    let window = window(list);
    if list.is_current(at) {
        return Check::pass(what)
            .value(format!("not among {} revoked", list.len()))
            .limit(window)
            .source(SOURCE);
    }
    let why = "the list is stale: what was revoked since is not known";
    Check::unproven(what, why)
        .value(window)
        .limit(at.to_string())
        .cause(UNKNOWN)
        .source(SOURCE)
}

fn no_list(certificate: &Certificate) -> String {
    let name = certificate.common_name();
    let (keys, product) = match name.strip_prefix("SEV-VLEK-") {
        Some(product) => ("vlek", product),
        None => ("vcek", name.strip_prefix("SEV-").unwrap_or("PRODUCT")),
    };
    format!("no revocation list was given: https://kdsintf.amd.com/{keys}/v1/{product}/crl")
}

fn endorsement_key(leaf: &Certificate, genuine: &[&Crl]) -> Check {
    let what = format!("revocation of {}", leaf.common_name());
    match listed(leaf, genuine) {
        Some(list) => revoked(what, list),
        None => Check::not_applicable(
            what,
            "AMD lists authorities only: old endorsement keys are refused by the floor of the TCB",
        ),
    }
}

/// The list that names a certificate. Serials are compared across issuers, too: AMD's own keys bear zero, so a serial that
/// stands in a list of the same product is meant.
fn listed<'a>(certificate: &Certificate, genuine: &[&'a Crl]) -> Option<&'a Crl> {
    genuine
        .iter()
        .copied()
        .find(|list| list.revokes(certificate))
}

fn revoked(what: String, list: &Crl) -> Check {
    Check::fail(what, "tee/evidence-genuine#revoked")
        .value(format!("revoked by the list of {}", list.this_update()))
        .source(SOURCE)
        .detail("whoever holds this key can make any report: replace the platform's key")
}

/// When a list is in force.
pub(super) fn window(list: &Crl) -> String {
    match list.next_update() {
        Some(next) => format!("{} to {next}", list.this_update()),
        None => format!("from {}", list.this_update()),
    }
}
