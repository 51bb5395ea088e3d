//! What devices say of themselves.

use crate::authority::made;

/// FWID of the test's GPUs.
pub const FIRMWARE: [u8; 48] = [0x5a; 48];

/// What a device says of itself.
#[derive(Clone, Debug)]
pub struct Device {
    /// The driver's version. `None` for a switch, which then names where it sits.
    pub driver: Option<String>,
    /// The firmware's version.
    pub firmware: [u8; 5],
    /// The state of the video decoder: 0x55 off, 0xaa on.
    pub decoder: u8,
    /// Measurements by index, from 1.
    pub measurements: Vec<(u8, [u8; 48])>,
}

impl Default for Device {
    /// Driver 550.90.07 and firmware 96.00.9F.00.01 on a board 1010-0200-882, the decoder off, and two measurements, of which the
    /// second is unused.
    fn default() -> Self {
        Device {
            driver: Some("550.90.07".to_owned()),
            firmware: [0x96, 0, 0x9f, 0, 1],
            decoder: 0x55,
            measurements: vec![(1, [1; 48]), (2, [0; 48])],
        }
    }
}

impl Device {
    /// Request and response up to the signature.
    #[must_use]
    pub fn unsigned(&self, nonce: &[u8; 32]) -> Vec<u8> {
        let blocks = self
            .measurements
            .iter()
            .map(|(index, value)| [&[*index, 1, 51, 0, 1, 48, 0], value.as_slice()].concat());
        let record = blocks.collect::<Vec<_>>().concat();
        let opaque = self.opaque();
        let [low, middle, high, _] = made(u32::try_from(record.len())).to_le_bytes();
        [
            &[0x11, 0xe0, 1, 0xff],
            nonce.as_slice(),
            &[0],
            &[
                0x11,
                0x60,
                0,
                0,
                made(u8::try_from(self.measurements.len())),
            ],
            &[low, middle, high],
            &record,
            &[8; 32],
            &made(u16::try_from(opaque.len())).to_le_bytes(),
            &opaque,
        ]
        .concat()
    }

    fn opaque(&self) -> Vec<u8> {
        let [first, second, third, fourth, fifth] = self.firmware;
        let mut fields = vec![
            field(6, &[fourth, third, second, first, fifth, 0, 0, 0]),
            field(15, b"882\0\0"),
            field(17, b"1010\0"),
            field(18, b"0200\0"),
            field(20, &FIRMWARE),
        ];
        match &self.driver {
            Some(driver) => fields.extend([
                field(3, format!("{driver}\0").as_bytes()),
                field(11, &[self.decoder]),
                field(21, &[0x55]),
                field(36, &[0, 0]),
            ]),
            None => fields.push(field(24, &[0, 0])),
        }
        fields.concat()
    }
}

/// Request and response of the default device up to the signature.
#[must_use]
pub fn unsigned(nonce: &[u8; 32]) -> Vec<u8> {
    Device::default().unsigned(nonce)
}

fn field(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = made(u16::try_from(value.len()));
    [&kind.to_le_bytes(), &length.to_le_bytes(), value].concat()
}
