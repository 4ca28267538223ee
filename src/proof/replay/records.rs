//! Each record on its own, and in its place: form, order of time, and event 0. That an id is there once is for
//! the [rules](super::rules), which know all ids.

use jejak_events::record::{Event, RecordError};
use jejak_events::time::RecordedTime;
use jejak_events::types::{EventType, RegistryOpened};

use super::Check;

/// What was seen of the records so far.
#[derive(Debug)]
pub struct Records {
    form: Check,
    order: Check,
    last_recorded: Option<RecordedTime>,
}

impl Default for Records {
    fn default() -> Self {
        Self {
            form: Check::new("records", "peristiwa", "events"),
            order: Check::new("order", "peristiwa", "events"),
            last_recorded: None,
        }
    }
}

impl Records {
    /// Recorded time of the last record that could be read.
    #[must_use]
    pub fn last_recorded(&self) -> Option<RecordedTime> {
        self.last_recorded
    }

    /// Takes in the next record, as [`Event::parse`] read it; answers with the event where it is one.
    pub fn take(&mut self, index: u64, read: Result<Event, RecordError>) -> Option<Event> {
        self.form.checked += 1;
        let event = match read {
            Ok(event) => event,
            Err(error) => {
                let message = &error.0.message;
                self.form.problem(
                    format!("peristiwa {index}: {}", message.id),
                    format!("event {index}: {}", message.en),
                );
                return None;
            }
        };
        self.order.checked += 1;
        if let Some(last) = self.last_recorded.filter(|last| event.recorded < *last) {
            let recorded = event.recorded;
            self.order.problem(
                format!("peristiwa {index} dicatat {recorded}, sebelum pendahulunya {last}"),
                format!("event {index} was recorded at {recorded}, before the one ahead of it at {last}"),
            );
        }
        self.last_recorded = Some(event.recorded);
        if (index == 0) != RegistryOpened::of(&event.draft.data).is_some() {
            self.order.problem(
                format!("peristiwa {index}: registry.opened hanya boleh pada indeks 0, dan harus di sana"),
                format!("event {index}: registry.opened stands at index 0 and nowhere else"),
            );
        }
        Some(event)
    }

    /// What was found: the form of the records, and their order.
    #[must_use]
    pub fn finish(self) -> [Check; 2] {
        [self.form, self.order]
    }
}
