//! Collateral that a test's Intel signs.

use super::platform::{FMSPC, QE_SIGNER, pem, sign, signing_key};
use super::{Intel, MONTH};
use crate::authority::Window;

/// What the collateral says.
#[derive(Clone, Copy, Debug)]
pub struct Levels<'l> {
    /// The state of the level that platforms with component versions of 10 reach.
    pub status: &'l str,
    /// The state of the quoting enclave's level at version 8.
    pub qe_status: &'l str,
    /// The window of TCB info and QE identity.
    pub window: Window,
    /// Serial numbers of revoked PCK certificates.
    pub revoked: &'l [u64],
    /// Serial numbers of revoked authorities and signers.
    pub revoked_authorities: &'l [u64],
    /// The window of the revocation lists.
    pub lists: Window,
    /// The evaluation data numbers of TCB info and QE identity.
    pub evaluations: (u32, u32),
}

impl Default for Levels<'_> {
    fn default() -> Self {
        Levels {
            status: "UpToDate",
            qe_status: "UpToDate",
            window: MONTH,
            revoked: &[],
            revoked_authorities: &[],
            lists: MONTH,
            evaluations: (20, 20),
        }
    }
}

impl Intel {
    /// All collateral of the test's platforms, as clients keep it: a JSON object of texts. For SGX, or for TDX.
    #[must_use]
    pub fn collateral(&self, is_tdx: bool, levels: &Levels<'_>) -> String {
        let tcb_info = tcb_info(is_tdx, levels);
        let identity = qe_identity(is_tdx, levels);
        let chain = [pem(&self.signer_der), pem(self.root.der())].concat();
        let authorities = [pem(self.pck.der()), pem(self.root.der())].concat();
        let fields = [
            ("pck_crl_issuer_chain", authorities),
            (
                "root_ca_crl",
                hex(&self.root.revoke(levels.revoked_authorities, levels.lists)),
            ),
            (
                "pck_crl",
                hex(&self.pck.revoke(levels.revoked, levels.lists)),
            ),
            ("tcb_info_issuer_chain", chain.clone()),
            ("tcb_info_signature", hex(&self.signed(&tcb_info))),
            ("tcb_info", tcb_info),
            ("qe_identity_issuer_chain", chain),
            ("qe_identity_signature", hex(&self.signed(&identity))),
            ("qe_identity", identity),
        ];
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("\"{name}\":\"{}\"", escaped(value)))
            .collect();
        format!("{{{}}}", fields.join(","))
    }

    fn signed(&self, text: &str) -> Vec<u8> {
        sign(&signing_key(&self.signer), text.as_bytes())
    }

    /// The window of its certificates.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn date(seconds: i64) -> String {
    let time = crate::authority::made(time::OffsetDateTime::from_unix_timestamp(seconds));
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.to_hms();
    format!(
        "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z",
        u8::from(month)
    )
}

fn tcb_info(is_tdx: bool, levels: &Levels<'_>) -> String {
    let (issued, due) = levels.window;
    let components = |svn: u8| {
        let all = vec![format!("{{\"svn\":{svn}}}"); 16];
        format!("[{}]", all.join(","))
    };
    let level = |svn: u8, status: &str, advisories: &str| {
        let tdx = if is_tdx {
            let mut all = vec!["{\"svn\":0}".to_owned(); 16];
            if let Some(third) = all.get_mut(2) {
                *third = format!("{{\"svn\":{}}}", svn / 2);
            }
            format!(",\"tdxtcbcomponents\":[{}]", all.join(","))
        } else {
            String::new()
        };
        format!(
            "{{\"tcb\":{{\"sgxtcbcomponents\":{},\"pcesvn\":13{tdx}}},\"tcbDate\":\"2025-11-12T00:00:00Z\",\"tcbStatus\":\"{status}\",\"advisoryIDs\":[{advisories}]}}",
            components(svn)
        )
    };
    let module = if is_tdx {
        let zeros = "0".repeat(96);
        format!(
            ",\"tdxModule\":{{\"mrsigner\":\"{zeros}\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\"}},\"tdxModuleIdentities\":[{{\"id\":\"TDX_01\",\"mrsigner\":\"{zeros}\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\",\"tcbLevels\":[{{\"tcb\":{{\"isvsvn\":5}},\"tcbDate\":\"2025-11-12T00:00:00Z\",\"tcbStatus\":\"UpToDate\"}},{{\"tcb\":{{\"isvsvn\":2}},\"tcbDate\":\"2023-08-09T00:00:00Z\",\"tcbStatus\":\"OutOfDate\"}}]}}]"
        )
    } else {
        String::new()
    };
    format!(
        "{{\"id\":\"{}\",\"version\":3,\"issueDate\":\"{}\",\"nextUpdate\":\"{}\",\"fmspc\":\"{}\",\"pceId\":\"0000\",\"tcbType\":0,\"tcbEvaluationDataNumber\":{}{module},\"tcbLevels\":[{},{}]}}",
        if is_tdx { "TDX" } else { "SGX" },
        date(issued),
        date(due),
        hex(&FMSPC).to_uppercase(),
        levels.evaluations.0,
        level(10, levels.status, ""),
        level(5, "OutOfDate", "\"INTEL-SA-00615\""),
    )
}

fn qe_identity(is_tdx: bool, levels: &Levels<'_>) -> String {
    let (issued, due) = levels.window;
    format!(
        "{{\"id\":\"{}\",\"version\":2,\"issueDate\":\"{}\",\"nextUpdate\":\"{}\",\"tcbEvaluationDataNumber\":{},\"miscselect\":\"00000000\",\"miscselectMask\":\"FFFFFFFF\",\"attributes\":\"11000000000000000000000000000000\",\"attributesMask\":\"FBFFFFFFFFFFFFFF0000000000000000\",\"mrsigner\":\"{}\",\"isvprodid\":2,\"tcbLevels\":[{{\"tcb\":{{\"isvsvn\":8}},\"tcbDate\":\"2025-11-12T00:00:00Z\",\"tcbStatus\":\"{}\"}},{{\"tcb\":{{\"isvsvn\":6}},\"tcbDate\":\"2021-11-10T00:00:00Z\",\"tcbStatus\":\"OutOfDate\",\"advisoryIDs\":[\"INTEL-SA-00615\"]}}]}}",
        if is_tdx { "TD_QE" } else { "QE" },
        date(issued),
        date(due),
        levels.evaluations.1,
        hex(&QE_SIGNER).to_uppercase(),
        levels.qe_status,
    )
}
