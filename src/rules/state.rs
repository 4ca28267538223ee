//! What the rules need to know of the past: the contents in force, by what they are about.
//!
//! A state is a fold of weighted contents: adding one with weight +1 and the same one with weight -1
//! leaves it as it was, which is how corrections, retractions and a refused batch are undone. It must
//! never decide anything; that is for [`super::judge`].

use std::collections::{BTreeMap, BTreeSet};

use super::attendances::Attendances;
use super::claims::ClaimInForce;
use super::destroyed::Destroyed;
use super::enrollee::{Enrollee, Merged};
use super::merges::Merges;
use super::places::{EnrolmentStep, Enrolments, PlaceStanding, Taken, Waiter};
use super::precedents::Precedents;
use super::timeline::{Moment, Timeline};
use foldhash::HashMap;
use jejak_events::identity::{
    CertificateId, ClaimId, ExhibitionId, IkmId, PersonId, ProgramId, SentraId, SessionId, Subject,
};
use jejak_events::note::VerifierKey;
use jejak_events::sealed::Sealed;
use jejak_events::time::ValidTime;
use jejak_events::types::program::Unit;
use jejak_events::types::{Data, Period};
use jejak_events::values::{Code, Date, Vkey};

mod stored;

/// What an event says, whoever recorded it: the part that corrections replace.
#[derive(Clone, Copy, Debug)]
pub struct EventContent<'a> {
    /// Its stream.
    pub subject: Subject,
    /// When it happened.
    pub time: ValidTime,
    /// The facts.
    pub data: &'a Data,
}

/// A step in the life of an IKM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IkmStep {
    /// Entered the register, with what was said of its size.
    Registered(SizeInputs),
    /// Its profile changed, with what was said of its size.
    Changed(SizeInputs),
    /// Closed down: from that day on.
    Closed,
    /// Took up work again.
    Reopened,
}

/// Which of the figures that a size class rests on an event gives. They are sealed; that they are given
/// is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SizeInputs {
    /// The number of workers.
    pub workers: bool,
    /// The investment.
    pub investment: bool,
}

impl SizeInputs {
    /// What an event gives.
    #[must_use]
    pub fn of(sealed: Option<&Sealed>) -> Self {
        let given = |name: &str| {
            let has = sealed.and_then(|sealed| sealed.has.as_ref());
            has.is_some_and(|has| has.iter().any(|field| field == name))
        };
        Self { workers: given("workers"), investment: given("investment") }
    }
}

/// A programme in force.
#[derive(Debug, Default)]
pub struct Program {
    /// Its opening; `None` while only its closing is left of it, in the middle of a batch.
    pub opened: Option<ProgramOpening>,
    /// Its closings: there is one at most unless a batch is under way.
    pub closed: Timeline<()>,
}

/// The opening of a programme, as far as rules need it.
#[derive(Debug)]
pub struct ProgramOpening {
    /// When it opened.
    pub moment: Moment,
    /// What it counts.
    pub unit: Unit,
    /// Places.
    pub quota: Option<u32>,
}

/// A step in the calendar of a session.
#[derive(Debug)]
pub enum SessionStep {
    /// Put on the calendar.
    Scheduled {
        /// Its programme.
        program: ProgramId,
        /// The only group it concerns.
        group: Option<Code>,
        /// Its days with their minutes.
        days: Vec<(Date, u32)>,
    },
    /// Its days replaced by these.
    Rescheduled {
        /// Its days with their minutes.
        days: Vec<(Date, u32)>,
    },
    /// Taken off the calendar.
    Cancelled,
}

/// A session as its calendar stands, with all that is recorded.
#[derive(Debug)]
pub struct Session<'a> {
    /// When it was put on the calendar.
    pub scheduled: Moment,
    /// Its programme.
    pub program: ProgramId,
    /// The only group it concerns.
    pub group: Option<&'a Code>,
    /// Its days with their minutes, as last said.
    pub days: &'a [(Date, u32)],
    /// When it was cancelled.
    pub cancelled: Option<Moment>,
}

