//! Runs controls over facts, merges depths, applies waivers.
