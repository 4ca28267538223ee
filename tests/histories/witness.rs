//! Watches a history step by step, and holds the registry to what an erasure must leave as it was: every
//! answer about what was known before, every figure, every leaf, and whatever is sealed for others.

use jejak::answer_json::Attested;
use jejak::queries::attested::attest;
use jejak::readmodel::{Snapshot, rebuild};
use jejak::registry::{Attached, Destroyed, Registry};
use jejak_events::identity::{Subject, SubjectKind};
use jejak_events::tree::{Frontier, Hash, leaf_hash};
use jejak_projections::answer::{Answer as Figures, BasisEvents};
use jejak_projections::lineage::Content;
use jejak_projections::question::Question;
use jejak_projections::views::{AttestedRule, PersonTrait, Persons, VIEWS};
use serde_json::Value;

use super::fact::kind_of;
use super::ledger::{Ledger, Loss};
use super::step::{Answer, Step};
use crate::support;

#[derive(Default)]
pub struct Witness {
    pub ledger: Ledger,
    size: u64,
    /// Size and root after each step.
    roots: Vec<(u64, Hash)>,
    before: Option<Vec<Figures>>,
}

/// Whether a type is recorded with keys destroyed, and never amended.
pub fn destroys(kind: &str) -> bool {
    kind.ends_with(".erasure_requested") || kind.ends_with(".erased") || kind == "evidence.redacted"
}

pub fn kind(value: &Value) -> &str {
    kind_of(value["type"].as_str().unwrap())
}

/// Every view, of everything, as known at a size.
fn figures(registry: &Registry, size: u64) -> Vec<Figures> {
    let (snapshot, question) = (registry.snapshot(), Question::new(rebuild::far_future(), size));
    VIEWS.iter().map(|view| view.answer(snapshot.facts(), &question).unwrap()).collect()
}

impl Witness {
    /// Looks at a registry before a step.
    pub fn before(&mut self, registry: &Registry, step: &Step) {
        self.size = registry.reader().size();
        let may_destroy = match step {
            Step::Propose { proposals, .. } => proposals.iter().any(|one| destroys(kind(one))),
            Step::Erase { .. } | Step::Redact { .. } => true,
            Step::Attach { .. } => false,
        };
        self.before = may_destroy.then(|| figures(registry, self.size));
    }

    /// Looks at it afterwards; answers with what the step added to the log, as it was proposed, or as it
    /// stands there where nobody proposed it.
    pub fn after(&mut self, registry: &Registry, step: &Step, answer: &Answer) -> Vec<Value> {
        let size = registry.reader().size();
        let mut records = Vec::new();
        for index in self.size..size {
            let record: Value = serde_json::from_slice(&registry.reader().read(index).unwrap()).unwrap();
            records.push(record);
        }
        let proposals: &[Value] = if let Step::Propose { proposals, .. } = step { proposals } else { &[] };
        let proposed = |record: &Value| proposals.iter().find(|one| one["id"] == record["id"]);
        let added: Vec<Value> =
            records.iter().map(|record| proposed(record).unwrap_or(record).clone()).collect();
        if let (Step::Attach { subjects, document }, Answer::Attached(Attached::Held(file))) = (step, answer)
        {
            self.ledger.attach(file.to_string(), subjects, document);
        }
        for ((index, record), added) in (self.size..).zip(&records).zip(&added) {
            self.ledger.take(index, record, added);
        }
        if let Answer::Destroyed(done) = answer {
            self.hold_destruction(done);
        }
        each_request_is_carried_out(&records, proposed);
        if let Some(before) = self.before.take() {
            assert!(figures(registry, self.size) == before, "what was known before is answered otherwise");
            if records.iter().all(|record| destroys(kind(record))) {
                nothing_but_the_question_changed(&before, &figures(registry, size));
            }
            self.ledger.hold(registry);
        }
        self.roots.push((size, registry.reader().root_at(size).unwrap()));
        added
    }

