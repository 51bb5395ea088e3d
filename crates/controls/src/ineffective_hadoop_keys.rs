//! Security keys of Hadoop that the rest of the same configuration leaves without effect.

use model::{Exposure, Release, Severity};
use settings::hadoop::secure_start::{Ports, StartForm, is_privileged, start_form};
use settings::hadoop::{Hadoop, Reader, Role};

const PROTECTION: &str = "dfs.data.transfer.protection";
const ENCRYPT: &str = "dfs.encrypt.data.transfer";

/// What is disabled by the situation, and what lacks its companion.
#[must_use]
pub fn find(hadoop: &Hadoop<'_>) -> Vec<Exposure> {
    let kerberos = hadoop.kerberos();
    let mut found = Vec::new();
    match kerberos {
        Ok(true) => found.extend(on_privileged_port(hadoop)),
        Ok(false) => found.extend(without_login(hadoop)),
        Err(_) => {}
    }
    found.extend(suites_without_protection(hadoop));
    found.extend(downstream_qop_alone(hadoop));
    found.extend(cross_origin_without_filter(hadoop));
    found.extend(ignored_key_acls(hadoop));
    found
}

/// A DataNode on a privileged port skips the SASL handshake that `dfs.data.transfer.protection` asks for.
fn on_privileged_port(hadoop: &Hadoop<'_>) -> Option<Exposure> {
    let is_datanode = hadoop.configuration.roles_known && hadoop.has(Role::DataNode);
    let protection = hadoop.get(PROTECTION);
    let encrypt = hadoop.flag(ENCRYPT, false);
    let ports = Ports::of(hadoop);
    // Under jsvc the releases before 3.0.3 refuse this layout: an outage that hdfs/datanode-trust reports.
    let refused = hadoop.release < Release(3, 0, 3) && start_form(hadoop) == StartForm::Jsvc;
    let applies = is_datanode
        && protection.is_written()
        && protection.is_set()
        && !encrypt.is_unknown()
        && !encrypt.on
        && is_privileged(&ports.transfer)
        && !refused;
    applies.then(|| {
        Exposure::new(
            "made-inert",
            hadoop.witness(&protection, "skipped on a privileged port"),
        )
        .message(format!(
            "{PROTECTION} has no effect: this DataNode listens below port 1024 and skips the SASL handshake there"
        ))
        .remedy("move dfs.datanode.address to a port from 1024 on, or set dfs.encrypt.data.transfer to true")
        .with(hadoop.witness(&ports.transfer, "below 1024"))
        .with(hadoop.witness(&encrypt.effective, "not in effect"))
    })
}

/// Without Kerberos there is no SASL, and so no quality of protection.
fn without_login(hadoop: &Hadoop<'_>) -> Vec<Exposure> {
    let authentication = hadoop.get("hadoop.security.authentication");
    let encrypted = hadoop.flag(ENCRYPT, false).on;
    let mut found = Vec::new();
    for key in ["hadoop.rpc.protection", PROTECTION] {
        let effective = hadoop.get(key);
        let asks = effective
            .items()
            .any(|word| !word.eq_ignore_ascii_case("authentication"));
        if !effective.is_written() || !asks || (key == PROTECTION && encrypted) {
            continue;
        }
        found.push(
            Exposure::new(
                "made-inert",
                hadoop.witness(&effective, "has no effect without Kerberos"),
            )
            .message(format!(
                "{key} has no effect: without Kerberos there is no SASL layer"
            ))
            .remedy("enable Kerberos")
            .with(hadoop.witness(&authentication, "not kerberos"))
            .consequence_of("hdfs/authentication", "simple"),
        );
    }
    found
}

/// A cipher for block transfer that nothing encrypts.
fn suites_without_protection(hadoop: &Hadoop<'_>) -> Option<Exposure> {
    let suites = hadoop.get("dfs.encrypt.data.transfer.cipher.suites");
    let encrypt = hadoop.flag(ENCRYPT, false);
    let protection = hadoop.get(PROTECTION);
    // A client that encrypts by what the NameNode says needs neither key of its own.
    let by_server = !hadoop.configuration.roles_known || !hadoop.has(Role::DataNode);
    let applies = suites.is_written()
        && suites.is_set()
        && !by_server
        && !encrypt.is_unknown()
        && !encrypt.on
        && !protection.is_set();
    applies.then(|| {
        Exposure::new(
            "needs-companion",
            hadoop.witness(&suites, "nothing encrypts with it"),
        )
        .message(
            "dfs.encrypt.data.transfer.cipher.suites chooses a cipher, but neither dfs.encrypt.data.transfer nor dfs.data.transfer.protection is in effect",
        )
        .remedy("set dfs.data.transfer.protection to privacy, or dfs.encrypt.data.transfer to true")
        .with(hadoop.witness(&encrypt.effective, "not in effect"))
        .with(hadoop.witness(&protection, "not set"))
    })
}

/// `...downstream.new.qop` counts only with `...downstream.derived.qop`.
fn downstream_qop_alone(hadoop: &Hadoop<'_>) -> Option<Exposure> {
    let qop = hadoop.get("dfs.encrypt.data.overwrite.downstream.new.qop");
    let derived = hadoop.flag("dfs.encrypt.data.overwrite.downstream.derived.qop", false);
    // A word weaker than auth-conf that does not count makes nothing worse.
    let asks = qop.is("auth-conf");
    let applies = qop.is_written() && asks && !derived.is_unknown() && !derived.on;
    applies.then(|| {
        Exposure::new(
            "needs-companion",
            hadoop.witness(&qop, "does not count alone"),
        )
        .remedy("set dfs.encrypt.data.overwrite.downstream.derived.qop to true")
        .with(hadoop.witness(&derived.effective, "its switch"))
    })
}

/// Cross-origin filtering that no initializer installs.
fn cross_origin_without_filter(hadoop: &Hadoop<'_>) -> Option<Exposure> {
    let enabled = hadoop.flag("hadoop.http.cross-origin.enabled", false);
    let initializers = hadoop.get("hadoop.http.filter.initializers");
    let installed = initializers
        .items()
        .any(|class| class.ends_with("CrossOriginFilterInitializer"));
    let applies =
        enabled.on && enabled.effective.is_written() && !initializers.unresolved && !installed;
    applies.then(|| {
        Exposure::new(
            "needs-companion",
            hadoop.witness(&enabled.effective, "no filter is installed"),
        )
        .severity(Severity::Low)
        .remedy("add HttpCrossOriginFilterInitializer to hadoop.http.filter.initializers, or remove the key")
        .with(hadoop.witness(&initializers, "lacks HttpCrossOriginFilterInitializer"))
    })
}

/// `ALL` is no operation of the default and whitelist layers: the KMS ignores it with a warning.
fn ignored_key_acls(hadoop: &Hadoop<'_>) -> Vec<Exposure> {
    ["default.key.acl.ALL", "whitelist.key.acl.ALL"]
        .into_iter()
        .map(|key| hadoop.read(Reader::KmsAcls, key))
        .filter(|effective| effective.is_written() && effective.is_set())
        .map(|effective| {
            Exposure::new(
                "made-inert",
                hadoop.witness(&effective, "ignored with a warning"),
            )
            .severity(Severity::Low)
            .message(format!(
                "the KMS ignores {}: ALL is an operation of single keys only",
                effective.key
            ))
            .remedy("name the operations that are meant")
        })
        .collect()
}
