//! Places in programmes, waiting lists, attendance.

use crate::rules::state::{FactsInForce, Put, id};
use jejak_events::fault::Refusal;
use jejak_events::identity::{PersonId, ProgramId, Subject};
use jejak_events::types::ikm::{
    AttendanceStatus, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    MentoringVisited, TrainingAttended,
};
use jejak_events::types::program::Unit;

use super::person::registered_person;
use super::program::{places, session_of};
use super::{Judgement, active_ikm, known_ikm, known_person, known_program, open_program, too_early};
use crate::rules::enrollee::Enrollee;
use crate::rules::places::{EnrolmentStep, Place, PlaceStanding};
use crate::rules::state::{ProgramOpening, Session, State};
use crate::rules::timeline::Moment;

pub(super) fn made(state: &State, at: Moment, who: Enrollee, data: &EnrolmentMade) -> Judgement {
    let program = data.program;
    let opened = open_program(state, at, program, "data.program")?;
    active(state, at, who)?;
    not_there_yet(state, at, who, program)?;
    let persons = judge_persons(state, at, who, program, opened, data.persons.as_deref())?;
    judge_quota(state, at, who, program, opened, &persons)
}

pub(super) fn waitlisted(state: &State, at: Moment, who: Enrollee, data: &EnrolmentWaitlisted) -> Judgement {
    let program = data.program;
    let opened = open_program(state, at, program, "data.program")?;
    active(state, at, who)?;
    if opened.quota.is_none() {
        refuse!(
            "no_quota",
            "data.program",
            "program {program} tidak berkuota, jadi tidak ada daftar tunggu; usulkan enrolment.made",
            "programme {program} has no quota and so no waiting list; propose enrolment.made"
        );
    }
    not_there_yet(state, at, who, program)?;
    // A wait takes no place, so places that its persons have or get through other IKMs do not stand against
    // it; they stand against its promotion.
    judge_named(state, at, who, program, opened, data.persons.as_deref())
}

pub(super) fn promoted(state: &State, at: Moment, who: Enrollee, data: &EnrolmentPromoted) -> Judgement {
    let program = data.program;
    let opened = open_program(state, at, program, "data.program")?;
    active(state, at, who)?;
    if !matches!(state.standing_before(program, who, at), PlaceStanding::Waiting(_)) {
        let (date, [named_id, named_en]) = (at.date, who.called());
        refuse!(
            "not_waiting",
            "data.program",
            "{named_id} tidak dalam daftar tunggu program {program} pada {date}; usulkan enrolment.made",
            "{named_en} is not on the waiting list of programme {program} on {date}; propose enrolment.made"
        );
    }
    let persons = judge_persons(state, at, who, program, opened, data.persons.as_deref())?;
    judge_quota(state, at, who, program, opened, &persons)
}

pub(super) fn withdrawn(state: &State, at: Moment, who: Enrollee, data: &EnrolmentWithdrawn) -> Judgement {
    let program = data.program;
    known_program(state, at, program, "data.program")?;
    known(state, at, who)?;
    sends_nobody(who, data.persons.as_deref())?;
    let places = match state.standing_before(program, who, at) {
        PlaceStanding::Placed(places) => places,
        PlaceStanding::Waiting(_) => Vec::new(),
        PlaceStanding::Nothing | PlaceStanding::Withdrawn(_) => {
            let (date, [named_id, named_en]) = (at.date, who.called());
            refuse!(
                "nothing_to_withdraw",
                "data.program",
                "{named_id} tidak punya tempat dan tidak menunggu dalam program {program} pada {date}",
                "{named_en} is neither enrolled in programme {program} nor waiting on {date}"
            )
        }
    };
    for person in data.persons.as_deref().unwrap_or(&[]) {
        if !places.iter().any(|place| names(state, at, place, *person)) {
            refuse!(
                "person_not_enrolled",
                "data.persons",
                "orang {person} tidak mendapat tempat dalam program {program} untuk IKM ini",
                "person {person} is not enrolled in programme {program} for this IKM"
            );
        }
    }
    Ok(())
}

/// Asks that an enrollee is registered by then and was not merged into another one.
fn known(state: &State, at: Moment, who: Enrollee) -> Judgement {
    match who {
        Enrollee::Ikm(ikm) => known_ikm(state, at, ikm),
        Enrollee::Person(person) => registered_person(state, at, person),
    }
}

