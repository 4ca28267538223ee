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

use jejak_events::area::{self, AreaCode, Level};
use jejak_events::fault::Message;
use jejak_events::identity::{IkmId, ProgramId, Source, Subject};
use jejak_events::types::area_reports::{CoverageDeclared, FiguresReleased, PopulationReported, TargetSet};
use jejak_events::types::certificate::{
    CertificateIssued, CertificateReinstated, CertificateRenewed, CertificateRevoked, CertificateSuspended,
};
use jejak_events::types::claim::{ClaimChecked, ClaimMade};
use jejak_events::types::enterprise::{
    IkmClosed, IkmErased, IkmErasureRequested, IkmFacilityAdded, IkmMerged, IkmProfileChanged, IkmReopened,
    ShipmentReported, TurnoverReported, WorkforceReported,
};
use jejak_events::types::exhibition::{ExhibitionAnnounced, ExhibitionJoined};
use jejak_events::types::ikm::{
    AssessmentRecorded, EnrolmentMade, EnrolmentPromoted, EnrolmentWaitlisted, EnrolmentWithdrawn,
    IkmRegistered, MentoringVisited, TrainingAttended, Verdict,
};
use jejak_events::types::person::{
    PersonErased, PersonErasureRequested, PersonMerged, PersonProfileChanged, PersonRegistered,
};
use jejak_events::types::program::{
    ProgramClosed, ProgramOpened, SessionCancelled, SessionDay, SessionRescheduled, SessionScheduled,
    SpendingReported,
};
use jejak_events::types::sentra::{
    SentraBuilt, SentraFacilityAdded, SentraFunded, SentraLegalFormRecorded, SentraMemberJoined,
    SentraMemberLeft, SentraOpened, SentraPlanned,
};
use jejak_events::types::{
    EventCorrected, EventRetracted, EvidenceRedacted, KeyIntroduced, RegistryOpened, RulesAdopted,
};
use jejak_events::values::{Code, Date, DistrictCode};
use schemars::JsonSchema;
use serde::Serialize;

use super::days_late;
use super::enrollee::Enrollee;
use super::places::PlaceStanding;
use super::precedents::{CodeList, FundingReport};
use super::state::{EventContent, State, id};
use super::timeline::Moment;
use super::types::{aimed_at, funding, spending};

/// Minutes of a day up to which they are taken for hours: a day has no more of those.
const HOURS_OF_A_DAY: u32 = 24;
/// Minutes of a lesson hour (JP).
const LESSON_MINUTES: u32 = 45;
/// Waits looked at for one that was passed over. Those beyond are of streams that were merged or closed.
const LOOKED_AT: usize = 64;

/// Something unusual about an event that was recorded all the same.
///
/// Serialised as `{"code","field","message":{"id","en"}}`; `field` is a path such as `data.area`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Notice {
    /// Stable code, such as `visited_before`.
    #[schemars(with = "jejak_events::schema::texts::Word")]
    pub code: &'static str,
    /// The field that it is about, as a path from the top of the proposal.
    #[schemars(with = "jejak_events::schema::texts::FieldPath")]
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

/// The days between a fact and its recording, when that is late, with the notice of it.
#[must_use]
pub fn late(subject: Subject, happened: Date, recorded: Date) -> Option<(i64, Notice)> {
    let days = days_late(subject, happened, recorded)?;
    let notice = Notice::new(
        "recorded_late",
        "time",
        format!("dicatat {days} hari sesudah kejadian; periksa tanggalnya"),
        format!("recorded {days} days after it happened; check the date"),
    );
    Some((days, notice))
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
pub fn notices(state: &State, index: u64, content: EventContent<'_>, office: &Source) -> Vec<Notice> {
    let at = Moment { date: content.time.date(), index };
    let asked = NoticeContext { state, at, stream: content.subject, office };
    let said = jejak_events::match_data!(content.data, facts => facts.notices(&asked));
    said.into_iter().flatten().collect()
}

/// What notices are asked with.
struct NoticeContext<'a> {
    state: &'a State,
    at: Moment,
    stream: Subject,
    office: &'a Source,
}

