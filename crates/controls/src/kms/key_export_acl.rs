//! Key export ACL: can anybody take raw keys out, plant or destroy them?
//!
//! # What it proves
//! That raw key material leaves the KMS for nobody, and that only key administrators create, roll or delete keys.
//!
//! # Why it matters: the attack
//! GET returns the zone key itself: its holder decrypts every file offline, for ever. DELETE destroys the data with one
//! call. Both are open to everybody in the shipped lists.
//!
//! # How each depth is read
//! - declared: the effective grant of GET (key layer READ), and of CREATE, DELETE and ROLLOVER (key layer MANAGEMENT), for
//!   an ordinary user; and cache times that delay a revocation.
//! - loaded: nothing, the lists are in no answer.
//! - observed: nothing.
//! - recorded: GET_KEY_VERSION and GET_CURRENT_KEY lines of kms-audit.
//!
//! # How to fix
//! GET to nobody (one blank, never an empty element); READ to the NameNode's user through `whitelist.key.acl.READ`, never to
//! nobody, else zones break; management to named key administrators.
//!
//! # References
//! - KMSACLs, KMS REST handlers (3.4.1); raw export under the shipped lists run on 3.4.1

use crate::judging::each_hadoop;
use model::{
    Cause, Claim, Claims, Estate, Exposure, Family, Judgement, Meta, Safety, Severity, Stage,
    Witness,
};
use settings::hadoop::kms_acl::{CREATE, DELETE, GET, KmsAccess, Operation, ROLLOVER, STRANGER};
use settings::hadoop::{Hadoop, Reader, Role};

/// What this control is.
pub const META: Meta = Meta {
    title: "KMS key export ACL",
    question: "Can anybody take raw keys out, plant or destroy them?",
    stage: Stage::Rest,
    causes: &[
        Cause {
            slug: "raw-read-any",
            severity: Severity::High,
            title: "everybody may take raw key material out of the KMS",
            remedy: "write one blank into hadoop.kms.acl.GET, and give READ to the NameNode's user through whitelist.key.acl.READ",
        },
        Cause {
            slug: "manage-any",
            severity: Severity::High,
            title: "everybody may create, roll or delete keys",
            remedy: "name the key administrators in hadoop.kms.acl.CREATE, DELETE and ROLLOVER",
        },
        Cause {
            slug: "revocation-lag",
            severity: Severity::Low,
            title: "keys live longer in caches than by default, and so does access that was taken away",
            remedy: "remove the raised hadoop.kms.cache timeouts",
        },
    ],
    safety: Safety::Safe,
    family: Family::Authorization,
    since: "0.1.0",
};

/// Judges each KMS.
pub fn judge(estate: &Estate, claims: &mut Claims) {
    each_hadoop(estate, claims, &[Role::Kms], "KMS", kms);
}

fn kms(kms: &Hadoop<'_>) -> Claim {
    let access = KmsAccess { kms: *kms };
    let acls = match access.lists() {
        Ok(acls) => acls,
        Err(reason) => return Claim::unproven(reason),
    };
    let anchor = Witness::declared(acls.anchor, "no entry: everybody");
    let mut judgement = Judgement::new();
    let open = |operation: Operation| {
        access
            .names_to_judge()
            .iter()
            .any(|name| access.granted(operation, STRANGER, name))
    };
    if open(GET) {
        judgement.expose(Exposure::new("raw-read-any", entry(&access, GET, &anchor)));
    }
    let managed: Vec<Operation> = [DELETE, CREATE, ROLLOVER]
        .into_iter()
        .filter(|operation| open(*operation))
        .collect();
    if let Some(first) = managed.first() {
        let names = managed
            .iter()
            .map(|operation| operation.name)
            .collect::<Vec<_>>()
            .join(", ");
        judgement.expose(
            Exposure::new("manage-any", entry(&access, *first, &anchor))
                .message(format!("granted to everybody: {names}")),
        );
    }
    for key in [
        "hadoop.kms.cache.timeout.ms",
        "hadoop.kms.current.key.cache.timeout.ms",
    ] {
        let timeout = kms.read(Reader::Kms, key);
        let default = settings::hadoop::keys::find_in(key, "kms")
            .and_then(|known| known.default(kms.release))
            .and_then(|text| text.parse::<u64>().ok());
        let value = timeout.str().parse::<u64>().ok();
        if timeout.is_written()
            && value
                .zip(default)
                .is_some_and(|(value, default)| value > default)
        {
            judgement.expose(Exposure::new(
                "revocation-lag",
                kms.witness(&timeout, "milliseconds, above the default"),
            ));
        }
    }
    judgement.otherwise(Claim::Protected(vec![entry(&access, GET, &anchor)]))
}

/// The written entry that lets the operation through, or the place where one would stand.
fn entry(access: &KmsAccess<'_>, operation: Operation, anchor: &Witness) -> Witness {
    let keys = [
        format!("hadoop.kms.acl.{}", operation.name),
        format!("default.key.acl.{}", operation.key_operation),
    ];
    keys.iter()
        .find_map(|key| {
            let entry = access.entry(key);
            entry
                .is_written()
                .then(|| entry.witness(access.kms.depth(), "the entry that decides"))
        })
        .unwrap_or_else(|| {
            anchor
                .clone()
                .key(format!("hadoop.kms.acl.{}", operation.name))
        })
}
