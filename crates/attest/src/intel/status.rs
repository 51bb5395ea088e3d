//! TCB states, and how those of several parts combine.

use serde::Deserialize;
use std::fmt;

/// The state of a TCB level, as Intel names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
pub enum TcbStatus {
    /// Everything that Intel has published is installed.
    UpToDate,
    /// The enclave's own code must hold mitigations.
    SWHardeningNeeded,
    /// The platform must be configured otherwise (hyper-threading off, for one).
    ConfigurationNeeded,
    /// Both.
    ConfigurationAndSWHardeningNeeded,
    /// Published updates are missing.
    OutOfDate,
    /// Published updates are missing, and configuration.
    OutOfDateConfigurationNeeded,
    /// Intel no longer vouches for the level.
    Revoked,
    /// The trust domain was launched out of date; the platform has been updated since.
    TDRelaunchAdvised,
    /// The same, and the platform must be configured otherwise.
    TDRelaunchAdvisedConfigurationNeeded,
    /// A state that this version does not know.
    Unknown,
}

impl From<String> for TcbStatus {
    fn from(name: String) -> Self {
        TcbStatus::ALL
            .into_iter()
            .find(|status| status.name() == name)
            .unwrap_or(TcbStatus::Unknown)
    }
}

impl TcbStatus {
    /// All known states.
    pub const ALL: [TcbStatus; 9] = [
        TcbStatus::UpToDate,
        TcbStatus::SWHardeningNeeded,
        TcbStatus::ConfigurationNeeded,
        TcbStatus::ConfigurationAndSWHardeningNeeded,
        TcbStatus::OutOfDate,
        TcbStatus::OutOfDateConfigurationNeeded,
        TcbStatus::Revoked,
        TcbStatus::TDRelaunchAdvised,
        TcbStatus::TDRelaunchAdvisedConfigurationNeeded,
    ];

    /// Intel's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TcbStatus::UpToDate => "UpToDate",
            TcbStatus::SWHardeningNeeded => "SWHardeningNeeded",
            TcbStatus::ConfigurationNeeded => "ConfigurationNeeded",
            TcbStatus::ConfigurationAndSWHardeningNeeded => "ConfigurationAndSWHardeningNeeded",
            TcbStatus::OutOfDate => "OutOfDate",
            TcbStatus::OutOfDateConfigurationNeeded => "OutOfDateConfigurationNeeded",
            TcbStatus::Revoked => "Revoked",
            TcbStatus::TDRelaunchAdvised => "TDRelaunchAdvised",
            TcbStatus::TDRelaunchAdvisedConfigurationNeeded => {
                "TDRelaunchAdvisedConfigurationNeeded"
            }
            TcbStatus::Unknown => "unknown",
        }
    }

    /// Whether published updates are missing, or Intel no longer vouches.
    #[must_use]
    pub fn is_refused(self) -> bool {
        matches!(
            self,
            TcbStatus::OutOfDate
                | TcbStatus::OutOfDateConfigurationNeeded
                | TcbStatus::Revoked
                | TcbStatus::Unknown
        )
    }

    /// With the state of the quoting enclave or of the TDX module: only one that is out of date or revoked changes the
    /// platform's (`TcbLevelCheck` and `convergeTcbStatuses` of Intel's quote verification library).
    #[must_use]
    pub fn with_part(self, part: TcbStatus) -> TcbStatus {
        use TcbStatus::*;
        match (part, self) {
            (Revoked, _) => Revoked,
            (Unknown, _) => Unknown,
            (OutOfDate, UpToDate | SWHardeningNeeded) => OutOfDate,
            (OutOfDate, ConfigurationNeeded | ConfigurationAndSWHardeningNeeded) => {
                OutOfDateConfigurationNeeded
            }
            _ => self,
        }
    }

    /// The state of a TD 1.5 at launch, with the one it has now: what was updated under a running trust domain asks for a
    /// relaunch only.
    #[must_use]
    pub fn with_current(self, current: TcbStatus) -> TcbStatus {
        use TcbStatus::*;
        let needs_configuration = |status| {
            matches!(
                status,
                ConfigurationNeeded
                    | OutOfDateConfigurationNeeded
                    | ConfigurationAndSWHardeningNeeded
            )
        };
        let was_old = matches!(self, OutOfDate | OutOfDateConfigurationNeeded);
        let is_new = matches!(
            current,
            UpToDate | SWHardeningNeeded | ConfigurationNeeded | ConfigurationAndSWHardeningNeeded
        );
        match was_old && is_new {
            false => self,
            true if needs_configuration(self) || needs_configuration(current) => {
                TDRelaunchAdvisedConfigurationNeeded
            }
            true => TDRelaunchAdvised,
        }
    }
}

impl fmt::Display for TcbStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::TcbStatus::*;

    #[test]
    fn an_old_part_makes_the_platform_old() {
        assert_eq!(UpToDate.with_part(OutOfDate), OutOfDate);
        assert_eq!(SWHardeningNeeded.with_part(OutOfDate), OutOfDate);
        assert_eq!(
            ConfigurationNeeded.with_part(OutOfDate),
            OutOfDateConfigurationNeeded
        );
        assert_eq!(ConfigurationNeeded.with_part(UpToDate), ConfigurationNeeded);
        assert_eq!(UpToDate.with_part(ConfigurationNeeded), UpToDate);
        assert_eq!(UpToDate.with_part(Revoked), Revoked);
        assert_eq!(Revoked.with_part(OutOfDate), Revoked);
    }

    #[test]
    fn an_update_under_a_running_domain_advises_a_relaunch() {
        assert_eq!(OutOfDate.with_current(UpToDate), TDRelaunchAdvised);
        assert_eq!(
            OutOfDate.with_current(ConfigurationNeeded),
            TDRelaunchAdvisedConfigurationNeeded
        );
        assert_eq!(OutOfDate.with_current(OutOfDate), OutOfDate);
        assert_eq!(UpToDate.with_current(OutOfDate), UpToDate);
        assert_eq!(Revoked.with_current(UpToDate), Revoked);
    }
}
