//! `time_to`: how long it took from completing a programme to an assessment and to a certificate.

use jejak_events::values::Date;

use super::aliases::Survivor;
use super::certified;
use super::completed::{Completed, completed, first_by};
use super::roster::Roster;
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, Key, NO_KEY, Tally};
use super::trained::keys;
use super::validity::Valid;
use super::{AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ViewDeclaration};
use crate::answer::{FigureUnit, Words};
use crate::facts::Id;

pub(super) const TIME_TO: ViewDeclaration = ViewDeclaration {
    name: "time_to",
    version: 1,
    title: Words { id: "Lama sampai penilaian dan sertifikat", en: "Time to assessment and certificate" },
    definition: Words {
        id: "Median hari dari ketuntasan pertama IKM dalam suatu program (menurut trained versi 2) sampai penilaian \
             pertamanya dalam program itu, dan sampai sertifikat pertama yang menyebut program itu (milik IKM, \
             produknya, atau orangnya), terbit pada hari itu atau sesudahnya. Median ada bila sedikitnya tiga \
             IKM dan program; bila \
             kurang, tidak diketahui (-). Dari dua nilai tengah diambil rata-ratanya, dibulatkan ke atas. \
             assessed_after dan certified_after: IKM yang menjadi dasarnya; yang belum dinilai atau belum \
             bersertifikat tidak terhitung. Wilayah adalah wilayah program, atau wilayah IKM bila diminta. Dengan \
             tanggal awal: hanya yang tuntas dalam masa itu.",
        en: "Median days from the day on which an IKM first completed a programme (by trained version 2) to its first \
             assessment in that programme, and to the first certificate that names that programme (of the IKM, a \
             product of it or a person of it), on that day or later. There is a median of three IKMs and \
             programmes or more; of fewer it is not known \
             (-). Of two middle values it is the mean, rounded up. assessed_after and certified_after: the IKMs \
             behind it; those not assessed or not certified yet do not count. The area is that of the programme, or \
             that of the IKM where asked so. With a first day: only who completed in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[
        FigureDeclaration { name: "days_to_assessment", unit: FigureUnit::MedianDays },
        FigureDeclaration { name: "assessed_after", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "days_to_certificate", unit: FigureUnit::MedianDays },
        FigureDeclaration { name: "certified_after", unit: FigureUnit::Ikm },
    ],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &[],
    count,
};

/// By IKM and programme what happened, each with when and by which events; in order.
type Days = NumberMap<(Survivor, Id), Vec<((Date, u64), Vec<u64>)>>;

fn in_order(mut days: Days) -> Days {
    days.values_mut().for_each(|days| days.sort_unstable_by_key(|(order, _)| *order));
    days
}

fn assessments(scope: &Scope<'_>) -> Days {
    let mut days = Days::default();
    for row in scope.rows(&scope.facts.tables.assessments) {
        let mut events = Vec::new();
        scope.trace(row, &mut events);
        scope.trace_ikm_merges(row.fact.ikm, &mut events);
        let key = (scope.surviving_ikm(row.fact.ikm), row.fact.program);
        days.entry(key).or_default().push((scope.order(row), events));
    }
    in_order(days)
}

/// Of certificates that name a programme.
fn certificates(scope: &Scope<'_>) -> Days {
    let mut days = Days::default();
    for issue in scope.rows(&scope.facts.tables.certificates).filter(|row| row.fact.program.is_some()) {
        let mut own = Vec::new();
        scope.trace(issue, &mut own);
        let valid = Valid { issue, until: issue.fact.valid_to, events: own };
        let Some(ikm) = certified::ikm_of(scope, &valid) else { continue };
        let mut events = Vec::new();
        certified::trace(scope, &valid, &mut events);
        days.entry((ikm, issue.fact.program)).or_default().push((scope.order(issue), events));
    }
    in_order(days)
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let (assessed, certified) = (assessments(scope), certificates(scope));
    let schedules = Schedules::new(scope);
    let roster = Roster::new(scope, &schedules, |place| scope.wants_result(place));
    let completed = completed(&roster);
    // Who completed twice, by two persons or two places, completed on the first day.
    for place in first_by(scope, &completed, Completed::program) {
        let one = &completed[place];
        for (figure, days) in [(0, &assessed), (2, &certified)] {
            let days = days.get(&(one.attendee.ikm, one.program()));
            credit(scope, tally, figure, one, days.map_or(&[][..], Vec::as_slice));
        }
    }
}

/// Credits the days to the first of some days on or after the completion, and the IKM.
fn credit(
    scope: &Scope<'_>,
    tally: &mut Tally,
    figure: usize,
    one: &Completed<'_, '_, '_>,
    days: &[((Date, u64), Vec<u64>)],
) {
    let completion = &one.completion;
    let next = days.partition_point(|((day, _), _)| *day < completion.on);
    let Some(((day, _), said)) = days.get(next).filter(|_| scope.since(completion.on)) else {
        return;
    };
    let (ikm, program) = (one.attendee.ikm, one.program());
    let events = tally.events(|events| {
        one.trace(scope, events);
        events.extend_from_slice(said);
    });
    tally.rest_on_program(scope, program);
    tally.rest_on_events(&completion.closing.events);
    let (who, area) = (Counted::Ikm(ikm), scope.result_area(one.attendee.place()));
    let (keys, at) = (keys(scope, program), Key::Id(program));
    let amount = u64::from(day.day_number().abs_diff(completion.on.day_number()));
    tally.credit(Credit { figure, who, at, amount, area, keys, events });
    tally.credit(Credit { figure: figure + 1, who, at: NO_KEY, amount: 1, area, keys, events });
}
