//! Strict decoding: every field known, written exactly, given once and of its type.

use super::Refusal;
use crate::kubernetes::decoder::JsonType;
use crate::kubernetes::object::Object;
use text::{Node, Span};

/// A configuration after decoding and before validation.
pub(super) struct File<'n> {
    pub(super) entries: Vec<DecodedEntry<'n>>,
}

/// An entry; missing lists are empty.
pub(super) struct DecodedEntry<'n> {
    pub(super) span: Span,
    pub(super) resources: Vec<(String, Span)>,
    pub(super) providers: Vec<DecodedProvider<'n>>,
}

/// An element of `providers` with the providers that are set in it; there should be one.
pub(super) struct DecodedProvider<'n> {
    pub(super) span: Span,
    pub(super) set: Vec<(&'n str, Settings<'n>)>,
}

/// The settings of one provider.
pub(super) enum Settings<'n> {
    Identity,
    Local(Vec<DecodedKey>),
    Kms(&'n Node),
}

/// A key with its base64 text as the API server sees it.
pub(super) struct DecodedKey {
    pub(super) span: Span,
    pub(super) name: Option<(String, Span)>,
    pub(super) secret: Option<(String, Span)>,
}

/// Decodes a file (serializer.EnableStrict).
pub(super) fn file(object: &Object) -> Result<File<'_>, Vec<Refusal>> {
    let mut decoder = Decoder::default();
    let known = (&*object.api_version, &*object.kind);
    if !matches!(
        known,
        ("apiserver.config.k8s.io/v1", "EncryptionConfiguration") | ("v1", "EncryptionConfig")
    ) {
        let span = object
            .at(&["apiVersion"])
            .map_or(object.document, |node| node.span);
        decoder.refuse(
            span,
            "apiVersion: no encryption configuration is registered under this apiVersion and kind"
                .into(),
        );
        return Err(decoder.refusals);
    }
    for error in &object.strict {
        decoder.refuse(error.span, "the field is set twice".into());
    }
    decoder.fields(&object.root, "", &["apiVersion", "kind", "resources"]);
    let entries = decoder
        .list(&object.root, "resources", "")
        .into_iter()
        .map(|(node, path)| decoder.entry(node, &path))
        .collect();
    if decoder.refusals.is_empty() {
        Ok(File { entries })
    } else {
        Err(decoder.refusals)
    }
}

#[derive(Default)]
struct Decoder {
    refusals: Vec<Refusal>,
}

impl Decoder {
    fn refuse(&mut self, span: Span, reason: String) {
        self.refusals.push(Refusal { reason, span });
    }

