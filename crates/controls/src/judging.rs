//! How controls walk over an estate: per subject, and per release where the release is not known.

use crate::unresolved::as_far_as_resolved;
use model::{Claim, Claims, Estate, Exposure, Product, Release, Subject};
use settings::hadoop::view::CANDIDATES;
use settings::hadoop::{Configuration, Hadoop, Role};

/// The daemons of HDFS that others call, over RPC and HTTP.
pub const HDFS_SERVERS: [Role; 5] = [
    Role::NameNode,
    Role::DataNode,
    Role::JournalNode,
    Role::Router,
    Role::SecondaryNameNode,
];

/// Judges every configuration that has one of `roles`, under its release or, if that is unknown, under each possible one.
///
/// `kind` is the subject's kind when the configuration may serve several roles.
pub fn each_hadoop(
    estate: &Estate,
    claims: &mut Claims,
    roles: &[Role],
    kind: &'static str,
    judge: impl for<'e> Fn(&Hadoop<'e>) -> Claim,
) {
    for configuration in estate.all::<Configuration>() {
        if configuration.roles.has_any(roles) {
            let claim = hadoop_claim(estate, configuration, &judge);
            claims.state(subject(configuration, roles, kind), claim);
        }
    }
}

/// The claim of one configuration across the releases that are possible for it.
pub fn hadoop_claim(
    estate: &Estate,
    configuration: &Configuration,
    judge: impl for<'e> Fn(&Hadoop<'e>) -> Claim,
) -> Claim {
    let known = configuration
        .release
        .map(|(release, _)| release)
        .or_else(|| estate.releases.get(&Product::Hadoop).copied());
    let judge = |release| {
        let hadoop = Hadoop {
            estate,
            configuration,
            release,
        };
        as_far_as_resolved(&hadoop, judge(&hadoop))
    };
    match known {
        Some(release) => judge(release),
        None => across_releases(Product::Hadoop, &CANDIDATES, judge),
    }
}

/// Names the role where the configuration has exactly one of those asked for, else the general kind.
fn subject(configuration: &Configuration, roles: &[Role], kind: &'static str) -> Subject {
    let mut held = roles.iter().filter(|role| configuration.roles.has(**role));
    match (held.next(), held.next()) {
        (Some(role), None) if configuration.roles_known => configuration.subject(role.as_str()),
        _ if roles.contains(&Role::Ozone) && is_of_ozone_only(configuration) => {
            configuration.subject(Role::Ozone.as_str())
        }
        _ => configuration.subject(kind),
    }
}

fn is_of_ozone_only(configuration: &Configuration) -> bool {
    let of_hdfs = [
        Role::NameNode,
        Role::DataNode,
        Role::JournalNode,
        Role::Client,
    ];
    configuration.roles.has(Role::Ozone) && !configuration.roles.has_any(&of_hdfs)
}

/// Judges under each release. If all agree, that is the claim; if not, the release decides and the claim is unproven.
///
/// Exposures that all releases share stand as they are. Where every release is exposed but none shares a cause, the cause that
/// holds on most of them is kept and says on which: what one rare release would do wrong is no finding of all the others.
pub fn across_releases(
    product: Product,
    releases: &[Release],
    judge: impl Fn(Release) -> Claim,
) -> Claim {
    let worlds: Vec<(Release, Claim)> = releases
        .iter()
        .map(|release| (*release, judge(*release)))
        .collect();
    let exposed = worlds
        .iter()
        .filter(|(_, claim)| matches!(claim, Claim::Exposed(_)))
        .count();
    if exposed == worlds.len() {
        return Claim::Exposed(common_exposures(&worlds));
    }
    if exposed == 0 {
        // The newest release speaks when none is exposed and they agree in kind; else nothing is proven.
        let alike = worlds.windows(2).all(|pair| match pair {
            [(_, a), (_, b)] => std::mem::discriminant(a) == std::mem::discriminant(b),
            _ => true,
        });
        let doubt = worlds
            .iter()
            .find(|(_, claim)| matches!(claim, Claim::Unproven(..)));
        let newest = worlds.last().map(|(_, claim)| claim.clone());
        return match (alike, doubt) {
            (false, Some((_, doubt))) => doubt.clone(),
            _ => newest.unwrap_or_else(|| Claim::unproven("no release to judge by")),
        };
    }
    let mut causes: Vec<&str> = Vec::new();
    let mut witnesses = Vec::new();
    let mut where_exposed = Vec::new();
    for (release, claim) in &worlds {
        if let Claim::Exposed(exposures) = claim {
            where_exposed.push(release.to_string());
            for exposure in exposures {
                if !causes.contains(&exposure.cause) {
                    causes.push(exposure.cause);
                    witnesses.extend(exposure.witnesses.iter().take(1).cloned());
                }
            }
        }
    }
    let reason = format!(
        "the {product} release is not known and decides: exposed ({}) on {}, not on the others that were tried; state the release in .wardline.toml",
        causes.join(", "),
        where_exposed.join(", ")
    );
    Claim::Unproven(reason.into(), witnesses)
}

