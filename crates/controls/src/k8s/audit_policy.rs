//! Audit policy: is there an audit trail, and is it free of secret values?
//!
//! # What it proves
//! That every API server writes down who asked for what, and that no rule of the policy writes the bodies of Secrets, tokens
//! or configuration into the log.
//!
//! # Why it matters: the attack
//! Without a trail nobody can say who read a Secret. With bodies in it the trail is a second, unencrypted store of all
//! Secrets, on disks and in log systems that many people read.
//!
//! # How each depth is read
//! - declared: `--audit-policy-file` with a log or webhook of every API server, and each Policy: for every kind of user, every
//!   verb and the namespaces that make a difference, the first rule that matches decides.
//! - loaded: the flags of the mirror pod.
//! - observed: nothing.
//! - recorded: lines of the log that hold a body of a Secret.
//!
//! # How to fix
//! Put one rule of level Metadata for secrets, configmaps, tokenreviews, serviceaccounts/token and sparkapplications first.
//! Restart the API servers. Logs that already hold values need deleting by hand, and the Secrets in them replacing.
//!
//! # References
//! - k8s.io/apiserver pkg/audit/policy (1.37); bodies seen on kube-apiserver 1.37.2
//! - Kubernetes, "Auditing"
//! - rancher/rke2 pkg/executor/staticpod/staticpod.go: the log's path, and a policy that logs nothing where none is given

use crate::judging_kubernetes::{Running, fact, file_of, flag_fact, running, same_cluster};
use crate::named_files::{Named, named, unused};
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Safety, Severity,
    Stage, Subject, Witness,
};
use settings::kubernetes::audit_policy::{AuditPolicy, Level, Logged, LoggedBody, Rule, SENSITIVE};
use settings::kubernetes::flags::{Program, Setting, is_talos};
use settings::kubernetes::object::Object;

/// What this control is.
pub const META: Meta = Meta {
    title: "Audit policy",
    question: "Is there an audit trail, and is it free of secret values?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "off",
            severity: Severity::High,
            title: "the API server writes no audit trail",
            remedy: "set --audit-policy-file and --audit-log-path on every API server",
        },
        Cause {
            slug: "secret-values-logged",
            severity: Severity::High,
            title: "an audit rule writes the bodies of Secrets or tokens into the log",
            remedy: "put a rule of level Metadata for secrets, tokenreviews and serviceaccounts/token before it",
        },
        Cause {
            slug: "configuration-logged",
            severity: Severity::High,
            title: "an audit rule writes the bodies of ConfigMaps or SparkApplications into the log",
            remedy: "put a rule of level Metadata for configmaps and sparkapplications before it",
        },
        Cause {
            slug: "none-first",
            severity: Severity::Medium,
            title: "an audit rule of level None hides requests for Secrets",
            remedy: "put a rule of level Metadata for secrets before it, or narrow it to control-plane users",
        },
        Cause {
            slug: "lossy-mode",
            severity: Severity::Low,
            title: "audit events are written in batches and may be lost",
            remedy: "set the mode to blocking-strict where the trail is evidence",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Audit,
    since: "0.1.0",
};

/// Judges each API server, and each audit policy.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let servers = running(estate, Program::ApiServer);
    for server in &servers {
        if let Some(claim) = api_server(estate, server) {
            claims.state(server.subject(estate), claim);
        }
    }
    for object in estate.all::<Object>() {
        if !AuditPolicy::is_policy(object) {
            continue;
        }
        let place = Place::new(object.source, object.document);
        let subject = Subject::new("Policy", file_of(estate, place), Some(place));
        let flag = "audit-policy-file";
        if let Some(reason) = unused(estate, object, &servers, flag, AuditPolicy::is_policy) {
            let witness = fact(estate, place, "loaded by nobody");
            claims.state(subject, Claim::Unproven(reason.into(), vec![witness]));
            continue;
        }
        let mut here = servers
            .iter()
            .filter(|server| same_cluster(server.cluster(), object.cluster))
            .filter_map(Running::api_server)
            .peekable();
        let none_reads_it = here.peek().is_some()
            && here.all(|settings| settings.text("audit-policy-file").is_empty());
        let claim = match policy(estate, object) {
            Claim::Protected(witnesses) if none_reads_it => Claim::Unproven(
                "no API server that was read names an audit policy, so this one has no effect there".into(),
                witnesses,
            ),
            claim => claim,
        };
        claims.state(subject, claim);
    }
}