    fn entry<'n>(&mut self, node: &'n Node, path: &str) -> DecodedEntry<'n> {
        self.fields(node, path, &["resources", "providers"]);
        let resources = self
            .list(node, "resources", path)
            .into_iter()
            .map(|(item, path)| {
                (
                    self.text_of(item, &path).unwrap_or_default().to_owned(),
                    item.span,
                )
            })
            .collect();
        let providers = self
            .list(node, "providers", path)
            .into_iter()
            .map(|(item, path)| self.provider(item, &path))
            .collect();
        DecodedEntry {
            span: node.span,
            resources,
            providers,
        }
    }

    fn provider<'n>(&mut self, node: &'n Node, path: &str) -> DecodedProvider<'n> {
        const PROVIDERS: &[&str] = &["aesgcm", "aescbc", "secretbox", "identity", "kms"];
        self.fields(node, path, PROVIDERS);
        let set = PROVIDERS
            .iter()
            .filter_map(|provider| {
                let settings = node.get(provider).filter(|settings| !settings.is_null())?;
                Some((*provider, self.settings(provider, settings, path)))
            })
            .collect();
        DecodedProvider {
            span: node.span,
            set,
        }
    }

    fn settings<'n>(&mut self, provider: &str, node: &'n Node, path: &str) -> Settings<'n> {
        let path = format!("{path}.{provider}");
        match provider {
            "identity" => {
                self.fields(node, &path, &[]);
                Settings::Identity
            }
            "kms" => {
                self.kms(node, &path);
                Settings::Kms(node)
            }
            _ => {
                self.fields(node, &path, &["keys"]);
                let keys = self
                    .list(node, "keys", &path)
                    .into_iter()
                    .map(|(item, path)| self.key(item, &path))
                    .collect();
                Settings::Local(keys)
            }
        }
    }

    fn key(&mut self, node: &Node, path: &str) -> DecodedKey {
        self.fields(node, path, &["name", "secret"]);
        DecodedKey {
            span: node.span,
            name: self.string(node, "name", path),
            secret: self.string(node, "secret", path),
        }
    }

    /// Types only; the values are validated later.
    fn kms(&mut self, node: &Node, path: &str) {
        const STRINGS: &[&str] = &["apiVersion", "name", "endpoint", "timeout"];
        self.fields(
            node,
            path,
            &["apiVersion", "name", "cachesize", "endpoint", "timeout"],
        );
        for field in STRINGS {
            self.string(node, field, path);
        }
        if let Some(timeout) = node.get("timeout").filter(|timeout| !timeout.is_null())
            && timeout
                .str()
                .is_some_and(|text| super::duration::nanoseconds(text).is_none())
        {
            self.refuse(timeout.span, format!("{path}.timeout: not a duration"));
        }
        if let Some(size) = node.get("cachesize").filter(|size| !size.is_null())
            && size.int().and_then(|n| i32::try_from(n).ok()).is_none()
        {
            self.refuse(
                size.span,
                format!("{path}.cachesize: not an integer of 32 bits"),
            );
        }
    }

    /// Refuses what is no mapping, and fields that are not known. Case matters (sigs.k8s.io/json).
    fn fields(&mut self, node: &Node, path: &str, known: &[&str]) {
        let json = JsonType::of(node);
        if !matches!(json, JsonType::Object | JsonType::Null) {
            self.wrong_type(node, path, "a mapping");
        }
        for entry in node.entries() {
            let field = entry.key.text();
            if field.is_some_and(|field| known.contains(&field)) {
                continue;
            }
            // An unknown name is repeated only where it can be one: anything longer may be a misplaced value.
            let name = field
                .filter(|f| f.len() <= 32 && f.bytes().all(|b| b.is_ascii_alphabetic()))
                .unwrap_or("(not shown)");
            self.refuse(
                entry.key.span,
                format!("{}: unknown field", join(path, name)),
            );
        }
    }

    /// The items of a list with their paths; empty where it is missing or null.
    fn list<'n>(&mut self, parent: &'n Node, field: &str, path: &str) -> Vec<(&'n Node, String)> {
        let path = join(path, field);
        let Some(node) = parent.get(field).filter(|node| !node.is_null()) else {
            return Vec::new();
        };
        if !node.is_sequence() {
            self.wrong_type(node, &path, "a list");
        }
        node.items()
            .iter()
            .enumerate()
            .map(|(index, item)| (item, format!("{path}[{index}]")))
            .collect()
    }

    fn string(&mut self, parent: &Node, field: &str, path: &str) -> Option<(String, Span)> {
        let node = parent.get(field)?;
        let text = self.text_of(node, &join(path, field))?;
        Some((text.to_owned(), node.span))
    }

    fn text_of<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n str> {
        match JsonType::of(node) {
            JsonType::String => node.text(),
            JsonType::Null => None,
            _ => {
                self.wrong_type(node, path, "a string");
                None
            }
        }
    }

    fn wrong_type(&mut self, node: &Node, path: &str, expected: &str) {
        let found = JsonType::of(node).as_str();
        let path = if path.is_empty() {
            "the document"
        } else {
            path
        };
        self.refuse(
            node.span,
            format!("{path}: {expected} is wanted, {found} stands there"),
        );
    }
}

fn join(path: &str, field: &str) -> String {
    if path.is_empty() {
        field.to_owned()
    } else {
        format!("{path}.{field}")
    }
}
