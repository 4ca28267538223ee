//! How an event is named on paper, in every command alike.

pub use crate::show::sentence::happened;

/// `training.attended` for `id.jejak.training.attended.v1`.
pub fn short_name(type_name: &str) -> &str {
    let name = type_name.strip_prefix("id.jejak.").unwrap_or(type_name);
    name.rsplit_once(".v").map_or(name, |(name, _)| name)
}
