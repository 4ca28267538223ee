//! Which version of the rules judges which event.
//!
//! Event 0 names the first version; `registry.rules_adopted` names the one for every index after its
//! own. An audit in ten years must judge each event by the rules of its day, so this is a question of
//! the log alone.

use crate::types::{Constitution, Data};

/// The versions adopted so far, by the index of the event that adopted them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesTimeline {
    adopted: Vec<(u64, u32)>,
}

impl RulesTimeline {
    /// A timeline that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in an event; events must come in the order of the log. Only those of the registry's own
    /// stream matter, and none of them can be corrected or retracted.
    pub fn observe(&mut self, index: u64, data: &Data) {
        match data.constitution() {
            Some(Constitution::Opened(opened)) => self.adopted.push((index, opened.rules.get())),
            Some(Constitution::Rules(adopted)) => self.adopted.push((index, adopted.rules.get())),
            Some(Constitution::Key(_)) | None => {}
        }
    }

    /// The version that judges the event at an index: the latest adopted before it. `None` for event 0,
    /// which no rules judge.
    #[must_use]
    pub fn at(&self, index: u64) -> Option<u32> {
        let before = self.adopted.partition_point(|(adopted, _)| *adopted < index);
        before.checked_sub(1).map(|last| self.adopted[last].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::RulesAdopted;
    use crate::values::Version;

    #[test]
    fn an_event_is_judged_by_the_rules_before_it() {
        let adopt = |version| {
            let rules = Version::new(version).unwrap();
            Data::from(RulesAdopted { rules, basis: None, evidence: None, imported_from: None, sealed: None })
        };
        let mut timeline = RulesTimeline::new();
        timeline.observe(0, &adopt(1));
        timeline.observe(7, &adopt(2));
        assert_eq!(
            [0, 1, 7, 8, 100].map(|index| timeline.at(index)),
            [None, Some(1), Some(1), Some(2), Some(2)]
        );
    }
}