fn api_server(estate: &Estate, server: &Running<'_>) -> Option<Claim> {
    let settings = server.api_server()?;
    let audits = settings.audits();
    let policy = settings.text("audit-policy-file");
    let log = settings.text("audit-log-path");
    let webhook = settings.text("audit-webhook-config-file");
    if let Setting::Unknown(place, reason) = audits {
        return Some(Claim::Unproven(
            format!("--audit-policy-file, --audit-log-path: {reason}").into(),
            vec![fact(estate, place, "decides")],
        ));
    }
    if !audits.is_on() {
        let exposure = if policy.is_empty() {
            Exposure::new(
                "off",
                flag_fact(estate, &policy, "audit-policy-file", "not set"),
            )
        } else {
            Exposure::new("off", flag_fact(estate, &log, "audit-log-path", "not set"))
                .with(flag_fact(estate, &policy, "audit-policy-file", "set"))
                .message("there is a policy, but neither a log path nor a webhook to write to")
        };
        return Some(Claim::Exposed(vec![exposure]));
    }
    let mut judgement = Judgement::new();
    for (sink, flag, mode) in [
        (&log, "audit-log-mode", settings.audit_log_mode()),
        (
            &webhook,
            "audit-webhook-mode",
            settings.audit_webhook_mode(),
        ),
    ] {
        let is_used = sink.value().is_some_and(|path| !path.is_empty());
        if is_used && mode.value().is_some_and(|mode| mode == "batch") {
            let label = if mode.is_set() {
                "batch"
            } else {
                "not set: batch is the default"
            };
            judgement.expose(Exposure::new(
                "lossy-mode",
                flag_fact(estate, &mode, flag, label),
            ));
        }
    }
    let witness = flag_fact(estate, &policy, "audit-policy-file", "names the policy");
    match named(estate, server.cluster(), &policy, AuditPolicy::is_policy) {
        Named::Files(_) | Named::Perhaps => {}
        // Talos' own policy writes metadata of everything (APIServerDefaultAuditPolicy).
        Named::NotRead
            if policy.is_default()
                && server
                    .object
                    .is_some_and(|object| is_talos(object) && !object.is_patch) => {}
        Named::Empty(_) | Named::NotRead => judgement.doubt(
            "not collected: the file that --audit-policy-file names was not read",
            vec![witness.clone()],
        ),
    }
    Some(judgement.otherwise(Claim::Protected(vec![witness])))
}

fn policy(estate: &Estate, object: &Object) -> Claim {
    let policy = match AuditPolicy::load(object) {
        Ok(policy) => policy,
        Err(refusals) => {
            let first = refusals.first();
            let place = first.map_or(object.document, |refusal| refusal.span);
            let reason = first.map_or("", |refusal| refusal.reason.as_str());
            return Claim::Unproven(
                format!("the API server does not start with this policy: {reason}").into(),
                vec![fact(estate, Place::new(object.source, place), "refused")],
            );
        }
    };
    let mut judgement = Judgement::new();
    let (logged, mut is_complete) = policy.bodies();
    for rule in &policy.rules {
        let by_rule: Vec<&Logged<'_, '_>> = logged
            .iter()
            .filter(|logged| {
                logged
                    .decision
                    .rule
                    .is_some_and(|by| by.place == rule.place)
            })
            .collect();
        secrets(estate, rule, &by_rule, &mut judgement);
        configuration(estate, rule, &by_rule, &mut judgement);
    }
    is_complete &= hidden(estate, &policy, &mut judgement);
    if !is_complete {
        judgement.doubt(
            "the policy tells apart more users, namespaces and names than are tried",
            Vec::new(),
        );
    }
    let shown: Vec<Witness> = policy
        .rules
        .first()
        .map(|rule| level(estate, rule, "the first rule"))
        .into_iter()
        .collect();
    judgement.otherwise(Claim::Protected(shown))
}

