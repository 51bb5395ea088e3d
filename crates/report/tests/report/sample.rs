//! Small outcomes for tests.

use audit::{Finding, Judged, Note, Outcome, Waiver};
use model::{
    Claim, Component, Consequence, Depth, Embedding, Exposure, Flow, NotExamined, Place, Product,
    Provenance, Release, Safety, Severity, Shown, Source, SourceId, Sources, Stage, Subject,
    Verdict, Witness,
};
use text::{SegmentMap, Span};

/// A secret that no report may show.
pub(crate) const SECRET: &str = "not-a-real-secret-7";

/// An outcome without anything in it.
pub(crate) fn empty() -> Outcome {
    Outcome {
        sources: Sources::default(),
        components: Vec::new(),
        flows: Vec::new(),
        recognised: Vec::new(),
        files: 0,
        judged: Vec::new(),
        findings: Vec::new(),
        waived: Vec::new(),
        notes: Vec::new(),
        not_examined: Vec::new(),
        facts: Vec::new(),
    }
}

/// The place of `needle` in a text.
pub(crate) fn at(outcome: &Outcome, source: SourceId, needle: &str) -> Place {
    let text = &outcome.sources.get(source).unwrap().text;
    let start = text.find(needle).unwrap();
    Place::new(source, Span::new(start, start + needle.len()))
}

/// A finding without witnesses.
pub(crate) fn finding(
    control: &'static str,
    cause: &'static str,
    severity: Severity,
    title: &'static str,
) -> Finding {
    Finding {
        control,
        cause,
        stage: Stage::Rest,
        severity,
        verdict: Verdict::Exposed,
        subject: Subject::new("Cluster", "prod", None),
        also: Vec::new(),
        title,
        message: Box::default(),
        remedy: "do the right thing".into(),
        safety: Safety::Disruptive,
        witnesses: Vec::new(),
        consequences: Vec::new(),
        consequence_of: None,
        waiver: None,
    }
}

/// A control's verdict at the declared depth.
pub(crate) fn judged(control: &'static str, stage: Stage, subject: &str, claim: Claim) -> Judged {
    let (verdict, reason) = match &claim {
        Claim::Protected(_) => (Verdict::Protected, Box::default()),
        Claim::Exposed(_) => (Verdict::Exposed, Box::default()),
        Claim::Unproven(reason, _) => (Verdict::Unproven, reason.clone()),
        Claim::NotApplicable(reason) => (Verdict::NotApplicable, reason.clone()),
    };
    Judged {
        control,
        stage,
        subject: Subject::new("Cluster", subject, None),
        claims: vec![(Depth::Declared, claim)],
        decided_by: (verdict != Verdict::NotApplicable).then_some(Depth::Declared),
        verdict,
        reason,
    }
}

fn exposed(cause: &'static str, witness: Witness) -> Claim {
    Claim::Exposed(vec![Exposure::new(cause, witness)])
}

const ENCRYPTION: &str = "apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - identity: {}
      - aescbc:
          keys:
            - name: key1
              secret: not-a-real-secret-7
";

const CORE_SITE: &str = "<configuration>
  <property>
    <name>hadoop.rpc.protection</name>
    <value>authentication,privacy</value>
  </property>
  <property><name>ssl.server.keystore.password</name><value>not-a-real-secret-7</value></property>
</configuration>
";

