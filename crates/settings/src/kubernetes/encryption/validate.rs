//! Validation (validation_encryption.go), which also turns the decoded file into its final form.

use super::decode::{DecodedKey, DecodedProvider, File, Settings};
use super::names::{self, ResourceName};
use super::{Condition, Entry, Key, KmsVersion, Note, Provider, ProviderKind, Refusal};
use super::{base64, duration};
use crate::kubernetes::object::Object;
use model::Place;
use std::collections::HashSet;
use text::{Node, Span};

/// Validates a decoded file.
pub(super) fn file(
    object: &Object,
    file: &File<'_>,
) -> Result<(Vec<Entry>, Vec<Note>), Vec<Refusal>> {
    let mut validation = Validation {
        object,
        refusals: Vec::new(),
        notes: Vec::new(),
        kms_names: HashSet::new(),
    };
    if file.entries.is_empty() {
        let span = object
            .at(&["resources"])
            .map_or(object.document, |node| node.span);
        validation.refuse(span, "resources: at least one entry is required".into());
    }
    let mut entries = Vec::with_capacity(file.entries.len());
    for (index, entry) in file.entries.iter().enumerate() {
        let path = format!("resources[{index}]");
        entries.push(Entry {
            place: validation.place(entry.span),
            resources: validation.resources(&entry.resources, entry.span, &path),
            providers: validation.providers(&entry.providers, entry.span, &path),
        });
    }
    if validation.refusals.is_empty() {
        Ok((entries, validation.notes))
    } else {
        Err(validation.refusals)
    }
}

struct Validation<'o> {
    object: &'o Object,
    refusals: Vec<Refusal>,
    notes: Vec<Note>,
    kms_names: HashSet<String>,
}

