//! The event log of a confidential computing guest: what firmware and boot loader measured, before the kernel ran.
//!
//! UEFI 2.10, section 38.4.1 (the log of `EFI_CC_MEASUREMENT_PROTOCOL` is a crypto-agile TCG log); TCG PC Client Platform
//! Firmware Profile 1.06, section 10 (its layout).

mod description;
mod event_type;

pub use event_type::EventType;

use crate::bytes::{Cursor, Error, Problem};

/// The number that TCG's registry of algorithms gives SHA-384.
pub const SHA384: u16 = 0x000c;

/// The most algorithms that a log may say it uses. There are five that hardware knows.
const MOST_ALGORITHMS: u32 = 16;

/// A log, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLog<'a> {
    /// The digests every event has, by TCG's numbers of algorithms.
    pub algorithms: Vec<u16>,
    /// Events in order, without the first one, which describes the log.
    pub events: Vec<Event<'a>>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// The measurement register: on TDX 0 is MRTD, 1 to 4 are RTMR0 to RTMR3.
    pub register: u32,
    /// What was measured.
    pub kind: EventType,
    /// Digests with the numbers of their algorithms.
    pub digests: Vec<(u16, &'a [u8])>,
    /// What the one who measured says it was. Measured itself only where the digest is that of this data.
    pub data: &'a [u8],
    /// Where it starts in the log.
    pub offset: usize,
}

impl Event<'_> {
    /// The digest of one algorithm.
    #[must_use]
    pub fn digest(&self, algorithm: u16) -> Option<&[u8]> {
        let mut digests = self.digests.iter();
        digests
            .find(|(found, _)| *found == algorithm)
            .map(|(_, digest)| *digest)
    }

    /// Whether a register was extended with it.
    #[must_use]
    pub fn extends(&self) -> bool {
        self.kind != EventType::NO_ACTION
    }

    /// The parts of its data that producers hash. Only where one of them has the event's digest is what the event says
    /// about itself measured too; otherwise the digest is that of something outside the log (an image, a table).
    #[must_use]
    pub fn hashed(&self) -> Vec<&[u8]> {
        description::hashed(self.kind, self.data)
    }

    /// What it says it is, on one line of printable characters.
    #[must_use]
    pub fn description(&self) -> String {
        description::of(self.kind, self.data)
    }
}

impl<'a> EventLog<'a> {
    /// Reads a log. It ends with the input, or where the area that firmware set aside for it was never written.
    ///
    /// # Errors
    ///
    /// At the first field that is not as the layout says.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(bytes);
        let sizes = specification(&mut cursor)?;
        // Every event takes 16 bytes at least, so the input bounds the list.
        let mut events = Vec::new();
        while !is_unwritten(cursor.rest()) {
            events.push(event(&mut cursor, &sizes)?);
        }
        Ok(EventLog {
            algorithms: sizes.iter().map(|(algorithm, _)| *algorithm).collect(),
            events,
        })
    }
}

/// Whether the log ends here: firmware fills what it does not use with ones or zeros.
fn is_unwritten(rest: &[u8]) -> bool {
    rest.is_empty() || rest.starts_with(&[0xff; 4]) || rest.iter().all(|byte| *byte == 0)
}

/// The first event, in the old layout: which digests the others have, and how long each is.
fn specification(cursor: &mut Cursor<'_>) -> Result<Vec<(u16, usize)>, Error> {
    cursor.u32_le("first event's register")?;
    let at = cursor.clone();
    let kind = EventType(cursor.u32_le("first event's type")?);
    if kind != EventType::NO_ACTION {
        let found = u64::from(kind.0);
        let expected = "3 (EV_NO_ACTION)";
        return Err(at.error("first event's type", Problem::Value { found, expected }));
    }
    cursor.take(20, "first event's digest")?;
    let length = cursor.length_le("first event's length")?;
    let mut data = cursor.part(length, "first event's data")?;
    let at = data.clone();
    if data.array::<16>("log signature")? != b"Spec ID Event03\0" {
        return Err(at.error(
            "log signature",
            Problem::Malformed("not `Spec ID Event03`: no crypto-agile log"),
        ));
    }
    data.take(8, "platform class and version")?;
    let at = data.clone();
    let count = data.u32_le("number of algorithms")?;
    if count == 0 || count > MOST_ALGORITHMS {
        let found = u64::from(count);
        let expected = "1 to 16";
        return Err(at.error("number of algorithms", Problem::Value { found, expected }));
    }
    let sizes: Vec<(u16, usize)> = (0..count)
        .map(|_| {
            let algorithm = data.u16_le("algorithm")?;
            Ok((algorithm, usize::from(data.u16_le("digest size")?)))
        })
        .collect::<Result<_, Error>>()?;
    let vendor = usize::from(data.u8("vendor information size")?);
    data.take(vendor, "vendor information")?;
    Ok(sizes)
}

fn event<'a>(cursor: &mut Cursor<'a>, sizes: &[(u16, usize)]) -> Result<Event<'a>, Error> {
    let offset = cursor.offset();
    let register = cursor.u32_le("event register")?;
    let kind = EventType(cursor.u32_le("event type")?);
    let at = cursor.clone();
    let count = cursor.u32_le("number of digests")?;
    if usize::try_from(count) != Ok(sizes.len()) {
        return Err(at.error(
            "number of digests",
            Problem::Value {
                found: u64::from(count),
                expected: "as many as the log has algorithms",
            },
        ));
    }
    let mut digests = Vec::with_capacity(sizes.len());
    for _ in 0..count {
        let at = cursor.clone();
        let algorithm = cursor.u16_le("digest algorithm")?;
        let size = sizes.iter().find(|(known, _)| *known == algorithm);
        let Some((_, size)) = size else {
            return Err(at.error(
                "digest algorithm",
                Problem::Value {
                    found: u64::from(algorithm),
                    expected: "one that the log names in its first event",
                },
            ));
        };
        digests.push((algorithm, cursor.take(*size, "digest")?));
    }
    let length = cursor.length_le("event length")?;
    let data = cursor.take(length, "event data")?;
    Ok(Event {
        register,
        kind,
        digests,
        data,
        offset,
    })
}

#[cfg(test)]
mod tests;
