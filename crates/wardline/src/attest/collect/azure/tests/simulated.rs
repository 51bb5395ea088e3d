//! A simulated TPM (swtpm) with Azure's index and key, made with tpm2-tools, beside an SEV-SNP chip of a test. No machine of Azure
//! was asked.

use super::super::*;
use ::attest::bundle::{Bundle, SCHEMA};
use ::attest::crypto::sha256;
use ::attest::{Collateral, Evidence, Instant, Outcome, Policy, Roots, StepName, Verifier};
use ::evidence::intel::{AT, YEARS};
use ::evidence::snp::Amd;
use std::fs;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const NONCE: [u8; 32] = [0xa7; 32];

/// A simulator that runs. Ends with the value.
struct Simulator {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Simulator {
    /// Starts it. `None`, with a note, where the tools are not installed.
    fn start() -> Option<Self> {
        let is_installed = ["swtpm", "tpm2_nvdefine"].iter().all(|tool| {
            let started = Command::new(tool).arg("--version").output();
            started.is_ok()
        });
        if !is_installed {
            // Past the capture of the test harness: a run without them must not look like one with them.
            let _ = writeln!(
                io::stderr(),
                "NOT RUN: no simulated TPM; install swtpm and tpm2-tools"
            );
            return None;
        }
        let folder = std::env::temp_dir().join(format!("wardline-swtpm-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        // The tools want the control channel on the next port.
        let (port, held) = (0..100).find_map(|_| {
            let one = TcpListener::bind("127.0.0.1:0").ok()?;
            let port = one.local_addr().ok()?.port();
            let next = TcpListener::bind(("127.0.0.1", port.checked_add(1)?)).ok()?;
            Some((port, (one, next)))
        })?;
        drop(held);
        let child = Command::new("swtpm")
            .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear"])
            .arg("--tpmstate")
            .arg(format!("dir={}", folder.display()))
            .arg("--server")
            .arg(format!("type=tcp,port={port},bindaddr=127.0.0.1"))
            .arg("--ctrl")
            .arg(format!("type=tcp,port={},bindaddr=127.0.0.1", port + 1))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Simulator {
            child,
            folder,
            port,
        })
    }

    fn connect(&self) -> TcpStream {
        for _ in 0..100 {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                return stream;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("the simulator does not listen");
    }

    fn tool(&self, words: &str) {
        let mut words = words.split(' ');
        let output = Command::new(words.next().unwrap())
            .args(words)
            .current_dir(&self.folder)
            .env(
                "TPM2TOOLS_TCTI",
                format!("swtpm:host=127.0.0.1,port={}", self.port),
            )
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
    }

    fn collect(&self) -> Vec<Source> {
        through(&mut Tpm::new(self.connect()), &Challenge::alone(&NONCE))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The paravisor's report around the hardware's.
fn hcl_report(report: &[u8], runtime: &[u8]) -> Vec<u8> {
    let length = u32::try_from(runtime.len()).unwrap();
    let mut bytes = b"HCLA".to_vec();
    for number in [2, 0, 2, 0, 0, 0, 0_u32] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend_from_slice(report);
    for number in [length + 20, 1, 2, 1, length] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend_from_slice(runtime);
    bytes
}

#[test]
fn a_simulated_tpm_gives_evidence_that_hangs_together() {
    let Some(simulator) = Simulator::start() else {
        return;
    };
    drop(simulator.connect());
    assert!(matches!(simulator.collect()[0].found, Found::There(_)));

    simulator.tool("tpm2_createprimary -C e -g sha256 -G rsa2048:rsassa-sha256:null -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign -c key.ctx");
    simulator.tool("tpm2_evictcontrol -C o -c key.ctx 0x81000003");
    simulator.tool("tpm2_readpublic -c 0x81000003 -f der -o key.der");
    simulator.tool(&format!("tpm2_pcrextend 4:sha256={}", "77".repeat(32)));
    let key = fs::read(simulator.folder.join("key.der")).unwrap();
    // SubjectPublicKeyInfo of 2048 bits: four headers and the sign's zero stand before the modulus, the exponent behind it.
    let runtime = format!(
        "{{\"keys\":[{{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"{}\"}}],\"user-data\":\"\"}}",
        base64::encode(&key[33..33 + 256])
    );
    let mut report_data = [0; 64];
    report_data[..32].copy_from_slice(&sha256(runtime.as_bytes()));
    let amd = Amd::new(YEARS);
    let chip = amd.chip(7);
    let report = hcl_report(&chip.report(report_data), runtime.as_bytes());
    fs::write(simulator.folder.join("report.bin"), &report).unwrap();
    simulator.tool(&format!(
        "tpm2_nvdefine -C o -s {} -a ownerread|ownerwrite|authread|authwrite 0x01400001",
        report.len()
    ));
    simulator.tool("tpm2_nvwrite -C o -i report.bin 0x01400001");

    let sources = simulator.collect();
    let piece = match sources.into_iter().next().unwrap().found {
        Found::Evidence(piece) => piece,
        Found::Failed(why) => panic!("{why}"),
        _ => panic!("no evidence"),
    };
    let bundle = Bundle {
        schema: SCHEMA.to_owned(),
        collected_at: String::new(),
        host: std::collections::BTreeMap::new(),
        pieces: vec![*piece],
    };
    let evidence = Evidence::all_in(bundle.to_json().as_bytes()).unwrap();
    let mut collateral = Collateral::default();
    for held in [amd.intermediate(), &amd.list(), &chip.certificate] {
        collateral.add(held).unwrap();
    }
    let mut roots = Collateral::default();
    roots.add(amd.root()).unwrap();
    let roots = Roots {
        intel: Vec::new(),
        amd: roots.certificates,
        nvidia: Vec::new(),
        nvidia_rim: Vec::new(),
    };
    let verifier = Verifier::new(roots, collateral, Policy::default(), Instant(AT));
    let appraise = |nonce: &[u8]| verifier.appraise(&evidence[0], Some(nonce));
    let appraisal = appraise(&NONCE);
    for step in [
        StepName::Structure,
        StepName::Chain,
        StepName::Key,
        StepName::Signature,
        StepName::Freshness,
        StepName::Binding,
    ] {
        assert_eq!(appraisal.outcome(step), Outcome::Pass, "{appraisal:#?}");
    }
    let other = appraise(&[1; 32]);
    assert_eq!(other.outcome(StepName::Freshness), Outcome::Fail);
}
