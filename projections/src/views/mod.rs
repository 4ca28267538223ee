//! The views: each indicator with its name, version, written definition and rule.
//!
//! A new view is one file with a [`ViewDeclaration`] and one line in [`VIEWS`]. A changed definition
//! is a new version, never an edit of one that was released. A view is a pure function of the facts
//! and the question: it must never depend on how or when the facts were put together.

mod assessed;
mod certified;
mod enrolled;
mod exhibited;
mod registered;
mod scope;
mod sessions;
mod tally;
mod trained;

use crate::answer::{Answer, FigureUnit, Words};
use crate::facts::Facts;
use crate::question::{Filter, Question, QuestionError};
use scope::Scope;
use tally::Tally;

/// A figure that a view gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureDeclaration {
    /// Its name.
    pub name: &'static str,
    /// What it counts.
    pub unit: FigureUnit,
}

/// One view in one version.
pub struct ViewDeclaration {
    /// Its name, also in questions.
    pub name: &'static str,
    /// Version of the definition.
    pub version: u32,
    /// The name in words.
    pub title: Words,
    /// What it counts, in full.
    pub definition: Words,
    /// The filters that make sense for it.
    pub filters: &'static [Filter],
    /// The figures it gives, always all of them.
    pub figures: &'static [FigureDeclaration],
    /// What the figures are broken down by, besides the area.
    pub breakdowns: &'static [&'static str],
    /// The rule: gives credit for everything that counts.
    count: fn(&Scope<'_>, &mut Tally),
}

/// All views.
pub const VIEWS: &[ViewDeclaration] = &[
    registered::REGISTERED,
    enrolled::ENROLLED,
    trained::TRAINED,
    trained::EXPORT_TRAINED,
    trained::GREEN_TRAINED,
    assessed::ASSESSED,
    certified::GREEN_CERTIFIED,
    exhibited::EXHIBITED,
    sessions::SESSIONS_HELD,
];

/// Finds a view by name.
///
/// # Errors
/// When there is none, naming those there are.
pub fn view(name: &str) -> Result<&'static ViewDeclaration, QuestionError> {
    VIEWS.iter().find(|view| view.name == name).ok_or_else(|| QuestionError::UnknownView {
        name: name.to_owned(),
        known: VIEWS.iter().map(|view| view.name).collect(),
    })
}

impl ViewDeclaration {
    /// Answers a question from the facts.
    ///
    /// # Errors
    /// When the question makes no sense for the view or reaches beyond the facts.
    pub fn answer(&self, facts: &Facts, question: &Question) -> Result<Answer, QuestionError> {
        self.check(facts, question)?;
        let scope = Scope::new(facts, question);
        let mut tally = Tally::default();
        (self.count)(&scope, &mut tally);
        let counted = tally.finish(&scope, self.figures, self.breakdowns);
        let mut answer = Answer {
            breakdowns: counted.breakdowns,
            by_area: counted.by_area,
            context: counted.context,
            definition: self.definition,
            digest: String::new(),
            figures: counted.figures,
            members: counted.members,
            question: question.clone(),
            title: self.title,
            version: self.version,
            view: self.name,
        };
        answer.digest = answer.compute_digest();
        Ok(answer)
    }

    fn check(&self, facts: &Facts, question: &Question) -> Result<(), QuestionError> {
        if let Some(filter) = question.filters().find(|filter| !self.filters.contains(filter)) {
            let possible = self.filters.iter().map(|filter| filter.name()).collect();
            return Err(QuestionError::FilterNotPossible { view: self.name, filter, possible });
        }
        if let Some(from) = question.from.filter(|from| *from > question.on) {
            return Err(QuestionError::PeriodBackward { from, on: question.on });
        }
        let size = facts.size();
        let floor = facts.floor();
        if question.as_known < floor {
            return Err(QuestionError::Consolidated { asked: question.as_known, floor });
        }
        if question.as_known > size {
            return Err(QuestionError::NotRecordedYet { asked: question.as_known, size });
        }
        Ok(())
    }
}