/// Exposed in transit and at rest: two findings with text in two files, a default, a redacted value, inputs not examined.
pub(crate) fn exposed_estate() -> Outcome {
    let mut outcome = empty();
    let encryption = outcome
        .sources
        .add(Source::file("k8s/enc.yaml", ENCRYPTION));
    let core_site = outcome
        .sources
        .add(Source::file("hadoop/core-site.xml", CORE_SITE));
    let broken = outcome
        .sources
        .add(Source::file("k8s/broken.yaml", "kind: {Secret\n"));
    outcome.files = 6;
    outcome.recognised = vec![("Hadoop configuration file", 1), ("Kubernetes objects", 31)];
    outcome.components.push(Component {
        subject: Subject::new("HDFS", "prod", None),
        release: Some((Product::Hadoop, Release(3, 3, 6))),
        files: vec!["hadoop/core-site.xml".into()],
    });
    outcome.flows.push(Flow {
        from: Subject::new("SparkApplication", "etl", None),
        to: Subject::new("HDFS", "prod", None),
        protocol: "Hadoop RPC",
        tied_by: "fs.defaultFS".into(),
        place: Some(at(&outcome, core_site, "hadoop.rpc.protection")),
    });

    let mut plaintext = finding(
        "k8s/secrets-encryption",
        "identity-first",
        Severity::Critical,
        "new Secrets are stored in plaintext",
    );
    plaintext.witnesses = vec![
        Witness::declared(
            at(&outcome, encryption, "identity: {}"),
            "writes: the first provider encrypts nothing",
        ),
        Witness::declared(at(&outcome, encryption, SECRET), "only reads")
            .key("secret")
            .redacted(),
        Witness::declared(at(&outcome, core_site, SECRET), "the same key once more")
            .key("ssl.server.keystore.password")
            .redacted(),
    ];
    plaintext.message = "identity is the first provider, so the API server writes every new Secret to etcd as it is; the providers after it only read".into();
    plaintext.remedy = "put aescbc or kms first, then rewrite all Secrets".into();
    plaintext.also = ["dr", "lab", "stage", "test"]
        .map(|name| Subject::new("Cluster", name, None))
        .into();
    plaintext.consequences = vec![Consequence {
        control: "etcd/stored-values",
        cause: "plaintext",
    }];

    let mut weak = finding(
        "hdfs/rpc-privacy",
        "weaker-qop-accepted",
        Severity::High,
        "the server also accepts a QOP weaker than privacy",
    );
    weak.stage = Stage::Transit;
    weak.subject = Subject::new("HDFS", "prod", None);
    weak.witnesses = vec![
        Witness::declared(
            at(&outcome, core_site, "authentication,privacy"),
            "order is only preference: the weakest word counts",
        )
        .key("hadoop.rpc.protection")
        .value("authentication,privacy"),
        Witness {
            depth: Depth::Declared,
            provenance: Provenance::Default {
                product: Product::Hadoop,
                releases: "3.3.6".into(),
                unset_in: Some(Place::new(core_site, Span::at(0))),
            },
            key: Some("ha.zookeeper.acl".into()),
            value: Shown::Plain("world:anyone:rwcda".into()),
            label: "anybody may steer failover".into(),
        },
    ];
    weak.remedy =
        "reduce hadoop.rpc.protection to privacy on servers, once every client offers it".into();

    outcome.judged = vec![
        judged(
            "hdfs/rpc-privacy",
            Stage::Transit,
            "prod",
            exposed("weaker-qop-accepted", weak.witnesses[0].clone()),
        ),
        judged(
            "hdfs/block-transfer-privacy",
            Stage::Transit,
            "prod",
            Claim::Protected(Vec::new()),
        ),
        judged(
            "k8s/secrets-encryption",
            Stage::Rest,
            "prod",
            exposed("identity-first", plaintext.witnesses[0].clone()),
        ),
        judged(
            "hdfs/encryption-zones",
            Stage::Rest,
            "prod",
            Claim::unproven("not collected: no list of zones was read"),
        ),
        judged(
            "yarn/state-store",
            Stage::Rest,
            "prod",
            Claim::not_applicable("component not present"),
        ),
    ];
    outcome.findings = vec![plaintext, weak];
    outcome.not_examined = vec![
        not_examined("README.md", "not a configuration file", None),
        not_examined("logo.png", "not a configuration file", None),
        not_examined(
            "k8s/broken.yaml",
            "a mapping is not closed",
            Some(at(&outcome, broken, "{")),
        ),
    ];
    outcome
}

