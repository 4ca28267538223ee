//! The steps of a history, each made when the ones before it were answered, so that it can go on from
//! what stands: followed up, amended, taken back with all that rests on it.

use std::cmp::Ordering;

use jejak::registry::Attached;
use serde_json::{Value, json};

use super::dice::{
    Dice, IKMS, PERSONS, PROGRAMS, TODAY, at, certificate, day, day_number, event, exhibition, ikm, person,
    program, sentra, session,
};
use super::fact::{self, envelope, session_days, type_name};
use super::step::{Answer, MEDIA_TYPE, Step};
use super::witness::{destroys, kind};

/// What was proposed so far, and what of it was recorded.
#[derive(Default)]
pub struct Story {
    offered: Vec<Value>,
    /// In the order of the log, without what it began with: as it was proposed, or as it stands there where
    /// the registry made it.
    pub recorded: Vec<Value>,
    retracted: Vec<Value>,
    /// Documents that the registry holds, as events list them.
    pub evidence: Vec<Value>,
    /// Subjects that were erased.
    erased: Vec<String>,
    /// Whether hardly anybody is erased in it: what was erased keeps much of the rest from happening.
    pub is_calm: bool,
}

pub fn is_amendment(proposal: &Value) -> bool {
    kind(proposal).starts_with("event.")
}

/// The day of a proposal some days later, or some days earlier for once.
fn later(dice: &mut Dice, proposal: &Value, most: u64) -> String {
    let from = day_number(proposal["time"].as_str().unwrap());
    let number = if dice.one_in(12) { from.saturating_sub(1) } else { from + dice.below(most + 1) };
    day(number.min(TODAY))
}

impl Story {
    /// The next request. Every proposal of it is new, but for those that are sent again.
    pub fn next(&mut self, dice: &mut Dice) -> Step {
        let (mut proposals, atomic) = match dice.below(46) {
            0..=19 => (self.follow(dice), dice.one_in(4)),
            20..=22 => (self.amend(dice).into_iter().collect(), false),
            23 => (self.unwind(dice), !dice.one_in(6)),
            24 | 25 => {
                let count = 1 + dice.below(3);
                let amended = (0..count).filter_map(|_| self.amend(dice));
                (amended.collect(), true)
            }
            26..=31 if !self.is_calm => match self.about_rights(dice) {
                Step::Propose { proposals, atomic } => (proposals, atomic),
                other => return other,
            },
            _ => {
                let count = 1 + dice.below(3);
                ((0..count).map(|_| self.any(dice)).collect(), dice.one_in(5))
            }
        };
        if proposals.is_empty() {
            proposals.push(fact::any(dice));
        }
        if dice.one_in(25) && !self.offered.is_empty() {
            proposals.push(self.again(dice));
        }
        for proposal in proposals.iter_mut().filter(|proposal| proposal.get("id").is_none()) {
            self.finish(dice, proposal);
        }
        Step::Propose { proposals, atomic }
    }

    /// Gives a proposal its id, and now and then a document, an expected revision, or less to seal.
    fn finish(&mut self, dice: &mut Dice, proposal: &mut Value) {
        proposal["id"] = json!(event(self.offered.len() as u64));
        if dice.one_in(60) {
            proposal["expectedrevision"] = json!(dice.below(9));
        }
        if dice.one_in(if self.evidence.is_empty() { 200 } else { 6 }) {
            self.list_evidence(dice, proposal);
        }
        let names_erased = self.erased.iter().any(|subject| {
            let id = subject.rsplit('/').next().unwrap();
            proposal.to_string().contains(id)
        });
        if names_erased && !dice.one_in(3) {
            self.without_sealed(proposal);
        }
        self.offered.push(proposal.clone());
    }

