//! `wardline attest` as a user runs it, on evidence under a root of the tests, and on real evidence where it is at hand.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may fail loudly; clippy knows test functions only, not what they share"
)]

mod collect;
mod derived;
mod fleet;
mod forms;
mod gpu;
mod manifests;
mod outcomes;
mod real;

use crate::support::{Answer, Lab};
use ::attest::base64::encode as base64;
use evidence::intel::{AT, Enclave, Intel, Levels, Options, TrustDomain, YEARS};
use serde_json::Value;

/// What the minted evidence was asked for with.
const NONCE: [u8; 32] = [0xb7; 32];

/// Its digits.
fn nonce() -> String {
    "b7".repeat(32)
}

/// Pins the default enclave and the default trust domain.
fn policy() -> String {
    let all = |byte: &str| byte.repeat(48);
    format!(
        "[sgx]\nmr-enclave = ['{}']\n[tdx]\nmr-td = ['{}']\nrtmr0 = ['{}']\nrtmr1 = ['{}']\nrtmr2 = ['{}']\nrtmr3 = ['{}']\n",
        "e1".repeat(32),
        all("d1"),
        all("a0"),
        all("a1"),
        all("a2"),
        all("a3"),
    )
}

fn report_data() -> [u8; 64] {
    let mut data = [0; 64];
    data[..32].copy_from_slice(&NONCE);
    data
}

/// A lab with quotes of one platform, and all that they lean on.
struct Scene {
    lab: Lab,
    sgx: Vec<u8>,
    tdx: Vec<u8>,
    debug: Vec<u8>,
}

impl Scene {
    fn new(name: &str) -> Scene {
        Scene::answering(name, report_data())
    }

    /// The same with other report data in the quotes.
    fn answering(name: &str, report_data: [u8; 64]) -> Scene {
        let intel = Intel::new(YEARS);
        let platform = intel.platform(Options::default());
        let enclave = Enclave {
            report_data,
            ..Enclave::default()
        };
        let domain = TrustDomain {
            report_data,
            ..TrustDomain::default()
        };
        let sgx = platform.enclave(&enclave);
        let debug = platform.enclave(&Enclave {
            flags: enclave.flags | 2,
            ..enclave
        });
        let tdx = platform.trust_domain(&domain);
        let levels = Levels::default();
        let lab = Lab::new(name)
            .bytes("root.der", intel.root())
            .file("collateral/sgx.json", &intel.collateral(false, &levels))
            .file("collateral/tdx.json", &intel.collateral(true, &levels))
            .file("policy.toml", &policy())
            .bytes("sgx.bin", &sgx)
            .bytes("tdx.bin", &tdx)
            .bytes("debug.bin", &debug);
        Scene {
            lab,
            sgx,
            tdx,
            debug,
        }
    }

    fn bytes(mut self, path: &str, bytes: &[u8]) -> Scene {
        self.lab = self.lab.bytes(path, bytes);
        self
    }

    /// Verifies under the root of the tests, at the time of the evidence.
    fn verify(&self, arguments: &[&str]) -> Answer {
        self.verify_input(arguments, "")
    }

    fn verify_input(&self, arguments: &[&str], input: &str) -> Answer {
        let at = AT.to_string();
        let fixed = [
            "attest",
            "verify",
            "--trusted-root",
            "root.der",
            "--at",
            &at,
        ];
        self.lab
            .run_with_input(&[fixed.as_slice(), arguments].concat(), input)
    }

    /// With collateral, policy and nonce besides.
    fn verify_fully(&self, arguments: &[&str]) -> Answer {
        self.verify_input_fully(arguments, "")
    }

    fn verify_input_fully(&self, arguments: &[&str], input: &str) -> Answer {
        let nonce = nonce();
        let known = [
            "--collateral",
            "collateral",
            "--policy",
            "policy.toml",
            "--nonce",
            &nonce,
        ];
        self.verify_input(&[known.as_slice(), arguments].concat(), input)
    }
}

/// Checks lines of JSON against the published schema.
fn keeps_to_schema(documents: &[Value]) {
    let schema: Value = serde_json::from_str(include_str!(
        "../../../report/schema/wardline-attest-v1.schema.json"
    ))
    .unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    for document in documents {
        let errors: Vec<String> = schema
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{document:#}");
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{error}: {}", answer.out))
}
