//! Properties as somebody wrote them.

use model::{Fact, Place, SourceId};

/// One Spark property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The key: `spark.authenticate`.
    pub key: Box<str>,
    /// The value as the product sees it, trimmed.
    pub value: Box<str>,
    /// Where the value stands.
    pub place: Place,
    /// Where the key and the value stand together.
    pub whole: Place,
    /// Whether a variable that only the running system knows decides a part of the value.
    pub dynamic: bool,
}

/// Properties of one origin.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Where they come from.
    pub origin: Origin,
    /// The properties in order; the last of a key counts.
    pub settings: Vec<Setting>,
}

/// Where properties come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// `--properties-file`, added to the defaults by `--load-spark-defaults`.
    PropertiesFile,
    /// `sparkConf` of an operator's resource.
    SparkConf,
    /// `hadoopConf` of an operator's resource, under `spark.hadoop.`.
    HadoopConf,
    /// Fields of an operator's resource that the operator turns into properties.
    OperatorField,
    /// `--conf` and flags of a command line.
    CommandLine,
    /// `-Dspark.*` in `SPARK_*_OPTS` of a daemon.
    DaemonOptions,
    /// Variables that the entry script of an image turns into properties.
    ImageEnvironment,
}

impl Origin {
    /// What it is called in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::PropertiesFile => "the properties file",
            Origin::SparkConf => "sparkConf",
            Origin::HadoopConf => "hadoopConf",
            Origin::OperatorField => "a field of the resource",
            Origin::CommandLine => "the command line",
            Origin::DaemonOptions => "the daemon's Java options",
            Origin::ImageEnvironment => "a variable of the image",
        }
    }
}

/// A properties file with keys of Spark, as read.
#[derive(Debug)]
pub struct PropertiesFile {
    /// Its text.
    pub source: SourceId,
    /// Its path, or the object and key that hold it.
    pub name: Box<str>,
    /// The start of its content.
    pub anchor: Place,
    /// Its `spark.` properties in order; the last of a key counts.
    pub settings: Vec<Setting>,
    /// Keys that Spark ignores because they do not start with `spark.`.
    pub ignored: Vec<Setting>,
    /// Whether its name is the one that Spark loads by itself, `spark-defaults.conf`.
    pub is_defaults: bool,
    /// The object that holds it, among the estate's objects.
    pub object: Option<usize>,
    /// For a file in an object: the file of the tree with the same text, which a generator put there.
    pub copy_of: Option<usize>,
    /// For a file that a script writes: how.
    pub written: Option<Written>,
}

/// How a script writes a properties file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Whether it adds to a file that is there already.
    pub appends: bool,
    /// Whether it also writes lines that only running it would tell.
    pub is_incomplete: bool,
    /// The file of the tree that it adds to, among the estate's properties files.
    pub base: Option<usize>,
}

impl Fact for PropertiesFile {}

impl PropertiesFile {
    /// The last setting of a key.
    #[must_use]
    pub fn last(&self, key: &str) -> Option<&Setting> {
        self.settings
            .iter()
            .rev()
            .find(|setting| &*setting.key == key)
    }

    /// Whether it may set more than was read of it.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.written.is_some_and(|written| written.is_incomplete)
    }

    /// Whether a key with this prefix is set.
    #[must_use]
    pub fn sets_any(&self, prefix: &str) -> bool {
        self.settings
            .iter()
            .any(|setting| setting.key.starts_with(prefix))
    }
}