    /// What a history begins with: something to build on, mostly.
    pub fn foundation(&mut self, dice: &mut Dice) -> Step {
        let mut proposals = Vec::new();
        for (kind, streams) in [
            ("person.registered", PERSONS),
            ("ikm.registered", IKMS),
            ("program.opened", PROGRAMS),
            ("program.session_scheduled", PROGRAMS * 2),
            ("exhibition.announced", 2),
            ("sentra.planned", 2),
            ("certificate.issued", 3),
        ] {
            let entity = kind.split('.').next().unwrap();
            for number in 0..streams {
                if dice.one_in(12) {
                    continue;
                }
                let mut fact = fact::of(dice, kind);
                let id = match entity {
                    "person" => person(number),
                    "ikm" => ikm(number),
                    "program" => program(if streams == PROGRAMS { number } else { number / 2 }),
                    "exhibition" => exhibition(number),
                    "sentra" => sentra(number),
                    _ => certificate(number),
                };
                fact["subject"] = json!(format!("{entity}/{id}"));
                if kind == "program.session_scheduled" {
                    fact["data"]["session"] = json!(session(number));
                    fact["time"] = json!(at(&day(3 + dice.below(3))));
                } else if entity != "certificate" && !dice.one_in(9) {
                    fact["time"] = json!(at(&day(dice.below(3))));
                }
                proposals.push(fact);
            }
        }
        for proposal in &mut proposals {
            proposal["id"] = json!(event(self.offered.len() as u64));
            self.offered.push(proposal.clone());
        }
        Step::Propose { proposals, atomic: false }
    }

    /// Takes in what became of a step, and what it added to the log.
    pub fn heard(&mut self, step: &Step, answer: &Answer, added: Vec<Value>) {
        if let (Step::Attach { subjects, .. }, Answer::Attached(Attached::Held(file))) = (step, answer) {
            let mut listed = json!({"media_type": MEDIA_TYPE, "sha256": file.to_string()});
            let mut subjects = subjects.clone();
            subjects.sort_unstable();
            subjects.dedup();
            if !subjects.is_empty() {
                listed["subjects"] = json!(subjects);
            }
            self.evidence.push(listed);
        }
        for one in &added {
            match kind(one) {
                "event.retracted" => self.retracted.push(one["data"]["target"].clone()),
                kind if kind.ends_with(".erased") => self.erased.push(text(&one["subject"])),
                _ => {}
            }
        }
        self.recorded.extend(added);
    }

    /// A fact of any type: often enough about what is known, or about what is not known yet where it begins
    /// something.
    fn any(&self, dice: &mut Dice) -> Value {
        let knows = |stream: &str| self.recorded.iter().any(|proposal| proposal["subject"] == stream);
        let mut fact = fact::any(dice);
        for _ in 0..2 {
            let begins = ["registered", "opened", "announced", "planned", "issued", "claim.made"]
                .iter()
                .any(|begin| kind(&fact).ends_with(begin));
            let stream = fact["subject"].as_str().unwrap();
            let program = fact["data"]["program"].as_str();
            let is_wanted = !self.is_calm || !destroys(kind(&fact));
            let fits = is_wanted
                && knows(stream) != begins
                && program.is_none_or(|program| knows(&format!("program/{program}")));
            if fits || stream.starts_with("area/") {
                break;
            }
            fact = fact::any(dice);
        }
        fact
    }

