//! What real TLS clients get from an endpoint.

use crate::certificates::OPENSSL;
use crate::recipe::Capture;
use crate::truth::{Answer, Question};
use crate::{LabError, Result, command};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const OLD_VERSION: Question = Question {
    id: "old-version",
    asks: "does a TLS 1.0 client get in?",
    causes: &[],
};
const NO_FORWARD_SECRECY: Question = Question {
    id: "no-forward-secrecy",
    asks: "is a key exchange without forward secrecy accepted?",
    causes: &[],
};
const NO_ENCRYPTION: Question = Question {
    id: "no-encryption",
    asks: "is a cipher suite that encrypts nothing accepted?",
    causes: &[],
};
const UNTRUSTED: Question = Question {
    id: "untrusted",
    asks: "must a client that checks certificates give up?",
    causes: &[],
};
const ANYONE: Question = Question {
    id: "anyone",
    asks: "does a client without a certificate get in?",
    causes: &[],
};

const LIMIT: Duration = Duration::from_secs(15);

/// Asks every question of an endpoint. `authority` is the root that an honest client trusts.
pub(super) fn ask(port: u16, authority: &Path) -> Result<Vec<Answer>> {
    let weak = |extra: &[&str]| {
        let mut words = vec!["-cipher", "ALL:eNULL:@SECLEVEL=0"];
        words.extend(extra);
        connect(port, &words)
    };
    let root = authority.to_string_lossy();
    let old = weak(&["-tls1"])?;
    let no_secrecy = connect(port, &["-tls1_2", "-cipher", "kRSA:!eNULL:@SECLEVEL=0"])?;
    let nothing = connect(port, &["-tls1_2", "-cipher", "eNULL:@SECLEVEL=0"])?;
    let careful = connect(
        port,
        &[
            "-CAfile",
            &root,
            "-verify_return_error",
            "-verify_hostname",
            "localhost",
        ],
    )?;
    let anyone = connect(port, &[])?;
    Ok(vec![
        OLD_VERSION.answered(old.is_in, old.said),
        NO_FORWARD_SECRECY.answered(no_secrecy.is_in, no_secrecy.said),
        NO_ENCRYPTION.answered(nothing.is_in, nothing.said),
        UNTRUSTED.answered(careful.is_distrusted, careful.said),
        ANYONE.answered(anyone.is_in, anyone.said),
    ])
}

/// How a client fared.
struct Fared {
    /// The server answered its request: the handshake was done on both sides.
    is_in: bool,
    /// The client itself refused the server's certificate.
    is_distrusted: bool,
    /// One line that says so.
    said: String,
}

/// A request through OpenSSL's client. With TLS 1.3 a server refuses a client only after the client thinks that all is
/// well, so the answer to a request counts and not the handshake.
fn connect(port: u16, options: &[&str]) -> Result<Fared> {
    let mut client = Command::new("sh");
    client
        .args(["-c", "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | \"$0\" \"$@\""])
        .arg(OPENSSL.path()?)
        .args(["s_client", "-ign_eof", "-connect"])
        .arg(format!("127.0.0.1:{port}"))
        .args(options);
    let said = command::run("openssl s_client", &client, LIMIT)?;
    let is_in = said.text.contains("HTTP/1.0 200 ok");
    let reason = |line: &&str| line.contains("error:");
    let line = if is_in {
        said.text.lines().find(|line| line.starts_with("New, "))
    } else {
        said.text.lines().find(reason)
    };
    Ok(Fared {
        is_in,
        is_distrusted: said.text.contains("verify error:"),
        said: line.map_or("closed without a word", reason_of).to_owned(),
    })
}

/// OpenSSL's reason without its thread, source file and line.
fn reason_of(line: &str) -> &str {
    match line.split_once("SSL routines:") {
        Some((_, rest)) => rest.split(':').nth(1).unwrap_or(rest),
        None => line.trim(),
    }
}

/// The first bytes that the server sends to a TLS 1.2 hello.
pub(super) fn hello(port: u16) -> Result<Capture> {
    let failed = |error| LabError::failed("TLS hello", error);
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    stream
        .set_read_timeout(Some(Duration::from_secs(3)))
        .map_err(failed)?;
    stream.write_all(&client_hello()).map_err(failed)?;
    let mut bytes = vec![0; 4096];
    let length = stream.read(&mut bytes).map_err(failed)?;
    bytes.truncate(length);
    // Record header and the message up to the end of the random and session id lengths: what follows differs each time.
    bytes.truncate(11);
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Capture {
        file: "server-hello.hex".to_owned(),
        about: "The first 11 bytes that the server sends to a TLS 1.2 ClientHello that offers \
                ECDHE-RSA-AES128-GCM-SHA256, AES128-SHA and NULL-SHA256: record type, record version, record length, \
                then for a handshake its type, length and the version chosen; for an alert its level and description."
            .to_owned(),
        text,
    })
}

/// A TLS 1.2 ClientHello with three cipher suites, one of each kind (RFC 5246 section 7.4.1.2).
fn client_hello() -> Vec<u8> {
    // supported_groups x25519 and secp256r1; ec_point_formats uncompressed; signature_algorithms RSA and ECDSA with SHA-256.
    let extensions = [
        &[0x00, 0x0a, 0x00, 0x06, 0x00, 0x04, 0x00, 0x1d, 0x00, 0x17][..],
        &[0x00, 0x0b, 0x00, 0x02, 0x01, 0x00],
        &[
            0x00, 0x0d, 0x00, 0x08, 0x00, 0x06, 0x04, 0x01, 0x04, 0x03, 0x08, 0x04,
        ],
    ]
    .concat();
    // Version, a random of zeros (nothing is protected by it), no session, ECDHE-RSA-AES128-GCM-SHA256, AES128-SHA and
    // NULL-SHA256, no compression.
    let mut body = vec![0x03, 0x03];
    body.extend([0; 32]);
    body.extend([
        0x00, 0x00, 0x06, 0xc0, 0x2f, 0x00, 0x2f, 0x00, 0x3b, 0x01, 0x00,
    ]);
    body.extend(short_length(&extensions));
    body.extend(extensions);
    let mut message = vec![0x01, 0x00];
    message.extend(short_length(&body));
    message.extend(body);
    let mut record = vec![0x16, 0x03, 0x01];
    record.extend(short_length(&message));
    record.extend(message);
    record
}

fn short_length(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes()
}
