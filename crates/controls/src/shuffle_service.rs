//! Whether Spark applications on YARN and the shuffle service of their NodeManagers agree on network encryption.
//!
//! Source: `AuthRpcHandler`, `AuthClientBootstrap`, `AuthEngine` (3.5.1, 4.1.1); `YarnShuffleService`, which reads its keys
//! from the NodeManager's configuration.

use crate::judging_keys::{shared, spark_worlds};
use model::{Claim, Estate, Exposure, Release};
use settings::Effective;
use settings::hadoop::view::CANDIDATES;
use settings::hadoop::{Configuration, Hadoop, Reader, ResourceKind};
use settings::key_strength;
use settings::spark::{Deployment, Master, Spark};
use std::cmp::Ordering;

const CRYPTO: &str = "spark.network.crypto.enabled";
const FALLBACK: &str = "spark.network.crypto.saslFallback";
const AGREED: [(&str, &str); 2] = [
    ("spark.network.crypto.cipher", "AES/CTR/NoPadding"),
    ("spark.network.crypto.authEngineVersion", "1"),
];

/// The claim of an application that uses a shuffle service whose configuration was read; `None` for others.
#[must_use]
pub fn agreement(estate: &Estate, deployment: &Deployment) -> Option<Claim> {
    if !deployment.kind.is_application() {
        return None;
    }
    let worlds = spark_worlds(estate, deployment);
    let uses = |spark: &Spark<'_>| {
        spark.master() == Master::Yarn && spark.switch("spark.shuffle.service.enabled").is_on()
    };
    let services: Vec<Hadoop<'_>> = estate
        .all::<Configuration>()
        .iter()
        .filter(|configuration| offers_shuffle(configuration))
        .map(|configuration| Hadoop {
            estate,
            configuration,
            release: release(configuration),
        })
        .collect();
    let first = worlds.first()?;
    if services.is_empty() || !worlds.iter().all(uses) {
        return None;
    }
    // Which of several services it meets is not in the files: only what holds for all of them is said.
    let pairs = worlds.iter().flat_map(|spark| {
        services
            .iter()
            .map(move |service| disagreement(spark, service))
    });
    let exposures = shared(pairs.map(|found| found.into_iter().collect()));
    Some(if exposures.is_empty() {
        let crypto = first.get(CRYPTO);
        Claim::Protected(vec![
            first.witness(&crypto, "agrees with the shuffle service"),
        ])
    } else {
        Claim::Exposed(exposures)
    })
}

fn offers_shuffle(configuration: &Configuration) -> bool {
    let Some(resource) = configuration.resource(ResourceKind::Yarn) else {
        return false;
    };
    resource.properties.iter().any(|property| {
        &*property.name == "yarn.nodemanager.aux-services"
            && property.value.as_deref().is_some_and(|value| {
                let mut services = value.split(',').map(str::trim);
                services.any(|name| name.starts_with("spark") && name.ends_with("_shuffle"))
            })
    })
}

/// The service's keys are Spark's; no default of Hadoop's bears on them.
fn release(configuration: &Configuration) -> Release {
    let newest = CANDIDATES.last().copied().unwrap_or(Release(3, 4, 1));
    configuration.release.map_or(newest, |(release, _)| release)
}

fn disagreement(spark: &Spark<'_>, service: &Hadoop<'_>) -> Option<Exposure> {
    let on = |key: &'static str| service.read(Reader::Yarn, key);
    let both_ask =
        spark.switch("spark.authenticate").is_on() && on("spark.authenticate").is("true");
    let over_tls = spark.ssl_switch("rpc", "enabled").is_on();
    if !both_ask || over_tls {
        return None;
    }
    let crypto = spark.switch(CRYPTO);
    let fallback = spark.switch(FALLBACK);
    let (their_crypto, their_fallback) = (on(CRYPTO), on(FALLBACK));
    let refuses = fallback.is_off() && fallback.effective.is_written();
    let they_refuse = their_fallback.is_written() && !their_fallback.is("true");
    match (crypto.is_on(), their_crypto.is("true")) {
        (true, false) if refuses => Some(
            found(service.witness(&their_crypto, "not on in the shuffle service"))
                .with(spark.witness(&fallback.effective, "refuses to go on without"))
                .message("the application insists on network encryption and the shuffle service has none, so fetches fail"),
        ),
        (false, true) if they_refuse && crypto.is_off() => Some(
            found(spark.witness(&crypto.effective, "not on in the application"))
                .with(service.witness(&their_fallback, "refuses to go on without"))
                .message("the shuffle service insists on network encryption and the application has none, so fetches fail"),
        ),
        (true, true) if refuses || they_refuse => AGREED
            .iter()
            .find_map(|(key, default)| differs(spark, service, key, default)),
        _ => None,
    }
}

/// A cipher or an engine version that differs; the weaker side is the one to raise.
fn differs(
    spark: &Spark<'_>,
    service: &Hadoop<'_>,
    key: &'static str,
    default: &str,
) -> Option<Exposure> {
    let (mine, theirs) = (spark.get(key), service.read(Reader::Yarn, key));
    let value = |effective: &Effective<'_>| effective.text().unwrap_or(default).to_owned();
    let order = key_strength::compare(key, &value(&mine), &value(&theirs))?;
    if order == Ordering::Equal || mine.unresolved || theirs.unresolved {
        return None;
    }
    let (mine, theirs) = (
        spark.witness(&mine, "of the application"),
        service.witness(&theirs, "of the shuffle service"),
    );
    let (weak, strong) = if order == Ordering::Less {
        (mine, theirs)
    } else {
        (theirs, mine)
    };
    Some(found(weak).with(strong).message(format!(
        "the application and the shuffle service differ in {key}, and the fallback is off, so fetches fail"
    )))
}

fn found(primary: model::Witness) -> Exposure {
    Exposure::new("spark-no-overlap", primary)
}
