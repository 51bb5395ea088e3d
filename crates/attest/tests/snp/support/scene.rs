//! Evidence of our own with all that its verdict needs.

use super::authority::{Authority, Endorses};
use super::report::{MEASUREMENT, NONCE, Report};
use attest::x509::Certificate;
use attest::{Appraisal, Collateral, Instant, Policy, Roots, Verifier, snp};

/// The instant of appraisal.
const AT: Instant = Instant(1_750_000_000);

/// CPUID of a Milan processor.
pub(crate) const MILAN: [u8; 3] = [0x19, 0x01, 0x01];

/// Its TCB version.
pub(crate) const TCB: [u8; 8] = [4, 0, 0, 0, 0, 0, 24, 217];

/// Its CHIP_ID.
pub(crate) const CHIP: [u8; 64] = [0xc1; 64];

/// What a report comes to where nothing is missing.
pub(crate) const PROTECTED: &str = "structure=pass chain=pass revocation=pass key=pass signature=pass tcb=pass attributes=pass \
     identity=pass freshness=pass binding=n/a collateral=pass";

/// Everything at hand for a verdict of `protected`; tests take one thing away.
pub(crate) struct Scene {
    pub(crate) roots: Vec<Certificate>,
    pub(crate) lists: Vec<Vec<u8>>,
    pub(crate) policy: String,
    pub(crate) at: Instant,
    /// Certificates that come with the evidence.
    pub(crate) certificates: Vec<Certificate>,
    /// Certificates of the collateral.
    pub(crate) kept: Vec<Certificate>,
    pub(crate) report: Vec<u8>,
    pub(crate) nonce: Option<Vec<u8>>,
}

impl Scene {
    /// A report that an authority's key signed.
    pub(crate) fn of(authority: &Authority, endorses: &Endorses, report: Report) -> Self {
        let endorsement = authority.endorse(endorses);
        let measurement = attest::crypto::hex(&MEASUREMENT);
        Scene {
            roots: vec![authority.root()],
            lists: vec![authority.list(&[])],
            policy: format!(
                "[snp]\nmeasurement = [\"{measurement}\"]\n[snp.tcb-min.milan]\nsnp = 24\n[snp.tcb-min.turin]\nsnp = 4\n"
            ),
            at: AT,
            certificates: vec![endorsement.certificate, authority.intermediate()],
            kept: Vec::new(),
            report: report.signed(&endorsement.key),
            nonce: Some(NONCE.to_vec()),
        }
    }

    /// A report of version 3 of a Milan processor, changed before it is signed.
    pub(crate) fn milan(change: impl FnOnce(Report) -> Report) -> Self {
        let authority = Authority::new("Milan");
        let report = change(Report::new(3, MILAN, TCB, &CHIP));
        Scene::of(&authority, &authority.usual(TCB, &CHIP), report)
    }

    /// The same with another certificate.
    pub(crate) fn endorsed(change: impl FnOnce(&mut Endorses)) -> Self {
        let authority = Authority::new("Milan");
        let mut endorses = authority.usual(TCB, &CHIP);
        change(&mut endorses);
        Scene::of(&authority, &endorses, Report::new(3, MILAN, TCB, &CHIP))
    }

    /// The verifier of the scene.
    pub(crate) fn verifier(&self) -> Verifier {
        let mut collateral = Collateral {
            certificates: self.kept.clone(),
            ..Collateral::default()
        };
        for list in &self.lists {
            collateral.add(list).expect("a list");
        }
        let roots = Roots {
            intel: Vec::new(),
            amd: self.roots.clone(),
            nvidia: Vec::new(),
            nvidia_rim: Vec::new(),
        };
        let policy = Policy::parse(&self.policy).expect("a policy");
        Verifier::new(roots, collateral, policy, self.at)
    }

    /// Appraises the report.
    pub(crate) fn appraise(&self) -> Appraisal {
        let nonce = self.nonce.as_deref();
        snp::appraise(&self.verifier(), &self.report, &self.certificates, nonce)
    }
}
