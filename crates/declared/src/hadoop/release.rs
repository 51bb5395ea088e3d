//! Which Hadoop release runs: image tags, home directories, versions named by environment scripts.

use model::{Estate, Place, Product, Release};
use settings::compose::Service;
use settings::hadoop::Configuration;
use settings::kubernetes::object::Object;

/// The release that a configuration's own environment or path names.
pub(super) fn of_configuration(
    estate: &Estate,
    configuration: &Configuration,
) -> Option<(Release, Option<Place>)> {
    const VARIABLES: [&str; 6] = [
        "HADOOP_VERSION",
        "HADOOP_HOME",
        "HADOOP_COMMON_HOME",
        "HADOOP_HDFS_HOME",
        "HADOOP_PREFIX",
        "KMS_HOME",
    ];
    let by_environment = VARIABLES.iter().find_map(|name| {
        let variable = configuration.variable(name)?;
        let release = if *name == "HADOOP_VERSION" {
            Release::parse(&variable.value)
        } else {
            in_path(&variable.value)
        };
        Some((release?, Some(variable.place)))
    });
    let by_path = || {
        configuration.resources.iter().find_map(|resource| {
            let path = &estate
                .sources
                .get(estate.sources.in_file(resource.anchor).source)?
                .path;
            Some((in_path(path)?, None))
        })
    };
    by_environment.or_else(by_path)
}

/// A release that every Hadoop image of the estate agrees on counts for what says nothing itself.
pub(super) fn of_estate(estate: &mut Estate) {
    if estate.releases.contains_key(&Product::Hadoop) {
        return;
    }
    let services = estate.all::<Service>().iter();
    let services = services.filter_map(|service| of_image(service.image.as_deref()?));
    let mut releases: Vec<Release> = estate
        .all::<Object>()
        .iter()
        .flat_map(|object| &object.images)
        .filter_map(|image| of_image(&image.name))
        .chain(services)
        .collect();
    releases.sort_unstable();
    releases.dedup();
    if let [release] = releases.as_slice() {
        estate.releases.insert(Product::Hadoop, *release);
    }
}

/// `hadoop-3.3.6` as a component of a path.
fn in_path(path: &str) -> Option<Release> {
    path.split('/')
        .find_map(|component| Release::parse(component.strip_prefix("hadoop-")?))
}

/// The release of an image whose repository is Hadoop's: `apache/hadoop:3.3.6`, `bde2020/hadoop-namenode:2.0.0-hadoop3.2.1-java8`.
pub(super) fn of_image(image: &str) -> Option<Release> {
    let (repository, tag) = image.rsplit_once(':')?;
    let name = repository.rsplit('/').next()?;
    if !name.contains("hadoop") || name.contains("spark") {
        return None;
    }
    match tag.split_once("hadoop") {
        Some((_, release)) => Release::parse(release.trim_start_matches('-')),
        None => Release::parse(tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_stand_in_paths_and_tags() {
        assert_eq!(in_path("/opt/hadoop-3.3.6/etc"), Some(Release(3, 3, 6)));
        assert_eq!(in_path("/opt/hadoop"), None);
        assert_eq!(
            of_image("bde2020/hadoop-namenode:2.0.0-hadoop3.2.1-java8"),
            Some(Release(3, 2, 1))
        );
        assert_eq!(of_image("apache/hadoop:3.4.1"), Some(Release(3, 4, 1)));
        assert_eq!(of_image("apache/spark-hadoop:3.5.1"), None);
        assert_eq!(of_image("registry:5000/tools"), None);
    }
}
