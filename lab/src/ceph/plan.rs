//! What each profile sets.

use crate::object_store::{KeyPlace, S3aClient, Way};

/// A profile in settings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// Settings of `[global]` in ceph.conf.
    pub(super) global: &'static [(&'static str, &'static str)],
    /// Settings of the gateway's section.
    pub(super) gateway: &'static [(&'static str, &'static str)],
    /// Whether the monitor map names an address for msgr1.
    pub(super) has_v1: bool,
    pub(super) has_http: bool,
    pub(super) has_https: bool,
    /// The S3A client beside it.
    pub(super) client: S3aClient,
}

const CEPHX: [(&str, &str); 3] = [
    ("auth_cluster_required", "cephx"),
    ("auth_service_required", "cephx"),
    ("auth_client_required", "cephx"),
];

const CRC: Plan = Plan {
    global: &CEPHX,
    gateway: &[],
    has_v1: true,
    has_http: true,
    has_https: true,
    client: S3aClient {
        way: Way::Http,
        key: KeyPlace::CoreSite,
    },
};

const HALF: Plan = Plan {
    global: &[
        CEPHX[0],
        CEPHX[1],
        CEPHX[2],
        ("ms_cluster_mode", "secure"),
        ("ms_service_mode", "secure"),
        ("ms_client_mode", "secure"),
        ("ms_bind_msgr1", "false"),
    ],
    gateway: &[("rgw_trust_forwarded_https", "true")],
    has_v1: true,
    has_http: true,
    has_https: true,
    client: S3aClient {
        way: Way::HttpForOneBucket,
        key: KeyPlace::Environment,
    },
};

const SECURE: Plan = Plan {
    global: &[
        CEPHX[0],
        CEPHX[1],
        CEPHX[2],
        ("ms_cluster_mode", "secure"),
        ("ms_service_mode", "secure"),
        ("ms_client_mode", "secure"),
        ("ms_mon_cluster_mode", "secure"),
        ("ms_mon_service_mode", "secure"),
        ("ms_mon_client_mode", "secure"),
        ("ms_bind_msgr1", "false"),
        ("auth_allow_insecure_global_id_reclaim", "false"),
    ],
    gateway: &[],
    has_v1: false,
    has_http: false,
    has_https: true,
    client: S3aClient {
        way: Way::Https,
        key: KeyPlace::Environment,
    },
};

const NO_AUTH: Plan = Plan {
    global: &[
        ("auth_cluster_required", "none"),
        ("auth_service_required", "none"),
        ("auth_client_required", "none"),
    ],
    gateway: &[
        ("rgw_crypt_require_ssl", "false"),
        // The gateway wants its monitor connections secure where nothing is set (src/rgw/rgw_main.cc), and a login without
        // key has checksums only: it would never get in.
        ("ms_mon_client_mode", "crc"),
    ],
    has_v1: true,
    has_http: true,
    has_https: false,
    client: S3aClient {
        way: Way::Http,
        key: KeyPlace::SparkDefaults,
    },
};

impl Plan {
    /// The plan of one of the recipe's profiles.
    pub(super) fn of(profile: &str) -> Plan {
        match profile {
            "half" => HALF,
            "secure" => SECURE,
            "no-auth" => NO_AUTH,
            _ => CRC,
        }
    }
}
