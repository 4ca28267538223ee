//! One function for each type of event, one refusal for each rule.

use std::collections::BTreeSet;

use jejak_events::fault::Refusal;
use jejak_events::identity::{IkmId, PersonId, ProgramId, Subject};
use jejak_events::types::certificate::{CertificateIssued, CertificateRevoked};
use jejak_events::types::exhibition::{ExhibitionAnnounced, ExhibitionJoined};
use jejak_events::types::ikm::{
    AssessmentRecorded, AttendanceStatus, EnrolmentMade, IkmRegistered, TrainingAttended,
};
use jejak_events::types::program::{ProgramOpened, SessionScheduled, Unit};
use jejak_events::types::{Data, Holder, RulesAdopted};
use jejak_events::values::{Code, Date};

use super::state::{Content, Enrolment, Moment, Opened, Session, State};
use super::unruled::unruled;

/// Refuses with a rule, a field and the sentence in both languages.
macro_rules! refuse {
    ($rule:literal, $field:literal, $id:literal, $en:literal) => {
        return Err(Refusal::new($rule, format!($id), format!($en)).at($field))
    };
}

type Judgement = Result<(), Refusal>;

/// Judges the content of the original event at `index` against all other contents in force.
///
/// The state must not hold the content itself.
///
/// # Errors
/// The first rule that says no.
pub fn judge(state: &State, index: u64, content: Content<'_>) -> Judgement {
    let at = Moment { date: content.time.date(), index };
    match (content.data, content.subject) {
        (Data::IkmRegistered(data), Subject::Ikm(ikm)) => ikm_registered(state, at, ikm, data),
        (Data::PersonRegistered(data), Subject::Person(person)) => {
            person_registered(state, at, person, data.ikm)
        }
        (Data::ProgramOpened(data), Subject::Program(program)) => program_opened(state, program, data),
        (Data::SessionScheduled(data), Subject::Program(program)) => {
            session_scheduled(state, at, program, data)
        }
        (Data::EnrolmentMade(data), Subject::Ikm(ikm)) => enrolment_made(state, at, ikm, data),
        (Data::TrainingAttended(data), Subject::Ikm(ikm)) => training_attended(state, at, ikm, data),
        (Data::AssessmentRecorded(data), Subject::Ikm(ikm)) => assessment_recorded(state, at, ikm, data),
        (Data::CertificateIssued(data), Subject::Certificate(_)) => {
            certificate_issued(state, at, content.subject, data)
        }
        (Data::CertificateRevoked(data), Subject::Certificate(_)) => {
            certificate_revoked(state, at, content.subject, data)
        }
        (Data::ExhibitionAnnounced(data), Subject::Exhibition(_)) => {
            exhibition_announced(state, content.subject, data)
        }
        (Data::ExhibitionJoined(data), Subject::Ikm(ikm)) => exhibition_joined(state, at, ikm, data),
        (Data::RulesAdopted(data), Subject::Registry) => rules_adopted(state, data),
        (Data::RegistryOpened(_), Subject::Registry) if index == 0 => Ok(()),
        (Data::RegistryOpened(_), _) => refuse!(
            "opened_once",
            "type",
            "registri sudah dibuka pada indeks 0; jangan dibuka lagi",
            "the registry was opened at index 0; it opens once"
        ),
        // Their targets are judged by whoever knows the log; what they put in force comes here.
        (Data::EventCorrected(_) | Data::EventRetracted(_), _) => Ok(()),
        (data @ unruled!(), _) => {
            let name = data.type_name();
            refuse!(
                "not_yet_recorded",
                "type",
                "jenis peristiwa {name} belum dapat dicatat oleh versi ini; simpan datanya sampai ada versi yang bisa",
                "events of type {name} cannot be recorded by this version yet; keep the data until one can"
            )
        }
        // The record holds every type to its kind of stream.
        (data, subject) => Err(Refusal::new(
            "wrong_stream",
            format!("jenis {} tidak cocok dengan subjek {subject}", data.type_name()),
            format!("type {} does not belong to stream {subject}", data.type_name()),
        )
        .at("subject")),
    }
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

fn active_ikm(state: &State, at: Moment, ikm: IkmId) -> Judgement {
    match state.ikms.get(&ikm) {
        None => refuse!(
            "unknown_ikm",
            "subject",
            "IKM {ikm} belum terdaftar; catat ikm.registered dahulu",
            "IKM {ikm} is not registered; record ikm.registered first"
        ),
        Some(registered) if *registered > at => Err(too_early(
            "ikm_not_active",
            &format!("IKM {ikm} baru terdaftar"),
            &format!("IKM {ikm} was registered"),
            *registered,
            at,
        )),
        Some(_) => Ok(()),
    }
}

/// Asks that a person is registered, whatever the day: an office learns who sat in a training from the
/// attendance sheet, and enters them that day or later. An IKM is another matter, for what is done with one
/// that was not active does not count.
fn known_person(state: &State, person: PersonId, field: &str) -> Judgement {
    if state.persons.contains_key(&person) {
        return Ok(());
    }
    Err(Refusal::new(
        "unknown_person",
        format!("orang {person} belum terdaftar; catat person.registered dahulu"),
        format!("person {person} is not registered; record person.registered first"),
    )
    .at(field))
}

fn open_program<'a>(
    state: &'a State,
    at: Moment,
    program: ProgramId,
    field: &str,
) -> Result<&'a Opened, Refusal> {
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

