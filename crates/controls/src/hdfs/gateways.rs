//! Gateways: do WebHDFS, HttpFS and NFS apply the same authentication?
//!
//! # What it proves
//! That no web or NFS door beside RPC takes a caller's name on trust.
//!
//! # Why it matters: the attack
//! In a Kerberos cluster of 3.3 or newer the web authentication type is a key of its own, `hadoop.http.authentication.type`,
//! and its default is `simple`: the name in `user.name=` is believed for every web request. It is a configuration fact; the
//! setting that closes it is `hadoop.http.authentication.type` = `kerberos` in core-site of NameNodes, JournalNodes and
//! Routers.
//!
//! # How each depth is read
//! - declared and loaded: the web type by release (2.7 follows `hadoop.security.authentication`; 2.10 to 3.2 read
//!   `dfs.web.authentication.type`; 3.3 and later `hadoop.http.authentication.type`); HttpFS by its own files only; NFS
//!   exports where a gateway exists.
//! - observed: GETHOMEDIRECTORY with and without a name; 401 Negotiate both ways is closed.
//! - recorded: web requests carry the secure method in the audit log whatever let them in, so their absence proves nothing.
//!
//! # How to fix
//! TLS first, then `hadoop.http.authentication.type` kerberos with `hadoop.http.authentication.kerberos.principal` and
//! `.keytab`. WebHDFS users and scrapers need tickets or tokens afterwards.
//!
//! # References
//! - AuthFilterInitializer, DFSUtil.httpServerTemplateForNNAndJN (3.3.0, 3.4.1); run on 3.3.6, 3.4.1, 3.4.3 and 3.5.0
//! - HttpFSAuthenticationFilter, nfs Nfs3 exports (3.4.1)

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::hadoop::resource::ResourceKind;
use settings::hadoop::{Hadoop, Reader, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "HDFS gateways",
    question: "Do WebHDFS, HttpFS and NFS apply the same authentication?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "webhdfs-user-name",
            severity: Severity::Critical,
            title: "WebHDFS believes the name in user.name=",
            remedy: "enable Kerberos, and hadoop.http.authentication.type kerberos with it",
        },
        Cause {
            slug: "web-type-simple",
            severity: Severity::Critical,
            title: "HDFS asks for Kerberos over RPC, but takes a web caller's name from user.name=",
            remedy: "set hadoop.http.authentication.type to kerberos, with its principal and keytab, in core-site of NameNodes, JournalNodes and Routers",
        },
        Cause {
            slug: "httpfs-simple",
            severity: Severity::Critical,
            title: "HttpFS believes the name in user.name=",
            remedy: "set HttpFS's authentication type to kerberos in httpfs-site.xml; core-site does not count for it",
        },
        Cause {
            slug: "httpfs-backend-simple",
            severity: Severity::Medium,
            title: "HttpFS has no Kerberos towards an HDFS that requires it: it cannot reach HDFS",
            remedy: "set httpfs.hadoop.authentication.type to kerberos with its principal and keytab",
        },
        Cause {
            slug: "httpfs-cleartext",
            severity: Severity::High,
            title: "HttpFS serves without TLS",
            remedy: "set httpfs.ssl.enabled to true with a key store",
        },
        Cause {
            slug: "nfs-exports-any",
            severity: Severity::High,
            title: "the NFS gateway exports HDFS read-write to every host",
            remedy: "list hosts in nfs.exports.allowed.hosts",
        },
        Cause {
            slug: "nfs-any-port",
            severity: Severity::High,
            title: "the NFS gateway accepts AUTH_SYS from any port, so any user of an allowed host names itself",
            remedy: "set nfs.port.monitoring.disabled to false",
        },
        Cause {
            slug: "csrf-off",
            severity: Severity::Low,
            title: "WebHDFS has no protection against cross-site requests",
            remedy: "set dfs.webhdfs.rest-csrf.enabled to true",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

/// Judges the daemons with WebHDFS servlets, HttpFS and NFS gateways.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let web = [
        Role::NameNode,
        Role::JournalNode,
        Role::SecondaryNameNode,
        Role::Router,
    ];
    each_hadoop(estate, claims, &web, "HDFS", web_servlets);
    each_hadoop(estate, claims, &[Role::HttpFs], "HttpFS", httpfs);
    each_hadoop(estate, claims, &[Role::NfsGateway], "NFS gateway", nfs);
}

