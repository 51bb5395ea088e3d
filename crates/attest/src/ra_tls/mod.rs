//! RA-TLS: certificates that carry evidence made for their own key.

mod appraise;
mod binding;
mod evidence;

pub use appraise::appraise;
pub use binding::bind;
pub use evidence::{Binding, Form, Malformed, Presented, presented};