impl Validation<'_> {
    fn refuse(&mut self, span: Span, reason: String) {
        self.refusals.push(Refusal { reason, span });
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.object.source, span)
    }

    fn resources(
        &mut self,
        written: &[(String, Span)],
        entry: Span,
        path: &str,
    ) -> Vec<ResourceName> {
        let path = format!("{path}.resources");
        if written.is_empty() {
            self.refuse(entry, format!("{path}: at least one resource is required"));
        }
        let resources: Vec<ResourceName> = written
            .iter()
            .map(|(name, span)| ResourceName::parse(name, *span))
            .collect();
        let span = resources
            .iter()
            .map(|name| name.span)
            .reduce(Span::to)
            .unwrap_or(entry);
        names::refuse_overlap(&resources, &path, span, &mut self.refusals);
        names::refuse_illegal(&resources, &path, &mut self.refusals);
        resources
    }

    fn providers(
        &mut self,
        decoded: &[DecodedProvider<'_>],
        entry: Span,
        path: &str,
    ) -> Vec<Provider> {
        let path = format!("{path}.providers");
        if decoded.is_empty() {
            self.refuse(entry, format!("{path}: at least one provider is required"));
        }
        let mut providers = Vec::with_capacity(decoded.len());
        for (index, element) in decoded.iter().enumerate() {
            let path = format!("{path}[{index}]");
            match element.set.as_slice() {
                [(word, settings)] => {
                    let path = format!("{path}.{word}");
                    providers.push(self.provider(word, settings, element.span, &path));
                }
                [] => self.refuse(
                    element.span,
                    format!("{path}: holds no provider (`identity:` without `{{}}` is null and counts as none)"),
                ),
                _ => self.refuse(
                    element.span,
                    format!("{path}: more than one provider in one element"),
                ),
            }
        }
        providers
    }

    fn provider(
        &mut self,
        word: &str,
        settings: &Settings<'_>,
        span: Span,
        path: &str,
    ) -> Provider {
        let (kind, keys) = match settings {
            Settings::Identity => (ProviderKind::Identity, Vec::new()),
            Settings::Kms(node) => (self.kms(node, path), Vec::new()),
            Settings::Local(keys) => {
                // Key lengths: aesKeySizes and secretBoxKeySizes.
                let (kind, lengths): (_, &[usize]) = match word {
                    "aescbc" => (ProviderKind::AesCbc, &[16, 24, 32]),
                    "aesgcm" => (ProviderKind::AesGcm, &[16, 24, 32]),
                    _ => (ProviderKind::Secretbox, &[32]),
                };
                (kind, self.keys(keys, lengths, span, path))
            }
        };
        Provider {
            kind,
            keys,
            place: self.place(span),
        }
    }

    fn keys(
        &mut self,
        decoded: &[DecodedKey],
        lengths: &[usize],
        provider: Span,
        path: &str,
    ) -> Vec<Key> {
        let path = format!("{path}.keys");
        if decoded.is_empty() {
            self.refuse(provider, format!("{path}: at least one key is required"));
        }
        decoded
            .iter()
            .enumerate()
            .filter_map(|(index, key)| self.key(key, lengths, &format!("{path}[{index}]")))
            .collect()
    }

    fn key(&mut self, key: &DecodedKey, lengths: &[usize], path: &str) -> Option<Key> {
        let name = key.name.as_ref().filter(|(name, _)| !name.is_empty());
        if name.is_none() {
            self.refuse(key.span, format!("{path}.name: a key needs a name"));
        }
        let Some((secret, span)) = key.secret.as_ref().filter(|(text, _)| !text.is_empty()) else {
            self.refuse(key.span, format!("{path}.secret: a key needs a secret"));
            return None;
        };
        let Some(bytes) = base64::decode(secret) else {
            self.refuse(
                *span,
                format!("{path}.secret: not base64 in the standard alphabet with padding"),
            );
            return None;
        };
        if !lengths.contains(&bytes.len()) {
            let expected: Vec<String> = lengths.iter().map(usize::to_string).collect();
            self.refuse(
                *span,
                format!(
                    "{path}.secret: {} bytes, wanted are {}",
                    bytes.len(),
                    expected.join(" or ")
                ),
            );
        }
        let (name, name_span) = name?;
        Some(Key {
            name: name.as_str().into(),
            name_place: self.place(*name_span),
            secret_place: self.place(*span),
            length: bytes.len(),
        })
    }

    fn kms(&mut self, node: &Node, path: &str) -> ProviderKind {
        let field = |key: &str| {
            node.get(key)
                .and_then(|value| Some((value.str()?, value.span)))
                .filter(|(text, _)| !text.is_empty())
        };
        let version = field("apiVersion");
        let is_v1 = version.is_none_or(|(text, _)| text == "v1");
        self.kms_name(field("name"), is_v1, node.span, path);
        self.kms_timeout(node, path);
        self.kms_endpoint(field("endpoint"), node.span, path);
        self.kms_cache_size(node, is_v1, path);
        if let Some((text, span)) = version
            && !matches!(text, "v1" | "v2")
        {
            self.refuse(span, format!("{path}.apiVersion: only v1 and v2 exist"));
        }
        ProviderKind::Kms {
            version: if is_v1 {
                KmsVersion::V1
            } else {
                KmsVersion::V2
            },
            name: field("name").map_or("", |(text, _)| text).into(),
            endpoint: field("endpoint").map_or("", |(text, _)| text).into(),
            version_place: version.map(|(_, span)| self.place(span)),
        }
    }

    /// A name is required. Version 2 takes no colon and no name that another KMS provider has; version 1 minds the latter only
    /// when the file is reloaded.
    fn kms_name(&mut self, name: Option<(&str, Span)>, is_v1: bool, provider: Span, path: &str) {
        let Some((name, span)) = name else {
            self.refuse(
                provider,
                format!("{path}.name: a KMS provider needs a name"),
            );
            return;
        };
        if !is_v1 && name.contains(':') {
            self.refuse(
                span,
                format!("{path}.name: a KMS provider's name must not hold a colon"),
            );
        }
        if self.kms_names.insert(name.to_owned()) {
            return;
        }
        if is_v1 {
            self.notes.push(Note {
                condition: Condition::RefusedWithReload,
                place: self.place(span),
            });
        } else {
            self.refuse(
                span,
                format!("{path}.name: another KMS provider has this name"),
            );
        }
    }

    fn kms_timeout(&mut self, node: &Node, path: &str) {
        // Unset means 3 s (v1/defaults.go). What is no duration was refused when the file was decoded.
        let Some(timeout) = node.get("timeout") else {
            return;
        };
        if timeout
            .str()
            .and_then(duration::nanoseconds)
            .is_some_and(|n| n <= 0.0)
        {
            self.refuse(timeout.span, format!("{path}.timeout: must be above zero"));
        }
    }

    fn kms_endpoint(&mut self, endpoint: Option<(&str, Span)>, provider: Span, path: &str) {
        match endpoint {
            None => self.refuse(
                provider,
                format!("{path}.endpoint: a KMS provider needs an endpoint"),
            ),
            Some((url, span)) if !is_unix_url(url) => self.refuse(
                span,
                format!("{path}.endpoint: only the scheme unix is supported"),
            ),
            Some(_) => {}
        }
    }

    fn kms_cache_size(&mut self, node: &Node, is_v1: bool, path: &str) {
        let Some(size) = node.get("cachesize").filter(|size| !size.is_null()) else {
            return;
        };
        if !is_v1 {
            self.refuse(
                size.span,
                format!("{path}.cachesize: version 2 has no cache size"),
            );
        } else if size.int() == Some(0) {
            self.refuse(
                size.span,
                format!("{path}.cachesize: zero is not allowed; a negative number switches the cache off"),
            );
        }
    }
}

/// Whether Go's `url.Parse` takes the text and finds the scheme `unix`, in any case.
fn is_unix_url(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("unix") && !url.contains(|c: char| c.is_ascii_control())
    })
}
