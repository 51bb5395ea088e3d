//! Units of systemd.

use model::{Fact, SourceId, Sources};
use text::unit::Directive;

/// A service of systemd, or a drop-in for one.
#[derive(Debug)]
pub struct Unit {
    /// Its text.
    pub source: SourceId,
    /// The directives of `[Service]`, in order.
    pub service: Vec<Directive>,
}

impl Fact for Unit {}

impl Unit {
    /// The service that the unit is, or is a drop-in for: `etcd` for `etcd.service` and for `etcd.service.d/10-tls.conf`.
    #[must_use]
    pub fn name<'s>(&self, sources: &'s Sources) -> Option<&'s str> {
        let source = sources.get(self.source)?;
        match source.file_name().strip_suffix(".service") {
            Some(name) => Some(name),
            None => {
                let directory = source.directory();
                let name = directory.rsplit('/').next()?;
                name.strip_suffix(".service.d")
            }
        }
    }

    /// Whether it adds to a service that another file describes.
    #[must_use]
    pub fn is_drop_in(&self, sources: &Sources) -> bool {
        sources
            .get(self.source)
            .is_some_and(|source| source.directory().ends_with(".service.d"))
    }

    /// The directory that stands for the host's root: what comes before systemd's own directories. Units of other
    /// directories belong to their directory.
    #[must_use]
    pub fn host<'s>(&self, sources: &'s Sources) -> &'s str {
        let Some(source) = sources.get(self.source) else {
            return "";
        };
        let directory = source.directory();
        let directory = if self.is_drop_in(sources) {
            directory.rsplit_once('/').map_or("", |(above, _)| above)
        } else {
            directory
        };
        DIRECTORIES
            .iter()
            .find_map(|own| directory.strip_suffix(own))
            .map_or(directory, |root| root.trim_end_matches('/'))
    }
}

/// Where systemd looks for units (systemd.unit(5)), the longest first.
const DIRECTORIES: [&str; 5] = [
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
    "etc/systemd/system",
    "run/systemd/system",
];

#[cfg(test)]
mod tests {
    use super::Unit;
    use model::{Source, Sources};

    #[test]
    fn drop_ins_find_their_service() {
        for (path, name, host, is_drop_in) in [
            ("n1/etc/systemd/system/etcd.service", "etcd", "n1", false),
            (
                "n1/usr/lib/systemd/system/etcd.service",
                "etcd",
                "n1",
                false,
            ),
            (
                "etc/systemd/system/etcd.service.d/10.conf",
                "etcd",
                "",
                true,
            ),
            ("units/etcd.service", "etcd", "units", false),
            ("units/etcd.service.d/10.conf", "etcd", "units", true),
        ] {
            let mut sources = Sources::default();
            let source = sources.add(Source::file(path, ""));
            let unit = Unit {
                source,
                service: Vec::new(),
            };
            assert_eq!(unit.name(&sources), Some(name), "{path}");
            assert_eq!(unit.host(&sources), host, "{path}");
            assert_eq!(unit.is_drop_in(&sources), is_drop_in, "{path}");
        }
    }
}
