//! The API server's answers beside those of `wardline check`, and beside those that were recorded.

use super::{Case, FILE, Loaded, cases};
use crate::kubernetes::static_pod::StaticPod;
use crate::truth::Wardline;
use crate::versions::KUBERNETES;
use crate::{LabError, Result};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Where `wardline check` and the API server disagree about a file, in words. Empty when all is well.
///
/// # Errors
///
/// When the files can't be judged.
pub fn disagreements(wardline: &Wardline, answers: &[Loaded]) -> Result<Vec<String>> {
    let taken = taken_by(wardline)?;
    let mut wrong = Vec::new();
    for loaded in answers {
        match (&loaded.refusal, taken.contains(&loaded.case)) {
            (Some(why), true) => wrong.push(format!("{}: taken by check, but: {why}", loaded.case)),
            (None, false) => wrong.push(format!("{}: refused by check alone", loaded.case)),
            _ => {}
        }
    }
    Ok(wrong)
}

/// How answers differ from the recorded ones, in words. Empty when all is well.
///
/// # Errors
///
/// When there is no record.
pub fn surprises(root: &Path, answers: &[Loaded]) -> Result<Vec<String>> {
    let file = root.join(format!("lab/captures/kubernetes/{KUBERNETES}/none/{FILE}"));
    let text = fs::read_to_string(&file).map_err(|error| LabError::at(&file, error))?;
    let recorded: Vec<Loaded> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(serde_json::from_str)
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| LabError::at(&file, error))?;
    let differing = answers.iter().filter(|answer| !recorded.contains(answer));
    let mut wrong: Vec<String> = differing
        .map(|answer| {
            format!(
                "{}: {} is not what was recorded",
                answer.case,
                answer.refusal.as_deref().unwrap_or("taken")
            )
        })
        .collect();
    if recorded.len() != answers.len() {
        wrong.push(format!(
            "{} answers, {} recorded",
            answers.len(),
            recorded.len()
        ));
    }
    Ok(wrong)
}

/// The cases whose file `wardline check` judges by what it says, not by its being refused. Each stands in a cluster of its
/// own, beside the manifest of an API server that reads it.
fn taken_by(wardline: &Wardline) -> Result<BTreeSet<String>> {
    let tree = tempfile::tempdir().map_err(|error| LabError::failed("tree of cases", error))?;
    for case in cases() {
        write(&tree.path().join(&case.name), &case)?;
    }
    let report = wardline.report(tree.path())?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    Ok(list(&report["controls"])
        .iter()
        .filter(|judged| judged["control"] == "k8s/secrets-encryption")
        .filter(|judged| judged["subject"]["kind"] == "EncryptionConfiguration")
        .filter(|judged| {
            !list(&judged["claims"])
                .iter()
                .flat_map(|claim| list(&claim["witnesses"]))
                .any(|witness| witness["label"] == "refused")
        })
        .filter_map(|judged| {
            let file = judged["subject"]["file"].as_str()?;
            file.split('/').next().map(str::to_owned)
        })
        .collect())
}

fn write(dir: &Path, case: &Case) -> Result<()> {
    let mut flags = vec!["--encryption-provider-config=/etc/kubernetes/enc/enc.yaml".to_owned()];
    flags.extend(case.flags.iter().cloned());
    let server = StaticPod {
        program: "kube-apiserver",
        image: format!("registry.k8s.io/kube-apiserver:v{KUBERNETES}"),
        flags,
    };
    fs::create_dir_all(dir)
        .and_then(|()| fs::write(dir.join("kube-apiserver.yaml"), server.text()))
        .and_then(|()| fs::write(dir.join("enc.yaml"), &case.text))
        .map_err(|error| LabError::at(dir, error))
}
