//! Devices that answer.

use super::{Nvidia, sign, signing_key};
use crate::authority::{Authority, Names, key};
use crate::der::{integer, octets, oid, sequence};
use aws_lc_rs::signature::EcdsaKeyPair;
use rcgen::PublicKeyData;

/// A GPU with its certificates.
pub struct Gpu {
    key: EcdsaKeyPair,
    /// The device's certificate, and that of its boot ROM. DER.
    pub certificates: Vec<Vec<u8>>,
}

/// What a GPU says of itself.
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
    /// Driver 550.90.07 and firmware 96.00.9F.00.01 on a board 1010-0200-882, the decoder off, nothing measured.
    fn default() -> Self {
        Device {
            driver: Some("550.90.07".to_owned()),
            firmware: [0x96, 0, 0x9f, 0, 1],
            decoder: 0x55,
            measurements: Vec::new(),
        }
    }
}

/// SHA-384 of the firmware that holds the key.
const FIRMWARE: [u8; 48] = [0x5a; 48];

impl Gpu {
    pub(super) fn new(nvidia: &Nvidia) -> Self {
        let p384 = &rcgen::PKCS_ECDSA_P384_SHA384;
        let named = |common, serial| Names { common, serial };
        let rom: Authority =
            nvidia
                .provisioner
                .authority(named("GH100 A01 GSP BROM", 4), nvidia.window, p384);
        let own = key(p384);
        // CompositeDeviceID: version, key of the layer below, firmware.
        let identity = sequence(&[
            integer(1),
            rom.key().subject_public_key_info(),
            sequence(&[oid(&[2, 16, 840, 1, 101, 3, 4, 2, 2]), octets(&FIRMWARE)]),
        ]);
        let extension: (&[u64], Vec<u8>) = (&[2, 23, 133, 5, 4, 1], identity);
        let certificate = rom.certify(
            &own,
            named("GH100 A01 GSP FMC LF", 5),
            nvidia.window,
            &[extension],
        );
        Gpu {
            key: signing_key(&own),
            certificates: vec![
                certificate,
                rom.der().to_vec(),
                nvidia.provisioner.der().to_vec(),
            ],
        }
    }

    /// An answer to a challenge.
    #[must_use]
    pub fn answer(&self, device: &Device, nonce: [u8; 32]) -> Vec<u8> {
        let blocks = device
            .measurements
            .iter()
            .map(|(index, value)| [&[*index, 1, 51, 0, 1, 48, 0], value.as_slice()].concat());
        let record = blocks.collect::<Vec<_>>().concat();
        let [first, second, third, fourth, fifth] = device.firmware;
        let mut fields = vec![
            field(6, &[fourth, third, second, first, fifth, 0, 0, 0]),
            field(15, b"882\0\0"),
            field(17, b"1010\0"),
            field(18, b"0200\0"),
            field(20, &FIRMWARE),
        ];
        match &device.driver {
            Some(driver) => {
                fields.push(field(3, format!("{driver}\0").as_bytes()));
                fields.push(field(11, &[device.decoder]));
                fields.push(field(21, &[0x55]));
                fields.push(field(36, &[0, 0]));
            }
            None => fields.push(field(24, &[0, 0])),
        }
        let opaque = fields.concat();
        let mut answer = [
            &[0x11, 0xe0, 1, 0xff],
            nonce.as_slice(),
            &[0],
            &[0x11, 0x60, 0, 0, count(device.measurements.len())],
            length(record.len()).get(..3).unwrap_or_default(),
            &record,
            &[8; 32],
            length(opaque.len()).get(..2).unwrap_or_default(),
            &opaque,
        ]
        .concat();
        let signature = sign(&self.key, &answer);
        answer.extend(signature);
        answer
    }
}

fn field(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = length(value.len());
    let length = length.get(..2).unwrap_or_default();
    [&kind.to_le_bytes(), length, value].concat()
}

fn length(of: usize) -> [u8; 8] {
    (of as u64).to_le_bytes()
}

fn count(of: usize) -> u8 {
    u8::try_from(of).unwrap_or(u8::MAX)
}
