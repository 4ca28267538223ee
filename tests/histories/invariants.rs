//! What the rules promise, held against the contents in force without asking `decide`: each sentence
//! here is a promise of `docs/domain.md`, section 2, and looks at JSON only.
//!
//! Where merges make the promise itself a matter of indexes, only streams that were never merged are held
//! to it; that nothing is recorded for a merged stream is a promise of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::in_force::Form;

/// The contents in force, and who was merged into whom.
struct World<'a> {
    forms: &'a [Form],
    /// By merged stream: index and target of each merge.
    merges: BTreeMap<String, Vec<(u64, String)>>,
}

/// Every broken promise, as a sentence.
pub fn broken(forms: &[Form]) -> Vec<String> {
    // Of any stream, at any time, and says nothing of it.
    let forms: Vec<Form> = forms.iter().filter(|form| form.kind != "evidence.redacted").cloned().collect();
    let forms = &forms[..];
    let mut merges: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
    for form in forms.iter().filter(|form| form.kind.ends_with(".merged")) {
        let entity = form.subject.split('/').next().unwrap();
        let into = format!("{entity}/{}", form.text("into").unwrap());
        merges.entry(form.subject.clone()).or_default().push((form.index, into));
    }
    let world = World { forms, merges };
    let mut found = Vec::new();
    for promise in [
        merges_lead_somewhere,
        erasures_are_requested_and_done_once,
        the_erased_and_others_stay_apart,
        only_known_streams_are_named,
        only_active_ikms_act,
        programs_run_once,
        sessions_are_on_the_calendar,
        attendance_is_of_session_days,
        nobody_attends_without_a_place,
        nobody_attends_twice_a_day,
        places_follow_one_another,
        quotas_hold,
        certificates_follow_one_another,
        numbers_are_unique,
        exhibitions_are_joined_on_their_days,
        sentras_and_members_follow_one_another,
        checks_follow_claims,
        nothing_is_of_the_future,
    ] {
        promise(&world, &mut found);
    }
    found
}

type Found = Vec<String>;

impl<'a> World<'a> {
    fn of(&self, kinds: &[&str]) -> impl Iterator<Item = &'a Form> {
        let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        self.forms.iter().filter(move |form| kinds.contains(&form.kind))
    }

    /// Forms of some types by a key, each list in the order of time.
    fn timelines(&self, kinds: &[&str], key: impl Fn(&Form) -> String) -> BTreeMap<String, Vec<&'a Form>> {
        let mut timelines: BTreeMap<String, Vec<&Form>> = BTreeMap::new();
        for form in self.of(kinds) {
            timelines.entry(key(form)).or_default().push(form);
        }
        for timeline in timelines.values_mut() {
            timeline.sort_by(|one, other| one.moment().cmp(&other.moment()));
        }
        timelines
    }

    fn is_merged(&self, stream: &str, before: u64) -> bool {
        self.merges.get(stream).is_some_and(|merges| merges.iter().any(|(index, _)| *index < before))
    }

    /// Whether a stream was ever merged, or another one into it.
    fn touches_merge(&self, stream: &str) -> bool {
        self.merges.contains_key(stream) || self.merges.values().flatten().any(|(_, into)| into == stream)
    }

    /// The streams that a stream counts as before an index, itself first.
    fn path(&self, stream: &str, before: u64) -> Vec<String> {
        let mut path = vec![stream.to_owned()];
        while path.len() <= self.merges.len() {
            let merges = self.merges.get(path.last().unwrap());
            let Some((_, into)) = merges.into_iter().flatten().rfind(|(index, _)| *index < before) else {
                break;
            };
            path.push(into.clone());
        }
        path
    }
}

/// The streams of IKMs and persons that a form names, its own included.
fn named(form: &Form) -> Vec<String> {
    let entity = form.subject.split('/').next().unwrap();
    let mut names = Vec::new();
    if matches!(entity, "ikm" | "person") {
        names.push(form.subject.clone());
    }
    if let Some(into) = form.text("into") {
        names.push(format!("{entity}/{into}"));
    }
    if let Some(ikm) = form.text("ikm") {
        names.push(format!("ikm/{ikm}"));
    }
    for name in ["owner", "person", "assessor"] {
        names.extend(form.text(name).map(|person| format!("person/{person}")));
    }
    for name in ["persons", "instructors"] {
        names.extend(form.texts(name).map(|person| format!("person/{person}")));
    }
    for kind in ["ikm", "person"] {
        let holder = form.data.get("holder").and_then(|holder| holder.get(kind)).and_then(Value::as_str);
        names.extend(holder.map(|holder| format!("{kind}/{holder}")));
    }
    names
}

