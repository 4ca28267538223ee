//! The small world of the random histories, the dice, and how each kind of event is made of them.

use jejak_events::identity::Subject;
use jejak_events::types::claim::ClaimVerdict;
use jejak_events::types::ikm::{AttendanceStatus, Verdict};
use jejak_events::types::program::Unit;
use jejak_events::types::{FundingStage, Holder, Scale, Scaled};

use crate::story::{self, Happening};

/// Days on which things happen. From the first one to the sixth are exactly 90 days, to the seventh 91; from
/// the third to the last exactly 365.
pub const DAYS: [&str; 10] = [
    "2025-03-01",
    "2025-03-02",
    "2025-03-03",
    "2025-03-10",
    "2025-04-15",
    "2025-05-30",
    "2025-05-31",
    "2025-08-01",
    "2026-01-01",
    "2026-03-03",
];
/// 90 days after one of the first three days, and 91 days after the last of them.
const ENDS: [&str; 4] = ["2025-05-30", "2025-05-31", "2025-06-01", "2025-06-02"];
pub const AREAS: [&str; 4] = ["33.75", "33.74", "33.26", "35.76"];
pub const THEMES: [&str; 3] = ["export", "green_industry", "basic_batik"];
pub const SOURCES: [&str; 2] = ["apbd", "dak_nonfisik"];
pub const SCALES: [Scale; 3] = [Scale::Mikro, Scale::Kecil, Scale::Menengah];
/// One past the largest number of a programme.
pub const PROGRAMS: u32 = 3;

pub const IKMS: u32 = 5;
const CLAIMS: u32 = 2;
pub const PERSONS: u32 = 5;
const COMMODITIES: [&str; 2] = ["batik", "tenun"];
/// What reports of a population are about.
const REPORTED: [&str; 3] = ["batik", "tenun", "all"];
const GROUPS: [Option<&str>; 4] = [None, None, Some("a"), Some("b")];
const STAGES: [FundingStage; 3] = [FundingStage::Planned, FundingStage::Allocated, FundingStage::Realised];
const FIGURES: [&str; 13] = [
    "trained",
    "a handbook",
    "export_trained_persons",
    "passed",
    "assessed",
    "enrolled",
    "sessions_held",
    "participated",
    "programs",
    "coverage_trained",
    "green_certified",
    "targets",
    "smiles",
];

/// Small random numbers from a seed (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        (self.roll() % u64::from(limit)) as u32
    }

    pub fn one_in(&mut self, chances: u32) -> bool {
        self.below(chances) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    /// A day on which things happen, or the last one before.
    pub fn day(&mut self) -> &'static str {
        if self.one_in(10) { "2025-02-28" } else { self.pick(&DAYS) }
    }

    /// Two days in order, or one.
    fn span(&mut self, days: &[&'static str]) -> (&'static str, &'static str) {
        let (one, other) = (self.pick(days), self.pick(days));
        (one.min(other), one.max(other))
    }

    fn some_persons(&mut self) -> Vec<u32> {
        (0..PERSONS).filter(|_| self.one_in(3)).collect()
    }

    /// Now and then of a person in their own name.
    fn in_own_name(&mut self, happening: Happening) -> Happening {
        if self.one_in(5) { story::in_own_name(self.below(PERSONS), happening) } else { happening }
    }

    /// Now and then of a person who owns it.
    fn owned(&mut self, happening: Happening) -> Happening {
        if self.one_in(2) { story::owned(self.below(PERSONS), happening) } else { happening }
    }

    /// A programme and one of its sessions.
    fn session(&mut self) -> (u32, u32) {
        let program = self.below(PROGRAMS);
        (program, program * 2 + self.below(2))
    }

    fn session_days(&mut self) -> Vec<&'static str> {
        let mut days: Vec<_> = (0..=self.below(2)).map(|_| self.pick(&DAYS[..5])).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    fn holder(&mut self) -> Holder {
        match self.below(5) {
            0 => story::by_person(self.below(PERSONS)),
            1 => story::by_product(self.below(IKMS), self.pick(&COMMODITIES)),
            _ => story::by_ikm(self.below(IKMS)),
        }
    }

    fn scales(&mut self) -> Vec<Scaled> {
        match self.below(4) {
            0 => vec![],
            1 => vec![story::by_workers(self.pick(&SCALES))],
            _ => vec![story::by_workers(self.pick(&SCALES)), story::by_capital(self.pick(&SCALES))],
        }
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.one_in(3)).then(|| value(self))
    }
}

