//! The figures counted a second time, plainly and slowly: whole contents in force, sets and sentences of
//! `docs/domain.md`, section 3, and of the written definitions. No rows, no weights, and no code of the views.
//!
//! One function per view; what several of them need is in [`world`].

mod certificates;
mod claims;
mod due;
mod enrolments;
mod outcomes;
mod programs;
mod register;
mod reports;
mod sentras;
mod training;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use jejak_events::area::AreaCode;
use jejak_events::identity::Subject;
use jejak_projections::answer::{BasisEvents, FigureUnit};
use jejak_projections::question::Question;
use jejak_projections::views::ViewDeclaration;

pub use world::InForce;
use world::World;

/// A programme, and an area of its results.
pub type Source = (Subject, Option<AreaCode>);

/// What a view counts: each thing once, with what it adds to the figure.
#[derive(Default)]
pub struct Counted {
    things: BTreeMap<(&'static str, String), u64>,
    /// Figures that are known though nothing may count.
    known: BTreeSet<&'static str>,
    /// Figures that a programme knows in an area.
    known_by: BTreeSet<(&'static str, Source)>,
    /// By figure of persons: where anybody counts in it or in that of the IKMs beside it.
    sources: BTreeSet<(&'static str, Source)>,
    /// Figures that would add up unlike things.
    unlike: BTreeSet<&'static str>,
    without_total: bool,
    /// Of whom and by which events the attested figures are made.
    pub bases: BTreeSet<(uuid::Uuid, BasisEvents)>,
}

impl Counted {
    /// Somebody or something counts.
    fn one(&mut self, figure: &'static str, thing: impl Display) {
        self.amount(figure, thing, 1);
    }

    /// Something adds an amount.
    fn amount(&mut self, figure: &'static str, thing: impl Display, amount: u64) {
        self.things.insert((figure, thing.to_string()), amount);
    }

    /// A figure is known, though nothing may count.
    fn known(&mut self, figure: &'static str) {
        self.known.insert(figure);
    }

    /// A programme knows a figure in an area; that tells where anything counts there, or nothing counts at all.
    fn known_by(&mut self, figure: &'static str, source: Source) {
        self.known_by.insert((figure, source));
    }

    /// Somebody counts in a figure of persons, or in that of the IKMs beside it, in a programme and area.
    fn counts_in(&mut self, figure: &'static str, source: Source) {
        self.sources.insert((figure, source));
    }

    fn is_known(&self, figure: &str) -> bool {
        let counts = self.sources.iter().any(|(name, _)| *name == figure);
        let tells =
            |known: &(&'static str, Source)| known.0 == figure && (!counts || self.sources.contains(known));
        self.known.contains(figure) || self.known_by.iter().any(tells)
    }

    /// A figure would add up unlike things.
    fn unlike(&mut self, figure: &'static str) {
        self.unlike.insert(figure);
    }

    /// No figure means anything for the whole.
    fn without_total(&mut self) {
        self.without_total = true;
    }

    /// The value of a figure; none where nothing counts in it and nobody says that it is known.
    pub fn value(&self, figure: &str) -> Option<u64> {
        let amounts = self.things.iter().filter(|((name, _), _)| *name == figure).map(|(_, amount)| amount);
        let is_known = amounts.clone().next().is_some() || self.is_known(figure);
        let means = !self.without_total && !self.unlike.contains(figure);
        (is_known && means).then(|| amounts.sum())
    }

    /// Whether nothing may be added up.
    pub fn has_no_total(&self, figure: &str) -> bool {
        self.without_total || self.unlike.contains(figure)
    }

    /// The figures that something counts in.
    pub fn names(&self) -> BTreeSet<&'static str> {
        self.things.keys().map(|(name, _)| *name).collect()
    }
}

/// The recount of one view.
pub fn recount(view: &ViewDeclaration, in_force: &InForce<'_>, question: &Question) -> Counted {
    recount_in(view, &World::new(in_force, question))
}

fn recount_in(view: &ViewDeclaration, world: &World<'_>) -> Counted {
    let mut counted = Counted::default();
    let count: fn(&World<'_>, &mut Counted) = match (view.name, view.version) {
        ("registered", 1) => register::registered,
        ("enrolled", 1) => enrolments::enrolled_1,
        ("enrolled", 2) => enrolments::enrolled_2,
        ("waitlisted", 2) => enrolments::waitlisted,
        ("trained", 2) => training::trained,
        ("export_trained", 2) => training::export_trained,
        ("green_trained", 2) => training::green_trained,
        ("persons_trained", 2) => training::persons_trained,
        ("participated", 1) => training::participated,
        ("withdrawn", 1) => training::withdrawn,
        ("hours", 1) => training::hours,
        ("attendance", 1) => training::attendance,
        ("quota", 1) => enrolments::quota,
        ("repeaters", 1) => training::repeaters,
        ("beginners", 1) => training::beginners,
        ("findings", 1) => outcomes::findings,
        ("survival", 1) => training::survival,
        ("time_to", 1) => training::time_to,
        ("assessed", 2) => outcomes::assessed,
        ("scores", 1) => outcomes::scores,
        ("certified", 2) => certificates::certified,
        ("green_certified", 2) => certificates::green_certified,
        ("certificates", 1) => certificates::certificates,
        ("certificates_expiring", 2) => certificates::certificates_expiring,
        ("exhibited", 1) => outcomes::exhibited,
        ("exported", 1) => outcomes::exported,
        ("mentored", 2) => outcomes::mentored,
        ("sessions_held", 2) => programs::sessions_held,
        ("method_mix", 2) => programs::method_mix,
        ("programs", 2) => programs::programs,
        ("spending", 2) => programs::spending,
        ("targets", 4) => programs::targets,
        ("funnel", 2) => outcomes::funnel,
        ("sentra", 2) => sentras::sentra,
        ("facilities", 1) => sentras::facilities,
        ("population", 2) => register::population,
        ("coverage", 2) => register::coverage,
        ("welfare", 1) => reports::welfare,
        ("turnover_change", 1) => reports::turnover_change,
        ("jobs", 1) => reports::jobs,
        ("declared_complete", 1) => reports::declared_complete,
        ("assessments_overdue", 2) => due::assessments_overdue,
        ("unheard", 1) => due::unheard,
        ("quality", 2) => due::quality,
        ("reach", 1) => due::reach,
        ("claims", 1) => claims::claims,
        (name, version) => panic!("write the recount of {name} version {version} from its definition"),
    };
    count(world, &mut counted);
    // Whoever stands in a stream: a figure of IKMs counts no person.
    let of_ikms =
        |name| view.figures.iter().any(|figure| figure.name == name && figure.unit == FigureUnit::Ikm);
    counted.things.retain(|(figure, thing), _| !of_ikms(*figure) || !thing.starts_with("person/"));
    counted
}

/// The identifier of an IKM, as answers have it.
fn uuid(ikm: Subject) -> uuid::Uuid {
    match ikm {
        Subject::Ikm(ikm) => ikm.uuid(),
        other => panic!("{other} is no IKM"),
    }
}
