//! A question as one types it, for the access log: who reads it later sees what a look was narrowed to. Two sums of which
//! one leaves out an IKM tell that IKM's figure, which no single look shows.

use jejak_events::identity::{Actor, Subject};
use jejak_projections::answer::Who;
use jejak_projections::question::{Question, scale_text};

use crate::queries::names::{self, Names};
use crate::readmodel::Snapshot;
use crate::registry::{Look, Registry, RegistryError};

/// Somebody who looks at what is sealed behind the answer to a question.
#[derive(Clone, Copy)]
pub struct Looking<'a> {
    /// What notes the look.
    pub registry: &'a Registry,
    /// Who looks.
    pub actor: &'a Actor,
    /// The view or figure as it was typed, and its version where one was.
    pub typed: (&'a str, Option<u32>),
    /// The question.
    pub question: &'a Question,
}

impl Looking<'_> {
    /// Notes a look at these by some flags, with the question, and gives the pass.
    ///
    /// # Errors
    /// When it cannot be noted; then there is no pass.
    pub fn look(&self, by: &str, subjects: &[Subject]) -> Result<Look, RegistryError> {
        let (name, version) = self.typed;
        let version = version.map(|version| format!(" --version {version}")).unwrap_or_default();
        let purpose = format!("view {name} {by}{version}{}", flags(self.question));
        self.registry.look(self.actor, &purpose, subjects)
    }

    /// The names of the IKMs and persons among some members.
    ///
    /// # Errors
    /// When the look cannot be noted (then nothing is read), or vault or log cannot be read.
    pub fn names(
        &self,
        snapshot: &Snapshot,
        by: &str,
        members: &mut dyn Iterator<Item = Who>,
    ) -> Result<Names, RegistryError> {
        let who = names::named(members);
        let look = self.look(&format!("{by} --names"), &who)?;
        Ok(names::look_up(snapshot, &look, &who)?)
    }
}

/// The flags that ask a question, its day and what is known included, each after a space.
#[must_use]
pub fn flags(question: &Question) -> String {
    let Question { area, area_of, as_known, from, funding, on, only, program, scale, theme } = question;
    let filters = [
        ("area", area.map(|area| area.to_string())),
        ("area-of", area_of.map(|of| of.name().to_owned())),
        ("program", program.map(|program| program.to_string())),
        ("theme", theme.as_ref().map(ToString::to_string)),
        ("scale", scale.map(scale_text)),
        ("funding", funding.as_ref().map(ToString::to_string)),
        ("only", only.as_ref().map(ToString::to_string)),
        ("from", from.map(|from| from.to_string())),
        ("on", Some(on.to_string())),
        ("as-known", Some(as_known.to_string())),
    ];
    let flag = |(name, value): (&str, Option<String>)| Some(format!(" --{name} {}", word(&value?)));
    filters.into_iter().filter_map(flag).collect()
}

/// A word as a shell reads it.
fn word(text: &str) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_.:/=".contains(char);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use jejak_events::area::AreaCode;
    use jejak_events::identity::ProgramId;
    use jejak_events::values::{Code, Date};
    use jejak_projections::question::{AreaOf, OnlyRow, scale};

    use super::*;

    #[test]
    fn a_question_is_noted_with_all_that_narrows_it() {
        let day = |text| Date::parse(text).unwrap();
        let whole = Question::new(day("2026-06-30"), 1144);
        assert_eq!(flags(&whole), " --on 2026-06-30 --as-known 1144");
        let only = |by, key| Question { only: Some(OnlyRow::new(by, key).unwrap()), ..whole.clone() };
        let id = "431fed63-13bc-4aac-9bc5-12dbc8a44d7f";
        let narrowed = Question {
            area: Some(AreaCode::parse("33.75").unwrap()),
            area_of: Some(AreaOf::Ikm),
            from: Some(day("2026-01-01")),
            funding: Some(Code::parse("apbd_kota").unwrap()),
            program: Some(ProgramId::parse(id).unwrap()),
            scale: scale("kecil"),
            theme: Some(Code::parse("export").unwrap()),
            ..only("finding", Some("apd"))
        };
        assert_eq!(
            flags(&narrowed),
            format!(
                " --area 33.75 --area-of ikm --program {id} --theme export --scale permenperin_64_2016:kecil --funding \
                 apbd_kota --only finding=apd --from 2026-01-01 --on 2026-06-30 --as-known 1144"
            )
        );
        for (key, written) in [
            (Some("LSP Batik"), "'issuer=LSP Batik'"),
            (Some("it's"), r"'issuer=it'\''s'"),
            (None, "issuer="),
        ] {
            assert_eq!(
                flags(&only("issuer", key)),
                format!(" --only {written} --on 2026-06-30 --as-known 1144")
            );
        }
    }
}
