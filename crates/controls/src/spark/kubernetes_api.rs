//! Spark and the Kubernetes API: does Spark talk to the API server as itself and to the right one?
//!
//! # What it proves
//! That Spark checks the API server's certificate, uses an account of its own, and carries no token in its properties.
//!
//! # Why it matters: the attack
//! The driver's token creates pods. With unchecked certificates whoever stands on the path takes it; with the namespace's
//! default account every pod of the namespace has what Spark needs.
//!
//! # How each depth is read
//! - declared: properties, the resource's service account, the pod template.
//! - loaded: the pod's spec.
//! - observed: nothing.
//! - recorded: the user in the audit log.
//!
//! # How to fix
//! Remove `spark.kubernetes.trust.certificates`, name a service account for driver and executors, and let Spark use the
//! mounted token. Set `spark.kerberos.keytab` and `spark.kerberos.principal` together.
//!
//! # References
//! - `SparkKubernetesClientFactory`, `DriverKubernetesCredentialsFeatureStep`, `SparkSubmit` (3.5.7)

use crate::judging_spark::each_spark;
use crate::spark_pods;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::spark::secret::is_placeholder;
use settings::spark::{Kind, Master, Spark};

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark and the Kubernetes API",
    question: "Does Spark talk to the API server as itself and to the right one?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "certificate-unchecked",
            severity: Severity::High,
            title: "Spark takes any certificate for the API server's",
            remedy: "remove spark.kubernetes.trust.certificates, and name the cluster's CA if it is not mounted",
        },
        Cause {
            slug: "token-literal",
            severity: Severity::Critical,
            title: "a token of the Kubernetes API is written down",
            remedy: "revoke the token, and let Spark use the service account's mounted token",
        },
        Cause {
            slug: "default-account",
            severity: Severity::Medium,
            title: "the driver runs as the namespace's default account",
            remedy: "name a service account of its own for the driver",
        },
        Cause {
            slug: "kerberos-half",
            severity: Severity::Medium,
            title: "a keytab without its principal, or the reverse: Spark refuses to start",
            remedy: "set spark.kerberos.keytab and spark.kerberos.principal together",
        },
    ],
    safety: Safety::Manual,
    family: Family::Authentication,
    since: "0.1.0",
};

const ACCOUNT: &str = "spark.kubernetes.authenticate.driver.serviceAccountName";

/// Judges every application.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(
        estate,
        claims,
        |d| d.kind.is_application() || d.operator.is_some(),
        application,
    );
}

fn application(spark: &Spark<'_>) -> Claim {
    let mut judgement = Judgement::new();
    judge_kerberos(spark, &mut judgement);
    judge_tokens(spark, &mut judgement);
    if spark.submits_to() != Master::Kubernetes {
        return judgement.otherwise(match spark.submits_to() {
            Master::Unknown => Claim::unproven(
                "no master is set here: whether Kubernetes runs this is not in the files",
            ),
            _ => Claim::not_applicable("Kubernetes does not run this"),
        });
    }
    let trusts_any = spark.switch("spark.kubernetes.trust.certificates");
    if trusts_any.is_on() {
        judgement.expose(Exposure::new(
            "certificate-unchecked",
            spark.witness(&trusts_any.effective, "any certificate is taken"),
        ));
    } else if let Some(doubt) = trusts_any.doubt() {
        judgement.doubt(doubt, Vec::new());
    }
    judge_account(spark, &mut judgement);
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&trusts_any.effective, "certificates are checked"),
    ]))
}

fn judge_kerberos(spark: &Spark<'_>, judgement: &mut Judgement) {
    let keytab = spark.get_any(&["spark.kerberos.keytab", "spark.yarn.keytab"]);
    let principal = spark.get_any(&["spark.kerberos.principal", "spark.yarn.principal"]);
    if keytab.is_unknown() || principal.is_unknown() {
        return;
    }
    match (keytab.is_set(), principal.is_set()) {
        (true, false) => judgement.expose(Exposure::new(
            "kerberos-half",
            spark.witness(&keytab, "without a principal"),
        )),
        (false, true) => judgement.expose(Exposure::new(
            "kerberos-half",
            spark.witness(&principal, "without a keytab"),
        )),
        _ => {}
    }
}

fn judge_tokens(spark: &Spark<'_>, judgement: &mut Judgement) {
    for setting in spark.settings() {
        let is_token = setting.key.starts_with("spark.kubernetes.authenticate.")
            && setting.key.ends_with("oauthToken");
        if is_token && !setting.dynamic && !is_placeholder(&setting.value) {
            judgement.expose(Exposure::new(
                "token-literal",
                spark.setting_witness(setting, "a literal").redacted(),
            ));
        }
    }
}

/// In cluster mode the property or the pod template names the account; in client mode the driver is whatever pod submits.
fn judge_account(spark: &Spark<'_>, judgement: &mut Judgement) {
    let kind = spark.deployment.kind;
    if kind == Kind::Defaults {
        return;
    }
    let account = spark.get(ACCOUNT);
    let is_in_pod_template = spark_pods::templates(spark, "driver")
        .iter()
        .any(|template| template.service_account_name().is_some());
    if account.is_set() || is_in_pod_template {
        return;
    }
    if account.is_unknown() {
        judgement.doubt(format!("not collected: where {ACCOUNT} is set"), Vec::new());
    } else if spark
        .get("spark.kubernetes.driver.podTemplateFile")
        .is_set()
    {
        judgement.doubt(
            "whether the driver's pod template names an account is not in the files",
            Vec::new(),
        );
    } else if spark.deployment.operator.is_some()
        || spark.get("spark.submit.deployMode").is("cluster")
        || spark_pods::object(spark).is_some()
    {
        judgement.expose(Exposure::new(
            "default-account",
            spark.witness(&account, "the namespace's default account"),
        ));
    }
}
