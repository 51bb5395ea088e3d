//! The encryption configuration of each profile.

use super::node::Node;

/// Keys of 32 bytes that say what they are. Nothing else is ever encrypted with them.
const KEY_1: &str = "bGFiLWR1bW15LWtleS1udW1iZXItb25lLW5vLXVzZTE=";
const KEY_2: &str = "bGFiLWR1bW15LWtleS1udW1iZXItdHdvLW5vLXVzZTI=";
const HEAD: &str = "# /etc/kubernetes/enc/enc.yaml on cp1\n\
                    apiVersion: apiserver.config.k8s.io/v1\n\
                    kind: EncryptionConfiguration\n\
                    resources:\n";

/// The file of a profile; `None` where the API server has none.
pub(super) fn configuration(profile: &str, node: &Node) -> Option<String> {
    let key1 = |provider| local(provider, &[("key1", KEY_1)]);
    let entries = match profile {
        "none" => return None,
        "identity-first" => entry(&["secrets"], &[identity(), key1("aescbc")]),
        // Lists of entries that name the same resource are joined: identity writes Secrets, aescbc ConfigMaps.
        "concatenated" => {
            entry(&["secrets"], &[identity()])
                + &entry(&["secrets", "configmaps"], &[key1("aescbc")])
        }
        "secretbox" => entry(&["secrets"], &[key1("secretbox"), identity()]),
        "rotated" => {
            let both = local("aescbc", &[("key2", KEY_2), ("key1", KEY_1)]);
            entry(&["secrets"], &[both, identity()])
        }
        "kms-v2" => entry(
            &[
                "secrets",
                "configmaps",
                "sparkapplications.sparkoperator.k8s.io",
                "sparkapplications.spark.apache.org",
            ],
            &[kms(node), identity()],
        ),
        // aescbc, leftover, and the profiles that are about something else.
        _ => entry(&["secrets"], &[key1("aescbc"), identity()]),
    };
    Some(format!("{HEAD}{entries}"))
}

fn entry(resources: &[&str], providers: &[String]) -> String {
    let mut text = String::from("  - resources:\n");
    for resource in resources {
        text += &format!("      - {resource}\n");
    }
    text + "    providers:\n" + &providers.concat()
}

fn identity() -> String {
    "      - identity: {}\n".to_owned()
}

fn local(provider: &str, keys: &[(&str, &str)]) -> String {
    let mut text = format!("      - {provider}:\n          keys:\n");
    for (name, secret) in keys {
        text += &format!("            - name: {name}\n              secret: {secret}\n");
    }
    text
}

fn kms(node: &Node) -> String {
    format!(
        "      - kms:\n          apiVersion: v2\n          name: lab-kms\n          endpoint: unix://{}\n          timeout: 3s\n",
        node.kms_socket().display()
    )
}
