//! What is unusual and may be right: recorded, and said in the answer (`docs/domain.md`, section 2).
//!
//! [`notices`] is pure, as [`super::judge`] is, and must never refuse anything. It looks at what is on record and
//! in force at the moment of asking, the event itself left out, so that an event that is sent again is told how
//! it stands by then. Each look costs no more than a search in an index of the state, never a walk over the
//! registry.
//!
//! A notice never says a sealed value, nor whose it is: of a number that another stream has, it says that one
//! exists, and where to look so that the look is noted.

use std::borrow::Cow;

use jejak_events::area::{AreaCode, Level};
use jejak_events::fault::Message;
use jejak_events::identity::{IkmId, ProgramId, Source, Subject};
use jejak_events::types::Data;
use jejak_events::types::ikm::{AssessmentRecorded, TrainingAttended, Verdict};
use jejak_events::types::program::SessionDay;
use jejak_events::values::{Code, Date};
use serde::Serialize;

use super::LATE_DAYS;
use super::places::Standing;
use super::precedents::{CodeList, funding};
use super::state::{Content, State};
use super::timeline::Moment;

/// Minutes of a day up to which they are taken for hours: a day has no more of those.
const HOURS_OF_A_DAY: u32 = 24;
/// Minutes of a lesson hour (JP).
const LESSON_MINUTES: u32 = 45;
/// Waits looked at for one that was passed over. Those beyond are of streams that were merged or closed.
const LOOKED_AT: usize = 64;

/// Something unusual about an event that was recorded all the same.
///
/// Serialised as `{"code","field","message":{"id","en"}}`; `field` is a path such as `data.area`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Stable code, such as `visited_before`.
    pub code: &'static str,
    /// The field that it is about, as a path from the top of the proposal.
    pub field: Cow<'static, str>,
    /// What is unusual, and what to look at.
    pub message: Message,
}

impl Notice {
    fn new(code: &'static str, field: &'static str, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, field: Cow::Borrowed(field), message: Message::new(id, en) }
    }

    /// The same notice of what a correction puts in place.
    #[must_use]
    pub fn of_replacement(mut self) -> Self {
        self.field = Cow::Owned(format!("data.{}", self.field));
        self
    }
}

/// The days between a fact and its recording, when they are more than [`LATE_DAYS`], with the notice of it.
#[must_use]
pub fn late(happened: Date, recorded: Date) -> Option<(i64, Notice)> {
    let days = recorded.naive().signed_duration_since(happened.naive()).num_days();
    let notice = || {
        Notice::new(
            "recorded_late",
            "time",
            format!("dicatat {days} hari sesudah kejadian; periksa tanggalnya"),
            format!("recorded {days} days after it happened; check the date"),
        )
    };
    (days > LATE_DAYS).then(|| (days, notice()))
}

/// The notice that another live stream of the kind has the sealed number of this one; `None` for streams that
/// have none.
#[must_use]
pub fn number_of_another(stream: Subject) -> Option<Notice> {
    match stream {
        Subject::Ikm(_) => Some(Notice::new(
            "nib_of_another",
            "data.nib",
            "NIB ini sudah tercatat pada IKM lain yang masih berlaku; cari dengan `jejak find` (pencarian dicatat), lalu gabungkan atau koreksi",
            "another live IKM has this business number; look with `jejak find`, which notes the look, then merge or correct",
        )),
        Subject::Person(_) => Some(Notice::new(
            "nik_of_another",
            "data.nik",
            "NIK ini sudah tercatat pada orang lain yang masih berlaku; cari dengan `jejak find` (pencarian dicatat), lalu gabungkan atau koreksi",
            "another live person has this identity number; look with `jejak find`, which notes the look, then merge or correct",
        )),
        _ => None,
    }
}