/// As [`known`], and that an IKM is not closed on that day.
fn active(state: &State, at: Moment, who: Enrollee) -> Judgement {
    match who {
        Enrollee::Ikm(ikm) => active_ikm(state, at, ikm),
        Enrollee::Person(person) => registered_person(state, at, person),
    }
}

/// Asks that a person in their own name names no persons.
fn sends_nobody(who: Enrollee, persons: Option<&[PersonId]>) -> Judgement {
    match (who, persons) {
        (Enrollee::Person(person), Some(_)) => refuse!(
            "persons_in_own_name",
            "data.persons",
            "orang {person} ikut atas namanya sendiri dan tidak mengirim orang; hapus data.persons",
            "person {person} takes part in their own name and sends nobody; leave data.persons out"
        ),
        _ => Ok(()),
    }
}

/// Asks that the enrollee has no place and does not wait, before this moment or in the next thing that is
/// recorded after it.
fn not_there_yet(state: &State, at: Moment, who: Enrollee, program: ProgramId) -> Judgement {
    let (placed, waiting) = match state.standing_before(program, who, at) {
        PlaceStanding::Placed(places) => (places.first().map(|place| place.since), None),
        PlaceStanding::Waiting(since) => (None, Some(since)),
        PlaceStanding::Nothing | PlaceStanding::Withdrawn(_) => {
            let steps = state.enrolment_steps(program, who, at.index);
            match steps.into_iter().find(|(moment, _)| *moment > at) {
                Some((since, EnrolmentStep::Placed { promoted: false, .. })) => (Some(since), None),
                Some((since, EnrolmentStep::Waitlisted { .. })) => (None, Some(since)),
                // A promotion and a leaving are judged by what they need before them.
                Some((_, EnrolmentStep::Placed { .. } | EnrolmentStep::Withdrawn(_))) | None => (None, None),
            }
        }
    };
    let [named_id, named_en] = who.called();
    if let Some(Moment { index, .. }) = waiting {
        refuse!(
            "waiting_already",
            "data.program",
            "{named_id} sudah dalam daftar tunggu program {program} pada indeks {index}; usulkan enrolment.promoted",
            "{named_en} is on the waiting list of programme {program} since index {index}; propose enrolment.promoted"
        );
    }
    if let Some(Moment { index, .. }) = placed {
        refuse!(
            "enrolled_once",
            "data.program",
            "{named_id} sudah mendapat tempat dalam program {program} pada indeks {index}",
            "{named_en} is already enrolled in programme {program} at index {index}"
        );
    }
    Ok(())
}

