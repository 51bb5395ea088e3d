//! Where daemons and clients find their key stores.

use super::places::Places;
use super::profiles::Secrets;
use super::roles::File;
use super::site::Site;

pub(super) fn settings(site: &mut Site, places: &Places, secrets: &Secrets) {
    for store in ["keystore", "truststore"] {
        let file = places.tls().join(format!("{store}.p12"));
        for (file_of_settings, side) in [(File::SslServer, "server"), (File::SslClient, "client")] {
            if (store, side) == ("keystore", "client") {
                continue;
            }
            for (key, value) in [
                ("location", file.display().to_string()),
                ("password", secrets.tls.clone()),
                ("type", "PKCS12".to_owned()),
            ] {
                site.set(
                    file_of_settings,
                    &format!("ssl.{side}.{store}.{key}"),
                    value,
                );
            }
        }
    }
    site.set(
        File::SslServer,
        "ssl.server.keystore.keypassword",
        &secrets.tls,
    );
}