/// What may be unusual about the facts of a type. Each type says so, if only that nothing is.
trait Noticed {
    fn notices(&self, asked: &NoticeContext<'_>) -> Vec<Option<Notice>>;
}

macro_rules! nothing_unusual {
    ($( $name:ty, )*) => {
        $( impl Noticed for $name {
            fn notices(&self, _: &NoticeContext<'_>) -> Vec<Option<Notice>> {
                Vec::new()
            }
        } )*
    };
}
nothing_unusual! {
    CertificateReinstated, CertificateRenewed, CertificateRevoked, CertificateSuspended, ClaimChecked,
    EnrolmentWaitlisted, EnrolmentWithdrawn, EventCorrected, EventRetracted, EvidenceRedacted, ExhibitionJoined,
    IkmClosed, IkmErased, IkmErasureRequested, IkmFacilityAdded, IkmMerged, IkmReopened, KeyIntroduced, PersonErased,
    PersonErasureRequested, PersonMerged, PersonProfileChanged, PersonRegistered, RegistryOpened, RulesAdopted, SentraBuilt,
    SentraFacilityAdded, SentraLegalFormRecorded, SentraMemberJoined, SentraMemberLeft, SentraOpened,
    SessionCancelled, ShipmentReported, TurnoverReported, WorkforceReported,
}

/// Implements [`Noticed`]: the notices of the facts, in this order.
macro_rules! noticed {
    ($( $name:ty: |$facts:ident, $asked:ident| [$( $notice:expr ),* $(,)?]; )*) => {
        $( impl Noticed for $name {
            fn notices(&self, $asked: &NoticeContext<'_>) -> Vec<Option<Notice>> {
                let $facts = self;
                vec![$( $notice ),*]
            }
        } )*
    };
}
noticed! {
    IkmRegistered: |it, asked| [
        asked.area("data.area", it.area),
        it.district.as_ref().and_then(unknown_district),
        asked.own_code(CodeList::Commodities, &it.commodity),
    ];
    IkmProfileChanged: |it, asked| [
        it.area.and_then(|area| asked.area("data.area", area)),
        it.district.as_ref().and_then(unknown_district),
        it.commodity.as_ref().and_then(|code| asked.own_code(CodeList::Commodities, code)),
    ];
    ProgramOpened: |it, asked| [
        asked.area("data.area", it.area),
        asked.own_code(CodeList::Themes, &it.theme),
        asked.program().and_then(|id| sessions_outside(asked.state, id, |day| day < asked.at.date, "time")),
    ];
    ProgramClosed: |_it, asked| [
        asked.program().and_then(|id| sessions_outside(asked.state, id, |day| day >= asked.at.date, "time")),
    ];
    SessionScheduled: |it, asked| [
        asked.program().and_then(|id| outside_program(asked.state, id, &it.days)),
        days_in_hours(&it.days),
    ];
    SessionRescheduled: |it, asked| [
        asked.program().and_then(|id| outside_program(asked.state, id, &it.days)),
        days_in_hours(&it.days),
    ];
    SpendingReported: |it, asked| [asked.funded_before(&spending(asked.stream, it))];
    SentraFunded: |it, asked| [asked.funded_before(&funding(asked.stream, it))];
    SentraPlanned: |it, asked| [
        asked.area("data.area", it.area),
        asked.own_code(CodeList::Commodities, &it.commodity),
    ];
    ExhibitionAnnounced: |it, asked| [asked.venue(it)];
    PopulationReported: |it, asked| [
        asked.own_area(),
        asked.own_code(CodeList::Commodities, &it.commodity),
    ];
    CoverageDeclared: |it, asked| [
        asked.own_area(),
        it.theme.as_ref().and_then(|code| asked.other_code(CodeList::Themes, code, "data.theme")),
    ];
    TargetSet: |it, asked| [
        asked.own_area(),
        it.theme.as_ref().and_then(|code| asked.other_code(CodeList::Themes, code, "data.theme")),
        it.commodity.as_ref().and_then(|code| asked.other_code(CodeList::Commodities, code, "data.commodity")),
        asked.aimed_at_before(it),
    ];
    FiguresReleased: |_it, asked| [asked.own_area()];
    ClaimMade: |it, asked| [asked.code_of_scope(it)];
    CertificateIssued: |it, asked| [asked.own_code(CodeList::Schemes, &it.scheme)];
    TrainingAttended: |it, asked| [attended_in_hours(asked.state, it)];
    MentoringVisited: |it, asked| [
        asked.ikm().and_then(|ikm| visited_before(asked.state, asked.at, ikm, it.program)),
    ];
    AssessmentRecorded: |it, asked| [
        asked.own_code(CodeList::Schemes, &it.scheme),
        asked.ikm().and_then(|ikm| assessed_before(asked.state, asked.at, ikm, it)),
    ];
    EnrolmentMade: |it, asked| [
        id(asked.stream).and_then(|who| {
            waits_longer(asked.state, asked.at, (who, it.program), it.group.as_ref(), "data.program")
        }),
    ];
    EnrolmentPromoted: |it, asked| [
        id(asked.stream).and_then(|who| {
            let own = match asked.state.standing_before(it.program, who, asked.at) {
                PlaceStanding::Waiting(since) => since,
                _ => asked.at,
            };
            waits_longer(asked.state, own, (who, it.program), it.group.as_ref(), "data.program")
        }),
    ];
}

impl NoticeContext<'_> {
    fn ikm(&self) -> Option<IkmId> {
        id(self.stream)
    }