fn merges_lead_somewhere(world: &World<'_>, found: &mut Found) {
    for (stream, merges) in &world.merges {
        if merges.len() > 1 {
            found.push(format!("{stream} is merged {} times", merges.len()));
        }
        if world.path(stream, u64::MAX).len() > world.merges.len() + 1
            || merges.iter().any(|(_, into)| into == stream)
        {
            found.push(format!("the merges of {stream} lead back"));
        }
        let path = world.path(stream, u64::MAX);
        if path.iter().collect::<BTreeSet<_>>().len() < path.len() {
            found.push(format!("the merges of {stream} lead in a circle"));
        }
    }
}

fn is_erasure(form: &Form) -> bool {
    form.kind.ends_with(".erasure_requested") || form.kind.ends_with(".erased")
}

fn erasures_are_requested_and_done_once(world: &World<'_>, found: &mut Found) {
    let mut erasures: BTreeMap<&str, Vec<&Form>> = BTreeMap::new();
    for form in world.forms.iter().filter(|form| is_erasure(form)) {
        erasures.entry(&form.subject).or_default().push(form);
    }
    for (subject, erasure) in erasures {
        let kinds: Vec<&str> = erasure.iter().map(|form| form.kind.split('.').next_back().unwrap()).collect();
        if kinds != ["erasure_requested", "erased"] || erasure[0].date > erasure[1].date {
            found.push(format!("{subject}: {kinds:?}"));
        }
        if world.is_merged(subject, erasure[0].index) {
            found.push(format!("{subject} is erased, and was merged before"));
        }
    }
}

/// No merge joins somebody erased before it with somebody who was not.
fn the_erased_and_others_stay_apart(world: &World<'_>, found: &mut Found) {
    let requested: BTreeMap<&str, u64> = world
        .of(&["ikm.erasure_requested", "person.erasure_requested"])
        .map(|form| (form.subject.as_str(), form.index))
        .collect();
    for (gone, merges) in &world.merges {
        for (index, into) in merges {
            let erased = |stream: &str| requested.get(stream).is_some_and(|request| request < index);
            if erased(gone) != erased(into) {
                found.push(format!("{gone} and {into} were merged at {index}, one of them erased"));
            }
        }
    }
}

fn only_known_streams_are_named(world: &World<'_>, found: &mut Found) {
    let mut registered: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
    for form in world.of(&["ikm.registered", "person.registered"]) {
        if registered.insert(&form.subject, form.moment()).is_some() {
            found.push(format!("{} is registered twice", form.subject));
        }
    }
    // Whoever was registered by mistake is erased all the same.
    for form in world.forms.iter().filter(|form| !is_erasure(form)) {
        for stream in named(form) {
            let Form { index, kind, .. } = form;
            match registered.get(stream.as_str()) {
                None => found.push(format!("{index} {kind} names {stream}, which is not registered")),
                // A person may be entered later than what they did.
                Some(since) if stream.starts_with("ikm/") && *since > form.moment() => {
                    found.push(format!("{index} {kind} names {stream} before its registration"));
                }
                Some(_) => {}
            }
            // A renewal says the holder again as the issue said it.
            if kind != "certificate.renewed" && world.is_merged(&stream, *index) {
                found.push(format!("{index} {kind} names {stream}, merged before"));
            }
        }
    }
}

fn only_active_ikms_act(world: &World<'_>, found: &mut Found) {
    const OF_ANY: [&str; 9] = [
        "ikm.registered",
        "ikm.closed",
        "ikm.reopened",
        "ikm.merged",
        "ikm.workforce_reported",
        "ikm.turnover_reported",
        "enrolment.withdrawn",
        "sentra.member_left",
        "training.attended",
    ];
    let lives =
        world.timelines(&["ikm.registered", "ikm.closed", "ikm.reopened"], |form| form.subject.clone());
    for (ikm, life) in &lives {
        let mut closed = false;
        for step in life {
            let closes = step.kind == "ikm.closed";
            if step.kind != "ikm.registered" && closes == closed {
                found.push(format!("{ikm}: {} {} changes nothing", step.index, step.kind));
            }
            closed = closes;
        }
    }
    for form in world.forms.iter().filter(|form| form.subject.starts_with("ikm/")) {
        if OF_ANY.contains(&form.kind.as_str()) || is_erasure(form) {
            continue;
        }
        let last = lives.get(&form.subject).and_then(|life| life.iter().rfind(|step| step.date <= form.date));
        if last.is_some_and(|last| last.kind == "ikm.closed") {
            found.push(format!("{} {}: {} is closed", form.index, form.kind, form.subject));
        }
    }
}

