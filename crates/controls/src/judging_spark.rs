//! How controls walk over Spark: per deployment, in every world that files leave possible.
//!
//! Files may leave three things open: the release, whether a file of defaults applies, and the release of the operator that
//! adds properties. Each combination is a world. A claim that all worlds share stands; worlds that differ prove nothing.

use crate::judging::across_releases;
use model::{Claim, Claims, Estate, Product, Release, Subject};
use settings::spark::release_facts::{CANDIDATES, OPERATOR_CANDIDATES};
use settings::spark::{Deployment, Kind, Master, Operator, PropertiesFile, Spark, Tie};

/// Judges every deployment that `applies` to.
///
/// A file of defaults is judged by itself unless every application that may load it stands on its own.
pub fn each_spark(
    estate: &Estate,
    claims: &mut Claims,
    applies: impl Fn(&Deployment) -> bool,
    judge: impl for<'e> Fn(&Spark<'e>) -> Claim,
) {
    each_spark_as(estate, claims, applies, Deployment::subject, judge);
}

/// As [`each_spark`], under subjects of another name: one bucket of several.
pub fn each_spark_as(
    estate: &Estate,
    claims: &mut Claims,
    applies: impl Fn(&Deployment) -> bool,
    subject: impl Fn(&Deployment) -> Subject,
    judge: impl for<'e> Fn(&Spark<'e>) -> Claim,
) {
    let mut stated: Vec<(&Deployment, Claim)> = Vec::new();
    for deployment in estate.all::<Deployment>() {
        if applies(deployment) {
            stated.push((deployment, spark_claim(estate, deployment, &judge)));
        }
    }
    let relied_on = |file: usize| {
        let mut users = stated
            .iter()
            .filter(
                |(user, _)| matches!(&user.defaults, Tie::Guessed(files) if files.contains(&file)),
            )
            .peekable();
        users.peek().is_none() || users.any(|(_, claim)| !stands_alone(claim))
    };
    for (deployment, claim) in &stated {
        let claim = match (deployment.kind, &deployment.defaults) {
            (Kind::Defaults, Tie::Certain(file)) if !relied_on(*file) => {
                Claim::not_applicable("every application here brings its own settings")
            }
            _ => claim.clone(),
        };
        claims.state(subject(deployment), claim);
    }
}

fn stands_alone(claim: &Claim) -> bool {
    matches!(claim, Claim::Protected(_) | Claim::NotApplicable(_))
}

/// The claim of one deployment across its worlds.
pub fn spark_claim(
    estate: &Estate,
    deployment: &Deployment,
    judge: &impl for<'e> Fn(&Spark<'e>) -> Claim,
) -> Claim {
    let files = estate.all::<PropertiesFile>();
    let base = |index: &usize| files.get(*index);
    let judge = |base: Option<&PropertiesFile>, base_missing: bool| {
        across_operators(estate, deployment, &|release, operator_release| {
            judge(&Spark {
                estate,
                deployment,
                release,
                base,
                base_missing,
                operator_release,
            })
        })
    };
    match &deployment.defaults {
        Tie::None => judge(None, false),
        Tie::Certain(index) => judge(
            base(index),
            base(index).is_some_and(PropertiesFile::is_incomplete),
        ),
        Tie::NotCollected => judge(None, true),
        Tie::Guessed(indexes) => {
            let with: Vec<(&PropertiesFile, Claim)> = indexes
                .iter()
                .filter_map(base)
                .map(|file| (file, judge(Some(file), file.is_incomplete())))
                .collect();
            across_defaults(with, judge(None, false))
        }
    }
}

/// Joins the worlds with a file of defaults and the one without.
fn across_defaults(with: Vec<(&PropertiesFile, Claim)>, without: Claim) -> Claim {
    let Some((file, first)) = with.first() else {
        return without;
    };
    let alike = |a: &Claim, b: &Claim| std::mem::discriminant(a) == std::mem::discriminant(b);
    let claims: Vec<&Claim> = with
        .iter()
        .map(|(_, claim)| claim)
        .chain([&without])
        .collect();
    let all_exposed = claims
        .iter()
        .all(|claim| matches!(claim, Claim::Exposed(_)));
    if all_exposed {
        // What every world shares is certain; else the file's own ways to fail tell more than its absence.
        return common(&claims).unwrap_or_else(|| first.clone());
    }
    if claims.iter().all(|claim| alike(claim, &without)) {
        return match without {
            Claim::Protected(_) | Claim::NotApplicable(_) => without,
            _ => first.clone(),
        };
    }
    let witnesses = claims
        .iter()
        .find_map(|claim| match claim {
            Claim::Exposed(exposures) => {
                exposures.first().map(|exposure| exposure.witnesses.clone())
            }
            _ => None,
        })
        .unwrap_or_default();
    let reason = format!(
        "whether {} applies here is not in the files: {} with it, {} without it; say so under [[spark]] in .wardline.toml",
        file.name,
        brief(first),
        brief(&without)
    );
    Claim::Unproven(reason.into(), witnesses)
}

