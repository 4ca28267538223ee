//! How an event is named on paper, in every command alike.

use jejak_events::time::{TimePrecision, ValidTime};

/// The day it happened, as exactly as it is known.
pub fn happened(time: ValidTime) -> String {
    let text = time.to_string();
    let length = match time.precision() {
        TimePrecision::Year => "2025".len(),
        TimePrecision::Month => "2025-10".len(),
        TimePrecision::Day => "2025-10-08".len(),
        TimePrecision::Instant => text.len(),
    };
    text.get(..length).unwrap_or(&text).to_owned()
}

/// `training.attended` for `id.jejak.training.attended.v1`.
pub fn short_name(type_name: &str) -> &str {
    let name = type_name.strip_prefix("id.jejak.").unwrap_or(type_name);
    name.rsplit_once(".v").map_or(name, |(name, _)| name)
}
