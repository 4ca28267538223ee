//! Which events of a day concern a member that changed on it, and which days that passed: the causes that
//! [`crate::compare`] tells. Found in the facts that views count from, never guessed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;

use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::values::Date;

use super::calendar::lives;
use super::certified::EXPIRING_DAYS;
use super::scope::Scope;
use super::validity::runs;
use crate::answer::Who;
use crate::compare::{Cause, CauseKind, Turn};
use crate::facts::{Chunks, CodeId, Facts, Id, Row};
use crate::question::Question;

/// Why each member changed on its day: of what concerns it the most immediate, and there is always something.
pub(crate) fn causes(facts: &Facts, question: &Question, turns: &[Turn<'_>]) -> Vec<Vec<Cause>> {
    if turns.is_empty() {
        return Vec::new();
    }
    let scope = Scope::new(facts, question);
    let mut finder = Finder {
        ties: Ties::new(&scope, turns),
        scope,
        turns,
        found: turns.iter().map(|_| BTreeMap::new()).collect(),
    };
    finder.register();
    finder.programs();
    finder.certificates();
    finder.reports();
    finder.areas_and_claims();
    finder.terms();
    finder.session_days();
    finder.completions();
    let found = finder.found.into_iter().zip(turns);
    found.map(|(found, turn)| settle(found, turn)).collect()
}

/// How much a cause says: the lower, the more immediate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// It is about the member and what it counted by.
    Immediate,
    /// It is about the member otherwise, or about its programmes.
    Around,
    /// It was recorded on the day, which counts only where nothing that happened does.
    Recording,
}

/// What was found for one turn: events by weight, kind and day.
type Found = BTreeMap<(Weight, CauseKind, Date), BTreeSet<u64>>;

/// The causes of the lowest weight.
fn settle(mut found: Found, turn: &Turn<'_>) -> Vec<Cause> {
    let at = |kind| (Weight::Immediate, kind, turn.day);
    if found.contains_key(&at(CauseKind::Completed)) {
        // To be present on the last day is how one completes.
        let present = found.remove(&at(CauseKind::Attended)).unwrap_or_default();
        found.entry(at(CauseKind::Completed)).or_default().extend(present);
    }
    let Some(lowest) = found.keys().map(|(weight, ..)| *weight).min() else {
        return vec![Cause { cause: CauseKind::TimePassed, day: turn.day, events: Vec::new() }];
    };
    let of_lowest = found.into_iter().filter(|((weight, ..), _)| *weight == lowest);
    of_lowest
        .map(|((_, cause, day), events)| Cause { cause, day, events: events.into_iter().collect() })
        .collect()
}

/// Places of turns.
type Places = Vec<usize>;

/// What the turns hang on, by what a row names and the day of the turn.
struct Ties {
    days: BTreeSet<Date>,
    /// The member itself, under all its streams.
    own: HashMap<(Id, Date), Places>,
    /// IKMs that a person works for or was sent by.
    employer: HashMap<(Id, Date), Places>,
    /// Certificates of the member, and whether the member counted by it.
    certificate: HashMap<(Id, Date), Vec<(usize, bool)>>,
    /// Programmes by which the member counted, with its group; and sentras.
    program: HashMap<(Id, Date), Vec<(usize, CodeId)>>,
    /// Events that are behind the member on the day and were not the day before.
    new: HashMap<u64, Places>,
}

