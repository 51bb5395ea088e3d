//! Evidence under a root of the tests, beside a tree with a confidential Spark application.

mod bundles;
mod gpus;
mod ra_tls;
mod snp;

use super::{Asked, Found, join};
use ::attest::x509::Certificate;
use ::attest::{Collateral, Evidence, Instant, Policy, Roots, Verifier, base64, crypto, init_data};
use ::declared::{Input, Ties};
use ::evidence::intel::{AT, Intel, Levels, Options, Platform, TrustDomain, YEARS};
use ::evidence::nvidia::Nvidia;
use ::evidence::snp as amd;
use audit::{EvidenceTie, Glob, Outcome};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::date;
use model::{Claim, Depth, Verdict};
use std::io::Write;

const NONCE: [u8; 32] = [0xae; 32];
const INIT_DATA: &str = "version = \"0.1.0\"\nalgorithm = \"sha384\"\n[data]\n";

/// The application; `executor` is the runtime class of its executors, `more` stands beside the driver's.
fn tree(executor: &str, more: &str) -> String {
    format!(
        "apiVersion: sparkoperator.k8s.io/v1beta2\nkind: SparkApplication\nmetadata: {{name: etl, namespace: spark}}\nspec:\n  driver:\n    template:\n{more}      spec: {{runtimeClassName: kata-qemu-tdx}}\n  executor:\n    instances: 2\n    template:\n      spec: {{runtimeClassName: {executor}}}\n"
    )
}

fn domain(report_data: &[u8]) -> TrustDomain {
    let mut domain = TrustDomain {
        report_data: [0; 64],
        ..TrustDomain::default()
    };
    domain.report_data[..report_data.len()].copy_from_slice(report_data);
    domain
}

/// A platform of every vendor, and a verifier that pins their roots and what runs on them.
struct Lab {
    platform: Platform,
    chip: amd::Chip,
    nvidia: Nvidia,
    verifier: Verifier,
}

impl Lab {
    fn new() -> Lab {
        let intel = Intel::new(YEARS);
        let amd = amd::Amd::new(YEARS);
        let nvidia = Nvidia::new(YEARS);
        let chip = amd.chip(1);
        let mut collateral = Collateral::default();
        for is_tdx in [true, false] {
            let text = intel.collateral(is_tdx, &Levels::default());
            collateral.add(text.as_bytes()).expect("collateral");
        }
        let lists = [&[amd.list()], nvidia.lists().as_slice()].concat();
        let certificates = [amd.intermediate(), &chip.certificate].into_iter();
        for part in certificates.chain(lists.iter().map(Vec::as_slice)) {
            collateral.add(part).expect("collateral");
        }
        let roots = Roots {
            intel: vec![root(intel.root())],
            amd: vec![root(amd.root())],
            nvidia: vec![root(nvidia.root())],
            nvidia_rim: Vec::new(),
        };
        let policy = Policy::parse(&policy()).expect("a policy");
        Lab {
            platform: intel.platform(Options::default()),
            chip,
            nvidia,
            verifier: Verifier::new(roots, collateral, policy, Instant(AT)),
        }
    }

    /// Judges a tree beside quotes of trust domains, by the names of their files.
    fn judge(
        &self,
        tree: &str,
        quotes: &[(&str, &TrustDomain)],
        nonce: Option<&[u8]>,
        ties: &[EvidenceTie],
    ) -> Outcome {
        let quotes: Vec<(&str, Vec<u8>)> = quotes
            .iter()
            .map(|(file, domain)| (*file, self.platform.trust_domain(domain)))
            .collect();
        self.judge_files(tree, &quotes, nonce, ties)
    }

    /// Judges a tree beside evidence of any kind, by the names of its files.
    fn judge_files(
        &self,
        tree: &str,
        files: &[(&str, Vec<u8>)],
        nonce: Option<&[u8]>,
        ties: &[EvidenceTie],
    ) -> Outcome {
        let mut found = Found::default();
        for (file, bytes) in files {
            let pieces = Evidence::all_in(bytes).expect("evidence");
            found.add(file, pieces, &self.verifier, nonce);
        }
        let input = Input::Bytes("tree.yaml".to_owned(), tree.as_bytes().to_vec());
        let mut estates = vec![::declared::read(vec![input], &Ties::default())];
        let observed = join(
            found,
            &estates,
            ties,
            &self.verifier,
            Asked {
                names_challenge: nonce.is_some(),
                chooses_time: false,
            },
        );
        estates.push(observed);
        let options = audit::Options::new(date(2026, 1, 15));
        let options = audit::Options {
            only: vec![Glob::new("tee/*"), Glob::new("gpu/*")],
            ..options
        };
        audit::audit(
            controls::CONTROLS,
            estates,
            &audit::Config::default(),
            &options,
        )
    }
}

