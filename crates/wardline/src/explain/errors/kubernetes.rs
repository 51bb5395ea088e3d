//! Messages of the Kubernetes API server: encryption of stored objects, and what an account may do.

use super::KnownError;

/// The file all of these are about.
const FILE: &str =
    "API server: the file of --encryption-provider-config, the same on every API server";

const NEVER_IDENTITY: &str =
    "Do not put identity first and do not drop the flag: new Secrets would be stored in plaintext.";

const fn configuration(
    parts: &'static [&'static str],
    means: &'static str,
    fix: &'static str,
) -> KnownError {
    KnownError {
        parts,
        means,
        decided_by: &[FILE],
        fix,
        never: NEVER_IDENTITY,
        controls: &["k8s/secrets-encryption"],
    }
}

pub(super) const ERRORS: &[KnownError] = &[
    configuration(
        &[
            "no kind",
            "encryptionconfiguration",
            "is registered for version",
        ],
        "The kind and the version do not fit. It is EncryptionConfiguration with apiserver.config.k8s.io/v1, or the old EncryptionConfig with v1.",
        "Write apiVersion: apiserver.config.k8s.io/v1.",
    ),
    configuration(
        &["secret is not of the expected length"],
        "A key does not have the length that its provider takes: 32 bytes for aescbc and secretbox are right everywhere.",
        "Make a key with `head -c 32 /dev/urandom | base64`, and put it first; keep the old one behind it until every Secret is rewritten.",
    ),
    configuration(
        &["secrets must be base64 encoded"],
        "A key is not standard base64: URL-safe letters, missing padding, or the raw key.",
        "Encode it with `base64 -w0`.",
    ),
    configuration(
        &["is masked by earlier rule"],
        "An entry further up already covers these resources by a wildcard, so this entry could never count. The API server refuses to start.",
        "Put the specific entry before the wildcard, or drop it.",
    ),
    configuration(
        &[
            "using overlapping resources such as",
            "not allowed as they will be masked",
        ],
        "One list of resources holds both a wildcard and something that the wildcard covers.",
        "Keep the wildcard alone, or name the resources alone.",
    ),
    configuration(
        &["the same resource cannot be specified multiple times"],
        "A resource stands twice in one list.",
        "Name it once.",
    ),
    configuration(
        &["use *. to encrypt all the resources from core api group"],
        "A lone star is not a wildcard here: `*.` is the core group, `*.*` is everything.",
        "Write `*.*`, or name secrets.",
    ),
    configuration(
        &["resource name should not contain capital letters"],
        "Resources are written in lower case and in the plural: secrets. A name without capitals that does not exist is accepted silently and protects nothing.",
        "Write secrets.",
    ),
    configuration(
        &["encrypting the same resource across groups is not supported"],
        "The form `name.*` is not supported.",
        "Name the group, or use `*.*`.",
    ),
    KnownError {
        never: "Do not paste this message anywhere: it holds the key in clear. Treat the key as known and rotate it.",
        ..configuration(
            &["more than one provider specified in a single element"],
            "One element of the list of providers holds two providers. Each needs its own dash.",
            "Split the element. The order counts: the first provider writes.",
        )
    },
    configuration(
        &["provider does not contain any of the expected providers"],
        "An element of the list of providers is empty or holds an unknown word.",
        "Name one provider for each element: kms, secretbox, aesgcm, aescbc or identity.",
    ),
    configuration(
        &[
            "error decoding encryption provider configuration file",
            "strict decoding error",
        ],
        "The file holds a field that the API server does not know, in this spelling and at this place, or a field twice.",
        "Correct the field that the message names; case counts.",
    ),
    configuration(
        &["encryption provider configuration file", "is empty"],
        "The API server found the file and nothing in it.",
        "Restore the file, from a backup if need be: without its keys stored Secrets cannot be read.",
    ),
    configuration(
        &["kmsv1 is deprecated", "use kmsv2 instead"],
        "A kms provider has no apiVersion, or v1. KMS v1 is off from 1.29 on.",
        "Set apiVersion: v2 with a plugin that speaks it, beside the old provider, and rewrite every Secret.",
    ),
    configuration(
        &[
            "unsupported scheme",
            "for kms provider, only unix is supported",
        ],
        "The KMS plugin must listen on a Unix socket of the same host.",
        "Write endpoint: unix:///path/to/plugin.sock.",
    ),
    KnownError {
        never: "Do not delete the row in etcd before you have looked for the key in backups: the Secret would be lost.",
        ..configuration(
            &[
                "data from the storage is not transformable",
                "identity transformer tried to read encrypted data",
            ],
            "A stored object is encrypted and this API server has no provider for it: the flag is gone on this server, or no entry covers the resource any more.",
            "Restore the entry and its keys on this server; keep them until every object is rewritten.",
        )
    },
    KnownError {
        never: "Do not delete the row in etcd before you have looked for the key in backups: the Secret would be lost.",
        ..configuration(
            &[
                "data from the storage is not transformable",
                "no matching prefix found",
            ],
            "A stored object was written by a provider or key that the file no longer names, or in plaintext while identity is not in the list.",
            "Add the old provider behind the first, or identity in last place for old plaintext rows, rewrite every object, then remove it.",
        )
    },
    KnownError {
        never: "Do not delete the row in etcd before you have looked for the key in backups: the Secret would be lost.",
        ..configuration(
            &["data from the storage is not transformable"],
            "A stored object cannot be decrypted with the keys that this API server has. A list of the resource fails as a whole.",
            "Compare the files of all API servers and restore the key that wrote the object.",
        )
    },
    KnownError {
        parts: &["is forbidden: user", "resource secrets"],
        means: "The API server refuses this account the Secrets, and for most workloads that is how it should be: a Secret can be mounted without any right to read it.",
        decided_by: &[
            "cluster: the Roles and ClusterRoles that the account is bound to (kubectl auth can-i --list --as=...)",
        ],
        fix: "Mount the Secret into the pod. If it must be read, grant get on this one by resourceNames.",
        never: "Do not bind edit, admin or cluster-admin, and grant neither list nor watch: both answer with the value of every Secret.",
        controls: &["k8s/secret-readers", "k8s/spark-account"],
    },
    KnownError {
        parts: &["is forbidden: user", "resource pods"],
        means: "The account that the pod or the person runs as may not do this with pods. A Spark driver without an account of its own runs as default, which may do nothing.",
        decided_by: &[
            "driver: spark.kubernetes.authenticate.driver.serviceAccountName, or serviceAccount in the manifest",
            "namespace: the Role that this account is bound to",
        ],
        fix: "Give the driver an account of its own, bound by a RoleBinding to a Role on pods, services, configmaps and persistentvolumeclaims of its namespace.",
        never: "Do not bind ClusterRole edit by a ClusterRoleBinding, as many guides do: every job then reads every Secret of the cluster.",
        controls: &["k8s/spark-account", "k8s/secret-readers"],
    },
];
