//! Overridden keys: is a security key set, but without effect?
//!
//! # What it proves
//! That what the files say about a protection is what the product does: no later resource, duplicate or `final` undoes the
//! safer value, no unreadable text turns it into a default, and nothing else in the same configuration disables it.
//!
//! # Why it matters: the attack
//! A review that reads `dfs.data.transfer.protection` and finds privacy is satisfied. If the DataNode listens on a privileged
//! port, or a second definition further down says authentication, whoever listens on the network reads the blocks anyway.
//!
//! # How each depth is read
//! - declared and loaded: each written security key with everything that lost against the effective value. It counts only
//!   where a plain order says that the loser was safer. Booleans that are neither true nor false count as the default of the
//!   read in Hadoop, stop Spark's registered keys and `spark.ssl`, and mean false to Spark's transport.
//! - observed: a probe of the effect, which the control of the key itself makes.
//! - recorded: the event log's properties.
//!
//! # How to fix
//! Remove the definition that wins, or set the key in the one place that counts; then treat it as its own control says.
//!
//! # References
//! - Configuration.loadProperty and getBoolean (2.7.7, 3.3.6, 3.4.1); SaslDataTransferServer.receive
//! - SparkSubmitArguments, ConfigEntry, SSLOptions, TransportConf (3.3.4, 4.1.1)

use crate::judging_keys::{each_configuration, each_deployment, reader_of};
use crate::{ineffective_hadoop_keys, ineffective_spark_keys};
use model::{
    Cause, Claims, Estate, Exposure, Family, Meta, Provenance, Safety, Severity, Shown, Stage,
    Witness,
};
use settings::effective::{Effective, Loser};
use settings::hadoop::key_severity::of_voided;
use settings::hadoop::{Hadoop, keys};
use settings::key_strength;
use settings::secret_names::hides_its_value;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What this control is.
pub const META: Meta = Meta {
    title: "Overridden keys",
    question: "Is a security key set, but without effect?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "overridden",
            severity: Severity::Medium,
            title: "a weaker definition of the key wins over a safer one",
            remedy: "remove the weaker definition",
        },
        Cause {
            slug: "final-elsewhere",
            severity: Severity::Medium,
            title: "an earlier definition is final and pins the weaker value",
            remedy: "correct the final definition; later ones are ignored",
        },
        Cause {
            slug: "unreadable-value",
            severity: Severity::High,
            title: "the Boolean is neither true nor false, so its unsafe default counts",
            remedy: "write true or false",
        },
        Cause {
            slug: "spark-boolean-refused",
            severity: Severity::Medium,
            title: "the Boolean is neither true nor false, so Spark will not start",
            remedy: "write true or false, whichever protects",
        },
        Cause {
            slug: "spark-transport-boolean",
            severity: Severity::Medium,
            title: "the transport reads every text but true as false, so the protection is off",
            remedy: "write true",
        },
        Cause {
            slug: "needs-companion",
            severity: Severity::Medium,
            title: "the key works only together with another one that is not set",
            remedy: "set the other key as well",
        },
        Cause {
            slug: "made-inert",
            severity: Severity::High,
            title: "the key is set, and the situation disables it",
            remedy: "change what disables it",
        },
        Cause {
            slug: "empty-element",
            severity: Severity::High,
            title: "an empty element sets nothing: the weaker default or earlier value stays",
            remedy: "write a single blank for nobody, or name who is admitted",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Configuration,
    since: "0.1.0",
};

const SILENT: &str = "every security key written here has its effect";

/// Judges Hadoop configurations and Spark deployments.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_configuration(estate, claims, SILENT, configuration);
    each_deployment(estate, claims, SILENT, ineffective_spark_keys::find);
}