fn not_examined(path: &str, reason: &str, place: Option<Place>) -> NotExamined {
    NotExamined {
        path: path.into(),
        reason: reason.into(),
        place,
        is_error: place.is_some(),
    }
}

/// One exposure that somebody accepted, and a waiver that matches nothing.
pub(crate) fn accepted_estate() -> Outcome {
    let mut outcome = empty();
    let script = outcome.sources.add(Source::file(
        "spark/submit.sh",
        "spark-submit \\\n  --conf spark.authenticate=false job.py\n",
    ));
    outcome.files = 1;
    outcome.recognised = vec![("Spark launch script", 1)];
    let mut open = finding(
        "spark/authentication",
        "off",
        Severity::Critical,
        "anybody who reaches a port of the application can run code in it",
    );
    open.witnesses = vec![
        Witness::declared(at(&outcome, script, "false"), "switched off")
            .key("spark.authenticate")
            .value("false"),
    ];
    open.stage = Stage::Use;
    open.waiver = Some(Waiver {
        reason: "isolated network until the upgrade".into(),
        owner: Some("data platform".into()),
        expires: Some("2027-01-31".into()),
        stands_in: ".wardline.toml:12".into(),
    });
    outcome.judged = vec![judged(
        "spark/authentication",
        Stage::Use,
        "etl",
        exposed("off", open.witnesses[0].clone()),
    )];
    outcome.waived = vec![open];
    outcome.notes = vec![Note {
        place: ".wardline.toml:20:1".into(),
        message: "this waiver matches nothing".into(),
    }];
    outcome
}

/// Every stage protected.
pub(crate) fn protected_estate() -> Outcome {
    let mut outcome = empty();
    outcome.files = 3;
    outcome.recognised = vec![("Hadoop configuration files", 3)];
    outcome.judged = vec![
        judged(
            "hdfs/rpc-privacy",
            Stage::Transit,
            "prod",
            Claim::Protected(Vec::new()),
        ),
        judged(
            "hdfs/block-transfer-privacy",
            Stage::Transit,
            "prod",
            Claim::Protected(Vec::new()),
        ),
        judged(
            "hdfs/encryption-zones",
            Stage::Rest,
            "prod",
            Claim::Protected(Vec::new()),
        ),
        judged(
            "tee/attestation",
            Stage::Use,
            "prod",
            Claim::Protected(Vec::new()),
        ),
    ];
    outcome
}

/// A claim of the files that the running service refutes.
pub(crate) fn contradicted_estate() -> Outcome {
    let mut outcome = exposed_estate();
    let (Some(judged), Some(finding)) = (outcome.judged.first_mut(), outcome.findings.last_mut())
    else {
        panic!()
    };
    let witness = finding.witnesses[0].clone();
    judged.claims = vec![
        (Depth::Declared, Claim::Protected(vec![witness.clone()])),
        (
            Depth::Loaded,
            exposed(
                "weaker-qop-accepted",
                Witness {
                    depth: Depth::Loaded,
                    ..witness
                },
            ),
        ),
    ];
    judged.verdict = Verdict::Contradicted;
    finding.verdict = Verdict::Contradicted;
    outcome.findings.reverse();
    outcome
}

/// Adds a document that is embedded in another text in base64, and returns its place there.
pub(crate) fn embed_encoded(
    outcome: &mut Outcome,
    parent: Place,
    name: &str,
    text: &str,
) -> SourceId {
    let map = SegmentMap::whole(text.len(), parent.span);
    outcome
        .sources
        .add(Source::embedded(name, text, Embedding { parent, map }))
}

/// All samples.
pub(crate) fn all() -> [Outcome; 5] {
    [
        empty(),
        exposed_estate(),
        accepted_estate(),
        protected_estate(),
        contradicted_estate(),
    ]
}
