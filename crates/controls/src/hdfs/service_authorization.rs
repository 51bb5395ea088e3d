//! Service authorization: may only the right principals speak administrative and daemon protocols?
//!
//! # What it proves
//! That the daemons check who calls which protocol: that a DataNode registration comes from a DataNode's principal, and
//! that refresh and failover commands come from administrators.
//!
//! # Why it matters: the attack
//! With `hadoop.security.authorization` left at false, any ticket holder may register a DataNode, report blocks or write to a
//! JournalNode: the check of the calling daemon's principal is never reached.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.security.authorization`; then the effective list of each protocol in hadoop-policy.xml:
//!   its own `.acl`, else `security.service.authorization.default.acl`, else `*`. Protocols with a fixed client principal
//!   are silent at `*`.
//! - observed: nothing without a ticket.
//! - recorded: refresh commands in the audit log.
//!
//! # How to fix
//! Every daemon's principal key must be set alike on all nodes first, else daemons are refused. Then authorization on, with a
//! restart; lists are refreshable. "Nobody" is written as one blank, never as an empty element.
//!
//! # References
//! - ServiceAuthorizationManager, HDFSPolicyProvider, AccessControlList (2.7.7, 3.4.1); annotations @KerberosInfo

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::resource::ResourceKind;
use settings::hadoop::{Hadoop, Reader, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "Service-level authorization",
    question: "May only the right principals speak administrative and daemon protocols?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "off",
            severity: Severity::High,
            title: "service-level authorization is off: any ticket holder may speak daemon protocols",
            remedy: "set hadoop.security.authorization to true on all nodes, once every daemon's principal key is set",
        },
        Cause {
            slug: "daemon-protocol-any",
            severity: Severity::Medium,
            title: "an administrative protocol is open to everybody",
            remedy: "name the administrators in the protocol's list in hadoop-policy.xml",
        },
        Cause {
            slug: "client-protocol-any",
            severity: Severity::Low,
            title: "client protocols are open to every authenticated user",
            remedy: "name the users in the protocol's list in hadoop-policy.xml",
        },
        Cause {
            slug: "acl-grammar",
            severity: Severity::Medium,
            title: "the text of a list does not mean what it shows",
            remedy: "write users, a blank, groups; one blank alone for nobody",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authorization,
    since: "0.1.0",
};

/// Protocols of administrators without a fixed client principal: each keeps a superuser check of its own.
const ADMINISTRATIVE: [&str; 9] = [
    "security.admin.operations.protocol.acl",
    "security.get.user.mappings.protocol.acl",
    "security.refresh.user.mappings.protocol.acl",
    "security.refresh.policy.protocol.acl",
    "security.refresh.callqueue.protocol.acl",
    "security.refresh.generic.protocol.acl",
    "security.reconfiguration.protocol.acl",
    "security.ha.service.protocol.acl",
    "security.zkfc.protocol.acl",
];
const CLIENTS: [&str; 1] = ["security.client.protocol.acl"];
const DEFAULT_ACL: &str = "security.service.authorization.default.acl";

/// Judges the servers of HDFS.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[
            Role::NameNode,
            Role::JournalNode,
            Role::DataNode,
            Role::Router,
        ],
        "HDFS",
        server,
    );
}

fn server(hdfs: &Hadoop<'_>) -> Claim {
    let authorization = hdfs.flag("hadoop.security.authorization", false);
    let kerberos = match hdfs.kerberos() {
        Ok(kerberos) => kerberos,
        Err(reason) => return Claim::unproven(reason),
    };
    let mut judgement = Judgement::new();
    if !authorization.on {
        let exposure = Exposure::new(
            "off",
            hdfs.witness(
                &authorization.effective,
                "no list and no principal is checked",
            ),
        );
        judgement.expose(if kerberos {
            exposure
        } else {
            exposure.consequence_of("hdfs/authentication", "simple")
        });
        return judgement.otherwise(Claim::Protected(Vec::new()));
    }
    if hdfs.configuration.resource(ResourceKind::Policy).is_none() {
        return Claim::unproven("not collected: no hadoop-policy.xml of this node was read");
    }
    if hdfs.has(Role::NameNode) {
        lists(hdfs, &mut judgement);
    }
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&authorization.effective, "lists and principals are checked"),
    ]))
}

fn lists(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let open: Vec<&str> = ADMINISTRATIVE
        .into_iter()
        .filter(|key| is_open(hdfs, key))
        .collect();
    if let Some(first) = open.first() {
        let primary = hdfs.read(Reader::Policy, first);
        let names = open
            .iter()
            .map(|key| short(key))
            .collect::<Vec<_>>()
            .join(", ");
        judgement.expose(
            Exposure::new("daemon-protocol-any", hdfs.witness(&primary, "everybody"))
                .with_all(
                    open.iter()
                        .skip(1)
                        .map(|key| hdfs.witness(&hdfs.read(Reader::Policy, key), "everybody")),
                )
                .message(format!(
                    "open to everybody: {names}; only each protocol's own superuser check is left"
                )),
        );
    }
    for key in CLIENTS.into_iter().filter(|key| is_open(hdfs, key)) {
        judgement.expose(Exposure::new(
            "client-protocol-any",
            hdfs.witness(&hdfs.read(Reader::Policy, key), "every authenticated user"),
        ));
    }
    for key in ADMINISTRATIVE.into_iter().chain(CLIENTS) {
        let list = hdfs.read(Reader::Policy, key);
        let raw = list.value.as_deref().unwrap_or_default();
        // " admins" means the group admins; people mean the user.
        if list.is_written()
            && raw.starts_with(' ')
            && !raw.trim().is_empty()
            && !raw.trim().contains(' ')
        {
            judgement.expose(
                Exposure::new(
                    "acl-grammar",
                    hdfs.witness(&list, "a leading blank: groups only, no user"),
                )
                .message(format!(
                    "{} begins with a blank, so what follows names groups, not users",
                    short(key)
                )),
            );
        }
        if let Some(empty) = list
            .losers
            .iter()
            .find(|loser| loser.value.is_none())
            .filter(|_| is_open(hdfs, key))
        {
            judgement.expose(
                Exposure::new(
                    "acl-grammar",
                    model::Witness::declared(empty.place, "an empty element sets nothing").key(key),
                )
                .message(format!(
                    "{} is an empty element, which sets nothing: the list stays open to everybody",
                    short(key)
                )),
            );
        }
    }
}

fn short(key: &str) -> &str {
    key.trim_start_matches("security.")
        .trim_end_matches(".protocol.acl")
}

/// The effective list holds everybody: own list, else the default list, else `*`.
fn is_open(hdfs: &Hadoop<'_>, key: &str) -> bool {
    let own = hdfs.read(Reader::Policy, key);
    let value = own.value.as_deref().map(str::to_owned).or_else(|| {
        hdfs.read(Reader::Policy, DEFAULT_ACL)
            .value
            .map(|v| v.into_owned())
    });
    value.is_none_or(|list| is_everybody(&list))
}

/// Either half of `users groups` that is a star alone makes everybody (`AccessControlList.isWildCardACLValue` is stricter in
/// words, but each half is compared with a star).
fn is_everybody(list: &str) -> bool {
    list.splitn(2, ' ').any(|half| half.trim() == "*")
}