/// Whether what comes into force at this moment ends again later, for a person or (`None`) as a whole,
/// so that it takes no place now.
fn ends_later(
    state: &State,
    at: Moment,
    who: Enrollee,
    program: ProgramId,
    person: Option<&PersonId>,
) -> bool {
    let mut steps = state.enrolment_steps(program, who, at.index);
    // Whoever was merged since gives it up under the stream that is left.
    for (index, into) in state.merged().path(who, u64::MAX) {
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

/// Asks that a programme of unit person is told who it is about, that they are known, and that nobody takes part in
/// their own name in a programme of IKMs.
fn judge_named(
    state: &State,
    at: Moment,
    who: Enrollee,
    program: ProgramId,
    opened: &ProgramOpening,
    persons: Option<&[PersonId]>,
) -> Judgement {
    sends_nobody(who, persons)?;
    match (who, opened.unit) {
        (Enrollee::Person(person), Unit::Ikm) => refuse!(
            "program_of_ikms",
            "data.program",
            "program {program} mendaftar IKM, bukan orang {person}; daftarkan IKM-nya",
            "programme {program} enrols IKMs, not person {person}; enrol the IKM"
        ),
        (Enrollee::Ikm(_), Unit::Person) if persons.is_none_or(<[PersonId]>::is_empty) => refuse!(
            "persons_missing",
            "data.persons",
            "program {program} mendaftar orang; sebutkan orangnya",
            "programme {program} enrols persons; name them"
        ),
        _ => {}
    }
    let named = persons.unwrap_or_default();
    named.iter().try_for_each(|person| known_person(state, at, *person, "data.persons"))
}

/// As [`judge_named`], and that none of the persons has another place. The answer is those persons.
fn judge_persons(
    state: &State,
    at: Moment,
    who: Enrollee,
    program: ProgramId,
    opened: &ProgramOpening,
    persons: Option<&[PersonId]>,
) -> Result<Vec<PersonId>, Refusal> {
    judge_named(state, at, who, program, opened, persons)?;
    let persons = who.persons(persons);
    let taken = state.taken(program);
    // The place that was got from the waiting list is no other one than is waited for.
    let own: Vec<PersonId> = match state.standing_finally(program, who) {
        PlaceStanding::Placed(places) => {
            places.into_iter().flat_map(|place| place.persons.into_owned()).collect()
        }
        PlaceStanding::Nothing | PlaceStanding::Waiting(_) | PlaceStanding::Withdrawn(_) => Vec::new(),
    };
    for person in &persons {
        let enrolled = |person: &PersonId| {
            let times = taken.and_then(|taken| taken.persons.get(person)).copied().unwrap_or(0);
            times > u32::from(own.contains(person))
        };
        if state.merged_persons.group(*person, at.index).iter().any(enrolled)
            && !ends_later(state, at, who, program, Some(person))
        {
            refuse!(
                "person_enrolled_once",
                "data.persons",
                "orang {person} sudah mendapat tempat dalam program {program}, lewat IKM lain atau atas namanya sendiri",
                "person {person} is already enrolled in programme {program}, through another IKM or in their own name"
            );
        }
    }
    Ok(persons)
}

fn judge_quota(
    state: &State,
    at: Moment,
    who: Enrollee,
    program: ProgramId,
    opened: &ProgramOpening,
    persons: &[PersonId],
) -> Judgement {
    let Some(quota) = opened.quota else { return Ok(()) };
    let staying = persons.iter().filter(|person| !ends_later(state, at, who, program, Some(person))).count();
    // A delegation whose last named person leaves has left.
    let all_leave = !persons.is_empty() && staying == 0;
    if all_leave || ends_later(state, at, who, program, None) {
        return Ok(());
    }
    let taken = state.taken(program).map_or(0, |taken| places(opened.unit, taken.ikms, taken.persons.len()));
    let asked = places(opened.unit, 1, staying);
    if taken + asked <= u64::from(quota) {
        return Ok(());
    }
    if matches!(state.standing_before(program, who, at), PlaceStanding::Waiting(_)) {
        let [named_id, named_en] = who.called();
        refuse!(
            "quota_full",
            "data.program",
            "kuota {quota} program {program} sudah terisi {taken}, diminta {asked} lagi; {named_id} tetap menunggu sampai ada tempat",
            "the quota of programme {program} is {quota}, taken {taken}, asked for {asked} more; {named_en} waits on until a place is free"
        );
    }
    refuse!(
        "quota_full",
        "data.program",
        "kuota {quota} program {program} sudah terisi {taken}, diminta {asked} lagi; usulkan enrolment.waitlisted",
        "the quota of programme {program} is {quota}, taken {taken}, asked for {asked} more; propose enrolment.waitlisted"
    );
}

pub(super) fn attended(state: &State, at: Moment, who: Enrollee, data: &TrainingAttended) -> Judgement {
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
    let mut places = places_on(state, at, who, program)?;
    // A place outlives the merge of its IKM; what is done with it is recorded for the one that is left. It does
    // not outlive a closing.
    active(state, at, who)?;
    let scheduled = session_attended(state, at, data, &mut places)?;
    let Some((_, minutes_of_day)) = scheduled.days.iter().find(|(date, _)| *date == day) else {
        refuse!(
            "not_a_session_day",
            "data.day",
            "sesi {session} tidak berlangsung pada {day}; periksa jadwalnya",
            "session {session} is not held on {day}; check its days"
        )
    };
    judge_attendee(state, at, who, data, opened, &places)?;
    judge_minutes(data, *minutes_of_day)?;
    let attendee = data.person.map_or(who, Enrollee::Person);
    if let Some(first) = state.attendance(session, attendee, day, at.index) {
        refuse!(
            "attended_once",
            "data.day",
            "kehadiran pada {day} sudah dicatat pada indeks {first}",
            "the attendance of {day} is already recorded at index {first}"
        );
    }
    Ok(())
}

/// Asks that whoever attended has one of the places, and is named where persons are counted.
fn judge_attendee(
    state: &State,
    at: Moment,
    who: Enrollee,
    data: &TrainingAttended,
    opened: &ProgramOpening,
    places: &[Place<'_>],
) -> Judgement {
    let program = data.program;
    match (who, data.person) {
        (Enrollee::Person(person), Some(_)) => refuse!(
            "person_in_own_name",
            "data.person",
            "orang {person} hadir atas namanya sendiri; hapus data.person",
            "person {person} attends in their own name; leave data.person out"
        ),
        (Enrollee::Person(_), None) => Ok(()),
        (Enrollee::Ikm(_), Some(person)) if !places.iter().any(|place| admits(state, at, place, person)) => {
            refuse!(
                "person_not_enrolled",
                "data.person",
                "orang {person} tidak mendapat tempat dalam program {program} untuk IKM ini",
                "person {person} is not enrolled in programme {program} for this IKM"
            )
        }
        (Enrollee::Ikm(_), Some(person)) => known_person(state, at, person, "data.person"),
        (Enrollee::Ikm(_), None) if opened.unit == Unit::Person => refuse!(
            "person_missing",
            "data.person",
            "program {program} menghitung orang; sebutkan siapa yang hadir",
            "programme {program} counts persons; say who attended"
        ),
        (Enrollee::Ikm(_), None) => Ok(()),
    }
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
fn places_on(
    state: &State,
    at: Moment,
    who: Enrollee,
    program: ProgramId,
) -> Result<Vec<Place<'_>>, Refusal> {
    let (date, [named_id, named_en]) = (at.date, who.called());
    match state.standing_on(program, who, at) {
        PlaceStanding::Placed(places) => return Ok(places),
        PlaceStanding::Waiting(_) => refuse!(
            "only_waiting",
            "data.program",
            "{named_id} masih dalam daftar tunggu program {program} pada {date}; catat enrolment.promoted dahulu",
            "{named_en} is still on the waiting list of programme {program} on {date}; record enrolment.promoted first"
        ),
        PlaceStanding::Withdrawn(Moment { date: since, .. }) => refuse!(
            "withdrawn",
            "time",
            "{named_id} mundur dari program {program} pada {since}, sebelum {date}; periksa tanggalnya",
            "{named_en} left programme {program} on {since}, before {date}; check the dates"
        ),
        PlaceStanding::Nothing => {}
    }
    let steps = state.enrolment_steps(program, who, at.index);
    match steps.into_iter().find(|(_, step)| matches!(step, EnrolmentStep::Placed { .. })) {
        Some((since, _)) => Err(too_early(
            "not_yet_enrolled",
            &format!("{named_id} baru mendapat tempat dalam program pada"),
            &format!("{named_en} was enrolled in the programme"),
            since,
            at,
        )),
        None => refuse!(
            "not_enrolled",
            "data.program",
            "{named_id} tidak mendapat tempat dalam program {program}; catat enrolment.made dahulu",
            "{named_en} is not enrolled in programme {program}; record enrolment.made first"
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

/// Puts a step of whoever a stream is of in a programme.
fn put_step(
    state: &mut State,
    put: Put,
    (program, stream): (ProgramId, Subject),
    step: impl FnOnce(Enrollee) -> EnrolmentStep,
) -> Option<()> {
    let who = id(stream)?;
    state.put_enrolment(put, (program, who), step(who));
    Some(())
}

impl FactsInForce for EnrolmentMade {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put_step(state, put, (self.program, stream), |who| {
            EnrolmentStep::placed(who, self.group.as_ref(), self.persons.as_ref(), false)
        })
    }
}

impl FactsInForce for EnrolmentPromoted {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put_step(state, put, (self.program, stream), |who| {
            EnrolmentStep::placed(who, self.group.as_ref(), self.persons.as_ref(), true)
        })
    }
}

impl FactsInForce for EnrolmentWaitlisted {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        put_step(state, put, (self.program, stream), |_| EnrolmentStep::Waitlisted {
            group: self.group.clone(),
        })
    }
}

impl FactsInForce for EnrolmentWithdrawn {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let persons = self.persons.as_ref().map(|persons| persons.to_vec());
        put_step(state, put, (self.program, stream), |_| EnrolmentStep::Withdrawn(persons))
    }
}

impl FactsInForce for TrainingAttended {
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()> {
        let who = self.person.map(Enrollee::Person).or_else(|| id(stream))?;
        state.attendances.put((self.session, who), self.day, put.moment.index, put.add);
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
