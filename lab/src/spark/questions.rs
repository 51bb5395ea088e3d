//! What real clients get from a Spark cluster.

mod event_log;
mod files;
mod pages;
mod rpc;
mod shuffle_service;

pub(super) use shuffle_service::{IP, UNSHARE};

use super::daemons::Cluster;
use super::wire;
use crate::Result;
use crate::recipe::Capture;
use crate::truth::Answer;

/// Asks every question.
pub(super) fn ask(cluster: &Cluster, has_connect: bool) -> Result<Vec<Answer>> {
    let mut answers = rpc::ask(cluster)?;
    answers.extend(pages::ask(cluster, has_connect)?);
    answers.extend(files::ask(cluster)?);
    answers.extend(shuffle_service::ask(cluster)?);
    Ok(answers)
}

/// Records the answers to single frames, and the event log.
pub(super) fn captures(cluster: &Cluster) -> Result<Vec<Capture>> {
    let frames = [
        (
            "master-empty-request.hex",
            "The answer of the Master to an RpcRequest without a body (21 bytes)",
            cluster.ports.master,
            wire::rpc_request(&[]),
        ),
        (
            "master-sasl-start.hex",
            "The answer of the Master to the first message of a SASL login",
            cluster.ports.master,
            wire::sasl_start(),
        ),
        (
            "driver-stream-request.hex",
            "The answer of the driver to a StreamRequest for a file that does not exist",
            cluster.ports.driver,
            wire::stream_request("/files/wardline-lab-no-such-file"),
        ),
    ];
    let mut captures: Vec<Capture> = frames
        .into_iter()
        .map(|(file, about, port, frame)| {
            let answer = wire::ask(port, &frame)?;
            let (text, shown) = shorten(&answer);
            Ok(Capture {
                file: file.to_owned(),
                about: format!(
                    "{about}, {} bytes, of which {shown} follow; the server's first line: {}",
                    answer.len(),
                    wire::first_line(&answer)
                ),
                text,
            })
        })
        .collect::<Result<_>>()?;
    captures.extend(event_log::capture(cluster)?);
    Ok(captures)
}

/// What is kept of an answer: enough for its head and the first frames of a stack trace.
const KEPT: usize = 2048;

fn shorten(answer: &[u8]) -> (String, usize) {
    let kept = answer.get(..KEPT).unwrap_or(answer);
    let hex = mask_nonce(kept)
        .chunks(32)
        .map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect())
        .collect::<Vec<String>>()
        .join("\n");
    (hex, kept.len())
}

/// A SASL challenge holds a nonce, new each time.
fn mask_nonce(bytes: &[u8]) -> Vec<u8> {
    let mut masked = bytes.to_vec();
    let opening = b"nonce=\"";
    if let Some(at) = masked
        .windows(opening.len())
        .position(|window| window == opening)
    {
        let inside = masked.iter_mut().skip(at + opening.len());
        inside
            .take_while(|byte| **byte != b'"')
            .for_each(|byte| *byte = b'0');
    }
    masked
}
