//! How each product resolves its settings: defaults by version, aliases, precedence.
