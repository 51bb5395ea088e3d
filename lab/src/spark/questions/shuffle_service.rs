//! The external shuffle service. It listens on all interfaces whatever it is told, so it runs in a network of its own, where
//! there is only a loopback interface.

use crate::packages::Need;
use crate::spark::daemons::{Cluster, wait_for_line};
use crate::spark::wire;
use crate::truth::{Answer, Question};
use crate::{Result, command};
use std::process::Command;
use std::time::Duration;

/// Makes the network and enters it.
pub(in crate::spark) const UNSHARE: Need = Need {
    program: "unshare",
    package: "util-linux",
};
/// Starts the loopback interface.
pub(in crate::spark) const IP: Need = Need {
    program: "ip",
    package: "iproute2",
};

const STRANGER: Question = Question {
    id: "shuffle-service-stranger",
    asks: "does the external shuffle service take a stranger's request?",
    causes: &[
        "spark/authentication#off",
        "spark/authentication#encryption-without-authentication",
    ],
};

/// Waits for the port (the service announces it before it listens), sends the frame and prints what comes back.
const CLIENT: &str = "
for _ in $(seq 100); do exec 3<>/dev/tcp/127.0.0.1/7337 && break; sleep 0.1; done 2>/dev/null
printf \"$1\" >&3
timeout 5 head -c 1500 <&3 | tr -d '\\000'
";

pub(super) fn ask(cluster: &Cluster) -> Result<Vec<Answer>> {
    let mut server = Command::new(UNSHARE.path()?);
    cluster.environment(&mut server);
    server
        .args(["--map-root-user", "--net", "sh", "-c"])
        .arg("\"$0\" link set lo up && exec \"$@\"")
        .arg(IP.path()?)
        .arg(cluster.home.join("bin/spark-class"))
        .arg("org.apache.spark.deploy.ExternalShuffleService");
    let mut process = cluster.start("external shuffle service", &server)?;
    wait_for_line(&mut process, "Starting shuffle service on port")?;

    let frame: String = wire::rpc_request(&[])
        .iter()
        .map(|byte| format!("\\x{byte:02x}"))
        .collect();
    let mut client = Command::new("nsenter");
    client
        .arg(format!("--target={}", process.id()))
        .args(["--user", "--net", "--preserve-credentials", "bash", "-c"])
        .arg(CLIENT)
        .args(["client", &frame]);
    let said = command::run(
        "client of the shuffle service",
        &client,
        Duration::from_secs(30),
    )?;
    let line = wire::first_line(said.text.as_bytes());
    // The request reached the decoder of block messages: nobody asked who sends it.
    let yes = said.text.contains("BlockTransferMessage");
    Ok(vec![STRANGER.answered(yes, line)])
}
