//! Bundles of a log with releases that say something else than the events before them.

use super::Rows;
use super::draft::{Asking, Draft, Operator, TODAY};
use crate::cheating::released::{altered, two_releases};

pub fn add(rows: &mut Rows) {
    let operator = Operator::of(two_releases());
    let honest = operator.honest(Asking::View("registered", TODAY));
    let draft = Draft::of(&honest);
    let mut add = |who: &str, name: &str, trick: &str, answer: &str, bytes| {
        rows.add(who, name, trick, answer, bytes).policy = Some(operator.policy());
    };
    add("nobody", "honest-releases", "an honest bundle of a log with two releases", "", honest);
    for (name, trick, answer, entries) in altered(&operator.entries) {
        let mut draft = draft.clone();
        operator.count_anew(&mut draft, &entries);
        let trick = format!("{trick}, everything signed and counted anew");
        add("operator", name, &trick, answer, operator.packed(&draft));
    }
}