fn level(estate: &Estate, rule: &Rule<'_>, label: &str) -> Witness {
    fact(estate, rule.level_place, label)
        .key("level")
        .value(rule.level.as_str())
}

/// Secrets and tokens whose bodies a rule writes.
fn secrets(
    estate: &Estate,
    rule: &Rule<'_>,
    logged: &[&Logged<'_, '_>],
    judgement: &mut Judgement,
) {
    let with_value = with_value(logged, true);
    if let Some(example) = with_value.first() {
        judgement.expose(
            Exposure::new("secret-values-logged", level(estate, rule, "writes bodies"))
                .message(told(example, &resources(&with_value))),
        );
        return;
    }
    // Bodies without a value: a list of Secrets at level Request. TokenRequests never have one in the request.
    let without = logged
        .iter()
        .find(|logged| logged.resource.is_secret && logged.resource.subresource.is_empty());
    if without.is_some() {
        judgement.expose(
            Exposure::new("secret-values-logged", level(estate, rule, "writes request bodies"))
                .severity(Severity::Medium)
                .message("the rule writes request bodies of Secrets or tokens, for verbs whose requests hold no value"),
        );
    }
}

fn configuration(
    estate: &Estate,
    rule: &Rule<'_>,
    logged: &[&Logged<'_, '_>],
    judgement: &mut Judgement,
) {
    let with_value = with_value(logged, false);
    if let Some(example) = with_value.first() {
        judgement.expose(
            Exposure::new("configuration-logged", level(estate, rule, "writes bodies"))
                .message(told(example, &resources(&with_value))),
        );
    }
}

/// What is written with a value: of Secrets and tokens, or of everything else.
fn with_value<'l, 'p, 'o>(
    logged: &[&'l Logged<'p, 'o>],
    is_secret: bool,
) -> Vec<&'l Logged<'p, 'o>> {
    let of_kind = |logged: &&Logged<'p, 'o>| logged.resource.is_secret == is_secret;
    let logged = logged.iter().copied().filter(of_kind);
    logged
        .filter(|logged| logged.body != LoggedBody::Nothing)
        .collect()
}

/// The names of resources, each once.
fn resources(logged: &[&Logged<'_, '_>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for logged in logged {
        let resource = logged.resource;
        let name = match resource.subresource {
            "" => resource.resource.to_owned(),
            subresource => format!("{}/{subresource}", resource.resource),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn told(example: &Logged<'_, '_>, resources: &str) -> String {
    let body = match example.body {
        LoggedBody::Answer => "the answer",
        LoggedBody::Both => "request and answer",
        LoggedBody::Request | LoggedBody::Nothing => "the request",
    };
    format!(
        "the first rule that matches {resources} writes bodies: a {} of {} by {} leaves {body} in the log",
        example.decision.verb, example.resource.resource, example.decision.user.name
    )
}

/// Rules of level None that decide about Secrets for somebody outside the control plane.
fn hidden(estate: &Estate, policy: &AuditPolicy<'_>, judgement: &mut Judgement) -> bool {
    let Some(secrets) = SENSITIVE.iter().find(|of| of.resource == "secrets") else {
        return true;
    };
    let (decisions, is_complete) = policy.decisions(secrets);
    let mut told: Vec<Place> = Vec::new();
    for decision in decisions
        .iter()
        .filter(|decision| !decision.user.is_control_plane())
    {
        let Some(rule) = decision.rule.filter(|rule| rule.level == Level::None) else {
            continue;
        };
        if !told.contains(&rule.place) {
            told.push(rule.place);
            judgement.expose(
                Exposure::new("none-first", level(estate, rule, "nothing is written")).message(
                    format!(
                        "a {} of secrets by {} leaves no line: this rule decides first",
                        decision.verb, decision.user.name
                    ),
                ),
            );
        }
    }
    is_complete
}
