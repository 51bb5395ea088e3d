use super::*;
use crate::kubernetes::object::Object;
use crate::kubernetes::pod::pod_templates;
use crate::kubernetes::sample::{object, objects};
use model::{Release, SourceId};
use text::shell;

fn pod(container: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - {container}\n")
}

fn flags_of(text: &str) -> Flags {
    let mut found = in_object(&object(text));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn api_server(arguments: &str) -> Flags {
    flags_of(&pod(&format!("{{command: [kube-apiserver, {arguments}]}}")))
}

fn texts(setting: &Setting<Vec<Item>>) -> Vec<&str> {
    setting
        .value()
        .unwrap()
        .iter()
        .map(|item| &*item.text)
        .collect()
}

#[test]
fn both_ways_to_give_a_value() {
    let flags = api_server(
        "--a=x, --b, y, --profiling, --allow_privileged=false, --c=, -v, '2', --n, '-1'",
    );
    let all: Vec<_> = flags
        .all
        .iter()
        .map(|flag| (&*flag.name, flag.value.as_ref().map(|value| &*value.text)))
        .collect();
    assert_eq!(
        all,
        [
            ("a", Some("x")),
            ("b", Some("y")),
            ("profiling", None),
            ("allow-privileged", Some("false")),
            ("c", Some("")),
            ("v", Some("2")),
            ("n", Some("-1")),
        ]
    );
    assert!(flags.bool("profiling", false).is_on());
    assert_eq!(flags.text("c", "").value().unwrap(), "");
}

#[test]
fn places_are_exact_inside_words() {
    let text = pod(
        "{command: [kube-apiserver, \"--authorization-mode=Node,RBAC\", --tls-min-version, VersionTLS12]}",
    );
    let flags = flags_of(&text);
    let slice = |place: model::Place| &text[place.span.range()];
    let modes = ApiServer::of(&flags).unwrap().authorization_modes();
    assert_eq!(slice(modes.place()), "Node,RBAC");
    assert_eq!(slice(modes.holds("RBAC").unwrap().place), "RBAC");
    assert_eq!(
        slice(flags.text("tls-min-version", "").place()),
        "VersionTLS12"
    );
    assert_eq!(
        slice(flags.text("client-ca-file", "").place()),
        "kube-apiserver"
    );
}

#[test]
fn the_last_flag_wins_and_lists_add_up() {
    let flags = api_server(
        "--anonymous-auth=true, --authorization-mode=Node, --anonymous-auth=false, --authorization-mode=RBAC",
    );
    let server = ApiServer::of(&flags).unwrap();
    assert_eq!(server.anonymous().value(), Some(&false));
    assert_eq!(texts(&server.authorization_modes()), ["Node", "RBAC"]);
}

#[test]
fn authorization_defaults_to_always_allow_which_closes_anonymous() {
    let flags = api_server("--anonymous-auth=true");
    let server = ApiServer::of(&flags).unwrap();
    assert_eq!(texts(&server.authorization_modes()), ["AlwaysAllow"]);
    assert_eq!(server.anonymous().value(), Some(&false));
    let flags = api_server("--authorization-config=/etc/authz.yaml");
    let server = ApiServer::of(&flags).unwrap();
    assert!(texts(&server.authorization_modes()).is_empty());
    assert_eq!(server.anonymous(), Setting::Default(true, flags.place));
}

#[test]
fn variables_are_not_guessed() {
    let flags = api_server("--client-ca-file=$(CA), --etcd-cafile=$$(CA), $(EXTRA)");
    assert!(matches!(
        flags.text("client-ca-file", ""),
        Setting::Unknown(..)
    ));
    assert_eq!(flags.text("etcd-cafile", "").value().unwrap(), "$$(CA)");
    // Any flag may hide in the variable, so that even a default is not known.
    assert!(matches!(
        flags.bool("profiling", true),
        Setting::Unknown(..)
    ));
}

#[test]
fn a_value_that_is_no_boolean_is_not_a_default() {
    let flags = api_server("--anonymous-auth=no, --authorization-mode=RBAC");
    assert!(matches!(
        ApiServer::of(&flags).unwrap().anonymous(),
        Setting::Unknown(..)
    ));
}

#[test]
fn gates_and_audit() {
    let flags = api_server(
        "'--feature-gates=A=true,KMSv1=false', --feature-gates=KMSv1=true, --audit-policy-file=/p",
    );
    let server = ApiServer::of(&flags).unwrap();
    assert_eq!(server.kms_v1(Some(Release(1, 31, 0))), Some(true));
    assert_eq!(server.audits().value(), Some(&false));
    assert!(flags.feature_gate("B").is_none());
    let flags = api_server("--audit-policy-file=/p, --audit-log-path=/l");
    let server = ApiServer::of(&flags).unwrap();
    assert!(server.audits().is_on());
    assert_eq!(server.kms_v1(Some(Release(1, 29, 0))), Some(false));
    assert_eq!(server.kms_v1(None), None);
}

#[test]
fn overrides_are_urls() {
    let flags =
        api_server("'--etcd-servers-overrides=/events#http://10.0.0.1:2379;https://10.0.0.2:2379'");
    let overrides = ApiServer::of(&flags).unwrap().etcd_overrides();
    assert_eq!(
        texts(&overrides),
        ["http://10.0.0.1:2379", "https://10.0.0.2:2379"]
    );
}

#[test]
fn programs_are_found_behind_wrappers() {
    for container in [
        "{command: [/bin/sh, -c, 'exec /usr/local/bin/kube-apiserver --x=1 1>>/var/log/a.log 2>&1']}",
        "{command: [/bin/bash, -ec], args: ['set -e; mkdir -p /d && kube-apiserver --x=1']}",
        "{command: [/hyperkube, apiserver, --x=1]}",
        "{command: [/go-runner, --log-file=/l, /usr/local/bin/kube-apiserver, --x=1]}",
        "{image: 'registry.k8s.io/kube-apiserver:v1.31.0', args: [--x=1]}",
        "{command: [kube-apiserver], args: [--x=1]}",
    ] {
        let flags = flags_of(&pod(container));
        assert_eq!(flags.program, Program::ApiServer, "{container}");
        assert_eq!(flags.text("x", "").value().unwrap(), "1", "{container}");
    }
    for container in [
        "{command: [echo, kube-apiserver]}",
        "{command: [sh, -c, 'pgrep kube-apiserver']}",
        "{command: [etcdctl, snapshot]}",
        "{image: 'registry.k8s.io/kube-apiserver:v1', command: [sleep, '1']}",
        "{name: a}",
    ] {
        assert!(
            in_object(&object(&pod(container))).is_empty(),
            "{container}"
        );
    }
}

#[test]
fn flags_inside_scripts_have_places_in_the_word() {
    let text = pod("{command: [sh, -c, 'kube-apiserver --token-auth-file=/t']}");
    let flags = flags_of(&text);
    assert_eq!(
        &text[flags.all[0].place.span.range()],
        "--token-auth-file=/t"
    );
}

fn command_line(text: &str) -> CommandLine {
    let commands = shell::commands(text);
    let words = commands[0].words.iter().map(|word| {
        let place = model::Place::new(SourceId(3), word.span);
        Word::written(word.text.clone(), word.dynamic, place)
    });
    CommandLine {
        words: words.collect(),
        environment: Vec::new(),
        unread: None,
    }
}

#[test]
fn units_are_read_as_commands() {
    let text = "/usr/bin/kubelet --config=/etc/kubelet.yaml \\\n  --anonymous-auth=false $EXTRA\n";
    let flags = command_line(text).flags().unwrap();
    assert_eq!(flags.program, Program::Kubelet);
    assert_eq!(
        &text[flags.bool("anonymous-auth", true).place().span.range()],
        "false"
    );
    assert_eq!(flags.unknown.len(), 1);
}

#[test]
fn a_program_is_run_at_the_start_or_behind_what_runs_it() {
    for (text, flag) in [
        ("sudo -u etcd /usr/bin/etcd --name=a", "a"),
        ("sudo -E nohup etcd --name=e", "e"),
        ("ip netns exec cp etcd --name=f", "f"),
        ("timeout -k 5 10 etcd --name=g", "g"),
        ("exec kube-apiserver --name=b", "b"),
        (
            "docker run --rm --name etcd -p 2379:2379 quay.io/coreos/etcd:v3.5 /usr/local/bin/etcd --name=c",
            "c",
        ),
        (
            "podman run -d registry.k8s.io/kube-apiserver:v1.33.0 kube-apiserver --name=d",
            "d",
        ),
    ] {
        let flags = command_line(text).flags().unwrap();
        assert_eq!(flags.text("name", "").value().unwrap(), flag, "{text}");
    }
    for text in [
        "easyrsa build-client-full kube-apiserver nopass",
        "run-in-docker-container node kube-apiserver 'cat /tmp/x'",
        "systemctl restart etcd",
        "sudo ufw allow kube-apiserver",
        "sudo systemctl restart etcd",
        "docker logs etcd",
        "docker run --name etcd busybox true",
    ] {
        assert!(command_line(text).flags().is_none(), "{text}");
    }
}

#[test]
fn etcd_flags_have_one_dash_or_two_and_end_at_a_word() {
    let flags = flags_of(&pod(
        "{command: [etcd, -client-cert-auth, --listen-client-urls=https://0.0.0.0:2379, --listen-client-urls, 'https://1.2.3.4:2379', stop, --auto-tls]}",
    ));
    let etcd: Etcd<'_> = Etcd::of_flags(flags).unwrap();
    assert!(etcd.bool(EtcdSide::Client, "client-cert-auth").is_on());
    assert_eq!(
        texts(&etcd.urls("listen-client-urls")),
        ["https://1.2.3.4:2379"]
    );
    assert_eq!(
        texts(&etcd.urls("listen-peer-urls")),
        ["http://localhost:2380"]
    );
    assert!(!etcd.bool(EtcdSide::Client, "auto-tls").is_on());
}

fn etcd_of(object: &Object) -> Etcd<'static> {
    let pods = pod_templates(object);
    let container = &pods[0].containers()[0];
    Etcd::of_container(&pods[0], container).unwrap()
}

