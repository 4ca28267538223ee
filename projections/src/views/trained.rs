//! `trained`, `export_trained`, `green_trained`, `persons_trained`: who completed a programme.

use jejak_events::types::program::Unit;

use super::aliases::Survivor;
use super::attended::Place;
use super::roster::{Attendee, Completion, Presence, Roster};
use super::schedules::Schedules;
use super::scope::{NumberMap, Scope};
use super::tally::{Counted, Credit, KEYS, Key, NO_KEY, Tally};
use super::{AskedByClaims, FigureDeclaration, RESULT_FILTERS, SeriesRule, ViewDeclaration, women_and_ages};
use crate::answer::{FigureUnit, Words};
use crate::facts::{Enrolment, Id};
use crate::question::Filter;

/// The filters of [`TRAINED`] without the theme, which the others fix.
const FILTERS: &[Filter] =
    &[Filter::Area, Filter::AreaOf, Filter::Program, Filter::Scale, Filter::Funding, Filter::From];

pub(super) const TRAINED: ViewDeclaration = ViewDeclaration {
    name: "trained",
    version: 2,
    title: Words { id: "Menuntaskan pelatihan", en: "Completed a training" },
    definition: Words {
        id: "IKM yang menuntaskan paling sedikit satu program. Program tuntas bila yang mendapat tempat hadir \
             sekurang-kurangnya persentase kelulusan (80 % bila tidak disebut) dari menit sesi yang \
             dijadwalkan bagi kelompoknya dan tidak dibatalkan; hari hadir tanpa menit terhitung sehari penuh. \
             Yang dinilai adalah tiap hari penutup, yaitu hari ketika semua sesi kelompok yang saat itu \
             dijadwalkan sudah berlangsung: siapa pernah tuntas tetap tuntas, apa pun yang dijadwalkan \
             kemudian. Pada program bersatuan orang, IKM terhitung bila paling sedikit satu orangnya tuntas. \
             Pada program bersatuan IKM, delegasi hadir bila siapa pun dari IKM itu hadir, dengan menit yang \
             terlama. Orang yang tuntas dihitung terpisah, bila disebut namanya atau ikut atas nama sendiri; perempuan di antaranya, dan \
             umurnya (yang dicapai dalam tahun hari yang ditanyakan), tersegel dan disebut terpisah. Pelatihan \
             bukan sertifikat. \
             Wilayah adalah wilayah program, atau wilayah IKM bila diminta. Dengan tanggal awal: hanya yang \
             tuntas dalam masa itu.",
        en: "IKMs that completed at least one programme. A programme is completed when the enrolled were \
             present for at least the completion percentage (80 % when not said) of the session minutes \
             scheduled for their group and not called off; a day present without minutes is the whole day. It \
             is judged on each closing day, a day on which all sessions of the group that were scheduled by \
             then are past: who completed on one of them has completed, whatever is scheduled later. In \
             programmes of unit person an IKM counts when at least one of its persons completed. In \
             programmes of unit IKM the delegation is present when anyone of the IKM is, with the longest of \
             their minutes. Persons that completed are counted apart, where they are named or take part in their own name; women among them, and their ages (those that they reach in \
             the year of the day asked for), are sealed and attested beside the figures. A training is not a \
             certificate. The area is that of the programme, or that of the IKM where asked so. With a \
             first day: only who completed in that period.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "trained", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "trained_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &women_and_ages(
        "trained_persons",
        ["trained_women", "trained_under_35", "trained_35_to_60", "trained_over_60"],
    ),
    count: |scope, tally| count(scope, tally, None, BOTH),
};

pub(super) const EXPORT_TRAINED: ViewDeclaration = ViewDeclaration {
    name: "export_trained",
    version: 2,
    title: Words { id: "Menuntaskan pelatihan ekspor", en: "Completed an export training" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang menuntaskan paling sedikit satu program bertema export, menurut \
             definisi trained versi 2. Menuntaskan pelatihan ekspor belum berarti mengekspor.",
        en: "IKMs, and persons apart, that completed at least one programme of theme export, by the \
             definition of trained version 2. Trained in exporting does not mean having exported.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "export_trained", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "export_trained_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program"],
    shares: &[],
    attested: &[],
    count: |scope, tally| count(scope, tally, Some("export"), BOTH),
};

pub(super) const GREEN_TRAINED: ViewDeclaration = ViewDeclaration {
    name: "green_trained",
    version: 2,
    title: Words { id: "Menuntaskan pelatihan industri hijau", en: "Completed a green-industry training" },
    definition: Words {
        id: "IKM, dan terpisah orang, yang menuntaskan paling sedikit satu program bertema green_industry, \
             menurut definisi trained versi 2. Menuntaskan pelatihan belum berarti bersertifikat Standar Industri Hijau.",
        en: "IKMs, and persons apart, that completed at least one programme of theme green_industry, by the \
             definition of trained version 2. Trained does not mean certified to the green-industry standard.",
    },
    filters: FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[
        FigureDeclaration { name: "green_trained", unit: FigureUnit::Ikm },
        FigureDeclaration { name: "green_trained_persons", unit: FigureUnit::Person },
    ],
    breakdowns: &["program"],
    shares: &[],
    attested: &[],
    count: |scope, tally| count(scope, tally, Some("green_industry"), BOTH),
};

pub(super) const PERSONS_TRAINED: ViewDeclaration = ViewDeclaration {
    name: "persons_trained",
    version: 2,
    title: Words { id: "Orang yang menuntaskan pelatihan", en: "Persons who completed a training" },
    definition: Words {
        id: "Orang yang menuntaskan paling sedikit satu program yang menyebut namanya atau yang diikutinya atas nama sendiri, menurut definisi \
             trained versi 2; masing-masing dihitung sekali, juga bila menuntaskan beberapa program atau \
             dikirim beberapa IKM. Wilayah adalah wilayah program, atau wilayah IKM yang mengirimnya bila \
             diminta. Tidak diketahui (-) bila program yang dituntaskan tidak menyebut orang. Perempuan di antaranya dan \
             umurnya disebut seperti pada trained.",
        en: "Persons that completed at least one programme that names them, or in which they take part in their own name, by the definition of trained \
             version 2; each counts once, also after several programmes or when sent by several IKMs. The \
             area is that of the programme, or that of the IKM that sent them where asked so. Not known (-) \
             where the programmes completed do not name persons. Women among them and their ages are attested as in trained.",
    },
    filters: RESULT_FILTERS,
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::Flow,
    figures: &[FigureDeclaration { name: "persons_trained", unit: FigureUnit::Person }],
    breakdowns: &["program", "theme"],
    shares: &[],
    attested: &women_and_ages(
        "persons_trained",
        ["trained_women", "trained_under_35", "trained_35_to_60", "trained_over_60"],
    ),
    count: |scope, tally| count(scope, tally, None, Figures { ikms: None, persons: Some(0) }),
};

/// Places of the figures that completers count in, where the view has them.
#[derive(Clone, Copy)]
pub(super) struct Figures {
    pub(super) ikms: Option<usize>,
    pub(super) persons: Option<usize>,
}

const BOTH: Figures = Figures { ikms: Some(0), persons: Some(1) };

fn count(scope: &Scope<'_>, tally: &mut Tally, theme: Option<&str>, figures: Figures) {
    let schedules = Schedules::asked(scope);
    let of_theme = |program| {
        theme.is_none_or(|theme| scope.facts.code(scope.theme(program)).is_some_and(|code| **code == *theme))
    };
    let wants = |place: Place| of_theme(place.program) && scope.wants_result(place);
    if let Some(figure) = figures.persons {
        know_persons(scope, tally, &[figure], wants);
    }
    let wants = |place: Place| scope.stirs(place.program) && wants(place);
    count_completers(scope, tally, &Roster::new(scope, &schedules, wants), figures);
}

/// Credits those of a roster that completed in the period asked for.
pub(super) fn count_completers(
    scope: &Scope<'_>,
    tally: &mut Tally,
    roster: &Roster<'_, '_>,
    figures: Figures,
) {
    for (attendee, completion, presences) in completers(scope, roster) {
        credit(scope, tally, figures, attendee, &completion, presences);
    }
}

/// An attendee that completed, and what it attended.
type Completer<'r, 'a, 's> = (&'r Attendee<'a>, Completion<'s>, &'r [Presence<'a>]);

