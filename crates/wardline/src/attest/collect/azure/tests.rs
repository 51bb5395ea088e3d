//! A TPM that answers as a test wants it. One that computes is in `simulated`.

mod simulated;

use super::*;
use ::attest::crypto::{sha256, unhex};
use ::attest::{Evidence, Piece};
use std::io;

/// What stands in for a TPM: it knows the four commands by their codes.
struct Stand {
    /// What the index holds. `None`: there is no such index.
    report: Option<Vec<u8>>,
    message: Vec<u8>,
    signature: Vec<u8>,
    registers: Vec<[u8; 32]>,
    /// How often a register changes while it is read.
    changes: usize,
    /// How often a command is to be sent again.
    again: usize,
    /// Answers every quote with this code.
    refusal: u32,
    answer: Vec<u8>,
}

impl Stand {
    fn new(registers: [u8; 32]) -> Self {
        let mut report = b"HCLA".to_vec();
        report.resize(1216, 0);
        for number in [22, 1, 2, 1, 2_u32] {
            report.extend(number.to_le_bytes());
        }
        report.extend(b"{}");
        let registers = vec![registers; 24];
        Stand {
            report: Some(report),
            message: message(&registers),
            signature: vec![1; 256],
            registers,
            changes: 0,
            again: 0,
            refusal: 0,
            answer: Vec::new(),
        }
    }

    fn answer(&mut self, command: &[u8]) -> (u16, u32, Vec<u8>) {
        let number = |at: usize| u16::from_be_bytes(command[at..at + 2].try_into().unwrap());
        if self.again > 0 {
            self.again -= 1;
            return (0x8001, 0x922, Vec::new());
        }
        match command[6..10] {
            [0, 0, 1, 0x69] => match &self.report {
                None => (0x8001, 0x18b, Vec::new()),
                Some(report) => {
                    let size = u16::try_from(report.len()).unwrap().to_be_bytes();
                    let public = [[0, 14].as_slice(), &[0; 12], &size, &[0, 0]].concat();
                    (0x8001, 0, public)
                }
            },
            [0, 0, 1, 0x4e] => {
                let (size, offset) = (usize::from(number(31)), usize::from(number(33)));
                let part = &self.report.as_ref().unwrap()[offset..offset + size];
                (0x8002, 0, sized(part))
            }
            [0, 0, 1, 0x58] if self.refusal != 0 => (0x8001, self.refusal, Vec::new()),
            [0, 0, 1, 0x58] => {
                let signature = [&[0, 0x14, 0, 0xb], sized(&self.signature).as_slice()].concat();
                (0x8002, 0, [sized(&self.message), signature].concat())
            }
            [0, 0, 1, 0x7e] => (
                0x8001,
                0,
                self.values([command[17], command[18], command[19]]),
            ),
            _ => (0x8001, 0x143, Vec::new()),
        }
    }

    /// The first eight of some registers.
    fn values(&mut self, asked: [u8; 3]) -> Vec<u8> {
        let mut bitmap = [0; 3];
        let mut digests = Vec::new();
        for number in (0..24)
            .filter(|number| asked[number / 8] >> (number % 8) & 1 == 1)
            .take(8)
        {
            bitmap[number / 8] |= 1 << (number % 8);
            let mut value = self.registers[number];
            if self.changes > 0 && number == 23 {
                self.changes -= 1;
                value = [0xcc; 32];
            }
            digests.extend(sized(&value));
        }
        let count = u8::try_from(digests.len() / 34).unwrap();
        let [a, b, c] = bitmap;
        let head = [0, 0, 0, 5, 0, 0, 0, 1, 0, 0xb, 3, a, b, c, 0, 0, 0, count];
        [head.as_slice(), &digests].concat()
    }
}

