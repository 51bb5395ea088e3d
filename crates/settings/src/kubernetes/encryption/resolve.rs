//! Which providers a resource gets, and what the API server refuses only while it builds them.

use super::names::ResourceName;
use super::{Condition, Encryption, Entry, KmsVersion, Note, Provider, ProviderKind, Refusal};
use model::Release;
use std::collections::HashSet;

/// A provider of a resource, with the entry and the name that brought it.
#[derive(Clone, Copy, Debug)]
pub struct ProviderRef<'e> {
    /// The provider.
    pub provider: &'e Provider,
    /// Index of its entry.
    pub entry: usize,
    /// The name in that entry that covers the resource.
    pub matched: &'e ResourceName,
}

impl Encryption {
    /// The providers of a resource (`secrets`, `sparkapplications.sparkoperator.k8s.io`): the first one writes, all read.
    ///
    /// Entries that name the resource itself count, their lists joined in order; without any, those of its group's wildcard;
    /// without any, those of `*.*` (transformerFromOverrides). Empty means that the resource is stored in clear.
    #[must_use]
    pub fn providers_for(&self, group_resource: &str) -> Vec<ProviderRef<'_>> {
        let (resource, group) = group_resource
            .split_once('.')
            .unwrap_or((group_resource, ""));
        [(resource, group), ("*", group), ("*", "*")]
            .into_iter()
            .map(|(resource, group)| self.named(resource, group))
            .find(|providers| !providers.is_empty())
            .unwrap_or_default()
    }

    fn named(&self, resource: &str, group: &str) -> Vec<ProviderRef<'_>> {
        let mut providers = Vec::new();
        for (entry, configured) in self.entries.iter().enumerate() {
            let Some(matched) = configured
                .resources
                .iter()
                .find(|name| &*name.resource == resource && &*name.group == group)
            else {
                continue;
            };
            providers.extend(configured.providers.iter().map(|provider| ProviderRef {
                provider,
                entry,
                matched,
            }));
        }
        providers
    }
}

/// Refuses a name that an earlier wildcard masks, the same wildcard again included.
pub(super) fn refuse_masked(entries: &[Entry]) -> Result<(), Vec<Refusal>> {
    let mut wildcards: HashSet<&str> = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        for (position, name) in entry.resources.iter().enumerate() {
            if wildcards.contains(&*name.group) || wildcards.contains("*") {
                return Err(vec![Refusal {
                    reason: format!(
                        "resources[{index}].resources[{position}]: masked by an earlier wildcard"
                    ),
                    span: name.span,
                }]);
            }
            if name.is_wildcard() {
                wildcards.insert(&name.group);
            }
        }
    }
    Ok(())
}

/// Refuses KMSv1 where its gate is off: 1.28 has the gate, on; from 1.29 it is off; before 1.28 there is none.
pub(super) fn refuse_kms_v1(
    entries: &[Entry],
    release: Option<Release>,
    gate: Option<bool>,
    notes: &mut Vec<Note>,
) -> Result<(), Vec<Refusal>> {
    const OFF_FROM: Release = Release(1, 29, 0);
    const DEPRECATED_FROM: Release = Release(1, 28, 0);
    let enabled = gate.or(release.map(|release| release < OFF_FROM));
    let condition = match (enabled, release) {
        (None, _) => Some(Condition::RefusedFrom(OFF_FROM)),
        (_, Some(release)) if release < DEPRECATED_FROM => None,
        _ => Some(Condition::Deprecated),
    };
    let mut refusals = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        for (position, provider) in entry.providers.iter().enumerate() {
            let ProviderKind::Kms {
                version: KmsVersion::V1,
                version_place,
                ..
            } = &provider.kind
            else {
                continue;
            };
            let place = version_place.unwrap_or(provider.place);
            if enabled == Some(false) {
                refusals.push(Refusal {
                    reason: format!(
                        "resources[{index}].providers[{position}].kms: KMSv1 (the default of apiVersion) is switched off"
                    ),
                    span: place.span,
                });
            } else if let Some(condition) = condition {
                notes.push(Note { condition, place });
            }
        }
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}
