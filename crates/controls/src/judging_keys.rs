//! How controls about single keys walk over an estate: every written key of every configuration and deployment, in every
//! world that files leave possible. What is not so in all of them is not said.

use model::{Claim, Claims, Estate, Exposure, Place, Product, Release, Witness};
use settings::hadoop::key_severity::of_voided;
use settings::hadoop::view::CANDIDATES as HADOOP_CANDIDATES;
use settings::hadoop::{Configuration, Hadoop, Reader, keys};
use settings::key_strength;
use settings::spark::release_facts::{CANDIDATES as SPARK_CANDIDATES, OPERATOR_CANDIDATES};
use settings::spark::{Deployment, Operator, PropertiesFile, Spark, Tie};
use std::cmp::Ordering;

/// Judges every Hadoop configuration by its keys; `silent` is what a configuration without findings shows.
pub fn each_configuration(
    estate: &Estate,
    claims: &mut Claims,
    silent: &str,
    judge: impl for<'e> Fn(&Hadoop<'e>) -> Vec<Exposure>,
) {
    for configuration in estate.all::<Configuration>() {
        let Some(resource) = configuration.resources.first() else {
            continue;
        };
        let worlds = hadoop_worlds(estate, configuration);
        let exposures = shared(worlds.iter().map(&judge));
        let shown = Witness {
            depth: estate.depth,
            ..Witness::declared(resource.anchor, silent)
        };
        claims.state(
            configuration.subject("Hadoop configuration"),
            claim(exposures, shown),
        );
    }
}

/// Judges every Spark deployment by its keys.
pub fn each_deployment(
    estate: &Estate,
    claims: &mut Claims,
    silent: &str,
    judge: impl for<'e> Fn(&Spark<'e>) -> Vec<Exposure>,
) {
    for deployment in estate.all::<Deployment>() {
        let worlds = spark_worlds(estate, deployment);
        if worlds.iter().all(|spark| spark.settings().next().is_none()) {
            continue;
        }
        let exposures = shared(worlds.iter().map(&judge));
        let shown = Witness {
            depth: estate.depth,
            ..Witness::declared(deployment.anchor, silent)
        };
        claims.state(deployment.subject(), claim(exposures, shown));
    }
}

fn claim(exposures: Vec<Exposure>, shown: Witness) -> Claim {
    if exposures.is_empty() {
        Claim::Protected(vec![shown])
    } else {
        Claim::Exposed(exposures)
    }
}

/// The configuration under its release, or under each possible one.
#[must_use]
pub fn hadoop_worlds<'e>(estate: &'e Estate, configuration: &'e Configuration) -> Vec<Hadoop<'e>> {
    let known = configuration
        .release
        .map(|(release, _)| release)
        .or_else(|| estate.releases.get(&Product::Hadoop).copied());
    let releases = match &known {
        Some(release) => std::slice::from_ref(release),
        None => HADOOP_CANDIDATES.as_slice(),
    };
    let world = |release: &Release| Hadoop {
        estate,
        configuration,
        release: *release,
    };
    releases.iter().map(world).collect()
}

/// The deployment in each world: release, file of defaults, release of the operator.
#[must_use]
pub fn spark_worlds<'e>(estate: &'e Estate, deployment: &'e Deployment) -> Vec<Spark<'e>> {
    let files = estate.all::<PropertiesFile>();
    let bases: Vec<(Option<&PropertiesFile>, bool)> = match &deployment.defaults {
        Tie::None => vec![(None, false)],
        Tie::Certain(index) => {
            let file = files.get(*index);
            vec![(file, file.is_some_and(PropertiesFile::is_incomplete))]
        }
        Tie::NotCollected => vec![(None, true)],
        Tie::Guessed(indexes) => {
            let with = indexes.iter().map(|index| (files.get(*index), false));
            with.chain([(None, false)]).collect()
        }
    };
    let operators: Vec<Option<Release>> = if deployment.operator == Some(Operator::Apache) {
        match estate.releases.get(&Product::ApacheSparkOperator) {
            Some(release) => vec![Some(*release)],
            None => OPERATOR_CANDIDATES.iter().copied().map(Some).collect(),
        }
    } else {
        vec![None]
    };
    let mut worlds = Vec::new();
    for release in spark_releases(estate, deployment) {
        for (base, base_missing) in &bases {
            for operator_release in &operators {
                worlds.push(Spark {
                    estate,
                    deployment,
                    release,
                    base: *base,
                    base_missing: *base_missing,
                    operator_release: *operator_release,
                });
            }
        }
    }
    worlds
}

