//! `ceph.conf` as an administrator keeps it, and what only the lab sets, which stands in `CEPH_ARGS` instead.

use super::plan::Plan;
use crate::{LabError, Result, ports};
use std::fmt::Write;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The ports of a deployment.
#[derive(Clone, Debug)]
pub(super) struct Ports {
    pub(super) mon_v2: u16,
    pub(super) mon_v1: Option<u16>,
    /// From which the OSD and the manager choose theirs.
    pub(super) daemons: RangeInclusive<u16>,
    pub(super) http: Option<u16>,
    pub(super) https: Option<u16>,
}

/// An OSD listens on eight ports (clients, cluster and two heartbeats, in both protocols), a manager on two.
const DAEMON_PORTS: usize = 12;

impl Ports {
    pub(super) fn free(plan: &Plan) -> Result<Ports> {
        let if_wanted = |is_wanted: bool| is_wanted.then(ports::free).transpose();
        let daemons = (0..DAEMON_PORTS)
            .map(|_| ports::free())
            .collect::<Result<Vec<u16>>>()?;
        let (first, last) = (daemons.iter().min(), daemons.iter().max());
        Ok(Ports {
            mon_v2: ports::free()?,
            mon_v1: if_wanted(plan.has_v1)?,
            daemons: first.copied().unwrap_or_default()..=last.copied().unwrap_or_default(),
            http: if_wanted(plan.has_http)?,
            https: if_wanted(plan.has_https)?,
        })
    }

    /// The monitor's addresses, as `mon_host` and the monitor map name them.
    pub(super) fn monitor(&self) -> String {
        match self.mon_v1 {
            Some(v1) => format!("[v2:127.0.0.1:{},v1:127.0.0.1:{v1}]", self.mon_v2),
            None => format!("[v2:127.0.0.1:{}]", self.mon_v2),
        }
    }
}

/// Where the files of a deployment are.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    root: PathBuf,
    /// The cluster's number.
    pub(super) fsid: String,
}

impl Layout {
    pub(super) fn new(root: &Path) -> Result<Layout> {
        let layout = Layout {
            root: root.to_owned(),
            fsid: random_uuid()?,
        };
        for name in [
            "conf", "mon", "mgr", "osd", "rgw", "run", "logs", "crash", "scratch",
        ] {
            let dir = layout.at(name);
            fs::create_dir_all(&dir).map_err(|error| LabError::at(&dir, error))?;
        }
        Ok(layout)
    }

    /// The configuration under test.
    pub(super) fn conf(&self) -> PathBuf {
        self.at("conf")
    }

    pub(super) fn ceph_conf(&self) -> PathBuf {
        self.at("conf/ceph.conf")
    }

    pub(super) fn keyring(&self) -> PathBuf {
        self.at("keyring")
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// `CEPH_ARGS`: places below one directory, loopback, memory for a disk. None of it is what the profiles are about.
    pub(super) fn arguments(&self, ports: &Ports) -> String {
        let root = self.root.display();
        [
            "--public-addr=127.0.0.1 --cluster-addr=127.0.0.1".to_owned(),
            format!(
                "--ms-bind-port-min={} --ms-bind-port-max={}",
                ports.daemons.start(),
                ports.daemons.end()
            ),
            format!("--keyring={root}/keyring --run-dir={root}/run --crash-dir={root}/crash"),
            format!(
                "--mon-data={root}/mon --mgr-data={root}/mgr --osd-data={root}/osd --rgw-data={root}/rgw"
            ),
            "--log-file= --pid-file= --mon-cluster-log-to-file=false".to_owned(),
            "--osd-objectstore=memstore --memstore-device-bytes=1073741824".to_owned(),
            "--mon-data-avail-warn=2 --mon-data-avail-crit=1".to_owned(),
        ]
        .join(" ")
    }
}

/// A new UUID, by the kernel.
pub(super) fn random_uuid() -> Result<String> {
    let file = Path::new("/proc/sys/kernel/random/uuid");
    fs::read_to_string(file)
        .map(|text| text.trim().to_owned())
        .map_err(|error| LabError::at(file, error))
}

/// Writes `ceph.conf`. Overrides are `KEY=VALUE` of `[global]`.
pub(super) fn write(
    layout: &Layout,
    ports: &Ports,
    plan: &Plan,
    overrides: &[String],
) -> Result<()> {
    let mut text = format!(
        "[global]\nfsid = {}\nmon_initial_members = a\nmon_host = {}\n",
        layout.fsid,
        ports.monitor()
    );
    for (key, value) in plan.global {
        let _ = writeln!(text, "{key} = {value}");
    }
    for setting in overrides {
        let (key, value) = setting.split_once('=').ok_or_else(|| {
            LabError::failed(format!("setting `{setting}`"), "write it as KEY=VALUE")
        })?;
        let _ = writeln!(text, "{key} = {value}");
    }
    // One OSD can't keep a second copy.
    text += "osd_pool_default_size = 1\nosd_pool_default_min_size = 1\nosd_pool_default_pg_num = 1\n\
             osd_pool_default_pgp_num = 1\nosd_pool_default_pg_autoscale_mode = off\nosd_crush_chooseleaf_type = 0\n\
             mon_allow_pool_size_one = true\n";
    let _ = writeln!(
        text,
        "\n[client.rgw.a]\nrgw_frontends = {}",
        frontends(layout, ports)
    );
    for (key, value) in plan.gateway {
        let _ = writeln!(text, "{key} = {value}");
    }
    let file = layout.ceph_conf();
    fs::write(&file, text).map_err(|error| LabError::at(&file, error))
}

fn frontends(layout: &Layout, ports: &Ports) -> String {
    let mut text = String::from("beast");
    if let Some(port) = ports.http {
        let _ = write!(text, " endpoint=127.0.0.1:{port}");
    }
    if let Some(port) = ports.https {
        let tls = layout.at("tls");
        let _ = write!(
            text,
            " ssl_endpoint=127.0.0.1:{port} ssl_certificate={0}/server.pem ssl_private_key={0}/server.key",
            tls.display()
        );
    }
    text
}