fn common_exposures(worlds: &[(Release, Claim)]) -> Vec<Exposure> {
    let of = |claim: &Claim| match claim {
        Claim::Exposed(exposures) => exposures.clone(),
        _ => Vec::new(),
    };
    let Some((_, newest)) = worlds.last() else {
        return Vec::new();
    };
    let holds = |claim: &Claim, cause: &str| matches!(claim, Claim::Exposed(all) if all.iter().any(|e| e.cause == cause));
    let common: Vec<Exposure> = of(newest)
        .into_iter()
        .filter(|e| worlds.iter().all(|(_, claim)| holds(claim, e.cause)))
        .collect();
    if !common.is_empty() {
        return common;
    }
    let count = |cause: &str| {
        let releases = worlds.iter().filter(|(_, claim)| holds(claim, cause));
        releases.count()
    };
    let causes = worlds.iter().flat_map(|(_, claim)| of(claim));
    let most = causes.map(|exposure| count(exposure.cause)).max();
    let mut all: Vec<Exposure> = Vec::new();
    for (_, claim) in worlds.iter().rev() {
        for exposure in of(claim) {
            if all.iter().any(|known| known.cause == exposure.cause)
                || Some(count(exposure.cause)) < most
            {
                continue;
            }
            let on: Vec<String> = worlds
                .iter()
                .filter(|(_, claim)| holds(claim, exposure.cause))
                .map(|(release, _)| release.to_string())
                .collect();
            let on = on.join(", ");
            let message = if exposure.message.is_empty() {
                format!("if the release is {on}; the release is not known")
            } else {
                format!("{} (if the release is {on})", exposure.message)
            };
            all.push(exposure.message(message));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Place, SourceId, Witness};
    use text::Span;

    fn exposed(cause: &'static str) -> Claim {
        Claim::Exposed(vec![Exposure::new(
            cause,
            Witness::declared(Place::new(SourceId(0), Span::at(0)), ""),
        )])
    }

    #[test]
    fn releases_that_disagree_prove_nothing() {
        let releases = [Release(3, 2, 0), Release(3, 3, 0)];
        let claim = across_releases(Product::Hadoop, &releases, |release| {
            if release < Release(3, 3, 0) {
                Claim::Protected(Vec::new())
            } else {
                exposed("web-type-simple")
            }
        });
        let Claim::Unproven(reason, _) = claim else {
            panic!("{claim:?}")
        };
        assert!(
            reason.contains("web-type-simple") && reason.contains("3.3.0"),
            "{reason}"
        );
    }

    #[test]
    fn a_cause_of_few_releases_does_not_speak_for_all() {
        let releases = [Release(3, 3, 4), Release(3, 5, 7), Release(4, 0, 1)];
        let claim = across_releases(Product::Spark, &releases, |release| {
            if release < Release(3, 4, 0) {
                exposed("gcm-unavailable")
            } else {
                exposed("engine-v1")
            }
        });
        let Claim::Exposed(all) = claim else {
            panic!("{claim:?}")
        };
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].cause, "engine-v1");
        assert!(
            all[0].message.contains("3.5.7, 4.0.1"),
            "{}",
            all[0].message
        );
    }

    #[test]
    fn releases_that_agree_speak_with_one_voice() {
        let releases = [Release(3, 2, 0), Release(3, 3, 0)];
        assert!(
            matches!(across_releases(Product::Hadoop, &releases, |_| exposed("simple")), Claim::Exposed(all) if all.len() == 1)
        );
        assert_eq!(
            across_releases(Product::Hadoop, &releases, |_| Claim::Protected(Vec::new())),
            Claim::Protected(Vec::new())
        );
    }
}
