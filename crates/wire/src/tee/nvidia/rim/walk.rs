//! Elements and attributes of which exactly one must be there.

use super::error::{Error, Problem};
use text::xml::XmlNode;

/// Whether a node is the element of a name.
pub(super) fn is_element(node: XmlNode<'_, '_>, namespace: &str, name: &str) -> bool {
    let tag = node.tag_name();
    node.is_element() && tag.namespace() == Some(namespace) && tag.name() == name
}

/// The elements in an element, in order.
pub(super) fn elements<'a, 'i>(
    parent: XmlNode<'a, 'i>,
) -> impl Iterator<Item = XmlNode<'a, 'i>> + use<'a, 'i> {
    parent.children().filter(XmlNode::is_element)
}

/// The only element of a name.
pub(super) fn only<'a, 'i>(
    parent: XmlNode<'a, 'i>,
    namespace: &str,
    name: &'static str,
) -> Result<XmlNode<'a, 'i>, Error> {
    let mut named = elements(parent).filter(|child| is_element(*child, namespace, name));
    let first = named.next();
    match (first, named.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Error::at(parent, Problem::Missing(name))),
        (Some(_), Some(second)) => Err(Error::at(second, Problem::Twice(name))),
    }
}

/// The value of an attribute without a namespace.
pub(super) fn attribute<'a>(
    element: XmlNode<'a, '_>,
    name: &'static str,
) -> Result<&'a str, Error> {
    let missing = || Error::at(element, Problem::Missing(name));
    element.attribute(name).ok_or_else(missing)
}

/// The value of an attribute that is a name or a version: short, and fit to be shown as it stands.
pub(super) fn name_like(element: XmlNode<'_, '_>, name: &'static str) -> Result<String, Error> {
    let value = attribute(element, name)?;
    let is_name = (1..=64).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if is_name {
        Ok(value.to_owned())
    } else {
        Err(Error::at(element, Problem::Attribute(name)))
    }
}