/// A step in the life of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateStep {
    /// Issued to the holder in this stream, valid to the last day given.
    Issued(Date, Subject),
    /// Suspended from that day on.
    Suspended,
    /// Holds again from that day on.
    Reinstated,
    /// Valid to another last day.
    Renewed(Date),
    /// Taken back from that day on.
    Revoked,
}

/// An exhibition in force.
#[derive(Debug)]
pub struct Exhibition {
    /// When it was announced.
    pub moment: Moment,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// A step in the life of a sentra.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentraStep {
    /// Planned: from here on the registry knows it.
    Planned,
    /// Its buildings stand.
    Built,
    /// In use.
    Opened,
}

/// A step of one IKM in one sentra.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberStep {
    /// Became a member.
    Joined,
    /// Left: from that day on.
    Left,
}

/// The contents in force.
#[derive(Debug, Default)]
pub struct State {
    /// IKMs.
    pub ikms: HashMap<IkmId, Timeline<IkmStep>>,
    /// IKMs merged into others.
    pub merged_ikms: Merges<IkmId>,
    /// Registered persons.
    pub persons: HashMap<PersonId, Moment>,
    /// Persons merged into others.
    pub merged_persons: Merges<PersonId>,
    /// Erasures, redactions, and whose an IKM is.
    pub destroyed: Destroyed,
    /// Programmes.
    pub programs: HashMap<ProgramId, Program>,
    /// Certificates.
    pub certificates: HashMap<CertificateId, Timeline<CertificateStep>>,
    pub(super) claims: HashMap<ClaimId, ClaimInForce>,
    /// Exhibitions.
    pub exhibitions: HashMap<ExhibitionId, Exhibition>,
    pub(super) joined: HashMap<(ExhibitionId, IkmId), u64>,
    /// Sentras.
    pub sentras: HashMap<SentraId, Timeline<SentraStep>>,
    pub(super) members: HashMap<(SentraId, IkmId), Timeline<MemberStep>>,
    pub(super) sessions: HashMap<SessionId, Timeline<SessionStep>>,
    pub(super) enrolments: Enrolments,
    /// The highest index whose content was ever added: what is merged later than all of it can be about
    /// nothing that is recorded already.
    latest: u64,
    /// The versions of the rules adopted, by the index that adopted them; the last is in force.
    pub(super) rules: BTreeMap<u64, u32>,
    /// The origin of the log; empty before event 0.
    pub(super) origin: String,
    /// The public halves of the registry's keys, by the index that named them.
    public_keys: BTreeSet<(u64, [u8; 32])>,
    pub(super) attendances: Attendances,
    /// What notices look up.
    pub precedents: Precedents,
}

impl State {
    /// The state before event 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The version of the rules in force; 0 before event 0.
    #[must_use]
    pub fn rules(&self) -> u32 {
        self.rules.last_key_value().map_or(0, |(_, version)| *version)
    }

    /// The origin of the log; empty before event 0.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether the registry has or had this public key, for whatever purpose.
    #[must_use]
    pub fn has_public_key(&self, public_key: &[u8; 32]) -> bool {
        self.public_keys.iter().any(|(_, own)| own == public_key)
    }

    /// A claim with its checks; `None` when neither was ever recorded.
    #[must_use]
    pub fn claim(&self, id: ClaimId) -> Option<&ClaimInForce> {
        self.claims.get(&id)
    }

    /// The claims in force, by the index at which each was made.
    #[must_use]
    pub fn claims_made(&self) -> BTreeMap<u64, ClaimId> {
        let made = |(id, claim): (&ClaimId, &ClaimInForce)| Some((claim.made.as_ref()?.moment.index, *id));
        self.claims.iter().filter_map(made).collect()
    }

