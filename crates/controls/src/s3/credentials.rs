//! S3 credentials: are store credentials short-lived and out of files?
//!
//! # What it proves
//! That no key of the store is written in a configuration, resource, address or argument, and that clients log in as
//! themselves.
//!
//! # Why it matters: the attack
//! A secret key in a file works for everybody who reads the file, from anywhere, until somebody replaces it.
//!
//! # How each depth is read
//! - declared and loaded: `fs.s3a.secret.key`, `fs.s3a.session.token` and their per-bucket forms, addresses with user and
//!   password, the credential providers.
//! - observed: nothing.
//! - recorded: keys of event logs.
//!
//! # How to fix
//! Use an instance role or web identity; else a credential store named by `fs.s3a.security.credential.provider.path`. Replace
//! every key that was written down.
//!
//! # References
//! - Hadoop-AWS, "Authenticating with S3"; `S3AUtils.createAWSCredentialProviderList` (3.3.6, 3.4.1)

use crate::judging_s3::{S3Client, each_s3};
use crate::spark_pods;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Place, Safety, Severity,
    Stage, Witness,
};
use settings::kubernetes::object::Object;
use settings::spark::Origin;
use settings::spark::secret::is_placeholder;

/// What this control is.
pub const META: Meta = Meta {
    title: "S3 credentials",
    question: "Are store credentials short-lived and out of files?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "literal-key",
            severity: Severity::Critical,
            title: "a key of the store is written down",
            remedy: "replace the key, and use a role, web identity or credential store",
        },
        Cause {
            slug: "key-in-uri",
            severity: Severity::High,
            title: "an address of the store holds a key",
            remedy: "replace the key, and take it out of the address",
        },
        Cause {
            slug: "anonymous-provider",
            severity: Severity::Medium,
            title: "the client uses the store as nobody",
            remedy: "remove AnonymousAWSCredentialsProvider, unless the data are public",
        },
        Cause {
            slug: "static-provider",
            severity: Severity::Medium,
            title: "long-lived keys are used where a role is available",
            remedy: "use the web identity provider instead of SimpleAWSCredentialsProvider",
        },
    ],
    safety: Safety::Manual,
    family: Family::Secrets,
    since: "0.1.0",
};

/// Judges every client and every bucket that it names.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_s3(estate, claims, client);
}

fn client(s3: &S3Client<'_, '_>) -> Claim {
    let mut judgement = Judgement::new();
    for name in ["secret.key", "session.token"] {
        judge_key(s3, name, &mut judgement);
    }
    for (place, depth) in addresses(s3) {
        let witness = Witness {
            depth,
            ..Witness::declared(place, "user and password in the address").redacted()
        };
        judgement.expose(Exposure::new("key-in-uri", witness));
    }
    let provider = s3.get("aws.credentials.provider");
    if provider.items().any(|class| {
        class.ends_with("AnonymousAWSCredentialsProvider")
            || class.ends_with("AnonymousCredentialsProvider")
    }) {
        judgement.expose(Exposure::new(
            "anonymous-provider",
            s3.witness(&provider, "nobody"),
        ));
    }
    judge_static(s3, &mut judgement);
    let secret = s3.get("secret.key");
    if secret.is_unknown() && !provider.is_written() {
        judgement.doubt(
            "not collected: core-site.xml may hold a key",
            vec![s3.witness(&secret, "not seen")],
        );
    }
    judgement.otherwise(Claim::Protected(vec![
        s3.witness(&provider, "no key is written down"),
    ]))
}

fn judge_key(s3: &S3Client<'_, '_>, name: &str, judgement: &mut Judgement) {
    let key = s3.get(name);
    let is_own = s3.is_general() || s3.overrides(name);
    if !key.is_written() || !is_own {
        return;
    }
    // A variable is filled before the argument reaches the process list.
    let is_argument = key.unresolved && is_on_command_line(s3, &key.key);
    if is_argument || (!key.unresolved && !is_placeholder(key.str())) {
        let label = if is_argument {
            "an argument"
        } else {
            "a literal"
        };
        judgement.expose(Exposure::new(
            "literal-key",
            s3.witness(&key, label).redacted(),
        ));
    }
}

fn is_on_command_line(s3: &S3Client<'_, '_>, key: &str) -> bool {
    s3.spark().is_some_and(|spark| {
        let arguments = spark
            .deployment
            .layers
            .iter()
            .filter(|layer| layer.origin == Origin::CommandLine);
        arguments
            .flat_map(|layer| &layer.settings)
            .any(|setting| *setting.key == *key)
    })
}

/// Places of `s3a://user:password@bucket` among the values of a client.
fn addresses(s3: &S3Client<'_, '_>) -> Vec<(Place, model::Depth)> {
    if !s3.is_general() {
        return Vec::new();
    }
    let mut places = Vec::new();
    if let Some(spark) = s3.spark() {
        for setting in spark.settings().filter(|setting| holds_key(&setting.value)) {
            places.push((setting.place, spark.depth()));
        }
    }
    if let Some(hadoop) = s3.hadoop() {
        let properties = hadoop
            .configuration
            .resources
            .iter()
            .flat_map(|resource| &resource.properties);
        for property in
            properties.filter(|property| property.value.as_deref().is_some_and(holds_key))
        {
            places.push((property.value_place, hadoop.depth()));
        }
    }
    places
}

fn holds_key(value: &str) -> bool {
    ["s3a://", "s3n://", "s3://"].iter().any(|scheme| {
        value.split(scheme).skip(1).any(|rest| {
            let authority = rest.split(['/', ',', ' ']).next().unwrap_or_default();
            authority
                .split_once('@')
                .and_then(|(user, _)| user.split_once(':'))
                .is_some_and(|(id, secret)| !id.is_empty() && !is_placeholder(secret))
        })
    })
}

/// Long-lived keys beside a service account that has a role.
fn judge_static(s3: &S3Client<'_, '_>, judgement: &mut Judgement) {
    let provider = s3.get("aws.credentials.provider");
    let is_static = provider.is_written()
        && provider
            .items()
            .any(|class| class.ends_with("SimpleAWSCredentialsProvider"));
    let Some(own) = s3
        .spark()
        .and_then(spark_pods::object)
        .filter(|_| is_static)
    else {
        return;
    };
    let Some(spark) = s3.spark() else { return };
    let role = spark.estate.all::<Object>().iter().find_map(|object| {
        let beside = object.is("", "ServiceAccount")
            && object.may_meet(own)
            && object.namespace == own.namespace;
        let annotation = object
            .annotation("eks.amazonaws.com/role-arn")
            .filter(|_| beside)?;
        Some(object.place(annotation))
    });
    if let Some(role) = role {
        judgement.expose(
            Exposure::new("static-provider", s3.witness(&provider, "long-lived keys"))
                .with(spark.place_witness(role, "a role is available")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::holds_key;

    #[test]
    fn addresses_with_keys_are_told() {
        assert!(holds_key("s3a://AKID:notreal@bucket/path"));
        assert!(!holds_key("s3a://bucket/path@x:y"));
        assert!(!holds_key("s3a://${ID}:${KEY}@bucket"));
    }
}
