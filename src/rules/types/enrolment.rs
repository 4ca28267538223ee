//! Places in programmes, waiting lists, attendance.

use crate::rules::state::{FactsInForce, Put, id};
use jejak_events::fault::Refusal;
use jejak_events::identity::{IkmId, PersonId, ProgramId, Subject};
use jejak_events::types::ikm::{
    AttendanceStatus, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    MentoringVisited, TrainingAttended,
};
use jejak_events::types::program::Unit;

use super::program::{places, session_of};
use super::{Judgement, active_ikm, known_ikm, known_person, known_program, open_program, too_early};
use crate::rules::places::{EnrolmentStep, Place, PlaceStanding};
use crate::rules::state::{ProgramOpening, Session, State};
use crate::rules::timeline::Moment;

pub(super) fn made(state: &State, at: Moment, ikm: IkmId, data: &EnrolmentMade) -> Judgement {
    let program = data.program;
    let opened = open_program(state, at, program, "data.program")?;
    active_ikm(state, at, ikm)?;
    not_there_yet(state, at, ikm, program)?;
    let persons = data.persons.as_deref().unwrap_or(&[]);
    judge_persons(state, at, ikm, program, opened, persons)?;
    judge_quota(state, at, ikm, program, opened, persons)
}

pub(super) fn waitlisted(state: &State, at: Moment, ikm: IkmId, data: &EnrolmentWaitlisted) -> Judgement {
    let program = data.program;
    let opened = open_program(state, at, program, "data.program")?;
    active_ikm(state, at, ikm)?;
    if opened.quota.is_none() {
        refuse!(
            "no_quota",
            "data.program",
            "program {program} tidak berkuota, jadi tidak ada daftar tunggu; usulkan enrolment.made",
            "programme {program} has no quota and so no waiting list; propose enrolment.made"
        );
    }
    not_there_yet(state, at, ikm, program)?;
    // A wait takes no place, so places that its persons have or get through other IKMs do not stand against
    // it; they stand against its promotion.
    judge_named(state, at, program, opened, data.persons.as_deref().unwrap_or(&[]))
}

pub(super) fn promoted(state: &State, at: Moment, ikm: IkmId, data: &EnrolmentPromoted) -> Judgement {
    let program = data.program;
    let opened = open_program(state, at, program, "data.program")?;
    active_ikm(state, at, ikm)?;
    if !matches!(state.standing_before(program, ikm, at), PlaceStanding::Waiting(_)) {
        let date = at.date;
        refuse!(
            "not_waiting",
            "data.program",
            "IKM {ikm} tidak dalam daftar tunggu program {program} pada {date}; usulkan enrolment.made",
            "IKM {ikm} is not on the waiting list of programme {program} on {date}; propose enrolment.made"
        );
    }
    let persons = data.persons.as_deref().unwrap_or(&[]);
    judge_persons(state, at, ikm, program, opened, persons)?;
    judge_quota(state, at, ikm, program, opened, persons)
}

pub(super) fn withdrawn(state: &State, at: Moment, ikm: IkmId, data: &EnrolmentWithdrawn) -> Judgement {
    let program = data.program;
    known_program(state, at, program, "data.program")?;
    known_ikm(state, at, ikm)?;
    let places = match state.standing_before(program, ikm, at) {
        PlaceStanding::Placed(places) => places,
        PlaceStanding::Waiting(_) => Vec::new(),
        PlaceStanding::Nothing | PlaceStanding::Withdrawn(_) => {
            let date = at.date;
            refuse!(
                "nothing_to_withdraw",
                "data.program",
                "IKM {ikm} tidak terdaftar dan tidak menunggu dalam program {program} pada {date}",
                "IKM {ikm} is neither enrolled in programme {program} nor waiting on {date}"
            )
        }
    };
    for person in data.persons.as_deref().unwrap_or(&[]) {
        if !places.iter().any(|place| names(state, at, place, *person)) {
            refuse!(
                "person_not_enrolled",
                "data.persons",
                "orang {person} tidak terdaftar dalam program {program} untuk IKM ini",
                "person {person} is not enrolled in programme {program} for this IKM"
            );
        }
    }
    Ok(())
}

