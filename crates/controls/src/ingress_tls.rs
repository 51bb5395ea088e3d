//! Whether an Ingress answers without TLS, by the rules of its own controller (reference of the controllers' annotations).

use crate::external_login::class;
use settings::kubernetes::object::Object;
use text::Node;

/// What becomes of plain http.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Closed, or sent on to https.
    Closed,
    /// Answered, and why.
    Open(&'static str),
    /// The controller is not known, or decides by a setting of its own.
    Unknown,
}

/// What becomes of plain http to a host (`None`: every host).
#[must_use]
pub fn tls(ingress: &Object, host: Option<&Node>) -> Tls {
    let covered = is_covered(ingress, host);
    let annotation = |name: &str| {
        ingress
            .annotations()
            .find(|(key, _)| key.rsplit('/').next() == Some(name))
            .and_then(|(_, value)| value.text())
    };
    match class(ingress).as_deref() {
        None if covered => Tls::Closed,
        None => Tls::Open("not covered by spec.tls"),
        Some(class) if class.contains("nginx") => {
            let force = annotation("force-ssl-redirect");
            match (covered, annotation("ssl-redirect")) {
                // The load balancer in front ends TLS, and http is sent on all the same.
                (false, _) if force == Some("true") => Tls::Unknown,
                (false, _) => Tls::Open("not covered by spec.tls"),
                (true, Some("false")) if force != Some("true") => {
                    Tls::Open("the redirect to https is switched off")
                }
                (true, _) => Tls::Closed,
            }
        }
        Some("alb") => alb(covered, annotation),
        Some("gce" | "gce-internal") => {
            let has_certificate = covered
                || annotation("pre-shared-cert").is_some()
                || annotation("managed-certificates").is_some();
            match (has_certificate, annotation("ingress.allow-http")) {
                (false, _) => Tls::Open("no certificate"),
                (true, Some("false")) => Tls::Closed,
                // A redirect is told to the FrontendConfig.
                (true, _) if annotation("v1beta1.FrontendConfig").is_some() => Tls::Unknown,
                (true, _) => Tls::Open("http is allowed beside https"),
            }
        }
        Some(class) if class.contains("traefik") => {
            let secured = covered || annotation("router.tls") == Some("true");
            match (secured, annotation("router.entrypoints")) {
                (true, Some(points)) if points.split(',').all(is_secure) => Tls::Closed,
                // With `tls` in the entry point itself neither is needed.
                (false, Some(points)) if points.split(',').all(is_secure) => Tls::Unknown,
                (true, _) => Tls::Unknown,
                (false, _) => Tls::Open("neither spec.tls nor router.tls"),
            }
        }
        Some(_) => Tls::Unknown,
    }
}

fn alb<'a>(covered: bool, annotation: impl Fn(&str) -> Option<&'a str>) -> Tls {
    let redirects =
        annotation("ssl-redirect").is_some() || annotation("actions.ssl-redirect").is_some();
    match (annotation("certificate-arn"), annotation("listen-ports")) {
        (_, Some(ports)) if ports.contains("\"HTTP\"") && !redirects => {
            Tls::Open("listens on HTTP without a redirect")
        }
        (None, None) if !covered => Tls::Open("no certificate: the load balancer listens on HTTP"),
        _ => Tls::Closed,
    }
}

/// Whether an entry point of Traefik is called like one with TLS; its own configuration is not among the objects.
#[must_use]
pub fn is_secure(entry_point: &str) -> bool {
    entry_point.trim().contains("secure") || entry_point.trim().contains("https")
}

/// Whether `spec.tls` names the host: exactly, by a wildcard, or by an entry for every host.
fn is_covered(ingress: &Object, host: Option<&Node>) -> bool {
    let entries = ingress
        .at(&["spec", "tls"])
        .map(Node::items)
        .unwrap_or_default();
    let host = host.and_then(Node::text).unwrap_or_default();
    entries.iter().any(|entry| {
        let hosts = entry.get("hosts").map(Node::items).unwrap_or_default();
        hosts.is_empty()
            || hosts.iter().filter_map(Node::text).any(|covered| {
                covered == host
                    || covered.strip_prefix('*').is_some_and(|suffix| {
                        host.strip_suffix(suffix)
                            .is_some_and(|label| !label.contains('.') && !label.is_empty())
                    })
            })
    })
}