    fn of_kind<'a>(&'a self, dice: &mut Dice, wanted: &str) -> Option<&'a Value> {
        let those: Vec<&Value> = self.recorded.iter().filter(|proposal| kind(proposal) == wanted).collect();
        (!those.is_empty()).then(|| dice.of(&those))
    }

    /// The same again, or another event under a used id.
    fn again(&self, dice: &mut Dice) -> Value {
        let mut again = self.offered[dice.below(self.offered.len() as u64) as usize].clone();
        if dice.one_in(2) {
            again["time"] = json!(at(&day(3)));
        }
        again
    }

    /// What might come after something that was recorded.
    fn follow(&self, dice: &mut Dice) -> Vec<Value> {
        const FOLLOWED: [&str; 19] = [
            "enrolment.made",
            "enrolment.made",
            "enrolment.made",
            "enrolment.promoted",
            "enrolment.waitlisted",
            "enrolment.withdrawn",
            "training.attended",
            "program.opened",
            "program.session_scheduled",
            "certificate.issued",
            "certificate.suspended",
            "certificate.renewed",
            "ikm.registered",
            "ikm.closed",
            "exhibition.announced",
            "sentra.planned",
            "sentra.member_joined",
            "claim.made",
            "claim.made",
        ];
        let wanted = dice.of(&FOLLOWED);
        let Some(first) = self.of_kind(dice, wanted) else { return Vec::new() };
        match wanted {
            "enrolment.made" | "enrolment.promoted" => self.after_place(dice, first),
            "enrolment.waitlisted" => vec![after_wait(dice, first)],
            "enrolment.withdrawn" => {
                // Comes back, at once or by the waiting list.
                let mut data = first["data"].clone();
                data.as_object_mut().unwrap().remove("reason");
                let kind = dice.of(&["enrolment.made", "enrolment.waitlisted", "enrolment.promoted"]);
                vec![envelope(kind, text(&first["subject"]), &later(dice, first, 3), data)]
            }
            "training.attended" => self.after_presence(dice, first),
            "program.opened" => after_opening(dice, first),
            "program.session_scheduled" => vec![after_scheduling(dice, first)],
            "certificate.issued" => self.after_issue(dice, first),
            "certificate.suspended" => {
                let kind = dice.of(&["certificate.reinstated", "certificate.revoked"]);
                let data = if kind == "certificate.revoked" { json!({"reason": "other"}) } else { json!({}) };
                vec![envelope(kind, text(&first["subject"]), &later(dice, first, 20), data)]
            }
            "certificate.renewed" => vec![renewal(dice, first, &first["data"]["holder"].clone(), 40)],
            "ikm.registered" => after_registration(dice, first),
            "ikm.closed" => {
                vec![envelope("ikm.reopened", text(&first["subject"]), &later(dice, first, 9), json!({}))]
            }
            "exhibition.announced" => {
                let id = text(&first["subject"]).replace("exhibition/", "");
                let mut joined = fact::of(dice, "exhibition.joined");
                joined["data"]["exhibition"] = json!(id);
                vec![joined]
            }
            "sentra.planned" => {
                let kinds = [
                    "sentra.built",
                    "sentra.opened",
                    "sentra.funded",
                    "sentra.facility_added",
                    "sentra.legal_form_recorded",
                    "sentra.member_joined",
                ];
                let next_kind = dice.of(&kinds);
                let mut next = fact::of(dice, next_kind);
                if kind(&next) == "sentra.member_joined" {
                    next["data"]["sentra"] = json!(text(&first["subject"]).replace("sentra/", ""));
                } else {
                    next["subject"] = first["subject"].clone();
                }
                vec![next]
            }
            "claim.made" => vec![after_claim(dice, first)],
            _ => {
                let kind = dice.of(&["sentra.member_left", "sentra.member_left", "sentra.member_joined"]);
                let data = json!({"sentra": first["data"]["sentra"]});
                vec![envelope(kind, text(&first["subject"]), &later(dice, first, 9), data)]
            }
        }
    }

    /// Whoever came to one programme gets a place in another one and comes there, too.
    fn after_presence(&self, dice: &mut Dice, came: &Value) -> Vec<Value> {
        let elsewhere = |proposal: &&Value| {
            kind(proposal) == "program.session_scheduled"
                && text(&proposal["subject"]).strip_prefix("program/") != came["data"]["program"].as_str()
        };
        let sessions: Vec<&Value> = self.recorded.iter().filter(elsewhere).collect();
        if sessions.is_empty() {
            return Vec::new();
        }
        let scheduled = dice.of(&sessions);
        let program = text(&scheduled["subject"]).replace("program/", "");
        let date = text(&scheduled["data"]["days"][0]["date"]);
        let attended = json!({"program": program, "session": scheduled["data"]["session"], "day": date,
            "status": "present"});
        let of = |kind: &str, data| envelope(kind, text(&came["subject"]), &date, data);
        vec![of("enrolment.made", json!({"program": program})), of("training.attended", attended)]
    }

    /// Whoever has a place attends, or gives it up.
    fn after_place(&self, dice: &mut Dice, place: &Value) -> Vec<Value> {
        let program = &place["data"]["program"];
        let persons: Vec<Value> = place["data"]["persons"].as_array().cloned().unwrap_or_default();
        if dice.one_in(4) {
            let mut data = json!({"program": program, "reason": "illness"});
            if !persons.is_empty() && dice.one_in(2) {
                data["persons"] = json!([persons[dice.below(persons.len() as u64) as usize]]);
            }
            return vec![envelope(
                "enrolment.withdrawn",
                text(&place["subject"]),
                &later(dice, place, 9),
                data,
            )];
        }
        if let Some(fewer) = self.one_place_only(program).filter(|_| dice.one_in(10)) {
            return vec![fewer];
        }
        let mut attended = Vec::new();
        let sessions = self.recorded.iter().filter(|proposal| {
            matches!(kind(proposal), "program.session_scheduled" | "program.session_rescheduled")
                && text(&proposal["subject"]).strip_prefix("program/") == program.as_str()
        });
        let present_only = dice.one_in(2);
        for scheduled in sessions {
            for session_day in scheduled["data"]["days"].as_array().unwrap() {
                let date = session_day["date"].as_str().unwrap();
                let whom: Vec<Option<&Value>> =
                    if persons.is_empty() { vec![None] } else { persons.iter().map(Some).collect() };
                for person in whom {
                    let status =
                        if present_only { "present" } else { dice.of(&["present", "present", "absent"]) };
                    let mut data = json!({"program": program, "session": scheduled["data"]["session"], "day": date,
                        "status": status});
                    if let Some(person) = person {
                        data["person"] = person.clone();
                    } else if let Some(own) = text(&place["subject"]).strip_prefix("person/")
                        && dice.one_in(4)
                    {
                        // Names whom its stream names already.
                        data["person"] = json!(own);
                    }
                    if dice.one_in(9) {
                        data["minutes"] = json!(dice.of(&[0, 200, 300, 301]));
                    }
                    attended.push(envelope("training.attended", text(&place["subject"]), date, data));
                }
            }
        }
        attended.truncate(8);
        if text(&place["subject"]).starts_with("person/") {
            if dice.one_in(2) {
                // A beginner begins.
                let mut registered = fact::of(dice, "ikm.registered");
                registered["data"]["owner"] = json!(text(&place["subject"]).replace("person/", ""));
                registered["time"] = json!(at(&day(20 + dice.below(9))));
                registered["subject"] = json!(format!("ikm/{}", ikm(IKMS + dice.below(3))));
                attended.push(registered);
            }
            return attended;
        }
        if dice.one_in(5) {
            for (from, to) in [(0, 4), (60, 75)] {
                let data = json!({"period": {"from": day(from), "to": day(to)}, "turnover": 1_000_000 * dice.below(9)});
                attended.push(envelope("ikm.turnover_reported", text(&place["subject"]), &day(to + 1), data));
                let data = json!({"period": {"from": day(from), "to": day(to)}, "workers": 9 + to,
                    "bpjs_kesehatan": from});
                attended.push(envelope(
                    "ikm.workforce_reported",
                    text(&place["subject"]),
                    &day(to + 1),
                    data,
                ));
            }
        }
        if dice.one_in(2) {
            let mut assessed = fact::of(dice, "assessment.recorded");
            assessed["subject"] = place["subject"].clone();
            assessed["data"]["program"] = program.clone();
            attended.push(assessed);
            if !dice.one_in(4) {
                let mut issued = fact::of(dice, "certificate.issued");
                issued["data"]["holder"] = json!({"ikm": text(&place["subject"]).replace("ikm/", "")});
                issued["data"]["program"] = program.clone();
                // Of a stream of its own, or it would mostly be issued already.
                issued["subject"] = json!(format!("certificate/{}", certificate(10 + dice.below(20))));
                attended.push(issued);
            }
        }
        attended
    }

    /// The correction of the opening of a programme that leaves it one place.
    fn one_place_only(&self, program: &Value) -> Option<Value> {
        let subject = format!("program/{}", program.as_str()?);
        let is_opening = |one: &&Value| kind(one) == "program.opened" && one["subject"] == *subject;
        let opening = self.recorded.iter().find(is_opening)?;
        let mut data = json!({"target": opening["id"], "reason": "typing_error", "timeprecision": "day"});
        for name in ["type", "time", "data", "subject"] {
            data[name] = opening[name].clone();
        }
        data["data"]["quota"] = json!(1);
        Some(envelope("event.corrected", subject, &day(50), data))
    }

    fn after_issue(&self, dice: &mut Dice, issue: &Value) -> Vec<Value> {
        let valid_to = issue["data"]["valid_to"].as_str().unwrap();
        match dice.below(5) {
            0 | 1 => vec![renewal(dice, issue, &issue["data"]["holder"].clone(), 60)],
            2 => {
                let data = json!({"reason": "surveillance_failed"});
                vec![envelope(
                    "certificate.suspended",
                    text(&issue["subject"]),
                    &later(dice, issue, 30),
                    data,
                )]
            }
            3 => {
                let data = json!({"reason": "surveillance_failed"});
                vec![envelope("certificate.revoked", text(&issue["subject"]), &later(dice, issue, 60), data)]
            }
            _ => {
                // Another certificate from the day after, of the same holder.
                let next = day((day_number(valid_to) + 1).min(TODAY));
                let data = json!({"holder": issue["data"]["holder"], "issuer": issue["data"]["issuer"],
                    "scheme": issue["data"]["scheme"], "number": format!("N{}", dice.below(9)), "valid_from": next,
                    "valid_to": day(day_number(&next) + 90)});
                let subject = format!("certificate/{}", certificate(dice.below(4)));
                vec![envelope("certificate.issued", subject, &later(dice, issue, 30), data)]
            }
        }
    }

    /// A correction or a retraction, of something recorded nearly always.
    pub fn amend(&self, dice: &mut Dice) -> Option<Value> {
        let pool = if dice.one_in(20) { &self.offered } else { &self.recorded };
        if pool.is_empty() {
            return None;
        }
        let mut target = &pool[dice.below(pool.len() as u64) as usize];
        if dice.one_in(3) {
            // Merges and what amends are rarer than the rest, and matter more here.
            let rare: Vec<&Value> = pool
                .iter()
                .filter(|one| kind(one) == "event.corrected" || kind(one).ends_with("merged"))
                .collect();
            if !rare.is_empty() {
                target = dice.of(&rare);
            }
        }
        let mut id = target["id"].clone();
        if kind(target) == "event.corrected" && dice.one_in(2) {
            // The original once more: a correction of what was corrected.
            id = target["data"]["target"].clone();
            target = self.offered.iter().find(|one| one["id"] == id)?;
        }
        if dice.one_in(60) {
            id = json!(event(9_999));
        }
        let subject =
            if dice.one_in(60) { json!(format!("ikm/{}", ikm(0))) } else { target["subject"].clone() };
        let mut data = json!({"target": id, "reason": "typing_error"});
        let day_of_amendment = at(&day(40 + dice.below(20)));
        if dice.one_in(4) || kind(target) == "event.retracted" {
            return Some(
                json!({"type": type_name("event.retracted"), "subject": subject, "time": day_of_amendment,
                "data": data}),
            );
        }
        let correctable =
            !is_amendment(target) && !destroys(kind(target)) && !kind(target).starts_with("registry.");
        let base = if correctable { target.clone() } else { fact::of(dice, "ikm.facility_added") };
        let replacement = self.replacement(dice, &base);
        for name in ["type", "time", "data", "subject"] {
            data[name] = replacement[name].clone();
        }
        data["timeprecision"] = json!("day");
        Some(
            json!({"type": type_name("event.corrected"), "subject": subject, "time": day_of_amendment, "data": data}),
        )
    }

    /// What should have been said instead: the same with something else in it, another fact of its type,
    /// or one of another type for once.
    fn replacement(&self, dice: &mut Dice, target: &Value) -> Value {
        let kind = if dice.one_in(40) { "mentoring.visited" } else { kind(target) };
        let other = fact::of(dice, kind);
        if target["type"] != other["type"] {
            return other;
        }
        let mut same = target.clone();
        if kind.ends_with(".merged") && dice.one_in(3) {
            // The other way round than another merge, or than this one.
            let others: Vec<&Value> = self
                .recorded
                .iter()
                .filter(|one| one["type"] == target["type"] && one["id"] != target["id"])
                .collect();
            let merge = if others.is_empty() { target } else { dice.of(&others) };
            if !others.is_empty() || dice.one_in(2) {
                let stream = text(&merge["subject"]);
                let (entity, gone) = stream.split_once('/').unwrap();
                same["subject"] = json!(format!("{entity}/{}", text(&merge["data"]["into"])));
                same["data"]["into"] = json!(gone);
                return same;
            }
        }
        if kind == "program.opened" && dice.one_in(2) {
            same["data"]["quota"] = json!(1);
            return same;
        }
        match dice.below(6) {
            0 => same["time"] = json!(at(&later(dice, target, 3))),
            1 => same["time"] = other["time"].clone(),
            2 | 3 => {
                let names: Vec<String> = other["data"].as_object().unwrap().keys().cloned().collect();
                if !names.is_empty() {
                    let name = names[dice.below(names.len() as u64) as usize].clone();
                    same["data"][&name] = other["data"][&name].clone();
                    if name == "day" {
                        same["time"] = json!(at(other["data"]["day"].as_str().unwrap()));
                    }
                }
            }
            4 => {
                same["time"] = other["time"].clone();
                same["data"] = other["data"].clone();
            }
            _ => return other,
        }
        same
    }

    /// Takes something back together with what was recorded of it later; a merge alone, too.
    fn unwind(&self, dice: &mut Dice) -> Vec<Value> {
        let live = |one: &&Value| {
            kind(one) != "event.retracted" && !self.retracted.contains(&one["id"]) && !destroys(kind(one))
        };
        let merges: Vec<&Value> =
            self.recorded.iter().filter(live).filter(|one| kind(one).ends_with("merged")).collect();
        let retract = |one: &Value| {
            json!({"type": type_name("event.retracted"), "subject": one["subject"], "time": at(&day(50)),
                "data": {"target": one["id"], "reason": "recorded_twice"}})
        };
        if !merges.is_empty() && dice.one_in(2) {
            return vec![retract(dice.of(&merges))];
        }
        let all: Vec<&Value> = self.recorded.iter().filter(live).collect();
        if all.is_empty() {
            return Vec::new();
        }
        let first = dice.below(all.len() as u64) as usize;
        let about = text(&all[first]["subject"]);
        let about = about.rsplit('/').next().unwrap();
        let rests = |one: &&&Value| one.to_string().contains(about);
        let mut gone: Vec<Value> =
            all[first..].iter().filter(rests).take(6).map(|one| retract(one)).collect();
        match dice.below(3) {
            0 => gone.reverse(),
            1 => dice.shuffle(&mut gone),
            _ => {}
        }
        gone
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A check of a claim, with the verdict that follows nearly always.
fn after_claim(dice: &mut Dice, claim: &Value) -> Value {
    let said = &claim["data"];
    let (part, is_share) = (dice.below(4), said["unit"] == "percent");
    let mut data = fact::check(dice, "supported", Some(if is_share { part * 50 } else { part }));
    if is_share {
        data["count"]["part"] = json!(part);
        data["count"]["of"] = json!(200);
    }
    let (on, day) = (text(&data["on"]), later(dice, claim, 20));
    let verdict = follows(dice, said, (&on, &day), if is_share { part.div_ceil(2) } else { part });
    let verdict = if dice.one_in(6) { "inconsistent" } else { verdict };
    let verdict = if dice.one_in(12) { "supported" } else { verdict };
    data["verdict"] = json!(verdict);
    if verdict == "consistent" {
        data.as_object_mut().unwrap().remove("count");
    }
    if verdict == "not_recorded" {
        let count = data["count"].as_object_mut().unwrap();
        count.retain(|name, _| !["counted", "part", "of"].contains(&name.as_str()));
    }
    envelope("claim.checked", text(&claim["subject"]), &day, data)
}

/// The verdict that follows from a claim and so many, judged for a day on another one.
fn follows(dice: &mut Dice, said: &Value, (on, day): (&str, &str), counted: u64) -> &'static str {
    let order = said["value"].as_str().map(|value| counted.cmp(&value.parse().unwrap()));
    let (due, indicator) = (said["due"].as_str(), said.get("indicator"));
    match (said["kind"].as_str().unwrap(), due, indicator, order) {
        ("plan", None, ..) => "not_countable",
        (_, _, None, _) => "consistent",
        _ if dice.one_in(6) => "not_recorded",
        (_, _, _, None) => "not_quantified",
        (_, Some(_), _, Some(Ordering::Equal | Ordering::Greater)) => "kept",
        (_, Some(due), _, Some(Ordering::Less)) if on < due || day <= due => "not_yet_due",
        (_, Some(_), _, Some(Ordering::Less)) => "not_kept",
        (_, None, _, Some(Ordering::Equal)) => "supported",
        (_, None, _, Some(Ordering::Greater)) => "understated",
        (_, None, _, Some(Ordering::Less)) => dice.of(&["overstated", "not_confirmed"]),
    }
}