fn ikm_registered(state: &State, _at: Moment, ikm: IkmId, data: &IkmRegistered) -> Judgement {
    if let Some(first) = state.ikms.get(&ikm) {
        let index = first.index;
        refuse!(
            "registered_once",
            "subject",
            "IKM {ikm} sudah terdaftar pada indeks {index}; koreksi peristiwa itu",
            "IKM {ikm} is already registered at index {index}; correct that event"
        );
    }
    if data.area.level() == jejak_events::area::Level::Province {
        let area = data.area;
        refuse!(
            "city_needed",
            "data.area",
            "wilayah {area} adalah provinsi; IKM berada di kabupaten atau kota",
            "area {area} is a province; an IKM lies in a kabupaten or kota"
        );
    }
    data.owner.map_or(Ok(()), |owner| known_person(state, owner, "data.owner"))
}

fn person_registered(state: &State, at: Moment, person: PersonId, ikm: Option<IkmId>) -> Judgement {
    if let Some(first) = state.persons.get(&person) {
        let index = first.index;
        refuse!(
            "registered_once",
            "subject",
            "orang {person} sudah terdaftar pada indeks {index}; koreksi peristiwa itu",
            "person {person} is already registered at index {index}; correct that event"
        );
    }
    match ikm {
        Some(ikm) => active_ikm(state, at, ikm).map_err(|refusal| refusal.at("data.ikm")),
        None => Ok(()),
    }
}

fn program_opened(state: &State, id: ProgramId, data: &ProgramOpened) -> Judgement {
    let indicators = data.targets.iter().flat_map(|set| set.iter()).map(|target| &target.indicator);
    if let Some(indicator) = said_twice(indicators) {
        refuse!(
            "target_twice",
            "data.targets",
            "sasaran {indicator} tercantum dua kali; sebutkan satu angka saja",
            "the target {indicator} is listed twice; give one figure for it"
        );
    }
    let Some(program) = state.programs.get(&id) else { return Ok(()) };
    if let Some(opened) = &program.opened {
        let index = opened.moment.index;
        refuse!(
            "opened_once",
            "subject",
            "program {id} sudah dibuka pada indeks {index}; koreksi peristiwa itu",
            "programme {id} was already opened at index {index}; correct that event"
        );
    }
    // Reached by a correction of the opening, whose enrolments are in force already.
    let (unit, quota) = (data.unit, data.quota.map(jejak_events::values::Count::get));
    let taken = places(unit, program.enrolled_ikms, program.enrolled_persons.len());
    if let Some(quota) = quota
        && taken > u64::from(quota)
    {
        refuse!(
            "quota_below_enrolled",
            "data.quota",
            "kuota {quota} lebih kecil daripada {taken} yang sudah terdaftar; tarik pendaftarannya dahulu",
            "the quota of {quota} is below the {taken} already enrolled; retract enrolments first"
        );
    }
    Ok(())
}

