//! Messages of Hadoop's daemons and clients.

pub(super) mod clients;

use super::KnownError;

/// A DataNode under Kerberos whose ports are not protected. 2.x and 3.x say it in different words.
const UNPROTECTED_DATANODE: KnownError = KnownError {
    parts: &["cannot start secure datanode due to incorrect config"],
    means: "A DataNode under Kerberos must protect its ports: either with dfs.data.transfer.protection and HTTPS only, or with ports below 1024.",
    decided_by: &[
        "DataNode: dfs.data.transfer.protection",
        "DataNode: dfs.http.policy (must be HTTPS_ONLY)",
        "DataNode: dfs.datanode.address (ports below 1024 need root or jsvc, and protect nothing on the wire)",
    ],
    fix: "Set dfs.data.transfer.protection=privacy and dfs.http.policy=HTTPS_ONLY on the DataNode.",
    never: "Do not set ignore.secure.ports.for.testing, and do not turn Kerberos off.",
    controls: &["hdfs/datanode-trust", "hdfs/block-transfer-privacy"],
};

pub(super) const ERRORS: &[KnownError] = &[
    KnownError {
        parts: &["simple authentication is not enabled", "available:"],
        means: "The server asks for Kerberos or a token; this client came without either, as a name that it merely claims.",
        decided_by: &[
            "client: hadoop.security.authentication in the core-site.xml on its classpath (unset means simple)",
            "client: a Kerberos ticket (klist) or a keytab, or a delegation token for a task",
            "server: hadoop.security.authentication in its core-site.xml",
        ],
        fix: "Give the client the cluster's own core-site.xml with hadoop.security.authentication=kerberos, and a ticket.",
        never: "Do not set the server to simple: then everybody may claim to be anybody.",
        controls: &["hdfs/authentication"],
    },
    KnownError {
        parts: &[
            "server asks us to fall back to simple auth",
            "only allow secure connections",
        ],
        means: "This client insists on Kerberos; what answered at that address does not. It is a server without security, or somebody in its place.",
        decided_by: &[
            "client: ipc.client.fallback-to-simple-auth-allowed (default false, and rightly so)",
            "server: hadoop.security.authentication",
        ],
        fix: "Find out what answers at that address. If it is yours, secure it; if it must stay open, read it with a client of its own.",
        never: "Do not allow the fallback: with it any impostor is sent the user's name and every call in clear.",
        controls: &["hdfs/client-fallback", "hdfs/authentication"],
    },
    KnownError {
        parts: &["no common protection layer between client and server"],
        means: "Client and server share no SASL quality of protection (QOP): each offers a list, and the two lists have no word in common.",
        decided_by: &[
            "client: hadoop.rpc.protection in its core-site.xml (unset means authentication); for blocks dfs.data.transfer.protection",
            "server: the same key in its own core-site.xml or hdfs-site.xml",
        ],
        fix: "Raise the side that offers less, usually the client, to privacy. During a roll-out let the servers take privacy,authentication first.",
        never: "Do not lower the server: that ends encryption for everybody. Many published answers propose it.",
        controls: &["flow/common-qop", "hdfs/rpc-privacy"],
    },
    KnownError {
        parts: &["failed to read expected sasl data transfer protection handshake"],
        means: "The DataNode expects a SASL handshake on its data port and got something else: the client did not know that it has to protect the transfer.",
        decided_by: &[
            "client: dfs.data.transfer.protection in the hdfs-site.xml on its classpath",
            "DataNode: dfs.data.transfer.protection, and the port in dfs.datanode.address (below 1024 no handshake is made)",
            "both: dfs.encrypt.data.transfer, which comes before the two",
        ],
        fix: "Give the client the cluster's hdfs-site.xml. A native client may not know the handshake: check its release notes.",
        never: "Do not move the DataNode to a port below 1024 to make it go away: it then skips the handshake and sends blocks in clear.",
        controls: &["hdfs/block-transfer-privacy", "hdfs/datanode-trust"],
    },
    KnownError {
        parts: &["instead of deadbeef from client"],
        means: "The DataNode expects an encrypted transfer and the client started a plain one: it got no encryption key from the NameNode.",
        decided_by: &[
            "NameNode: dfs.encrypt.data.transfer and dfs.block.access.token.enable (keys are handed out only where both are true)",
            "DataNode: dfs.encrypt.data.transfer",
        ],
        fix: "Set dfs.block.access.token.enable=true on NameNodes and DataNodes, beside dfs.encrypt.data.transfer=true on both.",
        never: "Do not switch dfs.encrypt.data.transfer off on the DataNodes.",
        controls: &["hdfs/block-transfer-privacy", "hdfs/datanode-trust"],
    },
    KnownError {
        parts: &["digest-md5: io error acquiring password"],
        means: "The DataNode wants an encrypted transfer and the NameNode gave the client no key for it: the two sides are set differently.",
        decided_by: &["NameNode and DataNodes: dfs.encrypt.data.transfer must be the same"],
        fix: "Set dfs.encrypt.data.transfer=true on the NameNodes too.",
        never: "Do not bring the sides together by setting it to false.",
        controls: &["hdfs/block-transfer-privacy"],
    },
    KnownError {
        parts: &["unexpected eof while trying to read response from server"],
        means: "The peer closed the data connection in the middle of the handshake. Most often one side expects an encrypted or SASL-protected transfer and the other does not.",
        decided_by: &[
            "NameNode, DataNode and client: dfs.encrypt.data.transfer",
            "DataNode and client: dfs.data.transfer.protection",
        ],
        fix: "Compare the keys on the three sides and raise the one that lacks protection; the DataNode's log names the reason.",
        never: "Do not switch protection off on the DataNode.",
        controls: &["hdfs/block-transfer-privacy"],
    },
    KnownError {
        parts: &["invalid cipher suite, dfs.encrypt.data.transfer.cipher.suites"],
        means: "The key takes exactly one suite, in this spelling: AES/CTR/NoPadding. A list, another case or AES/GCM/NoPadding makes reads fail.",
        decided_by: &["client and DataNode: dfs.encrypt.data.transfer.cipher.suites"],
        fix: "Set it to AES/CTR/NoPadding on both sides.",
        never: "Do not unset it: without it the transfer falls back to 3DES or RC4.",
        controls: &["hdfs/block-transfer-cipher"],
    },
    KnownError {
        parts: &["block access tokens", "arent enabled", "aborting"],
        means: "Kerberos is on and block tokens are off. The daemon refuses to start: without tokens a DataNode could not tell who may read a block.",
        decided_by: &["NameNode and DataNode: dfs.block.access.token.enable"],
        fix: "Set dfs.block.access.token.enable=true on all NameNodes and DataNodes.",
        never: "Do not set hadoop.security.authentication back to simple.",
        controls: &["hdfs/datanode-trust"],
    },
    UNPROTECTED_DATANODE,
    KnownError {
        parts: &[
            "cannot start secure datanode without configuring either privileged resources or sasl rpc data transfer protection",
        ],
        ..UNPROTECTED_DATANODE
    },
    KnownError {
        parts: &["no enum constant", "saslrpcserver.qualityofprotection"],
        means: "A protection key holds a word that Hadoop does not know. It knows authentication, integrity and privacy.",
        decided_by: &[
            "hadoop.rpc.protection or dfs.data.transfer.protection on the daemon that stopped",
        ],
        fix: "Write privacy.",
        never: "Do not empty the key: then authentication alone counts, and data travels in clear.",
        controls: &["hdfs/rpc-privacy", "hdfs/block-transfer-privacy"],
    },
    KnownError {
        parts: &["invalid attribute value for hadoop.security.authentication"],
        means: "The key holds a word that Hadoop does not know. It knows simple and kerberos.",
        decided_by: &["hadoop.security.authentication in core-site.xml"],
        fix: "Write kerberos.",
        never: "Do not write simple: then everybody may claim to be anybody.",
        controls: &["hdfs/authentication"],
    },
    KnownError {
        parts: &["unrecognized value", "for dfs.http.policy"],
        means: "The key holds a word that Hadoop does not know. It knows HTTP_ONLY, HTTPS_ONLY and HTTP_AND_HTTPS.",
        decided_by: &["dfs.http.policy in hdfs-site.xml"],
        fix: "Write HTTPS_ONLY.",
        never: "Do not write HTTP_ONLY or HTTP_AND_HTTPS: the open port stays.",
        controls: &["hdfs/http-privacy"],
    },
    KnownError {
        parts: &["running in secure mode, but config doesnt have a keytab"],
        means: "Kerberos is on and the daemon's keytab key is not set: it has no identity to log in with.",
        decided_by: &[
            "the daemon's own pair of keys, such as dfs.namenode.keytab.file and dfs.namenode.kerberos.principal",
        ],
        fix: "Set both keys, and give the daemon's user alone the right to read the keytab.",
        never: "Do not set hadoop.security.authentication back to simple.",
        controls: &["hdfs/authentication", "kerberos/keytabs"],
    },
    KnownError {
        parts: &["failure to login", "unable to obtain password from user"],
        means: "The keytab is missing or unreadable for this user, or holds no key for this principal; or the principal's key is unset, and the name of the operating system's user was tried.",
        decided_by: &[
            "the daemon's or application's keytab and principal keys",
            "the keytab's owner and mode, and what `klist -kt` lists in it",
        ],
        fix: "Compare the principal with `klist -kt`, host part included, and give the file to the daemon's user, mode 0400.",
        never: "Do not make the keytab readable for all: it is the identity.",
        controls: &["kerberos/keytabs"],
    },
    KnownError {
        parts: &["failed to find any kerberos tgt"],
        means: "The process asks for Kerberos and holds no ticket: nobody logged in, the ticket expired, or it lies in a cache that this process does not see.",
        decided_by: &[
            "client: the ticket cache (klist, KRB5CCNAME) or a keytab login",
            "client of the KMS: hadoop.security.key.provider.path names a KMS that asks for Kerberos",
        ],
        fix: "Log in from a keytab, or kinit as the user that runs the process.",
        never: "Do not set hadoop.kms.authentication.type or hadoop.security.authentication to simple.",
        controls: &["kms/authentication", "hdfs/authentication"],
    },
    KnownError {
        parts: &["not allowed to do decrypt_eek on"],
        means: "The KMS refuses to open a file's key for this user. For hdfs this is how it should be: the administrator of the files must not read them.",
        decided_by: &[
            "KMS, kms-acls.xml: hadoop.kms.acl.DECRYPT_EEK, hadoop.kms.blacklist.DECRYPT_EEK",
            "KMS, kms-acls.xml: key.acl.<key>.DECRYPT_EEK, or default.key.acl.DECRYPT_EEK",
        ],
        fix: "If this user is to read this zone, name it in key.acl.<key>.DECRYPT_EEK.",
        never: "Do not write `*`, and do not take hdfs off the blacklist.",
        controls: &["kms/decrypt-acl"],
    },
    KnownError {
        parts: &["is not authorized to create key"],
        means: "The KMS's key ACLs deny this. An empty kms-acls.xml opens the operations but not the keys.",
        decided_by: &["KMS, kms-acls.xml: default.key.acl.MANAGEMENT, key.acl.<key>.MANAGEMENT"],
        fix: "Name the key administrator in default.key.acl.MANAGEMENT.",
        never: "Do not write `*` into the key ACLs.",
        controls: &["kms/decrypt-acl", "kms/key-export-acl"],
    },
    KnownError {
        parts: &["hadoop kms could not be started"],
        means: "The KMS stopped while starting. Without a kms-acls.xml it does not start at all.",
        decided_by: &["KMS: kms-acls.xml in its configuration directory"],
        fix: "Write a kms-acls.xml that names who may do what; an empty one opens every operation.",
        never: "Do not copy an example with `*` in it.",
        controls: &["kms/decrypt-acl"],
    },
    KnownError {
        parts: &["is not allowed to impersonate"],
        means: "A service asked to act for another user, and the server does not trust it with that user or from that host.",
        decided_by: &[
            "server, core-site.xml: hadoop.proxyuser.<service>.hosts",
            "server, core-site.xml: hadoop.proxyuser.<service>.users or .groups",
        ],
        fix: "Name the hosts the service runs on and the groups it acts for, then refresh: `hdfs dfsadmin -refreshSuperUserGroupsConfiguration`.",
        never: "Do not write `*`: the service could then act for hdfs, from anywhere.",
        controls: &["hdfs/impersonation"],
    },
    KnownError {
        parts: &["security enabled but user not authenticated by filter"],
        means: "WebHDFS got a request without a name under Kerberos. It does not mean that WebHDFS is closed: from 3.3.0 on its type is that of hadoop.http.authentication.type, and with `simple` any user.name is believed.",
        decided_by: &["NameNode and DataNode: hadoop.http.authentication.type"],
        fix: "Set hadoop.http.authentication.type=kerberos, and call with SPNEGO or a delegation token.",
        never: "Do not add user.name= to the call: that it works is the hole.",
        controls: &["hdfs/gateways"],
    },
];
