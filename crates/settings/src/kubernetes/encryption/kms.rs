//! Validation of KMS providers (validateKMSConfiguration).

use super::duration;
use super::validate::Validation;
use super::{Condition, KmsVersion, Note, ProviderKind};
use text::{Node, Span};

impl Validation<'_> {
    /// Validates the settings of a provider and gives it its final form.
    pub(super) fn kms(&mut self, node: &Node, path: &str) -> ProviderKind {
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
