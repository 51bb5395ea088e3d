//! What a store does with plain HTTP.

use super::object;
use crate::Result;
use crate::object_store::client::{Store, Transport};
use crate::object_store::policies::Bucket;
use crate::truth::{Answer, Question};

const HTTP_ANSWERS: Question = Question {
    id: "http-answers",
    asks: "does the store answer over plain HTTP?",
    causes: &[],
};
const SIGNED_OVER_HTTP: Question = Question {
    id: "signed-over-http",
    asks: "is a signed request over plain HTTP carried out?",
    causes: &[],
};
const KEY_OVER_HTTP: Question = Question {
    id: "customer-key-over-http",
    asks: "is a customer's encryption key over plain HTTP accepted?",
    causes: &[],
};

pub(super) fn ask(store: &Store) -> Result<Vec<Answer>> {
    let root = store.request(Transport::Http, "").send()?;
    let private = object(Bucket::Private);
    let signed = store
        .request(Transport::Http, &private)
        .signed(store.owner)
        .send()?;
    // 32 bytes of the letter k, and their MD5, as the header wants them: in Base64.
    let key = store
        .request(Transport::Http, "drop-box/with-key.txt")
        .put("under a customer's key")
        .header("x-amz-server-side-encryption-customer-algorithm: AES256")
        .header("x-amz-server-side-encryption-customer-key: a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
        .header("x-amz-server-side-encryption-customer-key-md5: mT2HRsMGJ5IX5C+0rreZ8Q==")
        .send()?;
    Ok(vec![
        // A port of TLS alone may still say in plain words that it is one.
        HTTP_ANSWERS.answered(root.body.starts_with("<?xml"), root.shown()),
        SIGNED_OVER_HTTP.answered(signed.is_served(), signed.shown()),
        KEY_OVER_HTTP.answered(key.is_served(), key.shown()),
    ])
}
