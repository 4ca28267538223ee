//! `spending`: what the programmes cost, in all and for each who took part, completed or was certified.
//!
//! A cost for each is said of one programme only: that of several would divide the money of one by the people
//! of another.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU16;

use jejak_events::area::AreaCode;
use jejak_events::types::FundingStage;
use jejak_events::types::program::Unit;

use super::scope::{NumberMap, Scope, keep_highest};
use super::tally::{Counted, Credit, Cut, Events, Key, NO_KEY, Tally, TooLarge};
use super::{
    AskedByClaims, FigureDeclaration, SeriesRule, ShareDeclaration, ViewDeclaration, participated, targets,
    trained,
};
use crate::answer::{FigureUnit, Words};
use crate::facts::{CodeId, Id, Row, Spending};
use crate::question::Filter;

const fn rupiah(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::Rupiah }
}

const fn rupiah_each(name: &'static str) -> FigureDeclaration {
    FigureDeclaration { name, unit: FigureUnit::RupiahEach }
}

pub(super) const SPENDING: ViewDeclaration = ViewDeclaration {
    name: "spending",
    version: 2,
    title: Words { id: "Biaya program (Rp)", en: "Cost of the programmes (Rp)" },
    definition: Words {
        id: "Rupiah yang direncanakan, dianggarkan dan direalisasikan, menurut laporan terakhir paling lambat \
             hari yang ditanyakan untuk tiap program, tahap, sumber dan tahun anggaran: laporan baru \
             menggantikan yang lama, tidak ditambahkan. Rencana bukan anggaran, anggaran belum dibelanjakan. \
             Yang tidak dilaporkan tidak diketahui (-). spending_absorbed: realisasi dari program dan sumber \
             yang ada anggarannya; serapan (absorption) adalah bagiannya dari anggaran, tidak disebut bila \
             melebihinya. Menurut sumber dan tahun anggaran (source_year) yang terserap hanya dari anggaran tahun \
             itu, dan biaya per peserta, yang tuntas, dan sertifikat tidak disebut. spending_per_participant, spending_per_completer, \
             spending_per_certificate: realisasi satu program dibagi yang pernah hadir (participated), yang \
             tuntas (trained versi 2), masing-masing IKM, atau orang pada program bersatuan orang, dan \
             sertifikat yang sudah terbit dan menyebut program itu; dibulatkan ke bawah ke rupiah utuh, tidak \
             diketahui (-) bila pembaginya 0 atau tidak diketahui, dan tidak ada untuk beberapa program \
             sekaligus (-). Disaring menurut sumber dana: hanya uang dari sumber itu sendiri. Wilayah adalah \
             wilayah program.",
        en: "Rupiah planned, allocated and realised, by the last report no later than the day asked for, for \
             each programme, stage, source and fiscal year: a new report takes the place of the one before \
             and is not added to it. A plan is no allocation, an allocation is not spent yet. What nobody \
             reported is not known (-). spending_absorbed: what was realised by programmes and of sources that \
             have an allocation; absorption is its share in what was allocated, not said where it is more. By source \
             and fiscal year (source_year) only an allocation of that year is absorbed, and no cost for each is \
             said. \
             spending_per_participant, spending_per_completer, spending_per_certificate: \
             what one programme realised, divided by those who took part (participated), those who completed \
             it (trained version 2), IKMs, or persons in programmes of unit person, and the certificates \
             issued that name it; rounded down to whole rupiah, not known (-) where the divisor is 0 or not \
             known, and never of several programmes (-). Narrowed by a source of money: only the money of \
             that source itself. The area is that of the programme.",
    },
    filters: &[Filter::Area, Filter::Program, Filter::Theme, Filter::Funding],
    asked_by_claims: AskedByClaims::PerProgram,
    series: SeriesRule::State,
    figures: &[
        rupiah("spending_planned"),
        rupiah("spending_allocated"),
        rupiah("spending_realised"),
        rupiah("spending_absorbed"),
        rupiah_each("spending_per_participant"),
        rupiah_each("spending_per_completer"),
        rupiah_each("spending_per_certificate"),
    ],
    breakdowns: &["program", "theme", "source", "source_year"],
    shares: &[ShareDeclaration::within("absorption", "spending_absorbed", "spending_allocated")],
    attested: &[],
    count,
};

/// Places of the figures.
const ALLOCATED: usize = 1;
const REALISED: usize = 2;
const ABSORBED: usize = 3;
/// Places of the costs for each, in the order of [`Divisors::counts`].
const PER: [usize; 3] = [4, 5, 6];

