//! One function for each type of event, one refusal for each rule.

use std::collections::BTreeSet;

use jejak_events::constitution;
use jejak_events::fault::Refusal;
use jejak_events::identity::{IkmId, PersonId, ProgramId, SentraId, Subject};
use jejak_events::types::{
    Data, EventCorrected, EventRetracted, FundingStage, KeyIntroduced, RegistryOpened, RulesAdopted,
};
use jejak_events::values::{Date, Year};

use super::state::{
    EventContent, FactsInForce, IkmStep, ProgramOpening, Put, SentraStep, State, restrict_nothing,
};
use super::timeline::Moment;

/// Refuses with a rule, a field and the sentence in both languages.
macro_rules! refuse {
    ($rule:literal, $field:literal, $id:literal, $en:literal) => {
        return Err(Refusal::new($rule, format!($id), format!($en)).at($field))
    };
}

mod area;
mod certificate;
mod claim;
mod enrolment;
mod erasure;
mod exhibition;
mod ikm;
mod person;
mod program;
mod sealed;
mod sentra;
mod target;

pub(crate) use area::FEWEST_TOLD_IKMS;
pub(super) use area::aimed_at;
pub use erasure::merged_with_erased;
pub(super) use program::spending;
pub use sealed::{are_held_together, judge_sealed};
pub(super) use sentra::funding;

type Judgement = Result<(), Refusal>;

/// Judges the content of the original event at `index` against all other contents in force.
///
/// The state must not hold the content itself.
///
/// # Errors
/// The first rule that says no.
pub fn judge(state: &State, index: u64, content: EventContent<'_>) -> Judgement {
    let at = Moment { date: content.time.date(), index };
    match content.data {
        Data::IkmRegistered(data) => ikm::registered(state, at, of(content)?, data),
        Data::IkmProfileChanged(_) => ikm::profile_changed(state, at, of(content)?, content),
        Data::WorkforceReported(data) => ikm::reported(state, at, of(content)?, &data.period),
        Data::TurnoverReported(data) => ikm::reported(state, at, of(content)?, &data.period),
        Data::ShipmentReported(_) | Data::IkmFacilityAdded(_) => active_ikm(state, at, of(content)?),
        Data::IkmClosed(_) => ikm::closed(state, at, of(content)?),
        Data::IkmReopened(_) => ikm::reopened(state, at, of(content)?),
        Data::IkmMerged(data) => ikm::merged(state, at, of(content)?, data),
        Data::IkmErasureRequested(_) => erasure::requested(state, at, Subject::Ikm(of(content)?)),
        Data::IkmErased(_) => erasure::erased(state, Subject::Ikm(of(content)?)),
        Data::EnrolmentMade(data) => enrolment::made(state, at, of(content)?, data),
        Data::EnrolmentWaitlisted(data) => enrolment::waitlisted(state, at, of(content)?, data),
        Data::EnrolmentPromoted(data) => enrolment::promoted(state, at, of(content)?, data),
        Data::EnrolmentWithdrawn(data) => enrolment::withdrawn(state, at, of(content)?, data),
        Data::TrainingAttended(data) => enrolment::attended(state, at, of(content)?, data),
        Data::MentoringVisited(data) => {
            known_program(state, at, data.program, "data.program")?;
            active_ikm(state, at, of(content)?)
        }
        Data::AssessmentRecorded(data) => ikm::assessed(state, at, of(content)?, data),
        Data::ExhibitionJoined(data) => exhibition::joined(state, at, of(content)?, data),
        Data::SentraMemberJoined(data) => sentra::member_joined(state, at, of(content)?, data),
        Data::SentraMemberLeft(data) => sentra::member_left(state, at, of(content)?, data),
        Data::PersonRegistered(data) => person::registered(state, at, of(content)?, data),
        Data::PersonProfileChanged(data) => person::profile_changed(state, at, of(content)?, data),
        Data::PersonMerged(data) => person::merged(state, at, of(content)?, data),
        Data::PersonErasureRequested(_) => erasure::requested(state, at, Subject::Person(of(content)?)),
        Data::PersonErased(_) => erasure::erased(state, Subject::Person(of(content)?)),
        Data::ProgramOpened(data) => program::opened(state, at, of(content)?, data),
        Data::ProgramClosed(_) => program::closed(state, at, of(content)?),
        Data::SessionScheduled(data) => program::session_scheduled(state, at, of(content)?, data),
        Data::SessionRescheduled(data) => program::session_rescheduled(state, at, of(content)?, data),
        Data::SessionCancelled(data) => program::session_cancelled(state, at, of(content)?, data),
        Data::SpendingReported(data) => program::spending_reported(state, at, of(content)?, data),
        Data::CertificateIssued(data) => certificate::issued(state, at, of(content)?, data),
        Data::CertificateSuspended(_) => certificate::suspended(state, at, of(content)?),
        Data::CertificateReinstated(_) => certificate::reinstated(state, at, of(content)?),
        Data::CertificateRenewed(data) => certificate::renewed(state, at, of(content)?, data),
        Data::CertificateRevoked(_) => certificate::revoked(state, at, of(content)?),
        Data::ExhibitionAnnounced(data) => exhibition::announced(state, of(content)?, data),
        Data::SentraPlanned(_) => sentra::planned(state, of(content)?),
        Data::SentraBuilt(_) => sentra::built(state, at, of(content)?),
        Data::SentraOpened(_) => sentra::opened(state, at, of(content)?),
        Data::SentraFunded(data) => sentra::funded(state, at, of(content)?, data),
        Data::SentraFacilityAdded(_) | Data::SentraLegalFormRecorded(_) => {
            known_sentra(state, at, of(content)?, "subject")
        }
        Data::PopulationReported(data) => area::population_reported(data),
        Data::CoverageDeclared(data) => area::coverage_declared(state, at, data),
        Data::TargetSet(data) => area::target_set(at, data),
        Data::FiguresReleased(data) => area::figures_released(at, data),
        Data::RulesAdopted(data) => rules_adopted(state, data),
        Data::KeyIntroduced(data) => key_introduced(state, data),
        Data::RegistryOpened(_) => registry_opened(index),
        Data::ClaimMade(data) => claim::made(state, at, of(content)?, data),
        Data::ClaimChecked(data) => claim::checked(state, at, of(content)?, data),
        Data::EvidenceRedacted(data) => erasure::redacted(state, data),
        // What is judged is the content that an amendment puts in force.
        Data::EventCorrected(_) | Data::EventRetracted(_) => Err(wrong_stream(content)),
    }
}

