//! The RPC secret: who can learn it?
//!
//! # What it proves
//! That `spark.authenticate.secret` stands in no text that others read, and that Kubernetes does not put it into pod specs.
//!
//! # Why it matters: the attack
//! Who has the secret passes authentication as any peer: it can run code in executors and derive the channel keys.
//!
//! # How each depth is read
//! - declared and loaded: where the secret is written, the mode of that file where it is known, command lines, and whether
//!   Kubernetes applications name a secret file. Without one Spark generates a secret into the executors' pod specs.
//! - observed: nothing.
//! - recorded: driver arguments in event logs.
//!
//! # How to fix
//! Kubernetes: mount a Secret into driver and executors and set `spark.authenticate.secret.file`. YARN: write no secret, it
//! is generated. Standalone: the property in a file of mode 0600 on every host, and nowhere else.
//!
//! # References
//! - `SecurityManager`, `BasicExecutorFeatureStep` (3.5.7, 4.1.1); Spark Security, section "Kubernetes"
//! - The passwords of RPC TLS take another way: only a standalone Worker hands them to executors as environment
//!   (`CommandUtils`, 4.0.1, 4.1.1). Kubernetes' executor pods get neither variables nor properties with them.

use super::authentication::AUTHENTICATE;
use crate::judging_spark::each_spark;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::spark::secret::is_placeholder;
use settings::spark::{Kind, Layer, Master, Origin, Setting, Spark, State};

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark RPC secret",
    question: "Who can learn the RPC secret?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "generated-into-pod-env",
            severity: Severity::High,
            title: "the secret stands in the executors' pod specs, readable by whoever gets pods",
            remedy: "mount a Secret into driver and executors, and set spark.authenticate.secret.file to its path",
        },
        Cause {
            slug: "literal-in-conf",
            severity: Severity::Critical,
            title: "the secret is written down where others read it",
            remedy: "replace the secret, and give the new one by a mounted file (Kubernetes), not at all (YARN), or in a file of mode 0600 (standalone)",
        },
        Cause {
            slug: "on-command-line",
            severity: Severity::High,
            title: "a secret is an argument, shown by ps, shell traces and operator logs",
            remedy: "give the secret by a file instead of an argument, and replace it",
        },
        Cause {
            slug: "short",
            severity: Severity::Medium,
            title: "the secret is shorter than 32 bytes",
            remedy: "use at least 32 random bytes",
        },
    ],
    safety: Safety::Manual,
    family: Family::Secrets,
    since: "0.1.0",
};

const SECRET: &str = "spark.authenticate.secret";
/// Bytes of a secret that cannot be guessed.
const LEAST_LENGTH: usize = 32;

/// Judges everything that needs the secret.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(estate, claims, |d| d.kind != Kind::HistoryServer, secret);
}

fn secret(spark: &Spark<'_>) -> Claim {
    if spark.master() == Master::Local {
        return Claim::not_applicable("the master is local: driver and executor are one process");
    }
    let mut judgement = Judgement::new();
    for (origin, setting) in written(spark) {
        judge_written(spark, origin, setting, &mut judgement);
    }
    let authenticate = spark.switch(AUTHENTICATE);
    if authenticate.state == State::Off && judgement.is_silent() {
        return Claim::not_applicable(
            "there is no secret: authentication is off (spark/authentication)",
        );
    }
    if authenticate.is_on()
        && spark.deployment.kind.is_application()
        && spark.master() == Master::Kubernetes
    {
        judge_pods(spark, &mut judgement);
    }
    if let Some(doubt) = authenticate.doubt() {
        judgement.doubt(doubt, Vec::new());
    }
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&authenticate.effective, "needs a secret"),
        spark.witness(
            &spark.get("spark.authenticate.secret.file"),
            "no text that was read holds it",
        ),
    ]))
}

/// Every place that writes the secret, or a TLS password on a command line, also those that lose.
fn written<'e>(spark: &Spark<'e>) -> Vec<(Option<Origin>, &'e Setting)> {
    let base = spark
        .base
        .into_iter()
        .flat_map(|file| &file.settings)
        .map(|setting| (None, setting));
    let own = spark.deployment.layers.iter().flat_map(|layer: &Layer| {
        layer
            .settings
            .iter()
            .map(|setting| (Some(layer.origin), setting))
    });
    base.chain(own)
        .filter(|(origin, setting)| {
            &*setting.key == SECRET
                || (is_on_command_line(*origin)
                    && setting.key.starts_with("spark.ssl.")
                    && setting.key.ends_with("Password"))
        })
        .collect()
}

fn is_on_command_line(origin: Option<Origin>) -> bool {
    matches!(origin, Some(Origin::CommandLine | Origin::DaemonOptions))
}

fn judge_written(
    spark: &Spark<'_>,
    origin: Option<Origin>,
    setting: &Setting,
    judgement: &mut Judgement,
) {
    if is_on_command_line(origin) {
        // The shell fills a variable before ps shows the argument.
        if setting.dynamic || !is_placeholder(&setting.value) {
            judgement.expose(Exposure::new(
                "on-command-line",
                spark.setting_witness(setting, "an argument").redacted(),
            ));
        }
        return;
    }
    if setting.dynamic || is_placeholder(&setting.value) {
        return;
    }
    let literal = || spark.setting_witness(setting, "a literal").redacted();
    let in_file = origin.is_none() || origin == Some(Origin::PropertiesFile);
    let mode = in_file.then(|| mode_of(spark, setting)).flatten();
    let has_no_other_way = in_file
        && !is_embedded(spark, setting)
        && !matches!(spark.master(), Master::Kubernetes | Master::Yarn);
    match mode {
        Some(mode) if mode & 0o077 == 0 && has_no_other_way => {
            if setting.value.len() < LEAST_LENGTH {
                judgement.expose(Exposure::new("short", literal()));
            }
        }
        Some(mode) if mode & 0o077 == 0 => judgement.expose(
            Exposure::new("literal-in-conf", literal())
                .severity(Severity::High)
                .message(
                    "the secret is written down, although this deployment needs none in a file",
                ),
        ),
        None if has_no_other_way => judgement.doubt(
            "the mode of the file that holds the secret was not collected: it must be 0600",
            vec![literal()],
        ),
        _ => judgement.expose(Exposure::new("literal-in-conf", literal())),
    }
}

fn mode_of(spark: &Spark<'_>, setting: &Setting) -> Option<u32> {
    let file = spark.estate.sources.in_file(setting.place).source;
    spark.estate.sources.get(file)?.mode
}

fn is_embedded(spark: &Spark<'_>, setting: &Setting) -> bool {
    spark
        .estate
        .sources
        .get(setting.place.source)
        .is_some_and(|source| source.embedding.is_some())
}

/// Spark puts the secret into the executors' environment unless a secret file is named for them.
fn judge_pods(spark: &Spark<'_>, judgement: &mut Judgement) {
    let file = spark.get_any(&[
        "spark.authenticate.secret.executor.file",
        "spark.authenticate.secret.file",
    ]);
    if file.is_set() {
        return;
    }
    if file.is_unknown() {
        judgement.doubt(
            "not collected: where spark.authenticate.secret.file is set",
            Vec::new(),
        );
        return;
    }
    judgement.expose(
        Exposure::new(
            "generated-into-pod-env",
            spark.witness(
                &spark.get(AUTHENTICATE),
                "makes a secret for every executor",
            ),
        )
        .with(spark.witness(&file, "no file is named, so the pod spec carries it")),
    );
}
