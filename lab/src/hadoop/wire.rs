//! Raw questions to Hadoop's ports, and what comes back.

use super::protobuf::{Fields, Message, zigzag};
use crate::{LabError, Result};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(30);

/// What a port answered, before it fell silent or hung up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Bytes(Vec<u8>),
    /// Closed in order, without a byte.
    Closed,
    /// Broken off.
    Reset,
}

/// Sends bytes and returns the first answer.
pub(super) fn ask(port: u16, question: &[u8]) -> Result<Reply> {
    let failed = |error| LabError::failed(format!("asking port {port}"), error);
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    stream.set_read_timeout(Some(LIMIT)).map_err(failed)?;
    stream.write_all(question).map_err(failed)?;
    let mut answer = vec![0; 1 << 16];
    match stream.read(&mut answer) {
        Ok(0) => Ok(Reply::Closed),
        Ok(length) => {
            answer.truncate(length);
            Ok(Reply::Bytes(answer))
        }
        Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(Reply::Reset),
        Err(error) => Err(failed(error)),
    }
}

/// RPC version 9 with SASL and the message NEGOTIATE, which any client sends first: it logs nobody in.
pub(super) fn negotiate() -> Vec<u8> {
    // RPC kind 2 is protocol buffers; call -33 is SASL.
    let header = Message::default()
        .number(1, 2)
        .number(2, 0)
        .number(3, zigzag(-33))
        .bytes(4, b"")
        .number(5, zigzag(-1));
    let negotiate = Message::default().number(2, 1);
    let body = [header.delimited(), negotiate.delimited()].concat();
    let length = u32::try_from(body.len()).unwrap_or_default();
    [b"hrpc\x09\x00\xdf".as_slice(), &length.to_be_bytes(), &body].concat()
}

/// One way to log in that an RPC port offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) method: String,
    pub(super) mechanism: String,
    pub(super) protocol: String,
    pub(super) server: String,
    pub(super) challenge: String,
}

/// The state of a SASL conversation, and what it offers; `None` where the answer is no SASL message.
pub(super) fn offers(answer: &[u8]) -> Option<(u64, Vec<Offer>)> {
    let mut body = answer.get(4..)?;
    let _header = Fields::delimited(&mut body)?;
    let message = Fields::delimited(&mut body)?;
    let offers = message.all(4).map(|offer| {
        let offer = Fields::read(offer);
        Offer {
            method: offer.text(1),
            mechanism: offer.text(2),
            protocol: offer.text(3),
            server: offer.text(4),
            challenge: offer.text(5),
        }
    });
    Some((message.number(2)?, offers.collect()))
}

/// How a client begins SASL on a DataNode's port: a magic number and an empty message.
pub(super) fn transfer_handshake() -> Vec<u8> {
    let empty = Message::default().number(1, 0);
    [[0xde, 0xad, 0xbe, 0xef].as_slice(), &empty.delimited()].concat()
}

/// A block that no DataNode has.
const INVENTED_BLOCK: u64 = 999_999_999;

/// The operation READ_BLOCK for an invented block, in clear and with an empty token.
pub(super) fn plain_read(pool: &str) -> Vec<u8> {
    let block = Message::default()
        .bytes(1, pool.as_bytes())
        .number(2, INVENTED_BLOCK)
        .number(3, 1)
        .number(4, 0);
    let token = Message::default()
        .bytes(1, b"")
        .bytes(2, b"")
        .bytes(3, b"")
        .bytes(4, b"");
    let base = Message::default().message(1, &block).message(2, &token);
    let header = Message::default()
        .message(1, &base)
        .bytes(2, b"wardline-probe");
    let operation = Message::default()
        .message(1, &header)
        .number(2, 0)
        .number(3, 1);
    // Version 28 of the data transfer protocol, operation 81.
    [[0, 28, 81].as_slice(), &operation.delimited()].concat()
}

/// The status words of the data transfer protocol that matter here.
pub(super) fn transfer_status(reply: &Reply) -> String {
    match reply {
        Reply::Closed => "closed without a byte".to_owned(),
        Reply::Reset => "connection reset".to_owned(),
        Reply::Bytes(bytes) => {
            let status =
                Fields::delimited(&mut bytes.as_slice()).and_then(|answer| answer.number(1));
            match status {
                Some(0) => "SUCCESS".to_owned(),
                Some(1) => "ERROR: no such block".to_owned(),
                Some(5) => "ERROR_ACCESS_TOKEN".to_owned(),
                other => format!("status {other:?}"),
            }
        }
    }
}

/// What a listener learns from the handshake of a block transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Protection {
    /// No handshake: operations and blocks in clear.
    None,
    /// The handshake agreed on a cipher of its own for the blocks: AES.
    Negotiated,
    /// Blocks are under what SASL itself brings; the words name the client's choice.
    OfSasl { cipher: String, qop: String },
}

/// Reads the client's side of a recorded conversation with a DataNode.
pub(super) fn protection(asked: &[u8], answered: &[u8]) -> Protection {
    let Some(mut asked) = asked.strip_prefix(&[0xde, 0xad, 0xbe, 0xef]) else {
        return Protection::None;
    };
    let mut answered = answered;
    let second = |bytes: &mut &[u8]| {
        Fields::delimited(bytes)?;
        Some((
            bytes.len(),
            Fields::delimited(bytes).map(|fields| (fields.has(4), fields.text(2)))?,
        ))
    };
    let client = second(&mut asked).map(|(_, fields)| fields);
    let server = second(&mut answered).map(|(_, fields)| fields);
    // Field 4 is the cipher option: the client names suites, the server takes one and sends its keys.
    if let (Some((true, _)), Some((true, _))) = (&client, &server) {
        return Protection::Negotiated;
    }
    let response = client.map(|(_, payload)| payload).unwrap_or_default();
    let word = |key: &str| {
        response
            .split(',')
            .find_map(|part| part.trim().strip_prefix(key)?.strip_prefix('='))
            .unwrap_or_default()
            .trim_matches('"')
            .to_owned()
    };
    Protection::OfSasl {
        cipher: word("cipher"),
        qop: word("qop"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(client_has_suites: bool, server_has_suites: bool) -> Protection {
        let message = |has_option: bool, payload: &str| {
            let message = Message::default().number(1, 0).bytes(2, payload.as_bytes());
            if has_option {
                message
                    .message(4, &Message::default().number(1, 2))
                    .delimited()
            } else {
                message.delimited()
            }
        };
        let asked = [
            transfer_handshake(),
            message(client_has_suites, "qop=auth-conf,cipher=\"3des\""),
        ]
        .concat();
        let answered = [
            message(false, "nonce=\"x\""),
            message(server_has_suites, "rspauth=1"),
        ]
        .concat();
        protection(&asked, &answered)
    }

    #[test]
    fn a_listener_tells_aes_from_3des_and_from_nothing() {
        assert_eq!(protection(&plain_read("BP-1"), b""), Protection::None);
        assert_eq!(conversation(true, true), Protection::Negotiated);
        let of_sasl = Protection::OfSasl {
            cipher: "3des".to_owned(),
            qop: "auth-conf".to_owned(),
        };
        assert_eq!(conversation(true, false), of_sasl);
        assert_eq!(conversation(false, false), of_sasl);
    }
}
