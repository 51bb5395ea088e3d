//! What the user's own policy asks beyond what Wardline asks of everyone.

use model::Fact;

/// The section `[policy]` of `.wardline.toml`, as a fact that controls read. No such fact, or an empty one, asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The least length of AES keys in bits: 128, 192 or 256. Catalogue rule 6: a shorter key is a finding only where the
    /// policy asks for more.
    pub aes_bits: Option<u16>,
    /// Paths, in HDFS or in object stores, whose data must be protected at rest. A path stands for everything beneath it.
    pub sensitive_paths: Vec<Box<str>>,
}

impl Fact for Policy {}
