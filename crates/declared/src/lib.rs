//! Reads declared configuration files into facts.
