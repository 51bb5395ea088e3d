//! Whether a bucket's policy keeps plain HTTP out.

use super::object;
use crate::Result;
use crate::object_store::client::{Keys, Reply, Store, Transport};
use crate::object_store::policies::Bucket;
use crate::truth::{Answer, Question};

const DENY_BOOL: Question = Question {
    id: "deny-bool-anonymous",
    asks: "does a Deny by Bool let anybody read over plain HTTP?",
    causes: &[],
};
const DENY_BOOL_SIGNED: Question = Question {
    id: "deny-bool-signed",
    asks: "does a Deny by Bool let the owner read over plain HTTP?",
    causes: &[],
};
const DENY_IF_EXISTS: Question = Question {
    id: "deny-bool-if-exists-anonymous",
    asks: "does a Deny by BoolIfExists let anybody read over plain HTTP?",
    causes: &[],
};
const DENY_IF_EXISTS_SIGNED: Question = Question {
    id: "deny-bool-if-exists-signed",
    asks: "does a Deny by BoolIfExists let the owner read over HTTP?",
    causes: &[],
};
const FORWARDED: Question = Question {
    id: "forwarded-https-believed",
    asks: "does a header that claims HTTPS make a refused read pass?",
    causes: &[],
};

pub(super) fn ask(store: &Store) -> Result<Vec<Answer>> {
    let twice = |question: Question, bucket, keys| {
        let both = Twice::get(store, bucket, keys)?;
        Ok(question.answered(both.http.is_served(), both.shown()))
    };
    let (bool, if_exists) = (Bucket::DenyBool, Bucket::DenyBoolIfExists);
    let path = object(if_exists);
    let without = store.request(Transport::Http, &path).send()?;
    let claim = store
        .request(Transport::Http, &path)
        .header("X-Forwarded-Proto: https")
        .send()?;
    Ok(vec![
        twice(DENY_BOOL, bool, None)?,
        twice(DENY_BOOL_SIGNED, bool, Some(store.owner))?,
        twice(DENY_IF_EXISTS, if_exists, None)?,
        twice(DENY_IF_EXISTS_SIGNED, if_exists, Some(store.owner))?,
        FORWARDED.answered(
            claim.is_served() && !without.is_served(),
            format!("without: {}, with: {}", without.shown(), claim.shown()),
        ),
    ])
}

/// One request over both transports: a refusal over plain HTTP is one of the transport only where HTTPS is served.
struct Twice {
    /// Whether the store kept the bucket's policy; a dialect may not know an operator.
    has_policy: bool,
    https: Reply,
    http: Reply,
}

impl Twice {
    fn get(store: &Store, bucket: Bucket, keys: Option<Keys>) -> Result<Twice> {
        let path = object(bucket);
        let over = |transport| {
            let request = store.request(transport, &path);
            match keys {
                Some(keys) => request.signed(keys).send(),
                None => request.send(),
            }
        };
        let policy = format!("{}?policy=", bucket.name());
        let kept = store
            .request(store.best(), &policy)
            .signed(store.owner)
            .send()?;
        Ok(Twice {
            has_policy: kept.is_served(),
            https: over(Transport::Https)?,
            http: over(Transport::Http)?,
        })
    }

    fn shown(&self) -> String {
        let policy = if self.has_policy { "kept" } else { "refused" };
        format!(
            "policy {policy}; https: {}, http: {}",
            self.https.shown(),
            self.http.shown()
        )
    }
}
