//! One deployment in one possible world: what controls ask.

use super::defaults;
use super::deployment::{Deployment, HadoopTie, Master, Operator};
use super::java_options;
use super::keys::{BooleanKind, boolean_kind};
use super::release_facts;
use super::setting::{PropertiesFile, Setting};
use super::switch::{State, Switch};
use crate::effective::{Effective, Loser, Origin};
use crate::hadoop::{Configuration, Reader};
use crate::secret_names::hides_its_value;
use model::{Depth, Estate, Place, Product, Release, Witness};
use std::borrow::Cow;

/// A deployment with everything decided that files leave open: its release, its defaults, its operator's release.
#[derive(Clone, Copy, Debug)]
pub struct Spark<'e> {
    /// The estate it belongs to.
    pub estate: &'e Estate,
    /// The deployment.
    pub deployment: &'e Deployment,
    /// The Spark release: the known one, or one of those that are possible.
    pub release: Release,
    /// The file of defaults beneath its own settings.
    pub base: Option<&'e PropertiesFile>,
    /// Whether a file of defaults is named that was not read.
    pub base_missing: bool,
    /// The release of Apache's operator, where it submits.
    pub operator_release: Option<Release>,
}

impl<'e> Spark<'e> {
    /// Every setting that counts, weakest first.
    pub fn settings(&self) -> impl Iterator<Item = &'e Setting> + use<'e> {
        let base = self.base.into_iter().flat_map(|file| &file.settings);
        base.chain(self.own_settings())
    }

    /// The settings that the deployment brings itself, weakest first.
    pub fn own_settings(&self) -> impl Iterator<Item = &'e Setting> + use<'e> {
        self.deployment
            .layers
            .iter()
            .flat_map(|layer| &layer.settings)
    }

