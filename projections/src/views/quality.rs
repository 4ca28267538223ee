//! `quality`: how offices record.

use jejak_events::area::AreaCode;

use super::calendar::calendar;
use super::scope::{NumberMap, Scope};
use super::sessions::first_presences;
use super::tally::{Counted, Credit, Events, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::{CodeId, RecordingKind};
use crate::question::Filter;

/// Days after which something counts as recorded late.
pub const LATE_DAYS: u16 = 30;

const fn of_events(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::Event }
}

pub(super) const QUALITY: ViewDeclaration = ViewDeclaration {
    name: "quality",
    version: 2,
    title: Words { id: "Mutu pencatatan", en: "Quality of recording" },
    definition: Words {
        id: "Peristiwa yang dicatat suatu kantor paling lambat pada hari yang ditanyakan, menurut hari \
             pencatatannya, tanpa koreksi, pembatalan, klaim dan pemeriksaannya, dan catatan registri tentang \
             dirinya sendiri (events_recorded); di antaranya yang dicatat lebih dari 30 hari sesudah kejadiannya (recorded_late), \
             dan median hari di antaranya, bila yang terlambat sedikitnya tiga (days_late); koreksi dan pembatalan \
             yang dicatatnya (amendments); sesi yang dijadwalkannya, tidak dibatalkan, yang hari terakhirnya sudah \
             lewat dan kehadirannya tidak tercatat (sessions_without_attendance). Cara suatu peristiwa dicatat \
             tidak berubah bila peristiwa itu dikoreksi atau dibatalkan. Wilayah adalah wilayah kantor. Dengan \
             tanggal awal: hanya yang dicatat dalam masa itu, dan sesi yang hari terakhirnya dalam masa itu.",
        en: "Events that an office recorded no later than the day asked for, by the day of recording, without \
             corrections, retractions, claims with their checks and what the registry records of itself \
             (events_recorded); those of them that \
             were recorded more than 30 days after they happened (recorded_late), and the median of the days \
             between, where three or more are late (days_late); corrections and retractions that it recorded \
             (amendments); sessions that it scheduled, not called off, whose last day is past and of which no \
             attendance is recorded (sessions_without_attendance). How an event was recorded does not change when \
             it is corrected or retracted. The area is that of the office. With a first day: only what was recorded \
             in that period, and sessions whose last day lies in it.",
    },
    filters: &[Filter::Area, Filter::From],
    asked_by_claims: AskedByClaims::AsDefined,
    series: SeriesRule::Flow,
    figures: &[
        of_events("events_recorded"),
        of_events("recorded_late"),
        FigureDeclaration { name: "days_late", unit: FigureUnit::MedianDays },
        of_events("amendments"),
        FigureDeclaration { name: "sessions_without_attendance", unit: FigureUnit::Session },
    ],
    breakdowns: &["office"],
    shares: &[
        ShareDeclaration::within("late_of_recorded", "recorded_late", "events_recorded"),
        ShareDeclaration::against("amendments_of_recorded", "amendments", "events_recorded"),
    ],
    attested: &[],
    count,
};

/// Places of the figures.
const RECORDED: usize = 0;
const LATE: usize = 1;
const DAYS_LATE: usize = 2;
const AMENDMENTS: usize = 3;
const NO_ATTENDANCE: usize = 4;

type Office = (AreaCode, CodeId);

/// What an office recorded.
#[derive(Default)]
struct Recorded {
    events: u64,
    /// The first and the last of them.
    ends: Option<(u64, u64)>,
    late: Vec<u64>,
    /// How many were how many days late.
    days_late: NumberMap<u16, u32>,
    amendments: Vec<u64>,
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let silent = sessions_without_attendance(scope);
    let mut offices: NumberMap<Office, Recorded> = NumberMap::default();
    let known = |position| position < scope.question.as_known;
    for row in scope.facts.tables.recordings.iter().filter(|row| known(row.position)) {
        let office = (row.fact.area, row.fact.office);
        if !scope.wants_area(Some(office.0)) {
            continue;
        }
        if let Some((session, events)) = silent.get(&row.position) {
            let events = tally.events(|noted| noted.extend_from_slice(events));
            credit(tally, office, NO_ATTENDANCE, (*session, NO_KEY, 1), events);
        }
        if row.day > scope.question.on || !scope.since(row.day) {
            continue;
        }
        let recorded = offices.entry(office).or_default();
        match row.fact.kind {
            RecordingKind::OfRegistry | RecordingKind::OfClaim => {}
            RecordingKind::Amendment => recorded.amendments.push(row.position),
            RecordingKind::Fact => {
                recorded.events += 1;
                let (first, last) = recorded.ends.unwrap_or((row.position, row.position));
                recorded.ends = Some((first.min(row.position), last.max(row.position)));
                if row.fact.days_after > LATE_DAYS {
                    recorded.late.push(row.position);
                    *recorded.days_late.entry(row.fact.days_after).or_default() += 1;
                }
            }
        }
    }
    for (office, recorded) in offices {
        credit_recorded(tally, office, recorded);
    }
}

fn credit_recorded(tally: &mut Tally, office: Office, recorded: Recorded) {
    let (who, at) = (Counted::Area(office.0), Key::Code(office.1));
    let Recorded { events, ends, late, days_late, amendments } = recorded;
    // They are too many to be named one by one.
    let of_all = tally.events(|noted| noted.extend(ends.iter().flat_map(|(first, last)| [first, last])));
    let of_late = tally.events(|noted| noted.extend_from_slice(&late));
    let of_amendments = tally.events(|noted| noted.extend_from_slice(&amendments));
    for (figure, amount, events) in [
        (RECORDED, events, of_all),
        (LATE, late.len() as u64, of_late),
        (AMENDMENTS, amendments.len() as u64, of_amendments),
    ] {
        if amount > 0 {
            credit(tally, office, figure, (who, at, amount), events);
        }
    }
    for (days, times) in days_late {
        let at = Key::DaysAfter(office.1, days, times);
        credit(tally, office, DAYS_LATE, (who, at, days.into()), of_late);
    }
}

fn credit(
    tally: &mut Tally,
    (area, office): Office,
    figure: usize,
    (who, at, amount): (Counted, Key, u64),
    events: Events,
) {
    let keys = [Key::Office(area, office), NO_KEY, NO_KEY, NO_KEY];
    tally.credit(Credit { figure, who, at, amount, area: Some(area), keys, events });
}

/// The sessions whose last day is past and that nobody is on record as present at, by the index of the event that
/// scheduled them; with the events behind each.
fn sessions_without_attendance(scope: &Scope<'_>) -> NumberMap<u64, (Counted, Vec<u64>)> {
    let present = first_presences(scope);
    let past = calendar(scope).into_iter().filter(|entry| {
        let session = entry.session.fact.session;
        entry.last <= scope.question.on && scope.since(entry.last) && present.get(session).is_none()
    });
    past.map(|entry| {
        let mut events = Vec::new();
        entry.trace(scope, &mut events);
        (scope.index(entry.session), (Counted::Session(entry.session.fact.session), events))
    })
    .collect()
}
