//! The daemons of a cluster of one, and its tools.

use super::configuration::{Layout, Ports, random_uuid};
use crate::command::{self, Said};
use crate::packages::Need;
use crate::process::Process;
use crate::{LabError, Result, wait};
use serde_json::Value;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// The monitor.
pub(super) const MON: Need = Need {
    program: "ceph-mon",
    package: "ceph-mon",
};
/// The manager.
pub(super) const MGR: Need = Need {
    program: "ceph-mgr",
    package: "ceph-mgr",
};
/// The daemon of one disk.
pub(super) const OSD: Need = Need {
    program: "ceph-osd",
    package: "ceph-osd",
};
/// The administrator's client.
pub(super) const CEPH: Need = Need {
    program: "ceph",
    package: "ceph-common",
};
/// The client of objects.
pub(super) const RADOS: Need = Need {
    program: "rados",
    package: "ceph-common",
};
const AUTHTOOL: Need = Need {
    program: "ceph-authtool",
    package: "ceph-common",
};
const MONMAPTOOL: Need = Need {
    program: "monmaptool",
    package: "ceph-common",
};

/// How long a step may take on a busy machine.
pub(super) const LIMIT: Duration = Duration::from_secs(120);

/// The pool of the lab; its name occurs nowhere else.
pub(super) const POOL: &str = "wardline-lab-dummy-pool";
/// The object in it.
pub(super) const OBJECT: &str = "marker";
/// What the object says.
pub(super) const MARKER: &str = "wardline-lab-dummy-rados-object";

/// Every entity with a key and what it may do: as the installation guide gives it.
const ENTITIES: [(&str, &[&str]); 5] = [
    ("mon.", &["mon", "allow *"]),
    (
        "client.admin",
        &[
            "mon", "allow *", "osd", "allow *", "mds", "allow *", "mgr", "allow *",
        ],
    ),
    (
        "mgr.x",
        &[
            "mon",
            "allow profile mgr",
            "osd",
            "allow *",
            "mds",
            "allow *",
        ],
    ),
    (
        "osd.0",
        &[
            "mon",
            "allow profile osd",
            "mgr",
            "allow profile osd",
            "osd",
            "allow *",
        ],
    ),
    (
        "client.rgw.a",
        &["mon", "allow rw", "osd", "allow rwx", "mgr", "allow rw"],
    ),
];

/// What the daemons and tools of one cluster share.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) layout: Layout,
    pub(super) ports: Ports,
}

/// Where daemons listen that choose their ports themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Daemons {
    pub(super) osd_v2: Option<u16>,
    pub(super) osd_v1: Option<u16>,
    pub(super) mgr_v2: Option<u16>,
}

impl Cluster {
    /// Starts monitor, manager and OSD, in that order. The OSD may not be up yet.
    pub(super) fn start(&self) -> Result<Vec<Process>> {
        self.make_keyring()?;
        let map = self.layout.at("monmap");
        let mut make = self.tool(MONMAPTOOL)?;
        make.args(["--create", "--fsid", &self.layout.fsid, "--addv", "a"])
            .arg(self.ports.monitor())
            .arg(&map);
        command::must("monitor map", &make, LIMIT)?;
        let mut make = self.tool(MON)?;
        make.args(["--mkfs", "-i", "a", "--monmap"]).arg(&map);
        command::must("ceph-mon --mkfs", &make, LIMIT)?;
        let mut mon = self.daemon(MON, &["-i", "a"])?;
        wait::for_port(&mut mon, self.ports.mon_v2, LIMIT)?;

        let mgr = self.daemon(MGR, &["-i", "x"])?;
        // The number that the monitor is told and the one on the disk must be the same, else the OSD waits for ever.
        let uuid = random_uuid()?;
        self.ceph(&["osd", "new", &uuid, "0"])?;
        let mut make = self.tool(OSD)?;
        make.args(["-i", "0", "--mkfs", "--osd-uuid", &uuid]);
        command::must("ceph-osd --mkfs", &make, LIMIT)?;
        let osd = self.daemon(OSD, &["-i", "0"])?;
        Ok(vec![mon, mgr, osd])
    }

