//! One configuration file: `<configuration>` with its properties.

mod kind;

pub use kind::ResourceKind;

use super::template::{Statement, holds_statement, is_expression, statements};
use model::{Place, SourceId};
use text::{Span, SyntaxError, xml};

/// One `<property>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The trimmed name, as written (deprecated names are not yet replaced).
    pub name: Box<str>,
    /// The value, untrimmed. `None` for a missing value, `<value/>` and `<value></value>`, which set nothing in any release.
    pub value: Option<Box<str>>,
    /// Whether `<final>` is exactly `true`.
    pub is_final: bool,
    /// Whether rendering a template may leave it out, or give it another value.
    pub is_conditional: bool,
    /// The name's text.
    pub name_place: Place,
    /// The value's text; for an empty or missing value the element's.
    pub value_place: Place,
    /// The whole element.
    pub place: Place,
}

/// What a `<configuration>` holds, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A property.
    Property(Property),
    /// `<xi:include href="...">`: another file is spliced in here.
    Include {
        /// The reference, as written.
        href: Box<str>,
        /// The element.
        place: Place,
        /// What counts when the file is missing; without it the daemon does not start.
        fallback: Option<Vec<Item>>,
    },
}

/// Why a file may set more than was read of it, so that what it does not set is not known to be unset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Rendering may write any property.
    Template,
    /// It includes a file that was not read.
    MissingInclude,
}

/// A configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Which file it is.
    pub kind: ResourceKind,
    /// Its text.
    pub source: SourceId,
    /// The `<configuration` start tag: the place of everything that is not set.
    pub anchor: Place,
    /// Properties in reading order, includes spliced in.
    pub properties: Vec<Property>,
    /// Why it may set more than these.
    pub gap: Option<Gap>,
}

/// A parsed `<configuration>` before its includes are resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The `<configuration` start tag.
    pub anchor: Place,
    /// Its items.
    pub items: Vec<Item>,
    /// Whether it is a template whose rendering may write any property.
    pub is_open: bool,
}

/// Parses a Hadoop configuration file. `Ok(None)` if it is XML of another kind.
///
/// # Errors
/// The XML is not well-formed, or exceeds the limits of [`text::xml`].
pub fn parse(source: SourceId, text: &str) -> Result<Option<Document>, SyntaxError> {
    let document = xml::parse(text)?;
    let root = document.root_element();
    if root.tag_name().name() != "configuration" {
        return Ok(None);
    }
    let start = root.range().start;
    let name_end = start + 1 + "configuration".len();
    let mut is_open = false;
    Ok(Some(Document {
        anchor: Place::new(source, Span::new(start, name_end)),
        items: items(source, root, text, &mut is_open),
        is_open,
    }))
}

/// The items of an element. In a template those between two statements count under a condition, and a name that rendering
/// completes may be any.
fn items(
    source: SourceId,
    parent: xml::XmlNode<'_, '_>,
    text: &str,
    is_open: &mut bool,
) -> Vec<Item> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    for child in parent.children() {
        if !child.is_element() {
            for statement in
                statements(child.text().filter(|_| child.is_text()).unwrap_or_default())
            {
                match statement {
                    Statement::Opens => depth += 1,
                    Statement::Closes => depth = depth.saturating_sub(1),
                    Statement::Emits => *is_open = true,
                    Statement::Neutral => {}
                }
            }
            continue;
        }
        match child.tag_name().name() {
            "property" => match property(source, child, text) {
                Some(property) if is_expression(&property.name) => *is_open = true,
                Some(mut property) => {
                    property.is_conditional |= depth > 0;
                    items.push(Item::Property(property));
                }
                None => {}
            },
            "include" => items.extend(include(source, child, text, is_open)),
            // A <configuration> inside a <configuration> is read as well (Configuration.loadResource).
            _ => {}
        }
    }
    items
}

fn include(
    source: SourceId,
    element: xml::XmlNode<'_, '_>,
    text: &str,
    is_open: &mut bool,
) -> Option<Item> {
    let href = element.attribute("href")?.into();
    let fallback = element
        .children()
        .find(|child| child.is_element() && child.tag_name().name() == "fallback")
        .map(|fallback| items(source, fallback, text, is_open));
    Some(Item::Include {
        href,
        place: Place::new(source, element.range().into()),
        fallback,
    })
}

