//! Bounds that every parser obeys, so that no input can exhaust memory, stack or time.

/// The largest text that is read, in bytes: configuration is small, and larger files are data that happens to look alike.
pub const MAX_TEXT: usize = 32 << 20;

/// The deepest nesting of collections or elements. The deepest real manifests (custom resource definitions) stay under 40.
/// Readers may recurse over a tree, since no tree is deeper, however aliases are stacked.
pub const MAX_DEPTH: usize = 128;

/// The most nodes of one text. A dump of a whole cluster as JSON has about one node per ten bytes, so this lets every
/// text of [`MAX_TEXT`] bytes through that is not made of one-byte values; memory stays a small multiple of the text.
pub const MAX_NODES: usize = 4_000_000;

/// The most nodes that anchors, aliases and merge keys may copy within one document: enough for any hand-written file,
/// far below a bomb.
pub const MAX_ALIAS_NODES: usize = 200_000;

/// The most comment lines in a row that the YAML scanner buffers before the next node. Its own bound of 96 refuses
/// documented value files; this one lets every real file through.
pub const MAX_COMMENTS: usize = 1_000_000;

/// The most errors that are kept of one text. A text with more broken documents is not configuration.
pub const MAX_ERRORS: usize = 1_000;

/// The most attributes of one XML element. The XML reader compares them pairwise; configuration has a handful.
pub const MAX_ATTRIBUTES: usize = 64;

/// The most XML namespaces in scope of one element. The XML reader copies them for every element that adds one.
pub const MAX_NAMESPACES: usize = 32;
