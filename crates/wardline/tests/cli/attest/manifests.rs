//! A GPU with NVIDIA's reference manifests, as people keep them: beside the evidence, as files and as answers of the service.

use super::{NONCE, base64, json, keeps_to_schema, nonce};
use crate::support::{Answer, Lab};
use evidence::intel::{AT, YEARS};
use evidence::nvidia::{Device, Manifest, Nvidia, Publisher, Value};
use serde_json::json;

const POLICY: &str =
    "[nvidia]\ndriver-min = '550.90.07'\nvbios-min = ['96.00.9F.00.01']\nmode = 'single'\n";

struct Scene {
    lab: Lab,
    driver: String,
}

impl Scene {
    /// A board with a GPU, the manifests of its driver and its firmware, and all lists.
    fn new(name: &str) -> Scene {
        let nvidia = Nvidia::new(YEARS);
        let gpu = nvidia.gpu(7);
        let publisher = Publisher::new(YEARS);
        let device = Device {
            measurements: vec![(1, [1; 48]), (2, [2; 48])],
            ..Device::default()
        };
        let sign = |version, index, value| {
            let values = vec![Value::active(index, value)];
            publisher.sign(&Manifest::new(version, values), YEARS)
        };
        let driver = sign("550.90.07", 1, [2; 48]);
        let firmware = sign("96.00.9F.00.01", 0, [1; 48]);
        let chain = gpu.pem();
        let presented = json!([{
            "arch": "HOPPER",
            "evidence": base64(&gpu.evidence_of(&device, &NONCE)),
            "certificate": base64(chain.as_bytes()),
        }]);
        let answer = json!({ "id": "NV_GPU_VBIOS_1010_0200_882_96009F0001", "rim": base64(firmware.as_bytes()) });
        let roots = format!("{}{}", pem(nvidia.root()), pem(publisher.root()));
        let lists = [nvidia.lists(), publisher.lists(&[])].concat();
        let lab = lists
            .iter()
            .enumerate()
            .fold(Lab::new(name), |lab, (at, list)| {
                lab.bytes(&format!("board/{at}.crl"), list)
            });
        Scene {
            lab: lab
                .file("roots.pem", &roots)
                .file("policy.toml", POLICY)
                .file("board/gpu.json", &presented.to_string())
                .file("board/driver.swidtag", &driver)
                .file("board/firmware.json", &answer.to_string()),
            driver,
        }
    }

    fn verify(&self, arguments: &[&str]) -> Answer {
        let (at, nonce) = (AT.to_string(), nonce());
        let fixed = [
            "attest",
            "verify",
            "board",
            "--trusted-root",
            "roots.pem",
            "--at",
            &at,
            "--nonce",
            &nonce,
            "--policy",
            "policy.toml",
        ];
        self.lab.run(&[fixed.as_slice(), arguments].concat())
    }
}

fn pem(der: &[u8]) -> String {
    let text = base64(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

#[test]
fn manifests_beside_the_evidence_show_what_runs() {
    let mut scene = Scene::new("attest-manifests");
    let answer = scene.verify(&["-v"]);
    // All but whose GPU it is: it came without its CPU's evidence.
    assert_eq!(answer.status, 4, "{}{}", answer.out, answer.err);
    for part in [
        "nvidia-gpu, unproven",
        "but not shown: binding.",
        "tcb         pass",
        "attributes  pass",
        "identity    pass",
        "collateral  pass",
        "1 of 2 are those of GH100 550.90.07",
        "1 of 2 are those of GH100 96.00.9F.00.01",
        "signer of the manifest of GH100 550.90.07: RIM L4 Signer",
        "6 files of collateral in it were used",
    ] {
        assert!(answer.out.contains(part), "{part}: {}", answer.out);
    }
    keeps_to_schema(&[json(&scene.verify(&["-f", "json"]))]);

    // A value that somebody changed.
    let changed = scene.driver.replace("020202", "020203");
    scene.lab = scene.lab.file("board/driver.swidtag", &changed);
    let answer = scene.verify(&[]);
    assert_eq!(answer.status, 1, "{}", answer.out);
    assert!(
        answer
            .out
            .contains("the document was changed after it was signed")
    );
    assert!(answer.out.contains("(the one at hand does not hold)"));

    // Without the driver's: its id is named, so that it can be fetched.
    std::fs::remove_file(scene.lab.path("board/driver.swidtag")).unwrap();
    let answer = scene.verify(&[]);
    assert_eq!(answer.status, 4, "{}", answer.out);
    assert!(
        answer.out.contains("NV_GPU_DRIVER_GH100_550.90.07"),
        "{}",
        answer.out
    );
}

#[test]
fn xml_that_is_no_manifest_is_no_collateral() {
    let scene = Scene::new("attest-no-manifest");
    let moved = scene.driver.replace("URI=\"\"", "URI=\"#a\"");
    let scene = Scene {
        lab: scene
            .lab
            .file("other.xml", "<configuration/>")
            .file("moved.xml", &moved),
        ..scene
    };
    for (file, why) in [
        (
            "other.xml",
            "no reference manifest of NVIDIA: XML, but no SWID tag",
        ),
        (
            "moved.xml",
            "the signature covers something else than the whole document",
        ),
    ] {
        let answer = scene.verify(&["--collateral", file]);
        assert_eq!(answer.status, 2, "{}", answer.err);
        assert!(answer.err.contains(why), "{}", answer.err);
    }
}