#[test]
fn a_flag_beats_a_variable_of_etcd() {
    let text = pod(
        "{command: [etcd, --trusted-ca-file=/ca], env: [{name: ETCD_TRUSTED_CA_FILE, value: ''}, {name: ETCD_PEER_CLIENT_CERT_AUTH, value: 'true'}, {name: ETCD_LISTEN_CLIENT_URLS, value: 'http://a:1,https://b:2'}, {name: ETCD_KEY_FILE, valueFrom: {secretKeyRef: {name: s, key: k}}}]}",
    );
    let object = object(&text);
    let etcd = etcd_of(&object);
    assert_eq!(
        etcd.text(EtcdSide::Client, "trusted-ca-file")
            .value()
            .unwrap(),
        "/ca"
    );
    assert!(etcd.bool(EtcdSide::Peer, "client-cert-auth").is_on());
    assert_eq!(
        texts(&etcd.urls("listen-client-urls")),
        ["http://a:1", "https://b:2"]
    );
    assert!(matches!(
        etcd.text(EtcdSide::Client, "key-file"),
        Setting::Unknown(..)
    ));
    assert!(etcd.demands_certificate(EtcdSide::Client).is_on());
    assert!(etcd.demands_certificate(EtcdSide::Peer).is_on());
}

#[test]
fn an_etcd_is_known_by_its_variables() {
    let text = pod(
        "{image: 'bitnami/etcd:3.5', env: [{name: ETCD_LISTEN_CLIENT_URLS, value: 'https://0.0.0.0:2379'}, {name: ETCD_AUTO_TLS, value: 'true'}]}",
    );
    let object = object(&text);
    let etcd = etcd_of(&object);
    assert!(etcd.makes_own_certificate(EtcdSide::Client).is_on());
    assert_eq!(
        etcd.demands_certificate(EtcdSide::Client).value(),
        Some(&false)
    );
}