impl Ties {
    fn new(scope: &Scope<'_>, turns: &[Turn<'_>]) -> Self {
        let mut ties = Self {
            days: turns.iter().map(|turn| turn.day).collect(),
            own: HashMap::new(),
            employer: HashMap::new(),
            certificate: HashMap::new(),
            program: HashMap::new(),
            new: HashMap::new(),
        };
        // By event: who counts by it, before or after.
        let mut behind: HashMap<u64, Places> = HashMap::new();
        for (place, turn) in turns.iter().enumerate() {
            let [before, after] =
                [turn.before, turn.after].map(|side| side.map_or(&[][..], |member| &member.events));
            for event in before.iter().chain(after) {
                behind.entry(*event).or_default().push(place);
            }
            for event in after.iter().filter(|event| before.binary_search(event).is_err()) {
                ties.new.entry(*event).or_default().push(place);
            }
        }
        let by_id = ties.tie_streams(scope, turns);
        ties.tie_employers(scope, turns, &by_id);
        ties.tie_certificates(scope, turns, (&by_id, &behind));
        ties.tie_programs(scope, turns, &behind);
        ties
    }

    /// The streams that each member counts under.
    fn tie_streams(&mut self, scope: &Scope<'_>, turns: &[Turn<'_>]) -> HashMap<Id, Places> {
        let (ikms, persons) = (scope.merged_ikms(), scope.merged_persons());
        let mut by_id: HashMap<Id, Places> = HashMap::new();
        for (place, turn) in turns.iter().enumerate() {
            let merged = match turn.who {
                Who::Ikm(_) => Some(&ikms),
                Who::Person(_) => Some(&persons),
                _ => None,
            };
            let Some(id) = turn.who.uuid().and_then(|uuid| scope.facts.id(uuid)) else { continue };
            let others = merged.and_then(|merged| merged.get(&id)).map_or(&[][..], Vec::as_slice);
            for id in others.iter().chain([&id]) {
                by_id.entry(*id).or_default().push(place);
                self.own.entry((*id, turn.day)).or_default().push(place);
            }
        }
        by_id
    }

    fn tie_employers(&mut self, scope: &Scope<'_>, turns: &[Turn<'_>], by_id: &HashMap<Id, Places>) {
        let tables = &scope.facts.tables;
        let merged = scope.merged_ikms();
        let works = scope.rows(&tables.persons).map(|row| (row.fact.person, row.fact.ikm));
        let moves = scope.rows(&tables.person_moves).map(|row| (row.fact.person, row.fact.ikm));
        let sent = scope.rows(&tables.enrolments).map(|row| (row.fact.person, row.fact.ikm));
        let mut employers: BTreeSet<(usize, Id)> = BTreeSet::new();
        for (person, ikm) in
            works.chain(moves).chain(sent).filter(|(person, ikm)| person.is_some() && ikm.is_some())
        {
            for place in by_id.get(&person).into_iter().flatten() {
                let survivor = scope.surviving_ikm(ikm).0;
                let others = merged.get(&survivor).map_or(&[][..], Vec::as_slice);
                employers.extend(others.iter().chain([&survivor]).map(|ikm| (*place, *ikm)));
            }
        }
        for (place, ikm) in employers {
            self.employer.entry((ikm, turns[place].day)).or_default().push(place);
        }
    }

    fn tie_certificates(
        &mut self,
        scope: &Scope<'_>,
        turns: &[Turn<'_>],
        (by_id, behind): (&HashMap<Id, Places>, &HashMap<u64, Places>),
    ) {
        for row in scope.rows(&scope.facts.tables.certificates) {
            let counted = behind.get(&scope.index(row)).map_or(&[][..], Vec::as_slice);
            let held = by_id.get(&row.fact.holder).map_or(&[][..], Vec::as_slice);
            let mut tie = |place: usize, counts: bool| {
                let at = (row.fact.certificate, turns[place].day);
                self.certificate.entry(at).or_default().push((place, counts));
            };
            counted.iter().for_each(|place| tie(*place, true));
            held.iter().filter(|place| !counted.contains(place)).for_each(|place| tie(*place, false));
        }
    }

    fn tie_programs(&mut self, scope: &Scope<'_>, turns: &[Turn<'_>], behind: &HashMap<u64, Places>) {
        let tables = &scope.facts.tables;
        let places = scope.rows(&tables.enrolments);
        let places = places.map(|row| (scope.index(row), row.fact.program, row.fact.group));
        let waits = scope.rows(&tables.waits).map(|row| (scope.index(row), row.fact.program, CodeId::NONE));
        let sentras = scope.rows(&tables.memberships);
        let sentras = sentras.map(|row| (scope.index(row), row.fact.sentra, CodeId::NONE));
        for (index, program, group) in places.chain(waits).chain(sentras) {
            for place in behind.get(&index).into_iter().flatten() {
                let tied = self.program.entry((program, turns[*place].day)).or_default();
                if !tied.contains(&(*place, group)) {
                    tied.push((*place, group));
                }
            }
        }
    }
}

