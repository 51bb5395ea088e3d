//! Files for `--encryption-provider-config`: every rule of the loader once, and what people write by mistake.
//!
//! The names say what is in a file, not what the loader thinks of it: that is measured.

/// The only key value of the cases, in any length: bytes of `d`. It protects nothing.
const THREE_BYTES: &str = "ZGRk";
const HEAD: &str =
    "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n";
const IDENTITY: &str = "identity: {}";
const SECRETS: &[&str] = &["secrets"];

/// A file, and the flags that the API server gets beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What is in it.
    pub name: String,
    /// More flags of the API server.
    pub flags: Vec<String>,
    /// The file.
    pub text: String,
}

/// Every case.
#[must_use]
pub fn cases() -> Vec<Case> {
    let mut all = Cases::default();
    all.kinds();
    all.keys();
    all.kms();
    all.several_entries();
    all.one_list();
    all.names();
    all.structure();
    all.decoding();
    all.0
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.with_flags(name, text, &[]);
    }

    fn with_flags(&mut self, name: impl Into<String>, text: impl Into<String>, flags: &[&str]) {
        self.0.push(Case {
            name: name.into(),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            text: text.into(),
        });
    }

    fn kinds(&mut self) {
        let body = entry(SECRETS, &[local("aescbc", 32)]);
        self.add(
            "legacy-kind",
            format!("apiVersion: v1\nkind: EncryptionConfig\nresources:\n{body}"),
        );
        self.add(
            "kind-in-version-v1",
            file(&body).replace("apiserver.config.k8s.io/v1", "v1"),
        );
        self.add(
            "kind-in-version-v1beta1",
            file(&body).replace("k8s.io/v1", "k8s.io/v1beta1"),
        );
    }

    fn keys(&mut self) {
        for (provider, lengths) in [
            ("aescbc", &[15, 16, 24, 31, 32, 33][..]),
            ("aesgcm", &[8, 16, 24, 32]),
            ("secretbox", &[16, 31, 32]),
        ] {
            for length in lengths {
                self.add(
                    format!("{provider}-{length}-bytes"),
                    one(&[&local(provider, *length), IDENTITY]),
                );
            }
        }
        let with = |fields: &str| one(&[&format!("aescbc: {{keys: [{{{fields}}}]}}")]);
        let key = key(32);
        self.add("key-not-base64", with("name: key1, secret: 'not base64!'"));
        let url_safe = format!("{}8=", "_".repeat(42));
        self.add(
            "key-url-safe-base64",
            with(&format!("name: key1, secret: {url_safe}")),
        );
        let bare = key.trim_end_matches('=');
        self.add(
            "key-without-padding",
            with(&format!("name: key1, secret: {bare}")),
        );
        self.add(
            "key-with-line-break",
            one(&[&format!(
                "aescbc:\n      keys:\n      - name: key1\n        secret: |\n          {key}\n"
            )]),
        );
        self.add("key-without-name", with(&format!("secret: {key}")));
        self.add("key-without-secret", with("name: key1"));
        self.add(
            "key-name-with-colon",
            with(&format!("name: 'a:b', secret: {key}")),
        );
        self.add(
            "key-name-twice",
            with(&format!(
                "name: k, secret: {key}}}, {{name: k, secret: {}",
                self::key(16)
            )),
        );
        self.add("no-keys", one(&["aescbc: {keys: []}"]));
    }

    fn kms(&mut self) {
        let v2 = |more: &str| kms(&format!("apiVersion: v2, name: lab-kms, {SOCKET}{more}"));
        let v1 = kms(&format!("apiVersion: v1, name: lab-kms, {SOCKET}"));
        const GATE: &str = "--feature-gates=KMSv1=true";
        const RELOAD: &str = "--encryption-provider-config-automatic-reload=true";
        self.add("kms-v2", one(&[&v2(""), IDENTITY]));
        self.add("kms-v1", one(&[&v1, IDENTITY]));
        self.with_flags("kms-v1-with-gate", one(&[&v1, IDENTITY]), &[GATE]);
        self.with_flags(
            "kms-v1-with-gate-and-reload",
            one(&[&v1, IDENTITY]),
            &[GATE, RELOAD],
        );
        self.with_flags(
            "kms-v1-cachesize-0",
            one(&[&kms(&format!(
                "apiVersion: v1, name: lab-kms, {SOCKET}, cachesize: 0"
            ))]),
            &[GATE],
        );
        for (name, fields) in [
            ("kms-without-version", format!("name: lab-kms, {SOCKET}")),
            ("kms-v3", format!("apiVersion: v3, name: lab-kms, {SOCKET}")),
            (
                "kms-name-with-colon",
                format!("apiVersion: v2, name: 'a:b', {SOCKET}"),
            ),
            ("kms-without-name", format!("apiVersion: v2, {SOCKET}")),
            (
                "kms-over-tcp",
                "apiVersion: v2, name: lab-kms, endpoint: 'tcp://127.0.0.1:1'".into(),
            ),
            (
                "kms-without-endpoint",
                "apiVersion: v2, name: lab-kms".into(),
            ),
        ] {
            self.add(name, one(&[&kms(&fields), IDENTITY]));
        }
        for (name, more) in [
            ("kms-timeout-0", ", timeout: 0s"),
            ("kms-timeout-negative", ", timeout: -1s"),
            ("kms-v2-cachesize", ", cachesize: 10"),
        ] {
            self.add(name, one(&[&v2(more), IDENTITY]));
        }
        let twice = entry(SECRETS, &[v2("")]) + &entry(&["configmaps"], &[v2("")]);
        self.add("kms-name-twice", file(&twice));
    }

    fn several_entries(&mut self) {
        let aescbc = || local("aescbc", 32);
        let identity = || IDENTITY.to_owned();
        for (name, first, second) in [
            ("same-name-twice", "secrets", "secrets"),
            ("name-then-core", "secrets", "*."),
            ("name-then-all", "events", "*.*"),
            ("group-then-all", "*.apps", "*.*"),
            ("core-then-name", "*.", "secrets"),
            ("all-then-name", "*.*", "configmaps"),
            ("all-then-group", "*.*", "*.apps"),
            ("all-then-core", "*.*", "*."),
            ("all-twice", "*.*", "*.*"),
            ("group-then-name", "*.apps", "deployments.apps"),
        ] {
            let body = entry(&[first], &[aescbc()]) + &entry(&[second], &[identity()]);
            self.add(format!("entries-{name}"), file(&body));
        }
    }

    fn one_list(&mut self) {
        for (name, list) in [
            ("name-and-core", ["secrets", "*."]),
            ("name-and-all", ["secrets", "*.*"]),
            ("core-and-all", ["*.", "*.*"]),
            ("group-and-its-name", ["*.apps", "deployments.apps"]),
            ("name-twice", ["secrets", "secrets"]),
            ("unknown-names", ["secret", "nosuch.example.test"]),
        ] {
            self.add(
                format!("list-{name}"),
                file(&entry(&list, &[local("aescbc", 32)])),
            );
        }
    }

    fn names(&mut self) {
        for (name, resource) in [
            ("star", "*"),
            ("capital", "Secrets"),
            ("across-groups", "secrets.*"),
            ("events-group", "*.events.k8s.io"),
            ("events-in-group", "events.events.k8s.io"),
            ("extensions", "ingresses.extensions"),
            ("extensions-group", "*.extensions"),
            ("apiserveripinfo", "apiserveripinfo"),
            ("serviceipallocations", "serviceipallocations"),
            ("servicenodeportallocations", "servicenodeportallocations"),
            ("empty", ""),
        ] {
            self.add(
                format!("name-{name}"),
                file(&entry(&[resource], &[local("aescbc", 32)])),
            );
        }
    }

    fn structure(&mut self) {
        self.add("identity-only", one(&[IDENTITY]));
        let both = format!("{}\n    identity: {{}}", local("aescbc", 32));
        self.add("two-providers-in-one-element", one(&[&both]));
        self.add("element-without-provider", one(&["{}"]));
        self.add(
            "no-providers",
            file("- resources: [secrets]\n  providers: []\n"),
        );
        self.add(
            "no-names",
            file("- resources: []\n  providers:\n  - identity: {}\n"),
        );
        self.add("no-entries", HEAD.replace("resources:\n", ""));
    }

    fn decoding(&mut self) {
        let good = one(&[&local("aescbc", 32)]);
        self.add("field-unknown", format!("{good}extra: true\n"));
        self.add("provider-unknown", one(&["aesctr: {keys: []}"]));
        self.add(
            "field-in-capitals",
            file("- Resources: [secrets]\n  providers:\n  - identity: {}\n"),
        );
        self.add(
            "field-twice",
            file("- resources: [secrets]\n  resources: [configmaps]\n  providers:\n  - identity: {}\n"),
        );
        self.add("empty-file", "");
        self.add("two-documents", format!("{}---\n{good}", one(&[IDENTITY])));
        let json = r#"{"apiVersion":"apiserver.config.k8s.io/v1","kind":"EncryptionConfiguration","resources":[{"resources":["secrets"],"providers":[{"aescbc":{"keys":[{"name":"key1","secret":"KEY"}]}}]}]}"#;
        self.add("json", json.replace("KEY", &key(32)));
    }
}

