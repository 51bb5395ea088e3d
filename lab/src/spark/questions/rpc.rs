//! Who speaks to the Master, and who can listen.

use crate::certificates::{self, OPENSSL};
use crate::process::Process;
use crate::spark::daemons::{Cluster, says};
use crate::spark::relay::{Conduct, Relay};
use crate::spark::wire;
use crate::truth::{Answer, Question};
use crate::{Result, ports, wait};
use std::process::Command;
use std::time::{Duration, Instant};

const STRANGER: Question = Question {
    id: "rpc-stranger",
    asks: "does a client without the secret reach the Master?",
    causes: &[
        "spark/authentication#off",
        "spark/authentication#encryption-without-authentication",
    ],
};
const IN_CLEAR: Question = Question {
    id: "rpc-in-clear",
    asks: "does a Worker that asks for no encryption speak in clear?",
    causes: &[
        "spark/rpc-encryption#off",
        "spark/rpc-encryption#sasl-not-enforced",
        "spark/rpc-encryption#sasl-fallback",
    ],
};
const TALKED_DOWN: Question = Question {
    id: "rpc-talked-down",
    asks: "can somebody on the path remove a Worker's encryption?",
    causes: &[
        "spark/rpc-encryption#off",
        "spark/rpc-encryption#sasl-fallback",
    ],
};
const IMPOSTOR: Question = Question {
    id: "rpc-tls-impostor",
    asks: "does a Worker talk to a Master with a stranger's certificate?",
    causes: &["spark/rpc-encryption#tls-trusts-anyone"],
};
const FILE_SERVER: Question = Question {
    id: "file-server-stranger",
    asks: "does the driver look up files for a client without login?",
    // Releases differ without order, so only the wire decides.
    causes: &[],
};

/// Part of every message between Worker and Master.
const MESSAGE_CLASS: &[u8] = b"org.apache.spark.deploy.DeployMessages";
/// What a Worker says when it gave up or was refused. Later than that nothing more comes.
const PATIENCE: Duration = Duration::from_secs(150);

pub(super) fn ask(cluster: &Cluster) -> Result<Vec<Answer>> {
    let master = cluster.ports.master;
    let answer = wire::ask(master, &wire::rpc_request(&[]))?;
    let line = wire::first_line(&answer);
    // The Master got as far as reading the sender's address out of the empty message.
    let is_open = line.contains("java.io.EOFException");
    let mut answers = vec![STRANGER.answered(is_open, line)];

    let weakest =
        "-Dspark.network.crypto.enabled=false -Dspark.authenticate.enableSaslEncryption=false";
    let (yes, evidence) = worker_through(cluster, Conduct::Listen, weakest)?;
    answers.push(IN_CLEAR.answered(yes, evidence));
    if !is_open {
        let (yes, evidence) = worker_through(cluster, Conduct::RefuseFirstLogin, "")?;
        answers.push(TALKED_DOWN.answered(yes, evidence));
    }
    if speaks_tls(cluster) {
        answers.push(impostor(cluster)?);
    }

    let stream = wire::stream_request("/files/wardline-lab-no-such-file");
    let line = wire::first_line(&wire::ask(cluster.ports.driver, &stream)?);
    answers.push(FILE_SERVER.answered(line.contains("was not found"), line));
    Ok(answers)
}

/// A Worker joins the Master through somebody on the path. Whether its messages could be read there.
fn worker_through(cluster: &Cluster, conduct: Conduct, options: &str) -> Result<(bool, String)> {
    let relay = Relay::before(cluster.ports.master, conduct)?;
    let name = match conduct {
        Conduct::Listen => "weakest Worker",
        Conduct::RefuseFirstLogin => "Worker behind an attacker",
    };
    let mut worker = second_worker(cluster, name, relay.port, options)?;
    let log = worker.log().to_owned();
    let start = Instant::now();
    while start.elapsed() < PATIENCE && worker.ended().is_none() {
        if relay.has_seen(MESSAGE_CLASS) {
            return Ok((true, "a message to the Master passed in clear".to_owned()));
        }
        if says(&log, "Successfully registered with master") {
            // What it said when it registered has passed by now.
            std::thread::sleep(Duration::from_millis(300));
            return Ok(match relay.has_seen(MESSAGE_CLASS) {
                true => (true, "it registered in clear".to_owned()),
                false => (
                    false,
                    format!(
                        "it registered; none of {} bytes is readable",
                        relay.passed()
                    ),
                ),
            });
        }
        if says(&log, "Failed to connect to master") {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok((false, "it could not register".to_owned()))
}

fn second_worker(cluster: &Cluster, name: &str, master: u16, options: &str) -> Result<Process> {
    let mut cluster = cluster.clone();
    cluster.daemon_options = options.to_owned();
    cluster.worker(name, ports::free()?, ports::free()?, master)
}

fn speaks_tls(cluster: &Cluster) -> bool {
    let file = cluster.layout.conf().join("spark-defaults.conf");
    std::fs::read_to_string(file).is_ok_and(|text| {
        text.lines()
            .any(|line| line.starts_with("spark.ssl.rpc.enabled") && line.ends_with("true"))
    })
}

/// A server with a certificate that nobody vouches for waits where the Worker expects its Master. Whatever it decrypts, the
/// Worker has sent to a stranger.
fn impostor(cluster: &Cluster) -> Result<Answer> {
    let identity = certificates::self_signed(&cluster.layout.logs(), "impostor")?;
    let port = ports::free()?;
    // It ends when its input ends, so the input has to last.
    let mut command = Command::new("sh");
    command
        .args(["-c", "sleep 600 | \"$0\" \"$@\""])
        .arg(OPENSSL.path()?)
        .args(["s_server", "-quiet", "-accept"])
        .arg(format!("127.0.0.1:{port}"))
        .arg("-cert")
        .arg(&identity.certificate)
        .arg("-key")
        .arg(&identity.key);
    let mut server = cluster.start("impostor", &command)?;
    wait::for_port(&mut server, port, PATIENCE)?;
    let mut worker = second_worker(cluster, "Worker before an impostor", port, "")?;
    let log = worker.log().to_owned();
    let got =
        |server: &Process| std::fs::read(server.log()).is_ok_and(|text| contains_login(&text));
    let refused =
        |log| says(log, "SSLHandshakeException") || says(log, "Failed to connect to master");
    let _ = wait::for_condition("impostor", PATIENCE, || {
        got(&server) || refused(&log) || worker.ended().is_some() || server.ended().is_some()
    });
    std::thread::sleep(Duration::from_millis(200));
    let yes = got(&server);
    let evidence = match yes {
        true => "the stranger decrypted the Worker's login",
        false if refused(&log) => "the Worker refused the certificate",
        false => "nothing came",
    };
    Ok(IMPOSTOR.answered(yes, evidence))
}

/// The user that every Spark login names, in clear inside the TLS connection.
fn contains_login(text: &[u8]) -> bool {
    crate::spark::daemons::contains(text, b"sparkSaslUser")
}