/// Asks that the IKM has no place and does not wait, before this moment or in the next thing that is
/// recorded after it.
fn not_there_yet(state: &State, at: Moment, ikm: IkmId, program: ProgramId) -> Judgement {
    let (placed, waiting) = match state.standing_before(program, ikm, at) {
        PlaceStanding::Placed(places) => (places.first().map(|place| place.since), None),
        PlaceStanding::Waiting(since) => (None, Some(since)),
        PlaceStanding::Nothing | PlaceStanding::Withdrawn(_) => {
            let steps = state.enrolment_steps(program, ikm, at.index);
            match steps.into_iter().find(|(moment, _)| *moment > at) {
                Some((since, EnrolmentStep::Placed { promoted: false, .. })) => (Some(since), None),
                Some((since, EnrolmentStep::Waitlisted { .. })) => (None, Some(since)),
                // A promotion and a leaving are judged by what they need before them.
                Some((_, EnrolmentStep::Placed { .. } | EnrolmentStep::Withdrawn(_))) | None => (None, None),
            }
        }
    };
    if let Some(Moment { index, .. }) = waiting {
        refuse!(
            "waiting_already",
            "data.program",
            "IKM {ikm} sudah dalam daftar tunggu program {program} pada indeks {index}; usulkan enrolment.promoted",
            "IKM {ikm} is on the waiting list of programme {program} since index {index}; propose enrolment.promoted"
        );
    }
    if let Some(Moment { index, .. }) = placed {
        refuse!(
            "enrolled_once",
            "data.program",
            "IKM {ikm} sudah terdaftar dalam program {program} pada indeks {index}",
            "IKM {ikm} is already enrolled in programme {program} at index {index}"
        );
    }
    Ok(())
}

/// Whether what comes into force at this moment ends again later, for a person or (`None`) as a whole,
/// so that it takes no place now.
fn ends_later(state: &State, at: Moment, ikm: IkmId, program: ProgramId, person: Option<&PersonId>) -> bool {
    let mut steps = state.enrolment_steps(program, ikm, at.index);
    // Whoever was merged since gives it up under the stream that is left.
    for (index, into) in state.merged_ikms.path(ikm, u64::MAX) {
        let of_it = state.enrolment_steps(program, into, 0);
        steps.extend(of_it.into_iter().filter(|(moment, _)| moment.index > index));
    }
    steps.into_iter().filter(|(moment, _)| *moment > at).any(|(moment, step)| match step {
        EnrolmentStep::Withdrawn(None) => true,
        EnrolmentStep::Withdrawn(Some(left)) => person.is_some_and(|person| {
            let mut as_whom = state.merged_persons.path(*person, moment.index).map(|(_, into)| into);
            left.contains(person) || as_whom.any(|into| left.contains(&into))
        }),
        _ => false,
    })
}

/// Asks that a programme of unit person is told who it is about, and that they are known.
fn judge_named(
    state: &State,
    at: Moment,
    program: ProgramId,
    opened: &ProgramOpening,
    persons: &[PersonId],
) -> Judgement {
    if opened.unit == Unit::Person && persons.is_empty() {
        refuse!(
            "persons_missing",
            "data.persons",
            "program {program} mendaftar orang; sebutkan orangnya",
            "programme {program} enrols persons; name them"
        );
    }
    persons.iter().try_for_each(|person| known_person(state, at, *person, "data.persons"))
}

/// As [`judge_named`], and that none of them has a place through another IKM.
fn judge_persons(
    state: &State,
    at: Moment,
    ikm: IkmId,
    program: ProgramId,
    opened: &ProgramOpening,
    persons: &[PersonId],
) -> Judgement {
    judge_named(state, at, program, opened, persons)?;
    let taken = state.taken(program);
    // The place that an IKM got from the waiting list is no other one than it waits for.
    let own = match state.standing_finally(program, ikm) {
        PlaceStanding::Placed(places) => {
            places.into_iter().flat_map(|place| place.persons.into_owned()).collect()
        }
        PlaceStanding::Nothing | PlaceStanding::Waiting(_) | PlaceStanding::Withdrawn(_) => Vec::new(),
    };
    for person in persons {
        let enrolled = |person: &PersonId| {
            let times = taken.and_then(|taken| taken.persons.get(person)).copied().unwrap_or(0);
            times > u32::from(own.contains(person))
        };
        if state.merged_persons.group(*person, at.index).iter().any(enrolled)
            && !ends_later(state, at, ikm, program, Some(person))
        {
            refuse!(
                "person_enrolled_once",
                "data.persons",
                "orang {person} sudah terdaftar dalam program {program} lewat IKM lain",
                "person {person} is already enrolled in programme {program} through another IKM"
            );
        }
    }
    Ok(())
}

