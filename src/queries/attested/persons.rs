//! Sex and age of the persons behind a figure, or of the owners of its IKMs, from what their registrations seal.
//!
//! What counts is what the person's own stream says by the day asked for, in the state of knowledge asked for; of several
//! events that say it the latest. Whoever a merge left speaks for those merged into it.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::identity::Subject;
use jejak_events::proposal::sealed_by;
use jejak_events::sealed::Group;
use jejak_events::values::Date;
use jejak_projections::answer::{Answer, Member};
use jejak_projections::error::ReadFailure;
use jejak_projections::lineage::Content;
use jejak_projections::views::{AttestedDeclaration, PersonTrait, Persons, ViewDeclaration};
use serde_json::Value;

use super::{FEWEST_IKMS, withhold_what_gives_away};
use crate::answer_json::{AreaPart, Attested, Part, Told};
use crate::readmodel::Snapshot;
use crate::registry::Look;

/// What somebody's registration says of them.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Value(Value),
    /// No event says it.
    Nothing,
    Erased,
}

/// The persons that the attested figures of a view are about, by the member that they stand for: it is the person, or
/// the IKM whose owner the person is.
///
/// # Errors
/// When an event cannot be read.
pub(super) fn asked_about(
    view: &ViewDeclaration,
    answer: &Answer,
    snapshot: &Snapshot,
) -> Result<BTreeMap<String, Subject>, ReadFailure> {
    let mut persons = BTreeMap::new();
    for of in view.attested.iter().filter_map(|declared| declared.rule.persons()) {
        for member in counted(answer, of) {
            let Some(subject) = member.who.subject() else { continue };
            let person = match subject {
                Subject::Person(_) => Some(subject),
                Subject::Ikm(_) => owner(snapshot, answer, subject)?,
                _ => None,
            };
            persons.extend(person.map(|person| (member.who.to_string(), person)));
        }
    }
    Ok(persons)
}

/// The members that a figure is about.
fn counted(answer: &Answer, of: Persons) -> impl Iterator<Item = &Member> {
    let kind = if of.owners { "ikm" } else { "person" };
    let is_meant = move |member: &&Member| {
        member.figures.contains(&of.figure)
            && member.who.subject().is_some_and(|subject| subject.kind().name() == kind)
    };
    answer.members.iter().filter(is_meant)
}

/// The events of a stream that are in force for an answer, each with its day, by day and place in the log.
fn in_force(
    snapshot: &Snapshot,
    answer: &Answer,
    subject: Subject,
) -> Result<Vec<(Date, u64, u64)>, ReadFailure> {
    let question = &answer.question;
    let lineage = snapshot.lineage().at(question.as_known);
    let mut events = Vec::new();
    for index in snapshot.history(subject).into_iter().filter(|index| *index < question.as_known) {
        // A correction speaks where its original stands.
        let Some(effective) = lineage.effective(index).filter(|_| lineage.original_of(index).is_none())
        else {
            continue;
        };
        let event = snapshot.event(effective)?;
        let content = Content::of(&event);
        let day = content.time().date();
        if content.subject() == subject && day <= question.on {
            events.push((day, index, effective));
        }
    }
    events.sort_unstable();
    Ok(events)
}

/// The person who owns an IKM, where one is recorded.
fn owner(snapshot: &Snapshot, answer: &Answer, ikm: Subject) -> Result<Option<Subject>, ReadFailure> {
    for (_, _, effective) in in_force(snapshot, answer, ikm)?.into_iter().rev() {
        let event = snapshot.event(effective)?;
        let said = Content::of(&event).data().to_object();
        let owner = said.get("owner").and_then(Value::as_str);
        if let Some(Ok(owner)) = owner.map(|owner| Subject::parse(&format!("person/{owner}"))) {
            return Ok(Some(owner));
        }
    }
    Ok(None)
}

