use super::*;
use crate::base64::encode;
use crate::crypto::hex;

fn quote() -> Vec<u8> {
    let mut bytes = vec![0; 1000];
    bytes[0] = 4;
    bytes[2] = 2;
    bytes[4] = 0x81;
    bytes
}

fn report() -> Vec<u8> {
    let mut bytes = vec![0; 0x4a0];
    bytes[0] = 3;
    bytes[0x34] = 1;
    bytes
}

fn messages() -> Vec<u8> {
    let mut bytes = vec![7; 400];
    bytes[..2].copy_from_slice(&[0x11, 0xe0]);
    bytes[37..39].copy_from_slice(&[0x11, 0x60]);
    bytes
}

/// The form of each piece, by a word.
fn forms(bytes: &[u8]) -> Vec<&'static str> {
    let found = Evidence::all_in(bytes).unwrap_or_default();
    found
        .iter()
        .map(|evidence| match &evidence.piece {
            Piece::IntelQuote {
                event_log: None, ..
            } => "quote",
            Piece::IntelQuote { .. } => "quote with log",
            Piece::SnpReport { .. } => "report",
            Piece::Azure(_) => "azure",
            Piece::Nvidia { .. } => "nvidia",
            Piece::RaTls { .. } => "ra-tls",
            Piece::Token(_) => "token",
        })
        .collect()
}

fn why(bytes: &[u8]) -> String {
    Evidence::all_in(bytes)
        .map(|found| format!("found {found:?}"))
        .unwrap_or_else(|why| why.to_string())
}

#[test]
fn raw_forms_in_every_encoding() {
    let azure = [b"HCLA".as_slice(), &[0; 60]].concat();
    let answer = [
        [0, 0, 0, 0, 0xa0, 4, 0, 0].as_slice(),
        &[0; 24],
        &report(),
        &[0; 100],
    ]
    .concat();
    for (bytes, form) in [
        (quote(), "quote"),
        (report(), "report"),
        (messages(), "nvidia"),
        (azure, "azure"),
        (answer, "report"),
    ] {
        assert_eq!(forms(&bytes), [form]);
        assert_eq!(forms(hex(&bytes).as_bytes()), [form]);
        assert_eq!(forms(format!("0x{}\r\n", hex(&bytes)).as_bytes()), [form]);
        assert_eq!(forms(encode(&bytes).as_bytes()), [form]);
        let pem = format!(
            "copy this\n-----BEGIN SGX QUOTE-----\n{}\n-----END SGX QUOTE-----\n",
            encode(&bytes)
        );
        assert_eq!(forms(pem.as_bytes()), [form]);
        let json = format!("\u{feff} {{\"quote\": \"{}\"}}", encode(&bytes));
        assert_eq!(forms(json.as_bytes()), [form]);
        assert_eq!(
            forms(encode(json.trim_start_matches('\u{feff}').as_bytes()).as_bytes()),
            [form]
        );
    }
}

#[test]
fn tokens_alone_and_in_answers() {
    let token = "eyJhbGciOiJub25lIn0.e30.AAAA";
    assert_eq!(forms(token.as_bytes()), ["token"]);
    assert_eq!(
        forms(format!("{{\"token\": \"{token}\"}}").as_bytes()),
        ["token"]
    );
    let answer = format!("[[\"JWT\", \"{token}\"], {{\"GPU-0\": \"{token}\"}}]");
    assert_eq!(forms(answer.as_bytes()), ["token"]);
    assert_eq!(forms(b"a.b.c"), [""; 0]);
}

#[test]
fn agents_and_services() {
    let (quote, log) = (encode(&quote()), encode(&[1; 80]));
    let trustee = format!("{{\"cc_eventlog\": \"{log}\", \"quote\": \"{quote}\"}}");
    assert_eq!(forms(trustee.as_bytes()), ["quote with log"]);
    let without = format!("{{\"cc_eventlog\": null, \"quote\": \"{quote}\"}}");
    assert_eq!(forms(without.as_bytes()), ["quote"]);
    let intel = format!(
        "{{\"policy_ids\": [], \"tdx\": {{\"quote\": \"{quote}\", \"verifier_nonce\": {{\"val\": \"\"}}}}}}"
    );
    assert_eq!(forms(intel.as_bytes()), ["quote"]);
    let devices = serde_json::json!({ "nvidia": { "device_evidence_list": [] } });
    let broker = serde_json::json!({
        "tee-evidence": {
            "primary_evidence": { "quote": quote, "cc_eventlog": log },
            "additional_evidence": devices.to_string(),
        }
    });
    assert!(why(broker.to_string().as_bytes()).contains("0 devices"));
    let broker = broker.to_string().replace("device_evidence_list", "none");
    let found = Evidence::all_in(broker.as_bytes()).expect("evidence");
    assert_eq!(found[0].label, "tee-evidence.primary_evidence");
    let list =
        format!("[{{\"quote\": \"{quote}\"}}, {{\"nonce\": \"00\", \"quote\": \"{quote}\"}}]");
    let found = Evidence::all_in(list.as_bytes()).expect("evidence");
    let nonces: Vec<_> = found.iter().map(|one| one.nonce.clone()).collect();
    assert_eq!(nonces, [None, Some(vec![0])]);
}

