//! Cases of our own: every rule once, and what the captured ones do not reach.

use super::*;
use crate::kubernetes::sample;

/// 32 bytes.
const KEY: &str = "bm90LWEtcmVhbC1zZWNyZXQtbm90LWEtcmVhbC1zZWM=";

fn configuration(body: &str) -> String {
    format!(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n{body}\n"
    )
}

fn one(resources: &str, providers: &str) -> String {
    configuration(&format!(
        "- resources: [{resources}]\n  providers: [{providers}]"
    ))
}

fn loaded(text: &str) -> Encryption {
    load(&sample::object(text), None, None).unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

/// The reasons and the texts they point at.
fn refused(text: &str) -> Vec<(String, String)> {
    let refusals = load(&sample::object(text), None, None)
        .map(|_| ())
        .unwrap_err();
    refusals
        .into_iter()
        .map(|refusal| (refusal.reason, text[refusal.span.range()].to_owned()))
        .collect()
}

/// The kinds of the providers of a resource.
fn kinds(encryption: &Encryption, resource: &str) -> Vec<&'static str> {
    encryption
        .providers_for(resource)
        .iter()
        .map(|found| found.provider.kind.as_str())
        .collect()
}

fn local(provider: &str) -> String {
    format!("{{{provider}: {{keys: [{{name: k1, secret: {KEY}}}]}}}}")
}

fn kms(more: &str) -> String {
    format!("{{kms: {{name: hsm, endpoint: 'unix:///run/kms.sock'{more}}}}}")
}

#[test]
fn the_first_provider_writes() {
    let encryption = loaded(&one(
        "secrets",
        &format!("{{identity: {{}}}}, {}", local("aescbc")),
    ));
    assert_eq!(kinds(&encryption, "secrets"), ["identity", "aescbc"]);
    assert!(kinds(&encryption, "configmaps").is_empty());
}

#[test]
fn entries_with_the_same_name_are_joined() {
    let text = configuration(&format!(
        "- resources: [secrets]\n  providers: [{{identity: {{}}}}]\n- resources: [configmaps, secrets]\n  providers: [{}]",
        local("secretbox")
    ));
    let encryption = loaded(&text);
    let providers = encryption.providers_for("secrets");
    assert_eq!(kinds(&encryption, "secrets"), ["identity", "secretbox"]);
    assert_eq!((providers[0].entry, providers[1].entry), (0, 1));
    assert_eq!(&text[providers[1].matched.span.range()], "secrets");
}

#[test]
fn the_most_exact_name_wins_over_wildcards() {
    let encryption = loaded(&configuration(&format!(
        "- resources: [events]\n  providers: [{{identity: {{}}}}]\n- resources: ['*.apps']\n  providers: [{}]\n- resources: ['*.*']\n  providers: [{}]",
        local("aesgcm"),
        local("secretbox")
    )));
    assert_eq!(kinds(&encryption, "events"), ["identity"]);
    assert_eq!(kinds(&encryption, "deployments.apps"), ["aesgcm"]);
    assert_eq!(kinds(&encryption, "secrets"), ["secretbox"]);
    assert_eq!(
        kinds(&encryption, "sparkapplications.sparkoperator.k8s.io"),
        ["secretbox"]
    );
}

#[test]
fn a_core_wildcard_covers_the_core_group_only() {
    let encryption = loaded(&one("'*.'", &local("aesgcm")));
    assert_eq!(kinds(&encryption, "configmaps"), ["aesgcm"]);
    assert!(kinds(&encryption, "deployments.apps").is_empty());
}

#[test]
fn a_name_after_its_wildcard_is_masked() {
    for (first, second) in [
        ("'*.'", "secrets"),
        ("'*.*'", "pods"),
        ("'*.apps'", "'*.apps'"),
    ] {
        let text = configuration(&format!(
            "- resources: [{first}]\n  providers: [{{identity: {{}}}}]\n- resources: [{second}]\n  providers: [{{identity: {{}}}}]"
        ));
        let found = refused(&text);
        assert_eq!(found.len(), 1);
        assert!(found[0].0.starts_with("resources[1].resources[0]: masked"));
        assert_eq!(found[0].1, second);
    }
}

#[test]
fn overlaps_in_one_list_are_refused() {
    for list in [
        "secrets, '*.'",
        "secrets, '*.*'",
        "deployments.apps, '*.apps'",
        "'*.', '*.*'",
    ] {
        let found = refused(&one(list, "{identity: {}}"));
        assert_eq!(found[0].1, list, "{found:?}");
    }
    assert!(
        refused(&one("secrets, secrets", "{identity: {}}"))[0]
            .0
            .contains("twice")
    );
    loaded(&one("secrets, '*.apps', configmaps", "{identity: {}}"));
}