    /// The index of the attendance already recorded at a session on a day, of a person or of the delegation of an
    /// IKM, under whichever stream was merged into the one at hand.
    #[must_use]
    pub fn attendance(&self, session: SessionId, who: Enrollee, day: Date, before: u64) -> Option<u64> {
        let streams = self.merged().group(who, before);
        streams.into_iter().find_map(|who| self.attendances.get(session, who, day))
    }

    /// Since when an IKM is closed on a day; `None` when it is not. Its own steps alone count.
    #[must_use]
    pub fn closed_on(&self, ikm: IkmId, date: Date) -> Option<Moment> {
        let end_of_day = Moment { date, index: u64::MAX };
        let mut steps = self.ikms.get(&ikm)?.before(end_of_day);
        let (moment, step) = steps.rfind(|(_, step)| !matches!(step, IkmStep::Changed(_)))?;
        (*step == IkmStep::Closed).then_some(moment)
    }

    /// Since when an IKM is closed on each day of a period; `None` when it works on one of them.
    #[must_use]
    pub fn closed_through(&self, ikm: IkmId, period: &Period) -> Option<Moment> {
        let since = self.closed_on(ikm, period.from)?;
        let steps = self.ikms.get(&ikm)?;
        let until = Moment { date: period.to, index: u64::MAX };
        let mut meanwhile = steps.after(since).take_while(|(moment, _)| *moment <= until);
        let reopens = meanwhile.any(|(_, step)| *step == IkmStep::Reopened);
        (!reopens).then_some(since)
    }

    /// The index at which an IKM, or one merged into it, is recorded at an exhibition.
    #[must_use]
    pub fn joined(&self, exhibition: ExhibitionId, ikm: IkmId, before: u64) -> Option<u64> {
        let group = self.merged_ikms.group(ikm, before);
        group.into_iter().find_map(|ikm| self.joined.get(&(exhibition, ikm)).copied())
    }

    /// Since when an IKM, or one merged into it, is a member of a sentra just before a moment.
    #[must_use]
    pub fn member_before(&self, sentra: SentraId, ikm: IkmId, moment: Moment) -> Option<Moment> {
        let of = |stream: IkmId| {
            let own = self.members.get(&(sentra, stream))?.before(moment).next_back()?;
            // Who left under the stream that this one was merged into has left this one, too; nothing else can
            // be recorded there while this one is a member.
            let left = |(index, into): (u64, IkmId)| {
                let theirs = self.members.get(&(sentra, into));
                let mut since = theirs.into_iter().flat_map(|steps| steps.before(moment));
                since.any(|(at, _)| at.index > index && at > own.0)
            };
            let stays =
                *own.1 == MemberStep::Joined && !self.merged_ikms.path(stream, moment.index).any(left);
            stays.then_some(own.0)
        };
        self.merged_ikms.group(ikm, moment.index).into_iter().find_map(of)
    }

    /// The next step of an IKM, or of one merged into it, in a sentra after a moment, when it is a joining.
    #[must_use]
    pub fn joins_after(&self, sentra: SentraId, ikm: IkmId, moment: Moment) -> Option<Moment> {
        let of = |stream| self.members.get(&(sentra, stream))?.after(moment).next();
        let streams = self.merged_ikms.group(ikm, moment.index).into_iter();
        let (at, step) = streams.filter_map(of).min_by_key(|(at, _)| *at)?;
        (*step == MemberStep::Joined).then_some(at)
    }

