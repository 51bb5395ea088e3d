//! From a certificate to a pinned root.

use super::Certificate;
use crate::instant::Instant;
use std::fmt;

/// The longest chain that is followed. NVIDIA's has five.
const LONGEST: usize = 8;

/// A chain whose every signature holds, up to a pinned root. Says nothing of time: see [`Path::outside`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Leaf first, pinned root last.
    certificates: Vec<Certificate>,
}

/// Why a certificate leads to no pinned root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainError {
    /// Nobody at hand issued a certificate.
    NoIssuer {
        /// The subject of the certificate.
        of: String,
        /// Its issuer's name.
        issuer: String,
    },
    /// A certificate bears the issuer's name, but its key did not sign.
    BadSignature {
        /// The subject of the certificate.
        of: String,
        /// The issuer's name.
        issuer: String,
    },
    /// The issuer may not sign certificates.
    NotAuthority {
        /// The issuer's name.
        issuer: String,
    },
    /// The chain ends in a root of its own.
    OtherRoot {
        /// The root's name.
        root: String,
    },
    /// The chain is longer than any vendor's.
    TooLong,
    /// An authority lets fewer authorities stand below it than do.
    TooDeep {
        /// The authority's name.
        under: String,
    },
    /// A certificate must not be used by whoever does not know one of its extensions.
    UnknownExtension {
        /// The subject of the certificate.
        of: String,
        /// The extension's object identifier.
        extension: String,
    },
}

impl ChainError {
    /// Whether something is wrong, or only something is missing.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, ChainError::NoIssuer { .. })
    }
}

impl fmt::Display for ChainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainError::NoIssuer { of, issuer } => {
                write!(f, "`{of}` was issued by `{issuer}`, which is not at hand")
            }
            ChainError::BadSignature { of, issuer } => {
                write!(f, "`{of}` is not signed by the key of `{issuer}`")
            }
            ChainError::NotAuthority { issuer } => {
                write!(f, "`{issuer}` may not sign certificates")
            }
            ChainError::OtherRoot { root } => {
                write!(f, "ends in `{root}`, which is not a pinned root")
            }
            ChainError::TooLong => write!(f, "longer than {LONGEST} certificates"),
            ChainError::TooDeep { under } => {
                write!(f, "more authorities stand below `{under}` than it allows")
            }
            ChainError::UnknownExtension { of, extension } => {
                write!(
                    f,
                    "`{of}` has the critical extension {extension}, which is not known here"
                )
            }
        }
    }
}

impl Path {
    /// Follows issuers from `leaf` through `pool` to one of the pinned `roots`. Every certificate in between must be allowed
    /// to sign certificates; the pinned root is compared byte for byte, so a root of the same name does not do.
    ///
    /// # Errors
    ///
    /// At the first certificate that leads no further.
    pub fn find(
        leaf: &Certificate,
        pool: &[Certificate],
        roots: &[Certificate],
    ) -> Result<Path, ChainError> {
        let mut certificates = vec![leaf.clone()];
        while certificates.len() <= LONGEST {
            let Some(last) = certificates.last() else {
                break;
            };
            if roots.contains(last) {
                constrained(&certificates)?;
                return Ok(Path { certificates });
            }
            let next = issuer(last, pool, roots)?;
            certificates.push(next);
        }
        Err(ChainError::TooLong)
    }

    /// Leaf first, pinned root last.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The first certificate whose window an instant is outside of.
    #[must_use]
    pub fn outside(&self, at: Instant) -> Option<&Certificate> {
        let mut certificates = self.certificates.iter();
        certificates.find(|certificate| !certificate.is_current(at))
    }

    /// When the first of them ends.
    #[must_use]
    pub fn earliest_expiry(&self) -> Option<Instant> {
        self.certificates.iter().map(Certificate::not_after).min()
    }

    /// The names, leaf first: `SEV-VCEK <- SEV-Milan <- ARK-Milan`.
    #[must_use]
    pub fn names(&self) -> String {
        let names: Vec<&str> = self
            .certificates
            .iter()
            .map(Certificate::common_name)
            .collect();
        names.join(" <- ")
    }
}

/// What the certificates below a root say of themselves: the root is pinned, whatever stands in it (RFC 5280 6.1.4).
fn constrained(certificates: &[Certificate]) -> Result<(), ChainError> {
    let below = certificates
        .split_last()
        .map_or(&[][..], |(_, below)| below);
    let mut authorities = 0usize;
    for (depth, certificate) in below.iter().enumerate() {
        if let Some(extension) = certificate.unread_critical() {
            return Err(ChainError::UnknownExtension {
                of: certificate.subject().to_owned(),
                extension: extension.to_string(),
            });
        }
        if depth == 0 {
            continue;
        }
        let allowed = certificate.path_length().map(usize::from);
        if allowed.is_some_and(|allowed| authorities > allowed) {
            return Err(ChainError::TooDeep {
                under: certificate.subject().to_owned(),
            });
        }
        authorities += usize::from(!certificate.is_self_issued());
    }
    Ok(())
}

fn issuer(
    of: &Certificate,
    pool: &[Certificate],
    roots: &[Certificate],
) -> Result<Certificate, ChainError> {
    let mut named = roots
        .iter()
        .chain(pool)
        .filter(|candidate| candidate.subject_der() == of.issuer_der() && *candidate != of)
        .peekable();
    if named.peek().is_none() {
        return Err(if of.is_self_issued() {
            ChainError::OtherRoot {
                root: of.subject().to_owned(),
            }
        } else {
            ChainError::NoIssuer {
                of: of.subject().to_owned(),
                issuer: of.issuer().to_owned(),
            }
        });
    }
    // A self-issued certificate that is not pinned is a root of its own, whatever its name.
    if of.is_self_issued() && of.is_signed_by(of) {
        return Err(ChainError::OtherRoot {
            root: of.subject().to_owned(),
        });
    }
    let Some(issuer) = named.find(|candidate| of.is_signed_by(candidate)) else {
        return Err(ChainError::BadSignature {
            of: of.subject().to_owned(),
            issuer: of.issuer().to_owned(),
        });
    };
    if issuer.is_authority() || roots.contains(issuer) {
        Ok(issuer.clone())
    } else {
        Err(ChainError::NotAuthority {
            issuer: issuer.subject().to_owned(),
        })
    }
}