#[test]
fn illegal_names_are_refused_and_unknown_ones_are_not() {
    for name in [
        "'*'",
        "Secrets",
        "secrets.*",
        "events.events.k8s.io",
        "'*.extensions'",
        "serviceipallocations",
    ] {
        assert_eq!(refused(&one(name, "{identity: {}}"))[0].1, name);
    }
    for name in ["secret", "''", "nosuch.example.test", "~"] {
        loaded(&one(name, "{identity: {}}"));
    }
}

#[test]
fn an_element_holds_one_provider() {
    let two = format!("{{identity: {{}}, aescbc: {{keys: [{{name: a, secret: {KEY}}}]}}}}");
    assert!(
        refused(&one("secrets", &two))[0]
            .0
            .contains("more than one")
    );
    assert!(
        refused(&one("secrets", "{}"))[0]
            .0
            .contains("holds no provider")
    );
    // The usual slip: without braces the value is null, and null is no provider.
    let text = configuration("- resources: [secrets]\n  providers:\n  - identity:");
    assert!(
        refused(&text)[0]
            .0
            .contains("providers[0]: holds no provider")
    );
}

#[test]
fn keys_are_checked_for_name_alphabet_and_length() {
    let with = |secret: &str| {
        one(
            "secrets",
            &format!("{{secretbox: {{keys: [{{name: k, secret: {secret}}}]}}}}"),
        )
    };
    assert!(refused(&with("'bm90LXJlYWw='"))[0].0.contains("8 bytes"));
    assert!(refused(&with("not_a_real_secret"))[0].0.contains("base64"));
    assert!(refused(&with("''"))[0].0.contains("needs a secret"));
    assert!(
        refused(&with("12345678"))[0]
            .0
            .contains("a number stands there")
    );
    let nameless = one(
        "secrets",
        &format!("{{aesgcm: {{keys: [{{secret: {KEY}}}]}}}}"),
    );
    assert!(refused(&nameless)[0].0.contains("keys[0].name"));
    assert!(
        refused(&one("secrets", "{aesgcm: {keys: []}}"))[0]
            .0
            .contains("at least one key")
    );
}

#[test]
fn keys_may_share_a_name_and_hold_a_colon() {
    let keys = format!(
        "{{aesgcm: {{keys: [{{name: 'a:b', secret: {KEY}}}, {{name: 'a:b', secret: {KEY}}}]}}}}"
    );
    let encryption = loaded(&one("secrets", &keys));
    let provider = encryption.providers_for("secrets")[0].provider;
    assert_eq!(provider.keys.len(), 2);
    assert_eq!(
        (&*provider.keys[0].name, provider.keys[0].length),
        ("a:b", Some(32))
    );
}

#[test]
fn key_bytes_are_lent_however_they_are_written() {
    for written in [
        KEY.to_owned(),
        format!("\"{KEY}\""),
        format!("'{KEY}'"),
        format!("|\n          {KEY}\n"),
    ] {
        let text = configuration(&format!(
            "- resources: [secrets]\n  providers:\n  - aescbc:\n      keys:\n      - name: k1\n        secret: {written}"
        ));
        let encryption = loaded(&text);
        let key = &encryption.entries[0].providers[0].keys[0];
        let bytes = encryption
            .with_key_bytes(key, &text, <[u8]>::to_vec)
            .unwrap();
        assert_eq!(bytes, b"not-a-real-secret-not-a-real-sec", "{written}");
        assert_eq!(encryption.with_key_bytes(key, "another text", |_| ()), None);
    }
}

#[test]
fn decoding_is_strict() {
    let found = refused(
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nmetadata: {}\nresources:\n- Resources: [secrets]\n  providers: [{aesctr: {}}, {identity: {x: 1}}]\n",
    );
    let places: Vec<&str> = found.iter().map(|(_, text)| &**text).collect();
    assert_eq!(places, ["metadata", "Resources", "aesctr", "x"]);
    assert!(found[1].0.starts_with("resources[0].Resources: unknown"));
    let twice =
        configuration("- resources: [secrets]\n  resources: [pods]\n  providers: [{identity: {}}]");
    assert!(refused(&twice)[0].0.contains("twice"));
}

#[test]
fn an_unknown_field_is_not_repeated_when_it_may_be_a_value() {
    let text = one(
        "secrets",
        &format!("{{aescbc: {{keys: [{{name: k, {KEY}: x}}]}}}}"),
    );
    assert!(
        refused(&text)
            .iter()
            .all(|(reason, _)| !reason.contains(KEY))
    );
}

#[test]
fn lists_and_mappings_must_be_such() {
    assert!(
        refused(&configuration(
            "- resources: secrets\n  providers: [{identity: {}}]"
        ))[0]
            .0
            .contains("a list is wanted")
    );
    assert!(
        refused(&configuration("- secrets"))[0]
            .0
            .contains("a mapping is wanted")
    );
    assert!(
        refused(&one("yes", "{identity: {}}"))[0]
            .0
            .contains("a Boolean stands there")
    );
    assert!(
        refused("apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n")[0]
            .0
            .contains("at least one entry")
    );
    assert_eq!(refused(&configuration("- {}")).len(), 2);
}

