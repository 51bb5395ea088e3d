//! Evidence from real hardware, from the command line. It is not part of the repository: the test says so and passes where it is absent.

use crate::support::Lab;
use ::evidence::vectors::folder;
use serde_json::Value;

/// A file with its collateral, the instant, and what it comes to: how many pieces of which kind, and the steps that are not as the
/// word behind `=` says.
struct Case {
    file: &'static str,
    collateral: &'static [&'static str],
    at: i64,
    kind: &'static str,
    pieces: usize,
    steps: &'static str,
}

const fn case(
    file: &'static str,
    collateral: &'static [&'static str],
    at: i64,
    kind: &'static str,
    steps: &'static str,
) -> Case {
    Case {
        file,
        collateral,
        at,
        kind,
        pieces: 1,
        steps,
    }
}

const MILAN: &str = "snp/milan_ask_ark_asvk.pem";
const GENOA: &str = "snp/genoa_ask_ark_asvk.pem";

const CASES: [Case; 28] = [
    case(
        "sgx/sgx_quote",
        &["sgx/sgx_quote_collateral.json"],
        1_750_330_571,
        "sgx-quote",
        "chain=pass signature=pass tcb=unproven",
    ),
    case(
        "sgx/occlum_quote.dat",
        &["sgx/collateral_00606a000000_2025-02_tcbinfo_v2.json"],
        1_740_000_000,
        "sgx-quote",
        "chain=pass signature=pass tcb=fail attributes=fail freshness=fail",
    ),
    case(
        "tdx/tdx_quote",
        &["tdx/tdx_quote_collateral.json"],
        1_750_330_000,
        "tdx-quote",
        "chain=pass revocation=pass key=pass signature=pass tcb=pass",
    ),
    case(
        "tdx/tdx_quote_outdated",
        &["tdx/tdx_quote_outdated_collateral.json"],
        1_771_415_931,
        "tdx-quote",
        "chain=pass signature=pass tcb=fail",
    ),
    case(
        "tdx/tdx_quote_td15ex",
        &["tdx/tdx_quote_td15ex_collateral.json"],
        1_791_418_186,
        "tdx-quote",
        "chain=pass signature=pass tcb=pass",
    ),
    case(
        "tdx/tdx-quote.hex",
        &[],
        1_750_330_000,
        "tdx-quote",
        "structure=pass chain=pass signature=pass",
    ),
    case(
        "tdx/quote-from-tappd.hex",
        &[],
        1_750_330_000,
        "tdx-quote",
        "structure=pass chain=pass signature=pass",
    ),
    case(
        "tdx/tdx_quote_4.dat",
        &["tdx/collateral_50806f000000_2023-06.json"],
        1_687_500_000,
        "tdx-quote",
        "signature=pass tcb=pass attributes=fail",
    ),
    case(
        "tdx/tdx_quote_5.dat",
        &["tdx/collateral_90c06f000000_2026-02.json"],
        1_771_500_000,
        "tdx-quote",
        "signature=pass tcb=fail",
    ),
    case(
        "tdx/tdx_quote_6.dat",
        &["tdx/collateral_00a06d080000_2025-11.json"],
        1_762_000_000,
        "tdx-quote",
        "signature=pass tcb=fail",
    ),
    case(
        "tdx/quote_v5_sample.dat",
        &["tdx/collateral_90c06f000000_2026-02.json"],
        1_771_500_000,
        "tdx-quote",
        "signature=pass tcb=pass",
    ),
    case(
        "tdx/tdx_prod_quote_SPR_E4.dat",
        &["tdx/collateral_50806f000000_2023-06.json"],
        1_687_500_000,
        "tdx-quote",
        "signature=pass tcb=fail attributes=fail",
    ),
    case(
        "tdx/automata/quote_tdx_00806f050000.dat",
        &["tdx/collateral_00806f050000_2025-02.json"],
        1_740_000_000,
        "tdx-quote",
        "signature=pass tcb=fail",
    ),
    case(
        "ccel/cos-113-tdx-quote.dat",
        &["tdx/collateral_00806f050000_2025-02.json"],
        1_740_000_000,
        "tdx-quote",
        "signature=pass tcb=pass binding=n/a",
    ),
    case(
        "azure/az-tdx-vtpm/evidence-v0.json",
        &["tdx/collateral_00806f050000_2025-02.json"],
        1_740_000_000,
        "azure-tdx",
        "signature=pass attributes=fail binding=pass",
    ),
    case(
        "azure/az-tdx-vtpm/evidence-v1.json",
        &["tdx/collateral_00806f050000_2025-02.json"],
        1_740_000_000,
        "azure-tdx",
        "signature=pass attributes=fail binding=pass",
    ),
    case(
        "azure/az-snp-vtpm/evidence-genoa.json",
        &[GENOA],
        1_750_000_000,
        "azure-snp",
        "chain=pass signature=pass binding=pass",
    ),
    case(
        "azure/az-snp-vtpm/evidence-v0.json",
        &[MILAN],
        1_750_000_000,
        "azure-snp",
        "chain=pass signature=pass binding=pass",
    ),
    case(
        "azure/az-snp-vtpm/evidence-v1.json",
        &[MILAN],
        1_750_000_000,
        "azure-snp",
        "chain=pass signature=pass binding=pass",
    ),
    case(
        "azure/az-snp-vtpm/evidence-v2.json",
        &[MILAN],
        1_750_000_000,
        "azure-snp",
        "chain=pass signature=pass binding=pass",
    ),
    case(
        "snp/virtee/report_milan.hex",
        &[MILAN, "snp/virtee/vcek_milan.der"],
        1_750_000_000,
        "snp-report",
        "chain=pass key=pass signature=pass attributes=pass",
    ),
    case(
        "snp/test-vlek-report.bin",
        &[MILAN, "snp/test-vlek.der"],
        1_750_000_000,
        "snp-report",
        "chain=pass key=pass signature=pass",
    ),
    case(
        "snp/test-report.bin",
        &[MILAN, "snp/test-vcek-invalid-new.der"],
        1_750_000_000,
        "snp-report",
        "signature=unproven",
    ),
    case(
        "snp/go-sev-guest/attestation.bin",
        &[MILAN, "snp/go-sev-guest/vcek.testcer"],
        1_750_000_000,
        "snp-report",
        "signature=pass attributes=fail",
    ),
    case(
        "snp/trustee-e2e-evidence.json",
        &[GENOA],
        1_750_000_000,
        "snp-report",
        "chain=pass signature=pass",
    ),
    case(
        "nvidia/hopperAttestationReport.txt",
        &["nvidia/hopperCertChain.txt"],
        1_750_000_000,
        "nvidia-gpu",
        "chain=pass key=pass signature=pass",
    ),
    case(
        "nvidia/hopper_coco_report1.txt",
        &["nvidia/hopper_coco_certs1.txt"],
        1_750_000_000,
        "nvidia-gpu",
        "chain=pass key=pass signature=pass",
    ),
    Case {
        file: "nvidia/gpu_evidence.json",
        collateral: &[],
        at: 1_750_000_000,
        kind: "nvidia-gpu",
        pieces: 8,
        steps: "chain=pass key=pass signature=pass freshness=unproven",
    },
];