#[test]
fn the_configuration_file_of_etcd_beats_everything() {
    let text = pod(
        "{command: [etcd, --config-file=/etc/etcd.yaml, --client-cert-auth=true, --listen-client-urls=https://0.0.0.0:2379]}",
    );
    let object = object(&text);
    let mut etcd = etcd_of(&object);
    assert!(matches!(
        etcd.bool(EtcdSide::Client, "client-cert-auth"),
        Setting::Unknown(..)
    ));
    assert!(matches!(
        etcd.urls("listen-client-urls"),
        Setting::Unknown(..)
    ));
    let files = objects(
        "listen-client-urls: http://0.0.0.0:2379\nclient-transport-security: {auto-tls: true, cert-file: /c, key-file: /k}\n",
    );
    etcd.file = files.first();
    let etcd = etcd;
    assert_eq!(
        etcd.bool(EtcdSide::Client, "client-cert-auth").value(),
        Some(&false)
    );
    assert_eq!(
        texts(&etcd.urls("listen-client-urls")),
        ["http://0.0.0.0:2379"]
    );
    assert_eq!(
        texts(&etcd.urls("listen-peer-urls")),
        ["http://localhost:2380"]
    );
    // Certificate and key are given, so no certificate is made.
    assert_eq!(
        etcd.makes_own_certificate(EtcdSide::Client).value(),
        Some(&false)
    );
}