/// The exposures whose cause every claim has.
fn common(claims: &[&Claim]) -> Option<Claim> {
    let has = |claim: &Claim, cause: &str| matches!(claim, Claim::Exposed(all) if all.iter().any(|one| one.cause == cause));
    let Some(Claim::Exposed(first)) = claims.first() else {
        return None;
    };
    let shared: Vec<_> = first
        .iter()
        .filter(|exposure| claims.iter().all(|claim| has(claim, exposure.cause)))
        .cloned()
        .collect();
    (!shared.is_empty()).then_some(Claim::Exposed(shared))
}

fn brief(claim: &Claim) -> String {
    match claim {
        Claim::Protected(_) => String::from("protected"),
        Claim::NotApplicable(_) => String::from("not applicable"),
        Claim::Unproven(..) => String::from("unproven"),
        Claim::Exposed(exposures) => {
            let causes: Vec<&str> = exposures.iter().map(|exposure| exposure.cause).collect();
            format!("exposed ({})", causes.join(", "))
        }
    }
}

fn across_operators(
    estate: &Estate,
    deployment: &Deployment,
    judge: &dyn Fn(Release, Option<Release>) -> Claim,
) -> Claim {
    let judge = |operator: Option<Release>| {
        let known = deployment
            .release
            .map(|(release, _)| release)
            .or_else(|| estate.releases.get(&Product::Spark).copied());
        match known {
            Some(release) => judge(release, operator),
            None => across_releases(Product::Spark, &CANDIDATES, |release| {
                judge(release, operator)
            }),
        }
    };
    if deployment.operator != Some(Operator::Apache) {
        return judge(None);
    }
    match estate.releases.get(&Product::ApacheSparkOperator) {
        Some(release) => judge(Some(*release)),
        None => across_releases(
            Product::ApacheSparkOperator,
            &OPERATOR_CANDIDATES,
            |release| judge(Some(release)),
        ),
    }
}

/// Why network questions do not arise, if they do not: one process that talks to itself.
#[must_use]
pub fn not_distributed(spark: &Spark<'_>) -> Option<Claim> {
    if spark.master() == Master::Local {
        return Some(Claim::not_applicable(
            "the master is local: driver and executor are one process",
        ));
    }
    names_no_master(spark).then(|| {
        Claim::unproven("no master is set here: spark-submit runs in one process unless the code names a master")
    })
}

/// Whether a submission names no master: then its host's own defaults do, or nobody does.
#[must_use]
pub fn names_no_master(spark: &Spark<'_>) -> bool {
    spark.deployment.kind == Kind::Submission
        && spark.master() == Master::Unknown
        && !spark.get("spark.master").is_set()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Exposure, Place, SourceId, Witness};
    use text::Span;

    fn file() -> PropertiesFile {
        PropertiesFile {
            source: SourceId(0),
            name: "spark-defaults.conf".into(),
            anchor: Place::new(SourceId(0), Span::at(0)),
            settings: Vec::new(),
            ignored: Vec::new(),
            is_defaults: true,
            object: None,
            copy_of: None,
            written: None,
        }
    }

    fn exposed(causes: &[&'static str]) -> Claim {
        let witness = Witness::declared(Place::new(SourceId(0), Span::at(0)), "");
        Claim::Exposed(
            causes
                .iter()
                .map(|cause| Exposure::new(cause, witness.clone()))
                .collect(),
        )
    }

    #[test]
    fn defaults_that_may_not_apply_prove_nothing() {
        let file = file();
        let with = |claim| vec![(&file, claim)];
        let claim = across_defaults(with(Claim::Protected(Vec::new())), exposed(&["off"]));
        assert!(
            matches!(claim, Claim::Unproven(reason, _) if reason.contains("exposed (off) without it"))
        );
        let both = across_defaults(with(exposed(&["ctr-malleable", "off"])), exposed(&["off"]));
        assert!(matches!(both, Claim::Exposed(all) if all.len() == 1 && all[0].cause == "off"));
        let apart = across_defaults(with(exposed(&["ctr-malleable"])), exposed(&["off"]));
        assert!(matches!(apart, Claim::Exposed(all) if all[0].cause == "ctr-malleable"));
    }
}
