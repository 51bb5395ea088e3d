//! SQL endpoints: do Connect and the Thrift server authenticate and encrypt?
//!
//! # What it proves
//! That a Spark Connect server asks for a token and a Thrift server for a login, and that neither travels in clear.
//!
//! # Why it matters: the attack
//! Whoever may send a plan to a Connect server runs code as the server's user. The Thrift server's default login is none:
//! any JDBC client reads every table that the server may read.
//!
//! # How each depth is read
//! - declared and loaded: Connect's token (4.0 on; also `SPARK_CONNECT_AUTHENTICATE_TOKEN`) and binding address; for the
//!   Thrift server `hive.server2.*` of `--hiveconf`, `spark.hadoop.` properties and hive-site.xml; Services in front.
//! - observed: five zero bytes over HTTP/2 are answered with status 16 where a token is asked for; a SASL start on 10000.
//! - recorded: the Thrift server's operation log.
//!
//! # How to fix
//! Connect: give `spark.connect.authenticate.token` from a Secret as `SPARK_CONNECT_AUTHENTICATE_TOKEN`, bind to the loopback
//! address and let a TLS proxy stand in front. Thrift: `hive.server2.authentication` KERBEROS or LDAP and
//! `hive.server2.use.SSL` true.
//!
//! # References
//! - `SparkConnectService`, `PreSharedKeyAuthenticationInterceptor` (4.0.1, 4.3.0); HiveConf 2.3.9

use crate::judging_spark::each_spark;
use crate::reach::{self, Reach, Way};
use crate::spark_pods;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Release, Safety, Severity,
    Stage,
};
use settings::hadoop::Reader;
use settings::spark::deployment::HadoopTie;
use settings::spark::{Kind, Spark};
use settings::{Effective, Origin};
use std::borrow::Cow;
use std::cell::LazyCell;

/// What this control is.
pub const META: Meta = Meta {
    title: "Spark SQL endpoints",
    question: "Do Connect and the Thrift server authenticate and encrypt?",
    stage: Stage::Use,
    causes: &[
        Cause {
            slug: "connect-no-token",
            severity: Severity::Critical,
            title: "the Connect server runs the plans of anybody who reaches it",
            remedy: "on Spark 4.0 or later give the server SPARK_CONNECT_AUTHENTICATE_TOKEN from a Secret",
        },
        Cause {
            slug: "connect-cleartext",
            severity: Severity::High,
            title: "the Connect server's token and data cross the network in clear",
            remedy: "bind the server to the loopback address and put a TLS proxy or a strict mesh in front",
        },
        Cause {
            slug: "connect-all-interfaces",
            severity: Severity::Medium,
            title: "the Connect server listens on every interface",
            remedy: "set spark.connect.grpc.binding.address to the address of the proxy's side",
        },
        Cause {
            slug: "thrift-no-authentication",
            severity: Severity::Critical,
            title: "the Thrift server takes any user name without a proof",
            remedy: "set hive.server2.authentication to KERBEROS or LDAP",
        },
        Cause {
            slug: "thrift-cleartext",
            severity: Severity::High,
            title: "queries, rows and passwords of the Thrift server cross the network in clear",
            remedy: "set hive.server2.use.SSL to true; with Kerberos in binary mode hive.server2.thrift.sasl.qop auth-conf also does",
        },
        Cause {
            slug: "reachable-from-outside",
            severity: Severity::High,
            title: "a SQL port is published outside the cluster",
            remedy: "make the Service a ClusterIP, and let a proxy that authenticates stand in front",
        },
    ],
    safety: Safety::Disruptive,
    family: Family::Authentication,
    since: "0.1.0",
};

const CONNECT_PORT: u16 = 15002;
const THRIFT_PORT: u16 = 10000;

/// Judges Connect and Thrift servers, also a Connect server that an application runs as a plugin.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    let reach = LazyCell::new(|| Reach::new(estate));
    let runs_connect = |deployment: &settings::spark::Deployment| {
        deployment
            .layers
            .iter()
            .flat_map(|layer| &layer.settings)
            .any(|setting| {
                &*setting.key == "spark.plugins"
                    && setting
                        .value
                        .contains("org.apache.spark.sql.connect.SparkConnectPlugin")
            })
    };
    each_spark(
        estate,
        claims,
        |d| matches!(d.kind, Kind::ConnectServer | Kind::ThriftServer) || runs_connect(d),
        |spark| {
            if spark.deployment.kind == Kind::ThriftServer {
                thrift(spark, &reach)
            } else {
                connect(spark, &reach)
            }
        },
    );
}