/// What each of them says in the fields that the figures of a view rest on.
#[derive(Default)]
pub(super) struct PersonReadings(BTreeMap<String, BTreeMap<&'static str, Said>>);

impl PersonReadings {
    /// Reads it, under a look at all of them.
    ///
    /// # Errors
    /// When the look does not cover somebody, or an event or the vault cannot be read.
    pub(super) fn read(
        view: &ViewDeclaration,
        answer: &Answer,
        (snapshot, look): (&Snapshot, &Look),
    ) -> Result<Self, ReadFailure> {
        let mut readings = BTreeMap::new();
        let rules = || view.attested.iter().filter(|declared| declared.rule.persons().is_some());
        let fields: BTreeSet<&'static str> = rules().flat_map(|declared| declared.rule.fields()).collect();
        for (member, person) in asked_about(view, answer, snapshot)? {
            let mut said: BTreeMap<&'static str, Said> =
                fields.iter().map(|field| (*field, Said::Nothing)).collect();
            for (_, _, effective) in in_force(snapshot, answer, person)? {
                let event = snapshot.event(effective)?;
                let (sealed_for, declared) = sealed_by(&event);
                let seals = |field: &&&str| declared.iter().any(|sealed| sealed.name == **field);
                if sealed_for != person || !fields.iter().any(|field| seals(&field)) {
                    continue;
                }
                let values = snapshot.sealed_of(look, effective, &event, &[Group::Personal])?;
                for field in fields.iter().filter(seals) {
                    match values.get(*field) {
                        None => drop(said.insert(field, Said::Erased)),
                        Some(Value::Null) => {}
                        Some(value) => drop(said.insert(field, Said::Value(value.clone()))),
                    }
                }
            }
            readings.insert(member, said);
        }
        Ok(Self(readings))
    }

    /// One figure: how many have a trait, of those who say whether they do.
    pub(super) fn figure(
        &self,
        declared: &AttestedDeclaration,
        (of, wanted): (Persons, PersonTrait),
        answer: &Answer,
    ) -> Attested {
        let field = wanted.field();
        let said = |member: &Member| {
            let readings = self.0.get(&member.who.to_string());
            match readings.and_then(|readings| readings.get(field)) {
                Some(Said::Value(value)) => {
                    has(wanted, value, answer.question.on).map_or(Telling::Nothing, Telling::Whether)
                }
                Some(Said::Erased) => Telling::Erased,
                Some(Said::Nothing) | None => Telling::Nothing,
            }
        };
        let mut areas: BTreeMap<_, Vec<&Member>> = BTreeMap::new();
        counted(answer, of).for_each(|member| areas.entry(member.area).or_default().push(member));
        let total = part(counted(answer, of).map(&said));
        let parts = areas
            .into_iter()
            .map(|(area, members)| AreaPart { area, part: part(members.into_iter().map(&said)) });
        let mut by_area: Vec<AreaPart> = parts.collect();
        withhold_what_gives_away(&mut by_area);
        let AttestedDeclaration { name, title, .. } = *declared;
        Attested { name, title, is_change: false, total, by_area, by_program: Vec::new() }
    }
}

/// Whether somebody has a trait, as far as it can be told.
enum Telling {
    Whether(bool),
    Nothing,
    Erased,
}

/// How many have it, of those of whom it can be told.
fn part(told: impl Iterator<Item = Telling>) -> Part {
    let (mut value, mut seen, mut unseen, mut erased) = (0_i64, 0_u64, 0, 0);
    for telling in told {
        match telling {
            Telling::Whether(has) => (value, seen) = (value + i64::from(has), seen + 1),
            Telling::Nothing => unseen += 1,
            Telling::Erased => erased += 1,
        }
    }
    let of = |count: i64| match seen {
        0 => Told::None,
        _ if seen < FEWEST_IKMS as u64 => Told::Withheld,
        _ => Told::Value(count),
    };
    Part { value: of(value), whole: Some(of(seen.cast_signed())), seen, unseen, erased, ikms: seen }
}

/// Whether somebody has a trait on a day, by what is said of them; `None` where it cannot be read.
fn has(wanted: PersonTrait, value: &Value, on: Date) -> Option<bool> {
    match wanted {
        PersonTrait::Woman => value.as_str().map(|sex| sex == "P"),
        PersonTrait::Aged { from, to } => {
            let age = i64::from(on.year()) - value.as_i64()?;
            Some(from.is_none_or(|from| age >= i64::from(from)) && to.is_none_or(|to| age <= i64::from(to)))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_age_is_the_one_reached_in_the_year_of_the_day() {
        let aged = |from, to, born: i64| {
            has(PersonTrait::Aged { from, to }, &json!(born), Date::parse("2026-06-30").unwrap())
        };
        assert_eq!([aged(None, Some(34), 1992), aged(None, Some(34), 1991)], [Some(true), Some(false)]);
        let middle = [1966, 1965, 1991, 1992].map(|born| aged(Some(35), Some(60), born));
        assert_eq!(middle, [Some(true), Some(false), Some(true), Some(false)]);
        assert_eq!([aged(Some(61), None, 1965), aged(Some(61), None, 1966)], [Some(true), Some(false)]);
        let woman = |sex: Value| has(PersonTrait::Woman, &sex, Date::parse("2026-06-30").unwrap());
        assert_eq!([woman(json!("P")), woman(json!("L")), woman(json!(1))], [Some(true), Some(false), None]);
    }

    #[test]
    fn of_fewer_than_three_who_say_it_nothing_is_told() {
        let told = |whether: &[bool]| {
            let said = whether.iter().map(|has| Telling::Whether(*has));
            part(said.chain([Telling::Nothing, Telling::Erased, Telling::Erased]))
        };
        let three = told(&[true, false, true]);
        let expected = Part {
            value: Told::Value(2),
            whole: Some(Told::Value(3)),
            seen: 3,
            unseen: 1,
            erased: 2,
            ikms: 3,
        };
        assert_eq!(three, expected);
        assert_eq!((told(&[true, true]).value, told(&[true]).whole), (Told::Withheld, Some(Told::Withheld)));
        assert_eq!(told(&[]).value, Told::None);
    }
}