    fn program(&self) -> Option<ProgramId> {
        id(self.stream)
    }

    /// An area that is not of the office that records.
    fn area(&self, field: &'static str, area: AreaCode) -> Option<Notice> {
        let office = self.office;
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

    /// As [`NoticeContext::area`], of the stream.
    fn own_area(&self) -> Option<Notice> {
        if let Subject::Area(area) = self.stream { self.area("subject", area) } else { None }
    }

    /// As [`NoticeContext::area`]; exhibitions above the level of a city are elsewhere by nature.
    fn venue(&self, data: &ExhibitionAnnounced) -> Option<Notice> {
        let office = self.office.area;
        let is_near = match &*data.level {
            "city" => true,
            "province" => office.level() == Level::Province || data.area.province() != office.province(),
            _ => false,
        };
        is_near.then(|| self.area("data.area", data.area)).flatten()
    }

    /// A code of an open list that the facts use and no other event does, once others of its list are in use.
    fn own_code(&self, list: CodeList, code: &Code) -> Option<Notice> {
        let uses = self.state.precedents.uses(list, code);
        if uses > 1 { None } else { unused(self.state, list, code, field_of(list)) }
    }

    /// As [`NoticeContext::own_code`], of a code that the facts name without using it.
    fn other_code(&self, list: CodeList, code: &Code, field: &'static str) -> Option<Notice> {
        let uses = self.state.precedents.uses(list, code);
        if uses > 0 { None } else { unused(self.state, list, code, field) }
    }

    /// The first code that a claim is narrowed to and no event uses.
    fn code_of_scope(&self, data: &ClaimMade) -> Option<Notice> {
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
        let (list, code, field) = all.find(|(list, code, _)| self.state.precedents.uses(*list, code) == 0)?;
        unused(self.state, list, &code, field)
    }

    fn aimed_at_before(&self, data: &TargetSet) -> Option<Notice> {
        let key = aimed_at(self.stream, data)?;
        let other = self.state.precedents.targets.other(&key, self.at.index)?;
        Some(Notice::new(
            "aimed_at_before",
            "data.figure",
            format!(
                "target wilayah ini untuk angka, lingkup dan hari yang sama sudah tercatat pada indeks {other}; koreksi atau tarik yang tidak berlaku"
            ),
            format!(
                "a target of this area for the same figure, scope and day is on record at index {other}; correct or retract the one that does not hold"
            ),
        ))
    }

    fn funded_before(&self, key: &FundingReport) -> Option<Notice> {
        let other = self.state.precedents.funding.other(key, self.at.index)?;
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

/// A district that the table does not list: a slip, or one that is newer than the table.
fn unknown_district(district: &DistrictCode) -> Option<Notice> {
    if area::district_name(district).is_some() {
        return None;
    }
    let year = area::TABLE_YEAR;
    Some(Notice::new(
        "unknown_district",
        "data.district",
        format!("kecamatan {district} tidak ada dalam tabel {year}; periksa kodenya"),
        format!("district {district} is not in the table of {year}; check the code"),
    ))
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
    (asks, program): (Enrollee, ProgramId),
    group: Option<&Code>,
    field: &'static str,
) -> Option<Notice> {
    let counts_as = |who| state.merged().survivor(who);
    let passed = state.waiting(program).take(LOOKED_AT).take_while(|wait| wait.since < own).find(|wait| {
        let who = counts_as(wait.enrollee);
        let same_group = wait.group.is_none() || group.is_none() || wait.group == group;
        same_group
            && who != counts_as(asks)
            && state.is_live(who.into())
            && matches!(state.standing_finally(program, who), PlaceStanding::Waiting(_))
    })?;
    let ([other_id, other_en], Moment { date, index }) = (passed.enrollee.called(), passed.since);
    Some(Notice::new(
        "waits_longer",
        field,
        format!(
            "{other_id} menunggu tempat dalam program ini lebih lama, sejak {date} (indeks {index}); periksa urutannya"
        ),
        format!(
            "{other_en} waits longer for a place in this programme, since {date} (index {index}); check the order"
        ),
    ))
}