    /// What the command says that it destroyed is what had to be.
    fn hold_destruction(&self, done: &Destroyed) {
        let Destroyed::Done { recorded, erased: Some(_), destruction } = done else { return };
        let keys = destruction.keys.iter().map(|(subject, group)| (subject.to_string(), *group));
        let files = destruction.evidence.iter().map(ToString::to_string);
        let values = destruction.values.iter().map(|(subject, events)| (subject.to_string(), events.clone()));
        let loss = Loss { keys: keys.collect(), values: values.collect(), files: files.collect() };
        assert_eq!(&loss, &self.ledger.losses[recorded], "what the command destroyed");
    }

    /// Looks at the whole log, when all is played.
    pub fn finish(&self, registry: &Registry) {
        self.ledger.hold(registry);
        let left_over = self.ledger.left_over();
        assert!(left_over.is_empty(), "count as erased, and are kept: {left_over:?}");
        let mut tree = Frontier::new();
        let mut roots = self.roots.iter();
        let mut next = roots.next();
        for index in 0..registry.reader().size() {
            tree.push(leaf_hash(&registry.reader().read(index).unwrap()));
            while let Some((size, root)) = next.filter(|(size, _)| *size <= index + 1) {
                assert_eq!((*size, tree.root()), (index + 1, *root), "the root over the earlier size");
                assert_eq!(registry.reader().root_at(*size).unwrap(), *root);
                next = roots.next();
            }
        }
        assert!(next.is_none(), "the log is shorter than it was");
        self.hold_attested(registry);
    }

    /// Attested sums are made of what can be read, and say how much was erased.
    fn hold_attested(&self, registry: &Registry) {
        let look = support::look(registry);
        for (view, answer) in VIEWS.iter().zip(figures(registry, registry.reader().size())) {
            let attested = attest(view, &answer, (&registry.snapshot(), &look));
            for (declared, attested) in view.attested.iter().zip(attested.unwrap()) {
                match declared.rule {
                    AttestedRule::Persons { of, wanted } => {
                        self.hold_persons(registry, (of, wanted), &answer, &attested);
                    }
                    rule => self.hold_figure(rule, &answer, &attested),
                }
            }
        }
    }

    /// What the registrations of the persons behind a figure say, as far as it can be read.
    fn hold_persons(
        &self,
        registry: &Registry,
        (of, wanted): (Persons, PersonTrait),
        answer: &Figures,
        attested: &Attested,
    ) {
        let snapshot = registry.snapshot();
        let (mut value, mut seen, mut unseen, mut erased) = (0, 0, 0, 0);
        let counted = answer.members.iter().filter(|member| member.figures.contains(&of.figure));
        for person in counted.filter_map(|member| member.who.subject()) {
            let person = match (of.owners, person.kind()) {
                (false, SubjectKind::Person) => Some(person),
                (true, SubjectKind::Ikm) => owner(&snapshot, person),
                _ => continue,
            };
            let Some(person) = person else {
                unseen += 1;
                continue;
            };
            let said = snapshot.history(person).into_iter().filter_map(|index| {
                let event = snapshot.event(index).unwrap();
                let is_own = event.draft.subject == person && event.draft.data.seals(wanted.field());
                let effective = snapshot.lineage().effective(index).filter(|_| is_own)?;
                let day = Content::of(&snapshot.event(effective).unwrap()).time().date();
                let told = self.ledger.values(effective).get(wanted.field()).cloned();
                Some((day, index, told)).filter(|(_, _, told)| told != &Some(Value::Null))
            });
            // What says nothing leaves standing what was said before.
            match said.max_by_key(|(day, index, _)| (*day, *index)).map(|(_, _, told)| told) {
                Some(None) => erased += 1,
                None => unseen += 1,
                Some(Some(told)) => {
                    seen += 1;
                    let has = match wanted {
                        PersonTrait::Woman => told == "P",
                        PersonTrait::Aged { from, to } => {
                            let age = i64::from(answer.question.on.year()) - told.as_i64().unwrap();
                            from.is_none_or(|from| age >= i64::from(from))
                                && to.is_none_or(|to| age <= i64::from(to))
                        }
                    };
                    value += i64::from(has);
                }
            }
        }
        let part = &attested.total;
        let counts = (part.seen, part.unseen, part.erased);
        assert_eq!(counts, (seen, unseen, erased), "{}: seen, unseen, erased", attested.name);
        if let jejak::answer_json::Told::Value(told) = part.value {
            assert_eq!(told, value, "{}", attested.name);
        }
    }