fn programs_run_once(world: &World<'_>, found: &mut Found) {
    let runs = world.timelines(&["program.opened", "program.closed"], |form| form.subject.clone());
    for (program, run) in &runs {
        let kinds: Vec<&str> = run.iter().map(|form| form.kind.as_str()).collect();
        if !matches!(kinds[..], ["program.opened"] | ["program.opened", "program.closed"]) {
            found.push(format!("{program} runs {kinds:?}"));
        }
    }
    for form in world.forms {
        let own = form.subject.starts_with("program/").then(|| form.subject.clone());
        let Some(program) = own.or_else(|| form.text("program").map(|id| format!("program/{id}"))) else {
            continue;
        };
        let run = runs.get(&program).map_or(&[][..], Vec::as_slice);
        let opened = run.iter().find(|step| step.kind == "program.opened");
        if opened.is_none_or(|opened| opened.moment() > form.moment()) {
            found.push(format!("{} {} of a programme not open", form.index, form.kind));
        }
        let needs_open = matches!(
            form.kind.as_str(),
            "enrolment.made" | "enrolment.waitlisted" | "enrolment.promoted" | "program.session_scheduled"
        );
        let closed = run.iter().find(|step| step.kind == "program.closed");
        if needs_open && closed.is_some_and(|closed| closed.date <= form.date) {
            found.push(format!("{} {} of a closed programme", form.index, form.kind));
        }
    }
}

const CALENDAR: [&str; 3] =
    ["program.session_scheduled", "program.session_rescheduled", "program.session_cancelled"];

fn calendars<'a>(world: &World<'a>) -> BTreeMap<String, Vec<&'a Form>> {
    world.timelines(&CALENDAR, |form| form.text("session").unwrap().to_owned())
}

fn sessions_are_on_the_calendar(world: &World<'_>, found: &mut Found) {
    for (session, calendar) in calendars(world) {
        let scheduled = calendar.iter().filter(|step| step.kind == CALENDAR[0]).count();
        let cancelled = calendar.iter().filter(|step| step.kind == CALENDAR[2]).count();
        if scheduled != 1 || calendar[0].kind != CALENDAR[0] || cancelled > 1 {
            found
                .push(format!("session {session}: scheduled {scheduled} times, cancelled {cancelled} times"));
        }
        if cancelled == 1 && calendar.last().unwrap().kind != CALENDAR[2] {
            found.push(format!("session {session} is rescheduled after it was cancelled"));
        }
        if calendar.iter().any(|step| step.subject != calendar[0].subject) {
            found.push(format!("session {session} is of several programmes"));
        }
    }
}

fn attendance_is_of_session_days(world: &World<'_>, found: &mut Found) {
    let calendars = calendars(world);
    for form in world.of(&["training.attended"]) {
        let mut say = |what: &str| found.push(format!("{} training.attended: {what}", form.index));
        let calendar = calendars.get(form.text("session").unwrap()).map_or(&[][..], Vec::as_slice);
        let Some(last) = calendar.iter().rfind(|step| step.data.get("days").is_some()) else {
            say("no such session");
            continue;
        };
        if calendar.iter().any(|step| step.kind == CALENDAR[2]) {
            say("the session is cancelled");
        }
        if calendar[0].moment() > form.moment() {
            say("the session was not scheduled yet");
        }
        if last.subject.strip_prefix("program/") != form.text("program") {
            say("the session is of another programme");
        }
        let day = last.data["days"].as_array().unwrap().iter().find(|day| day["date"] == form.data["day"]);
        let minutes = day
            .map(|day| day["practice_minutes"].as_u64().unwrap() + day["theory_minutes"].as_u64().unwrap());
        match minutes {
            None => say("not a day of the session"),
            Some(minutes) if form.data["minutes"].as_u64().unwrap_or(0) > minutes => {
                say("longer than the day")
            }
            Some(_) => {}
        }
        if form.text("day") != Some(&form.date) {
            say("the time is another day");
        }
    }
}

