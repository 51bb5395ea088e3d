//! Runs the binary: exit statuses, inputs, formats, configuration, wrong usage.

mod attest;
mod bad_input;
mod check;
mod configuration;
mod evidence;
mod other_verbs;
mod rendering;
mod support;
mod witness_spans;
