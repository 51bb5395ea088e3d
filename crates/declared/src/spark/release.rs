//! Which Spark release runs: fields of resources, image tags, home directories.

use model::{Estate, Place, Product, Release};
use settings::kubernetes::object::Object;
use settings::spark::{Deployment, Setting};
use text::Node;

/// A release and the text that says so.
pub(super) type Named = Option<(Release, Option<Place>)>;

/// The release that a version field names.
pub(super) fn of_field(object: &Object, field: Option<&Node>) -> Named {
    let field = field?;
    Some((
        plausible(Release::parse(field.text()?)?)?,
        Some(object.place(field)),
    ))
}

/// The release of an image of Spark's own repositories.
pub(super) fn of_image(object: &Object, image: Option<&Node>) -> Named {
    let image = image?;
    Some((of_image_name(image.text()?)?, Some(object.place(image))))
}

/// `apache/spark:3.5.1`, `spark:4.0.0-java21`, `registry.example/spark:3.5.1`. Images of another name number themselves as
/// they like, so only a name or tag that names Spark's release counts: `team/etl:1.2-spark3.5.1`, `team/spark3.5.1-java17:v2`.
pub(super) fn of_image_name(image: &str) -> Option<Release> {
    let image = image.split('@').next().unwrap_or(image);
    let (repository, tag) = image.rsplit_once(':').unwrap_or((image, ""));
    if tag.contains('/') {
        return None;
    }
    let name = repository.rsplit('/').next()?;
    let is_own = matches!(
        name,
        "spark" | "spark-py" | "spark-r" | "pyspark" | "spark-history-server" | "spark-connect"
    );
    let by_tag = if is_own {
        Release::parse(tag)
    } else {
        let named = tag.split_once("spark").map(|(_, named)| named);
        named.and_then(|named| Release::parse(named.trim_start_matches(['-', '_', 'v'])))
    };
    by_tag.and_then(plausible).or_else(|| in_path(name))
}

/// The release that a deployment's properties name: its images, the archive that YARN unpacks, jars and packages of Spark's own.
pub(super) fn of_settings(deployment: &Deployment, base: &[Setting]) -> Named {
    let own = deployment.layers.iter().flat_map(|layer| &layer.settings);
    let settings: Vec<&Setting> = base.iter().chain(own).collect();
    let found = |keys: &[&str], read: fn(&str) -> Option<Release>| {
        settings
            .iter()
            .rev()
            .filter(|setting| keys.contains(&&*setting.key))
            .find_map(|setting| Some((read(&setting.value)?, Some(setting.place))))
    };
    found(
        &[
            "spark.kubernetes.container.image",
            "spark.kubernetes.driver.container.image",
            "spark.kubernetes.executor.container.image",
        ],
        of_image_name,
    )
    .or_else(|| found(&["spark.yarn.archive", "spark.yarn.jars"], in_path))
    .or_else(|| found(&["spark.jars.packages"], of_packages))
}

/// `org.apache.spark:spark-avro_2.12:3.5.1` among packages: Spark's own artifacts carry its release.
fn of_packages(packages: &str) -> Option<Release> {
    packages.split(',').find_map(|package| {
        let artifact = package.trim().strip_prefix("org.apache.spark:")?;
        let (_, release) = artifact.split_once(':')?;
        plausible(Release::parse(release)?)
    })
}

/// `spark-3.5.1-bin-hadoop3` or `spark-3.5.1` as a component of a path.
pub(super) fn in_path(path: &str) -> Option<Release> {
    path.split(['/', ':']).find_map(|component| {
        let version = component
            .strip_prefix("spark-")
            .or_else(|| component.strip_prefix("spark"))?;
        plausible(Release::parse(version)?)
    })
}

/// Spark's releases; anything else numbers something else.
fn plausible(release: Release) -> Option<Release> {
    (Release(1, 0, 0)..Release(10, 0, 0))
        .contains(&release)
        .then_some(release)
}

