//! Against the layouts of the specification, by hand. A TPM that runs is asked in the tests of the collector.

use super::*;

fn response(tag: u16, code: u32, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(HEADER + content.len()).unwrap();
    [
        tag.to_be_bytes().as_slice(),
        &size.to_be_bytes(),
        &code.to_be_bytes(),
        content,
    ]
    .concat()
}

/// With a parameter size before, and the acknowledgement of a password behind.
fn authorised(parameters: &[u8]) -> Vec<u8> {
    let size = u32::try_from(parameters.len()).unwrap().to_be_bytes();
    response(0x8002, 0, &[&size, parameters, &[0, 0, 1, 0, 0]].concat())
}

fn public() -> Vec<u8> {
    let public = [
        &0x0140_0001u32.to_be_bytes(),
        [0, 0x0b].as_slice(),
        &[0, 2, 0, 2],
        &[0, 0],
        &2600u16.to_be_bytes(),
    ]
    .concat();
    let name = [0, 2, 7, 7];
    response(0x8001, 0, &[&[0, 14], public.as_slice(), &name].concat())
}

fn values(bitmap: [u8; 3], digests: &[[u8; 32]]) -> Vec<u8> {
    let count = u32::try_from(digests.len()).unwrap().to_be_bytes();
    let [a, b, c] = bitmap;
    let digests: Vec<u8> = digests
        .iter()
        .flat_map(|digest| [&[0, 32], digest.as_slice()].concat())
        .collect();
    let content = [
        &[0, 0, 0, 9, 0, 0, 0, 1, 0, 0x0b, 3, a, b, c],
        count.as_slice(),
        &digests,
    ]
    .concat();
    response(0x8001, 0, &content)
}

#[test]
fn commands_are_laid_out_as_the_specification_says() {
    assert_eq!(
        nv_read_public(0x0140_0001),
        [0x80, 1, 0, 0, 0, 14, 0, 0, 1, 0x69, 1, 0x40, 0, 1]
    );
    assert_eq!(
        nv_read(0x0140_0001, 0x0200, 0x0100),
        [
            0x80, 2, 0, 0, 0, 35, 0, 0, 1, 0x4e, 0x40, 0, 0, 1, 1, 0x40, 0, 1, 0, 0, 0, 9, 0x40, 0,
            0, 9, 0, 0, 0, 0, 0, 1, 0, 2, 0
        ]
    );
    assert_eq!(
        quote(0x8100_0003, &[7, 8], Registers::ALL).unwrap(),
        [
            0x80, 2, 0, 0, 0, 43, 0, 0, 1, 0x58, 0x81, 0, 0, 3, 0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0,
            0, 0, 0, 2, 7, 8, 0, 0x10, 0, 0, 0, 1, 0, 0x0b, 3, 0xff, 0xff, 0xff
        ]
    );
    assert_eq!(quote(0, &[0; 67], Registers::ALL), None);
    assert_eq!(
        pcr_read(Registers([1, 0, 0x80])),
        [
            0x80, 1, 0, 0, 0, 20, 0, 0, 1, 0x7e, 0, 0, 0, 1, 0, 0x0b, 3, 1, 0, 0x80
        ]
    );
}

#[test]
fn responses_are_read() {
    assert_eq!(nv_size(&public()), Ok(2600));
    assert_eq!(nv_data(&authorised(&[0, 2, 7, 8])), Ok([7, 8].as_slice()));
    let quote = authorised(&[0, 1, 7, 8, 9]);
    let expected = Quoted {
        message: &[7],
        signature: &[8, 9],
    };
    assert_eq!(quoted(&quote), Ok(expected));
    let read = pcr_values(&values([1, 0, 0x80], &[[3; 32], [4; 32]])).unwrap();
    assert_eq!(read.registers.numbers().collect::<Vec<_>>(), [0, 23]);
    assert_eq!(read.values, [[3; 32], [4; 32]]);
    let left = Registers::ALL.without(read.registers);
    assert_eq!(left.numbers().count(), 22);
    assert!(left.without(Registers::ALL).is_empty());
}

#[test]
fn refusals_have_the_names_of_the_specification() {
    let code = |code| nv_size(&response(0x8001, code, &[]));
    for (number, name) in [
        (0x18b, "TPM_RC_HANDLE (0x18b)"),
        (0x1d5, "TPM_RC_SIZE (0x1d5)"),
        (0x9a2, "TPM_RC_BAD_AUTH (0x9a2)"),
        (0x14a, "TPM_RC_NV_UNINITIALIZED (0x14a)"),
        (0x921, "TPM_RC_LOCKOUT (0x921)"),
        (0x1e, "TPM_RC 0x01e"),
    ] {
        let refusal = code(number).unwrap_err();
        assert_eq!(refusal, Refusal::Code(ResponseCode(number)));
        assert_eq!(refusal.to_string(), name);
    }
    assert!(ResponseCode(0x18b).is_handle());
    assert!(ResponseCode(0x1d5).is_size());
    assert!(!ResponseCode(0x10b).is_handle(), "TPM_RC_PRIVATE");
    assert!(ResponseCode(0x922).is_again());
    assert!(!ResponseCode(0x921).is_again());
    assert_eq!(super::code(&public()), None);
    assert_eq!(super::code(&[0; 9]), None);
    let refused = response(0x8001, 0x922, &[]);
    assert_eq!(super::code(&refused), Some(ResponseCode(0x922)));
}

#[test]
fn values_and_registers_must_agree() {
    for broken in [
        values([1, 0, 0], &[]),
        values([1, 0, 0], &[[0; 32], [0; 32]]),
        values([0, 0, 0], &[[0; 32]]),
    ] {
        assert!(matches!(pcr_values(&broken), Err(Refusal::Layout(_))));
    }
    assert!(
        pcr_values(&values([0; 3], &[]))
            .unwrap()
            .registers
            .is_empty()
    );
}

#[test]
fn a_cut_or_longer_response_is_refused() {
    let whole = [
        public(),
        authorised(&[0, 2, 7, 8]),
        values([1, 0, 0], &[[3; 32]]),
    ];
    let read = |bytes: &[u8]| {
        [
            nv_size(bytes).is_ok(),
            nv_data(bytes).is_ok(),
            quoted(bytes).is_ok(),
            pcr_values(bytes).is_ok(),
        ]
    };
    for whole in whole {
        for length in 0..whole.len() {
            assert_eq!(read(&whole[..length]), [false; 4], "{length}");
        }
        let longer = [whole.as_slice(), &[0]].concat();
        assert_eq!(read(&longer), [false; 4]);
    }
}

#[test]
fn no_changed_byte_makes_it_panic() {
    for mut bytes in [
        public(),
        authorised(&[0, 2, 7, 8]),
        values([1, 0, 0], &[[3; 32]]),
    ] {
        for at in 0..bytes.len() {
            for value in 0..=u8::MAX {
                let kept = std::mem::replace(&mut bytes[at], value);
                let _ = (nv_size(&bytes), nv_data(&bytes));
                let _ = (quoted(&bytes), pcr_values(&bytes));
                bytes[at] = kept;
            }
        }
    }
}