/// What is unusual about the content of the original event at `index`, which `office` records.
///
/// The state may hold the content itself.
#[must_use]
pub fn notices(state: &State, index: u64, content: Content<'_>, office: &Source) -> Vec<Notice> {
    let at = Moment { date: content.time.date(), index };
    let mut said = Vec::new();
    said.extend(area(content, office));
    said.extend(code_in_use(state, content.data));
    said.extend(funded_before(state, at, content));
    match (content.subject, content.data) {
        (Subject::Program(program), Data::SessionScheduled(data)) => {
            said.extend(outside_program(state, program, &data.days));
            said.extend(days_in_hours(&data.days));
        }
        (Subject::Program(program), Data::SessionRescheduled(data)) => {
            said.extend(outside_program(state, program, &data.days));
            said.extend(days_in_hours(&data.days));
        }
        (Subject::Program(program), Data::ProgramOpened(_)) => {
            said.extend(sessions_outside(state, program, |day| day < at.date, "time"));
        }
        (Subject::Program(program), Data::ProgramClosed(_)) => {
            said.extend(sessions_outside(state, program, |day| day >= at.date, "time"));
        }
        (Subject::Ikm(_), Data::TrainingAttended(data)) => said.extend(attended_in_hours(state, data)),
        (Subject::Ikm(ikm), Data::MentoringVisited(data)) => {
            said.extend(visited_before(state, at, ikm, data.program));
        }
        (Subject::Ikm(ikm), Data::AssessmentRecorded(data)) => {
            said.extend(assessed_before(state, at, ikm, data));
        }
        (Subject::Ikm(ikm), Data::EnrolmentMade(data)) => {
            said.extend(waits_longer(state, at, (ikm, data.program), data.group.as_ref(), "data.program"));
        }
        (Subject::Ikm(ikm), Data::EnrolmentPromoted(data)) => {
            let own = match state.standing_before(data.program, ikm, at) {
                Standing::Waiting(since) => since,
                _ => at,
            };
            said.extend(waits_longer(state, own, (ikm, data.program), data.group.as_ref(), "data.program"));
        }
        _ => {}
    }
    said
}

/// An area that is not of the office that records. Exhibitions above the level of a city are elsewhere by
/// nature.
fn area(content: Content<'_>, office: &Source) -> Option<Notice> {
    let (field, area): (_, AreaCode) = match (content.subject, content.data) {
        (_, Data::IkmRegistered(data)) => ("data.area", data.area),
        (_, Data::IkmProfileChanged(data)) => ("data.area", data.area?),
        (_, Data::ProgramOpened(data)) => ("data.area", data.area),
        (_, Data::SentraPlanned(data)) => ("data.area", data.area),
        (_, Data::ExhibitionAnnounced(data)) => match &*data.level {
            "city" => ("data.area", data.area),
            "province" if office.area.level() == Level::Province => ("data.area", data.area),
            "province" if data.area.province() != office.area.province() => ("data.area", data.area),
            _ => return None,
        },
        (Subject::Area(area), _) => ("subject", area),
        _ => return None,
    };
    if area.is_within(office.area) {
        return None;
    }
    let name = area.name();
    Some(Notice::new(
        "area_of_another_office",
        field,
        format!("wilayah {area} ({name}) di luar wilayah kantor {office}; periksa kodenya"),
        format!("area {area} ({name}) lies outside that of the office {office}; check the code"),
    ))
}

/// A code of an open list that no other event uses, once others of its list are in use.
fn code_in_use(state: &State, data: &Data) -> Option<Notice> {
    if let Some((list, code)) = CodeList::used_in(data) {
        let own = state.precedents.uses(list, code);
        return if own > 1 { None } else { unused(state, list, code, field_of(list)) };
    }
    let (list, code, field) = match data {
        Data::CoverageDeclared(data) => (CodeList::Themes, data.theme.clone()?, "data.theme"),
        Data::ClaimMade(data) => {
            let scope = data.scope.as_ref()?;
            let themes = scope.theme.iter().flat_map(|set| set.iter());
            let themes = themes.map(|code| (CodeList::Themes, code.clone(), "data.scope.theme"));
            let named = |list, text: &Option<jejak_events::values::Text>, field| {
                let code = text.as_ref().and_then(|text| Code::parse(text).ok());
                code.map(|code| (list, code, field))
            };
            let commodity = named(CodeList::Commodities, &scope.commodity, "data.scope.commodity");
            let scheme = named(CodeList::Schemes, &scope.scheme, "data.scope.scheme");
            let mut all = themes.chain(commodity).chain(scheme);
            all.find(|(list, code, _)| state.precedents.uses(*list, code) == 0)?
        }
        _ => return None,
    };
    if state.precedents.uses(list, &code) > 0 {
        return None;
    }
    unused(state, list, &code, field)
}

fn field_of(list: CodeList) -> &'static str {
    match list {
        CodeList::Themes => "data.theme",
        CodeList::Commodities => "data.commodity",
        CodeList::Schemes => "data.scheme",
    }
}