/// The release of a deployment, or each possible one.
#[must_use]
pub fn spark_releases(estate: &Estate, deployment: &Deployment) -> Vec<Release> {
    let known = deployment
        .release
        .map(|(release, _)| release)
        .or_else(|| estate.releases.get(&Product::Spark).copied());
    known.map_or_else(|| SPARK_CANDIDATES.to_vec(), |release| vec![release])
}

/// The exposures that every world has: same cause, same primary place.
#[must_use]
pub fn shared(worlds: impl Iterator<Item = Vec<Exposure>>) -> Vec<Exposure> {
    let mut kept: Option<Vec<Exposure>> = None;
    for exposures in worlds {
        kept = Some(match kept {
            None => exposures,
            Some(earlier) => earlier
                .into_iter()
                .filter(|one| exposures.iter().any(|other| same(one, other)))
                .collect(),
        });
    }
    kept.unwrap_or_default()
}

/// Whether two exposures are of one cause and one primary place.
#[must_use]
pub fn same(one: &Exposure, other: &Exposure) -> bool {
    one.cause == other.cause && primary(one) == primary(other)
}

fn primary(exposure: &Exposure) -> Option<Place> {
    exposure.witnesses.first().and_then(Witness::place)
}

/// A slip whose meant value is in effect anyway changes nothing; one that would weaken is no lost protection.
#[must_use]
pub fn near_real_key(
    real: &'static str,
    value: &str,
    in_effect: Option<&str>,
    at: Witness,
) -> Option<Exposure> {
    let order = in_effect.and_then(|now| key_strength::compare(real, value, now));
    let same = in_effect.is_some_and(|now| now.eq_ignore_ascii_case(value.trim()));
    if same || matches!(order, Some(Ordering::Equal | Ordering::Less)) {
        return None;
    }
    let off = key_strength::safe_switch(real).is_some_and(|safe| {
        in_effect.is_none()
            && value
                .trim()
                .eq_ignore_ascii_case(if safe { "false" } else { "true" })
    });
    if off {
        return None;
    }
    let wrong = at.key.clone().unwrap_or_default();
    Some(
        Exposure::new("near-real-key", at)
            .severity(of_voided(real))
            .message(format!(
                "nothing reads {wrong}; it looks like a slip of {real}, which therefore is not set"
            ))
            .remedy(format!(
                "write {real} beside it, check its effect, then remove {wrong}"
            )),
    )
}

/// Who reads a security key.
#[must_use]
pub fn reader_of(key: &str) -> Reader {
    match keys::find(key).map(|known| known.file) {
        Some("hdfs" | "hdfs-rbf" | "core") if key.starts_with("security.") => Reader::Policy,
        Some("yarn") => Reader::Yarn,
        Some("mapred") => Reader::Mapred,
        Some("kms") => Reader::Kms,
        Some("httpfs") => Reader::HttpFs,
        _ if is_kms_acl(key) => Reader::KmsAcls,
        _ if key.starts_with("hadoop.kms.") => Reader::Kms,
        _ if key.starts_with("ssl.server.") => Reader::SslServer,
        _ if key.starts_with("ssl.client.") => Reader::SslClient,
        _ if key.starts_with("security.") => Reader::Policy,
        _ => Reader::Hdfs,
    }
}

/// Keys of kms-acls.xml, which the KMS loads as a configuration of its own.
fn is_kms_acl(key: &str) -> bool {
    let starts = [
        "hadoop.kms.acl.",
        "hadoop.kms.blacklist.",
        "key.acl.",
        "default.key.acl.",
        "whitelist.key.acl.",
    ];
    starts.iter().any(|start| key.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::SourceId;
    use text::Span;

    #[test]
    fn only_what_every_world_has_is_said() {
        let at = |offset| Place::new(SourceId(0), Span::at(offset));
        let found = |offset| Exposure::new("overridden", Witness::declared(at(offset), ""));
        let worlds = [vec![found(1), found(2)], vec![found(2), found(3)]];
        let kept = shared(worlds.into_iter());
        assert_eq!(kept.len(), 1);
        assert_eq!(primary(&kept[0]), Some(at(2)));
    }
}
