//! The rules of the engine, each tried with hand-made estates and controls.

extern crate wardline_audit as audit;

mod findings;
mod merging;
mod selecting;
mod support;
mod waivers;