    fn hold_figure(&self, rule: AttestedRule, answer: &Figures, attested: &Attested) {
        let (field, whole, of) = match rule {
            AttestedRule::Sum { field, whole } => (field, whole, 0),
            AttestedRule::MedianChange { field } => (field, None, 0),
            AttestedRule::SumOfPairs { field, latest } => (field, None, usize::from(latest)),
            AttestedRule::Persons { .. } => return,
        };
        let (mut seen, mut unseen, mut erased, mut sum) = (0, 0, 0, 0);
        for basis in &answer.bases {
            let events = match basis.events {
                BasisEvents::One(index) => vec![index],
                BasisEvents::Pair { before, after } => vec![before, after],
            };
            let said: Vec<_> = events.iter().map(|index| self.ledger.values(*index)).collect();
            let gives = |field| said.iter().all(|values| values[field].is_i64() || values[field].is_u64());
            if said.iter().any(|values| !values.contains_key(field)) {
                erased += 1;
            } else if gives(field) && whole.is_none_or(gives) {
                seen += 1;
                sum += said[of][field].as_i64().unwrap();
            } else {
                unseen += 1;
            }
        }
        let part = &attested.total;
        assert_eq!(part.erased, erased, "{}: erased", attested.name);
        // Of a change from nothing there is no percentage.
        if !attested.is_change {
            assert_eq!((part.seen, part.unseen), (seen, unseen), "{}: seen and unseen", attested.name);
            if let jejak::answer_json::Told::Value(value) = part.value {
                assert_eq!(value, sum, "{}", attested.name);
            }
        }
    }
}

/// Who owns an IKM, by the last of its own events in force that says so.
fn owner(snapshot: &Snapshot, ikm: Subject) -> Option<Subject> {
    let mut said = Vec::new();
    for index in snapshot.history(ikm) {
        let event = snapshot.event(index).unwrap();
        // A correction speaks where its original stands, and not once it is taken back.
        let stands = event.draft.subject == ikm && snapshot.lineage().original_of(index).is_none();
        let Some(effective) = snapshot.lineage().effective(index).filter(|_| stands) else {
            continue;
        };
        let event = snapshot.event(effective).unwrap();
        let content = Content::of(&event);
        let owner =
            content.data().to_object().get("owner").and_then(|owner| owner.as_str().map(str::to_owned));
        if let Some(owner) = owner.filter(|_| content.subject() == ikm) {
            said.push((content.time().date(), index, owner));
        }
    }
    said.into_iter().max().and_then(|(_, _, owner)| Subject::parse(&format!("person/{owner}")).ok())
}

/// Nobody waits for an erasure: each request has its `erased` behind it, in the order of the subjects,
/// and nothing else is recorded that nobody proposed.
fn each_request_is_carried_out<'a>(records: &[Value], proposed: impl Fn(&Value) -> Option<&'a Value>) {
    let mut waiting: Vec<&Value> = Vec::new();
    for record in records {
        let kind = kind(record);
        if kind.ends_with(".erasure_requested") {
            waiting.push(record);
        } else if kind.ends_with(".erased") {
            let request = waiting.iter().position(|request| request["id"] == record["data"]["request"]);
            let request = waiting.remove(request.expect("an erasure that nobody requested"));
            assert_eq!(request["subject"], record["subject"]);
        } else {
            assert!(kind == "evidence.redacted" || proposed(record).is_some(), "nobody proposed {record}");
        }
    }
    assert!(waiting.is_empty(), "requested and not carried out: {waiting:?}");
}

fn nothing_but_the_question_changed(before: &[Figures], after: &[Figures]) {
    fn counted(answer: &Figures) -> impl PartialEq + std::fmt::Debug + '_ {
        (
            &answer.figures,
            &answer.by_area,
            &answer.breakdowns,
            &answer.context,
            &answer.members,
            &answer.shares,
        )
    }
    // How an office records is told by all that is recorded, an erasure too.
    let told = before.iter().zip(after).filter(|(before, _)| before.view != "quality");
    for (before, after) in told {
        assert_eq!(counted(before), counted(after), "{}: an erasure changed the figure", before.view);
        assert_eq!(before.bases, after.bases, "{}: other events are attested", before.view);
    }
}