/// The first code that a list says more than once. A list is a set of whole entries: two entries with one
/// code and different figures pass for it, and nobody could say which figure holds.
fn said_twice<'a>(mut codes: impl Iterator<Item = &'a Code>) -> Option<&'a Code> {
    let mut seen = BTreeSet::new();
    codes.find(|code| !seen.insert(*code))
}

fn places(unit: Unit, ikms: u64, persons: usize) -> u64 {
    match unit {
        Unit::Ikm => ikms,
        Unit::Person => persons as u64,
    }
}

fn session_scheduled(state: &State, at: Moment, program: ProgramId, data: &SessionScheduled) -> Judgement {
    open_program(state, at, program, "subject")?;
    let session = data.session;
    if let Some(first) = state.sessions.get(&session) {
        let index = first.moment.index;
        refuse!(
            "scheduled_once",
            "data.session",
            "sesi {session} sudah dijadwalkan pada indeks {index}; koreksi peristiwa itu",
            "session {session} is already scheduled at index {index}; correct that event"
        );
    }
    let mut dates: Vec<Date> = data.days.iter().map(|day| day.date).collect();
    dates.sort_unstable();
    if let Some(pair) = dates.windows(2).find(|pair| pair[0] == pair[1]) {
        let date = pair[0];
        refuse!(
            "day_twice",
            "data.days",
            "hari {date} tercantum dua kali; gabungkan menitnya",
            "the day {date} is listed twice; add up its minutes"
        );
    }
    for day in data.days.iter() {
        let (date, minutes) = (day.date, day.minutes());
        if !(1..=1440).contains(&minutes) {
            refuse!(
                "minutes_of_a_day",
                "data.days",
                "menit pada {date} berjumlah {minutes}; seharusnya 1 sampai 1440",
                "the minutes of {date} add up to {minutes}; they must be 1 to 1440"
            );
        }
    }
    data.instructors
        .iter()
        .flat_map(|set| set.iter())
        .try_for_each(|person| known_person(state, *person, "data.instructors"))
}

fn enrolment_made(state: &State, at: Moment, ikm: IkmId, data: &EnrolmentMade) -> Judgement {
    let program = data.program;
    let opened = open_program(state, at, program, "data.program")?;
    active_ikm(state, at, ikm)?;
    if let Some(first) = state.enrolments.get(&(program, ikm)) {
        let index = first.moment.index;
        refuse!(
            "enrolled_once",
            "data.program",
            "IKM {ikm} sudah terdaftar dalam program {program} pada indeks {index}",
            "IKM {ikm} is already enrolled in programme {program} at index {index}"
        );
    }
    let persons: &[PersonId] = data.persons.as_deref().unwrap_or(&[]);
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
        known_person(state, *person, "data.persons")?;
        if enrolled.is_some_and(|program| program.enrolled_persons.contains_key(person)) {
            refuse!(
                "person_enrolled_once",
                "data.persons",
                "orang {person} sudah terdaftar dalam program {program} lewat IKM lain",
                "person {person} is already enrolled in programme {program} through another IKM"
            );
        }
    }
    let Some(quota) = opened.quota else { return Ok(()) };
    let (ikms, people) =
        enrolled.map_or((0, 0), |program| (program.enrolled_ikms, program.enrolled_persons.len()));
    let taken = places(opened.unit, ikms, people);
    let asked = places(opened.unit, 1, persons.len());
    if taken + asked > u64::from(quota) {
        refuse!(
            "quota_full",
            "data.program",
            "kuota {quota} program {program} sudah terisi {taken}, diminta {asked} lagi; usulkan enrolment.waitlisted",
            "the quota of {quota} of programme {program} has {taken} places taken, {asked} more were asked; propose enrolment.waitlisted"
        );
    }
    Ok(())
}

