//! Credentials that stand in objects other than Secrets: by the name of their key, never by value alone.

use model::{Estate, Place, SourceId};
use settings::hadoop::Configuration;
use settings::kubernetes::object::Object;
use settings::secret_names::names_a_secret;
use settings::spark::PropertiesFile;
use settings::spark::secret::is_placeholder;
use std::collections::{BTreeMap, HashMap};
use text::Node;

/// A credential: its key, and where its value stands. The value itself is not in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The key or variable.
    pub key: Box<str>,
    /// The value's place.
    pub place: Place,
}

/// The first credential of a custom resource: a property or a variable with a literal value. `None` for built-in kinds, and
/// for kinds that hold values encrypted or by reference.
#[must_use]
pub fn in_custom_resource(object: &Object) -> Option<Credential> {
    const BY_REFERENCE: [&str; 3] = [
        "external-secrets.io",
        "bitnami.com",
        "secrets-store.csi.x-k8s.io",
    ];
    if !is_custom_group(object.group()) || BY_REFERENCE.contains(&object.group()) {
        return None;
    }
    let mut open: Vec<&Node> = object.at(&["spec"]).into_iter().collect();
    // The first one in the text counts, so the nodes are taken in order.
    while let Some(node) = open.pop() {
        if let Some(found) = variable(object, node).or_else(|| property(object, node)) {
            return Some(found);
        }
        let entries = node.entries().iter().rev().map(|entry| &entry.value);
        open.extend(entries);
        open.extend(node.items().iter().rev());
    }
    None
}

/// The plurals by which the API server knows custom resources, as their definitions say.
#[derive(Debug, Default)]
pub struct Plurals<'e> {
    by_kind: HashMap<(&'e str, &'e str), &'e str>,
}

impl<'e> Plurals<'e> {
    /// Reads the CustomResourceDefinitions of an estate.
    #[must_use]
    pub fn of(estate: &'e Estate) -> Plurals<'e> {
        let definitions = estate
            .all::<Object>()
            .iter()
            .filter(|object| object.is("apiextensions.k8s.io", "CustomResourceDefinition"));
        let by_kind = definitions
            .filter_map(|definition| {
                let word = |path: &[&str]| definition.at(path).and_then(Node::str);
                let kind = (word(&["spec", "group"])?, word(&["spec", "names", "kind"])?);
                Some((kind, word(&["spec", "names", "plural"])?))
            })
            .collect();
        Plurals { by_kind }
    }

    /// The resource of an object with its group: `sparkapplications.sparkoperator.k8s.io`. Without a definition the usual
    /// plural of its kind.
    #[must_use]
    pub fn resource(&self, object: &Object) -> String {
        let plural = match self.by_kind.get(&(object.group(), &*object.kind)) {
            Some(plural) => (*plural).to_owned(),
            None => {
                let kind = object.kind.to_lowercase();
                match kind.strip_suffix('y') {
                    Some(stem) => format!("{stem}ies"),
                    None => format!("{kind}s"),
                }
            }
        };
        format!("{plural}.{}", object.group())
    }
}

/// Built-in groups have no dot or end in `.k8s.io`; the Spark operator's group does so too and is none of them.
fn is_custom_group(group: &str) -> bool {
    group == "sparkoperator.k8s.io" || (group.contains('.') && !group.ends_with(".k8s.io"))
}

/// `{name: DB_PASSWORD, value: ...}`.
fn variable(object: &Object, node: &Node) -> Option<Credential> {
    let name = node.get("name")?.str()?;
    credential(object, name, node.get("value")?)
}

/// `spark.hadoop.fs.s3a.secret.key: ...` or `DB_PASSWORD: ...` among the entries of a mapping. Other fields are the schema's
/// own and mostly name a Secret.
fn property(object: &Object, node: &Node) -> Option<Credential> {
    node.entries().iter().find_map(|entry| {
        let key = entry.key.text()?;
        let is_property = key.contains('.') || key.contains('_') || key == "password";
        if !is_property {
            return None;
        }
        credential(object, key, &entry.value)
    })
}

fn credential(object: &Object, key: &str, value: &Node) -> Option<Credential> {
    let is_literal = value
        .str()
        .is_some_and(|text| !is_placeholder(text) && !text.contains('\n'))
        && value.bool().is_none();
    (is_literal && names_a_secret(key)).then(|| Credential {
        key: key.into(),
        place: object.place(value),
    })
}

/// The credentials in documents that ConfigMaps carry: properties files and Hadoop configurations, by the file they lie in.
#[derive(Debug, Default)]
pub struct Carried {
    by_file: HashMap<SourceId, BTreeMap<usize, Credential>>,
}

impl Carried {
    /// Finds them. O(settings).
    #[must_use]
    pub fn of(estate: &Estate) -> Carried {
        let mut carried = Carried::default();
        for file in estate.all::<PropertiesFile>() {
            let literal = file.settings.iter().filter(|setting| {
                names_a_secret(&setting.key) && !setting.dynamic && !is_placeholder(&setting.value)
            });
            for setting in literal {
                carried.add(estate, &setting.key, setting.place);
            }
        }
        let resources = estate
            .all::<Configuration>()
            .iter()
            .flat_map(|configuration| &configuration.resources);
        for property in resources.flat_map(|resource| &resource.properties) {
            let value = property.value.as_deref().unwrap_or_default();
            if names_a_secret(&property.name) && !is_placeholder(value) {
                carried.add(estate, &property.name, property.value_place);
            }
        }
        carried
    }

    fn add(&mut self, estate: &Estate, key: &str, place: Place) {
        let in_file = estate.sources.in_file(place);
        let credential = Credential {
            key: key.into(),
            place,
        };
        self.by_file
            .entry(in_file.source)
            .or_default()
            .insert(in_file.span.range().start, credential);
    }

    /// The first one that lies in an object.
    fn first_in(&self, estate: &Estate, object: &Object) -> Option<Credential> {
        let own = estate
            .sources
            .in_file(Place::new(object.source, object.document));
        let found = self.by_file.get(&own.source)?.range(own.span.range());
        found.map(|(_, credential)| credential.clone()).next()
    }
}

/// The first credential of a ConfigMap: an entry of its own, or one in a document that it carries.
#[must_use]
pub fn in_config_map(estate: &Estate, object: &Object, carried: &Carried) -> Option<Credential> {
    if !object.is("", "ConfigMap") {
        return None;
    }
    let own = object.at(&["data"]).map_or(&[][..], Node::entries);
    own.iter()
        .find_map(|entry| credential(object, entry.key.text()?, &entry.value))
        .or_else(|| carried.first_in(estate, object))
}
