//! A policy that is derived from what was reviewed: builds, init data, runs.

mod evidence;
mod section;

use crate::crypto::hex;
use crate::init_data::{self, Field};
use crate::sigstruct;
use section::{Section, keyed};
use std::collections::BTreeMap;
use wire::tee::intel_sigstruct::SigStruct;

/// Collects what is to be pinned, and writes it as TOML. What is written admits nothing that was not given: sources that could
/// be mixed into something that nobody reviewed are refused.
#[derive(Debug, Default)]
pub struct Derived {
    sections: BTreeMap<&'static str, Section>,
    remarks: Vec<String>,
}

impl Derived {
    /// Pins an enclave by its signature file. `name` is where it comes from.
    ///
    /// # Errors
    ///
    /// When it is no SIGSTRUCT, or its signature does not hold: the processor would refuse the enclave.
    pub fn sigstruct(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let structure = SigStruct::parse(bytes).map_err(|error| error.to_string())?;
        if !sigstruct::is_signed(&structure) {
            return Err(
                "its signature does not hold: the file was changed, and no processor starts such an enclave"
                    .to_owned(),
            );
        }
        let mut comments = vec![
            format!("mr-signer = [\"{}\"]", hex(&sigstruct::signer(&structure))),
            format!("isv-prod-id = {}", structure.isv_prod_id),
            format!("isv-svn-min = {}", structure.isv_svn),
            "These three admit every build of the signer from this version on; they count only without mr-enclave.".to_owned(),
        ];
        if structure.allows_debug() {
            comments.push(
                "Its signer lets the host debug it: a run in debug mode is exposed, whatever is pinned here."
                    .to_owned(),
            );
        }
        let pins = vec![("mr-enclave", hex(structure.enclave_hash))];
        self.section("sgx")
            .lists(&clean(name), keyed(pins), comments)
    }

    /// Pins the init data of a confidential pod: its TOML, or the annotation's base64 of gzip.
    ///
    /// # Errors
    ///
    /// When it is neither.
    pub fn init_data(&mut self, name: &str, text: &str) -> Result<(), String> {
        let unpacked;
        let text = if text.contains("algorithm") {
            text
        } else {
            unpacked = init_data::unpack(text).map_err(|why| {
                format!("neither TOML that names an algorithm nor the annotation's base64 of gzip: {why}")
            })?;
            &unpacked
        };
        let name = clean(name);
        let digest = |field| init_data::digest(text, field).map(|digest| hex(&digest));
        let tdx = vec![("mr-config-id", digest(Field::MrConfigId)?)];
        let snp = vec![("host-data", digest(Field::HostData)?)];
        let rest = |what: &str| {
            vec![format!(
                "Init data is no code: pin {what} of the reviewed image, too, or identity stays unproven."
            )]
        };
        self.section("tdx")
            .lists(&name, keyed(tdx), rest("mr-td and rtmr0 to rtmr3"))?;
        self.section("snp")
            .lists(&name, keyed(snp), rest("measurement"))
    }

    /// The policy.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# A policy for `wardline attest verify --policy`. What is not pinned stays unproven.\n",
        );
        for remark in &self.remarks {
            text += &format!("# {remark}\n");
        }
        for (name, section) in &self.sections {
            section.write(name, &mut text);
        }
        text
    }

    /// Says something once, above all sections.
    fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    fn section(&mut self, name: &'static str) -> &mut Section {
        self.sections.entry(name).or_default()
    }
}

/// A name as a comment may hold it: on its line.
fn clean(name: &str) -> String {
    name.chars()
        .map(|character| {
            if character.is_control() {
                '?'
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
