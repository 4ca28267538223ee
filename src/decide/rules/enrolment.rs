//! Places in programmes, waiting lists, attendance.

use jejak_events::fault::Refusal;
use jejak_events::identity::{IkmId, PersonId, ProgramId};
use jejak_events::types::ikm::{
    AttendanceStatus, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    TrainingAttended,
};
use jejak_events::types::program::Unit;

use super::program::{places, session_of};
use super::{Judgement, active_ikm, known_ikm, known_person, known_program, open_program, too_early};
use crate::decide::state::{EnrolmentStep, Opened, Place, Session, Standing, State};
use crate::decide::timeline::Moment;

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
    judge_persons(state, at, ikm, program, opened, data.persons.as_deref().unwrap_or(&[]))
}

pub(super) fn promoted(state: &State, at: Moment, ikm: IkmId, data: &EnrolmentPromoted) -> Judgement {
    let program = data.program;
    let opened = open_program(state, at, program, "data.program")?;
    active_ikm(state, at, ikm)?;
    if !matches!(state.standing_before(program, ikm, at), Standing::Waiting(_)) {
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
    let place = match state.standing_before(program, ikm, at) {
        Standing::Placed(place) => Some(place),
        Standing::Waiting(_) => None,
        Standing::Nothing | Standing::Withdrawn(_) => {
            let date = at.date;
            refuse!(
                "nothing_to_withdraw",
                "data.program",
                "IKM {ikm} tidak terdaftar dan tidak menunggu dalam program {program} pada {date}",
                "IKM {ikm} is neither enrolled in programme {program} nor waiting on {date}"
            )
        }
    };
    let named = place.as_ref().map_or(&[][..], |place| &place.persons);
    for person in data.persons.as_deref().unwrap_or(&[]) {
        if !named.contains(person) {
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
    let since = match state.standing_before(program, ikm, at) {
        Standing::Placed(place) => Some(place.since),
        Standing::Waiting(since) => {
            let index = since.index;
            refuse!(
                "waiting_already",
                "data.program",
                "IKM {ikm} sudah dalam daftar tunggu program {program} pada indeks {index}; usulkan enrolment.promoted",
                "IKM {ikm} is on the waiting list of programme {program} since index {index}; propose enrolment.promoted"
            )
        }
        Standing::Nothing | Standing::Withdrawn(_) => {
            let mut later = state.enrolment_steps(program, ikm).filter(|(moment, _)| *moment > at);
            later
                .next()
                .filter(|(_, step)| !matches!(step, EnrolmentStep::Withdrawn(_)))
                .map(|(moment, _)| moment)
        }
    };
    if let Some(first) = since {
        let index = first.index;
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
    let mut later = state.enrolment_steps(program, ikm).filter(|(moment, _)| *moment > at);
    later.any(|(_, step)| match step {
        EnrolmentStep::Withdrawn(None) => true,
        EnrolmentStep::Withdrawn(Some(left)) => person.is_some_and(|person| left.contains(person)),
        _ => false,
    })
}

fn judge_persons(
    state: &State,
    at: Moment,
    ikm: IkmId,
    program: ProgramId,
    opened: &Opened,
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
    let enrolled = state.programs.get(&program);
    for person in persons {
        known_person(state, at, *person, "data.persons")?;
        if enrolled.is_some_and(|program| program.enrolled_persons.contains_key(person))
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
    opened: &Opened,
    persons: &[PersonId],
) -> Judgement {
    let Some(quota) = opened.quota else { return Ok(()) };
    if ends_later(state, at, ikm, program, None) {
        return Ok(());
    }
    let staying = persons.iter().filter(|person| !ends_later(state, at, ikm, program, Some(person))).count();
    let enrolled = state.programs.get(&program);
    let (ikms, people) =
        enrolled.map_or((0, 0), |program| (program.enrolled_ikms, program.enrolled_persons.len()));
    let taken = places(opened.unit, ikms, people);
    let asked = places(opened.unit, 1, staying);
    if taken + asked <= u64::from(quota) {
        return Ok(());
    }
    if matches!(state.standing_before(program, ikm, at), Standing::Waiting(_)) {
        refuse!(
            "quota_full",
            "data.program",
            "kuota {quota} program {program} sudah terisi {taken}, diminta {asked} lagi; IKM {ikm} tetap menunggu sampai ada tempat",
            "the quota of {quota} of programme {program} has {taken} places taken, {asked} more were asked; IKM {ikm} waits on until a place is free"
        );
    }
    refuse!(
        "quota_full",
        "data.program",
        "kuota {quota} program {program} sudah terisi {taken}, diminta {asked} lagi; usulkan enrolment.waitlisted",
        "the quota of {quota} of programme {program} has {taken} places taken, {asked} more were asked; propose enrolment.waitlisted"
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
    let place = place_on(state, at, ikm, program)?;
    let scheduled = session_attended(state, at, data, &place)?;
    let Some((_, minutes_of_day)) = scheduled.days.iter().find(|(date, _)| *date == day) else {
        refuse!(
            "not_a_session_day",
            "data.day",
            "sesi {session} tidak berlangsung pada {day}; periksa jadwalnya",
            "session {session} is not held on {day}; check its days"
        )
    };
    match data.person {
        Some(person) if !place.persons.is_empty() && !place.persons.contains(&person) => refuse!(
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
    let minutes = data.minutes.map_or(0, |minutes| u32::from(minutes.get()));
    if minutes > *minutes_of_day {
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
    if let Some(first) = state.attendance(session, ikm, data.person, day) {
        refuse!(
            "attended_once",
            "data.day",
            "kehadiran pada {day} sudah dicatat pada indeks {first}",
            "the attendance of {day} is already recorded at index {first}"
        );
    }
    Ok(())
}

/// The place of an IKM on a day.
fn place_on(state: &State, at: Moment, ikm: IkmId, program: ProgramId) -> Result<Place<'_>, Refusal> {
    let date = at.date;
    match state.standing_on(program, ikm, at) {
        Standing::Placed(place) => return Ok(place),
        Standing::Waiting(_) => refuse!(
            "only_waiting",
            "data.program",
            "IKM {ikm} masih dalam daftar tunggu program {program} pada {date}; catat enrolment.promoted dahulu",
            "IKM {ikm} is still on the waiting list of programme {program} on {date}; record enrolment.promoted first"
        ),
        Standing::Withdrawn(Moment { date: since, .. }) => refuse!(
            "withdrawn",
            "time",
            "IKM {ikm} mundur dari program {program} pada {since}, sebelum {date}; periksa tanggalnya",
            "IKM {ikm} left programme {program} on {since}, before {date}; check the dates"
        ),
        Standing::Nothing => {}
    }
    let mut steps = state.enrolment_steps(program, ikm);
    match steps.find(|(_, step)| matches!(step, EnrolmentStep::Placed { .. })) {
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

fn session_attended<'a>(
    state: &'a State,
    at: Moment,
    data: &TrainingAttended,
    place: &Place<'_>,
) -> Result<Session<'a>, Refusal> {
    let session = data.session;
    let found = session_of(state, at, data.program, session)?;
    if found.group.is_some() && found.group != place.group {
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
