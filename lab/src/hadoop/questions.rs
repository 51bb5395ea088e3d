//! The questions of the truth table. *Yes* is bad.

use crate::truth::Question;

macro_rules! questions {
    ($($name:ident: $id:literal, $asks:literal, [$($cause:literal),*];)*) => {
        $(pub(super) const $name: Question = Question {
            id: $id,
            asks: $asks,
            causes: &[$($cause),*],
        };)*
    };
}

questions! {
    STRANGER_LISTS: "rpc-without-proof",
        "may a stranger list a directory as alice over RPC?",
        ["hdfs/authentication#simple"];
    WEB_BELIEVES: "webhdfs-believes-names",
        "does WebHDFS believe the name in user.name=?",
        ["hdfs/gateways#webhdfs-user-name", "hdfs/gateways#web-type-simple"];
    RPC_IN_CLEAR: "rpc-in-clear",
        "does a listener read a file's name in RPC?",
        ["hdfs/rpc-privacy"];
    BLOCK_IN_CLEAR: "block-in-clear",
        "does a listener read a file's contents?",
        ["hdfs/block-transfer-privacy", "hdfs/datanode-trust#testing-bypass"];
    BLOCK_WITHOUT_AES: "block-without-aes",
        "are encrypted blocks under 3DES or RC4?",
        ["hdfs/block-transfer-cipher"];
    BLOCK_WITHOUT_TOKEN: "block-without-token",
        "does the DataNode look for a block without a token?",
        ["hdfs/datanode-trust#block-tokens-off"];
    NAMENODE_CONSOLE: "namenode-console",
        "does the NameNode show its settings to anybody?",
        ["hdfs/gateways#webhdfs-user-name", "hdfs/gateways#web-type-simple", "hdfs/console-authentication#anonymous-allowed"];
    DATANODE_CONSOLE: "datanode-console",
        "does the DataNode show its settings to anybody?",
        ["hdfs/console-authentication"];
    JOURNAL_BELIEVES: "journal-believes-names",
        "does the JournalNode believe a name when asked for edits?",
        ["hdfs/failover-state#journal-open"];
    JOURNAL_ANSWERS: "journal-answers-users",
        "does the JournalNode answer alice in the NameNodes' protocol?",
        ["hdfs/service-authorization"];
    PLAIN_WEB: "web-without-tls",
        "does the NameNode answer over http?",
        ["hdfs/http-privacy"];
    FALLBACK: "client-falls-back",
        "does the client talk to a NameNode that asks for no proof?",
        ["hdfs/client-fallback", "hdfs/authentication#simple"];
    IMPERSONATION: "gateway-as-anybody",
        "may the gateway act for bob, whom it does not serve?",
        ["hdfs/impersonation"];
    UMASK: "new-file-readable",
        "may bob read a file that alice makes without a thought?",
        ["hdfs/permissions#umask-default", "hdfs/permissions#umask-open", "hdfs/permissions#disabled"];
    BLOCK_FILES: "block-files-open",
        "may other users of the machine enter the block directory?",
        ["hdfs/node-storage#data-dir-open"];
    KMS_PLAIN: "kms-without-tls",
        "does the KMS answer over http?",
        ["kms/transport"];
    KMS_BELIEVES: "kms-believes-names",
        "does the KMS name its keys to whoever says a name?",
        ["kms/authentication#simple"];
    SUPERUSER_DECRYPTS: "superuser-decrypts",
        "does the superuser read a file in the zone?",
        ["kms/decrypt-acl"];
    KEY_EXPORT: "bob-exports-key",
        "does the KMS give bob the raw key?",
        ["kms/key-export-acl#raw-read-any"];
    KEY_STORE: "keystore-without-password",
        "does the key store open with the password everybody knows?",
        ["kms/keystore#default-password"];
    RC4_REPLY: "rc4-reply",
        "does the realm answer a login under RC4?",
        ["kerberos/encryption-types"];
}
