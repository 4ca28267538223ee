//! What was checked, and what does not hold.

use jejak_events::fault::Message;
use schemars::JsonSchema;
use serde::Serialize;

/// Problems listed for each part; more are only counted.
const LISTED_PROBLEMS: usize = 20;

/// One part that was checked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Check {
    /// Stable name of the part.
    #[schemars(with = "jejak_events::schema::texts::Word")]
    pub part: &'static str,
    /// How many things were checked.
    pub checked: u64,
    /// What these things are, in both languages.
    pub of: Message,
    /// What does not hold, the first twenty; empty when the part is sound.
    pub problems: Vec<Message>,
    /// How many things do not hold.
    pub problem_count: u64,
    /// What is worth knowing and no problem.
    pub notes: Vec<Message>,
}

impl Check {
    /// A part of which nothing was checked yet.
    #[must_use]
    pub fn new(part: &'static str, id: &str, en: &str) -> Self {
        Self {
            part,
            checked: 0,
            of: Message::new(id, en),
            problems: Vec::new(),
            problem_count: 0,
            notes: Vec::new(),
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problem_count == 0
    }

    /// Notes what does not hold.
    pub fn problem(&mut self, id: impl Into<String>, en: impl Into<String>) {
        self.problem_count += 1;
        if self.problems.len() < LISTED_PROBLEMS {
            self.problems.push(Message::new(id, en));
        }
    }

    /// Notes what is worth knowing.
    pub fn note(&mut self, id: impl Into<String>, en: impl Into<String>) {
        self.notes.push(Message::new(id, en));
    }

    /// A problem that another module put into English words only.
    pub fn told(&mut self, id: &str, en: &str, what: impl std::fmt::Display) {
        let Message { id: what_id, en: what_en } = Message::of_error(what);
        self.problem(format!("{id}: {what_id}"), format!("{en}: {what_en}"));
    }

    /// Hands over everything that it says.
    #[cfg(test)]
    pub(crate) fn heard(&self, said: &mut crate::said::Said) {
        said.once(&format!("part {}", self.part), self.of.clone());
        self.problems.iter().chain(&self.notes).for_each(|one| said.worded(one.clone()));
    }
}