fn web_servlets(hdfs: &Hadoop<'_>) -> Claim {
    let authentication = hdfs.get("hadoop.security.authentication");
    let kerberos = match hdfs.kerberos() {
        Ok(kerberos) => kerberos,
        Err(reason) => return Claim::unproven(reason),
    };
    let web_type = hdfs.get(if hdfs.release >= Release(3, 3, 0) {
        "hadoop.http.authentication.type"
    } else {
        "dfs.web.authentication.type"
    });
    let mut judgement = Judgement::new();
    if !kerberos {
        if web_type.is("kerberos") && hdfs.release >= Release(3, 3, 0) {
            return Claim::Protected(vec![hdfs.witness(&web_type, "SPNEGO on the web ports")]);
        }
        judgement.expose(
            Exposure::new(
                "webhdfs-user-name",
                hdfs.witness(&authentication, "callers name themselves"),
            )
            .consequence_of("hdfs/authentication", "simple"),
        );
    } else if is_simple(hdfs, &web_type) {
        judgement.expose(
            Exposure::new("web-type-simple", hdfs.witness(&web_type, "the web type, on its own"))
                .with(hdfs.witness(&authentication, "counts for RPC only"))
                .message("web requests (WebHDFS, fsck, images, edits) take the caller's name from user.name=; RPC alone asks for Kerberos"),
        );
    }
    csrf(hdfs, &mut judgement);
    let shown = if web_type.is_set() {
        web_type
    } else {
        authentication
    };
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&shown, "SPNEGO on the web ports"),
    ]))
}

/// Under Kerberos: 2.7 has no such key, 2.10 to 3.2 follow security while it is unset, 3.3 and later have a default.
fn is_simple(hdfs: &Hadoop<'_>, web_type: &settings::Effective<'_>) -> bool {
    hdfs.release >= Release(2, 8, 0) && web_type.is("simple")
}

fn csrf(hdfs: &Hadoop<'_>, judgement: &mut Judgement) {
    let csrf = hdfs.flag("dfs.webhdfs.rest-csrf.enabled", false);
    // Browsers send tickets by themselves; that is the only case in which a foreign page gains anything.
    let sends_tickets =
        hdfs.kerberos() == Ok(true) && hdfs.get("hadoop.http.authentication.type").is("kerberos");
    if hdfs.has(Role::NameNode) && sends_tickets && csrf.effective.is_written() && !csrf.on {
        judgement.expose(Exposure::new(
            "csrf-off",
            hdfs.witness(&csrf.effective, "switched off"),
        ));
    }
}

fn httpfs(hdfs: &Hadoop<'_>) -> Claim {
    if hdfs.configuration.resource(ResourceKind::HttpFs).is_none() {
        return Claim::unproven(
            "not collected: no httpfs-site.xml was read, and core-site does not count for HttpFS",
        );
    }
    let new = hdfs.read(Reader::HttpFs, "hadoop.http.authentication.type");
    let old = hdfs.read(Reader::HttpFs, "httpfs.authentication.type");
    // Who writes the new name alone runs a release that reads it, unless the release is known to be older.
    let is_new = hdfs.release >= Release(3, 3, 0)
        || (!hdfs.release_is_known() && new.is_written() && !old.is_written());
    let web_type = if is_new { new } else { old };
    let mut judgement = Judgement::new();
    if web_type.is("simple") {
        judgement.expose(Exposure::new(
            "httpfs-simple",
            hdfs.witness(&web_type, "the caller names itself"),
        ));
    }
    if is_new || hdfs.release >= Release(3, 0, 0) {
        let tls = hdfs.read_flag(Reader::HttpFs, "httpfs.ssl.enabled", false);
        if !tls.on {
            judgement.expose(Exposure::new(
                "httpfs-cleartext",
                hdfs.witness(&tls.effective, "no TLS"),
            ));
        }
    }
    let backend = hdfs.read(Reader::HttpFs, "httpfs.hadoop.authentication.type");
    // HttpFS is a client by the core-site beside its own file; a NameNode of the cluster says the same.
    let required = std::iter::once(*hdfs)
        .filter(|own| own.configuration.resource(ResourceKind::Core).is_some())
        .chain(hdfs.peers().filter(|peer| peer.has(Role::NameNode)))
        .find(|node| node.kerberos() == Ok(true));
    if let (true, Some(namenode)) = (backend.is("simple"), required) {
        judgement.expose(
            Exposure::new(
                "httpfs-backend-simple",
                hdfs.witness(&backend, "no ticket for HDFS"),
            )
            .with(namenode.witness(
                &namenode.get("hadoop.security.authentication"),
                "HDFS requires Kerberos",
            )),
        );
    }
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&web_type, "asks for a ticket"),
    ]))
}

fn nfs(hdfs: &Hadoop<'_>) -> Claim {
    let exports = hdfs.get("nfs.exports.allowed.hosts");
    if exports.is_doubtful() {
        return Claim::unproven(exports.why_unknown());
    }
    let mut judgement = Judgement::new();
    let everybody = |entry: &str| {
        let mut words = entry.split_whitespace();
        words.next() == Some("*") && words.next() == Some("rw")
    };
    if exports.str().split(';').any(everybody) {
        judgement.expose(Exposure::new(
            "nfs-exports-any",
            hdfs.witness(&exports, "every host may write"),
        ));
    }
    let any_port = hdfs.flag("nfs.port.monitoring.disabled", true);
    if any_port.on {
        judgement.expose(Exposure::new(
            "nfs-any-port",
            hdfs.witness(&any_port.effective, "ports from 1024 on are accepted"),
        ));
    }
    judgement.otherwise(Claim::Protected(vec![
        hdfs.witness(&exports, "the hosts that may mount"),
    ]))
}