/// The identifier of the stream that the type belongs to. The record holds every type to its kind of stream, so no
/// proposal is refused here.
fn of<T: TryFrom<Subject>>(content: EventContent<'_>) -> Result<T, Refusal> {
    T::try_from(content.subject).map_err(|_| wrong_stream(content))
}

fn wrong_stream(content: EventContent<'_>) -> Refusal {
    let (name, subject) = (content.data.type_name(), content.subject);
    Refusal::new(
        "wrong_stream",
        format!("jenis {name} tidak cocok dengan aliran {subject}"),
        format!("type {name} does not belong to stream {subject}"),
    )
    .at("subject")
}

fn registry_opened(index: u64) -> Judgement {
    if index == 0 {
        return Ok(());
    }
    refuse!(
        "opened_once",
        "type",
        "registri sudah dibuka pada indeks 0; jangan dibuka lagi",
        "the registry was opened at index 0; it opens once"
    )
}

/// Refuses what lies after the day of recording, in the local calendar.
///
/// # Errors
/// Rule `future`, at `field`.
pub fn judge_not_in_future(date: Date, today: Date, field: &str) -> Judgement {
    if date <= today {
        return Ok(());
    }
    Err(Refusal::new(
        "future",
        format!("tanggal {date} belum terjadi (hari ini {today}); catat sesudah terjadi"),
        format!("{date} lies in the future (today is {today}); record it once it has happened"),
    )
    .at(field))
}

/// Refuses a check that is dated before the day on which the last of the `known` events that it knows was recorded.
///
/// # Errors
/// Rule `checked_before_known`, at `field`.
pub fn judge_known_by_then(date: Date, known: u64, recorded: Date, field: &str) -> Judgement {
    if recorded <= date {
        return Ok(());
    }
    Err(Refusal::new(
        "checked_before_known",
        format!(
            "pemeriksaan bertanggal {date} mengetahui log sampai ukuran {known}, yang peristiwa terakhirnya baru dicatat {recorded}; periksa tanggalnya"
        ),
        format!(
            "the check of {date} knows the log up to size {known}, whose last event was recorded on {recorded} only; check the date"
        ),
    )
    .at(field))
}

/// Refuses what rests on something that came only after it; each sentence begins with what came when.
///
/// Equal dates are told apart by the index (only an amendment gets there: a new event has the highest), so
/// that no sentence says of a day that it came after itself.
fn too_early(rule: &'static str, came_id: &str, came_en: &str, since: Moment, at: Moment) -> Refusal {
    let date = since.date;
    let refusal = if date == at.date {
        let (later, own) = (since.index, at.index);
        Refusal::new(
            rule,
            format!(
                "{came_id} {date}, hari yang sama, tetapi dicatat pada indeks {later}, sesudah peristiwa ini (indeks {own}); tarik peristiwa ini dan catat ulang"
            ),
            format!(
                "{came_en} on {date}, the same day, but was recorded at index {later}, after this event (index {own}); retract this event and record it anew"
            ),
        )
    } else {
        let before = at.date;
        Refusal::new(
            rule,
            format!("{came_id} {date}, sesudah {before}; periksa tanggalnya"),
            format!("{came_en} on {date}, after {before}; check the dates"),
        )
    };
    refusal.at("time")
}

