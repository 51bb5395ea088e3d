//! Objects of the Kubernetes API.

use model::{Fact, Place, SourceId};
use text::{Node, Span, SyntaxError};

/// One object of the Kubernetes API, or a configuration file of a Kubernetes component, as declared.
#[derive(Debug)]
pub struct Object {
    /// The text it stands in.
    pub source: SourceId,
    /// The whole object.
    pub root: Node,
    /// The bytes of the document, or of the item of a list.
    pub document: Span,
    /// `apiVersion`: `v1`, `apps/v1`.
    pub api_version: Box<str>,
    /// `kind`.
    pub kind: Box<str>,
    /// `metadata.namespace`, where it is given.
    pub namespace: Option<Box<str>>,
    /// `metadata.name`, or `metadata.generateName`, or empty.
    pub name: Box<str>,
    /// The template that Helm rendered it from (the comment `# Source:`).
    pub template: Option<Box<str>>,
    /// Index of its cluster among the estate's clusters; set when the estate is put together.
    pub cluster: u32,
    /// What a strict decoder refuses although it can be read: duplicate keys.
    pub strict: Vec<SyntaxError>,
    /// Whether its pods are its own; set when the estate is put together.
    pub runs: Runs,
    /// Whether it is a patch: what it lacks may stand in the object that it changes.
    pub is_patch: bool,
    /// The values of every `image` field, at any depth. Gathered while the object is read, since each product looks for its
    /// release among them, and a walk over every node of every object costs most where the nodes are no longer at hand.
    pub images: Vec<Image>,
}

/// The image of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its name, with the registry and the tag.
    pub name: Box<str>,
    /// Where it stands in the object's text.
    pub span: Span,
}

/// What an object says about pods that run. A list of a live cluster holds the Deployment, its ReplicaSets of all revisions
/// and its pods, and the pods of jobs that ended long ago.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Runs {
    /// Its pods run, or will, as it says.
    #[default]
    Itself,
    /// Its owner, which was read, says the same.
    ThroughOwner,
    /// Its pods have ended, or there are none: an old revision.
    NoMore,
}

impl Fact for Object {}

/// An object of a file that exists only as overlays change it, or a patch of one. What exists is among the [`Object`]s, as it
/// was rendered; this is what the file says, which matters where a file is dangerous for what it holds.
#[derive(Debug)]
pub struct Overlaid(pub Object);

impl Fact for Overlaid {}

impl Object {
    /// The place of a node of this object.
    #[must_use]
    pub fn place(&self, node: &Node) -> Place {
        Place::new(self.source, node.span)
    }

    /// The value at a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        self.root.at(path)
    }

    /// The API group: the part of `apiVersion` before the slash, empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        // By bytes: every control asks every object, and a search for a character takes twice as long on so short a text.
        let end = self.api_version.bytes().position(|byte| byte == b'/');
        end.and_then(|end| self.api_version.get(..end))
            .unwrap_or_default()
    }

    /// Whether it is of a group (empty for core) and a kind, in any version.
    #[must_use]
    pub fn is(&self, group: &str, kind: &str) -> bool {
        &*self.kind == kind && self.group() == group
    }

    /// `metadata.labels`.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.metadata_map("labels")
    }

    /// `metadata.annotations`.
    pub fn annotations(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.metadata_map("annotations")
    }

    /// The value of an annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&Node> {
        self.at(&["metadata", "annotations", key])
    }

    /// Where the object is named: `metadata.name`, else `kind`, else the document.
    #[must_use]
    pub fn name_place(&self) -> Place {
        let node = self
            .at(&["metadata", "name"])
            .or_else(|| self.at(&["metadata", "generateName"]))
            .or_else(|| self.at(&["kind"]));
        Place::new(self.source, node.map_or(self.document, |node| node.span))
    }

    /// `namespace/name`, or the name alone where no namespace is given.
    #[must_use]
    pub fn qualified_name(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.to_string(),
        }
    }

    /// The namespace, where it is given; else `default`. Which namespace the caller of `kubectl` meant is not in the file.
    #[must_use]
    pub fn namespace_or_default(&self) -> &str {
        self.namespace.as_deref().unwrap_or("default")
    }

    /// Whether two objects may live in one cluster. Number 0 is the part that all clusters share: a base, of which each
    /// overlay changes what it changes.
    #[must_use]
    pub fn may_meet(&self, other: &Object) -> bool {
        self.cluster == other.cluster || self.cluster == 0 || other.cluster == 0
    }

    /// Whether objects of a group (empty for core) and kind live in a namespace. Kinds that are not known count as namespaced,
    /// as most custom resources are.
    #[must_use]
    pub fn is_namespaced(group: &str, kind: &str) -> bool {
        !CLUSTER_SCOPED
            .iter()
            .any(|(g, kinds)| *g == group && (kinds.is_empty() || kinds.contains(&kind)))
    }

    fn metadata_map(&self, key: &str) -> impl Iterator<Item = (&str, &Node)> {
        let entries = self
            .at(&["metadata", key])
            .map_or(&[][..], |map| map.entries());
        entries
            .iter()
            .filter_map(|entry| Some((entry.key.text()?, &entry.value)))
    }
}

