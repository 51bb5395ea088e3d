//! How each product resolves its settings: known keys and defaults by release, aliases, precedence, variables.
//! Pure functions over texts that somebody else read; no I/O.

pub mod compose;
pub mod effective;
pub mod hadoop;
pub mod host_path;
pub mod init_data;
pub mod kerberos;
pub mod key_strength;
mod known_keys;
pub mod kubernetes;
pub mod script;
pub mod secret_names;
pub mod spark;
pub mod tee;
pub mod unit;

pub use effective::{Effective, Flag, Loser, Origin};
