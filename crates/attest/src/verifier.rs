//! What appraisals have in common: roots, collateral, policy, the instant.

use crate::collateral::Collateral;
use crate::instant::Instant;
use crate::policy::Policy;
use crate::roots::Roots;

/// Appraises evidence against one set of roots, collateral and policy at one instant. May be shared between threads.
#[derive(Debug)]
pub struct Verifier {
    pub(crate) roots: Roots,
    pub(crate) collateral: Collateral,
    pub(crate) policy: Policy,
    pub(crate) at: Instant,
    pub(crate) intel: crate::intel::Memory,
    pub(crate) snp: crate::snp::Memory,
    pub(crate) nvidia: crate::nvidia::Memory,
}

impl Verifier {
    /// A verifier. What evidence shares (chains, collateral) is worked out once and kept; results never are.
    #[must_use]
    pub fn new(roots: Roots, collateral: Collateral, policy: Policy, at: Instant) -> Self {
        Verifier {
            roots,
            collateral,
            policy,
            at,
            intel: Default::default(),
            snp: Default::default(),
            nvidia: Default::default(),
        }
    }

    /// The instant of appraisal.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.at
    }

    /// What the verifier leans on.
    #[must_use]
    pub fn collateral(&self) -> &Collateral {
        &self.collateral
    }
}
