//! Validation (validation_encryption.go), which also turns the decoded file into its final form.

use super::base64;
use super::decode::{DecodedKey, DecodedProvider, File, Settings};
use super::names::{self, ResourceName};
use super::{Entry, Key, Note, Provider, ProviderKind, Refusal};
use crate::kubernetes::object::Object;
use model::Place;
use std::collections::HashSet;
use text::Span;

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

/// A validation in progress.
pub(super) struct Validation<'o> {
    object: &'o Object,
    refusals: Vec<Refusal>,
    pub(super) notes: Vec<Note>,
    /// The names of KMS providers so far.
    pub(super) kms_names: HashSet<String>,
}

impl Validation<'_> {
    pub(super) fn refuse(&mut self, span: Span, reason: String) {
        self.refusals.push(Refusal { reason, span });
    }

    pub(super) fn place(&self, span: Span) -> Place {
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
        let length = base64::decode(secret).map(|bytes| bytes.len());
        match length {
            None if is_placeholder(secret) => {}
            None => {
                self.refuse(
                    *span,
                    format!("{path}.secret: not base64 in the standard alphabet with padding"),
                );
                return None;
            }
            Some(length) if !lengths.contains(&length) => {
                let expected: Vec<String> = lengths.iter().map(usize::to_string).collect();
                self.refuse(
                    *span,
                    format!(
                        "{path}.secret: {length} bytes, wanted are {}",
                        expected.join(" or ")
                    ),
                );
            }
            Some(_) => {}
        }
        let (name, name_span) = name?;
        Some(Key {
            name: name.as_str().into(),
            name_place: self.place(*name_span),
            secret_place: self.place(*span),
            length,
        })
    }
}

/// Whether a value that is no base64 is one that an installer fills in: `${KEY}`, `$KEY`, `$(KEY)`, `{{ key }}`, `<key>`, `@KEY@`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let encloses = |start: char, end: char| {
        value.len() > 2 && value.starts_with(start) && value.ends_with(end)
    };
    value.starts_with('$')
        || value.contains("${")
        || value.contains("{{")
        || encloses('<', '>')
        || encloses('@', '@')
}
