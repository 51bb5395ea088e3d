//! What a run measured, pinned.

use super::section::keyed;
use super::{Derived, clean};
use crate::azure::{Presented, Registers};
use crate::crypto::hex;
use crate::evidence::{Evidence, Piece};
use wire::tee::azure::{HclReport, TeeReport, TpmQuote};
use wire::tee::intel::{Body, EnclaveReport, Quote, TdReport};
use wire::tee::nvidia;
use wire::tee::snp::{Product, Report};

impl Derived {
    /// Pins everything that a run measured. That the run was the reviewed one, and that its evidence is genuine, is for the user to
    /// know: verify the evidence first.
    ///
    /// # Errors
    ///
    /// When the evidence cannot be read, or is a token: what a verifier said pins nothing.
    pub fn evidence(&mut self, name: &str, evidence: &Evidence) -> Result<(), String> {
        let file = clean(name);
        let name = clean(&format!("{name} {}", evidence.label));
        let name = name.trim_end();
        match &evidence.piece {
            Piece::IntelQuote { quote, .. } => self.quote(name, quote, false)?,
            Piece::RaTls { presented, .. } => {
                let presented = presented.as_ref().map_err(ToString::to_string)?;
                self.quote(name, &presented.quote, false)?;
            }
            Piece::SnpReport { report, .. } => self.snp(name, report)?,
            Piece::Azure(presented) => self.azure(name, presented)?,
            Piece::Nvidia { messages, .. } => self.nvidia(name, messages)?,
            Piece::Token(_) => {
                return Err(
                    "a token is what a verifier said; it pins nothing: give the evidence itself"
                        .to_owned(),
                );
            }
        }
        self.remark(format!(
            "Trusts the run that made {file}: review it, and verify its evidence."
        ));
        Ok(())
    }

    fn quote(&mut self, name: &str, quote: &[u8], has_paravisor: bool) -> Result<(), String> {
        let quote = Quote::read(quote).map_err(|error| error.to_string())?;
        match &quote.body {
            Body::Enclave(report) => self.enclave(name, report),
            Body::TrustDomain(report) => self.trust_domain(name, report, has_paravisor),
        }
    }

    fn enclave(&mut self, name: &str, report: &EnclaveReport<'_>) -> Result<(), String> {
        let mut pins = vec![
            ("mr-enclave", hex(report.mr_enclave)),
            ("mr-signer", hex(report.mr_signer)),
        ];
        if report.has_separation() {
            pins.extend([
                ("isv-family-id", hex(report.isv_family_id)),
                ("isv-ext-prod-id", hex(report.isv_ext_prod_id)),
                ("config-id", hex(report.config_id)),
            ]);
        }
        let comments = vec![
            format!("isv-prod-id = {}", report.isv_prod_id),
            format!("isv-svn-min = {}", report.isv_svn),
        ];
        self.section("sgx").lists(name, keyed(pins), comments)
    }

    fn trust_domain(
        &mut self,
        name: &str,
        report: &TdReport<'_>,
        has_paravisor: bool,
    ) -> Result<(), String> {
        let [rtmr0, rtmr1, rtmr2, rtmr3] = report.rtmr.map(|register| hex(register));
        let pins = vec![
            ("mr-td", hex(report.mr_td)),
            ("rtmr0", rtmr0),
            ("rtmr1", rtmr1),
            ("rtmr2", rtmr2),
            ("rtmr3", rtmr3),
            ("mr-config-id", hex(report.mr_config_id)),
            ("mr-owner", hex(report.mr_owner)),
            ("mr-owner-config", hex(report.mr_owner_config)),
        ];
        let comments = if has_paravisor {
            vec![
                "paravisor = true".to_owned(),
                "Uncomment it if Azure's paravisor may handle the guest's exceptions.".to_owned(),
            ]
        } else {
            Vec::new()
        };
        self.section("tdx").lists(name, keyed(pins), comments)
    }

