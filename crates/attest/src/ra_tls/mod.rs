//! RA-TLS: certificates that carry evidence made for their own key.

mod binding;
mod evidence;

pub use binding::bind;
pub use evidence::{Binding, Form, Malformed, Presented, presented};