fn nobody_attends_without_a_place(world: &World<'_>, found: &mut Found) {
    let groups: BTreeMap<&str, Option<&str>> = world
        .of(&["program.session_scheduled"])
        .map(|form| (form.text("session").unwrap(), form.text("group")))
        .collect();
    for form in world.of(&["training.attended"]) {
        let person = form.text("person");
        // Whoever was merged into the attending IKM had its place.
        let of_it = |place: &&Form| {
            place.text("program") == form.text("program")
                && place.moment() < form.moment()
                && world.path(&place.subject, form.index).contains(&form.subject)
        };
        let names = |place: &&Form| {
            place.data.get("persons").is_none()
                || person.is_none_or(|person| {
                    let person = format!("person/{person}");
                    place
                        .texts("persons")
                        .any(|named| world.path(&format!("person/{named}"), form.index).contains(&person))
                })
        };
        let group = groups.get(form.text("session").unwrap()).copied().flatten();
        let in_group = |place: &&Form| group.is_none() || place.text("group") == group;
        let left_since = |place: &&Form| {
            // Whoever leaves on a day was still there on it.
            world.of(&["enrolment.withdrawn"]).any(|left| {
                let all_of_it = !left.data.get("persons").is_some_and(|_| {
                    person.is_none_or(|person| !left.texts("persons").any(|gone| gone == person))
                });
                // What the one that is left gave up before a merge was not the place of the other.
                left.subject == form.subject
                    && world.path(&place.subject, left.index).contains(&left.subject)
                    && left.text("program") == form.text("program")
                    && place.moment() < left.moment()
                    && left.date < form.date
                    && all_of_it
            })
        };
        let mut places = world.of(&["enrolment.made", "enrolment.promoted"]);
        if !places.any(|place| of_it(&place) && names(&place) && in_group(&place) && !left_since(&place)) {
            found.push(format!("{} training.attended without a place", form.index));
        }
    }
}

fn nobody_attends_twice_a_day(world: &World<'_>, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for form in world.of(&["training.attended"]) {
        let who = form.text("person").map_or(form.subject.clone(), |person| format!("person/{person}"));
        if !seen.insert((form.text("session"), form.text("day"), who.clone())) {
            found.push(format!("{} training.attended: {who} attends twice that day", form.index));
        }
    }
}

const PLACES: [&str; 4] =
    ["enrolment.made", "enrolment.waitlisted", "enrolment.promoted", "enrolment.withdrawn"];

/// How a stream stands with a programme in the end: whether it waits, and whom its place names.
#[derive(Default)]
struct Stands {
    waits: bool,
    place: Option<BTreeSet<String>>,
}

/// Follows the steps of each stream in each programme; `say` hears what does not follow.
fn places(world: &World<'_>, mut say: impl FnMut(&Form, &str)) -> BTreeMap<(String, String), Stands> {
    let key = |form: &Form| format!("{} {}", form.text("program").unwrap(), form.subject);
    let mut all = BTreeMap::new();
    for (key, steps) in world.timelines(&PLACES, key) {
        let (program, ikm) = key.split_once(' ').unwrap();
        let mut stands = Stands::default();
        for step in steps {
            match step.kind.as_str() {
                "enrolment.made" if stands.waits || stands.place.is_some() => say(step, "is there already"),
                "enrolment.waitlisted" if stands.waits || stands.place.is_some() => {
                    say(step, "is there already")
                }
                "enrolment.promoted" if !stands.waits => say(step, "does not wait"),
                "enrolment.withdrawn" if !stands.waits && stands.place.is_none() => say(step, "is not there"),
                _ => {}
            }
            match step.kind.as_str() {
                "enrolment.made" | "enrolment.promoted" => {
                    let own_name = step.subject.strip_prefix("person/");
                    let persons = step.texts("persons").chain(own_name).map(str::to_owned).collect();
                    stands = Stands { waits: false, place: Some(persons) };
                }
                "enrolment.waitlisted" => stands = Stands { waits: true, place: None },
                _ if step.data.get("persons").is_some() => {
                    let Some(place) = &mut stands.place else {
                        say(step, "has no place to give up");
                        continue;
                    };
                    for gone in step.texts("persons") {
                        place.remove(gone);
                    }
                    if place.is_empty() {
                        stands = Stands::default();
                    }
                }
                _ => stands = Stands::default(),
            }
        }
        all.insert((program.to_owned(), ikm.to_owned()), stands);
    }
    all
}

