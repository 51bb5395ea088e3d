//! The event log of a trust domain, held against the run-time registers of its quote.

use crate::crypto::{hex, sha384};
use crate::step::Check;
use wire::tee::ccel::{Event, EventLog, SHA384};

const CAUSE: &str = "tee/channel-binding#pcr-replay";
const SOURCE: &str = "UEFI 2.10, section 38.4.1; Intel TDX module, TDG.MR.RTMR.EXTEND";

/// Something that was measured before the kernel ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The register that holds it: 0 to 3.
    pub register: usize,
    /// TCG's name for what it is: `EV_IPL`.
    pub kind: String,
    /// What the one who measured says it was, on one line: a command line, a file, a variable.
    pub description: String,
    /// Whether the description itself was measured. Otherwise the digest is that of something outside the log, and the words
    /// are only words.
    pub described: bool,
    /// SHA-384 of what was measured.
    pub digest: [u8; 48],
}

/// A log with what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// RTMR0 to RTMR3 after every event.
    pub registers: [[u8; 48]; 4],
    /// What was measured, in order.
    pub measured: Vec<Measured>,
}

impl Replay {
    /// Replays a log: each event extends its register by `SHA-384(register || digest)`, from zero.
    ///
    /// # Errors
    ///
    /// When the bytes are no log, an event has no SHA-384 digest, or names a register that a log cannot extend.
    pub fn of(log: &[u8]) -> Result<Self, String> {
        let log = EventLog::parse(log).map_err(|error| error.to_string())?;
        let mut registers = [[0; 48]; 4];
        let mut measured = Vec::new();
        for event in log.events.iter().filter(|event| event.extends()) {
            let found = of(event)?;
            let register = registers.get_mut(found.register).ok_or_else(|| {
                format!(
                    "the event at byte {} extends register {}; a log extends 1 to 4 (RTMR0 to RTMR3)",
                    event.offset, event.register
                )
            })?;
            *register = sha384(&[register.as_slice(), &found.digest].concat());
            measured.push(found);
        }
        Ok(Replay {
            registers,
            measured,
        })
    }

    /// Holds the outcome against the registers of a quote, one check for each.
    #[must_use]
    pub fn checks(&self, quoted: &[[u8; 48]; 4]) -> Vec<Check> {
        let registers = self.registers.iter().zip(quoted).enumerate();
        registers
            .map(|(number, (replayed, quoted))| {
                let mut measured = self.measured.iter();
                let is_logged = measured.any(|measured| measured.register == number);
                against(number, replayed, quoted, is_logged)
            })
            .collect()
    }
}

/// Replays a log and holds it against the registers of a quote. A log that cannot be read is one failed check.
#[must_use]
pub fn checks(log: &[u8], quoted: &[[u8; 48]; 4]) -> Vec<Check> {
    match Replay::of(log) {
        Ok(replay) => replay.checks(quoted),
        Err(why) => vec![
            Check::fail("event log", CAUSE)
                .value(why)
                .source(SOURCE)
                .detail("without a log that replays, the registers say nothing that can be read"),
        ],
    }
}

fn of(event: &Event<'_>) -> Result<Measured, String> {
    let digest = event
        .digest(SHA384)
        .and_then(|digest| <[u8; 48]>::try_from(digest).ok())
        .ok_or_else(|| format!("the event at byte {} has no SHA-384 digest", event.offset))?;
    Ok(Measured {
        // Register 0 is MRTD, which is closed before the first event: it becomes a number that no register has.
        register: usize::try_from(event.register).map_or(usize::MAX, |index| index.wrapping_sub(1)),
        kind: event.kind.to_string(),
        description: event.description(),
        described: event
            .hashed()
            .into_iter()
            .any(|part| sha384(part) == digest),
        digest,
    })
}

fn against(number: usize, replayed: &[u8; 48], quoted: &[u8; 48], is_logged: bool) -> Check {
    let what = format!("RTMR{number} against the event log");
    let check = if replayed == quoted {
        Check::pass(what)
    } else if is_logged {
        Check::fail(what, CAUSE).limit(hex(replayed)).detail(
            "the log was altered, is another machine's, or something was measured behind it",
        )
    } else {
        // Agents in the guest extend RTMR3, and no firmware log knows of it: what it holds is the step identity's question.
        Check::not_applicable(
            what,
            "extended after boot, by something that this log does not cover",
        )
    };
    check.value(hex(quoted)).source(SOURCE)
}
