//! What facts mean: one control, one file.