fn places_follow_one_another(world: &World<'_>, found: &mut Found) {
    let persons_merge = world.merges.keys().any(|stream| stream.starts_with("person/"));
    let stands = places(world, |step, what| {
        let of_persons = persons_merge && step.data.get("persons").is_some();
        if !world.touches_merge(&step.subject) && !of_persons {
            found.push(format!("{} {}: {} {what}", step.index, step.kind, step.subject));
        }
    });
    let mut through: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for ((program, ikm), stands) in stands.into_iter().filter(|((_, ikm), _)| !world.touches_merge(ikm)) {
        for person in stands.place.into_iter().flatten() {
            through.entry((program.clone(), person)).or_default().push(ikm.clone());
        }
    }
    for ((program, person), ikms) in through.into_iter().filter(|(_, ikms)| ikms.len() > 1) {
        found.push(format!("{person} is enrolled in {program} through {ikms:?}"));
    }
}

fn quotas_hold(world: &World<'_>, found: &mut Found) {
    let stands = places(world, |_, _| {});
    for opening in world.of(&["program.opened"]) {
        let Some(quota) = opening.data["quota"].as_u64() else { continue };
        let id = opening.subject.strip_prefix("program/").unwrap();
        // Merged IKMs are left out: these are at least so many.
        let placed = stands
            .iter()
            .filter(|((program, ikm), _)| program == id && !world.merges.contains_key(ikm))
            .filter_map(|(_, stands)| stands.place.as_ref());
        let taken = if opening.text("unit") == Some("ikm") {
            placed.count()
        } else {
            placed.flatten().collect::<BTreeSet<_>>().len()
        };
        if taken as u64 > quota {
            found.push(format!("programme {id}: {taken} places of {quota} are taken"));
        }
    }
}

fn certificates_follow_one_another(world: &World<'_>, found: &mut Found) {
    let kinds = [
        "certificate.issued",
        "certificate.suspended",
        "certificate.reinstated",
        "certificate.renewed",
        "certificate.revoked",
    ];
    for (certificate, life) in world.timelines(&kinds, |form| form.subject.clone()) {
        let mut valid_to = None;
        let (mut suspended, mut revoked) = (false, false);
        for step in &life {
            let mut say =
                |what: &str| found.push(format!("{certificate}: {} {} {what}", step.index, step.kind));
            if revoked {
                say("after it was revoked");
            }
            if valid_to.is_some() == (step.kind == kinds[0]) {
                say("is issued not at first, or twice");
            }
            if step.text("valid_to").is_some() && step.text("valid_from") > step.text("valid_to") {
                say("runs backward");
            }
            match step.kind.as_str() {
                "certificate.issued" => valid_to = step.text("valid_to"),
                "certificate.suspended" if suspended => say("is suspended already"),
                "certificate.suspended" => suspended = true,
                "certificate.reinstated" if !suspended => say("is not suspended"),
                "certificate.reinstated" => suspended = false,
                "certificate.renewed" => {
                    if step.text("valid_to") <= valid_to {
                        say("adds no time");
                    }
                    let holder = |form: &Form| {
                        let holder = &form.data["holder"];
                        (holder["ikm"].clone(), holder["person"].clone())
                    };
                    if holder(step) != holder(life[0]) {
                        say("is of another holder");
                    }
                    valid_to = step.text("valid_to");
                }
                _ => revoked = true,
            }
        }
    }
}

fn numbers_are_unique(world: &World<'_>, found: &mut Found) {
    let issuers: BTreeMap<&str, &str> = world
        .of(&["certificate.issued"])
        .map(|form| (form.subject.as_str(), form.text("issuer").unwrap()))
        .collect();
    let mut holders: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for form in world.of(&["certificate.issued", "certificate.renewed"]) {
        let (Some(number), Some(issuer)) = (&form.number, issuers.get(form.subject.as_str())) else {
            continue;
        };
        let other = *holders.entry((issuer, number)).or_insert(&form.subject);
        if other != form.subject {
            found.push(format!("number {number} of {issuer} is that of {other} and {}", form.subject));
        }
    }
}

fn exhibitions_are_joined_on_their_days(world: &World<'_>, found: &mut Found) {
    let mut announced: BTreeMap<&str, &Form> = BTreeMap::new();
    for form in world.of(&["exhibition.announced"]) {
        if announced.insert(form.subject.strip_prefix("exhibition/").unwrap(), form).is_some() {
            found.push(format!("{} is announced twice", form.subject));
        }
    }
    let mut joined = BTreeSet::new();
    for form in world.of(&["exhibition.joined"]) {
        let id = form.text("exhibition").unwrap();
        let held = announced.get(id).is_some_and(|exhibition| {
            exhibition.text("from") <= Some(&form.date) && Some(form.date.as_str()) <= exhibition.text("to")
        });
        if !held {
            found.push(format!("{} exhibition.joined on no day of it", form.index));
        }
        if !joined.insert((id, &form.subject)) {
            found.push(format!("{} exhibition.joined: {} joins twice", form.index, form.subject));
        }
    }
}

