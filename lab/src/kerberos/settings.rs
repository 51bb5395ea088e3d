//! The files of settings that a realm's administrator keeps.

use super::{DOMAIN, EncryptionTypes, REALM};
use std::path::Path;

/// `krb5.conf`, for clients and the centre itself.
pub(super) fn of_clients(types: EncryptionTypes, port: u16, log: &Path) -> String {
    let types = match types {
        EncryptionTypes::Aes => "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96",
        EncryptionTypes::AesAndRc4 => {
            "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96 arcfour-hmac"
        }
    };
    format!(
        "[libdefaults]\n  default_realm = {REALM}\n  permitted_enctypes = {types}\n  ticket_lifetime = 10h\n  \
         renew_lifetime = 7d\n  forwardable = true\n  dns_lookup_kdc = false\n  dns_lookup_realm = false\n  \
         dns_canonicalize_hostname = false\n  rdns = false\n  udp_preference_limit = 1\n\n\
         [realms]\n  {REALM} = {{\n    kdc = 127.0.0.1:{}\n  }}\n\n\
         [domain_realm]\n  localhost = {REALM}\n  .{DOMAIN} = {REALM}\n\n\
         [logging]\n  kdc = FILE:{}\n",
        port,
        log.display()
    )
}

/// `kdc.conf`, for the centre.
pub(super) fn of_centre(types: EncryptionTypes, port: u16, data: &Path) -> String {
    let types = match types {
        EncryptionTypes::Aes => "aes256-cts-hmac-sha1-96:normal",
        EncryptionTypes::AesAndRc4 => "aes256-cts-hmac-sha1-96:normal arcfour-hmac:normal",
    };
    format!(
        "[kdcdefaults]\n  kdc_listen = 127.0.0.1:{0}\n  kdc_tcp_listen = 127.0.0.1:{0}\n\n\
         [realms]\n  {REALM} = {{\n    database_name = {1}/principal\n    key_stash_file = {1}/stash\n    \
         acl_file = {1}/kadm5.acl\n    max_life = 10h\n    max_renewable_life = 7d\n    supported_enctypes = {types}\n  }}\n\n\
         [dbmodules]\n  {REALM} = {{\n    db_library = db2\n  }}\n",
        port,
        data.display()
    )
}

/// The same settings of a client that has RC4 first on its list.
pub(super) fn preferring_rc4(text: &str) -> String {
    text.lines()
        .filter(|line| !line.contains("permitted_enctypes"))
        .map(|line| match line {
            "[libdefaults]" => {
                "[libdefaults]\n  permitted_enctypes = arcfour-hmac aes256-cts-hmac-sha1-96\n"
                    .to_owned()
            }
            line => format!("{line}\n"),
        })
        .collect()
}