fn judge_quota(
    state: &State,
    at: Moment,
    ikm: IkmId,
    program: ProgramId,
    opened: &ProgramOpening,
    persons: &[PersonId],
) -> Judgement {
    let Some(quota) = opened.quota else { return Ok(()) };
    let staying = persons.iter().filter(|person| !ends_later(state, at, ikm, program, Some(person))).count();
    // A delegation whose last named person leaves has left.
    let all_leave = !persons.is_empty() && staying == 0;
    if all_leave || ends_later(state, at, ikm, program, None) {
        return Ok(());
    }
    let taken = state.taken(program).map_or(0, |taken| places(opened.unit, taken.ikms, taken.persons.len()));
    let asked = places(opened.unit, 1, staying);
    if taken + asked <= u64::from(quota) {
        return Ok(());
    }
    if matches!(state.standing_before(program, ikm, at), PlaceStanding::Waiting(_)) {
        refuse!(
            "quota_full",
            "data.program",
            "kuota {quota} program {program} sudah terisi {taken}, diminta {asked} lagi; IKM {ikm} tetap menunggu sampai ada tempat",
            "the quota of programme {program} is {quota}, taken {taken}, asked for {asked} more; IKM {ikm} waits on until a place is free"
        );
    }
    refuse!(
        "quota_full",
        "data.program",
        "kuota {quota} program {program} sudah terisi {taken}, diminta {asked} lagi; usulkan enrolment.waitlisted",
        "the quota of programme {program} is {quota}, taken {taken}, asked for {asked} more; propose enrolment.waitlisted"
    );
}

pub(super) fn attended(state: &State, at: Moment, ikm: IkmId, data: &TrainingAttended) -> Judgement {
    let (program, session, day) = (data.program, data.session, data.day);
    let opened = known_program(state, at, program, "data.program")?;
    let date = at.date;
    if date != day {
        refuse!(
            "time_is_the_day",
            "time",
            "waktu {date} tidak sama dengan hari hadir {day}",
            "the time {date} is not the day attended, {day}"
        );
    }
    let mut places = places_on(state, at, ikm, program)?;
    // A place outlives the merge of its IKM; what is done with it is recorded for the one that is left. It does
    // not outlive a closing.
    active_ikm(state, at, ikm)?;
    let scheduled = session_attended(state, at, data, &mut places)?;
    let Some((_, minutes_of_day)) = scheduled.days.iter().find(|(date, _)| *date == day) else {
        refuse!(
            "not_a_session_day",
            "data.day",
            "sesi {session} tidak berlangsung pada {day}; periksa jadwalnya",
            "session {session} is not held on {day}; check its days"
        )
    };
    match data.person {
        Some(person) if !places.iter().any(|place| admits(state, at, place, person)) => refuse!(
            "person_not_enrolled",
            "data.person",
            "orang {person} tidak terdaftar dalam program {program} untuk IKM ini",
            "person {person} is not enrolled in programme {program} for this IKM"
        ),
        Some(person) => known_person(state, at, person, "data.person")?,
        None if opened.unit == Unit::Person => refuse!(
            "person_missing",
            "data.person",
            "program {program} menghitung orang; sebutkan siapa yang hadir",
            "programme {program} counts persons; say who attended"
        ),
        None => {}
    }
    judge_minutes(data, *minutes_of_day)?;
    if let Some(first) = state.attendance(session, ikm, data.person, day, at.index) {
        refuse!(
            "attended_once",
            "data.day",
            "kehadiran pada {day} sudah dicatat pada indeks {first}",
            "the attendance of {day} is already recorded at index {first}"
        );
    }
    Ok(())
}

/// Asks that the minutes fit the day and the status.
fn judge_minutes(data: &TrainingAttended, minutes_of_day: u32) -> Judgement {
    let day = data.day;
    let minutes = data.minutes.map_or(0, |minutes| u32::from(minutes.get()));
    if minutes > minutes_of_day {
        refuse!(
            "minutes_above_day",
            "data.minutes",
            "{minutes} menit melebihi {minutes_of_day} menit pada {day}",
            "{minutes} minutes are more than the {minutes_of_day} of {day}"
        );
    }
    if data.minutes.is_some() && minutes == 0 && data.status == AttendanceStatus::Present {
        refuse!(
            "presence_without_minutes",
            "data.minutes",
            "hadir dengan 0 menit; tulis absent, atau hapus kolom menit bila hadir sehari penuh",
            "present for 0 minutes; write absent, or leave minutes out for a whole day"
        );
    }
    if minutes > 0 && data.status != AttendanceStatus::Present {
        refuse!(
            "minutes_without_presence",
            "data.minutes",
            "{minutes} menit dicatat untuk yang tidak hadir",
            "{minutes} minutes are recorded for somebody who was not there"
        );
    }
    Ok(())
}

