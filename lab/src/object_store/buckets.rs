//! Fills a store: buckets, their policies, an object in each.

use super::client::{Reply, Store};
use super::policies::Bucket;
use crate::{LabError, Result};
use std::fs;
use std::path::Path;

/// The key of the object in each bucket.
pub(crate) const KEY: &str = "object.txt";

/// What the object of a bucket says: bytes that occur nowhere else.
pub(crate) fn marker(bucket: Bucket) -> String {
    format!("wardline-lab-dummy-object-of-{}", bucket.name())
}

/// Makes the buckets, sets their policies and writes an object into each. The policies go to `policies/BUCKET.json` of the
/// configuration, those that the store refused too.
///
/// # Errors
///
/// When the store takes a bucket or an object not.
pub(crate) fn fill(store: &Store, configuration: &Path) -> Result<()> {
    let folder = configuration.join("policies");
    fs::create_dir_all(&folder).map_err(|error| LabError::at(&folder, error))?;
    let owner = |path: &str, body: &str| {
        store
            .request(store.best(), path)
            .put(body)
            .signed(store.owner)
            .send()
    };
    for bucket in Bucket::ALL {
        let name = bucket.name();
        served(&format!("bucket {name}"), &owner(name, "")?)?;
        let object = format!("{name}/{KEY}");
        served(&object, &owner(&object, &marker(bucket))?)?;
        if let Some(policy) = bucket.policy() {
            let file = folder.join(format!("{name}.json"));
            fs::write(&file, &policy).map_err(|error| LabError::at(&file, error))?;
            // A dialect may not know an operator and refuse the policy: `ask` finds out what that leaves open.
            owner(&format!("{name}?policy="), &policy)?;
        }
    }
    Ok(())
}

fn served(what: &str, reply: &Reply) -> Result<()> {
    if reply.is_served() {
        return Ok(());
    }
    Err(LabError::failed(what, reply.shown()))
}
