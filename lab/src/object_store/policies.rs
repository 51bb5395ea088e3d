//! The buckets' policies, as an administrator keeps them in files.

use serde_json::{Value, json};

/// Every bucket of the lab and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bucket {
    /// Whoever asks may read its objects.
    Public,
    /// Whoever asks may write objects.
    DropBox,
    /// No policy: for its owner.
    Private,
    /// Public, but not over plain HTTP, as the textbook writes it: `Bool`.
    DenyBool,
    /// Public, but not over plain HTTP, as Ceph understands it: `BoolIfExists`.
    DenyBoolIfExists,
}

impl Bucket {
    pub(super) const ALL: [Bucket; 5] = [
        Bucket::Public,
        Bucket::DropBox,
        Bucket::Private,
        Bucket::DenyBool,
        Bucket::DenyBoolIfExists,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Bucket::Public => "public",
            Bucket::DropBox => "drop-box",
            Bucket::Private => "private",
            Bucket::DenyBool => "deny-bool",
            Bucket::DenyBoolIfExists => "deny-bool-if-exists",
        }
    }

    /// The bucket's policy document, if it has one.
    pub(super) fn policy(self) -> Option<String> {
        let statements = match self {
            Bucket::Private => return None,
            Bucket::Public => vec![self.allow("s3:GetObject")],
            Bucket::DropBox => vec![self.allow("s3:PutObject")],
            Bucket::DenyBool => vec![self.allow("s3:GetObject"), self.deny_http("Bool")],
            Bucket::DenyBoolIfExists => {
                vec![self.allow("s3:GetObject"), self.deny_http("BoolIfExists")]
            }
        };
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        Some(format!("{document:#}\n"))
    }

    fn allow(self, action: &str) -> Value {
        json!({
            "Sid": "everybody",
            "Effect": "Allow",
            "Principal": "*",
            "Action": action,
            "Resource": format!("arn:aws:s3:::{}/*", self.name()),
        })
    }

    fn deny_http(self, operator: &str) -> Value {
        let name = self.name();
        json!({
            "Sid": "https-only",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [format!("arn:aws:s3:::{name}"), format!("arn:aws:s3:::{name}/*")],
            "Condition": {operator: {"aws:SecureTransport": "false"}},
        })
    }
}
