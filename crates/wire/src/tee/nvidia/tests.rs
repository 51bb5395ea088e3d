use super::*;

fn opaque_field(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap();
    [&kind.to_le_bytes(), &length.to_le_bytes(), value].concat()
}

fn block(index: u8, value: &[u8; 48]) -> Vec<u8> {
    [&[index, 1, 51, 0, 1, 48, 0], value.as_slice()].concat()
}

fn evidence(blocks: &[Vec<u8>], opaque: &[Vec<u8>]) -> Vec<u8> {
    let record = blocks.concat();
    let opaque = opaque.concat();
    let record_length = u32::try_from(record.len()).unwrap().to_le_bytes();
    let opaque_length = u16::try_from(opaque.len()).unwrap().to_le_bytes();
    let count = u8::try_from(blocks.len()).unwrap();
    [
        &[0x11, 0xe0, 1, 0xff],
        [7; 32].as_slice(),
        &[0],
        &[0x11, 0x60, 0, 0, count],
        &record_length[..3],
        &record,
        &[8; 32],
        &opaque_length,
        &opaque,
        &[9; 96],
    ]
    .concat()
}

fn gpu() -> Vec<u8> {
    evidence(
        &[block(1, &[1; 48]), block(2, &[2; 48])],
        &[
            opaque_field(3, b"550.90.07\0"),
            opaque_field(6, &[0, 0x9f, 0, 0x96, 1, 0, 0, 0]),
            opaque_field(21, &[0x55]),
            opaque_field(99, &[1, 2]),
        ],
    )
}

#[test]
fn reads_every_field() {
    let bytes = gpu();
    let parsed = Evidence::parse(&bytes).unwrap();
    assert_eq!(parsed.request.nonce, &[7; 32]);
    assert_eq!(parsed.request.operation, 0xff);
    assert_eq!(parsed.measurements.len(), 2);
    assert_eq!(parsed.measurements[1].value, [2; 48]);
    assert_eq!(parsed.response_nonce, &[8; 32]);
    assert_eq!(parsed.driver_version(), Some("550.90.07"));
    assert_eq!(parsed.vbios_version().as_deref(), Some("96.00.9F.00.01"));
    assert_eq!(parsed.signed.len(), bytes.len() - 96);
    assert_eq!(parsed.signature, &[9; 96]);
    assert!(parsed.trailing.is_empty());
    assert!(!parsed.is_switch());
    let unknown = parsed.opaque.last().unwrap();
    assert_eq!(
        (unknown.kind.name(), unknown.shown()),
        ("UNKNOWN", "0102".to_owned())
    );
}

#[test]
fn a_switch_writes_its_version_as_text() {
    let bytes = evidence(
        &[block(1, &[1; 48])],
        &[
            opaque_field(6, b"96.10.73.00.01"),
            opaque_field(24, &[0, 0]),
        ],
    );
    let parsed = Evidence::parse(&bytes).unwrap();
    assert!(parsed.is_switch());
    assert_eq!(parsed.vbios_version().as_deref(), Some("96.10.73.00.01"));
    assert_eq!(parsed.driver_version(), None);
}

#[test]
fn one_byte_behind_the_signature_is_kept_and_two_are_refused() {
    let mut bytes = gpu();
    bytes.push(0);
    assert_eq!(Evidence::parse(&bytes).unwrap().trailing, [0]);
    bytes.push(0);
    let error = Evidence::parse(&bytes).unwrap_err();
    assert_eq!(error.field, "end of evidence");
}

#[test]
fn truncation_anywhere_is_an_error() {
    let bytes = gpu();
    for length in 0..bytes.len() {
        assert!(Evidence::parse(&bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn what_stands_twice_is_refused() {
    let twice = evidence(&[block(1, &[1; 48]), block(1, &[2; 48])], &[]);
    assert_eq!(
        Evidence::parse(&twice).unwrap_err().field,
        "measurement index"
    );
    let twice = evidence(&[], &[opaque_field(3, b"a"), opaque_field(3, b"b")]);
    assert_eq!(
        Evidence::parse(&twice).unwrap_err().field,
        "opaque field type"
    );
}

#[test]
fn lengths_that_do_not_fit_together_are_refused() {
    let mut bytes = gpu();
    // The value size of the first block.
    bytes[37 + 8 + 5] = 47;
    assert_eq!(Evidence::parse(&bytes).unwrap_err().field, "measurement");
    let mut bytes = gpu();
    // The number of blocks.
    bytes[37 + 4] = 1;
    assert_eq!(
        Evidence::parse(&bytes).unwrap_err().field,
        "measurement record"
    );
}

#[test]
fn no_change_of_one_byte_panics() {
    let bytes = gpu();
    for at in 0..bytes.len() {
        for change in [1, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            let _ = Evidence::parse(&changed);
        }
    }
}
