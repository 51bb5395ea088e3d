//! What the real clients get.

mod audit;
mod detours;
mod stored;

use super::api::{Answered, Api, Caller};
use super::etcd::Etcd;
use super::node::Node;
use super::objects::{SECRET, VALUE};
use super::profiles::WITH_KUBEFLOW;
use super::questions::*;
use super::rows::base64;
use crate::Result;
use crate::truth::Answer;
use serde_json::{Value, json};

/// The names that differ between the lab's own manifests and those of the demo.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    /// The namespace of Spark's account `spark`.
    pub(super) home: &'static str,
    /// Another namespace, with a Secret.
    pub(super) elsewhere: &'static str,
    /// An account there or at home that no binding names: namespace and name.
    pub(super) visitor: (&'static str, &'static str),
    /// Rows of a ConfigMap and of SparkApplications.
    pub(super) config_map: &'static str,
    pub(super) applications: &'static [&'static str],
}

impl Names {
    pub(super) fn of(profile: &str) -> Names {
        if profile == "meridian" {
            return Names {
                home: "spark",
                elsewhere: "spark-services",
                visitor: ("spark-services", "history-next"),
                config_map: "/registry/configmaps/spark-services/history-next-conf",
                applications: &[
                    "/registry/sparkoperator.k8s.io/sparkapplications/spark-batch/etl-7",
                ],
            };
        }
        let applications: &[&str] = if WITH_KUBEFLOW.contains(&profile) {
            &[
                "/registry/spark.apache.org/sparkapplications/jobs/totals",
                "/registry/sparkoperator.k8s.io/sparkapplications/jobs/totals",
            ]
        } else {
            &["/registry/spark.apache.org/sparkapplications/jobs/totals"]
        };
        Names {
            home: "jobs",
            elsewhere: "finance",
            visitor: ("jobs", "visitor"),
            config_map: "/registry/configmaps/jobs/spark-conf",
            applications,
        }
    }
}

/// Somebody who asks a cluster every question that its profile is about.
#[derive(Debug)]
pub(super) struct Asking<'a> {
    pub(super) api: &'a Api,
    pub(super) etcd: &'a Etcd,
    pub(super) node: &'a Node,
    pub(super) profile: &'a str,
    pub(super) names: Names,
}

impl Asking<'_> {
    /// # Errors
    ///
    /// When a client can't be run.
    pub(super) fn everything(&self) -> Result<Vec<Answer>> {
        let mut answers = vec![
            self.secret()?,
            self.config_map()?,
            self.applications()?,
            self.etcd_without_certificate()?,
            self.etcd_over_http()?,
            self.anonymous_authorized()?,
            self.anonymous_reads()?,
            self.certificate_poses()?,
            self.visitor_reads()?,
            self.spark_reads_elsewhere()?,
        ];
        if matches!(self.profile, "kms-v2" | "api-open") {
            answers.extend(self.detours()?);
        }
        answers.push(self.secret_in_audit_log()?);
        answers.push(self.unseen()?);
        match self.profile {
            "rotated" => answers.push(self.old_key()?),
            "leftover" => {
                answers.push(self.old_secret()?);
                answers.push(self.old_secret_on_disk()?);
            }
            _ => {}
        }
        // The last one: it leaves a row behind that may not be readable.
        answers.push(self.altered()?);
        Ok(answers)
    }

    fn anonymous_authorized(&self) -> Result<Answer> {
        // 403 is the answer of an authorizer, 401 that of somebody before it.
        let answer = self.api.get("/api", &Caller::Anonymous)?;
        Ok(ANONYMOUS_AUTHORIZED.answered(answer.status != 401, format!("/api: {}", answer.line())))
    }

    fn anonymous_reads(&self) -> Result<Answer> {
        let path = format!("/api/v1/namespaces/{}/configmaps", self.names.home);
        let answer = self.api.get(&path, &Caller::Anonymous)?;
        Ok(ANONYMOUS_READS.answered(answer.status == 200, answer.line()))
    }

    fn certificate_poses(&self) -> Result<Answer> {
        let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        let caller = Caller::Posing("somebody-else");
        let answer = self
            .api
            .send("POST", path, &caller, Some(&review.to_string()))?;
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let taken_for = body["status"]["userInfo"]["username"]
            .as_str()
            .unwrap_or_default();
        let evidence = format!("{} taken for {taken_for}", answer.status);
        Ok(POSES.answered(taken_for == "somebody-else", evidence))
    }

    fn visitor_reads(&self) -> Result<Answer> {
        let (namespace, name) = self.names.visitor;
        let visitor = self.api.token(namespace, name)?;
        let answer = self.read(self.names.elsewhere, &visitor)?;
        Ok(VISITOR_READS.answered(reads(&answer), answer.line()))
    }

    fn spark_reads_elsewhere(&self) -> Result<Answer> {
        let spark = self.api.token(self.names.home, "spark")?;
        let answer = self.read(self.names.elsewhere, &spark)?;
        Ok(SPARK_READS_ELSEWHERE.answered(reads(&answer), answer.line()))
    }

    fn read(&self, namespace: &str, caller: &Caller) -> Result<Answered> {
        self.api.get(&secret(namespace), caller)
    }
}

fn secret(namespace: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/secrets/{SECRET}")
}

fn reads(answer: &Answered) -> bool {
    answer.status == 200 && answer.body.contains(&base64(VALUE))
}