/// Asks that an IKM is registered by then and was not merged into another one: whatever is recorded
/// after a merge is recorded for the one that is left.
fn known_ikm(state: &State, at: Moment, ikm: IkmId) -> Judgement {
    let registered =
        state.ikms.get(&ikm).and_then(|steps| steps.first(|step| matches!(step, IkmStep::Registered(_))));
    match registered {
        None => refuse!(
            "unknown_ikm",
            "subject",
            "IKM {ikm} belum terdaftar; catat ikm.registered dahulu",
            "IKM {ikm} is not registered; record ikm.registered first"
        ),
        Some(registered) if registered > at => {
            return Err(too_early(
                "ikm_not_active",
                &format!("IKM {ikm} baru terdaftar"),
                &format!("IKM {ikm} was registered"),
                registered,
                at,
            ));
        }
        Some(_) => {}
    }
    if let Some((index, into)) = state.merged_ikms.merged(ikm, at.index) {
        refuse!(
            "merged_away",
            "subject",
            "IKM {ikm} sudah digabung ke {into} pada indeks {index}; catat untuk IKM itu",
            "IKM {ikm} was merged into {into} at index {index}; record it for that IKM"
        );
    }
    Ok(())
}

/// As [`known_ikm`], and that it is not closed on that day.
fn active_ikm(state: &State, at: Moment, ikm: IkmId) -> Judgement {
    known_ikm(state, at, ikm)?;
    open_ikm(state, at, ikm)
}

/// Asks that an IKM is not closed on a day. A closing holds from the begin of its day, whichever of that day's
/// events was recorded first.
fn open_ikm(state: &State, at: Moment, ikm: IkmId) -> Judgement {
    match state.closed_on(ikm, at.date) {
        Some(Moment { date: since, .. }) => {
            let date = at.date;
            refuse!(
                "ikm_closed",
                "time",
                "IKM {ikm} tutup sejak {since} dan tidak aktif pada {date}; periksa tanggalnya atau catat ikm.reopened",
                "IKM {ikm} is closed since {since} and not active on {date}; check the dates or record ikm.reopened"
            )
        }
        None => Ok(()),
    }
}

/// Refuses money that is said to be spent in a year that has not begun.
fn spent_by_then(at: Moment, stage: FundingStage, fiscal_year: Option<Year>) -> Judgement {
    let Some(year) = fiscal_year.filter(|_| stage == FundingStage::Realised) else { return Ok(()) };
    let (year, date) = (year.get(), at.date);
    if year > date.year() {
        refuse!(
            "fiscal_year_to_come",
            "data.fiscal_year",
            "tahun anggaran {year} belum mulai pada {date}; uang itu belum dapat terealisasi",
            "fiscal year {year} has not begun on {date}; its money cannot be spent yet"
        );
    }
    Ok(())
}

/// Asks that a person is registered, whatever the day: an office learns who sat in a training from the
/// attendance sheet, and enters them that day or later. An IKM is another matter, for what is done with one
/// that was not active does not count.
fn known_person(state: &State, at: Moment, person: PersonId, field: &str) -> Judgement {
    if !state.persons.contains_key(&person) {
        return Err(Refusal::new(
            "unknown_person",
            format!("orang {person} belum terdaftar; catat person.registered dahulu"),
            format!("person {person} is not registered; record person.registered first"),
        )
        .at(field));
    }
    match state.merged_persons.merged(person, at.index) {
        None => Ok(()),
        Some((index, into)) => Err(Refusal::new(
            "merged_away",
            format!("orang {person} sudah digabung ke {into} pada indeks {index}; sebut orang itu"),
            format!("person {person} was merged into {into} at index {index}; name that person"),
        )
        .at(field)),
    }
}

/// Asks that a programme was opened by then.
fn known_program<'a>(
    state: &'a State,
    at: Moment,
    program: ProgramId,
    field: &str,
) -> Result<&'a ProgramOpening, Refusal> {
    match state.programs.get(&program).and_then(|program| program.opened.as_ref()) {
        None => Err(Refusal::new(
            "unknown_program",
            format!("program {program} belum dibuka; catat program.opened dahulu"),
            format!("programme {program} was never opened; record program.opened first"),
        )
        .at(field)),
        Some(opened) if opened.moment > at => Err(too_early(
            "program_not_open",
            &format!("program {program} baru dibuka"),
            &format!("programme {program} opened"),
            opened.moment,
            at,
        )),
        Some(opened) => Ok(opened),
    }
}