/// What a row is about; [`Id::NONE`] where it names none.
#[derive(Clone, Copy)]
struct About {
    /// Those who would be members by it.
    own: [Id; 3],
    /// The IKM, also for the persons who work there.
    employer: Id,
    certificate: Id,
    /// The programme or the sentra in which it happened.
    program: Id,
}

/// About nobody.
const NOBODY: About =
    About { own: [Id::NONE; 3], employer: Id::NONE, certificate: Id::NONE, program: Id::NONE };

impl About {
    /// Each of these alone.
    fn own<const N: usize>(ids: [Id; N]) -> Self {
        let mut about = NOBODY;
        about.own.iter_mut().zip(ids).for_each(|(own, id)| *own = id);
        about
    }

    /// An IKM with all who work there.
    fn ikm(ikm: Id) -> Self {
        Self { own: [ikm, Id::NONE, Id::NONE], employer: ikm, ..NOBODY }
    }

    fn certificate(certificate: Id) -> Self {
        Self { certificate, ..NOBODY }
    }

    /// A place of an IKM, or of one whom it sends.
    fn place(ikm: Id, person: Id, program: Id) -> Self {
        let employer = if person.is_some() { Id::NONE } else { ikm };
        Self { own: [ikm, person, Id::NONE], employer, program, ..NOBODY }
    }
}

/// How a row is tied to a turn.
#[derive(Clone, Copy, Default)]
struct Tie {
    own: bool,
    employer: bool,
    /// Tied by a certificate, and whether the member counted by it.
    certificate: Option<bool>,
    program: bool,
    new: bool,
}

impl Tie {
    /// How much a row of a kind says; `None` where it does not concern the member.
    fn weight(self, kind: CauseKind) -> Option<Weight> {
        if kind == CauseKind::Recorded {
            return self.new.then_some(Weight::Recording);
        }
        let of_member = self.own || self.employer || self.certificate.is_some();
        let is_of_place = matches!(kind, CauseKind::Enrolled | CauseKind::Waitlisted | CauseKind::Withdrawn);
        let immediate = match kind {
            CauseKind::Closed | CauseKind::Reopened | CauseKind::Moved => of_member,
            _ if is_of_place => of_member && self.program,
            _ => self.certificate == Some(true),
        };
        if immediate || (self.new && of_member) {
            return Some(Weight::Immediate);
        }
        // Those at an IKM are not concerned by what only the IKM does, nor anybody by the places of others.
        let of_program = self.program && !is_of_place;
        let around = self.own || self.certificate.is_some() || of_program || self.new;
        around.then_some(Weight::Around)
    }
}

struct Finder<'a> {
    scope: Scope<'a>,
    turns: &'a [Turn<'a>],
    ties: Ties,
    found: Vec<Found>,
}

impl<'a> Finder<'a> {
    /// Holds each row of a table that counts from the day of a turn on against the turns.
    fn rows<T>(&mut self, table: &'a Chunks<Row<T>>, about: impl Fn(&T) -> (CauseKind, About)) {
        self.rows_after(0, table, about);
    }

    /// The same for rows that count so many days after their own.
    fn rows_after<T>(
        &mut self,
        days: i32,
        table: &'a Chunks<Row<T>>,
        about: impl Fn(&T) -> (CauseKind, About),
    ) {
        for row in self.scope.rows(table) {
            let counts = Date::from_day_number(row.day.day_number() + days);
            let Some(counts) = counts.filter(|day| self.ties.days.contains(day)) else { continue };
            let (kind, about) = about(&row.fact);
            let mut events = Vec::new();
            self.scope.trace(row, &mut events);
            for (place, tie) in self.tied(counts, &events, about) {
                let kind = match kind {
                    CauseKind::Moved if !self.moved(place) => CauseKind::ProfileChanged,
                    kind => kind,
                };
                if let Some(weight) = tie.weight(kind) {
                    self.found[place].entry((weight, kind, row.day)).or_default().extend(&events);
                }
            }
        }
    }