fn root(der: &[u8]) -> Certificate {
    Certificate::from_der(der).expect("the test's root")
}

/// Pins what the platforms of the tests run.
fn policy() -> String {
    let pinned = |byte: &str| byte.repeat(48);
    format!(
        "[tdx]\nmr-td = ['{}']\nrtmr0 = ['{}']\nrtmr1 = ['{}']\nrtmr2 = ['{}']\nrtmr3 = ['{}']\n\
         [sgx]\nmr-enclave = ['{}']\n\
         [snp]\nmeasurement = ['{}']\n\
         [nvidia]\ndriver-min = '550.90.07'\nvbios-min = ['96.00.9F.00.01']\nmode = 'single'\n\
         [nvidia.measurements]\n1 = ['{}']\n",
        pinned("d1"),
        pinned("a0"),
        pinned("a1"),
        pinned("a2"),
        pinned("a3"),
        "e1".repeat(32),
        crypto::hex(&amd::MEASUREMENT),
        pinned("01"),
    )
}

/// The annotation with init data, as Kata packs it.
fn annotation(init_data: &str) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(init_data.as_bytes()).expect("memory");
    base64::encode(&encoder.finish().expect("memory"))
}

/// `tee/tcb-level SparkApplication spark/etl (driver) protected`, for every verdict but `n/a`.
fn verdicts(outcome: &Outcome) -> Vec<String> {
    let judged = outcome.judged.iter();
    judged
        .filter(|judged| judged.verdict != Verdict::NotApplicable)
        .map(|judged| format!("{} {} {}", judged.control, judged.subject, judged.verdict))
        .collect()
}

/// `tee/evidence-freshness#replayed: <message>`.
fn findings(outcome: &Outcome) -> Vec<String> {
    let findings = outcome.findings.iter();
    findings
        .map(|finding| format!("{}#{}: {}", finding.control, finding.cause, finding.message))
        .collect()
}

/// What evidence alone comes to, for the first workload that a control judged.
fn observed<'o>(outcome: &'o Outcome, control: &str) -> Option<&'o Claim> {
    let judged = outcome
        .judged
        .iter()
        .find(|judged| judged.control == control)?;
    let mut claims = judged.claims.iter();
    let (_, claim) = claims.find(|(depth, _)| *depth == Depth::Observed)?;
    Some(claim)
}

#[test]
fn an_application_whose_pods_all_showed_it_is_protected() {
    let answer = domain(&NONCE);
    let outcome = Lab::new().judge(
        &tree("kata-qemu-tdx", ""),
        &[
            ("spark/etl-driver.quote", &answer),
            ("spark/etl-exec-1.quote", &answer),
            ("spark/etl-exec-2.quote", &answer),
        ],
        Some(&NONCE),
        &[],
    );
    assert_eq!(findings(&outcome), Vec::<String>::new());
    let verdicts = verdicts(&outcome);
    assert!(
        verdicts.iter().all(|line| line.ends_with(" protected")),
        "{verdicts:#?}"
    );
    for control in [
        "tee/evidence-genuine",
        "tee/debug-mode",
        "tee/guest-attributes",
        "tee/code-identity",
        "tee/tcb-level",
        "tee/collateral-freshness",
        "tee/evidence-freshness",
        "tee/confidential-runtime",
    ] {
        let line = format!("{control} SparkApplication spark/etl (executor) protected");
        assert!(verdicts.contains(&line), "{line}: {verdicts:#?}");
    }
    let runtime = outcome
        .judged
        .iter()
        .find(|judged| judged.control == "tee/confidential-runtime")
        .expect("it was judged");
    let depths: Vec<Depth> = runtime.claims.iter().map(|(depth, _)| *depth).collect();
    assert_eq!(depths, [Depth::Declared, Depth::Observed]);
    assert_eq!(runtime.decided_by, Some(Depth::Observed));
    // The workload keeps its place in the tree.
    assert!(runtime.subject.place.is_some());
}

