//! Steps about the rights of those recorded: erasures before and after everything else that can happen to
//! a subject, and documents that are attached, listed, erased and withdrawn.

use serde_json::{Value, json};

use super::dice::{Dice, IKMS, PERSONS, TODAY, at, day, ikm, person};
use super::fact::{self, envelope};
use super::step::{MEDIA_TYPE, Step};
use super::story::{Story, is_amendment, text};
use super::witness::kind;
use jejak_events::types::declaration;

fn someone(dice: &mut Dice) -> String {
    if dice.one_in(2) {
        format!("person/{}", person(dice.below(PERSONS)))
    } else {
        format!("ikm/{}", ikm(dice.below(IKMS)))
    }
}

/// The name of an IKM that is handed on.
const HANDED_ON: &str = "Batik Warisan";

/// An IKM becomes one person with somebody and goes on to somebody else, and something is said of it in either time.
fn handed_on(dice: &mut Dice, subject: &str, owners: &[String; 2]) -> Step {
    let id = |owner: &String| owner["person/".len()..].to_owned();
    let [first, next] = owners;
    let is_sole = !dice.one_in(4);
    let changes = [
        (dice.below(10), json!({"owner": id(first), "sole_proprietor": true, "name": HANDED_ON})),
        (dice.below(60), json!({"name": "Batik Lain", "commodity": "tenun"})),
        (20 + dice.below(20), json!({"owner": id(next), "sole_proprietor": is_sole})),
    ];
    let changed = |(on, data)| envelope("ikm.profile_changed", subject.to_owned(), &day(8 + on), data);
    let mut proposals: Vec<Value> = changes.into_iter().map(changed).collect();
    dice.shuffle(&mut proposals);
    Step::Propose { proposals, atomic: false }
}

/// A request for an erasure.
pub fn request(dice: &mut Dice, subject: String) -> Value {
    let entity = subject.split('/').next().unwrap();
    let kind = format!("{entity}.erasure_requested");
    let basis = dice.of(&["subject_request", "court_order"]);
    envelope(&kind, subject, &day(TODAY - dice.below(9)), json!({"basis": basis}))
}

impl Story {
    /// A step about erasures or evidence.
    pub fn about_rights(&self, dice: &mut Dice) -> Step {
        match dice.below(16) {
            0..=2 => self.erase_among_others(dice),
            3 => Step::Erase { subject: someone(dice) },
            4..=6 => Step::Attach {
                subjects: (0..dice.below(3)).map(|_| someone(dice)).collect(),
                document: format!("Daftar hadir {}", dice.below(1000)),
            },
            7..=10 => self.withdraw(dice),
            // What only the registry records.
            11 => {
                let subject = someone(dice);
                let entity = subject.split('/').next().unwrap().to_owned();
                let data = json!({"request": super::dice::event(dice.below(9))});
                let erased = envelope(&format!("{entity}.erased"), subject, &day(TODAY), data);
                Step::Propose { proposals: vec![erased], atomic: false }
            }
            12 => Step::Propose { proposals: vec![self.named_anew(dice)], atomic: false },
            _ => self.erase_a_former_owner(dice),
        }
    }

