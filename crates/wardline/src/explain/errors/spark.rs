//! Messages of Spark.

use super::KnownError;

pub(super) const ERRORS: &[KnownError] = &[
    KnownError {
        parts: &["a secret key must be specified via the spark.authenticate.secret config"],
        means: "Authentication is on and there is no secret. Off YARN and Kubernetes Spark makes none; the driver refuses to start.",
        decided_by: &[
            "driver: spark.authenticate and spark.authenticate.secret (the environment does not count on standalone)",
        ],
        fix: "Put a secret of at least 32 random bytes into a properties file of mode 0600 that only this cluster's users read.",
        never: "Do not set spark.authenticate=false: whoever reaches the port then runs code. Do not put the secret on the command line or into git.",
        controls: &["spark/authentication", "spark/auth-secret"],
    },
    KnownError {
        parts: &["secret keys provided via files is only allowed in kubernetes mode"],
        means: "spark.authenticate.secret.file counts on Kubernetes only; elsewhere Spark refuses to start with it.",
        decided_by: &["driver: spark.authenticate.secret.file, spark.master"],
        fix: "On YARN remove the key: Spark makes a secret of its own. On standalone use spark.authenticate.secret in a file of mode 0600.",
        never: "Do not set spark.authenticate=false.",
        controls: &["spark/auth-secret"],
    },
    KnownError {
        parts: &["secret files must be specified for both the driver and the executors"],
        means: "Only one side was given the file that holds the secret.",
        decided_by: &[
            "spark.authenticate.secret.driver.file and spark.authenticate.secret.executor.file",
        ],
        fix: "Mount the Secret in both and set spark.authenticate.secret.file.",
        never: "Do not write the secret itself into the configuration instead.",
        controls: &["spark/auth-secret"],
    },
    KnownError {
        parts: &["unsupported cipher mode"],
        means: "spark.network.crypto.cipher holds a cipher that Spark does not speak. A Master starts with it and fails at its first peer.",
        decided_by: &["every process: spark.network.crypto.cipher"],
        fix: "Set AES/GCM/NoPadding on every process, on 3.5.9, 4.0.4, 4.1.3, 4.2.0 or later: earlier releases lack it or lose messages with it (SPARK-56227).",
        never: "Do not set spark.network.crypto.enabled=false.",
        controls: &["spark/rpc-encryption"],
    },
    KnownError {
        parts: &["unauthenticated call to stream manager"],
        means: "The file server of the driver asked for a login and got none. This is the repaired behaviour of 4.1.4 and 4.2.1.",
        decided_by: &[
            "the process that asked: spark.authenticate and its secret",
            "both: the same Spark release line",
        ],
        fix: "Give the asking process the same authentication settings as the driver.",
        never: "Do not go back to a release without the check: it hands the files of --files and --jars to anybody.",
        controls: &["spark/file-server", "spark/authentication"],
    },
    KnownError {
        parts: &["unknown challenge message"],
        means: "The server has AES authentication only, and this client spoke SASL: the fallback is off on the server, as it should be, and the client does not use network crypto.",
        decided_by: &[
            "client: spark.network.crypto.enabled (unset means false)",
            "server: spark.network.crypto.saslFallback",
        ],
        fix: "Set spark.network.crypto.enabled=true on the client.",
        never: "Do not set saslFallback=true: an attacker on the path can then force it.",
        controls: &["spark/rpc-encryption", "spark/authentication"],
    },
    KnownError {
        parts: &["not allowed to set spark options"],
        means: "spark.executor.extraJavaOptions holds a -Dspark. option. Spark refuses to start with it.",
        decided_by: &["spark.executor.extraJavaOptions"],
        fix: "Set the option as a Spark property: `--conf`, the properties file or sparkConf.",
        never: "Do not drop the option if it protects something.",
        controls: &["spark/authentication", "spark/rpc-encryption"],
    },
    KnownError {
        parts: &["expected saslmessage, received something else"],
        means: "This side asks for authentication and the peer sent a request without any: it has spark.authenticate off, or is another program.",
        decided_by: &[
            "application: spark.authenticate",
            "shuffle service, Master, Worker: spark.authenticate in their own configuration (on YARN in that of the NodeManager)",
        ],
        fix: "Set spark.authenticate=true on the side that lacks it, with the same secret.",
        never: "Do not set spark.authenticate=false on the side that asks: whoever reaches the port then runs code.",
        controls: &["spark/authentication", "flow/common-qop"],
    },
];