#[test]
fn bundles_carry_what_stands_beside() {
    let bundle = serde_json::json!({
        "schema": crate::bundle::SCHEMA,
        "collected_at": "2026-01-01T00:00:00Z",
        "host": { "kernel": "6.8" },
        "pieces": [
            { "kind": "tdx-quote", "evidence": encode(&quote()), "event_log": encode(&[1; 80]), "nonce": "0102" },
            { "kind": "snp-report", "evidence": encode(&report()) },
        ],
    });
    let text = bundle.to_string();
    assert_eq!(forms(text.as_bytes()), ["quote with log", "report"]);
    let found = Evidence::all_in(text.as_bytes()).expect("evidence");
    assert_eq!(found[0].label, "piece 0");
    assert_eq!(found[0].nonce, Some(vec![1, 2]));
    let damaged = text.replace("0102", "x");
    assert!(why(damaged.as_bytes()).contains("piece 0: `nonce` is no hexadecimal"));
}

#[test]
fn what_is_none_is_named() {
    for (bytes, part) in [
        (b"".as_slice(), "empty"),
        (b"\x7fELF", "a program"),
        (b"\x1f\x8b\x08", "unpack it first"),
        (b"hello", "a text that is no evidence"),
        (b"\xff\xfe\xfd", "bytes that start like no evidence"),
        (b"{}", "JSON without evidence"),
        (b"{\"a\": ", "JSON: "),
        (
            b"{\"message\": \"\", \"signature\": \"\", \"pcrs\": []}",
            "a TPM's quote alone",
        ),
    ] {
        let why = why(bytes);
        assert!(why.contains(part), "{why}");
    }
    let root = include_bytes!("../../roots/intel-sgx-root-ca.der");
    assert!(why(root).contains("carries no evidence"), "{}", why(root));
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
        encode(root)
    );
    assert!(why(pem.as_bytes()).contains("carries no evidence"));
    assert!(why(encode(root).as_bytes()).contains("carries no evidence"));
}

#[test]
fn hostile_sizes_are_refused() {
    let deep = "[".repeat(100_000);
    assert!(why(deep.as_bytes()).contains("JSON"));
    let wide = format!("[{}0]", "0,".repeat(3 << 20));
    assert!(why(wide.as_bytes()).contains("more than"));
    assert!(why(&vec![0; LARGEST + 1]).contains("more than any evidence"));
    let quote = encode(&quote());
    let many = format!("[{}1]", format!("{{\"quote\":\"{quote}\"}},").repeat(1500));
    assert!(why(many.as_bytes()).contains("1024 at most"));
}

/// No input may make a reader or an appraisal panic, and no damage may make anything protected.
#[test]
fn damaged_inputs_are_survived() {
    let root = include_bytes!("../../roots/intel-sgx-root-ca.der");
    let table = [vec![3; 16], vec![0; 24]].concat();
    let texts = [
        format!("{{\"quote\": \"{}\", \"cc_eventlog\": \"AQID\"}}", encode(&quote()[..120])),
        format!("{{\"report\": \"{}\", \"auxblob\": \"{}\"}}", encode(&report()), encode(&table)),
        format!(
            "[{{\"evidence\": \"{}\", \"certificate\": \"{}\", \"nonce\": \"00\"}}]",
            encode(&messages()),
            encode(b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----")
        ),
        "{\"hcl_report\": \"SENMQQ==\", \"tpm_quote\": {\"message\": [1], \"signature\": \"00\", \"pcrs\": [[1]]}}"
            .to_owned(),
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", encode(root)),
        "eyJhbGciOiJub25lIn0.e30.AAAA".to_owned(),
    ];
    let verifier = crate::Verifier::new(
        crate::Roots::pinned().expect("roots"),
        crate::Collateral::default(),
        crate::Policy::default(),
        crate::Instant(1_767_225_600),
    );
    let survive = |bytes: &[u8]| {
        for evidence in Evidence::all_in(bytes).unwrap_or_default() {
            let verdict = verifier.appraise(&evidence, None).verdict();
            assert_ne!(verdict, crate::Verdict::Protected);
        }
    };
    for text in texts {
        for at in 0..text.len() {
            survive(&text.as_bytes()[..at]);
            let mut changed = text.clone().into_bytes();
            for byte in [b'"', b'0', b'}', 0xff] {
                changed[at] = byte;
                survive(&changed);
            }
        }
    }
}