fn configuration(hadoop: &Hadoop<'_>) -> Vec<Exposure> {
    let mut found = ineffective_hadoop_keys::find(hadoop);
    let names: BTreeSet<&str> = hadoop
        .configuration
        .resources
        .iter()
        .flat_map(|resource| &resource.properties)
        .map(|property| keys::canonical(&property.name, hadoop.release))
        .filter(|name| keys::is_security_key(name))
        .collect();
    for name in names {
        let effective = hadoop.read(reader_of(name), name);
        found.extend(beaten(hadoop, &effective));
        found.extend(unreadable(hadoop, &effective));
        found.extend(empty(hadoop, &effective));
    }
    found
}

/// A safer value that lost against another written one.
fn beaten(hadoop: &Hadoop<'_>, effective: &Effective<'_>) -> Option<Exposure> {
    if !effective.is_written() || effective.unresolved {
        return None;
    }
    let key = &*effective.key;
    let winner = effective.text()?;
    let safer: Vec<&Loser> = effective
        .losers
        .iter()
        .filter(|loser| {
            let value = loser.value.as_deref().filter(|value| !value.contains("${"));
            value.is_some_and(|value| {
                key_strength::compare(key, value, winner) == Some(Ordering::Greater)
            })
        })
        .collect();
    let pinned = safer.iter().any(|loser| loser.reason.contains("<final>"));
    let cause = if pinned {
        "final-elsewhere"
    } else {
        "overridden"
    };
    safer.first()?;
    Some(
        Exposure::new(cause, hadoop.witness(effective, "wins, and is weaker"))
            .severity(of_voided(key))
            .with_all(safer.iter().map(|loser| loser_witness(hadoop, key, loser))),
    )
}

/// A Boolean whose text is neither true nor false, and whose default does not protect.
fn unreadable(hadoop: &Hadoop<'_>, effective: &Effective<'_>) -> Option<Exposure> {
    let key = &*effective.key;
    let safe = key_strength::safe_switch(key)?;
    let text = effective.text().filter(|text| !text.is_empty())?;
    let readable = ["true", "false"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    if readable || effective.unresolved || text.contains("${") || !effective.is_written() {
        return None;
    }
    let default = keys::find(key)
        .and_then(|known| known.default(hadoop.release))
        .is_some_and(|default| default.eq_ignore_ascii_case("true"));
    (default != safe).then(|| {
        Exposure::new(
            "unreadable-value",
            hadoop.witness(effective, "neither true nor false"),
        )
        .message(format!(
            "{key} is neither true nor false, so {default}, the default of the read, counts without a word"
        ))
        .remedy(format!("write {safe}"))
    })
}

/// An empty element for a list of who is admitted, where everybody stays admitted: by an earlier value, a default, or for
/// the KMS's operations by its code. Those of hadoop-policy.xml are hdfs/service-authorization's.
fn empty(hadoop: &Hadoop<'_>, effective: &Effective<'_>) -> Option<Exposure> {
    let key = &*effective.key;
    let element = effective
        .losers
        .iter()
        .rfind(|loser| loser.value.is_none())?;
    let stays = effective.text().map(str::to_owned).or_else(|| {
        key.starts_with("hadoop.kms.acl.")
            .then(|| String::from("*"))
    })?;
    let is_open = stays.split([',', ' ']).any(|item| item == "*");
    let of_policy = key.starts_with("security.");
    if !key_strength::is_acl(key) || of_policy || !is_open || effective.unresolved {
        return None;
    }
    Some(
        Exposure::new("empty-element", loser_witness(hadoop, key, element))
            .severity(of_voided(key).max(Severity::High))
            .message(format!(
                "an empty element sets nothing, so {key} still admits everybody"
            ))
            .with(hadoop.witness(effective, "what counts")),
    )
}

fn loser_witness(hadoop: &Hadoop<'_>, key: &str, loser: &Loser) -> Witness {
    let value = match &loser.value {
        Some(_) if hides_its_value(key) => Shown::Redacted,
        Some(value) => Shown::Plain(value.trim().into()),
        None => Shown::Nothing,
    };
    Witness {
        depth: hadoop.depth(),
        provenance: Provenance::Text(loser.place),
        key: Some(key.into()),
        value,
        label: loser.reason.into(),
    }
}
