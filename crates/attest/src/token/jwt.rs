//! The compact form of a JSON Web Token, alone or in the answer of a verifier.

use crate::base64;
use serde_json::{Map, Value};

/// The most tokens of one answer: one for all, one for each device.
const MOST: usize = 64;
/// The most bytes of an answer. Real ones take tens of kilobytes.
const LONGEST: usize = 4 << 20;

/// A token, taken apart and not verified (RFC 7519; compact serialisation of RFC 7515, section 3.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Jwt {
    /// What the answer calls it: `GPU-0`. Empty for the token of the whole.
    pub of: String,
    /// The algorithm that its header names; empty where it names none.
    pub algorithm: String,
    /// What it claims.
    pub claims: Map<String, Value>,
    /// Whether something stands where the signature belongs.
    pub has_signature: bool,
}

/// The tokens of a text: a compact token; NVIDIA's answer `[["JWT", token], {"GPU-0": token}]`; an object that holds a compact
/// token as `token`, as the services of Intel and Microsoft answer.
///
/// # Errors
///
/// When the text is none of these, or a token in it is damaged.
pub fn tokens(text: &str) -> Result<Vec<Jwt>, String> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    if !text.starts_with(['[', '{']) {
        return Ok(vec![compact("", text)?]);
    }
    let answer: Value = serde_json::from_str(text).map_err(|error| format!("JSON: {error}"))?;
    let named = match &answer {
        Value::Array(parts) => nvidia(parts)?,
        object => vec![("", field(object, "token").ok_or("no `token`")?)],
    };
    if named.len() > MOST {
        return Err(format!(
            "holds {} tokens, expected {MOST} at most",
            named.len()
        ));
    }
    named
        .into_iter()
        .map(|(of, token)| compact(of, token))
        .collect()
}

fn field<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// `[["JWT", overall], {"GPU-0": token, ...}]`
fn nvidia(parts: &[Value]) -> Result<Vec<(&str, &str)>, String> {
    const SHAPE: &str = "expected [[\"JWT\", token], {\"GPU-0\": token}]";
    let [overall, devices] = parts else {
        return Err(SHAPE.to_owned());
    };
    let overall = match overall.as_array().map(Vec::as_slice) {
        Some([kind, token]) if kind == "JWT" => token.as_str(),
        _ => None,
    };
    let mut named = vec![("", overall.ok_or(SHAPE)?)];
    for (name, token) in devices.as_object().ok_or(SHAPE)? {
        named.push((name.as_str(), token.as_str().ok_or(SHAPE)?));
    }
    Ok(named)
}

fn compact(of: &str, token: &str) -> Result<Jwt, String> {
    let parts: Vec<&str> = token.splitn(4, '.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return Err("not of three parts between dots".to_owned());
    };
    let header = object(header).map_err(|why| format!("header: {why}"))?;
    let algorithm = header.get("alg").and_then(Value::as_str);
    Ok(Jwt {
        of: of.to_owned(),
        algorithm: algorithm.unwrap_or_default().to_owned(),
        claims: object(claims).map_err(|why| format!("claims: {why}"))?,
        has_signature: !signature.is_empty(),
    })
}

fn object(part: &str) -> Result<Map<String, Value>, String> {
    let bytes = base64::decode(part).ok_or("not base64url")?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}
