//! A Kubernetes cluster.

use model::{Fact, Place, Release};

/// A cluster of the estate. The number of an object's cluster is an index into the estate's facts of this kind;
/// number 0 is the shared part of the tree, or the only cluster there is.
#[derive(Debug)]
pub struct Cluster {
    /// The directory that holds its manifests, or the name the user gave it.
    pub name: Box<str>,
    /// Its release, and the text that says so.
    pub release: Option<(Release, Option<Place>)>,
}

impl Fact for Cluster {}