/// Whether a place names a person, or one that was merged into that person.
fn names(state: &State, at: Moment, place: &Place<'_>, person: PersonId) -> bool {
    place.persons.iter().any(|named| state.merged_persons.survivor(*named, at.index) == person)
}

/// Whether a person may come on a place: it names them, or nobody.
fn admits(state: &State, at: Moment, place: &Place<'_>, person: PersonId) -> bool {
    place.persons.is_empty() || names(state, at, place, person)
}

/// The places of an IKM on a day.
fn places_on(state: &State, at: Moment, ikm: IkmId, program: ProgramId) -> Result<Vec<Place<'_>>, Refusal> {
    let date = at.date;
    match state.standing_on(program, ikm, at) {
        PlaceStanding::Placed(places) => return Ok(places),
        PlaceStanding::Waiting(_) => refuse!(
            "only_waiting",
            "data.program",
            "IKM {ikm} masih dalam daftar tunggu program {program} pada {date}; catat enrolment.promoted dahulu",
            "IKM {ikm} is still on the waiting list of programme {program} on {date}; record enrolment.promoted first"
        ),
        PlaceStanding::Withdrawn(Moment { date: since, .. }) => refuse!(
            "withdrawn",
            "time",
            "IKM {ikm} mundur dari program {program} pada {since}, sebelum {date}; periksa tanggalnya",
            "IKM {ikm} left programme {program} on {since}, before {date}; check the dates"
        ),
        PlaceStanding::Nothing => {}
    }
    let steps = state.enrolment_steps(program, ikm, at.index);
    match steps.into_iter().find(|(_, step)| matches!(step, EnrolmentStep::Placed { .. })) {
        Some((since, _)) => Err(too_early(
            "not_yet_enrolled",
            &format!("IKM {ikm} baru terdaftar dalam program pada"),
            &format!("IKM {ikm} was enrolled in the programme"),
            since,
            at,
        )),
        None => refuse!(
            "not_enrolled",
            "data.program",
            "IKM {ikm} tidak terdaftar dalam program {program}; catat enrolment.made dahulu",
            "IKM {ikm} is not enrolled in programme {program}; record enrolment.made first"
        ),
    }
}

/// The session attended; of the places, those of another group are dropped.
fn session_attended<'a>(
    state: &'a State,
    at: Moment,
    data: &TrainingAttended,
    places: &mut Vec<Place<'_>>,
) -> Result<Session<'a>, Refusal> {
    let session = data.session;
    let found = session_of(state, at, data.program, session)?;
    places.retain(|place| found.group.is_none() || found.group == place.group);
    if places.is_empty() {
        refuse!(
            "other_group",
            "data.session",
            "sesi {session} untuk kelompok lain",
            "session {session} is for another group"
        );
    }
    if let Some(cancelled) = found.cancelled {
        let index = cancelled.index;
        refuse!(
            "session_cancelled",
            "data.session",
            "sesi {session} dibatalkan pada indeks {index}; tidak ada yang dihadiri",
            "session {session} was cancelled at index {index}; there was nothing to attend"
        );
    }
    Ok(found)
}

/// Puts a step of an IKM in a programme.
fn put_step(
    state: &mut State,
    put: Put,
    (program, stream): (ProgramId, Subject),
    step: EnrolmentStep,
) -> Option<()> {
    state.put_enrolment(put, (program, id(stream)?), step);
    Some(())
}

impl FactsInForce for EnrolmentMade {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let step = EnrolmentStep::placed(self.group.as_ref(), self.persons.as_ref(), false);
        put_step(state, put, (self.program, stream), step)
    }
}

impl FactsInForce for EnrolmentPromoted {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let step = EnrolmentStep::placed(self.group.as_ref(), self.persons.as_ref(), true);
        put_step(state, put, (self.program, stream), step)
    }
}

impl FactsInForce for EnrolmentWaitlisted {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let step = EnrolmentStep::Waitlisted { group: self.group.clone() };
        put_step(state, put, (self.program, stream), step)
    }
}

impl FactsInForce for EnrolmentWithdrawn {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let step = EnrolmentStep::Withdrawn(self.persons.as_ref().map(|persons| persons.to_vec()));
        put_step(state, put, (self.program, stream), step)
    }
}

impl FactsInForce for TrainingAttended {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let attended = (self.session, id(stream)?, self.person);
        state.attendances.put(attended, self.day, put.moment.index, put.add);
        Some(())
    }
}

impl FactsInForce for MentoringVisited {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let Moment { date, index } = put.moment;
        state.precedents.visits.put((id(stream)?, self.program, date), index, put.add);
        Some(())
    }
}