#[test]
fn both_names_of_the_kind_are_known_in_their_own_version_only() {
    let body = one("secrets", &local("aescbc"));
    loaded(
        &body
            .replace("apiserver.config.k8s.io/v1", "v1")
            .replace("EncryptionConfiguration", "EncryptionConfig"),
    );
    refused(&body.replace("apiserver.config.k8s.io/v1", "v1"));
    refused(&body.replace("k8s.io/v1", "k8s.io/v1beta1"));
    refused(&body.replace("EncryptionConfiguration", "EncryptionConfig"));
    assert!(is_encryption_configuration(&sample::object(&body)));
    assert!(!is_encryption_configuration(&sample::object(
        "apiVersion: v1\nkind: Secret\n"
    )));
}

#[test]
fn kms_settings_are_validated() {
    for (more, field) in [
        (", apiVersion: v3", "apiVersion"),
        (", apiVersion: v2, timeout: 0s", "timeout"),
        (", apiVersion: v2, timeout: soon", "timeout"),
        (", apiVersion: v2, timeout: 3", "timeout"),
        (", apiVersion: v2, cachesize: 10", "cachesize"),
        (", cachesize: 0", "cachesize"),
        (", cachesize: 4294967296", "cachesize"),
    ] {
        let found = refused(&one("secrets", &kms(more)));
        assert!(
            found[0].0.contains(&format!("kms.{field}:")),
            "{more}: {found:?}"
        );
    }
    for provider in [
        "{kms: {apiVersion: v2, endpoint: 'unix:///a'}}",
        "{kms: {apiVersion: v2, name: a}}",
        "{kms: {apiVersion: v2, name: 'a:b', endpoint: 'unix:///a'}}",
        "{kms: {apiVersion: v2, name: a, endpoint: 'tcp://a'}}",
        "{kms: {apiVersion: v2, name: a, endpoint: '/run/a'}}",
    ] {
        assert_eq!(refused(&one("secrets", provider)).len(), 1, "{provider}");
    }
    let encryption = loaded(&one("secrets", &kms(", apiVersion: v2, timeout: 1m30s")));
    let ProviderKind::Kms { version, name, .. } = &encryption.entries[0].providers[0].kind else {
        panic!("no KMS provider");
    };
    assert_eq!((*version, &**name), (KmsVersion::V2, "hsm"));
}

#[test]
fn kms_version_1_depends_on_release_and_gate() {
    let text = one("secrets", &kms(", cachesize: -1"));
    let object = sample::object(&text);
    let conditions = |release, gate| {
        load(&object, release, gate)
            .map(|encryption| {
                encryption
                    .notes
                    .iter()
                    .map(|note| note.condition)
                    .collect::<Vec<_>>()
            })
            .map_err(|refusals| refusals.len())
    };
    assert_eq!(
        conditions(None, None),
        Ok(vec![Condition::RefusedFrom(Release(1, 29, 0))])
    );
    assert_eq!(conditions(Some(Release(1, 29, 0)), None), Err(1));
    assert_eq!(
        conditions(Some(Release(1, 34, 1)), Some(true)),
        Ok(vec![Condition::Deprecated])
    );
    assert_eq!(
        conditions(Some(Release(1, 28, 4)), None),
        Ok(vec![Condition::Deprecated])
    );
    assert_eq!(conditions(Some(Release(1, 27, 0)), None), Ok(vec![]));
    assert_eq!(conditions(None, Some(false)), Err(1));
}

#[test]
fn kms_names_are_unique_for_version_2_and_on_reload() {
    let twice = |more: &str| {
        configuration(&format!(
            "- resources: [secrets]\n  providers: [{}]\n- resources: [pods]\n  providers: [{}]",
            kms(more),
            kms(more)
        ))
    };
    assert!(
        refused(&twice(", apiVersion: v2"))[0]
            .0
            .contains("another KMS provider")
    );
    let encryption = loaded(&twice(""));
    assert!(
        encryption
            .notes
            .iter()
            .any(|note| note.condition == Condition::RefusedWithReload)
    );
}

#[test]
fn json_is_read_like_yaml() {
    let text = format!(
        "{{\"apiVersion\":\"apiserver.config.k8s.io/v1\",\"kind\":\"EncryptionConfiguration\",\"resources\":[{{\"resources\":[\"secrets\"],\"providers\":[{{\"aesgcm\":{{\"keys\":[{{\"name\":\"k\",\"secret\":\"{KEY}\"}}]}}}}]}}]}}"
    );
    assert_eq!(kinds(&loaded(&text), "secrets"), ["aesgcm"]);
}
