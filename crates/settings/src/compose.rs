//! Compose files: services of containers, their images and their environment.
//!
//! Source: the Compose specification, `services` (image, command, entrypoint, environment, env_file, interpolation).

use model::{Fact, Place, SourceId};

/// A service of a compose file.
#[derive(Debug)]
pub struct Service {
    /// The file's text.
    pub source: SourceId,
    /// Its name.
    pub name: Box<str>,
    /// Where its name stands.
    pub place: Place,
    /// The image, as written.
    pub image: Option<Box<str>>,
    /// Whether it says what runs: an image or a build. A service without is there to be merged into one of its name.
    pub is_whole: bool,
    /// The words of entrypoint and command.
    pub words: Vec<Box<str>>,
    /// `environment`, as a list or a map. It beats `env_file`.
    pub environment: Vec<Assigned>,
    /// `env_file`: paths relative to the compose file; of two the later one wins.
    pub env_files: Vec<Box<str>>,
}

impl Fact for Service {}

/// A variable that a service sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Its name.
    pub name: Box<str>,
    /// Its value: `$$` is a dollar, and `${X}` stays, because the environment of whoever starts the project decides.
    pub value: Box<str>,
    /// Where the value stands.
    pub place: Place,
}
