//! KMS transport: do data keys travel only over verified TLS?
//!
//! # What it proves
//! That clients and NameNodes reach the KMS over https, and that the KMS serves nothing else.
//!
//! # Why it matters: the attack
//! The KMS answers with decrypted data keys. Over http a listener on the path collects them and reads every file of the
//! zones from then on, without touching HDFS.
//!
//! # How each depth is read
//! - declared and loaded: the scheme inside `hadoop.security.key.provider.path` (`kms://http@...`) at NameNodes and
//!   clients; `hadoop.kms.ssl.enabled` at the KMS (3.x), or its environment's key store passwords (2.x).
//! - observed: a TLS hello and an http GET on the KMS port.
//! - recorded: the scheme in the KMS access log.
//!
//! # How to fix
//! Serve https beside http, change the provider path on NameNodes and clients, then close http.
//!
//! # References
//! - KMSClientProvider.Factory, KMSWebServer (3.4.1); Tomcat's ssl-server.xml of 2.7.7

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Meta, Release, Safety, Severity, Stage,
};
use settings::hadoop::resource::ResourceKind;
use settings::hadoop::{Hadoop, Reader, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "KMS transport",
    question: "Do data keys travel only over verified TLS?",
    stage: Stage::Transit,
    causes: &[
        Cause {
            slug: "http-scheme",
            severity: Severity::Critical,
            title: "data keys are fetched over plain http",
            remedy: "serve the KMS over TLS, then write kms://https@... in hadoop.security.key.provider.path on NameNodes and clients",
        },
        Cause {
            slug: "server-cleartext",
            severity: Severity::Critical,
            title: "the KMS serves without TLS",
            remedy: "set hadoop.kms.ssl.enabled to true with a key store in ssl-server.xml",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Transit,
    since: "0.1.0",
};

/// Judges whoever fetches keys, and each KMS.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(
        estate,
        claims,
        &[
            Role::NameNode,
            Role::Client,
            Role::DataNode,
            Role::HttpFs,
            Role::Ozone,
        ],
        "HDFS",
        fetcher,
    );
    each_hadoop(estate, claims, &[Role::Kms], "KMS", server);
}

fn fetcher(hdfs: &Hadoop<'_>) -> Claim {
    // 2.7 reads the old key only, later releases both; whoever wrote either meant it.
    let current = hdfs.get("hadoop.security.key.provider.path");
    let old = hdfs.get("dfs.encryption.key.provider.uri");
    let provider = if old.is_written() && !current.is_written() {
        old
    } else {
        current
    };
    if provider.is_unknown() {
        return Claim::unproven(provider.why_unknown());
    }
    if !provider.is_set() {
        return Claim::not_applicable("component not present: no key provider is set");
    }
    let Some(rest) = provider.str().strip_prefix("kms://") else {
        return Claim::not_applicable("the key provider is no KMS; see kms/keystore");
    };
    if provider.key == "hadoop.security.key.provider.path" && hdfs.release < Release(2, 9, 0) {
        // A key that this release does not read protects nothing; what it would expose is still worth telling.
        if rest.starts_with("https@") {
            return Claim::not_applicable(
                "this release reads dfs.encryption.key.provider.uri, which is not set",
            );
        }
    }
    if rest.starts_with("https@") {
        return Claim::Protected(vec![hdfs.witness(&provider, "https")]);
    }
    if rest.starts_with("http@") {
        let exposure = Exposure::new(
            "http-scheme",
            hdfs.witness(&provider, "http: keys in clear"),
        )
        .message("decrypted data keys cross the network in clear");
        return Claim::Exposed(vec![exposure]);
    }
    Claim::unproven("hadoop.security.key.provider.path names neither http nor https")
}

fn server(kms: &Hadoop<'_>) -> Claim {
    if kms.configuration.resource(ResourceKind::Kms).is_none() {
        return Claim::unproven("not collected: no kms-site.xml of this KMS was read");
    }
    if kms.release < Release(3, 0, 0) {
        return tomcat(kms);
    }
    let tls = kms.read_flag(Reader::Kms, "hadoop.kms.ssl.enabled", false);
    if tls.on {
        Claim::Protected(vec![kms.witness(&tls.effective, "TLS on the KMS port")])
    } else {
        Claim::Exposed(vec![Exposure::new(
            "server-cleartext",
            kms.witness(&tls.effective, "no TLS on the KMS port"),
        )])
    }
}

/// 2.x: Tomcat uses its TLS connector only if a key store or trust store password is in the environment.
fn tomcat(kms: &Hadoop<'_>) -> Claim {
    let passwords = ["KMS_SSL_KEYSTORE_PASS", "KMS_SSL_TRUSTSTORE_PASS"];
    if passwords
        .iter()
        .any(|name| kms.configuration.variable(name).is_some())
    {
        return Claim::Protected(Vec::new());
    }
    if !kms.configuration.environment_read {
        return Claim::unproven(
            "not collected: no kms-env.sh of this KMS was read, which decides about TLS before 3.0",
        );
    }
    let site = kms.read(Reader::Kms, "hadoop.kms.key.provider.uri");
    let exposure = Exposure::new("server-cleartext", kms.witness(&site, "this KMS"))
        .message("neither KMS_SSL_KEYSTORE_PASS nor KMS_SSL_TRUSTSTORE_PASS is set, so Tomcat serves without TLS");
    Claim::Exposed(vec![exposure])
}
