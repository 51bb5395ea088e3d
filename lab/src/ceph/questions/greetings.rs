//! What daemons tell anybody, before a login.

use crate::Result;
use crate::ceph::cluster::Cluster;
use crate::ceph::messenger::{self, METHOD_CEPHX, METHOD_NONE, MODE_CRC, Offer};
use crate::truth::{Answer, Question};

const MON_V1: Question = Question {
    id: "msgr1-monitor",
    asks: "does the monitor speak the old protocol, which has no encryption?",
    causes: &[],
};
const OSD_V1: Question = Question {
    id: "msgr1-osd",
    asks: "does the OSD speak the old protocol, which has no encryption?",
    causes: &[],
};
const MON_CRC: Question = Question {
    id: "crc-offered-monitor",
    asks: "does the monitor offer connections without encryption?",
    causes: &[],
};
const OSD_CRC: Question = Question {
    id: "crc-offered-osd",
    asks: "does the OSD offer connections without encryption?",
    causes: &[],
};
const MGR_CRC: Question = Question {
    id: "crc-offered-manager",
    asks: "does the manager offer connections without encryption?",
    causes: &[],
};
const NONE: Question = Question {
    id: "none-offered",
    asks: "does a daemon offer a login without key?",
    causes: &[],
};

pub(super) fn ask(cluster: &Cluster) -> Result<Vec<Answer>> {
    let daemons = cluster.daemons()?;
    let mut answers = Vec::new();
    for (question, port) in [(MON_V1, cluster.ports.mon_v1), (OSD_V1, daemons.osd_v1)] {
        let banner = match port {
            Some(port) => messenger::v1_banner(port)?,
            None => None,
        };
        answers.push(match banner {
            Some(_) => question.answered(true, "ceph v027"),
            None => question.answered(false, "no such address"),
        });
    }
    let mut offers = Vec::new();
    for (question, port) in [
        (MON_CRC, Some(cluster.ports.mon_v2)),
        (OSD_CRC, daemons.osd_v2),
        (MGR_CRC, daemons.mgr_v2),
    ] {
        let offer = match port {
            Some(port) => messenger::greet(port)?.offer(),
            None => None,
        };
        let offers_crc = offer
            .as_ref()
            .is_some_and(|offer| offer.modes.contains(&MODE_CRC));
        answers.push(question.answered(offers_crc, shown(offer.as_ref())));
        offers.extend(offer);
    }
    let without_key = offers
        .iter()
        .any(|offer| offer.methods.contains(&METHOD_NONE));
    answers.push(NONE.answered(without_key, shown(offers.first())));
    Ok(answers)
}

fn shown(offer: Option<&Offer>) -> String {
    let Some(offer) = offer else {
        return "no answer".to_owned();
    };
    let method = |method: &u32| match *method {
        METHOD_NONE => "none",
        METHOD_CEPHX => "cephx",
        _ => "other",
    };
    let mode = |mode: &u32| if *mode == MODE_CRC { "crc" } else { "secure" };
    let methods: Vec<&str> = offer.methods.iter().map(method).collect();
    let modes: Vec<&str> = offer.modes.iter().map(mode).collect();
    format!("methods {}; modes {}", methods.join(", "), modes.join(", "))
}
