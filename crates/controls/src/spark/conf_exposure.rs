//! Configuration exposure: where does the submitted configuration end up in clear?
//!
//! # What it proves
//! That no secret is among the properties that Spark copies into a ConfigMap and kubeflow's operator writes into its log, and
//! that no security property hides in Java options.
//!
//! # Why it matters: the attack
//! On Kubernetes every property of a submission, and every text file of the submitter's configuration directory, goes into
//! an immutable ConfigMap. `view` reads ConfigMaps; encryption of Secrets in etcd does not cover them.
//!
//! # How each depth is read
//! - declared: secrets among the properties of resources and submit lines, Hadoop and Hive files of the configuration
//!   directory, `-Dspark.*` in Java options.
//! - loaded: ConfigMaps with the label spark-role.
//! - observed: nothing.
//! - recorded: the operator's log.
//!
//! # How to fix
//! Give secrets by reference: `spark.kubernetes.<role>.secrets.<name>`, `secretKeyRef`, a Hadoop credential provider, workload
//! identity. Write security properties as properties.
//!
//! # References
//! - `KubernetesClientUtils`, `KubernetesClusterSchedulerBackend` (3.5.7); `submission.go` of kubeflow/spark-operator 2.5

use crate::judging_spark::each_spark;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::secret_names::names_a_secret;
use settings::spark::java_options;
use settings::spark::keys::is_security_key;
use settings::spark::secret::is_placeholder;
use settings::spark::{Kind, Master, Operator, Setting, Spark};

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark configuration exposure",
    question: "Where does the submitted configuration end up in clear?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "secret-in-driver-configmap",
            severity: Severity::High,
            title: "a secret among the properties is copied into the driver's ConfigMap",
            remedy: "give the secret by reference: a mounted Secret, secretKeyRef, a credential provider, workload identity",
        },
        Cause {
            slug: "conf-directory-copied",
            severity: Severity::High,
            title: "a file with credentials lies in the configuration directory, which is copied into a ConfigMap",
            remedy: "move the credentials into a credential provider, or the file out of SPARK_CONF_DIR",
        },
        Cause {
            slug: "operator-log",
            severity: Severity::Medium,
            title: "kubeflow's operator writes the secret into its log with the submit line",
            remedy: "give the secret by reference, and replace it",
        },
        Cause {
            slug: "hidden-in-java-options",
            severity: Severity::Medium,
            title: "a security property hides in Java options",
            remedy: "write it as a property; executors refuse to start with any -Dspark.* at all",
        },
    ],
    safety: Safety::Manual,
    family: Family::Secrets,
    since: "0.1.0",
};

/// Judges every application.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(
        estate,
        claims,
        |d| d.kind.is_application() || d.operator.is_some(),
        submission,
    );
}

fn submission(spark: &Spark<'_>) -> Claim {
    let mut judgement = Judgement::new();
    judge_java_options(spark, &mut judgement);
    if spark.submits_to() == Master::Kubernetes {
        judge_properties(spark, &mut judgement);
        judge_directory(spark, &mut judgement);
        return judgement.otherwise(Claim::Protected(vec![
            spark.place_witness(spark.deployment.anchor, "no secret among the properties"),
        ]));
    }
    judgement.otherwise(match spark.submits_to() {
        Master::Unknown => Claim::unproven(
            "no master is set here, and only Kubernetes copies properties into a ConfigMap",
        ),
        _ => Claim::not_applicable("only Kubernetes copies properties into a ConfigMap"),
    })
}

fn judge_properties(spark: &Spark<'_>, judgement: &mut Judgement) {
    let secrets: Vec<&Setting> = spark
        .settings()
        .filter(|setting| {
            names_a_secret(&setting.key) && !setting.dynamic && !is_placeholder(&setting.value)
        })
        .collect();
    let Some((first, others)) = secrets.split_first() else {
        return;
    };
    let exposure = |cause, label: &str| {
        let witness = |setting: &&Setting| spark.setting_witness(setting, label).redacted();
        Exposure::new(cause, witness(first))
            .with_all(others.iter().map(witness).collect::<Vec<Witness>>())
    };
    judgement.expose(exposure(
        "secret-in-driver-configmap",
        "copied into spark-drv-*-conf-map",
    ));
    // The operator builds the submit line from sparkConf and hadoopConf; defaults of its image are not on it.
    let is_submitted =
        |setting: &&Setting| spark.own_settings().any(|own| std::ptr::eq(own, *setting));
    if spark.deployment.operator == Some(Operator::Kubeflow) && secrets.iter().any(is_submitted) {
        judgement.expose(exposure("operator-log", "written into the operator's log"));
    }
}

/// Credentials in the Hadoop and Hive files beside spark-defaults.conf of a submitting host.
fn judge_directory(spark: &Spark<'_>, judgement: &mut Judgement) {
    let (Some(configuration), Some(base)) = (spark.configuration(), spark.base) else {
        return;
    };
    let directory = base
        .name
        .rsplit_once('/')
        .map_or(".", |(directory, _)| directory);
    if spark.deployment.kind != Kind::Submission
        || base.object.is_some()
        || *configuration.name != *directory
    {
        return;
    }
    let properties = configuration
        .resources
        .iter()
        .flat_map(|resource| &resource.properties);
    let credential = properties
        .filter(|property| names_a_secret(&property.name))
        .find(|property| {
            property
                .value
                .as_deref()
                .is_some_and(|value| !is_placeholder(value))
        });
    if let Some(credential) = credential {
        let witness = spark
            .place_witness(
                credential.value_place,
                "copied with the configuration directory",
            )
            .key(credential.name.clone())
            .redacted();
        judgement.expose(Exposure::new("conf-directory-copied", witness));
    }
}

fn judge_java_options(spark: &Spark<'_>, judgement: &mut Judgement) {
    for setting in spark.driver_java_settings() {
        let is_hidden = is_security_key(&setting.key)
            && !spark.settings().any(|other| other.key == setting.key);
        if is_hidden {
            judgement.expose(
                Exposure::new("hidden-in-java-options", spark.setting_witness(&setting, "takes effect, as nothing else sets it"))
                    .message(format!("{} takes effect from the driver's Java options, out of sight of everybody who reads properties", setting.key)),
            );
        }
    }
    for name in [
        "spark.executor.extraJavaOptions",
        "spark.executor.defaultJavaOptions",
    ] {
        let Some(options) = spark
            .settings()
            .filter(|setting| &*setting.key == name)
            .last()
        else {
            continue;
        };
        let spark_settings = java_options::spark_settings(
            &options.value,
            options.place,
            &spark.estate.sources,
            options.dynamic,
        );
        if let Some(setting) = spark_settings.first() {
            judgement.expose(
                Exposure::new(
                    "hidden-in-java-options",
                    spark.setting_witness(setting, "not allowed here"),
                )
                .message(
                    "Spark refuses to start with a Spark property in the executors' Java options",
                ),
            );
        }
    }
}