    fn snp(&mut self, name: &str, report: &[u8]) -> Result<(), String> {
        let report = Report::parse(report).map_err(|error| error.to_string())?;
        let mut pins = vec![
            ("measurement", hex(report.measurement)),
            ("host-data", hex(report.host_data)),
            ("id-key-digest", hex(report.id_key_digest)),
            ("family-id", hex(report.family_id)),
            ("image-id", hex(report.image_id)),
        ];
        if report.key_info.has_author_key() {
            pins.push(("author-key-digest", hex(report.author_key_digest)));
        }
        let section = self.section("snp");
        section.lists(name, keyed(pins), Vec::new())?;
        section.value("vmpl", report.vmpl.to_string())?;
        section.value("guest-svn-min", report.guest_svn.to_string())?;
        self.snp_floor(&report)
    }

    /// The firmware that the run had is the oldest that is accepted.
    fn snp_floor(&mut self, report: &Report<'_>) -> Result<(), String> {
        let Some(product) = report.cpuid.and_then(|cpuid| cpuid.product()) else {
            self.section("snp").comments(vec![
                "The report does not name its product: set a floor of the firmware in [snp.tcb-min.milan], genoa or turin."
                    .to_owned(),
            ]);
            return Ok(());
        };
        let name = match product {
            Product::Milan => "snp.tcb-min.milan",
            Product::Genoa => "snp.tcb-min.genoa",
            Product::Turin => "snp.tcb-min.turin",
        };
        let found = report.reported_tcb.components(product.tcb_layout());
        let floor = self.section(name);
        if let Some(fmc) = found.fmc {
            floor.value("fmc", fmc.to_string())?;
        }
        floor.value("bootloader", found.bootloader.to_string())?;
        floor.value("tee", found.tee.to_string())?;
        floor.value("snp", found.snp.to_string())?;
        floor.value("microcode", found.microcode.to_string())
    }

    fn azure(&mut self, name: &str, presented: &Presented) -> Result<(), String> {
        let report = HclReport::parse(&presented.hcl_report).map_err(|error| error.to_string())?;
        match report.tee_report {
            TeeReport::Snp(bytes) => self.snp(name, bytes)?,
            TeeReport::Tdx(_) => {
                let quote = presented
                    .td_quote
                    .as_deref()
                    .ok_or("it has no TD quote: nothing in it can be verified")?;
                self.quote(name, quote, true)?;
            }
        }
        let Some(tpm) = &presented.tpm else {
            self.remark(format!(
                "{name} came without a TPM quote: the operating system is not pinned."
            ));
            return Ok(());
        };
        let quote = TpmQuote::parse(&tpm.message).map_err(|error| error.to_string())?;
        let pins = match Registers::of(&tpm.evidence(), &quote) {
            Registers::Quoted(values) => values
                .into_iter()
                .map(|(register, value)| (register.to_string(), hex(value)))
                .collect(),
            Registers::NotGiven => {
                self.remark(format!(
                    "{name} came without values of the TPM's registers: the operating system is not pinned."
                ));
                return Ok(());
            }
            Registers::Missing(register) => {
                return Err(format!(
                    "the TPM signed a digest over PCR {register} too, whose value is missing: no value of the others is shown"
                ));
            }
            Registers::Others => {
                return Err(
                    "the values of the TPM's registers are not those that it signed".to_owned(),
                );
            }
        };
        let comments = vec![
            "Some registers change with every boot on some images: take out those that do."
                .to_owned(),
        ];
        self.section("vtpm.pcr").lists(name, pins, comments)
    }

    fn nvidia(&mut self, name: &str, messages: &[u8]) -> Result<(), String> {
        let evidence = nvidia::Evidence::parse(messages).map_err(|error| error.to_string())?;
        let is_switch = evidence.is_switch();
        let section = self.section("nvidia");
        if let Some(version) = evidence.driver_version() {
            section.value("driver-min", format!("\"{}\"", clean(version)))?;
        }
        if let Some(version) = evidence.vbios_version() {
            section.pin("vbios-min", clean(&version), name);
        }
        let measurements = self.section(if is_switch {
            "nvidia.switch-measurements"
        } else {
            "nvidia.measurements"
        });
        for measurement in &evidence.measurements {
            measurements.pin(&measurement.index.to_string(), hex(measurement.value), name);
        }
        measurements.comments(vec![
            "Several devices share these lists: each accepts the values of all of them.".to_owned(),
        ]);
        Ok(())
    }
}