fn after_wait(dice: &mut Dice, wait: &Value) -> Value {
    let mut data = wait["data"].clone();
    let kind = dice.of(&["enrolment.promoted", "enrolment.promoted", "enrolment.withdrawn"]);
    if kind == "enrolment.withdrawn" {
        data = json!({"program": wait["data"]["program"], "reason": "illness"});
    }
    envelope(kind, text(&wait["subject"]), &later(dice, wait, 4), data)
}

/// Somebody is enrolled or waits; rarely the programme closes.
fn after_opening(dice: &mut Dice, opening: &Value) -> Vec<Value> {
    if dice.one_in(12) {
        return vec![envelope(
            "program.closed",
            text(&opening["subject"]),
            &later(dice, opening, 40),
            json!({}),
        )];
    }
    let id = text(&opening["subject"]).replace("program/", "");
    let count = 1 + dice.below(2);
    let mut next = Vec::new();
    for _ in 0..count {
        let kind = dice.of(&["enrolment.made", "enrolment.made", "enrolment.waitlisted"]);
        let mut enrolment = fact::of(dice, kind);
        enrolment["data"]["program"] = json!(id);
        next.push(enrolment);
    }
    next
}

fn after_scheduling(dice: &mut Dice, scheduled: &Value) -> Value {
    let session = &scheduled["data"]["session"];
    let date = later(dice, scheduled, 12);
    if dice.one_in(3) {
        let data = json!({"session": session, "reason": "few_participants"});
        return envelope("program.session_cancelled", text(&scheduled["subject"]), &date, data);
    }
    let first = 9 + dice.below(9);
    let data = json!({"session": session, "days": session_days(dice, first)});
    envelope("program.session_rescheduled", text(&scheduled["subject"]), &date, data)
}

