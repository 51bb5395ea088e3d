//! Which objects of files exist only as some rendering changes them. Such an object is judged as rendered: a base says
//! `privileged: true` to nobody if every overlay takes it back, and its NetworkPolicy protects nobody if an overlay opens it.

use super::novelty::{identity, is_equal};
use super::units::Unit;
use model::{Place, SourceId, Sources};
use settings::kubernetes::object::Object;
use std::collections::{HashMap, HashSet};
use text::Node;
use text::yaml::Document;

/// What a unit was rendered to, by what makes objects the same; `None` where it could not be rendered.
type Rendered<'r> = Option<HashMap<[&'r str; 4], Vec<&'r Node>>>;

/// The documents of objects that stand in files of rendered units and that some unit changes. Then what each unit makes of
/// them is judged, and no longer what the file says.
///
/// Where every unit passes an object on unchanged, it is judged where it is written. The same holds where a unit could not be
/// rendered: what that one makes of it is not known, and the file is the best that is.
pub(super) fn overlaid(
    objects: &[Object],
    sources: &Sources,
    units: &[Unit],
    outputs: &[Option<&[Document]>],
) -> HashSet<Place> {
    let rendered: Vec<Rendered<'_>> = outputs
        .iter()
        .map(|output| output.map(by_identity))
        .collect();
    let mut holders: HashMap<SourceId, Vec<&Rendered<'_>>> = HashMap::new();
    for (id, source) in sources.iter() {
        let holding: Vec<&Rendered<'_>> = units
            .iter()
            .zip(&rendered)
            .filter(|(unit, _)| !unit.namings_of(&source.path).is_empty())
            .map(|(_, rendered)| rendered)
            .collect();
        if !holding.is_empty() {
            holders.insert(id, holding);
        }
    }
    objects
        .iter()
        .filter(|object| {
            holders.get(&object.source).is_some_and(|holding| {
                holding.iter().all(|rendered| rendered.is_some())
                    && !holding
                        .iter()
                        .all(|rendered| leaves(rendered, &object.root))
            })
        })
        .map(|object| Place::new(object.source, object.document))
        .collect()
}

fn by_identity(documents: &[Document]) -> HashMap<[&str; 4], Vec<&Node>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for document in documents {
        let root = &document.root;
        found.entry(identity(root)).or_default().push(root);
    }
    found
}

/// Whether the unit passes an object on as it is.
fn leaves(rendered: &Rendered<'_>, root: &Node) -> bool {
    let same = rendered
        .as_ref()
        .and_then(|rendered| rendered.get(&identity(root)));
    same.is_some_and(|same| same.iter().any(|other| is_equal(root, other)))
}
