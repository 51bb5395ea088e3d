use super::*;

fn first_event(algorithms: &[(u16, u16)]) -> Vec<u8> {
    let mut data = b"Spec ID Event03\0".to_vec();
    data.extend([0, 0, 0, 0, 0, 2, 0, 2]);
    data.extend(u32::try_from(algorithms.len()).unwrap().to_le_bytes());
    for (algorithm, size) in algorithms {
        data.extend(algorithm.to_le_bytes());
        data.extend(size.to_le_bytes());
    }
    data.push(0);
    let mut log = vec![1, 0, 0, 0, 3, 0, 0, 0];
    log.extend([0; 20]);
    log.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    log.extend(data);
    log
}

fn event(register: u32, kind: u32, digest: u8, data: &[u8]) -> Vec<u8> {
    let mut event = register.to_le_bytes().to_vec();
    event.extend(kind.to_le_bytes());
    event.extend([1, 0, 0, 0, 0x0c, 0]);
    event.extend([digest; 48]);
    event.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    event.extend(data);
    event
}

fn variable(name: &str) -> Vec<u8> {
    let units: Vec<u16> = name.encode_utf16().collect();
    let mut data = vec![0xaa; 16];
    data.extend(u64::try_from(units.len()).unwrap().to_le_bytes());
    data.extend([0; 8]);
    data.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    data
}

fn log() -> Vec<u8> {
    [
        first_event(&[(SHA384, 48)]),
        event(1, 0x8000_0001, 1, &variable("SecureBoot")),
        event(2, 0x04, 2, &[0; 4]),
        event(3, 0x0d, 3, b"kernel_cmdline: /vmlinuz quiet\n\0"),
        event(1, 0x8000_000a, 4, b"\x03BFV0123456789abcdef"),
    ]
    .concat()
}

#[test]
fn reads_events_and_what_they_are() {
    let bytes = log();
    let log = EventLog::parse(&bytes).unwrap();
    assert_eq!(log.algorithms, [SHA384]);
    let read: Vec<(u32, String, String)> = log
        .events
        .iter()
        .map(|event| (event.register, event.kind.to_string(), event.description()))
        .collect();
    let expected = [
        (1, "EV_EFI_VARIABLE_DRIVER_CONFIG", "SecureBoot"),
        (2, "EV_SEPARATOR", ""),
        (3, "EV_IPL", "kernel_cmdline: /vmlinuz quiet "),
        (1, "EV_EFI_PLATFORM_FIRMWARE_BLOB2", "BFV"),
    ]
    .map(|(register, kind, what)| (register, kind.to_owned(), what.to_owned()));
    assert_eq!(read, expected);
    assert_eq!(log.events[1].digest(SHA384), Some([2; 48].as_slice()));
}

#[test]
fn what_firmware_never_wrote_ends_the_log() {
    for filler in [0xff, 0x00] {
        let mut bytes = log();
        bytes.extend(std::iter::repeat_n(filler, 1000));
        assert_eq!(EventLog::parse(&bytes).unwrap().events.len(), 4);
    }
}

#[test]
fn an_event_that_is_cut_is_an_error() {
    let bytes = log();
    let whole = EventLog::parse(&bytes).unwrap();
    let boundaries: Vec<usize> = whole.events.iter().map(|event| event.offset).collect();
    for length in 0..bytes.len() {
        let is_boundary = boundaries.contains(&length);
        assert_eq!(
            EventLog::parse(&bytes[..length]).is_ok(),
            is_boundary,
            "{length}"
        );
    }
}

#[test]
fn digests_must_be_those_that_the_log_announces() {
    let other = [first_event(&[(0x0b, 32)]), event(1, 4, 0, &[])].concat();
    assert_eq!(
        EventLog::parse(&other).unwrap_err().field,
        "digest algorithm"
    );
    let two = [
        first_event(&[(SHA384, 48), (0x0b, 32)]),
        event(1, 4, 0, &[]),
    ]
    .concat();
    assert_eq!(
        EventLog::parse(&two).unwrap_err().field,
        "number of digests"
    );
    let none = first_event(&[]);
    assert_eq!(
        EventLog::parse(&none).unwrap_err().field,
        "number of algorithms"
    );
}

#[test]
fn an_old_log_is_refused() {
    let mut old = log();
    old[4] = 8;
    assert_eq!(
        EventLog::parse(&old).unwrap_err().field,
        "first event's type"
    );
}

#[test]
fn what_producers_hash_depends_on_the_type() {
    let hashed = |kind: u32, data: &[u8]| {
        let bytes = [first_event(&[(SHA384, 48)]), event(1, kind, 0, data)].concat();
        let log = EventLog::parse(&bytes).unwrap();
        let parts = log.events[0].hashed();
        parts.into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    let text = b"grub_cmd: set timeout=0\0".as_slice();
    assert_eq!(hashed(0x0d, text), [text, b"set timeout=0"]);
    assert_eq!(hashed(0x0d, b"MokList\0"), [b"MokList\0"]);
    assert_eq!(hashed(0x05, b"a: b"), [b"a: b"]);
    let boot = [variable("BootOrder"), vec![7, 8]].concat();
    assert_eq!(hashed(0x8000_0002, &boot), [boot.clone(), vec![7, 8]]);
}

#[test]
fn no_change_of_one_byte_panics() {
    let bytes = log();
    for at in 0..bytes.len() {
        for change in [1, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            if let Ok(log) = EventLog::parse(&changed) {
                for event in log.events {
                    let (_, _) = (event.description(), event.hashed());
                }
            }
        }
    }
}