/// Kinds without a namespace, by group; no kinds means every kind of the group. Built-in kinds as `kubectl api-resources
/// --namespaced=false` lists them for 1.37; the groups of the components' configuration files; and the cluster-wide kinds of
/// the products that controls read (the `spec.scope: Cluster` of their CustomResourceDefinitions).
const CLUSTER_SCOPED: &[(&str, &[&str])] = &[
    (
        "",
        &["Namespace", "Node", "PersistentVolume", "ComponentStatus"],
    ),
    (
        "rbac.authorization.k8s.io",
        &["ClusterRole", "ClusterRoleBinding"],
    ),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
        ],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    (
        "authentication.k8s.io",
        &["TokenReview", "SelfSubjectReview"],
    ),
    (
        "authorization.k8s.io",
        &[
            "SelfSubjectAccessReview",
            "SelfSubjectRulesReview",
            "SubjectAccessReview",
        ],
    ),
    (
        "certificates.k8s.io",
        &["CertificateSigningRequest", "ClusterTrustBundle"],
    ),
    (
        "flowcontrol.apiserver.k8s.io",
        &["FlowSchema", "PriorityLevelConfiguration"],
    ),
    (
        "networking.k8s.io",
        &["IngressClass", "IPAddress", "ServiceCIDR"],
    ),
    ("node.k8s.io", &["RuntimeClass"]),
    ("policy", &["PodSecurityPolicy"]),
    ("resource.k8s.io", &["DeviceClass", "ResourceSlice"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    (
        "storage.k8s.io",
        &[
            "CSIDriver",
            "CSINode",
            "StorageClass",
            "VolumeAttachment",
            "VolumeAttributesClass",
        ],
    ),
    ("storagemigration.k8s.io", &["StorageVersionMigration"]),
    ("internal.apiserver.k8s.io", &["StorageVersion"]),
    // Configuration files of components: they have no namespace at all.
    ("apiserver.config.k8s.io", &[]),
    ("audit.k8s.io", &[]),
    ("kubelet.config.k8s.io", &[]),
    ("kubeadm.k8s.io", &[]),
    ("kubeproxy.config.k8s.io", &[]),
    ("kubescheduler.config.k8s.io", &[]),
    ("kubecontrollermanager.config.k8s.io", &[]),
    ("pod-security.admission.config.k8s.io", &[]),
    ("k3s.io", &[]),
    ("rke2.io", &[]),
    ("etcd.io", &[]),
    ("config.rke.cattle.io", &[]),
    ("config.talos.dev", &[]),
    // Custom resources.
    (
        "cilium.io",
        &[
            "CiliumNode",
            "CiliumIdentity",
            "CiliumClusterwideNetworkPolicy",
        ],
    ),
    (
        "crd.projectcalico.org",
        &[
            "FelixConfiguration",
            "GlobalNetworkPolicy",
            "BGPConfiguration",
        ],
    ),
    (
        "projectcalico.org",
        &[
            "FelixConfiguration",
            "GlobalNetworkPolicy",
            "BGPConfiguration",
        ],
    ),
    ("cert-manager.io", &["ClusterIssuer"]),
    (
        "external-secrets.io",
        &[
            "ClusterSecretStore",
            "ClusterExternalSecret",
            "ClusterPushSecret",
        ],
    ),
    ("gateway.networking.k8s.io", &["GatewayClass"]),
    ("kyverno.io", &["ClusterPolicy"]),
    ("templates.gatekeeper.sh", &[]),
    ("constraints.gatekeeper.sh", &[]),
];

#[cfg(test)]
mod tests {
    use super::Object;
    use crate::kubernetes::sample::object;

    #[test]
    fn names_and_groups() {
        let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: data, name: etl, labels: {a: b}, annotations: {c: d}}\n";
        let deployment = object(text);
        assert!(deployment.is("apps", "Deployment") && !deployment.is("", "Deployment"));
        assert_eq!(deployment.qualified_name(), "data/etl");
        assert_eq!(&text[deployment.name_place().span.range()], "etl");
        assert_eq!(deployment.labels().next().unwrap().0, "a");
        assert_eq!(deployment.annotation("c").unwrap().text(), Some("d"));
        let bare = object("apiVersion: v1\nkind: Secret\ndata: {}\n");
        assert_eq!((bare.group(), bare.namespace_or_default()), ("", "default"));
        assert_eq!(bare.labels().count(), 0);
        assert_eq!(bare.name_place(), bare.place(bare.at(&["kind"]).unwrap()));
    }

    #[test]
    fn scopes_of_kinds() {
        for (group, kind, expected) in [
            ("", "Secret", true),
            ("", "Node", false),
            ("rbac.authorization.k8s.io", "Role", true),
            ("rbac.authorization.k8s.io", "ClusterRole", false),
            ("sparkoperator.k8s.io", "SparkApplication", true),
            ("apiserver.config.k8s.io", "EncryptionConfiguration", false),
        ] {
            assert_eq!(
                Object::is_namespaced(group, kind),
                expected,
                "{group} {kind}"
            );
        }
    }
}
