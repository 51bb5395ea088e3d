//! Bounds that every parser obeys, so that no input can exhaust memory, stack or time.

/// The largest text that is read: configuration is small, and larger files are data that happens to look alike.
pub const MAX_TEXT: usize = 32 << 20;

/// The deepest nesting of collections or elements. The deepest real manifests (custom resource definitions) stay under 40.
pub const MAX_DEPTH: usize = 128;

/// The most nodes of one document, so that memory stays a small multiple of [`MAX_TEXT`].
pub const MAX_NODES: usize = 4_000_000;

/// The most nodes that aliases and merge keys may add to one document: enough for any hand-written file, far below a bomb.
pub const MAX_ALIAS_NODES: usize = 200_000;

/// The most comments of one stream that the YAML scanner may buffer before the next node.
pub const MAX_COMMENTS: usize = 1_000_000;