    /// Resolves a property. O(number of settings).
    #[must_use]
    pub fn get<'k>(&self, key: &'k str) -> Effective<'k>
    where
        'e: 'k,
    {
        self.written(key)
            .or_else(|| self.in_java_options(key))
            .unwrap_or_else(|| self.unset(key))
    }

    /// Resolves the first of several names of one property that is set.
    #[must_use]
    pub fn get_any<'k>(&self, keys: &[&'k str]) -> Effective<'k>
    where
        'e: 'k,
    {
        let written = keys.iter().find_map(|key| self.written(key));
        written.unwrap_or_else(|| self.get(keys.first().copied().unwrap_or_default()))
    }

    /// Reads a Boolean.
    #[must_use]
    pub fn switch<'k>(&self, key: &'k str) -> Switch<'k>
    where
        'e: 'k,
    {
        let effective = self.get(key);
        let state = if effective.is_unknown() || effective.unresolved {
            State::Unknown
        } else {
            match effective.str() {
                text if text.eq_ignore_ascii_case("true") => State::On,
                text if text.eq_ignore_ascii_case("false") => State::Off,
                "" if !effective.is_written() => State::Off,
                _ if boolean_kind(key) == Some(BooleanKind::Transport) => State::Off,
                _ => State::Refused,
            }
        };
        Switch { state, effective }
    }

    /// Resolves a property of an SSL namespace (`ui`, `rpc`, `historyServer`, `standalone`): its own value, else that of
    /// `spark.ssl`. `enabled` of `rpc` and every `port` are not inherited (`SSLOptions.parse`, `SecurityManager`).
    #[must_use]
    pub fn ssl(&self, namespace: &str, name: &str) -> Effective<'e> {
        let own = format!("spark.ssl.{namespace}.{name}");
        let inherits = name != "port" && !(namespace == "rpc" && name == "enabled");
        let general = format!("spark.ssl.{name}");
        let effective = self.written(&own);
        let effective = match effective {
            None if inherits => self.written(&general),
            found => found,
        };
        owned(effective.unwrap_or_else(|| self.unset(&own)))
    }

    /// Reads a Boolean of an SSL namespace.
    #[must_use]
    pub fn ssl_switch(&self, namespace: &str, name: &str) -> Switch<'e> {
        let effective = self.ssl(namespace, name);
        let state = if effective.is_unknown() || effective.unresolved {
            State::Unknown
        } else if effective.is("true") {
            State::On
        } else if effective.is("false") || !effective.is_written() {
            State::Off
        } else {
            State::Refused
        };
        Switch { state, effective }
    }

    /// Resolves a Hadoop key: `spark.hadoop.<key>`, else the Hadoop configuration that the deployment loads.
    #[must_use]
    pub fn hadoop(&self, key: &str) -> Effective<'e> {
        let prefixed = format!("spark.hadoop.{key}");
        let found = self
            .written(&prefixed)
            .or_else(|| self.in_java_options(&prefixed));
        if let Some(effective) = found {
            return owned(effective);
        }
        match (self.deployment.hadoop, self.configuration()) {
            (_, Some(configuration)) => {
                let mut effective = configuration.get(Reader::Hdfs, key, self.hadoop_release());
                // Without the file the image's own one counts, which nobody collected.
                if effective.is_unknown() && self.deployment.opaque.is_none() {
                    effective.origin = Origin::NotCollected {
                        file: "core-site.xml",
                    };
                }
                owned(effective)
            }
            (HadoopTie::NotCollected, _) => Effective {
                key: Cow::Owned(key.to_owned()),
                value: None,
                origin: Origin::NotCollected {
                    file: "core-site.xml",
                },
                losers: Vec::new(),
                unresolved: false,
            },
            _ => owned(self.unset(&prefixed)),
        }
    }

    /// The Hadoop configuration it loads.
    #[must_use]
    pub fn configuration(&self) -> Option<&'e Configuration> {
        match self.deployment.hadoop {
            HadoopTie::Known(index) => self.estate.all::<Configuration>().get(index),
            HadoopTie::None | HadoopTie::NotCollected => None,
        }
    }

    /// The release of the Hadoop client inside: what `hadoop-aws` of its packages says, else what Spark brings along.
    #[must_use]
    pub fn hadoop_release(&self) -> Release {
        let packages = self.written("spark.jars.packages");
        let named = packages.as_ref().and_then(|packages| {
            packages.items().find_map(|item| {
                Release::parse(item.strip_prefix("org.apache.hadoop:hadoop-aws:")?)
            })
        });
        named.unwrap_or_else(|| release_facts::bundled_hadoop(self.release))
    }

    /// Who gives executors their place. Kubernetes runs the driver alone where `spark.kubernetes.driver.master` is local: then
    /// there are no executors (`KubernetesClusterManager`).
    #[must_use]
    pub fn master(&self) -> Master {
        let master = self.submits_to();
        if master == Master::Kubernetes
            && Master::of_url(self.get("spark.kubernetes.driver.master").str()) == Master::Local
        {
            return Master::Local;
        }
        master
    }

    /// Where its driver is submitted.
    #[must_use]
    pub fn submits_to(&self) -> Master {
        if let Some(master) = self.deployment.master {
            return master;
        }
        let effective = self.get("spark.master");
        if effective.is_unknown() || effective.unresolved {
            return Master::Unknown;
        }
        Master::of_url(effective.str())
    }

    /// The configuration with the hive-site.xml of a Thrift server.
    #[must_use]
    pub fn hive_configuration(&self) -> Option<&'e Configuration> {
        match self.deployment.hive_site {
            HadoopTie::Known(index) => self.estate.all::<Configuration>().get(index),
            HadoopTie::None | HadoopTie::NotCollected => self.configuration(),
        }
    }

    /// The depth of the facts.
    #[must_use]
    pub fn depth(&self) -> Depth {
        self.estate.depth
    }

    /// A value as evidence; secret values are not shown.
    #[must_use]
    pub fn witness(&self, effective: &Effective<'_>, label: impl Into<Box<str>>) -> Witness {
        effective.witness(self.estate.depth, label)
    }

    /// A setting as evidence; secret values are not shown.
    #[must_use]
    pub fn setting_witness(&self, setting: &Setting, label: impl Into<Box<str>>) -> Witness {
        let witness = Witness {
            depth: self.estate.depth,
            ..Witness::declared(setting.place, label).key(setting.key.clone())
        };
        if hides_its_value(&setting.key) {
            witness.redacted()
        } else {
            witness.value(setting.value.clone())
        }
    }

    /// A place as evidence.
    #[must_use]
    pub fn place_witness(&self, place: Place, label: impl Into<Box<str>>) -> Witness {
        Witness {
            depth: self.estate.depth,
            ..Witness::declared(place, label)
        }
    }

    /// The value that a written setting gives a property.
    fn written<'k>(&self, key: &'k str) -> Option<Effective<'k>>
    where
        'e: 'k,
    {
        let mut winner: Option<&'e Setting> = None;
        let mut losers = Vec::new();
        for setting in self.settings().filter(|setting| &*setting.key == key) {
            if let Some(lost) = winner.replace(setting) {
                losers.push(Loser {
                    place: lost.place,
                    value: Some(lost.value.clone()),
                    reason: "a stronger or later setting replaces it",
                });
            }
        }
        let winner = winner?;
        Some(Effective {
            key: Cow::Borrowed(key),
            value: Some(Cow::Borrowed(&*winner.value)),
            origin: Origin::Written {
                place: winner.place,
                note: None,
            },
            losers,
            unresolved: winner.dynamic,
        })
    }

    /// `-Dkey=value` in the driver's Java options counts for a key that is set nowhere else.
    fn in_java_options<'k>(&self, key: &'k str) -> Option<Effective<'k>>
    where
        'e: 'k,
    {
        if !self.deployment.kind.is_application() || !key.starts_with("spark.") {
            return None;
        }
        let setting = self
            .driver_java_settings()
            .into_iter()
            .rfind(|setting| &*setting.key == key)?;
        Some(Effective {
            key: Cow::Borrowed(key),
            value: Some(Cow::Owned(setting.value.into())),
            origin: Origin::Written {
                place: setting.place,
                note: Some("from the driver's Java options"),
            },
            losers: Vec::new(),
            unresolved: setting.dynamic,
        })
    }

    /// The `spark.` properties in the driver's Java options, whether they count or not.
    #[must_use]
    pub fn driver_java_settings(&self) -> Vec<Setting> {
        let mut settings = Vec::new();
        for name in [
            "spark.driver.defaultJavaOptions",
            "spark.driver.extraJavaOptions",
        ] {
            if let Some(options) = self.settings().filter(|s| &*s.key == name).last() {
                settings.extend(java_options::spark_settings(
                    &options.value,
                    options.place,
                    &self.estate.sources,
                    options.dynamic,
                ));
            }
        }
        if let Some(options) = self.deployment.variable("SPARK_SUBMIT_OPTS") {
            settings.extend(java_options::spark_settings(
                &options.value,
                options.place,
                &self.estate.sources,
                false,
            ));
        }
        settings
    }

    /// What counts for a property that nobody set.
    fn unset<'k>(&self, key: &'k str) -> Effective<'k> {
        let added = self.operator_adds(key);
        let value = match added {
            Some(_) => Some("true"),
            None => defaults::default_of(key, self.release),
        };
        let origin = match (added, self.deployment.opaque, self.base_missing) {
            (Some(release), ..) => Origin::Default {
                product: Product::ApacheSparkOperator,
                release: release.to_string().into(),
                unset_in: Some(self.deployment.anchor),
            },
            (None, Some((reason, _)), _) => Origin::NotCollected { file: reason },
            (None, None, true) => Origin::NotCollected {
                file: "the properties file",
            },
            (None, None, false) => Origin::Default {
                product: Product::Spark,
                release: self.release.to_string().into(),
                unset_in: Some(self.deployment.anchor),
            },
        };
        // What may be set elsewhere has no value that anybody could act on, not even the default.
        let value = value.filter(|_| !matches!(origin, Origin::NotCollected { .. }));
        Effective {
            key: Cow::Borrowed(key),
            value: value.map(Cow::Borrowed),
            origin,
            losers: Vec::new(),
            unresolved: false,
        }
    }

    /// Apache's operator sets two properties on a SparkApplication from 0.8.0 on, when they are missing.
    fn operator_adds(&self, key: &str) -> Option<Release> {
        let release = self
            .operator_release
            .filter(|release| *release >= Release(0, 8, 0))?;
        let adds = self.deployment.operator == Some(Operator::Apache)
            && matches!(key, "spark.authenticate" | "spark.io.encryption.enabled");
        adds.then_some(release)
    }
}

/// The same value, independent of the key it was asked by.
fn owned<'e>(effective: Effective<'_>) -> Effective<'e> {
    effective.into_owned()
}
