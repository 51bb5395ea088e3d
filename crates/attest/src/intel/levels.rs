//! Which level of a TCB info a platform reaches, and by how much it misses the best one.

use super::TcbStatus;
use super::tcb_info::{Content, IsvLevel, Level};
use crate::instant::Instant;

/// What is matched against levels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Svns<'a> {
    /// The 16 components of the processor, from the PCK certificate.
    pub(super) components: &'a [u8; 16],
    /// The provisioning certification enclave's, from the PCK certificate.
    pub(super) pce_svn: u16,
    /// TEE_TCB_SVN of a trust domain.
    pub(super) tdx: Option<&'a [u8; 16]>,
}

/// A security version below the one that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shortfall {
    /// What is short: `component 5 (BIOS)`.
    pub(super) part: String,
    /// What the platform has.
    pub(super) has: u16,
    /// What the level asks for.
    pub(super) needs: u16,
}

/// What is short of a level. Empty where it is reached. `None` where the document has no TDX components for a trust domain.
#[must_use]
pub(super) fn shortfalls(svns: Svns<'_>, level: &Level) -> Option<Vec<Shortfall>> {
    let mut short = Vec::new();
    let mut compare = |part: String, has: u16, needs: u16| {
        if has < needs {
            short.push(Shortfall { part, has, needs });
        }
    };
    for (at, (has, needs)) in svns.components.iter().zip(&level.tcb.sgx).enumerate() {
        compare(
            format!("component {}", at + 1),
            u16::from(*has),
            u16::from(*needs),
        );
    }
    compare("PCE".to_owned(), svns.pce_svn, level.tcb.pce_svn);
    if let Some(tdx) = svns.tdx {
        let needed = level.tcb.tdx.as_ref()?;
        // From major version 1 on, a module's versions (0 and 1) are judged by its own identity.
        let [_, major, ..] = tdx;
        let skipped = if *major > 0 { 2 } else { 0 };
        for (at, (has, needs)) in tdx.iter().zip(needed).enumerate().skip(skipped) {
            compare(
                format!("TDX component {}", at + 1),
                u16::from(*has),
                u16::from(*needs),
            );
        }
    }
    Some(short)
}

/// The level that a platform reaches: the first one of which nothing is short. Levels are tried from the highest down, whatever
/// their order in the document, as Intel's library does.
#[must_use]
pub(super) fn reached<'c>(content: &'c Content, svns: Svns<'_>) -> Option<&'c Level> {
    in_order(content)
        .into_iter()
        .find(|level| shortfalls(svns, level).is_some_and(|short| short.is_empty()))
}

/// The levels, highest first.
#[must_use]
pub(super) fn in_order(content: &Content) -> Vec<&Level> {
    let mut levels: Vec<&Level> = content.tcb_levels.iter().collect();
    levels.sort_by(|a, b| {
        (b.tcb.sgx, b.tcb.pce_svn, b.tcb.tdx).cmp(&(a.tcb.sgx, a.tcb.pce_svn, a.tcb.tdx))
    });
    levels
}

/// The level of an enclave or module by its security version: the highest one that it reaches.
#[must_use]
pub(super) fn isv_level(levels: &[IsvLevel], isv_svn: u16) -> Option<&IsvLevel> {
    levels
        .iter()
        .filter(|level| level.tcb.isvsvn <= isv_svn)
        .max_by_key(|level| level.tcb.isvsvn)
}

/// A state with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// The state.
    pub(super) status: TcbStatus,
    /// The date of the newest update at this level.
    pub(super) date: Instant,
    /// What is open at this level.
    pub(super) advisories: Vec<String>,
}

impl State {
    /// The state of a platform's level.
    #[must_use]
    pub(super) fn of_level(level: &Level) -> Self {
        State {
            status: level.tcb_status,
            date: level.tcb_date,
            advisories: level.advisory_ids.clone(),
        }
    }

    /// With the state of a part: its advisories are added, and the older date counts, as in Intel's library.
    #[must_use]
    pub(super) fn with_part(mut self, part: &State) -> Self {
        self.status = self.status.with_part(part.status);
        self.date = self.date.min(part.date);
        for advisory in &part.advisories {
            if !self.advisories.contains(advisory) {
                self.advisories.push(advisory.clone());
            }
        }
        self
    }

    /// The state of an enclave's or module's level.
    #[must_use]
    pub(super) fn of_isv_level(level: &IsvLevel) -> Self {
        State {
            status: level.tcb_status,
            date: level.tcb_date,
            advisories: level.advisory_ids.clone(),
        }
    }
}
