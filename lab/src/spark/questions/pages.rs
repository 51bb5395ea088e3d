//! Who may read the pages, and over what.

use crate::packages::CURL;
use crate::spark::daemons::Cluster;
use crate::truth::{Answer, Question};
use crate::{Result, command, wait};
use std::process::Command;
use std::time::Duration;

const UI_STRANGER: Question = Question {
    id: "ui-stranger",
    asks: "does the application's page answer without a login?",
    causes: &[
        "spark/ui-access#no-filter",
        "spark/ui-access#acls-without-filter",
    ],
};
const UI_IN_CLEAR: Question = Question {
    id: "ui-in-clear",
    asks: "does the application's page come over plain HTTP?",
    causes: &["spark/web-tls#off"],
};
const HISTORY_STRANGER: Question = Question {
    id: "history-stranger",
    asks: "does the History Server list applications without a login?",
    causes: &[
        "spark/history-server#acls-off",
        "spark/history-server#acls-without-filter",
        "spark/history-server#exposed",
    ],
};
const REST_STRANGER: Question = Question {
    id: "rest-stranger",
    asks: "does the Master take REST requests without a login?",
    causes: &[
        "spark/rest-submission#on-by-default",
        "spark/rest-submission#enabled",
    ],
};
const CONNECT_STRANGER: Question = Question {
    id: "connect-stranger",
    asks: "does the Connect server plan for a client without token?",
    causes: &["spark/sql-endpoints#connect-no-token"],
};

const LIMIT: Duration = Duration::from_secs(30);

pub(super) fn ask(cluster: &Cluster, has_connect: bool) -> Result<Vec<Answer>> {
    let ports = cluster.ports;
    let ui = status(&format!(
        "http://127.0.0.1:{}/api/v1/applications",
        ports.ui
    ))?;
    let page = status(&format!("http://127.0.0.1:{}/jobs/", ports.ui))?;
    let history = status(&format!(
        "http://127.0.0.1:{}/api/v1/applications",
        ports.history
    ))?;
    let mut answers = vec![
        UI_STRANGER.answered(ui == "200", format!("HTTP {ui}")),
        UI_IN_CLEAR.answered(page == "200", format!("HTTP {page}")),
        HISTORY_STRANGER.answered(history == "200", format!("HTTP {history}")),
    ];
    // A question about no submission: nothing is started by it.
    let rest = if wait::listens(ports.rest) {
        let path = "v1/submissions/status/wardline-lab-no-such-submission";
        format!(
            "HTTP {}",
            status(&format!("http://127.0.0.1:{}/{path}", ports.rest))?
        )
    } else {
        "nothing listens".to_owned()
    };
    answers.push(REST_STRANGER.answered(rest == "HTTP 200", rest));
    if has_connect {
        answers.push(connect(ports.connect)?);
    }
    Ok(answers)
}

/// The HTTP status of a page; `000` where nothing answers.
fn status(url: &str) -> Result<String> {
    let mut curl = Command::new(CURL.path()?);
    curl.args(["--silent", "--max-time", "20", "--output", "/dev/null"])
        .args(["--write-out", "%{http_code}", url]);
    Ok(command::run("curl", &curl, LIMIT)?.text)
}

/// A gRPC call with an empty message. Status 16 is UNAUTHENTICATED: the server asks for a token. Any other status comes from
/// behind that check.
fn connect(port: u16) -> Result<Answer> {
    let mut curl = Command::new("sh");
    curl.args(["-c", "printf '\\0\\0\\0\\0\\0' | \"$0\" \"$@\""])
        .arg(CURL.path()?)
        .args([
            "--silent",
            "--max-time",
            "20",
            "--http2-prior-knowledge",
            "--include",
        ])
        .args([
            "--header",
            "content-type: application/grpc",
            "--header",
            "te: trailers",
        ])
        .args(["--data-binary", "@-"])
        .arg(format!(
            "http://127.0.0.1:{port}/spark.connect.SparkConnectService/AnalyzePlan"
        ));
    let said = command::run("curl", &curl, LIMIT)?;
    let line = said
        .text
        .lines()
        .find_map(|line| line.strip_prefix("grpc-status:"))
        .map(str::trim);
    Ok(match line {
        Some("16") => CONNECT_STRANGER.answered(false, "gRPC status 16: a token is asked for"),
        Some(status) => {
            CONNECT_STRANGER.answered(true, format!("gRPC status {status}, from behind the login"))
        }
        None => CONNECT_STRANGER.answered(false, "no gRPC status"),
    })
}