/// Places of the breakdowns.
const BY_PROGRAM: u8 = 0;
const BY_THEME: u8 = 1;
const BY_SOURCE: u8 = 2;
const BY_SOURCE_YEAR: u8 = 3;

/// Place of a stage among the three figures of money.
pub(super) fn stage_place(stage: FundingStage) -> usize {
    match stage {
        FundingStage::Planned => 0,
        FundingStage::Allocated => ALLOCATED,
        FundingStage::Realised => REALISED,
    }
}

/// What a programme realised of one source.
struct Realised {
    source: CodeId,
    amount: u64,
    events: Events,
}

fn count(scope: &Scope<'_>, tally: &mut Tally) {
    let mut latest: NumberMap<(Id, usize, CodeId, u16), &Row<Spending>> = NumberMap::default();
    for row in scope.rows(&scope.facts.tables.spendings) {
        let Spending { program, source, stage, fiscal_year, .. } = row.fact;
        // No year is 0.
        let key = (program, stage_place(stage), source, fiscal_year.unwrap_or(0));
        let last = latest.entry(key).or_insert(row);
        keep_highest(last, row, |row| scope.order(row));
    }
    let of_allocation = latest.keys().filter(|(_, stage, ..)| *stage == ALLOCATED);
    let allocated: BTreeSet<(Id, CodeId, Option<u16>)> = of_allocation
        .flat_map(|(program, _, source, year)| [(*program, *source, None), (*program, *source, Some(*year))])
        .collect();
    let mut rows = ProgramsOfRows::default();
    let mut realised: BTreeMap<Id, Vec<Realised>> = BTreeMap::new();
    for row in latest.into_values() {
        let Spending { program, source, stage, amount, fiscal_year } = row.fact;
        let fiscal_year = fiscal_year.unwrap_or(0);
        let source_year = Key::SourceYear(source, NonZeroU16::new(fiscal_year));
        let Some(opening) = scope.program(program) else { continue };
        let area = opening.fact.area;
        if !scope.wants_area(Some(area))
            || !scope.wants_program_of_any_money(program)
            || !scope.wants_source(source)
        {
            continue;
        }
        scope.trace(opening, tally.context());
        let events = tally.events(|events| scope.trace(row, events));
        let (figure, amount) = (stage_place(stage), amount.get().unsigned_abs());
        rows.add(program, area, opening.fact.theme, source);
        if figure == REALISED {
            realised.entry(program).or_default().push(Realised { source, amount, events });
        }
        let credit = Credit {
            figure,
            who: Counted::Program(program),
            at: Key::Event(scope.index(row)),
            amount,
            area: Some(area),
            keys: [Key::Id(program), Key::Code(opening.fact.theme), Key::Code(source), source_year],
            events,
        };
        tally.credit(credit);
        // A part of the allocated is only what has an allocation; in the row of a year, one of that year.
        let absorbed = Credit { figure: ABSORBED, ..credit };
        if figure == REALISED && allocated.contains(&(program, source, None)) {
            let cuts = [Cut::Total, Cut::Area].into_iter();
            let cuts = cuts.chain([BY_PROGRAM, BY_THEME, BY_SOURCE].map(Cut::Breakdown));
            cuts.for_each(|cut| tally.credit_in(cut, absorbed));
        }
        if figure == REALISED && allocated.contains(&(program, source, Some(fiscal_year))) {
            tally.credit_in(Cut::Breakdown(BY_SOURCE_YEAR), absorbed);
        }
    }
    if realised.is_empty() {
        return;
    }
    match Divisors::new(scope) {
        Ok(divisors) => credit_costs(scope, tally, &rows, &divisors, &realised),
        Err(figure) => tally.rest_on_too_large(figure),
    }
}

/// The programmes whose money counts in a row: in the whole, in an area, a theme, a source.
#[derive(Default)]
struct ProgramsOfRows {
    all: BTreeSet<Id>,
    areas: BTreeMap<AreaCode, BTreeSet<Id>>,
    themes: BTreeMap<CodeId, BTreeSet<Id>>,
    sources: BTreeMap<CodeId, BTreeSet<Id>>,
}

impl ProgramsOfRows {
    fn add(&mut self, program: Id, area: AreaCode, theme: CodeId, source: CodeId) {
        self.all.insert(program);
        self.areas.entry(area).or_default().insert(program);
        self.themes.entry(theme).or_default().insert(program);
        self.sources.entry(source).or_default().insert(program);
    }
}