fn renewal(dice: &mut Dice, of: &Value, holder: &Value, most: u64) -> Value {
    let to = day_number(of["data"]["valid_to"].as_str().unwrap());
    // Without a gap, or with one.
    let from = to + if dice.one_in(2) { 1 } else { dice.below(9) };
    let mut data =
        json!({"holder": holder, "valid_from": day(from), "valid_to": day(from + dice.below(120))});
    if dice.one_in(2) {
        data["number"] = json!(format!("N{}", dice.below(9)));
    }
    envelope("certificate.renewed", text(&of["subject"]), &later(dice, of, most), data)
}

fn after_registration(dice: &mut Dice, registration: &Value) -> Vec<Value> {
    let own = text(&registration["subject"]).replace("ikm/", "");
    let kinds = [
        "ikm.profile_changed",
        "ikm.workforce_reported",
        "ikm.turnover_reported",
        "ikm.shipment_reported",
        "certificate.issued",
        "exhibition.joined",
        "sentra.member_joined",
        "mentoring.visited",
        "ikm.merged",
        "person.registered",
    ];
    let next_kind = dice.of(&kinds);
    let mut next = fact::of(dice, next_kind);
    match kind(&next) {
        "certificate.issued" => next["data"]["holder"] = json!({"ikm": own}),
        "person.registered" => next["data"]["ikm"] = json!(own),
        _ => next["subject"] = registration["subject"].clone(),
    }
    vec![next]
}