fn property(source: SourceId, element: xml::XmlNode<'_, '_>, text: &str) -> Option<Property> {
    let place = |span: Span| Place::new(source, span);
    let whole = place(element.range().into());
    let mut name: Option<(Box<str>, Place)> = None;
    // The attribute form is read from 2.10 on; `value=""` is a set, blank value there.
    let mut value: Option<(Option<Box<str>>, Place)> = None;
    let mut is_final = false;
    for attribute in element.attributes() {
        let at = place(attribute.range_value().into());
        match attribute.name() {
            "name" => name = Some((attribute.value().trim().into(), at)),
            "value" => value = Some((Some(attribute.value().into()), at)),
            "final" => is_final = attribute.value() == "true",
            _ => {}
        }
    }
    for child in element.children().filter(xml::XmlNode::is_element) {
        let content = content(child);
        let at = place(content_span(child, text));
        match child.tag_name().name() {
            "name" if !content.trim().is_empty() => name = Some((content.trim().into(), at)),
            "value" => {
                let set = (!content.is_empty()).then(|| content.into_boxed_str());
                value = Some((set, at));
            }
            "final" => is_final = content == "true",
            _ => {}
        }
    }
    let (name, name_place) = name?;
    let (value, value_place) = value.unwrap_or((None, whole));
    let mut between = element.children().filter(xml::XmlNode::is_text);
    let is_conditional = between.any(|node| node.text().is_some_and(holds_statement));
    Some(Property {
        name,
        value,
        is_final,
        is_conditional,
        name_place,
        value_place,
        place: whole,
    })
}

/// All text of an element: comments inside split it into several nodes, which Hadoop joins.
fn content(element: xml::XmlNode<'_, '_>) -> String {
    element
        .children()
        .filter(xml::XmlNode::is_text)
        .filter_map(|node| node.text())
        .collect()
}

/// The bytes from the first to the last text node without the blanks around them; the element itself if it has none.
fn content_span(element: xml::XmlNode<'_, '_>, text: &str) -> Span {
    let mut texts = element
        .children()
        .filter(xml::XmlNode::is_text)
        .map(|node| Span::from(node.range()));
    let Some(first) = texts.next() else {
        return element.range().into();
    };
    let span = texts.fold(first, Span::to);
    let slice = text.get(span.range()).unwrap_or_default();
    if slice.trim().is_empty() {
        return element.range().into();
    }
    let leading = slice.len() - slice.trim_start().len();
    Span::new(
        span.range().start + leading,
        span.range().start + leading + slice.trim().len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(text: &str) -> Vec<Property> {
        let document = parse(SourceId(0), text).unwrap().unwrap();
        document
            .items
            .into_iter()
            .filter_map(|item| match item {
                Item::Property(property) => Some(property),
                Item::Include { .. } => None,
            })
            .collect()
    }

    #[test]
    fn empty_elements_set_nothing_and_blanks_do() {
        let text = "<configuration>
            <property><name>a</name><value/></property>
            <property><name>b</name><value></value></property>
            <property><name>c</name><value> </value></property>
            <property name='d' value=''/>
            <property><name>e</name></property>
        </configuration>";
        let values: Vec<_> = properties(text)
            .into_iter()
            .map(|p| (p.name.to_string(), p.value.map(String::from)))
            .collect();
        assert_eq!(
            values,
            [
                ("a".into(), None),
                ("b".into(), None),
                ("c".into(), Some(" ".into())),
                ("d".into(), Some(String::new())),
                ("e".into(), None)
            ]
        );
    }

    #[test]
    fn final_is_compared_exactly() {
        let text = "<configuration>
            <property><name>a</name><value>1</value><final>true</final></property>
            <property><name>b</name><value>1</value><final> true </final></property>
            <property><name>c</name><value>1</value><final>TRUE</final></property>
        </configuration>";
        assert_eq!(
            properties(text)
                .iter()
                .map(|p| p.is_final)
                .collect::<Vec<_>>(),
            [true, false, false]
        );
    }

    #[test]
    fn a_comment_inside_a_value_and_cdata_are_part_of_it() {
        let text = "<configuration><property><name> a </name><value>pri<!-- x -->vacy</value></property>\
                    <property><name>b</name><value><![CDATA[x & y]]></value></property></configuration>";
        let found = properties(text);
        assert_eq!(found[0].value.as_deref(), Some("privacy"));
        assert_eq!(&*found[0].name, "a");
        assert_eq!(found[1].value.as_deref(), Some("x & y"));
        assert_eq!(
            &text[found[0].value_place.span.range()],
            "pri<!-- x -->vacy"
        );
    }

    #[test]
    fn other_xml_is_not_ours() {
        assert_eq!(parse(SourceId(0), "<project><a/></project>").unwrap(), None);
    }
}
