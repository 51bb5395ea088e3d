//! Who gets into which bucket.

use super::object;
use crate::Result;
use crate::object_store::client::Store;
use crate::object_store::policies::Bucket;
use crate::truth::{Answer, Question};

const PUBLIC_READ: Question = Question {
    id: "public-read",
    asks: "does anybody read an object of the public bucket?",
    causes: &[],
};
const PUBLIC_WRITE: Question = Question {
    id: "public-write",
    asks: "does anybody write into the public bucket?",
    causes: &[],
};
const DROP_BOX_WRITE: Question = Question {
    id: "drop-box-write",
    asks: "does anybody write into the bucket that lets all put?",
    causes: &[],
};
const PRIVATE_READ: Question = Question {
    id: "private-read",
    asks: "does anybody read an object of the private bucket?",
    causes: &[],
};
const STATUS_MISLEADS: Question = Question {
    id: "policy-status-misleads",
    asks: "does the store call a bucket not public that anybody reads?",
    causes: &[],
};
const DELETES_BUCKET: Question = Question {
    id: "delete-encryption-deletes-bucket",
    asks: "does DELETE ?encryption remove an empty bucket?",
    causes: &[],
};

pub(super) fn ask(store: &Store) -> Result<Vec<Answer>> {
    let best = store.best();
    let public = store.request(best, &object(Bucket::Public)).send()?;
    let public_write = store.request(best, "public/new.txt").put("x").send()?;
    let drop_box = store.request(best, "drop-box/new.txt").put("x").send()?;
    let private = store.request(best, &object(Bucket::Private)).send()?;
    let status = store
        .request(best, "public?policyStatus=")
        .signed(store.owner)
        .send()?;
    let is_public = status
        .body
        .split_once("<IsPublic>")
        .and_then(|(_, rest)| rest.split('<').next())
        .unwrap_or("nothing");
    Ok(vec![
        PUBLIC_READ.answered(public.is_served(), public.shown()),
        PUBLIC_WRITE.answered(public_write.is_served(), public_write.shown()),
        DROP_BOX_WRITE.answered(drop_box.is_served(), drop_box.shown()),
        PRIVATE_READ.answered(private.is_served(), private.shown()),
        STATUS_MISLEADS.answered(
            public.is_served() && is_public.eq_ignore_ascii_case("false"),
            format!("{}, IsPublic: {is_public}", status.shown()),
        ),
        delete_encryption(store)?,
    ])
}

/// A store that does not know the sub-resource may carry out the request without it.
fn delete_encryption(store: &Store) -> Result<Answer> {
    let best = store.best();
    let owner = |path, method| {
        store
            .request(best, path)
            .method(method)
            .signed(store.owner)
            .send()
    };
    owner("to-be-kept", "PUT")?;
    let asked = owner("to-be-kept?encryption=", "DELETE")?;
    let after = owner("to-be-kept", "GET")?;
    Ok(DELETES_BUCKET.answered(
        after.status == 404,
        format!("{}, then GET: {}", asked.shown(), after.shown()),
    ))
}
