//! The questions about a cluster, each with the causes that say the same of its files.

use crate::truth::Question;

/// Causes by which a Secret written now stands in clear.
const SECRETS_IN_CLEAR: &[&str] = &[
    "k8s/secrets-encryption#not-configured",
    "k8s/secrets-encryption#identity-first",
    "k8s/secrets-encryption#not-covered",
    "k8s/secrets-encryption#invalid",
];

pub(super) const SECRET_IN_CLEAR: Question = Question {
    id: "secret-in-clear",
    asks: "is a Secret written now in clear in etcd?",
    causes: SECRETS_IN_CLEAR,
};
pub(super) const OLD_SECRET_IN_CLEAR: Question = Question {
    id: "old-secret-in-clear",
    asks: "is a Secret from before in clear in etcd?",
    causes: &[],
};
pub(super) const OLD_SECRET_UNDER_OLD_KEY: Question = Question {
    id: "old-secret-under-old-key",
    asks: "does a Secret from before need the old key?",
    causes: &[],
};
pub(super) const OLD_SECRET_ON_DISK: Question = Question {
    id: "old-secret-on-disk",
    asks: "after rewriting every Secret, is one still in clear on disk?",
    causes: &[],
};
pub(super) const CONFIG_MAP_IN_CLEAR: Question = Question {
    id: "configmap-in-clear",
    asks: "is the credential of a ConfigMap in clear in etcd?",
    causes: &[
        "k8s/secrets-encryption#not-configured",
        "k8s/encryption-scope#configmaps-uncovered",
    ],
};
pub(super) const APPLICATION_IN_CLEAR: Question = Question {
    id: "application-in-clear",
    asks: "is the credential of a SparkApplication in clear in etcd?",
    causes: &[
        "k8s/secrets-encryption#not-configured",
        "k8s/encryption-scope#credentials-in-custom-resource",
    ],
};
pub(super) const ALTERED: Question = Question {
    id: "altered-unnoticed",
    asks: "can a stored Secret be altered unnoticed?",
    causes: &[
        "k8s/secrets-encryption#not-configured",
        "k8s/secrets-encryption#identity-first",
        "k8s/secrets-encryption#not-covered",
        "k8s/secrets-encryption#unauthenticated-cipher",
    ],
};
pub(super) const ETCD_WITHOUT_CERTIFICATE: Question = Question {
    id: "etcd-without-certificate",
    asks: "does etcd serve a client without a certificate?",
    causes: &["etcd/client-authentication#no-client-certificate"],
};
pub(super) const ETCD_IN_CLEAR: Question = Question {
    id: "etcd-over-http",
    asks: "does etcd serve a client over http?",
    causes: &["etcd/transport#http-clients"],
};
pub(super) const ANONYMOUS_AUTHORIZED: Question = Question {
    id: "anonymous-authorized",
    asks: "are requests without credentials put to the authorizers?",
    causes: &["k8s/api-access#anonymous-enabled"],
};
pub(super) const ANONYMOUS_READS: Question = Question {
    id: "anonymous-reads",
    asks: "does a client without credentials read ConfigMaps?",
    causes: &["k8s/api-access#anonymous-bound"],
};
pub(super) const POSES: Question = Question {
    id: "certificate-passes-for-anybody",
    asks: "does any certificate of the front proxy's CA pass for anybody?",
    causes: &["k8s/api-access#front-proxy-any"],
};
pub(super) const VISITOR_READS: Question = Question {
    id: "account-without-role-reads",
    asks: "does an account without any role read Secrets?",
    causes: &["k8s/api-access#always-allow"],
};
pub(super) const SPARK_READS_ELSEWHERE: Question = Question {
    id: "spark-reads-elsewhere",
    asks: "does Spark's account read Secrets of other namespaces?",
    causes: &[
        "k8s/spark-account#edit-cluster-wide",
        "k8s/api-access#always-allow",
    ],
};
pub(super) const DELETER_READS: Question = Question {
    id: "deleter-reads",
    asks: "does an account that may only delete Secrets read one?",
    causes: &["k8s/secret-readers#direct"],
};
pub(super) const READS_THROUGH_TOKEN: Question = Question {
    id: "reads-through-token",
    asks: "does an account read Secrets with another's token?",
    causes: &["k8s/secret-readers#through-token"],
};
pub(super) const READS_THROUGH_IMPERSONATION: Question = Question {
    id: "reads-through-impersonation",
    asks: "does an account read Secrets in another's name?",
    causes: &["k8s/secret-readers#through-impersonation"],
};
pub(super) const READS_THROUGH_BINDING: Question = Question {
    id: "reads-through-binding",
    asks: "does an account bind itself to a role that reads Secrets?",
    causes: &["k8s/secret-readers#through-escalation"],
};
pub(super) const SECRET_IN_AUDIT_LOG: Question = Question {
    id: "secret-in-audit-log",
    asks: "does the audit log hold the value of a Secret?",
    causes: &["k8s/audit-policy#secret-values-logged"],
};
pub(super) const UNSEEN: Question = Question {
    id: "request-unseen",
    asks: "does a request for a Secret leave no line in the audit log?",
    causes: &["k8s/audit-policy#off", "k8s/audit-policy#none-first"],
};
