//! The answer of a bundle and what goes with it, held against the log that was replayed.

use jejak_events::checkpoint::Checkpoint;
use jejak_events::moment::inside;
use jejak_events::types::RegistryOpened;
use jejak_projections::error::ReadFailure;

use super::archive::ArchiveMember;
use super::asked::{AnswerExtras, AnswerSource, Answered, Asked, BundleAnswer, place};
use super::disclosed::{self, Handed};
use super::members::BundleTexts;
use super::verify::{DisclosedEvent, add};
use super::words;
use crate::answer_json::LogPlace;
use crate::proof::replay::Check;
use crate::proof::replay::entries::Replayed;

/// Answers anew, and holds answer and definitions against that.
pub fn hold_answer(
    check: &mut Check,
    replayed: &Replayed,
    opened: &RegistryOpened,
    asked: &Asked,
    list: bool,
    texts: &BundleTexts,
) -> Option<(Answered, LogPlace)> {
    let size = asked.as_known();
    let Some(root) = replayed.roots.get(&size).filter(|_| size <= replayed.size) else {
        check.problem(
            format!("ditanya per {size} peristiwa, lebih dari yang ada"),
            format!("asked as known at {size} events, more than there are"),
        );
        return None;
    };
    if let Ok(Some(around)) = replayed.sizes_around(size) {
        let message = inside(size, &around);
        check.problem(message.id, message.en);
    }
    let place = match place(replayed, size, *root, opened.synthetic) {
        Ok(place) => place,
        Err(error) => {
            check.told("peristiwa tidak dapat dibaca", "an event cannot be read", error);
            return None;
        }
    };
    let ground = AnswerSource {
        facts: &replayed.facts,
        log: replayed,
        size: replayed.size,
        synthetic: opened.synthetic,
    };
    let answered = match asked.answer(ground, &place, list) {
        Ok(answered) => answered,
        Err(problem) => {
            add(check, problem);
            return None;
        }
    };
    check.checked = 1;
    if texts.definition != answered.definition.as_bytes() {
        check.problem(
            "definition.txt bukan definisi yang dipakai menghitung",
            "definition.txt is not the definition that was counted by",
        );
    }
    if texts.answer != answered.json {
        let place = words::first_difference(&texts.answer, &answered.json);
        check.problem(
            format!("answer.json tidak sama dengan hitungan ulang: {}", place.id),
            format!("answer.json is not what counting again gives: {}", place.en),
        );
    }
    Some((answered, place))
}

/// The README that belongs to an answer, at a checkpoint, by a program that knows the versions of views that this one
/// does.
#[must_use]
pub fn readme(stated: &Checkpoint, asked: &Asked, beside: &AnswerExtras, told: &BundleAnswer) -> String {
    readme_knowing(stated, asked, beside, told, asked.newer_version())
}

fn readme_knowing(
    stated: &Checkpoint,
    asked: &Asked,
    beside: &AnswerExtras,
    told: &BundleAnswer,
    newer_version: Option<u32>,
) -> String {
    let log = words::LogWords { origin: stated.origin(), size: stated.size(), root: stated.root() };
    words::readme(asked, told, log, beside, newer_version)
}

/// Whether the README says of the answer what is true of it: it is all that many a reader will look at.
/// Whoever made it may have known no newer version of the view that was counted by, or an earlier one.
pub fn hold_readme(
    check: &mut Check,
    readme: &[u8],
    (stated, asked, beside, told): (&Checkpoint, &Asked, &AnswerExtras, &BundleAnswer),
) {
    let own = self::readme(stated, asked, beside, told);
    let earlier = asked.view().map_or(0, |view| view.version + 1)..asked.newer_version().unwrap_or(0);
    let mut known = std::iter::once(None).chain(earlier.map(Some));
    let is_theirs = |newer| readme == readme_knowing(stated, asked, beside, told, newer).as_bytes();
    if readme != own.as_bytes() && !known.any(is_theirs) {
        let (member, place) = (ArchiveMember::Readme, words::first_other_line(readme, &own));
        check.problem(format!("{member}: {}", place.id), format!("{member}: {}", place.en));
    }
}

/// What goes with an answer, verified.
#[derive(Default)]
pub struct HeldBeside {
    /// What was disclosed of the events behind the answer.
    pub disclosed: Vec<DisclosedEvent>,
    /// Number of values among those asked for that were erased.
    pub erased: u64,
}

/// Holds what goes with the answer: disclosures.
pub fn hold_beside(
    check: &mut Check,
    replayed: &Replayed,
    asked: &Asked,
    beside: &AnswerExtras,
    answered: &Answered,
    texts: &BundleTexts,
) -> HeldBeside {
    let AnswerExtras { list, disclose } = beside;
    let member = ArchiveMember::Disclosures;
    match (texts.disclosures.is_some(), !disclose.is_empty()) {
        (true, false) => check.problem(
            format!("{member} ada di dalamnya, padahal tidak diminta"),
            format!("{member} is in it and was not asked for"),
        ),
        (false, true) => {
            check.problem(format!("{member} tidak ada"), format!("{member} is missing"));
        }
        _ => {}
    }
    let unknown = disclose.iter().find(|name| !disclosed::fields().contains(name.as_str()));
    if let Some(name) = unknown {
        check.problem(format!("tidak ada kolom tersegel {name}"), format!("there is no sealed field {name}"));
    }
    if !disclose.is_empty() && !disclosed::names_its_own(&answered.told) {
        check.problem(
            "nilai dibuka, padahal jawaban juga menyebut yang tidak dihitung",
            "values are disclosed, while the answer also names some that it does not count",
        );
    }
    if !disclose.is_empty() && !list {
        check.problem(
            "nilai dibuka tanpa menyebut siapa di balik jawaban",
            "values are disclosed without naming who is behind the answer",
        );
    }
    if !check.is_sound() {
        return HeldBeside::default();
    }
    let held = hold_sealed(check, replayed, asked, beside, answered, texts);
    held.unwrap_or_else(|error| {
        check.told("peristiwa tidak dapat dibaca", "an event cannot be read", error);
        HeldBeside::default()
    })
}

fn hold_sealed(
    check: &mut Check,
    replayed: &Replayed,
    asked: &Asked,
    AnswerExtras { disclose, .. }: &AnswerExtras,
    answered: &Answered,
    texts: &BundleTexts,
) -> Result<HeldBeside, ReadFailure> {
    let mut handed = Handed::default();
    let mut disclosed = Vec::new();
    if let Some(bytes) = &texts.disclosures {
        let indexes = disclosed::indexes(&answered.told, &replayed.facts, asked.as_known());
        let behind = disclosed::behind(indexes, replayed, disclose)?;
        handed = disclosed::hold(check, bytes, &behind, disclose, replayed);
        for one in behind {
            if let Some(values) = handed.values.get(&one.index) {
                let subject = one.event.draft.subject.to_string();
                disclosed.push(DisclosedEvent { index: one.index, subject, values: values.clone() });
            }
        }
    }
    Ok(HeldBeside { disclosed, erased: handed.erased })
}