#[test]
fn every_vector_gives_its_result() {
    let Some(folder) = folder() else {
        return;
    };
    let lab = Lab::new("attest-real");
    for case in CASES {
        let file = folder.join(case.file).display().to_string();
        let at = case.at.to_string();
        let mut arguments = vec!["attest", "verify", "-f", "json", "--at", &at, &file];
        let collateral: Vec<String> = case
            .collateral
            .iter()
            .map(|name| folder.join(name).display().to_string())
            .collect();
        for path in &collateral {
            arguments.extend(["--collateral", path]);
        }
        let answer = lab.run(&arguments);
        let document: Value = serde_json::from_str(&answer.out).unwrap();
        super::keeps_to_schema(std::slice::from_ref(&document));
        let pieces = document["evidence"].as_array().unwrap();
        assert_eq!(pieces.len(), case.pieces, "{}: {}", case.file, answer.out);
        for piece in pieces {
            assert_eq!(piece["kind"], case.kind, "{}", case.file);
            let found: Vec<String> = piece["steps"]
                .as_array()
                .unwrap()
                .iter()
                .map(|step| format!("{}={}", step["step"], step["verdict"]).replace('"', ""))
                .collect();
            for expected in case.steps.split(' ') {
                let is_found = found.iter().any(|one| one == expected);
                assert!(is_found, "{}: {expected}, found {found:?}", case.file);
            }
        }
        let is_exposed = document["summary"]["exposed"] != 0;
        assert_eq!(
            answer.status,
            if is_exposed { 1 } else { 4 },
            "{}",
            case.file
        );
    }
}

#[test]
fn an_event_log_replays_into_its_quote() {
    let Some(folder) = folder() else {
        return;
    };
    let lab = Lab::new("attest-real-log");
    let path = |name: &str| folder.join(name).display().to_string();
    let (quote, log) = (
        path("ccel/cos-113-tdx-quote.dat"),
        path("ccel/ccel_data.dat"),
    );
    let answer = lab.run(&["attest", "verify", &quote, "--event-log", &log]);
    assert!(answer.out.contains("binding     pass"), "{}", answer.out);
    let other = path("tdx/tdx_quote");
    let answer = lab.run(&["attest", "verify", &other, "--event-log", &log]);
    assert!(answer.out.contains("binding     fail"), "{}", answer.out);
}