pub type Make = fn(&mut Dice) -> Happening;

/// What may happen: the type, how often among the others, and how it is made.
pub const KINDS: &[(&str, u32, Make)] = &[
    ("ikm.registered", 5, |d| {
        let ikm = story::registered_as(d.below(IKMS), d.pick(&AREAS), d.pick(&COMMODITIES), &d.scales());
        d.owned(ikm)
    }),
    ("ikm.profile_changed", 3, |d| {
        let (at, commodity) = (d.maybe(|d| d.pick(&AREAS)), d.maybe(|d| d.pick(&COMMODITIES)));
        let change = story::profile_changed(d.below(IKMS), at, commodity, &d.scales());
        d.owned(change)
    }),
    ("ikm.closed", 2, |d| story::closed(d.below(IKMS))),
    ("ikm.reopened", 1, |d| story::reopened(d.below(IKMS))),
    ("ikm.merged", 5, |d| story::merged(d.below(IKMS), d.below(IKMS))),
    ("ikm.workforce_reported", 3, |d| story::workforce(d.below(IKMS), d.span(&DAYS))),
    ("ikm.turnover_reported", 6, |d| {
        // Mostly a year that ended before all sessions, or days after most of them.
        match d.below(3) {
            0 => story::turnover(d.below(IKMS), ("2024-01-01", "2024-12-31")),
            1 => story::turnover(d.below(IKMS), d.span(&DAYS[3..])),
            _ => story::turnover(d.below(IKMS), d.span(&DAYS)),
        }
    }),
    ("ikm.shipment_reported", 3, |d| {
        story::shipped(d.below(IKMS), d.pick(&["JP", "NL"]), d.pick(&["6204", "5208"]))
    }),
    ("ikm.facility_added", 2, |d| story::equipped(d.below(IKMS), d.pick(&["ipal", "stove"]))),
    ("person.registered", 3, |d| {
        let works_for = d.maybe(|d| d.below(IKMS));
        let registered = story::person_registered(d.below(PERSONS), works_for);
        if d.one_in(3) { story::person_in(d.pick(&AREAS), registered) } else { registered }
    }),
    ("person.profile_changed", 2, |d| {
        let works_for = d.maybe(|d| d.below(IKMS));
        let moved = story::person_moved(d.below(PERSONS), works_for);
        if d.one_in(3) { story::person_in(d.pick(&AREAS), moved) } else { moved }
    }),
    ("ikm.erasure_requested", 1, |d| story::ikm_erasure_requested(d.below(IKMS))),
    ("ikm.erased", 1, |d| story::ikm_erased(d.below(IKMS), u64::from(d.below(40)))),
    ("person.erasure_requested", 1, |d| story::person_erasure_requested(d.below(PERSONS))),
    ("person.erased", 1, |d| story::person_erased(d.below(PERSONS), u64::from(d.below(40)))),
    ("evidence.redacted", 2, |d| {
        let subject = match d.below(3) {
            0 => Subject::Person(story::person(d.below(PERSONS))),
            1 => Subject::Program(story::program(d.below(PROGRAMS))),
            _ => Subject::Ikm(story::ikm(d.below(IKMS))),
        };
        story::redacted(subject, u64::from(d.below(40)))
    }),
    ("registry.rules_adopted", 1, |d| story::rules_adopted(1 + d.below(2))),
    ("registry.key_introduced", 1, |_| story::key_introduced()),
    ("person.merged", 2, |d| story::person_merged(d.below(PERSONS), d.below(PERSONS))),
    ("program.opened", 4, |d| {
        let unit = d.pick(&[Unit::Ikm, Unit::Person]);
        let percent = d.pick(&[None, Some(50), Some(1), Some(100)]);
        let sources: Vec<_> = SOURCES.into_iter().filter(|_| d.one_in(2)).collect();
        let named: Vec<_> = FIGURES.into_iter().filter(|_| d.one_in(4)).collect();
        let aim = |name| {
            let (value, due) = (1 + d.below(2), d.maybe(|d| d.pick(&DAYS)));
            story::aim(name, value, due)
        };
        let targets: Vec<_> = named.into_iter().map(aim).collect();
        let theme = d.pick(&[THEMES[0], THEMES[0], THEMES[1], THEMES[1], THEMES[2]]);
        story::opened_to_reach(d.below(PROGRAMS), d.pick(&AREAS), (theme, unit), percent, &sources, targets)
    }),
    ("program.closed", 1, |d| story::program_closed(d.below(PROGRAMS))),
    ("program.session_scheduled", 5, |d| {
        let ((program, session), at) = (d.session(), d.maybe(|d| d.below(2)));
        story::scheduled_at(program, session, d.pick(&GROUPS), &d.session_days(), at)
    }),
    ("program.session_rescheduled", 2, |d| {
        let (program, session) = d.session();
        story::rescheduled(program, session, &d.session_days())
    }),
    ("program.session_cancelled", 1, |d| {
        let (program, session) = d.session();
        story::cancelled(program, session)
    }),
    ("program.spending_reported", 4, |d| {
        let year = d.pick(&[None, Some(2025), Some(2026)]);
        let amount = i64::from(d.below(4)) * 1_000_000;
        story::spent(d.below(PROGRAMS), d.pick(&STAGES), d.pick(&SOURCES), year, amount)
    }),
    ("enrolment.made", 9, |d| {
        let persons = d.some_persons();
        let place = story::enrolled(d.below(IKMS), d.below(PROGRAMS), d.pick(&GROUPS), &persons);
        d.in_own_name(place)
    }),
    ("enrolment.waitlisted", 4, |d| {
        let persons = d.some_persons();
        let wait = story::waitlisted(d.below(IKMS), d.below(PROGRAMS), d.pick(&GROUPS), &persons);
        d.in_own_name(wait)
    }),
    ("enrolment.promoted", 2, |d| {
        let persons = d.some_persons();
        let place = story::promoted(d.below(IKMS), d.below(PROGRAMS), d.pick(&GROUPS), &persons);
        d.in_own_name(place)
    }),
    ("enrolment.withdrawn", 3, |d| {
        let persons = if d.one_in(2) { vec![] } else { d.some_persons() };
        let left = story::withdrawn(d.below(IKMS), d.below(PROGRAMS), &persons);
        d.in_own_name(left)
    }),
    ("training.attended", 22, |d| {
        let status = d.pick(&[
            AttendanceStatus::Present,
            AttendanceStatus::Present,
            AttendanceStatus::Present,
            AttendanceStatus::Excused,
            AttendanceStatus::Absent,
        ]);
        let person = d.maybe(|d| d.below(PERSONS));
        let minutes = d.pick(&[None, None, Some(360), Some(180), Some(60)]);
        let came =
            story::attended_for(d.below(IKMS), d.session(), d.pick(&DAYS[..5]), (person, minutes), status);
        d.in_own_name(came)
    }),
    ("mentoring.visited", 2, |d| {
        let found: Vec<_> = ["waste", "permit", "safety"].into_iter().filter(|_| d.one_in(2)).collect();
        story::visited_and_found(d.below(IKMS), d.below(PROGRAMS), &found)
    }),
    ("assessment.recorded", 5, |d| {
        let verdict = d.pick(&[Verdict::Passed, Verdict::Passed, Verdict::Failed]);
        let scores = [("energy", d.below(4_001)), ("water", d.below(4_001))];
        let scores = d.pick(&[&scores[..0], &scores[..1], &scores]);
        story::scored(d.below(IKMS), d.below(PROGRAMS), d.pick(&["sih_batik", "sni"]), verdict, scores)
    }),
    ("certificate.issued", 9, |d| {
        let (scheme, holder) = (d.pick(&["sih", "sih", "sni"]), d.holder());
        // Half of them end 90 or 91 days after one of the first days.
        let (from, to) = if d.one_in(2) { (DAYS[0], d.pick(&ENDS)) } else { d.span(&DAYS) };
        let through = d.maybe(|d| d.below(PROGRAMS));
        story::certified_through(d.below(4), through, scheme, holder, from, to)
    }),
    ("certificate.renewed", 4, |d| {
        // From the day after one of the days on, so that terms adjoin, or from one of them.
        let (from, to) = if d.one_in(2) { (d.pick(&ENDS), "2026-01-01") } else { d.span(&DAYS) };
        let from = if d.one_in(2) { next_day(from) } else { from.to_owned() };
        let to = if *from <= *to { to } else { "2026-01-02" };
        story::renewed(d.below(4), d.holder(), &from, to)
    }),
    ("certificate.suspended", 1, |d| story::suspended(d.below(4))),
    ("certificate.reinstated", 1, |d| story::reinstated(d.below(4))),
    ("certificate.revoked", 1, |d| story::revoked(d.below(4))),
    ("exhibition.announced", 2, |d| {
        let (from, to) = d.span(&DAYS);
        story::announced(d.below(2), d.pick(&AREAS), from, to)
    }),
    ("exhibition.joined", 4, |d| story::joined(d.below(IKMS), d.below(2))),
    ("sentra.planned", 3, |d| story::sentra_planned(d.below(2), d.pick(&AREAS), d.pick(&COMMODITIES))),
    ("sentra.funded", 3, |d| {
        let amount = d.maybe(|d| i64::from(d.below(3)) * 1_000_000);
        story::sentra_funded_from(d.below(2), d.pick(&SOURCES), d.pick(&STAGES), amount)
    }),
    ("sentra.built", 1, |d| story::sentra_built(d.below(2))),
    ("sentra.opened", 1, |d| story::sentra_opened(d.below(2))),
    ("sentra.facility_added", 2, |d| story::sentra_equipped(d.below(2), d.pick(&["ipal", "hall"]))),
    ("sentra.legal_form_recorded", 1, |d| story::sentra_form(d.below(2), "cooperative")),
    ("sentra.member_joined", 6, |d| story::member_joined(d.below(IKMS), d.below(2))),
    ("sentra.member_left", 4, |d| story::member_left(d.below(IKMS), d.below(2))),
    ("area.population_reported", 3, |d| {
        let area = d.pick(&["33", "33.75", "33.74", "35.76", "35"]);
        let said = [0; 3].map(|_| d.maybe(|d| d.below(800)));
        story::population(area, d.pick(&REPORTED), said)
    }),
    ("area.target_set", 2, |d| {
        let area = d.pick(&["33", "33.75", "33.74", "35.76"]);
        let (figure, theme) = match d.below(3) {
            0 => (d.pick(&["registered", "population_total", "smiles", "two halls"]), None),
            _ => (d.pick(&["trained", "enrolled", "participated"]), d.maybe(|d| d.pick(&THEMES))),
        };
        story::target_set(area, figure, [theme, None], d.below(3), d.pick(&DAYS))
    }),
    ("area.figures_released", 1, |d| {
        let sum = d.maybe(|d| 10 + i64::from(d.below(90)));
        story::released(d.pick(&AREAS), sum)
    }),
    ("area.coverage_declared", 2, |d| match d.one_in(2) {
        true => story::complete_for_program(d.pick(&AREAS), d.below(PROGRAMS), d.pick(&DAYS)),
        false => story::complete_for_theme(d.pick(&AREAS), d.pick(&THEMES), d.pick(&DAYS)),
    }),
    ("claim.made", 3, |d| {
        let programs: Vec<_> = (0..PROGRAMS).filter(|_| d.one_in(3)).collect();
        let themes: Vec<_> = THEMES.into_iter().filter(|_| d.one_in(4)).collect();
        let area = d.maybe(|d| d.pick(&AREAS));
        let value = d.maybe(|d| i64::from(d.below(4)));
        let about = story::About { area, programs: &programs, themes: &themes };
        story::claim_made(d.below(CLAIMS), about, d.pick(&["ikm", "percent"]), value)
    }),
    ("claim.checked", 6, |d| {
        let counted = d.maybe(|d| i64::from(d.below(4)));
        story::claim_checked(d.below(CLAIMS), i64::from(d.below(40)), d.pick(&ClaimVerdict::ALL), counted)
    }),
];

/// Types that do not happen by themselves: what stands at index 0 of every log, and what acts on other events
/// (see [`super::generator`]).
pub const UNTOLD: [&str; 3] = ["registry.opened", "event.corrected", "event.retracted"];

fn next_day(day: &str) -> String {
    let day = story::date(day).day_number();
    jejak_events::values::Date::from_day_number(day + 1).unwrap().to_string()
}

/// Names of the types that may happen.
pub fn told() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(name, ..)| *name)
}

pub fn make(name: &str) -> Make {
    KINDS.iter().find(|(other, ..)| *other == name).map(|(_, _, make)| *make).unwrap()
}