    /// The turns that a row of a day is tied to.
    fn tied(&self, day: Date, events: &[u64], about: About) -> BTreeMap<usize, Tie> {
        let mut tied: BTreeMap<usize, Tie> = BTreeMap::new();
        let at = |id: Id| Some((id, day)).filter(|_| id.is_some());
        for id in about.own.into_iter().filter_map(at) {
            let places = self.ties.own.get(&id).into_iter().flatten();
            places.for_each(|place| tied.entry(*place).or_default().own = true);
        }
        for place in at(about.employer).and_then(|id| self.ties.employer.get(&id)).into_iter().flatten() {
            tied.entry(*place).or_default().employer = true;
        }
        let of_certificate = at(about.certificate).and_then(|id| self.ties.certificate.get(&id));
        for (place, counts) in of_certificate.into_iter().flatten() {
            tied.entry(*place).or_default().certificate = Some(*counts);
        }
        for (place, _) in at(about.program).and_then(|id| self.ties.program.get(&id)).into_iter().flatten() {
            tied.entry(*place).or_default().program = true;
        }
        for place in events.iter().filter_map(|event| self.ties.new.get(event)).flatten() {
            if self.turns[*place].day == day {
                tied.entry(*place).or_default().new = true;
            }
        }
        tied
    }

    /// Whether a member counts for another area than the day before, or on one of the two days only.
    fn moved(&self, place: usize) -> bool {
        let Turn { before, after, .. } = self.turns[place];
        before.zip(after).is_none_or(|(before, after)| before.area != after.area)
    }

    /// What the register says.
    fn register(&mut self) {
        let tables = &self.scope.facts.tables;
        self.rows(&tables.ikms, |fact| (CauseKind::Registered, About::ikm(fact.ikm)));
        self.rows(&tables.persons, |fact| (CauseKind::Registered, About::own([fact.person])));
        self.rows(&tables.person_moves, |fact| (CauseKind::ProfileChanged, About::own([fact.person])));
        self.rows(&tables.person_areas, |fact| (CauseKind::Moved, About::own([fact.person])));
        self.rows(&tables.profiles, |fact| {
            let kind = if fact.area.is_some() { CauseKind::Moved } else { CauseKind::ProfileChanged };
            (kind, About::ikm(fact.ikm))
        });
        self.rows(&tables.workings, |fact| {
            (if fact.works { CauseKind::Reopened } else { CauseKind::Closed }, About::ikm(fact.ikm))
        });
        self.rows(&tables.memberships, |fact| {
            let kind = if fact.member { CauseKind::JoinedSentra } else { CauseKind::LeftSentra };
            (kind, About::own([fact.ikm, fact.sentra]))
        });
        self.rows(&tables.facilities, |fact| (CauseKind::FacilityAdded, About::own([fact.ikm, fact.sentra])));
    }

    /// Programmes, and what happens in them.
    fn programs(&mut self) {
        let tables = &self.scope.facts.tables;
        let of = |program| About { program, ..About::own([program]) };
        self.rows(&tables.programs, |fact| (CauseKind::ProgramOpened, of(fact.program)));
        self.rows(&tables.program_closings, |fact| (CauseKind::ProgramClosed, of(fact.program)));
        self.rows(&tables.spendings, |fact| (CauseKind::Reported, of(fact.program)));
        self.rows(&tables.sessions, |fact| {
            let own = About::own([fact.session, fact.program]);
            (CauseKind::SessionScheduled, About { program: fact.program, ..own })
        });
        let sessions: HashMap<Id, Id> =
            self.scope.rows(&tables.sessions).map(|row| (row.fact.session, row.fact.program)).collect();
        let program_of = |session: Id| sessions.get(&session).copied().unwrap_or(Id::NONE);
        let of_session = |session: Id| {
            let program = program_of(session);
            About { program, ..About::own([session, program]) }
        };
        self.rows(&tables.session_days, |fact| (CauseKind::SessionScheduled, of_session(fact.session)));
        self.rows(&tables.cancellations, |fact| (CauseKind::SessionCancelled, of_session(fact.session)));
        self.rows(&tables.enrolments, |fact| {
            (CauseKind::Enrolled, About::place(fact.ikm, fact.person, fact.program))
        });
        self.rows(&tables.waits, |fact| {
            (CauseKind::Waitlisted, About::place(fact.ikm, fact.person, fact.program))
        });
        // Whoever leaves on a day was still there on it.
        self.rows_after(1, &tables.withdrawals, |fact| {
            (CauseKind::Withdrawn, About::place(fact.ikm, fact.person, fact.program))
        });
        self.rows(&tables.attendances, |fact| {
            let present = fact.status == AttendanceStatus::Present;
            let kind = if present { CauseKind::Attended } else { CauseKind::Absent };
            (kind, About::own([fact.ikm, fact.person, fact.session]))
        });
        self.rows(&tables.mentorings, |fact| (CauseKind::Visited, About::own([fact.ikm, fact.program])));
        self.rows(&tables.assessments, |fact| (CauseKind::Assessed, About::own([fact.ikm, fact.program])));
    }

