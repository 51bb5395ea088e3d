//! Event logs: Google's Container-Optimized OS with its quote, and one made here.

use evidence::vectors;
use wardline_attest::Outcome;
use wardline_attest::ccel::{Replay, checks};
use wardline_attest::crypto::{hex, sha384};

const CAUSE: &str = "tee/channel-binding#pcr-replay";

/// RTMR0 to RTMR3 of a TDX quote of version 4.
fn registers(quote: &[u8]) -> [[u8; 48]; 4] {
    [376, 424, 472, 520].map(|at| quote[at..at + 48].try_into().unwrap())
}

#[test]
fn the_log_of_a_real_machine_replays_into_its_quote() {
    let Some(log) = vectors::read("ccel/ccel_data.dat") else {
        return;
    };
    let quote = vectors::read("ccel/cos-113-tdx-quote.dat").unwrap();
    let quoted = registers(&quote);
    let replay = Replay::of(&log).unwrap();
    assert_eq!(
        replay.registers.map(|one| hex(&one)),
        quoted.map(|one| hex(&one))
    );
    for check in replay.checks(&quoted) {
        assert_eq!(check.outcome, Outcome::Pass, "{check:?}");
    }

    assert_eq!(replay.measured.len(), 43);
    let command_line = replay
        .measured
        .iter()
        .find(|measured| measured.description.starts_with("kernel_cmdline: "))
        .unwrap();
    assert_eq!(
        (command_line.register, command_line.kind.as_str()),
        (2, "EV_IPL")
    );
    assert!(command_line.described);
    assert!(command_line.description.contains("/syslinux/vmlinuz.A"));
    let kernel = replay
        .measured
        .iter()
        .find(|measured| measured.description == "/syslinux/vmlinuz.A")
        .unwrap();
    // The digest is the kernel's: its name is only a word.
    assert!(!kernel.described);
    let loader = replay
        .measured
        .iter()
        .find(|measured| measured.kind == "EV_EFI_BOOT_SERVICES_APPLICATION")
        .unwrap();
    assert_eq!(loader.register, 1);
    let names: Vec<&str> = replay
        .measured
        .iter()
        .filter(|measured| measured.kind == "EV_EFI_VARIABLE_BOOT")
        .map(|measured| measured.description.as_str())
        .collect();
    assert_eq!(names, ["BootOrder", "Boot0001", "Boot0000"]);
    let all_described = replay
        .measured
        .iter()
        .filter(|measured| measured.kind.contains("VARIABLE"))
        .all(|measured| measured.described);
    assert!(all_described);
}

#[test]
fn a_changed_digest_of_a_real_log_breaks_its_register_alone() {
    let Some(mut log) = vectors::read("ccel/ccel_data.dat") else {
        return;
    };
    let quoted = registers(&vectors::read("ccel/cos-113-tdx-quote.dat").unwrap());
    // The first byte of the first digest: RTMR0.
    log[0x41 + 14] ^= 1;
    let outcomes: Vec<Outcome> = checks(&log, &quoted)
        .iter()
        .map(|check| check.outcome)
        .collect();
    let expected = [Outcome::Fail, Outcome::Pass, Outcome::Pass, Outcome::Pass];
    assert_eq!(outcomes, expected);
}

fn log(events: &[(u32, u32, &[u8])]) -> Vec<u8> {
    let mut log = vec![1, 0, 0, 0, 3, 0, 0, 0];
    log.extend([0; 20]);
    log.extend([33, 0, 0, 0]);
    log.extend(b"Spec ID Event03\0");
    log.extend([0, 0, 0, 0, 0, 2, 0, 2, 1, 0, 0, 0, 0x0c, 0, 48, 0, 0]);
    for (register, kind, data) in events {
        log.extend(register.to_le_bytes());
        log.extend(kind.to_le_bytes());
        log.extend([1, 0, 0, 0, 0x0c, 0]);
        log.extend(sha384(data));
        log.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        log.extend(*data);
    }
    log.extend([0xff; 64]);
    log
}

fn extended(digests: &[&[u8]]) -> [u8; 48] {
    digests.iter().fold([0; 48], |register, data| {
        sha384(&[register, sha384(data)].concat())
    })
}

#[test]
fn events_extend_their_registers_in_order() {
    let log = log(&[
        (1, 5, b"first"),
        (3, 13, b"third"),
        (1, 5, b"second"),
        // Says something and extends nothing.
        (1, 3, b"words"),
    ]);
    let quoted = [
        extended(&[b"first", b"second"]),
        [0; 48],
        extended(&[b"third"]),
        [0; 48],
    ];
    for check in checks(&log, &quoted) {
        assert_eq!(check.outcome, Outcome::Pass, "{check:?}");
    }
    let swapped = [
        extended(&[b"second", b"first"]),
        [0; 48],
        extended(&[b"third"]),
        [0; 48],
    ];
    let checks = checks(&log, &swapped);
    assert_eq!(
        (checks[0].outcome, checks[0].cause),
        (Outcome::Fail, Some(CAUSE))
    );
    assert_eq!(checks[1].outcome, Outcome::Pass);
}

#[test]
fn a_register_that_no_event_names_is_beyond_the_log() {
    let log = log(&[(1, 5, b"first")]);
    let quoted = [extended(&[b"first"]), [0; 48], [0; 48], [9; 48]];
    let checks = checks(&log, &quoted);
    assert_eq!(
        (checks[3].outcome, checks[3].cause),
        (Outcome::NotApplicable, None)
    );
}

#[test]
fn what_is_no_log_is_one_failed_check() {
    for bad in [
        Vec::new(),
        vec![0xff; 100],
        log(&[(0, 5, b"to MRTD")]),
        log(&[(5, 5, b"to nothing")]),
        log(&[(u32::MAX - 1, 5, b"to nothing")]),
    ] {
        let checks = checks(&bad, &[[0; 48]; 4]);
        assert_eq!(checks.len(), 1);
        assert_eq!(
            (checks[0].outcome, checks[0].cause),
            (Outcome::Fail, Some(CAUSE))
        );
    }
}