const SOCKET: &str = "endpoint: 'unix:///nonexistent/kms.sock'";

/// A key of so many bytes.
fn key(length: usize) -> String {
    let rest = match length % 3 {
        1 => "ZA==",
        2 => "ZGQ=",
        _ => "",
    };
    THREE_BYTES.repeat(length / 3) + rest
}

fn local(provider: &str, length: usize) -> String {
    format!(
        "{provider}: {{keys: [{{name: key1, secret: {}}}]}}",
        key(length)
    )
}

fn kms(fields: &str) -> String {
    format!("kms: {{{fields}}}")
}

fn file(body: &str) -> String {
    format!("{HEAD}{body}")
}

/// A file with one entry for secrets.
fn one(providers: &[&str]) -> String {
    let providers: Vec<String> = providers
        .iter()
        .map(|provider| (*provider).to_owned())
        .collect();
    file(&entry(SECRETS, &providers))
}

fn entry(resources: &[&str], providers: &[String]) -> String {
    let quoted: Vec<String> = resources.iter().map(|name| format!("'{name}'")).collect();
    let mut text = format!("- resources: [{}]\n  providers:\n", quoted.join(", "));
    for provider in providers {
        text += &format!("  - {provider}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_keys_have_their_length() {
        let all = cases();
        let mut names: Vec<&str> = all.iter().map(|case| case.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!((all.len(), names.len()), (80, 80));
        assert_eq!((key(16).len(), key(31).len(), key(33).len()), (24, 44, 44));
    }
}