/// Those of a roster that completed in the period asked for.
pub(super) fn completers<'r, 'a, 's>(
    scope: &Scope<'_>,
    roster: &'r Roster<'a, 's>,
) -> Vec<Completer<'r, 'a, 's>> {
    // Who was enrolled twice completes once, on the first day.
    let mut completed = Vec::new();
    for (attendee, presences) in roster.attendees() {
        completed.extend(
            roster.completion(attendee, presences).map(|completion| (attendee, completion, presences)),
        );
    }
    // The roster has those of one key together.
    let mut firsts = Vec::with_capacity(completed.len());
    for of_one in completed.chunk_by(|(left, ..), (right, ..)| left.key() == right.key()) {
        let day = of_one.iter().map(|(_, completion, _)| completion.on).min();
        firsts.extend(of_one.iter().map(|_| day.is_some_and(|day| scope.since(day))));
    }
    let mut firsts = firsts.into_iter();
    completed.retain(|_| firsts.next() == Some(true));
    completed
}

/// Says for which programmes figures of persons are known: those that count persons, and those whose
/// enrolments name them.
pub(super) fn know_persons(
    scope: &Scope<'_>,
    tally: &mut Tally,
    figures: &[usize],
    wants: impl Fn(Place) -> bool,
) {
    let mut last = None;
    for row in scope.rows(&scope.facts.tables.enrolments) {
        let Enrolment { ikm, program, person, .. } = row.fact;
        let named = person.is_some().then(|| scope.surviving_person(person));
        let place = Place::of(program, scope.surviving_ikm(ikm), named);
        let counts_persons = scope.program(program).is_some_and(|opening| opening.fact.unit == Unit::Person);
        if (counts_persons || person.is_some()) && wants(place) {
            let known = (scope.result_area(place), program);
            if last != Some(known) {
                figures.iter().for_each(|figure| tally.known(*figure, known.0, keys(scope, program)));
                last = Some(known);
            }
        }
    }
}