    /// What happened to certificates.
    fn certificates(&mut self) {
        let tables = &self.scope.facts.tables;
        self.rows(&tables.certificates, |fact| {
            let own = About::own([fact.holder, fact.program]);
            (CauseKind::Issued, About { certificate: fact.certificate, ..own })
        });
        self.rows(&tables.renewals, |fact| (CauseKind::Renewed, About::certificate(fact.certificate)));
        self.rows(&tables.suspensions, |fact| {
            let kind = if fact.suspended { CauseKind::Suspended } else { CauseKind::Reinstated };
            (kind, About::certificate(fact.certificate))
        });
        self.rows(&tables.revocations, |fact| (CauseKind::Revoked, About::certificate(fact.certificate)));
    }

    /// Exhibitions, reports and sentras.
    fn reports(&mut self) {
        let tables = &self.scope.facts.tables;
        let of = |sentra| About { program: sentra, ..About::own([sentra]) };
        self.rows(&tables.exhibitions, |_| (CauseKind::ExhibitionAnnounced, NOBODY));
        self.rows(&tables.participations, |fact| (CauseKind::Exhibited, About::own([fact.ikm])));
        self.rows(&tables.workforces, |fact| (CauseKind::Reported, About::own([fact.ikm])));
        self.rows(&tables.turnovers, |fact| (CauseKind::Reported, About::own([fact.ikm])));
        self.rows(&tables.shipments, |fact| (CauseKind::Reported, About::own([fact.ikm])));
        self.rows(&tables.sentras, |fact| (CauseKind::SentraChanged, of(fact.sentra)));
        self.rows(&tables.sentra_steps, |fact| (CauseKind::SentraChanged, of(fact.sentra)));
        self.rows(&tables.sentra_forms, |fact| (CauseKind::SentraChanged, of(fact.sentra)));
        self.rows(&tables.sentra_funds, |fact| (CauseKind::SentraChanged, of(fact.sentra)));
    }

    /// What is said of areas, and claims.
    fn areas_and_claims(&mut self) {
        let tables = &self.scope.facts.tables;
        self.rows(&tables.populations, |_| (CauseKind::Reported, NOBODY));
        self.rows(&tables.coverages, |_| (CauseKind::DeclaredComplete, NOBODY));
        self.rows(&tables.area_targets, |_| (CauseKind::TargetSet, NOBODY));
        self.rows(&tables.claims, |fact| (CauseKind::Claimed, About::own([fact.claim])));
        self.rows(&tables.checks, |fact| (CauseKind::Checked, About::own([fact.claim])));
        self.rows(&tables.recordings, |_| (CauseKind::Recorded, NOBODY));
    }