/// By how much the money of a programme is divided.
struct Divisors {
    participants: ByProgram,
    completers: ByProgram,
    certificates: NumberMap<Id, u64>,
}

/// Of each programme the IKMs and the persons.
type ByProgram = NumberMap<Id, [Option<u64>; 2]>;

impl Divisors {
    fn new(scope: &Scope<'_>) -> Result<Self, TooLarge> {
        let mut issued: BTreeSet<(Id, Id)> = BTreeSet::new();
        for row in scope.rows(&scope.facts.tables.certificates) {
            issued.insert((row.fact.program, row.fact.certificate));
        }
        let mut certificates: NumberMap<Id, u64> = NumberMap::default();
        for (program, _) in issued {
            *certificates.entry(program).or_default() += 1;
        }
        Ok(Self {
            participants: by_program(scope, &participated::PARTICIPATED)?,
            completers: by_program(scope, &trained::TRAINED)?,
            certificates,
        })
    }

    /// Participants, completers and certificates of a programme, the former in its unit.
    fn counts(&self, scope: &Scope<'_>, program: Id) -> [Option<u64>; 3] {
        let place = match scope.program(program).map(|opening| opening.fact.unit) {
            Some(Unit::Person) => 1,
            Some(Unit::Ikm) | None => 0,
        };
        let of = |those: &ByProgram| those.get(&program).and_then(|counts| counts[place]);
        let certificates = self.certificates.get(&program).copied();
        [of(&self.participants), of(&self.completers), certificates]
    }
}

/// The first two figures of a view, of IKMs and of persons, by programme.
fn by_program(scope: &Scope<'_>, view: &'static ViewDeclaration) -> Result<ByProgram, TooLarge> {
    let Some(column) = view.breakdowns.iter().position(|by| *by == "program") else {
        return Ok(ByProgram::default());
    };
    let rows = targets::count_for(scope, view, scope.question.program).rows(column)?;
    let counts = rows.into_iter().filter_map(|(key, figures)| {
        let Key::Id(program) = key else { return None };
        let value = |place: usize| figures.get(place).and_then(|figure| figure.value);
        Some((program, [value(0), value(1)]))
    });
    Ok(counts.collect())
}

/// Credits what one programme cost for each, in the rows that hold the money of no other.
fn credit_costs(
    scope: &Scope<'_>,
    tally: &mut Tally,
    rows: &ProgramsOfRows,
    divisors: &Divisors,
    realised: &BTreeMap<Id, Vec<Realised>>,
) {
    let alone = |programs: Option<&BTreeSet<Id>>| programs.is_some_and(|programs| programs.len() == 1);
    for (program, reports) in realised {
        let Some(opening) = scope.program(*program) else { continue };
        let (area, theme) = (opening.fact.area, opening.fact.theme);
        let mut sources: BTreeMap<CodeId, u64> = BTreeMap::new();
        for report in reports {
            let sum = sources.entry(report.source).or_default();
            *sum = sum.saturating_add(report.amount);
        }
        let all = sources.values().fold(0_u64, |sum, amount| sum.saturating_add(*amount));
        let counts = divisors.counts(scope, *program);
        for (figure, divisor) in PER.into_iter().zip(counts) {
            let Some(divisor) = divisor.filter(|divisor| *divisor > 0) else { continue };
            let credit = |amount: u64, source, events| Credit {
                figure,
                who: Counted::Program(*program),
                at: NO_KEY,
                amount: amount / divisor,
                area: Some(area),
                keys: [Key::Id(*program), Key::Code(theme), Key::Code(source), NO_KEY],
                events,
            };
            let cuts = [
                (Cut::Breakdown(BY_PROGRAM), true),
                (Cut::Breakdown(BY_THEME), alone(rows.themes.get(&theme))),
                (Cut::Area, alone(rows.areas.get(&area))),
                (Cut::Total, rows.all.len() == 1),
            ];
            for report in reports {
                for (cut, _) in cuts.into_iter().filter(|(_, is_alone)| *is_alone) {
                    tally.credit_in(cut, credit(all, report.source, report.events));
                }
                if alone(rows.sources.get(&report.source)) {
                    let amount = sources[&report.source];
                    tally.credit_in(Cut::Breakdown(BY_SOURCE), credit(amount, report.source, report.events));
                }
            }
        }
    }
}
