//! The DataNode's rule for starting under Kerberos, by release.
//!
//! Source: `DataNode.checkSecureConfig` (2.7.7, 2.10.1, 3.0.0, 3.0.3, 3.4.1); the privileged port case was run on 3.3.6 and
//! 3.4.1.

use super::view::Hadoop;
use crate::effective::Effective;
use model::Release;

/// How a DataNode is started, as far as files tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartForm {
    /// Under jsvc, with privileged resources.
    Jsvc,
    /// As a plain process.
    Plain,
    /// Nothing says so.
    Unknown,
}

/// Whether a DataNode that uses Kerberos would start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecureStart {
    /// One accepted form is met.
    Met,
    /// None is: it refuses to start.
    Unmet,
    /// It depends on how it is started, which is not known.
    DependsOnStart,
}

/// Ports of `dfs.datanode.address` and its HTTP sibling, where they can be read.
#[derive(Clone, Debug)]
pub struct Ports<'e> {
    /// `dfs.datanode.address`.
    pub transfer: Effective<'e>,
    /// `dfs.datanode.http.address`.
    pub http: Effective<'e>,
}

impl<'e> Ports<'e> {
    /// Reads them.
    #[must_use]
    pub fn of(hdfs: &Hadoop<'e>) -> Self {
        Ports {
            transfer: hdfs.get("dfs.datanode.address"),
            http: hdfs.get("dfs.datanode.http.address"),
        }
    }
}

/// The port of an address `host:port`; `None` if it has none or a variable stands there.
#[must_use]
pub fn port(address: &str) -> Option<u16> {
    address.rsplit_once(':')?.1.trim().parse().ok()
}

/// Whether a port needs privileges on Unix (`SecurityUtil.isPrivilegedPort`).
#[must_use]
pub fn is_privileged(address: &Effective<'_>) -> bool {
    port(address.str()).is_some_and(|port| port < 1024)
}

/// How the DataNode is started: `HADOOP_SECURE_DN_USER`, `HDFS_DATANODE_SECURE_USER` and `JSVC_HOME` of hadoop-env.sh.
#[must_use]
pub fn start_form(hdfs: &Hadoop<'_>) -> StartForm {
    let secure_user = ["HDFS_DATANODE_SECURE_USER", "HADOOP_SECURE_DN_USER"]
        .iter()
        .any(|name| {
            hdfs.configuration
                .variable(name)
                .is_some_and(|variable| !variable.value.is_empty())
        });
    match (secure_user, hdfs.configuration.environment_read) {
        (true, _) => StartForm::Jsvc,
        (false, true) => StartForm::Plain,
        (false, false) => StartForm::Unknown,
    }
}

/// Applies the rule of the release. `dfs.encrypt.data.transfer` satisfies no form.
#[must_use]
pub fn secure_start(hdfs: &Hadoop<'_>) -> SecureStart {
    let ports = Ports::of(hdfs);
    let protection = hdfs.get("dfs.data.transfer.protection").is_set();
    let https_only = hdfs.get("dfs.http.policy").is("HTTPS_ONLY");
    let plain = protection && https_only;
    let jsvc = if hdfs.release < Release(3, 0, 3) {
        !protection && is_privileged(&ports.transfer) && (is_privileged(&ports.http) || https_only)
    } else {
        (is_privileged(&ports.http) || https_only) && (is_privileged(&ports.transfer) || protection)
    };
    match (start_form(hdfs), plain, jsvc) {
        (_, true, true) | (StartForm::Plain, true, _) | (StartForm::Jsvc, _, true) => {
            SecureStart::Met
        }
        (_, false, false) | (StartForm::Plain, false, _) | (StartForm::Jsvc, _, false) => {
            SecureStart::Unmet
        }
        (StartForm::Unknown, ..) => SecureStart::DependsOnStart,
    }
}