    /// Whoever an IKM was once, where one was handed on; else one is.
    fn erase_a_former_owner(&self, dice: &mut Dice) -> Step {
        let of_kind = |wanted: &'static str| {
            let all = self.recorded.iter().filter(move |one| kind(one) == wanted);
            all.map(|one| text(&one["subject"])).collect::<Vec<_>>()
        };
        let is_handing =
            |one: &&Value| one["data"]["sole_proprietor"] == true && one["data"]["name"] == HANDED_ON;
        let handed: Vec<String> =
            self.recorded.iter().filter(is_handing).map(|one| text(&one["data"]["owner"])).collect();
        let (ikms, persons) = (of_kind("ikm.registered"), of_kind("person.registered"));
        match (handed.is_empty() || dice.one_in(3), &ikms[..], &persons[..]) {
            (true, [_, ..], [_, ..]) => {
                let one =
                    |dice: &mut Dice, all: &[String]| all[dice.below(all.len() as u64) as usize].clone();
                let subject = one(dice, &ikms);
                let owners = [one(dice, &persons), one(dice, &persons)];
                handed_on(dice, &subject, &owners)
            }
            (false, ..) => {
                let former = &handed[dice.below(handed.len() as u64) as usize];
                Step::Erase { subject: format!("person/{former}") }
            }
            _ => Step::Erase { subject: someone(dice) },
        }
    }

    /// A request with what is asked for before and behind it, which the same commit takes in.
    fn erase_among_others(&self, dice: &mut Dice) -> Step {
        let subject = someone(dice);
        let mut proposals = vec![request(dice, subject.clone())];
        if dice.one_in(4) {
            // Both of a pair, and then they are merged.
            let is_ikm = subject.starts_with("ikm/");
            let kind = if is_ikm { "ikm.merged" } else { "person.merged" };
            let mut merge = fact::of(dice, kind);
            merge["subject"] = json!(subject);
            let entity = if is_ikm { "ikm" } else { "person" };
            proposals.push(request(dice, format!("{entity}/{}", text(&merge["data"]["into"]))));
            proposals.push(merge);
        }
        for _ in 0..dice.below(4) {
            let other = match dice.below(6) {
                0 => fact::any(dice),
                1 => request(dice, subject.clone()),
                2 => {
                    let other = someone(dice);
                    request(dice, other)
                }
                3 => self.owner_changes(dice, &subject),
                _ => match self.amend_of(dice, &subject) {
                    Some(amendment) => amendment,
                    None => continue,
                },
            };
            let place = dice.below(proposals.len() as u64 + 1) as usize;
            proposals.insert(place, other);
        }
        Step::Propose { proposals, atomic: dice.one_in(3) }
    }

    /// A correction or retraction of something that names a subject.
    fn amend_of(&self, dice: &mut Dice, subject: &str) -> Option<Value> {
        let id = subject.split('/').next_back().unwrap();
        for _ in 0..8 {
            let amendment = self.amend(dice)?;
            if amendment.to_string().contains(id) {
                return Some(amendment);
            }
        }
        None
    }

    /// An IKM comes to be, or is no longer, one with its owner.
    fn owner_changes(&self, dice: &mut Dice, subject: &str) -> Value {
        let mut changed = fact::of(dice, "ikm.profile_changed");
        changed["data"]["sole_proprietor"] = json!(!dice.one_in(3));
        match subject.strip_prefix("person/") {
            Some(person) if !dice.one_in(4) => changed["data"]["owner"] = json!(person),
            _ => changed["data"]["owner"] = json!(person(dice.below(PERSONS))),
        }
        changed
    }

    /// Somebody erased is registered again, or something of it said anew.
    fn named_anew(&self, dice: &mut Dice) -> Value {
        let erased: Vec<&Value> = self.recorded.iter().filter(|one| kind(one).ends_with(".erased")).collect();
        if erased.is_empty() {
            return fact::any(dice);
        }
        let subject = &dice.of(&erased)["subject"];
        let of_it: Vec<&Value> = self
            .recorded
            .iter()
            .filter(|one| one["subject"] == *subject && !is_amendment(one))
            .filter(|one| !super::witness::destroys(kind(one)))
            .collect();
        if of_it.is_empty() {
            return fact::any(dice);
        }
        let mut again = dice.of(&of_it).clone();
        again.as_object_mut().unwrap().remove("id");
        again.as_object_mut().unwrap().remove("expectedrevision");
        again["time"] = json!(at(&day(30 + dice.below(90))));
        again
    }

    /// A document is withdrawn from an event that lists it, or from another one for once.
    fn withdraw(&self, dice: &mut Dice) -> Step {
        let lists =
            |one: &&Value| one["data"]["evidence"].is_array() || one["data"]["data"]["evidence"].is_array();
        let listing: Vec<&Value> = self.recorded.iter().filter(lists).collect();
        if listing.is_empty() || self.evidence.is_empty() {
            return Step::Attach { subjects: vec![someone(dice)], document: "Foto".to_owned() };
        }
        let mut target = dice.of(&listing);
        let data = &target["data"];
        let listed = data["evidence"].as_array().or_else(|| data["data"]["evidence"].as_array()).unwrap();
        let mut file = text(&listed[0]["sha256"]);
        match dice.below(8) {
            0 => file = text(&self.evidence[dice.below(self.evidence.len() as u64) as usize]["sha256"]),
            1 => target = &self.recorded[dice.below(self.recorded.len() as u64) as usize],
            _ => {}
        }
        let subject = if dice.one_in(20) { someone(dice) } else { text(&target["subject"]) };
        let target = if dice.one_in(40) { super::dice::event(9_999) } else { text(&target["id"]) };
        Step::Redact { subject, target, file }
    }

    /// Lists a document with a proposal, as it was attached or nearly so.
    pub fn list_evidence(&self, dice: &mut Dice, proposal: &mut Value) {
        let mut listed = match self.evidence.is_empty() {
            true => json!({"media_type": MEDIA_TYPE, "sha256": "0".repeat(64)}),
            false => self.evidence[dice.below(self.evidence.len() as u64) as usize].clone(),
        };
        if dice.one_in(20) {
            listed["media_type"] = json!("image/jpeg");
        }
        let inside = proposal["data"]["data"].is_object() && dice.one_in(2);
        let data = if inside { &mut proposal["data"]["data"] } else { &mut proposal["data"] };
        data["evidence"] = json!([listed]);
    }

    /// Leaves out what would be sealed for somebody erased, so that the rest of it can be recorded.
    pub fn without_sealed(&self, proposal: &mut Value) {
        let corrects = kind(proposal) == "event.corrected";
        let said = if corrects { &mut proposal["data"] } else { proposal };
        let declared = declaration(said["type"].as_str().unwrap()).unwrap().sealed;
        let Some(data) = said["data"].as_object_mut() else { return };
        for field in declared.iter().filter(|field| corrects || !field.required) {
            data.remove(field.name);
        }
    }
}