impl Write for Stand {
    fn write(&mut self, command: &[u8]) -> io::Result<usize> {
        let (tag, code, mut content) = self.answer(command);
        if tag == 0x8002 {
            let size = u32::try_from(content.len()).unwrap().to_be_bytes();
            content = [size.as_slice(), &content, &[0, 0, 1, 0, 0]].concat();
        }
        let size = u32::try_from(content.len() + 10).unwrap();
        self.answer = [
            tag.to_be_bytes().as_slice(),
            &size.to_be_bytes(),
            &code.to_be_bytes(),
            &content,
        ]
        .concat();
        Ok(command.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Stand {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // In parts, as a socket may.
        let count = self.answer.len().min(buffer.len()).min(700);
        buffer[..count].copy_from_slice(&self.answer[..count]);
        self.answer.drain(..count);
        Ok(count)
    }
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [length.as_slice(), bytes].concat()
}

/// A quote of all registers.
fn message(registers: &[[u8; 32]]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0x54, 0x43, 0x47, 0x80, 0x18, 0, 0];
    bytes.extend(sized(&[7; 32]));
    bytes.extend([0; 25]);
    bytes.extend([0, 0, 0, 1, 0, 0xb, 3, 0xff, 0xff, 0xff]);
    bytes.extend(sized(&sha256(&registers.concat())));
    bytes
}

fn asked(stand: Stand) -> Vec<Source> {
    through(&mut Tpm::new(stand), &Challenge::alone(&[7; 32]))
}

fn only_failure(stand: Stand) -> String {
    match asked(stand).swap_remove(0).found {
        Found::Failed(why) => why,
        _ => panic!("it must fail"),
    }
}

/// The evidence of a piece.
fn presented(source: &Source) -> ::attest::azure::Presented {
    let Found::Evidence(piece) = &source.found else {
        panic!("no evidence");
    };
    let bytes = base64::decode(&piece.evidence).unwrap();
    match Evidence::all_in(&bytes).unwrap().swap_remove(0).piece {
        Piece::Azure(presented) => presented,
        other => panic!("{other:?}"),
    }
}

#[test]
fn report_quote_and_registers_become_one_piece() {
    let mut stand = Stand::new([9; 32]);
    // A register that changes once is read again, and so is what the TPM was not ready for.
    stand.changes = 1;
    stand.again = 3;
    let (report, message) = (stand.report.clone().unwrap(), stand.message.clone());
    let sources = asked(stand);
    let [first, second] = sources.as_slice() else {
        panic!("the piece, and what is not fetched");
    };
    let presented = presented(first);
    let quote = presented.tpm.unwrap();
    assert_eq!(presented.hcl_report, report);
    assert_eq!(quote.message, message);
    assert_eq!(quote.signature, [1; 256]);
    assert_eq!(quote.pcrs, [[9; 32]; 24]);
    assert_eq!(second.name, "Azure's VCEK");
    assert!(matches!(&first.found, Found::Evidence(piece) if piece.kind == "azure-snp"));
}

#[test]
fn a_tpm_of_another_kind_is_only_there() {
    let mut stand = Stand::new([9; 32]);
    stand.report = None;
    let sources = asked(stand);
    let Found::There(what) = &sources[0].found else {
        panic!("a TPM is there");
    };
    assert_eq!(
        what,
        "a TPM without Azure's report: it has no index 0x01400001"
    );
}

#[test]
fn of_tdx_the_quote_is_named_as_missing() {
    let mut stand = Stand::new([9; 32]);
    stand.report.as_mut().unwrap()[1224] = 4;
    let sources = asked(stand);
    assert!(matches!(&sources[0].found, Found::Evidence(piece) if piece.kind == "azure-tdx"));
    assert_eq!(sources[1].name, "Azure's TD quote");
    assert!(matches!(sources[1].found, Found::Missing(_)));
}

#[test]
fn what_fails_says_why() {
    let with = |refusal| Stand {
        refusal,
        ..Stand::new([9; 32])
    };
    assert!(only_failure(with(0x1d5)).contains("give 32 bytes or fewer"));
    assert!(only_failure(with(0x18b)).contains("there is no key 0x81000003"));
    assert!(only_failure(with(0x9a2)).contains("TPM2_Quote: TPM_RC_BAD_AUTH"));
    let mut stand = Stand::new([9; 32]);
    stand.changes = 3;
    assert!(only_failure(stand).contains("the registers changed 3 times"));
    let mut stand = Stand::new([9; 32]);
    stand.report.as_mut().unwrap().clear();
    assert!(only_failure(stand).contains("the index 0x01400001 holds no report"));
    let mut stand = Stand::new([9; 32]);
    stand.again = usize::MAX;
    assert!(only_failure(stand).contains("TPM2_NV_ReadPublic: TPM_RC_RETRY"));
    let mut stand = Stand::new([9; 32]);
    stand.message = vec![0; 40];
    assert!(only_failure(stand).contains("TPM2_Quote: magic"));
}

#[test]
fn evidence_of_a_real_machine_comes_out_as_its_agent_wrote_it() {
    let Some(text) = ::evidence::vectors::read("azure/az-snp-vtpm/evidence-v1.json") else {
        return;
    };
    let written: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let quote = &written["tpm_quote"];
    let bytes = |value: &serde_json::Value| unhex(value.as_str().unwrap()).unwrap();
    let report = base64::decode(written["hcl_report"].as_str().unwrap()).unwrap();
    let registers = quote["pcrs"].as_array().unwrap();
    let stand = Stand {
        report: Some(report),
        message: bytes(&quote["message"]),
        signature: bytes(&quote["signature"]),
        registers: registers
            .iter()
            .map(|value| bytes(value).try_into().unwrap())
            .collect(),
        ..Stand::new([0; 32])
    };
    let sources = asked(stand);
    let Found::Evidence(piece) = &sources[0].found else {
        panic!("no evidence");
    };
    let ours = base64::decode(&piece.evidence).unwrap();
    let ours: serde_json::Value = serde_json::from_slice(&ours).unwrap();
    for field in ["version", "hcl_report", "tpm_quote"] {
        assert_eq!(ours[field], written[field], "{field}");
    }
}
