//! Messages that clients of Hadoop see: no login, another server than expected, no permission.

use super::super::KnownError;

pub(in super::super) const ERRORS: &[KnownError] = &[
    KnownError {
        parts: &["client cannot authenticate via:"],
        means: "The client has nothing that the server accepts: no Kerberos ticket, no token for this service, or a core-site.xml that does not say kerberos.",
        decided_by: &[
            "client: a Kerberos ticket (klist) or a keytab login of the user that runs the process",
            "client: hadoop.security.authentication in the core-site.xml on its classpath (unset means simple)",
            "job: a delegation token for this file system (Spark: spark.kerberos.access.hadoopFileSystems)",
        ],
        fix: "Log in with a keytab or kinit. For a job, name the file systems it reads, so that tokens are fetched when it is submitted.",
        never: "Do not set the server to simple, and do not give every node a copy of a user's keytab.",
        controls: &["hdfs/authentication", "hdfs/client-fallback"],
    },
    KnownError {
        parts: &["permission denied: user=", "access=", "inode="],
        means: "HDFS checked owner, group, mode and ACL of this path, and the caller may not do this. The message names the user that HDFS believes the caller to be.",
        decided_by: &[
            "NameNode: owner, group, mode and ACL of the path (hdfs dfs -ls -d, -getfacl)",
            "client: who it is, by its ticket under Kerberos; without Kerberos the name of the system's user or HADOOP_USER_NAME, unproved",
        ],
        fix: "Give the account a directory of its own (-mkdir, -chown as the superuser), or an ACL entry on this one.",
        never: "Do not set dfs.permissions.enabled=false and do not chmod 777. That HADOOP_USER_NAME=hdfs helps means that anybody may be the superuser.",
        controls: &["hdfs/permissions", "hdfs/authentication"],
    },
    KnownError {
        parts: &["server has invalid kerberos principal"],
        means: "The server proved another identity than the client expects at this address: the principal in the client's configuration or the name that its address resolves to is another, or it is another server.",
        decided_by: &[
            "client: the principal of the service in its own files, such as dfs.namenode.kerberos.principal (_HOST is replaced by the resolved name)",
            "client: forward and reverse name resolution of the server's address; domain_realm in krb5.conf",
        ],
        fix: "Give the client the cluster's hdfs-site.xml, and make the address resolve to the name in the server's principal.",
        never: "Do not set dfs.namenode.kerberos.principal.pattern=*: every principal of the realm may then pose as the NameNode.",
        controls: &["hdfs/authentication"],
    },
    KnownError {
        parts: &["clock skew too great"],
        means: "The clocks of two hosts differ by more than Kerberos allows (5 minutes unless clockskew says otherwise).",
        decided_by: &[
            "both hosts and the KDC: their clocks",
            "krb5.conf: clockskew in libdefaults",
        ],
        fix: "Synchronise the clocks of all hosts.",
        never: "Do not raise clockskew: for that long a recorded login can be replayed.",
        controls: &["kerberos/encryption-types"],
    },
    KnownError {
        parts: &["pkix path building failed"],
        means: "The Java client does not trust the certificate: its authority is not in the client's trust store, or the server does not send the certificates in between.",
        decided_by: &[
            "client: its trust store (ssl.client.truststore.location in ssl-client.xml, spark.ssl.trustStore, or the cacerts of its Java)",
            "server: the chain in its key store",
        ],
        fix: "Import the authority's certificate into the trust store, and let the server send its whole chain.",
        never: "Do not switch verification off and do not go back to http: whoever sits on the path then answers in the server's place.",
        controls: &["hdfs/http-privacy", "kms/transport", "spark/web-tls"],
    },
];
