//! Takes out of answers what differs from run to run.

use super::protobuf::{Fields, Message};
use super::wire::Reply;

/// A block pool that no cluster has.
pub(super) const POOL: &str = "BP-0-127.0.0.1-0";

pub(super) fn with_pool_masked(reply: Reply, pool: &str) -> Reply {
    let Reply::Bytes(bytes) = &reply else {
        return reply;
    };
    match Fields::delimited(&mut bytes.as_slice()) {
        Some(fields) => Reply::Bytes(
            fields
                .with_text(|text| text.replace(pool, POOL))
                .delimited(),
        ),
        None => reply,
    }
}

/// Puts letters `A` in place of nonces.
pub(super) fn masked(reply: Reply) -> Reply {
    const START: &[u8] = b"nonce=\"";
    let Reply::Bytes(mut bytes) = reply else {
        return reply;
    };
    let starts: Vec<usize> = bytes
        .windows(START.len())
        .enumerate()
        .filter(|(_, window)| *window == START)
        .map(|(at, _)| at + START.len())
        .collect();
    for start in starts {
        for byte in bytes
            .iter_mut()
            .skip(start)
            .take_while(|byte| **byte != b'"')
        {
            *byte = b'A';
        }
    }
    Reply::Bytes(bytes)
}

/// Masks a cookie's value and the ports of the lab's hosts.
pub(super) fn without_chance(line: &str) -> String {
    let line = match line.split_once("hadoop.auth=") {
        Some((before, after)) => {
            let rest = after.split_once(';').map_or("", |(_, rest)| rest);
            format!("{before}hadoop.auth=COOKIE;{rest}")
        }
        None => line.to_owned(),
    };
    match line.split_once(".lab.test:") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before}.lab.test:PORT{rest}")
        }
        None => line,
    }
}

impl Fields<'_> {
    /// The same message with other texts.
    fn with_text(&self, replaced: impl Fn(String) -> String) -> Message {
        self.rewritten(|bytes| {
            String::from_utf8(bytes.to_vec())
                .map_or_else(|_| bytes.to_vec(), |text| replaced(text).into_bytes())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_masked() {
        let reply = Reply::Bytes(b"x,nonce=\"c2VjcmV0\",qop".to_vec());
        assert_eq!(
            masked(reply),
            Reply::Bytes(b"x,nonce=\"AAAAAAAA\",qop".to_vec())
        );
        let answer = Message::default()
            .number(1, 1)
            .bytes(5, b"Replica not found for BP-77-127.0.0.1-99:blk_1");
        let masked = with_pool_masked(Reply::Bytes(answer.delimited()), "BP-77-127.0.0.1-99");
        let wanted = Message::default()
            .number(1, 1)
            .bytes(5, b"Replica not found for BP-0-127.0.0.1-0:blk_1");
        assert_eq!(masked, Reply::Bytes(wanted.delimited()));
        assert_eq!(
            without_chance("Location: http://nn1.lab.test:20123/x"),
            "Location: http://nn1.lab.test:PORT/x"
        );
        assert_eq!(
            without_chance("Set-Cookie: hadoop.auth=\"u=x&s=y\"; Path=/; HttpOnly"),
            "Set-Cookie: hadoop.auth=COOKIE; Path=/; HttpOnly"
        );
    }
}