#[test]
fn kubelet_defaults_depend_on_the_configuration_file() {
    let bare = flags_of(&pod("{command: [kubelet, --hostname-override=a]}"));
    let kubelet = Kubelet::new(Some(&bare), Vec::new()).unwrap();
    assert_eq!(kubelet.anonymous().value(), Some(&true));
    assert_eq!(kubelet.authorization_mode().value().unwrap(), "AlwaysAllow");
    assert_eq!(kubelet.read_only_port().value().unwrap(), "10255");

    let named = flags_of(&pod(
        "{command: [kubelet, --config=/c, --read-only-port=10255]}",
    ));
    assert!(matches!(
        Kubelet::new(Some(&named), Vec::new()).unwrap().anonymous(),
        Setting::Unknown(..)
    ));

    let files = objects(
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 0\nauthorization: {mode: AlwaysAllow}\n---\napiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthorization: {mode: Webhook}\n",
    );
    let kubelet = Kubelet::new(Some(&named), files.iter().collect()).unwrap();
    assert_eq!(kubelet.anonymous().value(), Some(&false));
    assert_eq!(kubelet.authorization_mode().value().unwrap(), "Webhook");
    // The flag beats the file.
    assert_eq!(kubelet.read_only_port().value().unwrap(), "10255");
    assert!(Kubelet::new(None, Vec::new()).is_none());
}

#[test]
fn k3s_has_its_own_defaults() {
    let files = objects(
        "apiVersion: k3s.io/v1\nkind: Config\nsecrets-encryption: true\nkube-apiserver-arg:\n- anonymous-auth=true\n- audit-log-path=/l\n---\napiVersion: k3s.io/v1\nkind: Config\nkube-apiserver-arg+: [enable-admission-plugins+=PodSecurity]\nkubelet-arg: read-only-port=10255\n",
    );
    let k3s = K3s::new(files.iter().collect());
    let flags = k3s.flags(Program::ApiServer).unwrap();
    let server = ApiServer::of(&flags).unwrap();
    assert_eq!(texts(&server.authorization_modes()), ["Node", "RBAC"]);
    assert!(server.anonymous().is_on());
    assert_eq!(
        texts(&server.enabled_plugins()),
        ["NodeRestriction", "PodSecurity"]
    );
    assert!(matches!(server.text("tls-cert-file"), Setting::Unknown(..)));
    assert!(k3s.secrets_encryption().unwrap().0);
    let kubelet = k3s.flags(Program::Kubelet).unwrap();
    assert_eq!(
        kubelet.text("read-only-port", "0").value().unwrap(),
        "10255"
    );
    assert!(k3s.flags(Program::Etcd).is_none());
}

#[test]
fn a_later_k3s_file_replaces_a_key() {
    let files = objects(
        "kind: Config\napiVersion: k3s.io/v1\netcd-arg: [auto-tls=true]\n---\nkind: Config\napiVersion: k3s.io/v1\netcd-arg: [quota-backend-bytes=1]\n",
    );
    let flags = K3s::new(files.iter().collect())
        .flags(Program::Etcd)
        .unwrap();
    assert!(flags.last("auto-tls").is_none());
    assert_eq!(K3s::new(vec![&files[0]]).all_flags().len(), 2);
}
