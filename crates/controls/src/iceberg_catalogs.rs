//! Iceberg's catalogs among Spark's properties: which of them read objects by Iceberg's own S3 client instead of S3A.
//!
//! Source: Iceberg 1.6.1, `S3FileIOProperties.applyEndpointConfigurations` (`s3.endpoint` is handed to the SDK as it stands, so its
//! scheme counts), and the default `io-impl` of `RESTSessionCatalog`, `GlueTableOperations`, `NessieCatalog`, `HadoopCatalog`.

use model::Estate;
use settings::Effective;
use settings::spark::{Deployment, PropertiesFile, Setting, Spark, Tie};
use std::collections::BTreeSet;

const PREFIX: &str = "spark.sql.catalog.";
const ENDPOINT: &str = ".s3.endpoint";

/// Whether a deployment has, or may have, a catalog with an endpoint of its own.
#[must_use]
pub fn names_an_endpoint(estate: &Estate, deployment: &Deployment) -> bool {
    let files = estate.all::<PropertiesFile>();
    let bases: &[usize] = match &deployment.defaults {
        Tie::Certain(index) => std::slice::from_ref(index),
        Tie::Guessed(indexes) => indexes,
        Tie::None | Tie::NotCollected => &[],
    };
    let base = bases.iter().filter_map(|index| files.get(*index));
    let base = base.flat_map(|file| &file.settings);
    let own = deployment.layers.iter().flat_map(|layer| &layer.settings);
    base.chain(own).any(|setting| catalog(setting).is_some())
}

/// The endpoints of the catalogs that use Iceberg's S3 client.
#[must_use]
pub fn endpoints<'e>(spark: &Spark<'e>) -> Vec<Effective<'e>> {
    let names: BTreeSet<&str> = spark.settings().filter_map(catalog).collect();
    names
        .into_iter()
        .filter(|name| uses_own_client(spark, name))
        .map(|name| spark.get(&format!("{PREFIX}{name}{ENDPOINT}")).into_owned())
        .collect()
}

fn catalog(setting: &Setting) -> Option<&str> {
    setting.key.strip_prefix(PREFIX)?.strip_suffix(ENDPOINT)
}

/// Without `io-impl` a REST or Glue catalog has Iceberg's client; any other goes through Hadoop's file systems, and so through S3A.
fn uses_own_client(spark: &Spark<'_>, name: &str) -> bool {
    let of = |property: &str| {
        spark
            .get(&format!("{PREFIX}{name}.{property}"))
            .into_owned()
    };
    let implementation = of("io-impl");
    if implementation.is_set() {
        return ["S3FileIO", "ResolvingFileIO"]
            .iter()
            .any(|class| implementation.str().ends_with(class));
    }
    let kind = of("type");
    let class = of("catalog-impl");
    ["rest", "glue"].iter().any(|word| kind.is(word))
        || ["RESTCatalog", "GlueCatalog"]
            .iter()
            .any(|end| class.str().ends_with(end))
}
