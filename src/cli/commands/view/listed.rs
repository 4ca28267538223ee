//! What is told of the members of an answer: sealed values under a look that is noted first, titles, and reasons.

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;
use jejak_events::identity::Subject;
use jejak_projections::answer::Answer;

use super::noted::Looking;
use crate::cli::{Context, Format};
use crate::queries::names::{self, Names, SealedColumns, Titles};
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;
use crate::tables::view::Behind;

/// A sealed value that a list can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum ListColumn {
    /// What somebody is called.
    Name,
    /// The business number of an IKM.
    Nib,
    /// The phone number of a person, or of the owner of an IKM.
    Phone,
    /// The village of an IKM.
    Village,
}

impl ListColumn {
    /// The sealed field.
    fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Nib => "nib",
            Self::Phone => "phone",
            Self::Village => "village",
        }
    }
}

/// What is told of members.
pub struct Listed {
    columns: Option<SealedColumns>,
    names: Option<Names>,
    reasons: BTreeMap<String, String>,
    /// Titles of what the answer names.
    titles: Titles,
}

impl Listed {
    /// Looks up what was asked for of an answer: these columns, where somebody looks, and where it
    /// is `listed`, titles and reasons of its members.
    ///
    /// # Errors
    /// When the look cannot be noted (then nothing is read), or vault or log cannot be read.
    pub fn gather(
        context: &Context,
        snapshot: &Snapshot,
        looking: Option<Looking<'_>>,
        (answer, is_listed, columns): (&Answer, bool, &[ListColumn]),
    ) -> Result<Self, RegistryError> {
        let fields: BTreeSet<ListColumn> = columns.iter().copied().collect();
        let fields: Vec<&'static str> = fields.into_iter().map(ListColumn::field).collect();
        let looking = looking.filter(|_| !fields.is_empty());
        let columns = looking.map(|looking| look_up(snapshot, looking, answer, &fields));
        let columns = columns.transpose()?;
        let named = columns.as_ref().filter(|_| fields.contains(&"name"));
        let reasons = if is_listed { names::reasons(snapshot, answer)? } else { BTreeMap::new() };
        let titles = match context.format() {
            Format::Table | Format::Json => names::titles(snapshot, answer, is_listed)?,
            Format::Csv => Titles::default(),
        };
        Ok(Self { names: named.map(names_of), columns, reasons, titles })
    }

    /// All of it, with names that were looked up apart.
    pub fn behind<'a>(&'a self, names: Option<&'a Names>) -> Behind<'a> {
        Behind {
            names: names.or(self.names.as_ref()),
            titles: &self.titles,
            columns: self.columns.as_ref(),
            reasons: &self.reasons,
        }
    }
}

/// Sealed values of the IKMs and persons among the members, under a look that names the fields.
fn look_up(
    snapshot: &Snapshot,
    looking: Looking<'_>,
    answer: &Answer,
    fields: &[&'static str],
) -> Result<SealedColumns, RegistryError> {
    let mut who = names::named(answer.members.iter().map(|member| member.who));
    who.retain(|subject| matches!(subject, Subject::Ikm(_) | Subject::Person(_)));
    let owners = match fields.contains(&"phone") {
        true => names::owners(snapshot, &who)?,
        false => BTreeMap::new(),
    };
    let looked_at: BTreeSet<Subject> = who.iter().chain(owners.values()).copied().collect();
    let looked_at: Vec<Subject> = looked_at.into_iter().collect();
    let look = looking.look(&format!("--list --columns {}", fields.join(",")), &looked_at)?;
    Ok(names::look_up_columns(snapshot, &look, (&who, &owners), fields)?)
}

fn names_of(columns: &SealedColumns) -> Names {
    columns.iter().map(|(who, values)| (who.clone(), values.get("name").cloned().flatten())).collect()
}
