//! Files and addresses that every installer has to make before a component starts, and so passes by itself. What else each of them
//! passes stands beside it, with its source.

use super::Passed;

/// Files of kube-apiserver.
#[rustfmt::skip]
pub(super) const API_SERVER: [Passed; 10] = [
    ("client-ca-file", None),
    ("kubelet-client-certificate", None),
    ("kubelet-client-key", None),
    ("proxy-client-cert-file", None),
    ("proxy-client-key-file", None),
    ("requestheader-client-ca-file", None),
    ("service-account-issuer", None),
    ("service-account-key-file", None),
    ("tls-cert-file", None),
    ("tls-private-key-file", None),
];

/// What kube-apiserver reaches an etcd with that the installer runs.
pub(super) const ETCD_CLIENT: [Passed; 4] = [
    ("etcd-cafile", None),
    ("etcd-certfile", None),
    ("etcd-keyfile", None),
    ("etcd-servers", None),
];

/// What an etcd is started with that listens on https and asks for client certificates on both sides.
#[rustfmt::skip]
pub(super) const ETCD: [Passed; 11] = [
    ("client-cert-auth", Some("true")),
    ("peer-client-cert-auth", Some("true")),
    ("advertise-client-urls", None),
    ("listen-client-urls", None),
    ("listen-peer-urls", None),
    ("cert-file", None),
    ("key-file", None),
    ("trusted-ca-file", None),
    ("peer-cert-file", None),
    ("peer-key-file", None),
    ("peer-trusted-ca-file", None),
];