fn sentras_and_members_follow_one_another(world: &World<'_>, found: &mut Found) {
    let plans = world.timelines(&["sentra.planned"], |form| form.subject.clone());
    for form in world.forms {
        let of_member = form
            .kind
            .starts_with("sentra.member")
            .then(|| format!("sentra/{}", form.text("sentra").unwrap()));
        let own = form.subject.starts_with("sentra/").then(|| form.subject.clone());
        let Some(sentra) = own.or(of_member) else { continue };
        let plans = plans.get(&sentra).map_or(&[][..], Vec::as_slice);
        if plans.len() != 1 || plans[0].moment() > form.moment() {
            found.push(format!("{} {}: {sentra} was planned {} times", form.index, form.kind, plans.len()));
        }
    }
    for kind in ["sentra.built", "sentra.opened"] {
        for (sentra, steps) in world.timelines(&[kind], |form| form.subject.clone()) {
            if steps.len() > 1 {
                found.push(format!("{sentra}: {kind} {} times", steps.len()));
            }
        }
    }
    let key = |form: &Form| format!("{} {}", form.subject, form.text("sentra").unwrap());
    for (member, steps) in world.timelines(&["sentra.member_joined", "sentra.member_left"], key) {
        let mut is_member = false;
        for step in steps.iter().filter(|step| !world.touches_merge(&step.subject)) {
            let joins = step.kind == "sentra.member_joined";
            if joins == is_member {
                found.push(format!("{member}: {} {} changes nothing", step.index, step.kind));
            }
            is_member = joins;
        }
    }
}

fn checks_follow_claims(world: &World<'_>, found: &mut Found) {
    let made = world.timelines(&["claim.made"], |form| form.subject.clone());
    for (claim, makings) in &made {
        if makings.len() > 1 {
            found.push(format!("{claim} is made {} times", makings.len()));
        }
    }
    let mut checked = BTreeSet::new();
    for form in world.of(&["claim.checked"]) {
        let mut say = |what: &str| found.push(format!("{} claim.checked {what}", form.index));
        let known = form.data["as_known"].as_u64().unwrap();
        if known > form.index {
            say("knows what came later");
        }
        if !checked.insert((&form.subject, form.text("on"), known)) {
            say("is there twice");
        }
        let Some(making) = made.get(&form.subject).map(|makings| makings[0]) else {
            say("is of no claim");
            continue;
        };
        if making.moment() > form.moment() {
            say("is of a claim that was made later");
        }
        let value: Option<u64> = making.text("value").map(|value| value.parse().unwrap());
        let number = |name: &str| form.data.pointer(&format!("/count/{name}")).and_then(Value::as_u64);
        let counted = number("counted");
        // Of percent the part is rounded to whole ones, a half up.
        let reached = match making.text("unit") {
            Some("percent") => {
                number("part").zip(number("of")).map(|(part, of)| (200 * part + of) / (2 * of))
            }
            _ => counted,
        };
        let (on, due) = (form.text("on"), making.text("due"));
        let (some, enough) = (value.is_some() && reached.is_some(), reached >= value);
        let is_over = due.is_some_and(|due| on == Some(due) && form.date.as_str() > due);
        let holds = match form.text("verdict").unwrap() {
            "supported" => due.is_none() && some && reached == value,
            "understated" => due.is_none() && some && reached > value,
            "overstated" | "not_confirmed" => due.is_none() && some && !enough,
            "kept" => due.is_some() && on <= due && some && enough,
            "not_kept" => is_over && some && !enough,
            "not_yet_due" => on <= due && !is_over && some,
            "not_quantified" => value.is_none() && counted.is_some(),
            "not_recorded" | "consistent" => counted.is_none(),
            "not_countable" => making.text("kind") == Some("plan") && due.is_none(),
            _ => true,
        };
        if !holds {
            say("has a verdict that does not follow");
        }
    }
}

fn nothing_is_of_the_future(world: &World<'_>, found: &mut Found) {
    for form in world.forms.iter().filter(|form| form.date > form.recorded) {
        // Recorded times are UTC: here never late enough for another day in Java.
        found
            .push(format!("{} {} of {} was recorded on {}", form.index, form.kind, form.date, form.recorded));
    }
}