    /// Certificates whose term began or ended, or comes to its end.
    fn terms(&mut self) {
        let tables = &self.scope.facts.tables;
        let issued = self.scope.rows(&tables.certificates);
        let issued =
            issued.map(|row| (row.fact.certificate, row.day, row.fact.valid_from..=row.fact.valid_to));
        let renewed = self.scope.rows(&tables.renewals);
        let renewed =
            renewed.map(|row| (row.fact.certificate, row.day, row.fact.valid_from..=row.fact.valid_to));
        let wanted: BTreeSet<Id> =
            self.ties.certificate.keys().map(|(certificate, _)| *certificate).collect();
        let mut terms: HashMap<Id, Vec<(Date, RangeInclusive<Date>)>> = HashMap::new();
        for (certificate, day, term) in issued.chain(renewed).filter(|(id, ..)| wanted.contains(id)) {
            terms.entry(certificate).or_default().push((day, term));
        }
        for ((certificate, day), tied) in &self.ties.certificate {
            let said = terms.get(certificate).map_or(&[][..], Vec::as_slice);
            // What is said on the day itself is told as the event that it is.
            let mut before: Vec<_> =
                said.iter().filter(|(said, _)| said < day).map(|(_, term)| term.clone()).collect();
            for run in runs(&mut before) {
                let left = run.end().day_number() - day.day_number();
                for (place, counts) in tied {
                    let nears = self.turns[*place].after.is_some_and(|after| after.day == Some(*run.end()));
                    let cause = match left {
                        -1 => (CauseKind::Lapsed, *run.end()),
                        _ if run.start() == day => (CauseKind::InForce, *day),
                        _ if nears && EXPIRING_DAYS.contains(&left) => (CauseKind::EndingSoon, *run.end()),
                        _ => continue,
                    };
                    let weight = if *counts { Weight::Immediate } else { Weight::Around };
                    self.found[*place].entry((weight, cause.0, cause.1)).or_default();
                }
            }
        }
    }

    /// Session days of a programme of the member that passed.
    fn session_days(&mut self) {
        let mut tied: HashMap<Id, BTreeSet<Date>> = HashMap::new();
        for (id, day) in self.ties.program.keys().chain(self.ties.own.keys()) {
            tied.entry(*id).or_default().insert(*day);
        }
        for life in lives(&self.scope) {
            let session = &life.session.fact;
            let days = [session.program, session.session].into_iter().filter_map(|id| tied.get(&id));
            for day in days.flatten().copied().collect::<BTreeSet<Date>>() {
                if !life.on(day).is_some_and(|rows| rows.iter().any(|row| row.fact.date == day)) {
                    continue;
                }
                let in_group =
                    |(_, group): &&(usize, CodeId)| session.group == CodeId::NONE || session.group == *group;
                let sent = self.ties.program.get(&(session.program, day)).into_iter().flatten();
                let itself = [session.session, session.program].map(|id| self.ties.own.get(&(id, day)));
                let itself = itself.into_iter().flatten().flatten();
                let places: BTreeSet<usize> =
                    sent.filter(in_group).map(|(place, _)| *place).chain(itself.copied()).collect();
                for place in places {
                    self.found[place].entry((Weight::Around, CauseKind::SessionPassed, day)).or_default();
                }
            }
        }
    }

    /// Who came to count among those who completed did so on a closing day: the last session day, or the one on which
    /// what was left was called off or put on other days.
    fn completions(&mut self) {
        for place in 0..self.turns.len() {
            if !self.completes(place) {
                continue;
            }
            let day = self.turns[place].day;
            let closes = |kind| (Weight::Around, kind, day);
            let found = &mut self.found[place];
            let mut is_closing = found.remove(&closes(CauseKind::SessionPassed)).is_some();
            for kind in [CauseKind::SessionCancelled, CauseKind::SessionScheduled] {
                if let Some(events) = found.remove(&closes(kind)) {
                    found.entry((Weight::Immediate, kind, day)).or_default().extend(events);
                    is_closing = true;
                }
            }
            if is_closing {
                found.entry((Weight::Immediate, CauseKind::Completed, day)).or_default();
            }
        }
    }

    /// Whether a member came to count in a figure of those who completed, which only a closing day brings about.
    fn completes(&self, place: usize) -> bool {
        let Turn { before, after, .. } = self.turns[place];
        let counted = |name: &&str| before.is_some_and(|before| before.figures.contains(name));
        let gained = |name: &&str| COMPLETIONS.contains(name) && !counted(name);
        after.is_some_and(|after| after.figures.iter().any(gained))
    }
}

/// Figures of those who completed a programme.
pub(crate) const COMPLETIONS: &[&str] = &[
    "trained",
    "trained_persons",
    "export_trained",
    "export_trained_persons",
    "green_trained",
    "green_trained_persons",
    "persons_trained",
    "beginners_trained",
    "funnel_completed",
    "coverage_trained",
    "reach_trained",
];
