//! KMS key store: where does the KMS keep keys, and under what?
//!
//! # What it proves
//! That the keys themselves are kept under a password somebody chose, and apart from the data.
//!
//! # Why it matters: the attack
//! The shipped provider is a Java key store whose password, when nobody sets one, is the word `none`. A copy of the file is
//! then a copy of every key. A provider path of `jceks://file` at clients puts the keys beside the data.
//!
//! # How each depth is read
//! - declared and loaded: `hadoop.kms.key.provider.uri`, the environment's `HADOOP_KEYSTORE_PASSWORD`, the password-file
//!   key, and what clients name as key provider.
//! - observed: opening a copy of the store with `none`, offline.
//! - recorded: nothing.
//!
//! # How to fix
//! A new store with a password (or a hardware-backed provider), keys re-wrapped, the old store kept until that is proven.
//!
//! # References
//! - JavaKeyStoreProvider, AbstractJavaKeyStoreProvider (3.4.1); start without password run on 3.4.1

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
};
use settings::hadoop::resource::ResourceKind;
use settings::hadoop::{Hadoop, Reader, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "KMS key store",
    question: "Where does the KMS keep keys, and under what?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "default-password",
            severity: Severity::High,
            title: "the key store has no password of its own: it opens with the word none",
            remedy: "set hadoop.security.keystore.java-keystore-provider.password-file or HADOOP_KEYSTORE_PASSWORD and re-create the store under it",
        },
        Cause {
            slug: "software-keystore",
            severity: Severity::Medium,
            title: "keys lie in a Java key store on the KMS host",
            remedy: "use a provider backed by hardware or a key service",
        },
        Cause {
            slug: "provider-is-a-file",
            severity: Severity::Critical,
            title: "clients take keys from a file: the keys lie beside the data",
            remedy: "run a KMS and name it in hadoop.security.key.provider.path",
        },
        Cause {
            slug: "relative-home",
            severity: Severity::Medium,
            title: "the store's place depends on the user who starts the KMS: another user starts with an empty store",
            remedy: "write an absolute path in hadoop.kms.key.provider.uri",
        },
    ],
    safety: Safety::Manual,
    family: Family::Rest,
    since: "0.1.0",
};

const PROVIDER: &str = "hadoop.kms.key.provider.uri";

/// Judges each KMS, and whoever names a file as key provider.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &[Role::Kms], "KMS", kms);
    each_hadoop(
        estate,
        claims,
        &[Role::NameNode, Role::Client, Role::Ozone],
        "HDFS",
        client,
    );
}

fn kms(kms: &Hadoop<'_>) -> Claim {
    if kms.configuration.resource(ResourceKind::Kms).is_none() {
        return Claim::unproven("not collected: no kms-site.xml of this KMS was read");
    }
    let provider = kms.read(Reader::Kms, PROVIDER);
    let raw = kms
        .configuration
        .resource(ResourceKind::Kms)
        .map(|resource| resource.anchor);
    let is_software =
        provider.str().starts_with("jceks://") || provider.str().starts_with("localjceks://");
    if !is_software {
        return if provider.is_set() {
            Claim::Protected(vec![kms.witness(&provider, "not a key store file")])
        } else {
            Claim::Unproven(
                "no key provider is set for the KMS".into(),
                raw.map(|anchor| model::Witness::declared(anchor, "nothing set"))
                    .into_iter()
                    .collect(),
            )
        };
    }
    let mut judgement = Judgement::new();
    judgement.expose(Exposure::new(
        "software-keystore",
        kms.witness(&provider, "a file on this host"),
    ));
    let password_file = kms.read(
        Reader::Kms,
        "hadoop.security.keystore.java-keystore-provider.password-file",
    );
    let in_environment = kms
        .configuration
        .variable("HADOOP_KEYSTORE_PASSWORD")
        .is_some();
    let in_object = raw.is_some_and(|anchor| {
        let source = kms.estate.sources.get(anchor.source);
        source.is_some_and(|source| source.embedding.is_some())
    });
    if !password_file.is_set()
        && !in_environment
        && in_object
        && !kms.configuration.environment_read
    {
        judgement.doubt(
            "whether HADOOP_KEYSTORE_PASSWORD is set stands in the environment of the KMS's container",
            vec![kms.witness(&password_file, "not set")],
        );
    } else if !password_file.is_set() && !in_environment {
        // Whether the environment sets one is only known where its script was read.
        let exposure = Exposure::new("default-password", kms.witness(&password_file, "not set"))
            .with(kms.witness(&provider, "opens with the default password"));
        judgement.expose(if kms.configuration.environment_read {
            exposure
        } else {
            exposure.message("no password file is set, and no environment script of this KMS was read; unless HADOOP_KEYSTORE_PASSWORD is set elsewhere, the store opens with the word none")
        });
    }
    if provider.str().contains("${user.home}") || provider.str().contains("/~") {
        judgement.expose(Exposure::new(
            "relative-home",
            kms.witness(&provider, "the home of whoever starts it"),
        ));
    }
    judgement.otherwise(Claim::Protected(Vec::new()))
}

fn client(hdfs: &Hadoop<'_>) -> Claim {
    let provider = hdfs.get("hadoop.security.key.provider.path");
    if provider.is_doubtful() {
        return Claim::unproven(provider.why_unknown());
    }
    if provider.str().contains("jceks://") {
        return Claim::Exposed(vec![Exposure::new(
            "provider-is-a-file",
            hdfs.witness(&provider, "a file of keys"),
        )]);
    }
    Claim::not_applicable(if provider.is_set() {
        "keys come from a KMS"
    } else {
        "component not present: no key provider is set"
    })
}