#[test]
fn the_executor_that_is_missing_is_named() {
    let answer = domain(&NONCE);
    let outcome = Lab::new().judge(
        &tree("kata-qemu-tdx", ""),
        &[
            ("spark/etl-driver.quote", &answer),
            ("spark/etl-exec-1.quote", &answer),
        ],
        Some(&NONCE),
        &[],
    );
    assert_eq!(
        findings(&outcome),
        [
            "tee/confidential-runtime#driver-and-executors-differ: no evidence of executor 2 (1 of 2 presented theirs)"
        ]
    );
}

#[test]
fn of_pods_outside_of_a_tee_no_evidence_is_expected() {
    let answer = domain(&NONCE);
    let outcome = Lab::new().judge(
        &tree("kata-qemu", ""),
        &[("spark/etl-driver.quote", &answer)],
        Some(&NONCE),
        &[],
    );
    let findings = findings(&outcome);
    assert!(
        findings
            .iter()
            .any(|finding| finding.contains("the driver runs in a TEE, the executor does not")),
        "{findings:#?}"
    );
}

#[test]
fn one_answer_from_two_pods_is_a_replay_unless_the_challenge_was_ours() {
    let answer = domain(&NONCE);
    let quotes = [
        ("spark/etl-driver.quote", &answer),
        ("spark/etl-exec-1.quote", &answer),
        ("spark/etl-exec-2.quote", &answer),
    ];
    let lab = Lab::new();
    let outcome = lab.judge(&tree("kata-qemu-tdx", ""), &quotes, None, &[]);
    let findings = findings(&outcome);
    assert!(
        findings
            .iter()
            .any(|finding| finding.starts_with("tee/evidence-freshness#replayed")),
        "{findings:#?}"
    );
}

#[test]
fn evidence_that_nothing_ties_is_a_component_of_its_own() {
    let answer = domain(&NONCE);
    let lab = Lab::new();
    let tree = tree("kata-qemu-tdx", "");
    let quotes = [("node7.quote", &answer)];
    let outcome = lab.judge(&tree, &quotes, Some(&NONCE), &[]);
    let is_there = |outcome: &Outcome| {
        let mut components = outcome.components.iter();
        components.any(|component| component.subject.to_string() == "Untied evidence node7.quote")
    };
    assert!(is_there(&outcome));
    let genuine = "tee/evidence-genuine Untied evidence node7.quote protected";
    assert!(verdicts(&outcome).contains(&genuine.to_owned()));
    let tie = EvidenceTie {
        file: Glob::new("node*.quote"),
        workload: "spark/etl (driver)".into(),
    };
    let outcome = lab.judge(&tree, &quotes, Some(&NONCE), &[tie]);
    assert!(!is_there(&outcome));
    let genuine = "tee/evidence-genuine SparkApplication spark/etl (driver) protected";
    assert!(verdicts(&outcome).contains(&genuine.to_owned()));
}

#[test]
fn init_data_ties_and_is_compared() {
    let annotation = annotation(INIT_DATA);
    let more = format!(
        "      metadata: {{annotations: {{io.katacontainers.config.hypervisor.cc_init_data: {annotation}}}}}\n"
    );
    let tree = tree("kata-qemu-tdx", &more);
    let mut started = domain(&NONCE);
    let digest = init_data::digest(INIT_DATA, init_data::Field::MrConfigId).expect("a digest");
    started.mr_config_id.copy_from_slice(&digest);
    let lab = Lab::new();
    let identity = |outcome: &Outcome| {
        let lines = verdicts(outcome).into_iter();
        lines
            .filter(|line| line.starts_with("tee/code-identity"))
            .collect::<Vec<_>>()
    };
    // Its name says nothing, its init data does.
    let outcome = lab.judge(&tree, &[("node7.quote", &started)], Some(&NONCE), &[]);
    assert_eq!(
        identity(&outcome),
        ["tee/code-identity SparkApplication spark/etl (driver) protected"]
    );
    started.mr_config_id[0] ^= 1;
    let outcome = lab.judge(
        &tree,
        &[("spark/etl-driver.quote", &started)],
        Some(&NONCE),
        &[],
    );
    let held = crypto::hex(&started.mr_config_id);
    let finding = outcome
        .findings
        .iter()
        .find(|finding| finding.cause == "init-data-mismatch")
        .expect("it is found");
    assert_eq!(finding.witnesses[0].value, model::Shown::Plain(held.into()));
}
