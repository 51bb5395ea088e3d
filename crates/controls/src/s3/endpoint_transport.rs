//! S3 endpoint transport: does every client reach the store over verified TLS?
//!
//! # What it proves
//! That the S3A connector of this client speaks https to its endpoint, for every bucket it names, and checks certificates.
//!
//! # Why it matters: the attack
//! Over http, objects, signatures and SSE-C keys can be read on the path. With certificate checks off, whoever stands on the
//! path is the store.
//!
//! # How each depth is read
//! - declared and loaded: `fs.s3a.endpoint`, whose scheme wins, and `fs.s3a.connection.ssl.enabled`, which only supplies a
//!   missing one; per bucket, and by the SDK line of the Hadoop release: up to 3.3 (SDK v1) the switch also counts for an
//!   unset endpoint, from 3.4 on (SDK v2) not.
//! - observed: http and TLS on the endpoint.
//! - recorded: the TLS field of the access log.
//!
//! # How to fix
//! Write the endpoint with `https://`, remove `connection.ssl.enabled` and every per-bucket override of both, and import a
//! private CA into the trust store instead of switching checks off.
//!
//! # References
//! - `DefaultS3ClientFactory.getS3Endpoint`, `S3AUtils.initProtocolSettings`, `S3AUtils.propagateBucketOptions` (3.3.6, 3.4.1)
//! - HADOOP-18857; Iceberg's `S3FileIOProperties` (`s3.endpoint` of a catalog)

use crate::iceberg_catalogs::{endpoints, names_an_endpoint};
use crate::judging_s3::{S3Client, each_s3};
use crate::judging_spark::each_spark_as;
use crate::reach::is_loopback;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Release, Safety,
    Severity, Stage, Subject,
};
use settings::spark::Spark;
use settings::spark::java_options::{system_properties, within};
use settings::spark::secret::is_placeholder;

/// What this control is.
pub const META: Meta = Meta {
    title: "S3 endpoint transport",
    question: "Does every client reach the store over verified TLS?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "ssl-disabled",
            severity: Severity::High,
            title: "TLS to the store is switched off",
            remedy: "remove fs.s3a.connection.ssl.enabled, and write the endpoint with https://",
        },
        Cause {
            slug: "http-endpoint",
            severity: Severity::High,
            title: "the endpoint is http, whatever connection.ssl.enabled says",
            remedy: "write the endpoint with https://",
        },
        Cause {
            slug: "bucket-override",
            severity: Severity::High,
            title: "a per-bucket setting takes TLS away that all other buckets have",
            remedy: "remove the per-bucket setting",
        },
        Cause {
            slug: "certificate-check-off",
            severity: Severity::High,
            title: "certificates of the store are not checked",
            remedy: "remove com.amazonaws.sdk.disableCertChecking, and import the store's CA",
        },
        Cause {
            slug: "old-signature",
            severity: Severity::Medium,
            title: "requests are signed by a method that is long broken or gone",
            remedy: "remove fs.s3a.signing-algorithm",
        },
        Cause {
            slug: "static-website",
            severity: Severity::Medium,
            title: "a website endpoint serves http only",
            remedy: "use the bucket's REST endpoint with https://",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

const ENDPOINT: &str = "endpoint";
const SSL: &str = "connection.ssl.enabled";
/// The first release with SDK v2.
const SDK_V2: Release = Release(3, 4, 0);

/// Judges every client and every bucket that it names.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_s3(estate, claims, client);
    each_spark_as(
        estate,
        claims,
        |deployment| names_an_endpoint(estate, deployment),
        |deployment| {
            let own = deployment.subject();
            Subject::new("Iceberg S3 client", own.name, own.place)
        },
        catalogs,
    );
}

/// Iceberg's own client takes its endpoint as it stands.
fn catalogs(spark: &Spark<'_>) -> Claim {
    let mut judgement = Judgement::new();
    let endpoints = endpoints(spark);
    for endpoint in &endpoints {
        let text = endpoint.str().to_ascii_lowercase();
        if text.starts_with("http://") && !host_of(&text).is_some_and(is_loopback) {
            judgement.expose(
                Exposure::new(
                    "http-endpoint",
                    spark.witness(endpoint, "used as it stands"),
                )
                .message("Iceberg's client of the store speaks http"),
            );
        } else if endpoint.unresolved && !text.starts_with("https://") {
            judgement.doubt(
                "the endpoint of a catalog depends on what files do not show",
                vec![spark.witness(endpoint, "decides")],
            );
        }
    }
    judgement.otherwise(match endpoints.first() {
        Some(endpoint) => Claim::Protected(vec![spark.witness(endpoint, "reached over https")]),
        None => Claim::not_applicable("the catalogs read objects through Hadoop's file systems"),
    })
}

fn client(s3: &S3Client<'_, '_>) -> Claim {
    let endpoint = s3.get(ENDPOINT);
    let ssl = s3.get(SSL);
    let mut judgement = Judgement::new();
    if host_of(endpoint.str()).is_some_and(is_loopback) {
        return Claim::not_applicable("the endpoint is on the same host");
    }
    match scheme(s3) {
        Scheme::Http(by) => judgement.expose(plain(s3, by)),
        Scheme::Https => {}
        Scheme::Unknown => judgement.doubt(
            "the endpoint or its TLS switch depends on what was not collected",
            vec![
                s3.witness(&endpoint, "decides"),
                s3.witness(&ssl, "decides where the endpoint has no scheme"),
            ],
        ),
    }
    if endpoint.str().contains("s3-website") {
        judgement.expose(Exposure::new(
            "static-website",
            s3.witness(&endpoint, "a website endpoint"),
        ));
    }
    judge_signature(s3, &mut judgement);
    judge_checks(s3, &mut judgement);
    judgement.otherwise(Claim::Protected(vec![
        s3.witness(&endpoint, "reached over https"),
        s3.witness(&ssl, "TLS is on"),
    ]))
}

