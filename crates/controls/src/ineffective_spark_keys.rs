//! Security keys of Spark that are set without effect: beaten by a weaker definition, or not readable as a Boolean.

use crate::judging_spark::not_distributed;
use model::{Exposure, Provenance, Shown, Witness};
use settings::effective::{Effective, Loser};
use settings::hadoop::key_severity::of_voided;
use settings::key_strength;
use settings::secret_names::hides_its_value;
use settings::spark::keys::{self, BooleanKind, boolean_kind};
use settings::spark::{Kind, Spark};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Keys whose own control reports an application that overrides its defaults: spark/authentication.
const REPORTED_ELSEWHERE: [&str; 1] = ["spark.authenticate"];

/// What a deployment sets without effect, be it itself or in its file of defaults.
#[must_use]
pub fn find(spark: &Spark<'_>) -> Vec<Exposure> {
    let names: BTreeSet<&str> = spark
        .settings()
        .map(|setting| &*setting.key)
        .filter(|key| keys::is_security_key(key))
        .collect();
    let mut found = Vec::new();
    for name in names {
        let effective = spark.get(name);
        found.extend(beaten(spark, &effective));
        found.extend(unreadable(spark, &effective));
    }
    found.extend(encryption_without_authentication(spark));
    found
}

/// A safer value that lost against another one.
fn beaten(spark: &Spark<'_>, effective: &Effective<'_>) -> Option<Exposure> {
    let key = &*effective.key;
    if effective.unresolved || REPORTED_ELSEWHERE.contains(&key) || replaced(spark, key) {
        return None;
    }
    let winner = effective.text()?;
    let safer: Vec<&Loser> = effective
        .losers
        .iter()
        .filter(|loser| {
            loser.value.as_deref().is_some_and(|value| {
                key_strength::compare(key, value, winner) == Some(Ordering::Greater)
            })
        })
        .collect();
    safer.first()?;
    Some(
        Exposure::new(
            "overridden",
            spark.witness(effective, "wins, and is weaker"),
        )
        .severity(of_voided(key))
        .with_all(safer.iter().map(|loser| loser_witness(spark, key, loser))),
    )
}

/// Network encryption that is switched off because RPC runs over TLS, which takes its place (4.0 on).
fn replaced(spark: &Spark<'_>, key: &str) -> bool {
    key.starts_with("spark.network.crypto.") && spark.ssl_switch("rpc", "enabled").is_on()
}

/// A Boolean whose text is neither true nor false.
fn unreadable(spark: &Spark<'_>, effective: &Effective<'_>) -> Option<Exposure> {
    let key = &*effective.key;
    let own_kind = boolean_kind(key)?;
    // YARN's shuffle service runs the transport's reader alone.
    let by_transport =
        spark.deployment.kind == Kind::ShuffleService && key == "spark.network.crypto.enabled";
    let kind = if by_transport {
        BooleanKind::Transport
    } else {
        own_kind
    };
    let text = effective.value.as_deref()?;
    if effective.unresolved || text.contains("${") || !effective.is_written() {
        return None;
    }
    let word = text.trim();
    let readable = ["true", "false"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known));
    if readable {
        return None;
    }
    if kind != BooleanKind::Transport {
        return Some(
            Exposure::new(
                "spark-boolean-refused",
                spark.witness(effective, "neither true nor false"),
            )
            .message(format!(
                "{key} is neither true nor false, so Spark will not start"
            )),
        );
    }
    key_strength::safe_switch(key)
        .filter(|safe| *safe)
        .map(|_| {
            Exposure::new(
                "spark-transport-boolean",
                spark.witness(effective, "counts as false"),
            )
            .severity(of_voided(key))
            .message(format!(
                "Spark's transport reads {key} as false, because it is not true"
            ))
        })
}

/// Network encryption counts only with authentication; without it Spark ignores it. A file of defaults may leave the
/// authentication to applications, so it is not judged by itself. Where somebody wrote `spark.authenticate`, that text is
/// the mistake, and spark/authentication reports it.
fn encryption_without_authentication(spark: &Spark<'_>) -> Option<Exposure> {
    let crypto = spark.switch("spark.network.crypto.enabled");
    let authenticate = spark.switch("spark.authenticate");
    let applies = spark.deployment.kind != Kind::Defaults
        && not_distributed(spark).is_none()
        && crypto.is_on()
        && crypto.effective.is_written()
        && authenticate.is_off()
        && !authenticate.effective.is_written();
    applies.then(|| {
        Exposure::new(
            "needs-companion",
            spark.witness(&crypto.effective, "ignored without authentication"),
        )
        .message("spark.network.crypto.enabled has no effect: spark.authenticate is not on")
        .remedy("set spark.authenticate to true")
        .with(spark.witness(&authenticate.effective, "not on"))
    })
}

fn loser_witness(spark: &Spark<'_>, key: &str, loser: &Loser) -> Witness {
    let value = match &loser.value {
        Some(_) if hides_its_value(key) => Shown::Redacted,
        Some(value) => Shown::Plain(value.trim().into()),
        None => Shown::Nothing,
    };
    Witness {
        depth: spark.depth(),
        provenance: Provenance::Text(loser.place),
        key: Some(key.into()),
        value,
        label: loser.reason.into(),
    }
}