/// As [`known_program`], and that it is not closed on that day.
fn open_program<'a>(
    state: &'a State,
    at: Moment,
    program: ProgramId,
    field: &str,
) -> Result<&'a ProgramOpening, Refusal> {
    let opened = known_program(state, at, program, field)?;
    let closed = state.programs.get(&program).and_then(|program| program.closed.steps().next());
    match closed {
        Some((Moment { date: since, .. }, ())) if since <= at.date => {
            let date = at.date;
            refuse!(
                "program_closed",
                "time",
                "program {program} ditutup sejak {since} dan tidak terbuka pada {date}; periksa tanggalnya",
                "programme {program} is closed since {since} and not open on {date}; check the dates"
            )
        }
        _ => Ok(opened),
    }
}

/// Asks that a sentra was planned by then: that is where the registry learns its name and place.
fn known_sentra(state: &State, at: Moment, sentra: SentraId, field: &str) -> Judgement {
    let planned =
        state.sentras.get(&sentra).and_then(|steps| steps.first(|step| *step == SentraStep::Planned));
    match planned {
        None => Err(Refusal::new(
            "unknown_sentra",
            format!("sentra {sentra} belum dikenal; catat sentra.planned dahulu"),
            format!("sentra {sentra} is not known; record sentra.planned first"),
        )
        .at(field)),
        Some(planned) if planned > at => Err(too_early(
            "sentra_not_planned",
            &format!("sentra {sentra} baru direncanakan"),
            &format!("sentra {sentra} was planned"),
            planned,
            at,
        )),
        Some(_) => Ok(()),
    }
}

/// The first code or day that a list says more than once. A list is a set of whole entries: two entries with
/// one code and different figures pass for it, and nobody could say which figure holds.
fn said_twice<'a, T: Ord>(mut keys: impl Iterator<Item = &'a T>) -> Option<&'a T> {
    let mut seen = BTreeSet::new();
    keys.find(|key| !seen.insert(*key))
}

fn rules_adopted(state: &State, data: &RulesAdopted) -> Judgement {
    let (asked, current) = (data.rules.get(), state.rules());
    if !super::RULES.contains(&asked) {
        refuse!(
            "unknown_rules",
            "data.rules",
            "aturan versi {asked} tidak dikenal program ini; perbarui jejak dahulu",
            "rules version {asked} is not known to this program; update jejak first"
        );
    }
    // While this program knows version 1 only, which every registry opens with, this refuses whatever gets here.
    if asked <= current {
        refuse!(
            "rules_in_force",
            "data.rules",
            "aturan versi {current} sudah berlaku",
            "rules version {current} are already in force"
        );
    }
    Ok(())
}

fn key_introduced(state: &State, data: &KeyIntroduced) -> Judgement {
    let vkey = &data.vkey;
    let Ok(key) = constitution::key_of(state.origin(), data.purpose, vkey) else {
        let wanted = data.purpose.key_name(state.origin());
        refuse!(
            "key_of_another",
            "data.vkey",
            "kunci {vkey} tidak dapat dipakai di sini; harus kunci Ed25519 bernama {wanted}",
            "key {vkey} is of no use here; it must be an Ed25519 key named {wanted}"
        )
    };
    if state.has_public_key(key.public_key()) {
        refuse!(
            "key_introduced_once",
            "data.vkey",
            "kunci {vkey} sudah pernah menjadi kunci registri ini; buat kunci baru",
            "key {vkey} was a key of this registry before; draw a new one"
        );
    }
    Ok(())
}

impl FactsInForce for RegistryOpened {
    fn put(&self, state: &mut State, put: Put, _: Subject) -> Option<()> {
        put_rules(state, put, self.rules.get());
        state.origin = if put.add { self.origin.to_string() } else { String::new() };
        for key in self.keys.iter() {
            state.put_public_key(put.moment.index, &key.vkey, put.add);
        }
        Some(())
    }
}

// While there is one version of the rules, which event 0 adopts, this is unused.
impl FactsInForce for RulesAdopted {
    fn put(&self, state: &mut State, put: Put, _: Subject) -> Option<()> {
        put_rules(state, put, self.rules.get());
        Some(())
    }
}

impl FactsInForce for KeyIntroduced {
    fn put(&self, state: &mut State, put: Put, _: Subject) -> Option<()> {
        state.put_public_key(put.moment.index, &self.vkey, put.add);
        Some(())
    }
}

// They act through the contents that they add and take away.
restrict_nothing!(EventCorrected, EventRetracted);

fn put_rules(state: &mut State, put: Put, version: u32) {
    if put.add {
        state.rules.insert(put.moment.index, version);
    } else {
        state.rules.remove(&put.moment.index);
    }
}