    /// The session as its calendar stands; `None` while it is not scheduled. Whoever attends goes by
    /// the last word on its days, also by one that was said later than the day.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<Session<'_>> {
        let mut session: Option<Session<'_>> = None;
        for (moment, step) in self.sessions.get(&id)?.steps() {
            match (step, &mut session) {
                (SessionStep::Scheduled { program, group, days }, none @ None) => {
                    let (scheduled, program, group) = (moment, *program, group.as_ref());
                    *none = Some(Session { scheduled, program, group, days, cancelled: None });
                }
                (SessionStep::Rescheduled { days }, Some(session)) => session.days = days,
                (SessionStep::Cancelled, Some(session)) => session.cancelled = Some(moment),
                // Left without their scheduling in the middle of a batch.
                (SessionStep::Scheduled { .. }, Some(_)) | (_, None) => {}
            }
        }
        session
    }

    /// The steps of an enrollee, and of those merged into it before an index, in a programme, earliest first.
    #[must_use]
    pub fn enrolment_steps(
        &self,
        program: ProgramId,
        who: Enrollee,
        before: u64,
    ) -> Vec<(Moment, &EnrolmentStep)> {
        self.enrolments.steps(self.merged(), program, who, before)
    }

    /// How an enrollee stands with a programme just before a moment.
    #[must_use]
    pub fn standing_before(&self, program: ProgramId, who: Enrollee, moment: Moment) -> PlaceStanding<'_> {
        self.enrolments.standing(self.merged(), (program, who), Some(moment), |_, _| true)
    }

    /// How an enrollee stands with a programme with all that is recorded.
    #[must_use]
    pub fn standing_finally(&self, program: ProgramId, who: Enrollee) -> PlaceStanding<'_> {
        self.enrolments.standing(self.merged(), (program, who), None, |_, _| true)
    }

    /// How an enrollee stands with a programme on a day for what it does that day: whoever leaves on it was
    /// still there.
    #[must_use]
    pub fn standing_on(&self, program: ProgramId, who: Enrollee, moment: Moment) -> PlaceStanding<'_> {
        self.enrolments.standing(self.merged(), (program, who), Some(moment), |at, step| {
            !matches!(step, EnrolmentStep::Withdrawn(_)) || at.date < moment.date
        })
    }

    /// The places taken in a programme.
    #[must_use]
    pub fn taken(&self, program: ProgramId) -> Option<&Taken> {
        self.enrolments.taken(program)
    }

    /// Who waits for a place in a programme with all that is recorded, the longest first.
    pub fn waiting(&self, program: ProgramId) -> impl Iterator<Item = Waiter<'_>> {
        self.enrolments.waiting(program)
    }

    /// Whether an IKM or a person is on record, under whichever stream it counts as, and still there.
    #[must_use]
    pub fn is_live(&self, stream: Subject) -> bool {
        match self.survivors(stream).last().copied().unwrap_or(stream) {
            Subject::Ikm(ikm) => {
                let steps = self.ikms.get(&ikm).into_iter();
                let mut lives = steps.flat_map(Timeline::steps).rev();
                let last = lives.find(|(_, step)| !matches!(step, IkmStep::Changed(_)));
                last.is_some_and(|(_, step)| *step != IkmStep::Closed)
            }
            Subject::Person(person) => self.persons.contains_key(&person),
            _ => false,
        }
    }

    /// The streams that one counts as in turn, or that count as it: what is recorded for them may rest on it.
    #[must_use]
    pub fn same_as(&self, stream: Subject) -> Vec<Subject> {
        let mut same = self.survivors(stream);
        match stream {
            Subject::Ikm(ikm) => {
                same.extend(self.merged_ikms.group(ikm, u64::MAX).into_iter().map(Subject::Ikm));
            }
            Subject::Person(person) => {
                same.extend(self.merged_persons.group(person, u64::MAX).into_iter().map(Subject::Person));
            }
            _ => {}
        }
        same
    }

    /// The streams that one counts as in turn.
    #[must_use]
    pub fn survivors(&self, stream: Subject) -> Vec<Subject> {
        match stream {
            Subject::Ikm(ikm) => {
                self.merged_ikms.path(ikm, u64::MAX).map(|(_, into)| Subject::Ikm(into)).collect()
            }
            Subject::Person(person) => {
                self.merged_persons.path(person, u64::MAX).map(|(_, into)| Subject::Person(into)).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn merged(&self) -> Merged<'_> {
        Merged { ikms: &self.merged_ikms, persons: &self.merged_persons }
    }

    /// Adds (`weight` +1) or takes away (-1) the content of the original event at `index`.
    ///
    /// Taking away what was never added leaves the state unchanged; the lineage of corrections sees to
    /// it that this does not happen.
    pub fn apply(&mut self, weight: i32, index: u64, content: EventContent<'_>) {
        let add = weight > 0;
        let moment = Moment { date: content.time.date(), index };
        self.latest = self.latest.max(index);
        let put = Put { add, moment };
        // A stream of another kind than its type's, which no record has, says nothing.
        let _ = jejak_events::match_data!(content.data, facts => facts.put(self, put, content.subject));
    }

    /// Adds or takes away a step of an enrollee in a programme.
    pub(super) fn put_enrolment(&mut self, put: Put, place: (ProgramId, Enrollee), step: EnrolmentStep) {
        let merged = Merged { ikms: &self.merged_ikms, persons: &self.merged_persons };
        self.enrolments.put(merged, place, put.moment, step, put.add);
    }

    pub(super) fn put_public_key(&mut self, index: u64, vkey: &Vkey, add: bool) {
        let Ok(key) = vkey.parse::<VerifierKey>() else { return };
        let named = (index, *key.public_key());
        if add {
            self.public_keys.insert(named);
        } else {
            self.public_keys.remove(&named);
        }
    }

    /// Changes a merge. One that stands before what is recorded already may say otherwise whom that was about:
    /// then the places that rest on it are counted anew. Only amendments of merges do, and judging a merge again;
    /// a new merge changes no place.
    pub(super) fn merge(
        &mut self,
        index: u64,
        resting: impl Fn(&Enrolments, Merged<'_>) -> Vec<(ProgramId, Enrollee)>,
        change: impl FnOnce(&mut Self),
    ) {
        if index >= self.latest {
            return change(self);
        }
        let merged = Merged { ikms: &self.merged_ikms, persons: &self.merged_persons };
        let resting = resting(&self.enrolments, merged);
        self.enrolments.count(merged, &resting, false);
        change(self);
        let merged = Merged { ikms: &self.merged_ikms, persons: &self.merged_persons };
        self.enrolments.count(merged, &resting, true);
    }
}

/// How some content is put: added or taken away, and when it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Put {
    /// Added; else taken away.
    pub add: bool,
    /// When it happened.
    pub moment: Moment,
}

/// What the facts of a type are for the rules while they are in force. Each type says so in the file of its rules.
pub(super) trait FactsInForce {
    /// Puts them into the state, or takes them out. `None` where the stream is none of the type's.
    fn put(&self, state: &mut State, put: Put, stream: Subject) -> Option<()>;
}

/// Types that restrict nothing that follows.
macro_rules! restrict_nothing {
    ($( $name:ty ),* $(,)?) => {
        $( impl $crate::rules::state::FactsInForce for $name {
            fn put(
                &self,
                _: &mut $crate::rules::state::State,
                _: $crate::rules::state::Put,
                _: jejak_events::identity::Subject,
            ) -> Option<()> {
                None
            }
        } )*
    };
}
pub(super) use restrict_nothing;

impl Put {
    /// Puts a value under a key.
    pub fn value<K: Eq + std::hash::Hash, V>(self, map: &mut HashMap<K, V>, key: K, value: V) {
        if self.add {
            map.insert(key, value);
        } else {
            map.remove(&key);
        }
    }

    /// Puts a step under a key.
    pub fn step<K: Eq + std::hash::Hash + Copy, S>(self, map: &mut HashMap<K, Timeline<S>>, key: K, step: S) {
        map.entry(key).or_default().put(self.moment, step, self.add);
    }
}

/// The identifier of a stream of this kind.
pub(super) fn id<T: TryFrom<Subject>>(stream: Subject) -> Option<T> {
    T::try_from(stream).ok()
}
