//! Documents inside ConfigMaps and Secrets, and files that an object has written to its machines.

use crate::reading::{Embedded, Reading};
use settings::kubernetes::object::Object;
use text::{Node, SegmentMap};

/// A value longer than this many lines or bytes may be a document; shorter ones are plain settings.
const SHORTEST_DOCUMENT: usize = 12;

/// Opens the values that may hold a document of their own.
pub(super) fn open(text: &str, object: &Object, reading: &mut Reading) {
    for file in machine_files(object) {
        machine_file(text, file, reading);
    }
    if object.is("kind.x-k8s.io", "Cluster") {
        kind_patches(text, object, reading);
    }
    let is_config_map = object.is("", "ConfigMap");
    let is_secret = object.is("", "Secret");
    if !is_config_map && !is_secret {
        return;
    }
    let plain = if is_config_map { "data" } else { "stringData" };
    for entry in object.at(&[plain]).map(Node::entries).unwrap_or_default() {
        if let (Some(name), Some(value)) = (entry.key.text(), entry.value.text()) {
            let map = text::yaml::block_scalar_segments(text, &entry.value);
            embed(name, value, &entry.value, map, reading);
        }
    }
    let encoded = if is_config_map { "binaryData" } else { "data" };
    for entry in object.at(&[encoded]).map(Node::entries).unwrap_or_default() {
        let decoded = entry
            .value
            .text()
            .and_then(base64)
            .and_then(|bytes| String::from_utf8(bytes).ok());
        if let (Some(name), Some(value)) = (entry.key.text(), decoded) {
            let map = SegmentMap::whole(value.len(), entry.value.span);
            embed(name, &value, &entry.value, map, reading);
        }
    }
}

/// The name that patches of kind's configuration are given.
pub(super) const KIND_PATCHES: &str = "kubeadmConfigPatches";

/// The patches of kubeadm's configuration, of the cluster and of its nodes (kind pkg/apis/config/v1alpha4).
fn kind_patches(text: &str, object: &Object, reading: &mut Reading) {
    let nodes = object.at(&["nodes"]).map_or(&[][..], Node::items);
    for holder in std::iter::once(&object.root).chain(nodes) {
        let patches = holder.get(KIND_PATCHES).map_or(&[][..], Node::items);
        for patch in patches {
            if let Some(written) = patch.text() {
                let map = text::yaml::block_scalar_segments(text, patch);
                embed(KIND_PATCHES, written, patch, map, reading);
            }
        }
    }
}

/// The files of the Cluster API's bootstrap objects, and of kops.
fn machine_files(object: &Object) -> &[Node] {
    let path: &[&str] = match (object.group(), &*object.kind) {
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane") => {
            &["spec", "kubeadmConfigSpec", "files"]
        }
        ("controlplane.cluster.x-k8s.io", "KubeadmControlPlaneTemplate") => {
            &["spec", "template", "spec", "kubeadmConfigSpec", "files"]
        }
        ("controlplane.cluster.x-k8s.io", "RKE2ControlPlane" | "KThreesControlPlane")
        | ("bootstrap.cluster.x-k8s.io", "KubeadmConfig" | "RKE2Config") => &["spec", "files"],
        ("kops.k8s.io", "Cluster" | "InstanceGroup") => &["spec", "fileAssets"],
        ("bootstrap.cluster.x-k8s.io", "KubeadmConfigTemplate" | "RKE2ConfigTemplate") => {
            &["spec", "template", "spec", "files"]
        }
        _ => return &[],
    };
    object.at(path).map_or(&[][..], Node::items)
}

/// A file by its path on the machine. Contents that a Secret holds, or that are compressed, are not in the object.
pub(super) fn machine_file(text: &str, file: &Node, reading: &mut Reading) {
    let (Some(path), Some(content)) = (file.get("path").and_then(Node::text), file.get("content"))
    else {
        return;
    };
    let Some(written) = content.text() else {
        return;
    };
    match file
        .get("encoding")
        .and_then(Node::text)
        .unwrap_or_default()
    {
        "" | "text/plain" => {
            let map = text::yaml::block_scalar_segments(text, content);
            embed(path, written, content, map, reading);
        }
        "base64" | "b64" => {
            let decoded = base64(written).and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some(decoded) = decoded {
                let map = SegmentMap::whole(decoded.len(), content.span);
                embed(path, &decoded, content, map, reading);
            }
        }
        _ => {}
    }
}

pub(super) fn embed(name: &str, value: &str, node: &Node, map: SegmentMap, reading: &mut Reading) {
    if value.len() >= SHORTEST_DOCUMENT && !value.contains('\0') {
        reading.embed(Embedded {
            name: name.into(),
            text: value.into(),
            parent: node.span,
            map,
        });
    }
}

/// Standard base64 with padding; blanks and line ends between are allowed, as Kubernetes' decoder allows them.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut buffer, mut padding, mut symbols) = (0_u32, 0_u32, 0_usize, 0_usize);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        symbols += 1;
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        buffer = buffer << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xff).ok()?);
        }
    }
    (symbols % 4 == 0 && padding <= 2).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn decodes_standard_base64_only() {
        assert_eq!(
            base64("c2VjcmV0IGlzIHNlY3VyZQ==").as_deref(),
            Some(&b"secret is secure"[..])
        );
        assert_eq!(base64("c2Vj\n cmV0").as_deref(), Some(&b"secret"[..]));
        assert_eq!(base64("c2VjcmV0IGlzIHNlY3VyZQ"), None);
        assert_eq!(base64("_-8="), None);
    }
}
