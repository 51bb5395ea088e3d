//! Redaction: are secrets kept out of UI and event logs?
//!
//! # What it proves
//! That `spark.redaction.regex` finds every secret among the properties of this application, by key or by value.
//!
//! # Why it matters: the attack
//! The environment page shows all properties, and every event log repeats them for each job. What the expression does not
//! find stands there in clear, for as long as logs are kept.
//!
//! # How each depth is read
//! - declared and loaded: each property whose name or value is that of a secret, against the effective expression. The
//!   default differs between patch releases.
//! - observed: nothing.
//! - recorded: event logs, by key and length only.
//!
//! # How to fix
//! Keep secrets out of properties. Set `spark.redaction.regex` to the default and the words that the default lacks:
//! `(?i)secret|password|passwd|passphrase|pwd|token|access[.]?key|credential|account[.]key|private[.]key|encryption[.]key|api[.]?key|plaintext`.
//!
//! # References
//! - `Utils.redact`, `SECRET_REDACTION_PATTERN` (3.3.4 to 4.3.0), measured on 4.3.0

use crate::judging_spark::each_spark;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::Effective;
use settings::secret_names::{is_access_key, names_a_secret};
use settings::spark::redaction::Expression;
use settings::spark::secret::is_placeholder;
use settings::spark::{Setting, Spark};

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark redaction",
    question: "Are secrets kept out of UI and event logs?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "default-regex-gap",
            severity: Severity::High,
            title: "a secret that spark.redaction.regex does not find stands in UI and event logs",
            remedy: "take the secret out of the properties, and widen spark.redaction.regex",
        },
        Cause {
            slug: "weakened",
            severity: Severity::High,
            title: "spark.redaction.regex finds less than the default",
            remedy: "extend the default expression instead of replacing it",
        },
    ],
    safety: Safety::Safe,
    family: Family::Secrets,
    since: "0.1.0",
};

/// Judges every application.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_spark(estate, claims, |d| d.kind.is_application(), properties);
}

fn properties(spark: &Spark<'_>) -> Claim {
    let regex = spark.get("spark.redaction.regex");
    let secrets = secrets(spark);
    let mut judgement = Judgement::new();
    let expression = if regex.unresolved || regex.is_unknown() {
        None
    } else {
        regex
            .value
            .as_deref()
            .and_then(|text| Expression::compile(text.trim()))
    };
    match &expression {
        Some(expression) => {
            if regex.is_written() && is_weaker(expression) {
                judgement.expose(Exposure::new("weakened", spark.witness(&regex, "finds less than the default")));
            } else {
                judge_secrets(spark, &regex, expression, &secrets, &mut judgement);
            }
        }
        None if secrets.is_empty() && !regex.is_written() => {}
        None => judgement.doubt(
            "which secrets spark.redaction.regex finds cannot be told: the expression of this release or file is not understood",
            vec![spark.witness(&regex, "decides")],
        ),
    }
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&regex, "finds every secret among the properties"),
    ]))
}

/// Whether an expression misses what every default finds. An empty one misses nothing: it is found in every key, so Spark blanks
/// out every value (`Utils.redact`, 3.5.7 and 4.1.1).
fn is_weaker(expression: &Expression) -> bool {
    const FOUND_BY_DEFAULT: [&str; 5] = [
        "spark.x.secret",
        "spark.x.password",
        "spark.ssl.keyPassword",
        "spark.x.token",
        "spark.hadoop.fs.s3a.access.key",
    ];
    FOUND_BY_DEFAULT
        .iter()
        .any(|key| expression.finds(key) == Some(false))
}

/// The properties that count and hold a secret.
fn secrets<'e>(spark: &Spark<'e>) -> Vec<&'e Setting> {
    let mut secrets: Vec<&Setting> = Vec::new();
    for setting in spark.settings() {
        secrets.retain(|known| known.key != setting.key);
        let is_filled = setting.dynamic || !is_placeholder(&setting.value);
        let is_secret = names_a_secret(&setting.key) || is_access_key(&setting.key);
        if is_filled && (is_secret || holds_password(&setting.value)) {
            secrets.push(setting);
        }
    }
    secrets
}

/// `jdbc:...;pwd=x` and the like.
fn holds_password(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    lower.starts_with("jdbc:")
        && ["pwd=", "password=", "passwd="].iter().any(|word| {
            lower
                .split_once(word)
                .is_some_and(|(_, rest)| !rest.is_empty() && !is_placeholder(rest))
        })
}

fn judge_secrets(
    spark: &Spark<'_>,
    regex: &Effective<'_>,
    expression: &Expression,
    secrets: &[&Setting],
    judgement: &mut Judgement,
) {
    for setting in secrets {
        match (
            expression.finds(&setting.key),
            expression.finds(&setting.value),
        ) {
            (Some(true), _) | (_, Some(true)) => {}
            (Some(false), Some(false)) => judgement.expose(
                Exposure::new(
                    "default-regex-gap",
                    spark.setting_witness(setting, "not found").redacted(),
                )
                .with(spark.witness(regex, "the expression in force"))
                .message(format!(
                    "{} is a secret that the expression does not find",
                    setting.key
                )),
            ),
            _ => judgement.doubt(
                format!(
                    "whether the expression finds {} takes too long to tell",
                    setting.key
                ),
                Vec::new(),
            ),
        }
    }
}
