//! Init data of confidential pods: the files that the guest gets from the annotation
//! `io.katacontainers.config.hypervisor.cc_init_data`.
//!
//! Rules: kata-containers, src/libs/kata-types/src/initdata.rs (base64 of gzip of TOML, `[data]` by file name);
//! confidential-containers/guest-components, confidential-data-hub/example.config.toml and image-rs/src/builder.rs (`[image]` of
//! `cdh.toml`, the URI before the policy that is given directly).

use crate::kubernetes::encryption::base64;
use flate2::read::GzDecoder;
use std::io::Read;
use text::toml::Value;

/// The most bytes that an annotation may unpack to. Policies take tens of kilobytes.
const MOST: u64 = 1 << 20;

/// What init data says that a reader outside of the guest can judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitData {
    /// The rules by which the guest pulls images.
    pub images: ImagePolicy,
    /// `policy.rego`: what the host may ask of the guest.
    pub policy: Option<String>,
}

/// By which rules the guest pulls images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImagePolicy {
    /// Every image is pulled, as it is.
    None,
    /// Those of a policy that the guest fetches.
    Fetched(String),
    /// Those of this policy (containers-policy.json).
    Given(String),
}

/// Reads the annotation.
///
/// # Errors
///
/// Says what it is not: base64, gzip, TOML; or that it unpacks to more than a mebibyte.
pub fn read(annotation: &str) -> Result<InitData, String> {
    let text = unpack(annotation)?;
    let files = table(&text)?;
    let file = |name: &str| text_of(&files, &["data", name]);
    let images = match file("cdh.toml") {
        None => ImagePolicy::None,
        Some(hub) => image_policy(&table(&hub).map_err(|why| format!("cdh.toml: {why}"))?),
    };
    Ok(InitData {
        images,
        policy: file("policy.rego"),
    })
}

fn image_policy(hub: &Value<'_>) -> ImagePolicy {
    let field = |name: &str| text_of(hub, &["image", name]);
    match (
        field("image_security_policy_uri"),
        field("image_security_policy"),
    ) {
        (Some(uri), _) => ImagePolicy::Fetched(uri),
        (None, Some(policy)) => ImagePolicy::Given(policy),
        (None, None) => ImagePolicy::None,
    }
}

fn unpack(annotation: &str) -> Result<String, String> {
    let packed = base64::decode(annotation.trim()).ok_or("not base64")?;
    let mut text = Vec::new();
    GzDecoder::new(packed.as_slice())
        .take(MOST + 1)
        .read_to_end(&mut text)
        .map_err(|error| format!("not gzip: {error}"))?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MOST) {
        return Err(format!("unpacks to more than {MOST} bytes"));
    }
    String::from_utf8(text).map_err(|error| format!("not text: {error}"))
}

fn table(text: &str) -> Result<Value<'_>, String> {
    text::toml::parse(text).map_err(|error| format!("not TOML: {error}"))
}

fn text_of(value: &Value<'_>, path: &[&str]) -> Option<String> {
    let found = path
        .iter()
        .try_fold(value, |value, name| value.as_table()?.get(*name))?;
    found.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[data]` with cdh.toml (`[image] image_security_policy_uri = "kbs:///default/policy/1"`) and policy.rego, packed.
    const FETCHED: &str = "H4sIAAAAAAACAzWMwQ6DIBBE7/sVZC/cQJu0hyb9EmPMFigQUYygiX9f0PYw2czMztvNmnyc2YthI1rRIFCwcfXZTTVLjm73BwJ0mjL1gEo7keMUsLScc+j8RNb0cJ4hGbWV7TEsMXh1DMVUyvhOTymlNh/aQpZXKVuESsDLitXY+KcupMbCY0Vz/sHO5y8vbNIyrwAAAA==";

    #[test]
    fn files_come_out_of_what_kata_packs() {
        let read = read(FETCHED).expect("init data");
        assert_eq!(
            read.images,
            ImagePolicy::Fetched("kbs:///default/policy/1".to_owned())
        );
        assert_eq!(read.policy.as_deref(), Some("package agent_policy\n"));
    }

    #[test]
    fn the_address_of_a_policy_comes_before_the_policy() {
        let hub = |text: &str| image_policy(&table(text).expect("TOML"));
        let both =
            "[image]\nimage_security_policy = '{}'\nimage_security_policy_uri = 'file:///p'\n";
        assert_eq!(hub(both), ImagePolicy::Fetched("file:///p".to_owned()));
        let given = "[image]\nimage_security_policy = '{}'\n";
        assert_eq!(hub(given), ImagePolicy::Given("{}".to_owned()));
        assert_eq!(hub("[kbc]\nurl = 'x'\n"), ImagePolicy::None);
    }

    #[test]
    fn deep_nesting_is_refused() {
        for text in [
            format!("a = {}", "[".repeat(1 << 19)),
            format!("a = {}{}", "[".repeat(1 << 19), "]".repeat(1 << 19)),
            format!("a = {}1{}", "{a=".repeat(1 << 18), "}".repeat(1 << 18)),
            format!("{}a = 1", "a.".repeat(1 << 18)),
            format!("[{}a]", "a.".repeat(1 << 18)),
        ] {
            assert!(table(&text).is_err());
        }
    }

    #[test]
    fn what_it_is_not_is_told() {
        for (annotation, why) in [
            ("*", "not base64"),
            ("AAAA", "not gzip"),
            ("H4sIAAAAAAACA4uOjgYAoBReOgMAAAA=", "not TOML"),
            (
                "H4sIAAAAAAACA+3BMQEAAADCoKzrX8IYPkABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAfA3XQmUjAAAgAA==",
                "unpacks to more than",
            ),
        ] {
            let error = read(annotation).expect_err(annotation);
            assert!(error.contains(why), "{error}");
        }
    }
}