    /// Makes the pool and its object, which waits until the OSD is up.
    pub(super) fn fill(&self) -> Result<()> {
        self.ceph(&["osd", "pool", "create", POOL, "1"])?;
        let file = self.layout.at("scratch/marker");
        fs::write(&file, MARKER).map_err(|error| LabError::at(&file, error))?;
        let mut put = self.tool(RADOS)?;
        put.args(["--pool", POOL, "put", OBJECT]).arg(&file);
        command::must("rados put", &put, LIMIT).map(drop)
    }

    /// Where OSD and manager listen, as the monitor knows.
    pub(super) fn daemons(&self) -> Result<Daemons> {
        let osd = self.json(&["osd", "dump"])?;
        let mgr = self.json(&["mgr", "dump"])?;
        let osd = &osd["osds"][0]["public_addrs"]["addrvec"];
        Ok(Daemons {
            osd_v2: port(osd, "v2"),
            osd_v1: port(osd, "v1"),
            mgr_v2: port(&mgr["active_addrs"]["addrvec"], "v2"),
        })
    }

    /// One of Ceph's programs with the settings of this cluster.
    pub(super) fn tool(&self, program: Need) -> Result<Command> {
        let mut command = Command::new(program.path()?);
        command
            .env("CEPH_CONF", self.layout.ceph_conf())
            .env("CEPH_ARGS", self.layout.arguments(&self.ports));
        Ok(command)
    }

    /// An administrator's command, which must succeed. Returns what it said.
    pub(super) fn ceph(&self, words: &[&str]) -> Result<String> {
        let mut ceph = self.tool(CEPH)?;
        ceph.args(["--connect-timeout", "90"]).args(words);
        command::must(&format!("ceph {}", words.join(" ")), &ceph, LIMIT)
    }

    /// What a client of objects said, however it fared.
    pub(super) fn rados(&self, words: &[&str]) -> Result<Said> {
        let mut rados = self.tool(RADOS)?;
        rados.args(words);
        command::run("rados", &rados, LIMIT)
    }

    /// A daemon in the foreground; what it logs goes to its own file.
    pub(super) fn daemon(&self, program: Need, words: &[&str]) -> Result<Process> {
        let mut command = self.tool(program)?;
        command.args(words).args(["-f", "--log-to-stderr=true"]);
        let log = self.layout.at(&format!("logs/{}.log", program.program));
        Process::start(program.program, &command, &log)
    }

    fn make_keyring(&self) -> Result<()> {
        let keyring = self.layout.keyring();
        for (number, (entity, caps)) in ENTITIES.iter().enumerate() {
            let mut make = self.tool(AUTHTOOL)?;
            make.arg(&keyring).args(["--gen-key", "-n", entity]);
            if number == 0 {
                make.arg("--create-keyring");
            }
            for pair in caps.chunks(2) {
                make.arg("--cap").args(pair);
            }
            command::must("ceph-authtool", &make, LIMIT)?;
        }
        Ok(())
    }

    fn json(&self, words: &[&str]) -> Result<Value> {
        let said = self.ceph(&[words, &["--format", "json"]].concat())?;
        // Clients complain about this and that on the same output before.
        let object = said.find('{').and_then(|start| said.get(start..));
        serde_json::from_str(object.unwrap_or_default().trim())
            .map_err(|error| LabError::failed(format!("ceph {}", words.join(" ")), error))
    }
}

/// The port of the address of one protocol.
fn port(addresses: &Value, protocol: &str) -> Option<u16> {
    addresses
        .as_array()?
        .iter()
        .find(|address| address["type"] == protocol)
        .and_then(|address| address["addr"].as_str()?.rsplit(':').next()?.parse().ok())
}
