//! Why a text is no manifest.

use std::fmt;
use text::SyntaxError;
use text::xml::XmlNode;

/// Why a text is no manifest, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Offset in the text, in bytes.
    pub offset: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Larger than any manifest.
    TooLarge,
    /// A comment, a CDATA section, a document type, an instruction or an XML declaration.
    Markup,
    /// Not well-formed, or beyond a bound.
    NotXml(String),
    /// Another document than a SWID tag.
    OtherDocument,
    /// An element or attribute is not there.
    Missing(&'static str),
    /// An element is there more than once.
    Twice(&'static str),
    /// Something stands in an element that does not belong there.
    Unexpected(&'static str),
    /// The value of an attribute or the text of an element is none that is known.
    Attribute(&'static str),
    /// The signature asks for something that NVIDIA's do not ask for.
    Algorithm {
        /// Where: `CanonicalizationMethod`.
        of: &'static str,
        /// What NVIDIA's signatures name there.
        expected: &'static str,
    },
    /// The signature covers something else than the whole document.
    Reference,
    /// A namespace or attribute for which canonical XML has rules of its own.
    Canonical(&'static str),
}

impl Error {
    /// An error at a node.
    pub(super) fn at(node: XmlNode<'_, '_>, problem: Problem) -> Self {
        Error {
            offset: node.range().start,
            problem,
        }
    }

    pub(super) fn syntax(error: SyntaxError) -> Self {
        Error {
            offset: error.span.start as usize,
            problem: Problem::NotXml(error.message),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::TooLarge => f.write_str("larger than any reference manifest"),
            Problem::Markup => f.write_str(
                "a comment, CDATA section, document type, instruction or declaration, which NVIDIA's manifests do not have",
            ),
            Problem::NotXml(why) => f.write_str(why),
            Problem::OtherDocument => f.write_str("XML, but no SWID tag (SoftwareIdentity)"),
            Problem::Missing(what) => write!(f, "`{what}` is missing"),
            Problem::Twice(what) => write!(f, "`{what}` stands twice"),
            Problem::Unexpected(place) => {
                write!(f, "`{place}` holds something that NVIDIA's manifests do not have there")
            }
            Problem::Attribute(name) => write!(f, "`{name}` has a value that is not known"),
            Problem::Algorithm { of, expected } => {
                write!(f, "`{of}` asks for something else than `{expected}`")
            }
            Problem::Reference => {
                f.write_str("the signature covers something else than the whole document (URI \"\")")
            }
            Problem::Canonical(what) => write!(f, "{what}, which NVIDIA's manifests do not have"),
        }?;
        write!(f, ", at byte {}", self.offset)
    }
}

impl std::error::Error for Error {}