fn connect(spark: &Spark<'_>, reach: &Reach<'_>) -> Claim {
    let mut judgement = Judgement::new();
    let address = spark.get("spark.connect.grpc.binding.address");
    let is_loopback = spark.release >= Release(4, 0, 0) && reach::is_loopback(address.str());
    let token = spark.get("spark.connect.authenticate.token");
    let from_environment =
        spark_pods::sees_variable(spark, "driver", "SPARK_CONNECT_AUTHENTICATE_TOKEN");
    let knows_tokens = spark.release >= Release(4, 0, 0);
    if is_loopback && !(token.is_set() || from_environment) {
        judgement.doubt(
            "only processes of this host or pod reach the Connect server; what the proxy before it asks is not in the files",
            vec![spark.witness(&address, "the loopback address")],
        );
    } else if token.is_unknown() && !from_environment {
        judgement.doubt(
            "not collected: where spark.connect.authenticate.token is set",
            Vec::new(),
        );
    } else if !knows_tokens || !(token.is_set() || from_environment) {
        let label = if knows_tokens {
            "no token is asked for"
        } else {
            "this release knows no token"
        };
        judgement.expose(Exposure::new(
            "connect-no-token",
            spark.witness(&token, label),
        ));
    }
    let mesh = reach.strict_mesh(spark);
    let asks = token.is_set() || from_environment;
    let ways = reach.ways(spark, CONNECT_PORT);
    // The Ingress that everybody comes through ends TLS.
    let is_behind_tls = !ways.is_empty() && !ways.iter().any(|way| matches!(way, Way::Open(_)));
    if address.is_unknown() || address.unresolved {
        judgement.doubt(
            "which address the Connect server listens on is not in the files",
            vec![spark.witness(&address, "decides")],
        );
    } else if !is_loopback && mesh.is_none() {
        if !judgement.is_exposed() && !is_behind_tls {
            judgement.expose(Exposure::new(
                "connect-cleartext",
                spark.witness(&address, "gRPC without TLS"),
            ));
        }
        judgement.expose(Exposure::new(
            "connect-all-interfaces",
            spark.witness(&address, "listens everywhere"),
        ));
    }
    judge_reach(
        spark,
        reach,
        CONNECT_PORT,
        asks && knows_tokens,
        &mut judgement,
    );
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&token, "a token is asked for"),
    ]))
}

/// A login over TLS may be published; anything else may not.
fn judge_reach(
    spark: &Spark<'_>,
    reach: &Reach<'_>,
    port: u16,
    asks: bool,
    judgement: &mut Judgement,
) {
    for way in reach.ways(spark, port) {
        if asks && matches!(way, Way::OverTls(_)) {
            continue;
        }
        if let Some(place) = way.asks_nobody() {
            judgement.expose(Exposure::new(
                "reachable-from-outside",
                spark.place_witness(place, format!("publishes port {port}")),
            ));
        }
    }
}

fn thrift(spark: &Spark<'_>, reach: &Reach<'_>) -> Claim {
    let mut judgement = Judgement::new();
    let authentication = hive(spark, "hive.server2.authentication", "NONE");
    if authentication.is_unknown() {
        judgement.doubt(
            "not collected: the Thrift server's hive-site.xml",
            Vec::new(),
        );
        judge_reach(spark, reach, THRIFT_PORT, true, &mut judgement);
        return judgement.otherwise(Claim::Protected(Vec::new()));
    }
    let asks = !authentication.is("NONE") && !authentication.is("NOSASL");
    if !asks {
        judgement.expose(Exposure::new(
            "thrift-no-authentication",
            spark.witness(&authentication, "any user name is taken"),
        ));
    }
    let ssl = hive(spark, "hive.server2.use.SSL", "false");
    let mode = hive(spark, "hive.server2.transport.mode", "binary");
    let qop = hive(spark, "hive.server2.thrift.sasl.qop", "auth");
    let by_kerberos = authentication.is("KERBEROS") && mode.is("binary") && qop.is("auth-conf");
    if !ssl.is("true") && !by_kerberos && reach.strict_mesh(spark).is_none() {
        judgement.expose(
            Exposure::new("thrift-cleartext", spark.witness(&ssl, "no TLS"))
                .with(spark.witness(&qop, "counts with KERBEROS in binary mode only")),
        );
    }
    judge_reach(spark, reach, THRIFT_PORT, asks, &mut judgement);
    judgement.otherwise(Claim::Protected(vec![
        spark.witness(&authentication, "logins are proved"),
        spark.witness(if by_kerberos { &qop } else { &ssl }, "bytes are encrypted"),
    ]))
}

/// A setting of HiveServer2: `--hiveconf`, then `spark.hive.` and `spark.hadoop.` properties (`SparkHadoopUtil` appends them in
/// the other order), then hive-site.xml, then the default of HiveConf 2.3.9.
fn hive<'e>(spark: &Spark<'e>, key: &str, default: &'static str) -> Effective<'e> {
    let named = spark
        .deployment
        .hive
        .iter()
        .rfind(|setting| &*setting.key == key);
    if let Some(setting) = named {
        return Effective {
            key: Cow::Owned(key.to_owned()),
            value: Some(Cow::Borrowed(&setting.value)),
            origin: Origin::Written {
                place: setting.place,
                note: None,
            },
            losers: Vec::new(),
            unresolved: setting.dynamic,
        };
    }
    let short = format!("spark.{key}");
    let by_property = Some(spark.get(&short))
        .filter(|value| value.is_written() && value.is_set())
        .map(Effective::into_owned)
        .unwrap_or_else(|| spark.hadoop(key));
    if by_property.is_set() {
        return by_property;
    }
    let tie = match spark.deployment.hive_site {
        HadoopTie::None => spark.deployment.hadoop,
        own => own,
    };
    let mut effective = match (spark.hive_configuration(), tie) {
        (Some(configuration), _) => {
            let found = configuration.get(Reader::Hive, key, spark.hadoop_release());
            Effective {
                key: Cow::Owned(key.to_owned()),
                value: found.value.map(|value| Cow::Owned(value.into_owned())),
                origin: found.origin,
                losers: found.losers,
                unresolved: found.unresolved,
            }
        }
        (None, HadoopTie::NotCollected) => by_property,
        (None, _) => Effective {
            origin: Origin::Default {
                product: model::Product::Spark,
                release: spark.release.to_string().into(),
                unset_in: Some(spark.deployment.anchor),
            },
            ..by_property
        },
    };
    if effective.value.is_none() && !effective.is_unknown() {
        effective.value = Some(Cow::Borrowed(default));
    }
    effective
}