fn unused(state: &State, list: CodeList, code: &Code, field: &'static str) -> Option<Notice> {
    let near = state.precedents.nearest(list, code)?;
    Some(match list {
        CodeList::Themes => Notice::new(
            "theme_unused",
            field,
            format!("tema {code} tidak dipakai peristiwa lain; yang paling mirip {near}, periksa ejaannya"),
            format!("no other event uses theme {code}; the nearest known one is {near}, check the spelling"),
        ),
        CodeList::Commodities => Notice::new(
            "commodity_unused",
            field,
            format!(
                "komoditas {code} tidak dipakai peristiwa lain; yang paling mirip {near}, periksa ejaannya"
            ),
            format!(
                "no other event uses commodity {code}; the nearest known one is {near}, check the spelling"
            ),
        ),
        CodeList::Schemes => Notice::new(
            "scheme_unused",
            field,
            format!("skema {code} tidak dipakai peristiwa lain; yang paling mirip {near}, periksa ejaannya"),
            format!("no other event uses scheme {code}; the nearest known one is {near}, check the spelling"),
        ),
    })
}

fn funded_before(state: &State, at: Moment, content: Content<'_>) -> Option<Notice> {
    let key = funding(content)?;
    let other = state.precedents.funding.other(&key, at.index)?;
    Some(Notice::new(
        "funded_before",
        if key.4.is_some() { "data.amount" } else { "data.source" },
        format!(
            "pendanaan yang sama (tahap, sumber, tahun dan jumlah) sudah tercatat pada indeks {other}; koreksi atau tarik bila sama"
        ),
        format!(
            "the same funding (stage, source, year and amount) is on record at index {other}; correct or retract it if it is the same"
        ),
    ))
}

/// The days on which a programme runs: from the day it opened until the day before it closed.
fn outside_program(state: &State, program: ProgramId, days: &[SessionDay]) -> Option<Notice> {
    let program = state.programs.get(&program)?;
    let opened = program.opened.as_ref()?.moment.date;
    let closed = program.closed.steps().next().map(|(moment, ())| moment.date);
    let date = days
        .iter()
        .map(|day| day.date)
        .find(|date| *date < opened || closed.is_some_and(|closed| *date >= closed))?;
    Some(match closed.filter(|closed| date >= *closed) {
        Some(closed) => Notice::new(
            "session_outside_program",
            "data.days",
            format!("hari sesi {date} tidak sebelum program ditutup ({closed}); periksa tanggalnya"),
            format!(
                "the session's day {date} is not before the programme closed ({closed}); check the dates"
            ),
        ),
        None => Notice::new(
            "session_outside_program",
            "data.days",
            format!("hari sesi {date} sebelum program dibuka ({opened}); periksa tanggalnya"),
            format!("the session's day {date} lies before the programme opened ({opened}); check the dates"),
        ),
    })
}

/// A session on record that an opening or a closing leaves outside the programme's days.
fn sessions_outside(
    state: &State,
    program: ProgramId,
    is_outside: impl Fn(Date) -> bool,
    field: &'static str,
) -> Option<Notice> {
    let (index, date) = state.precedents.sessions(program).find_map(|session| {
        let session = state.session(session).filter(|session| session.cancelled.is_none())?;
        let day = session.days.iter().map(|(date, _)| *date).find(|date| is_outside(*date))?;
        Some((session.scheduled.index, day))
    })?;
    Some(Notice::new(
        "session_outside_program",
        field,
        format!(
            "sesi pada indeks {index} berlangsung {date}, di luar hari program sejak tanggal ini; periksa tanggalnya"
        ),
        format!(
            "the session at index {index} is held on {date}, outside the programme's days by this date; check the dates"
        ),
    ))
}

fn days_in_hours(days: &[SessionDay]) -> Option<Notice> {
    let day = days.iter().find(|day| (1..=HOURS_OF_A_DAY).contains(&day.minutes()))?;
    let (date, minutes) = (day.date, day.minutes());
    Some(Notice::new(
        "minutes_like_hours",
        "data.days",
        format!("{minutes} menit pada {date} tampak seperti jam; tulis dalam menit (1 JP = 45 menit)"),
        format!("{minutes} minutes on {date} look like hours; write minutes (1 JP = 45 minutes)"),
    ))
}