enum Scheme {
    Https,
    /// http, decided by the endpoint's own scheme or by the switch.
    Http(By),
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Endpoint,
    Switch,
}

/// Which scheme the connector uses (table of `DefaultS3ClientFactory`).
fn scheme(s3: &S3Client<'_, '_>) -> Scheme {
    let endpoint = s3.get(ENDPOINT);
    let ssl = s3.get(SSL);
    let text = endpoint.str().to_ascii_lowercase();
    if text.starts_with("http://") {
        return Scheme::Http(By::Endpoint);
    }
    if text.starts_with("https://") {
        return Scheme::Https;
    }
    if ssl.unresolved {
        return Scheme::Unknown;
    }
    let is_on = S3Client::flag(&ssl, true);
    match (endpoint.is_set(), is_on) {
        (true, _) if endpoint.unresolved => Scheme::Unknown,
        (_, true) if !ssl.is_unknown() && !endpoint.is_unknown() => Scheme::Https,
        (true, false) => Scheme::Http(By::Switch),
        (false, false) if endpoint.is_unknown() => Scheme::Unknown,
        (false, false) if s3.release() < SDK_V2 => Scheme::Http(By::Switch),
        // From 3.4 on the switch does nothing for an unset endpoint; that it is inert is another control's finding.
        (false, false) => Scheme::Https,
        _ => Scheme::Unknown,
    }
}

fn plain(s3: &S3Client<'_, '_>, by: By) -> Exposure {
    let (name, cause) = match by {
        By::Endpoint => (ENDPOINT, "http-endpoint"),
        By::Switch => (SSL, "ssl-disabled"),
    };
    let value = s3.get(name);
    let is_override = s3.overrides(name) && !is_plain_in_general(s3);
    let cause = if is_override {
        "bucket-override"
    } else {
        cause
    };
    let label = match by {
        By::Endpoint => "used as it stands",
        By::Switch => "takes TLS away",
    };
    let exposure = Exposure::new(cause, s3.witness(&value, label));
    match (cause, key_that_crosses(s3)) {
        ("ssl-disabled", Some(key)) => exposure
            .severity(Severity::Critical)
            .message("TLS to the store is switched off, and a key of the store or of its objects stands beside it")
            .with(s3.witness(&key, "a literal key")),
        _ => exposure,
    }
}

/// Whether the general settings are no better than the bucket's.
fn is_plain_in_general(s3: &S3Client<'_, '_>) -> bool {
    let endpoint = s3.general(ENDPOINT).str().to_ascii_lowercase();
    endpoint.starts_with("http://")
        || (!endpoint.starts_with("https://") && !S3Client::flag(&s3.general(SSL), true))
}

/// A literal key: of the store, or of objects under SSE-C, which crosses with every request.
fn key_that_crosses<'e>(s3: &S3Client<'_, 'e>) -> Option<settings::Effective<'e>> {
    let secret = s3.get("secret.key");
    if secret.is_set() && !is_placeholder(secret.str()) {
        return Some(secret);
    }
    let algorithm = s3.get("encryption.algorithm");
    let key = s3.get("encryption.key");
    (algorithm.is("SSE-C") && key.is_set()).then_some(key)
}

fn host_of(endpoint: &str) -> Option<&str> {
    let rest = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next()?;
    (!host.is_empty()).then_some(host)
}

fn judge_signature(s3: &S3Client<'_, '_>, judgement: &mut Judgement) {
    let algorithm = s3.get("signing-algorithm");
    if matches!(
        algorithm.str(),
        "S3SignerType" | "QueryStringSignerType" | "NoOpSignerType"
    ) {
        let exposure = Exposure::new(
            "old-signature",
            s3.witness(&algorithm, "signature version 2 or none"),
        );
        judgement.expose(if s3.release() >= SDK_V2 {
            exposure
                .severity(Severity::Low)
                .message("this release knows no such signature and fails at start")
        } else {
            exposure
        });
    }
}

/// `com.amazonaws.sdk.disableCertChecking` counts by its presence, also with `=false`; SDK v2 has no such property.
fn judge_checks(s3: &S3Client<'_, '_>, judgement: &mut Judgement) {
    const SWITCH: &str = "com.amazonaws.sdk.disableCertChecking";
    let mut places: Vec<Place> = Vec::new();
    let mut look = |options: &str, place: Place, sources: &model::Sources| {
        if system_properties(options)
            .iter()
            .any(|property| property.key == SWITCH)
        {
            places.push(within(sources, place, SWITCH));
        }
    };
    if let Some(spark) = s3.spark() {
        for setting in spark
            .settings()
            .filter(|setting| setting.key.ends_with("JavaOptions"))
        {
            look(&setting.value, setting.place, &spark.estate.sources);
        }
        for variable in &spark.deployment.environment {
            look(&variable.value, variable.place, &spark.estate.sources);
        }
    }
    if let Some(hadoop) = s3.hadoop() {
        for variable in &hadoop.configuration.environment {
            look(&variable.value, variable.place, &hadoop.estate.sources);
        }
    }
    let Some(place) = places.first() else { return };
    let depth = s3
        .spark()
        .map_or(model::Depth::Declared, |spark| spark.depth());
    let witness = model::Witness {
        depth,
        ..model::Witness::declared(*place, "counts by its presence").key(SWITCH)
    };
    let exposure = Exposure::new("certificate-check-off", witness);
    judgement.expose(if s3.release() >= SDK_V2 {
        exposure.severity(Severity::Low).message("the switch does nothing in this release, and switches checks off for any user of SDK v1")
    } else {
        exposure
    });
}