/// The release that the environment of a deployment names.
pub(super) fn of_environment(deployment: &Deployment) -> Named {
    ["SPARK_VERSION", "SPARK_HOME"]
        .into_iter()
        .find_map(|name| {
            let variable = deployment.variable(name)?;
            let release = match name {
                "SPARK_VERSION" => plausible(Release::parse(&variable.value)?),
                _ => in_path(&variable.value),
            };
            Some((release?, Some(variable.place)))
        })
}

/// A release that every place of the estate agrees on counts for what says nothing itself.
pub(super) fn of_estate(estate: &mut Estate, deployments: &[Deployment]) {
    if !estate.releases.contains_key(&Product::Spark) {
        let named = deployments
            .iter()
            .filter_map(|deployment| deployment.release.map(|(release, _)| release));
        let imaged = estate
            .all::<Object>()
            .iter()
            .flat_map(|object| &object.images)
            .filter_map(|image| of_image_name(&image.name));
        let mut releases: Vec<Release> = named.chain(imaged).collect();
        releases.sort_unstable();
        releases.dedup();
        if let [release] = releases.as_slice() {
            estate.releases.insert(Product::Spark, *release);
        }
    }
    if !estate.releases.contains_key(&Product::ApacheSparkOperator) {
        let mut releases: Vec<Release> = estate
            .all::<Object>()
            .iter()
            .flat_map(|object| &object.images)
            .filter_map(|image| {
                let (repository, tag) = image.name.rsplit_once(':')?;
                let is_operator = repository.ends_with("spark-kubernetes-operator");
                Release::parse(tag).filter(|_| is_operator)
            })
            .collect();
        releases.sort_unstable();
        releases.dedup();
        if let [release] = releases.as_slice() {
            estate
                .releases
                .insert(Product::ApacheSparkOperator, *release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_name_a_release_only_where_their_tag_is_sparks() {
        assert_eq!(
            of_image_name("apache/spark:3.5.1-scala2.12-java17"),
            Some(Release(3, 5, 1))
        );
        assert_eq!(
            of_image_name("docker.io/apache/spark:4.0.1"),
            Some(Release(4, 0, 1))
        );
        assert_eq!(
            of_image_name("docker.io/bitnami/spark:3.5"),
            Some(Release(3, 5, 0))
        );
        assert_eq!(
            of_image_name("registry:5000/team/etl:1.4-spark3.5.7"),
            Some(Release(3, 5, 7))
        );
        assert_eq!(of_image_name("registry:5000/team/spark-etl:1.4.0"), None);
        assert_eq!(
            of_image_name("registry.example/spark:3.5.7"),
            Some(Release(3, 5, 7))
        );
        assert_eq!(
            of_image_name("public.ecr.example/data/spark3.5.3-scala2.12-java17:v2"),
            Some(Release(3, 5, 3))
        );
        assert_eq!(
            of_image_name("quay.example/jupyter/pyspark-notebook:spark-3.5.3"),
            Some(Release(3, 5, 3))
        );
        assert_eq!(of_image_name("registry:5000/spark-operator:2.1.0"), None);
        assert_eq!(of_image_name("registry:5000/spark"), None);
        assert_eq!(of_image_name("apache/spark:latest"), None);
    }

    #[test]
    fn packages_of_spark_name_a_release() {
        let packages = "com.example:etl:1.0.0,org.apache.spark:spark-avro_2.12:3.5.3";
        assert_eq!(of_packages(packages), Some(Release(3, 5, 3)));
        assert_eq!(of_packages("org.apache.hadoop:hadoop-aws:3.3.4"), None);
        assert_eq!(
            in_path("hdfs:///libs/spark-2.4.8-bin-hadoop2.7.zip"),
            Some(Release(2, 4, 8))
        );
    }

    #[test]
    fn paths_name_a_release() {
        assert_eq!(
            in_path("/opt/spark-3.5.7-bin-hadoop3/conf"),
            Some(Release(3, 5, 7))
        );
        assert_eq!(in_path("/opt/spark"), None);
        assert_eq!(in_path("clusters/spark-jobs/a"), None);
    }
}