fn training_attended(state: &State, at: Moment, ikm: IkmId, data: &TrainingAttended) -> Judgement {
    let (program, session, day) = (data.program, data.session, data.day);
    let opened = open_program(state, at, program, "data.program")?;
    let date = at.date;
    if date != day {
        refuse!(
            "time_is_the_day",
            "time",
            "waktu {date} tidak sama dengan hari hadir {day}",
            "the time {date} is not the day attended, {day}"
        );
    }
    let enrolment = match state.enrolments.get(&(program, ikm)) {
        Some(enrolment) if enrolment.moment < at => enrolment,
        Some(enrolment) => {
            return Err(too_early(
                "not_yet_enrolled",
                &format!("IKM {ikm} baru terdaftar dalam program pada"),
                &format!("IKM {ikm} was enrolled in the programme"),
                enrolment.moment,
                at,
            ));
        }
        None => refuse!(
            "not_enrolled",
            "data.program",
            "IKM {ikm} tidak terdaftar dalam program {program}; catat enrolment.made dahulu",
            "IKM {ikm} is not enrolled in programme {program}; record enrolment.made first"
        ),
    };
    let scheduled = scheduled_session(state, at, data, enrolment)?;
    let Some((_, minutes_of_day)) = scheduled.days.iter().find(|(date, _)| *date == day) else {
        refuse!(
            "not_a_session_day",
            "data.day",
            "sesi {session} tidak berlangsung pada {day}; periksa jadwalnya",
            "session {session} is not held on {day}; check its days"
        )
    };
    match data.person {
        Some(person) if !enrolment.persons.is_empty() && !enrolment.persons.contains(&person) => refuse!(
            "person_not_enrolled",
            "data.person",
            "orang {person} tidak terdaftar dalam program {program} untuk IKM ini",
            "person {person} is not enrolled in programme {program} for this IKM"
        ),
        Some(person) => known_person(state, person, "data.person")?,
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

fn scheduled_session<'a>(
    state: &'a State,
    at: Moment,
    data: &TrainingAttended,
    enrolment: &Enrolment,
) -> Result<&'a Session, Refusal> {
    let (program, session) = (data.program, data.session);
    match state.sessions.get(&session) {
        Some(found) if found.program != program => refuse!(
            "other_program",
            "data.session",
            "sesi {session} bukan bagian program {program}",
            "session {session} does not belong to programme {program}"
        ),
        Some(found) if found.moment > at => Err(too_early(
            "session_not_scheduled",
            &format!("sesi {session} baru dijadwalkan"),
            &format!("session {session} was scheduled"),
            found.moment,
            at,
        )),
        Some(found) if found.group.is_some() && found.group != enrolment.group => refuse!(
            "other_group",
            "data.session",
            "sesi {session} untuk kelompok lain",
            "session {session} is for another group"
        ),
        Some(found) => Ok(found),
        None => refuse!(
            "unknown_session",
            "data.session",
            "sesi {session} belum dijadwalkan; catat program.session_scheduled dahulu",
            "session {session} is not scheduled; record program.session_scheduled first"
        ),
    }
}

fn assessment_recorded(state: &State, at: Moment, ikm: IkmId, data: &AssessmentRecorded) -> Judgement {
    open_program(state, at, data.program, "data.program")?;
    active_ikm(state, at, ikm)?;
    let codes = data.criteria.iter().flat_map(|set| set.iter()).map(|criterion| &criterion.code);
    if let Some(code) = said_twice(codes) {
        refuse!(
            "criterion_twice",
            "data.criteria",
            "kriteria {code} tercantum dua kali; sebutkan satu nilai saja",
            "the criterion {code} is listed twice; give one score for it"
        );
    }
    for criterion in data.criteria.iter().flat_map(|set| set.iter()) {
        let (code, score, maximum) =
            (&criterion.code, criterion.score_hundredths.get(), criterion.maximum_hundredths.get());
        if score > maximum {
            refuse!(
                "score_above_maximum",
                "data.criteria",
                "nilai {score} untuk {code} melebihi maksimum {maximum}",
                "the score {score} for {code} is above the maximum of {maximum}"
            );
        }
    }
    data.assessor.map_or(Ok(()), |assessor| known_person(state, assessor, "data.assessor"))
}