/// Minutes attended that make no more than the day when they are taken for lesson hours.
fn attended_in_hours(state: &State, data: &TrainingAttended) -> Option<Notice> {
    let minutes = data.minutes.map(|minutes| u32::from(minutes.get()))?;
    let session = state.session(data.session)?;
    let (_, of_day) = session.days.iter().find(|(date, _)| *date == data.day)?;
    let looks_like = (1..=HOURS_OF_A_DAY).contains(&minutes) && minutes * LESSON_MINUTES <= *of_day;
    looks_like.then(|| {
        Notice::new(
            "minutes_like_hours",
            "data.minutes",
            format!("{minutes} menit dari {of_day} tampak seperti jam; tulis dalam menit (1 JP = 45 menit)"),
            format!("{minutes} minutes of {of_day} look like hours; write minutes (1 JP = 45 minutes)"),
        )
    })
}

/// An IKM and all that were merged into it.
fn as_one(state: &State, ikm: IkmId) -> Vec<IkmId> {
    state.merged_ikms.group(ikm, u64::MAX)
}

fn visited_before(state: &State, at: Moment, ikm: IkmId, program: ProgramId) -> Option<Notice> {
    let visits = &state.precedents.visits;
    let of = |ikm| visits.other(&(ikm, program, at.date), at.index);
    let other = as_one(state, ikm).into_iter().find_map(of)?;
    let date = at.date;
    Some(Notice::new(
        "visited_before",
        "data.program",
        format!(
            "kunjungan ke IKM ini dalam program ini pada {date} sudah tercatat pada indeks {other}; tarik bila sama"
        ),
        format!(
            "a visit to this IKM within this programme on {date} is on record at index {other}; retract it if it is the same"
        ),
    ))
}

fn assessed_before(state: &State, at: Moment, ikm: IkmId, data: &AssessmentRecorded) -> Option<Notice> {
    let (date, scheme) = (at.date, &data.scheme);
    let streams = as_one(state, ikm);
    let of = |ikm| state.precedents.assessments(ikm, scheme, date);
    let others: Vec<_> = streams.into_iter().flat_map(of).filter(|other| other.index != at.index).collect();
    if let Some(other) = others.iter().find(|other| other.verdict != data.verdict) {
        let index = other.index;
        let words = |verdict| match verdict {
            Verdict::Passed => ("lulus", "passed"),
            Verdict::Failed => ("tidak lulus", "failed"),
        };
        let ((own_id, own_en), (id, en)) = (words(data.verdict), words(other.verdict));
        return Some(Notice::new(
            "assessed_otherwise",
            "data.verdict",
            format!(
                "penilaian {scheme} pada {date} di indeks {index} menyatakan {id}, yang ini {own_id}; koreksi yang keliru"
            ),
            format!(
                "the assessment by {scheme} on {date} at index {index} says {en}, this one {own_en}; correct the wrong one"
            ),
        ));
    }
    let same = others.iter().find(|other| other.program == data.program)?;
    let index = same.index;
    Some(Notice::new(
        "assessed_before",
        "data.scheme",
        format!(
            "penilaian {scheme} dalam program ini pada {date} sudah tercatat pada indeks {index}; tarik bila sama"
        ),
        format!(
            "an assessment by {scheme} within this programme on {date} is on record at index {index}; retract it if it is the same"
        ),
    ))
}

/// Somebody who waits for a place in the programme, and for longer than since `own`.
fn waits_longer(
    state: &State,
    own: Moment,
    (ikm, program): (IkmId, ProgramId),
    group: Option<&Code>,
    field: &'static str,
) -> Option<Notice> {
    let counts_as = |ikm| state.merged_ikms.survivor(ikm, u64::MAX);
    let passed = state.waiting(program).take(LOOKED_AT).take_while(|wait| wait.since < own).find(|wait| {
        let who = counts_as(wait.ikm);
        let same_group = wait.group.is_none() || group.is_none() || wait.group == group;
        same_group
            && who != counts_as(ikm)
            && state.is_live(Subject::Ikm(who))
            && matches!(state.standing_finally(program, who), Standing::Waiting(_))
    })?;
    let (other, Moment { date, index }) = (passed.ikm, passed.since);
    Some(Notice::new(
        "waits_longer",
        field,
        format!(
            "IKM {other} menunggu tempat dalam program ini lebih lama, sejak {date} (indeks {index}); periksa urutannya"
        ),
        format!(
            "IKM {other} waits longer for a place in this programme, since {date} (index {index}); check the order"
        ),
    ))
}