/// The values of a programme in the breakdowns of these views.
pub(super) fn keys(scope: &Scope<'_>, program: Id) -> [Key; KEYS] {
    [Key::Id(program), Key::Code(scope.theme(program)), NO_KEY, NO_KEY]
}

fn credit(
    scope: &Scope<'_>,
    tally: &mut Tally,
    figures: Figures,
    attendee: &Attendee<'_>,
    completion: &Completion<'_>,
    presences: &[Presence<'_>],
) {
    let (ikm, program) = (attendee.ikm, attendee.enrolment.fact.program);
    let events = tally.events(|events| trace(scope, attendee, completion, presences, events));
    tally.rest_on_program(scope, program);
    tally.rest_on_events(&completion.closing.events);
    let (area, keys) = (scope.result_area(attendee.place()), keys(scope, program));
    if let (Some(person), Some(figure)) = (attendee.person, figures.persons) {
        let who = Counted::Person(person);
        tally.credit(Credit { figure, who, at: NO_KEY, amount: 1, area, keys, events });
    }
    if let Some(figure) = figures.persons.filter(|_| figures.ikms.is_none()) {
        tally.counted_beside(figure, area, keys);
    }
    if let Some(figure) = figures.ikms.filter(|_| attendee.counts_for_ikm()) {
        tally.credit(Credit { figure, who: Counted::Ikm(ikm), at: NO_KEY, amount: 1, area, keys, events });
    }
}

/// The IKMs that completed a programme that the question is about, wherever they lie, each with the events by
/// which it did.
pub(super) fn ikms(scope: &Scope<'_>) -> NumberMap<Survivor, Vec<u64>> {
    let schedules = Schedules::new(scope);
    let roster = Roster::new(scope, &schedules, |place| scope.wants_program(place.program));
    let mut trained: NumberMap<Survivor, Vec<u64>> = NumberMap::default();
    for (attendee, presences) in roster.attendees().filter(|(attendee, _)| attendee.counts_for_ikm()) {
        let Some(completion) = roster.completion(attendee, presences) else { continue };
        let events = trained.entry(attendee.ikm).or_default();
        trace(scope, attendee, &completion, presences, events);
        scope.trace_program(attendee.enrolment.fact.program, events);
        events.extend(&completion.closing.events);
    }
    trained
}

/// Adds the events by which an attendee completed.
pub(super) fn trace(
    scope: &Scope<'_>,
    attendee: &Attendee<'_>,
    completion: &Completion<'_>,
    presences: &[Presence<'_>],
    events: &mut Vec<u64>,
) {
    let Enrolment { ikm: stream, person, .. } = attendee.enrolment.fact;
    let counted = |one: &&Presence<'_>| {
        completion.closing.minutes[one.slot].is_some() && one.row.day <= completion.closing.last
    };
    for Presence { row, .. } in presences.iter().filter(counted) {
        scope.trace(row, events);
        scope.trace_ikm_merges(row.fact.ikm, events);
        scope.trace_person_merges(row.fact.person, events);
    }
    scope.trace(attendee.enrolment, events);
    scope.trace_taker(stream, person, events);
}