fn certificate_issued(state: &State, at: Moment, subject: Subject, data: &CertificateIssued) -> Judgement {
    if let Subject::Certificate(id) = subject
        && let Some(first) = state.certificates.get(&id).and_then(|certificate| certificate.issued)
    {
        let index = first.index;
        refuse!(
            "issued_once",
            "subject",
            "sertifikat {id} sudah diterbitkan pada indeks {index}",
            "certificate {id} was already issued at index {index}"
        );
    }
    let (from, to) = (data.valid_from, data.valid_to);
    if from > to {
        refuse!(
            "validity_backward",
            "data.valid_to",
            "masa berlaku {from} sampai {to} berjalan mundur",
            "the validity from {from} to {to} runs backward"
        );
    }
    match &data.holder {
        Holder::Ikm { ikm } | Holder::Product { ikm, .. } => {
            active_ikm(state, at, *ikm).map_err(|refusal| refusal.at("data.holder.ikm"))
        }
        Holder::Person { person } => known_person(state, *person, "data.holder.person"),
    }
}

fn certificate_revoked(state: &State, at: Moment, subject: Subject, _data: &CertificateRevoked) -> Judgement {
    let Subject::Certificate(id) = subject else { return Ok(()) };
    let certificate = state.certificates.get(&id);
    match certificate.and_then(|certificate| certificate.issued) {
        Some(issued) if issued < at => {}
        Some(issued) => {
            return Err(too_early(
                "not_issued",
                &format!("sertifikat {id} baru diterbitkan"),
                &format!("certificate {id} was issued"),
                issued,
                at,
            ));
        }
        _ => refuse!(
            "not_issued",
            "subject",
            "sertifikat {id} belum diterbitkan; tidak ada yang dapat dicabut",
            "certificate {id} was not issued; there is nothing to revoke"
        ),
    }
    if let Some(first) = certificate.and_then(|certificate| certificate.revoked) {
        let index = first.index;
        refuse!(
            "revoked_once",
            "subject",
            "sertifikat {id} sudah dicabut pada indeks {index}",
            "certificate {id} was already revoked at index {index}"
        );
    }
    Ok(())
}

fn exhibition_announced(state: &State, subject: Subject, data: &ExhibitionAnnounced) -> Judgement {
    let (from, to) = (data.from, data.to);
    if from > to {
        refuse!(
            "dates_backward",
            "data.to",
            "pameran dari {from} sampai {to} berjalan mundur",
            "the exhibition from {from} to {to} runs backward"
        );
    }
    if let Subject::Exhibition(id) = subject
        && let Some(first) = state.exhibitions.get(&id)
    {
        let index = first.moment.index;
        refuse!(
            "announced_once",
            "subject",
            "pameran {id} sudah diumumkan pada indeks {index}; koreksi peristiwa itu",
            "exhibition {id} was already announced at index {index}; correct that event"
        );
    }
    Ok(())
}

fn exhibition_joined(state: &State, at: Moment, ikm: IkmId, data: &ExhibitionJoined) -> Judgement {
    let id = data.exhibition;
    active_ikm(state, at, ikm)?;
    // The day of the announcement is not asked for: many an exhibition is heard of when it is over, and what
    // holds is that the IKM was there on one of its days.
    let Some(exhibition) = state.exhibitions.get(&id) else {
        refuse!(
            "unknown_exhibition",
            "data.exhibition",
            "pameran {id} belum diumumkan; catat exhibition.announced dahulu",
            "exhibition {id} was never announced; record exhibition.announced first"
        )
    };
    let (date, from, to) = (at.date, exhibition.from, exhibition.to);
    if date < from || date > to {
        refuse!(
            "outside_exhibition",
            "time",
            "{date} di luar masa pameran {from} sampai {to}",
            "{date} lies outside the exhibition, {from} to {to}"
        );
    }
    if let Some(first) = state.joined.get(&(id, ikm)) {
        refuse!(
            "joined_once",
            "data.exhibition",
            "IKM {ikm} sudah tercatat di pameran {id} pada indeks {first}",
            "IKM {ikm} is already recorded at exhibition {id} at index {first}"
        );
    }
    Ok(())
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
