//! As much of the protocol buffers encoding as Hadoop's first messages need.

/// A message being written.
#[derive(Clone, Debug, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn number(mut self, field: u64, value: u64) -> Message {
        self.0.extend(varint(field << 3));
        self.0.extend(varint(value));
        self
    }

    pub(super) fn bytes(mut self, field: u64, value: &[u8]) -> Message {
        self.0.extend(varint(field << 3 | 2));
        self.0.extend(varint(value.len() as u64));
        self.0.extend(value);
        self
    }

    pub(super) fn message(self, field: u64, value: &Message) -> Message {
        self.bytes(field, &value.0)
    }

    /// The message behind its length, as Hadoop sends it.
    pub(super) fn delimited(&self) -> Vec<u8> {
        let mut bytes = varint(self.0.len() as u64);
        bytes.extend(&self.0);
        bytes
    }
}

/// A signed number as protocol buffers shift it (`sint32`).
pub(super) fn zigzag(number: i32) -> u64 {
    u64::from(((number << 1) ^ (number >> 31)).cast_unsigned())
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

/// The fields of a message that was read, in order. What is cut off or of another kind ends it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields<'b>(Vec<(u64, Value<'b>)>);

impl<'b> Fields<'b> {
    /// Reads a message.
    pub(super) fn read(mut bytes: &'b [u8]) -> Fields<'b> {
        let mut fields = Vec::new();
        while let Some(field) = next_field(&mut bytes) {
            fields.push(field);
        }
        Fields(fields)
    }

    /// Reads a message behind its length, and moves past it.
    pub(super) fn delimited(bytes: &mut &'b [u8]) -> Option<Fields<'b>> {
        take_delimited(bytes).map(Fields::read)
    }

    /// The same message with other bytes in its fields of bytes.
    pub(super) fn rewritten(&self, bytes: impl Fn(&[u8]) -> Vec<u8>) -> Message {
        self.0
            .iter()
            .fold(Message::default(), |message, (field, value)| match value {
                Value::Number(value) => message.number(*field, *value),
                Value::Bytes(value) => message.bytes(*field, &bytes(value)),
            })
    }

    pub(super) fn has(&self, field: u64) -> bool {
        self.0.iter().any(|(number, _)| *number == field)
    }

    pub(super) fn number(&self, field: u64) -> Option<u64> {
        self.0.iter().find_map(|(number, value)| match value {
            Value::Number(value) if *number == field => Some(*value),
            _ => None,
        })
    }

    pub(super) fn all(&self, field: u64) -> impl Iterator<Item = &'b [u8]> {
        self.0
            .iter()
            .filter_map(move |(number, value)| match value {
                Value::Bytes(value) if *number == field => Some(*value),
                _ => None,
            })
    }

    pub(super) fn text(&self, field: u64) -> String {
        let bytes = self.all(field).next().unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }
}

fn next_field<'b>(bytes: &mut &'b [u8]) -> Option<(u64, Value<'b>)> {
    let key = take_varint(bytes)?;
    let value = match key & 7 {
        0 => Value::Number(take_varint(bytes)?),
        2 => Value::Bytes(take_delimited(bytes)?),
        _ => return None,
    };
    Some((key >> 3, value))
}

fn take_delimited<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::try_from(take_varint(bytes)?).ok()?;
    let (value, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(value)
}

fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let inner = Message::default().bytes(1, b"pool");
        let bytes = Message::default()
            .number(1, 300)
            .message(2, &inner)
            .number(3, zigzag(-33))
            .delimited();
        let mut rest = bytes.as_slice();
        let fields = Fields::delimited(&mut rest).unwrap_or_default();
        assert!(rest.is_empty());
        assert_eq!(fields.number(1), Some(300));
        assert_eq!(fields.number(3), Some(65));
        let inner: Vec<Fields<'_>> = fields.all(2).map(Fields::read).collect();
        assert_eq!(
            inner.first().map(|inner| inner.text(1)),
            Some("pool".to_owned())
        );
        assert_eq!(Fields::delimited(&mut &bytes[..3]), None);
    }
}
