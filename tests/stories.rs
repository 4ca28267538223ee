//! The rules as stories: what was recorded, what is proposed, what becomes of it.
//!
//! `data/stories/*.json` hold the stories, `data/stories_cast.json` the proposals they name. In both,
//! `{name}` stands for a UUID that follows from the name, `{event.name}` for the id of the proposal of
//! that name. A proposal in a story is a name of the cast, or `{"like": name, "as": other name, "set":
//! {path: value}}`: `as` gives it an id of its own, a null value takes a field out.
//!
//! What only the registry can do has steps of its own. `{"attach": name, "subjects": [...]}` attaches a
//! photo, whose hash `{file.name}` stands for from then on. `{"redact": name, "target": proposal, "subject":
//! stream}` withdraws it. An erasure needs no step: the registry carries it out when it is requested.
//!
//! `standings` tells how events stand in the end, as receipts say it: `{"of": name, "stands": {effect: name}}`.
//!
//! Every rule that the registry can refuse by has a story, or stands in [`WITHOUT_STORY`] with a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jejak::environment::ManualClock;
use jejak::registry::{Attached, Destroyed, InitReport, Options, Outcome, Registry, create};
use jejak::rules::effects::{By, Effect};
use jejak::vault::attachments::About;
use jejak_events::fault::Refusal;
use jejak_events::identity::{Actor, ActorKind, EventId, Source, Subject};
use jejak_events::proposal::Proposal;
use jejak_events::time::RecordedTime;
use jejak_events::types::EvidenceRedacted;
use jejak_events::values::{Code, Date, MediaType, SetOf, Sha256Hex};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::support;

pub(crate) mod table;

/// When everything is recorded, unless a story says otherwise.
const NOW: &str = "2025-06-02T03:00:00.000Z";

/// Rules that no proposal can bring about, with the reason.
const WITHOUT_STORY: &[(&str, &str)] = &[
    ("too_large", "a record of 60,000 bytes does not fit a story"),
    ("key_of_another", "the registry itself records its keys; tests/data/cheating has it"),
    ("key_introduced_once", "the registry itself records its keys; tests/data/cheating has it"),
    ("no_calendar_period", "the registry itself records releases; src/rules/types/area.rs tests it"),
    ("knows_the_future", "the registry itself records releases; src/rules/types/area.rs tests it"),
    ("released_twice", "the registry itself records releases; src/rules/types/area.rs tests it"),
    ("cell_tells_too_much", "the registry itself records releases; src/rules/types/area.rs tests it"),
    ("part_without_whole", "the registry itself records releases; src/rules/types/area.rs tests it"),
    ("release_knows_not_all", "the registry itself records releases; tests/releases/recount.rs tries it"),
    ("release_miscounted", "the registry itself records releases; tests/releases/recount.rs tries it"),
    ("released_apart", "the registry itself records releases; tests/releases/recount.rs tries it"),
    ("cell_missing", "the registry itself records releases; tests/releases/recount.rs tries it"),
    ("cell_of_nobody", "the registry itself records releases; tests/releases/recount.rs tries it"),
    ("tells_too_few", "the registry itself records releases; tests/releases/recount.rs tries it"),
    ("tells_erased", "the registry itself records releases; tests/releases/recount.rs tries it"),
    ("releases_too_large", "the registry itself records releases; src/rules/release/recount.rs tests it"),
    ("too_many_releases", "the registry itself records releases; src/rules/release/recount.rs tests it"),
    ("nothing_to_release", "the registry itself records releases; tests/cli/releases.rs tests it"),
    ("log_has_grown", "the registry itself records releases, and asks to run it once more"),
    ("erasure_not_requested", "the registry itself records what it asks for, after the request"),
    ("rehearsed_too_often", "no story is a dry run; src/registry/compared_tests.rs tries it"),
    ("wrong_stream", "the shape of the proposal is refused before the rules are asked"),
];

/// The sources in which rules refuse.
const RULE_SOURCES: &[&str] = &["src/rules", "src/registry"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    story: String,
    /// When all of it is recorded.
    #[serde(default)]
    at: Option<String>,
    /// Proposals that are recorded before, each for itself.
    given: Vec<Value>,
    /// Whether all or none of `when` may be recorded.
    #[serde(default)]
    atomic: bool,
    /// What is proposed.
    when: Vec<Value>,
    /// What becomes of each.
    then: Vec<Then>,
    /// How receipts tell that events stand in the end.
    #[serde(default)]
    standings: Vec<Stands>,
    /// Notices that it shows not to be given where they might be.
    #[serde(default)]
    without: Vec<String>,
}

/// How an event stands by the registry's word.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stands {
    /// The name of its proposal.
    of: String,
    /// The day; that on which all is recorded where none is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    /// The log size that is known; all where none is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    /// By the code of each effect the proposal or the type of the event that brought it, or its day; none where it is
    /// in force.
    stands: BTreeMap<String, String>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Then {
    /// Recorded or there before, with no notice but that of late recording, which most stories have.
    Taken(Taken),
    /// The same with these notices.
    Noticed {
        /// All of them, but that of late recording where a story does not tell it.
        noticed: Vec<Noticed>,
        /// Whether it was there before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        repeated: bool,
    },
    Refused {
        /// The rule.
        refused: String,
        /// The field it names, where it names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
        /// What the officer reads.
        id: String,
        /// The same in English.
        en: String,
    },
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Noticed {
    code: String,
    field: String,
    id: String,
    en: String,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Taken {
    Recorded,
    Repeated,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json_files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|one| one == "json")).collect();
    files.sort();
    files
}

fn stories() -> Vec<(String, Story)> {
    let files = json_files(&root().join("tests/data/stories"));
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let stories: Vec<Story> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        stories.into_iter().map(move |story| (file.clone(), story)).collect::<Vec<_>>()
    };
    files.iter().flat_map(read).collect()
}

fn digest(name: &str) -> [u8; 32] {
    Sha256::digest(name.as_bytes()).into()
}

fn uuid_of(name: &str) -> Uuid {
    let digest = digest(name);
    match name.strip_prefix("event.") {
        Some(_) => {
            let bytes = digest[..10].try_into().unwrap();
            uuid::Builder::from_unix_timestamp_millis(1_748_833_200_000, bytes).into_uuid()
        }
        None => uuid::Builder::from_random_bytes(digest[..16].try_into().unwrap()).into_uuid(),
    }
}

/// Puts UUIDs in the place of the names in braces.
fn with_uuids(text: &str) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or_else(|| panic!("a name without end in {text:?}"));
        done.push_str(before);
        done.push_str(&uuid_of(name).to_string());
        rest = after;
    }
    done + rest
}

/// The reverse, so that a failure shows names.
fn with_names(text: &str, cast: &Cast) -> String {
    let mut text = text.to_owned();
    for name in &cast.names {
        text = text.replace(&uuid_of(name).to_string(), &format!("{{{name}}}"));
    }
    text
}

fn resolve(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(with_uuids(&text)),
        Value::Array(list) => list.into_iter().map(resolve).collect(),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key, resolve(value))).collect())
        }
        other => other,
    }
}

struct Cast {
    proposals: Map<String, Value>,
    /// All names in braces, and the ids of the cast.
    names: BTreeSet<String>,
}

impl Cast {
    fn read() -> Self {
        let text = std::fs::read_to_string(root().join("tests/data/stories_cast.json")).unwrap();
        let proposals: Map<String, Value> = serde_json::from_str(&text).unwrap();
        // Stories bring names of their own.
        let told = json_files(&root().join("tests/data/stories"));
        let told: String = told.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let all = format!("{text}{told}");
        let in_braces = all.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
        let is_name = |name: &&str| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte))
        };
        let mut names: BTreeSet<String> = in_braces.filter(is_name).map(str::to_owned).collect();
        names.extend(proposals.keys().map(|name| format!("event.{name}")));
        Self { proposals, names }
    }

    /// The proposal that a story means.
    fn proposal(&self, said: &Value) -> Value {
        let nothing = Map::new();
        let (like, own_name, set) = match said {
            Value::String(name) => (name.as_str(), None, &nothing),
            said => (
                said["like"].as_str().unwrap_or_else(|| panic!("no cast member in {said}")),
                said.get("as").and_then(Value::as_str),
                said.get("set").and_then(Value::as_object).unwrap_or(&nothing),
            ),
        };
        let mut proposal =
            self.proposals.get(like).unwrap_or_else(|| panic!("no {like:?} in the cast")).clone();
        proposal["id"] = Value::String(format!("{{event.{}}}", own_name.unwrap_or(like)));
        for (path, value) in set {
            let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
            let mut place = &mut proposal;
            for parent in parents.split('.').filter(|part| !part.is_empty()) {
                place = place.get_mut(parent).unwrap_or_else(|| panic!("no {path:?} in {like:?}"));
            }
            let place =
                place.as_object_mut().unwrap_or_else(|| panic!("no object around {path:?} in {like:?}"));
            match value {
                Value::Null => {
                    place.remove(last).unwrap_or_else(|| panic!("no {path:?} to take out of {like:?}"));
                }
                value => {
                    place.insert(last.to_owned(), value.clone());
                }
            }
        }
        resolve(proposal)
    }
}

/// What became of a proposal, as a story would say it.
fn said(outcome: Result<&Outcome, &Refusal>, cast: &Cast) -> Then {
    let refusal = match outcome {
        Ok(Outcome::Recorded { repeated, notices, .. }) if notices.is_empty() => {
            return Then::Taken(if *repeated { Taken::Repeated } else { Taken::Recorded });
        }
        Ok(Outcome::Recorded { repeated, notices, .. }) => {
            let noticed = notices.iter().map(|notice| Noticed {
                code: notice.code.to_owned(),
                field: notice.field.to_string(),
                id: with_names(&notice.message.id, cast),
                en: with_names(&notice.message.en, cast),
            });
            return Then::Noticed { noticed: noticed.collect(), repeated: *repeated };
        }
        Ok(Outcome::Refused { refused, .. }) => refused,
        Err(refusal) => refusal,
    };
    Then::Refused {
        refused: refusal.rule.to_owned(),
        field: refusal.field.clone(),
        id: with_names(&refusal.message.id, cast),
        en: with_names(&refusal.message.en, cast),
    }
}

fn open(at: &str, (mut options, _): (Options, Arc<ManualClock>)) -> Registry {
    let clock = Arc::new(ManualClock::at(RecordedTime::parse(at).unwrap()));
    options.environment.clock = clock;
    let about = InitReport {
        origin: jejak_events::values::Origin::parse("jejak.example/stories").unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: "/recovery/secret".into(),
    };
    create(&options, &about).unwrap();
    Registry::open(&options).unwrap()
}

fn is_recorded(then: &Then) -> bool {
    matches!(then, Then::Taken(Taken::Recorded) | Then::Noticed { repeated: false, .. })
}

/// The files that a story attached, by name.
type Files = BTreeMap<String, String>;

fn with_files(mut text: String, files: &Files) -> String {
    for (name, hash) in files {
        // What a step made itself: a file, or the event that withdrew one.
        for kind in ["file", "event"] {
            text = text.replace(&uuid_of(&format!("{kind}.{name}")).to_string(), hash);
        }
    }
    text
}

/// Does what no proposal can; `None` when a proposal is said.
fn own_step(registry: &Registry, said_of: &Value, files: &mut Files, cast: &Cast) -> Option<Then> {
    let text = |name: &str| said_of.get(name).and_then(Value::as_str).map(with_uuids);
    if let Some(name) = text("attach") {
        let subjects = said_of["subjects"].as_array().unwrap().iter();
        let subjects =
            subjects.map(|one| Subject::parse(&with_uuids(one.as_str().unwrap())).unwrap()).collect();
        let media_type = MediaType::parse("image/jpeg").unwrap();
        let about = About { media_type, subjects: SetOf::new(subjects) };
        return Some(match registry.attach(about, &mut name.as_bytes()).unwrap() {
            Attached::Held(hash) => {
                files.insert(name, hash.to_string());
                Then::Taken(Taken::Recorded)
            }
            Attached::Refused(refusal) => said(Err(&refusal), cast),
        });
    }
    let redaction = EvidenceRedacted {
        file: Sha256Hex::parse(&files[&text("redact")?]).unwrap(),
        reason: Code::parse("wrong_scan").unwrap(),
        target: EventId::new(uuid_of(&format!("event.{}", text("target")?))).unwrap(),
        authority: None,
        evidence: None,
        imported_from: None,
        sealed: None,
    };
    let subject = Subject::parse(&text("subject")?).unwrap();
    let actor = Actor { kind: ActorKind::User, id: None };
    Some(match registry.redact(actor, subject, redaction).unwrap() {
        Destroyed::Done { recorded, .. } => {
            if let Some(name) = text("as") {
                files.insert(name, registry.event(recorded).unwrap().draft.id.to_string());
            }
            Then::Taken(Taken::Recorded)
        }
        Destroyed::Refused(refusal) => said(Err(&refusal), cast),
    })
}

/// Without the notice of late recording, as a story tells it that says nothing of it.
fn not_late(then: Then) -> Then {
    match then {
        Then::Noticed { mut noticed, repeated } => {
            noticed.retain(|notice| notice.code != "recorded_late");
            match (noticed.is_empty(), repeated) {
                (true, false) => Then::Taken(Taken::Recorded),
                (true, true) => Then::Taken(Taken::Repeated),
                (false, _) => Then::Noticed { noticed, repeated },
            }
        }
        other => other,
    }
}

/// How the events of a story stand, as it would say it.
fn standings(registry: &Registry, story: &Story) -> Vec<Stands> {
    let all: Vec<_> =
        (0..registry.reader().size()).map(|index| registry.event(index).unwrap().draft).collect();
    fn name(said: &Value) -> Option<&str> {
        said.get("as").or(said.get("like")).unwrap_or(said).as_str()
    }
    let names: Vec<&str> = story.given.iter().chain(&story.when).filter_map(name).collect();
    let stands = |told: &Stands| {
        let id = uuid_of(&format!("event.{}", told.of));
        let index =
            all.iter().position(|draft| draft.id.uuid() == id).unwrap_or_else(|| panic!("{}", told.of));
        let on = Date::parse(told.on.as_deref().unwrap_or(&NOW[..10])).unwrap();
        let size = told.size.unwrap_or(all.len() as u64);
        let effects = jejak::queries::standing::effects(&registry.snapshot(), index as u64, size, on)
            .unwrap()
            .into_iter();
        let by = |by| match by {
            By::Day(day) => day.to_string(),
            By::Event(index) => {
                let draft = &all[usize::try_from(index).unwrap()];
                let name = names.iter().find(|name| draft.id.uuid() == uuid_of(&format!("event.{name}")));
                // What the registry records by itself has an id of its own.
                (*name.unwrap_or(&draft.data.type_name())).to_owned()
            }
        };
        Stands {
            of: told.of.clone(),
            on: told.on.clone(),
            size: told.size,
            stands: effects.map(|(effect, brought)| (effect.code().to_owned(), by(brought))).collect(),
        }
    };
    story.standings.iter().map(stands).collect()
}

/// Where the log lies while a story plays.
type Place = fn(u64) -> (Options, Arc<ManualClock>);

/// In a directory, and in a place that is none.
const PLACES: [Place; 2] = [support::in_memory, support::with_log_in_memory];

/// Plays a story and answers with what became of each proposal of `when`, and how events stand in the end.
fn play(story: &Story, cast: &Cast, place: Place) -> (Vec<Then>, Vec<Stands>) {
    let registry = open(story.at.as_deref().unwrap_or(NOW), place(4));
    let mut files = Files::new();
    let then = play_in(&registry, story, &mut files, cast);
    let standings = standings(&registry, story);
    registry.close().unwrap();
    // What was drawn at random gets its name back.
    let unnamed = |text: String| {
        files.iter().fold(text, |text, (name, hash)| text.replace(hash, &format!("{{file.{name}}}")))
    };
    let named = |then: Then| match then {
        Then::Refused { refused, field, id, en } => {
            Then::Refused { refused, field, id: unnamed(id), en: unnamed(en) }
        }
        taken => taken,
    };
    let tells_late = story.without.iter().any(|code| code == "recorded_late")
        || story.then.iter().any(|then| {
            matches!(then, Then::Noticed { noticed, .. }
            if noticed.iter().any(|notice| notice.code == "recorded_late"))
        });
    let then = then.into_iter().map(named);
    (if tells_late { then.collect() } else { then.map(not_late).collect() }, standings)
}

fn play_in(registry: &Registry, story: &Story, files: &mut Files, cast: &Cast) -> Vec<Then> {
    let defaults = registry.defaults(Actor { kind: ActorKind::User, id: None });
    let parse = |said: &Value, files: &Files| {
        let json = with_files(cast.proposal(said).to_string(), files);
        Proposal::parse(json.as_bytes(), &defaults)
    };
    for given in &story.given {
        if let Some(then) = own_step(registry, given, files, cast) {
            assert!(is_recorded(&then), "given {given}");
            continue;
        }
        let proposal = parse(given, files).unwrap_or_else(|refusal| panic!("given {given}: {refusal}"));
        let outcomes = registry.append_counted(vec![proposal], false).unwrap();
        if let Some(refusal) = outcomes[0].refusal() {
            panic!("given {given}: {refusal}");
        }
    }
    if story.when.iter().any(|said| said.get("attach").or(said.get("redact")).is_some()) {
        return story.when.iter().map(|said| own_step(registry, said, files, cast).unwrap()).collect();
    }
    let size_before = registry.snapshot().facts().size();
    let parsed: Result<Vec<Proposal>, Refusal> = story.when.iter().map(|said| parse(said, files)).collect();
    let requests = |proposal: &Proposal| proposal.draft.data.type_name().ends_with("erasure_requested.v1");
    let requests: Vec<bool> = parsed.iter().flatten().map(requests).collect();
    let then: Vec<Then> = match parsed {
        // Only stories of a single proposal go as far as its shape.
        Err(refusal) => vec![said(Err(&refusal), cast)],
        Ok(proposals) => {
            let outcomes = registry.append_counted(proposals, story.atomic).unwrap();
            outcomes.iter().map(|outcome| said(Ok(outcome), cast)).collect()
        }
    };
    // Neither more nor less stands in the log than what was answered.
    let recorded = then.iter().filter(|one| is_recorded(one)).count();
    // The registry adds that each erasure is done.
    let erased = then.iter().zip(requests).filter(|(one, requests)| *requests && is_recorded(one)).count();
    assert_eq!(
        registry.snapshot().facts().size(),
        size_before + (recorded + erased) as u64,
        "{}",
        story.story
    );
    then
}

#[test]
fn every_story_ends_as_told() {
    let cast = Cast::read();
    let stories = stories();
    let check = |(file, story): &(String, Story)| {
        let told = serde_json::to_string(&(&story.then, &story.standings)).unwrap();
        PLACES.iter().find_map(|place| {
            let (then, standings) = play(story, &cast, *place);
            let came = serde_json::to_string(&(&then, &standings)).unwrap();
            (told != came).then(|| format!("{file}: {}\n  told: {told}\n  came: {came}", story.story))
        })
    };
    // Each story has a registry of its own, so they may play side by side.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = stories.len().div_ceil(threads).max(1);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let play_share = |share| scope.spawn(move || Vec::from_iter(<[_]>::iter(share).filter_map(check)));
        let playing: Vec<_> = stories.chunks(share).map(play_share).collect();
        playing.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} stories end otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

/// Rule codes in a source: the first text literal of each refusal.
fn rule_codes(source: &str) -> BTreeSet<String> {
    let code = |text: &str| {
        let literal = text.trim_start().strip_prefix('"')?;
        let (literal, _) = literal.split_once('"')?;
        let good =
            !literal.is_empty() && literal.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        good.then(|| literal.to_owned())
    };
    let openings = ["Refusal::new(", "refuse!(", "refuse(", "too_early("];
    openings.iter().flat_map(|opening| source.split(opening).skip(1)).filter_map(code).collect()
}

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// Every rule code, with the source that it stands in.
fn rules() -> BTreeMap<String, PathBuf> {
    let mut files = Vec::new();
    for directory in RULE_SOURCES {
        rust_files(&root().join(directory), &mut files);
    }
    files.sort();
    let mut rules: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in files {
        let codes = rule_codes(&std::fs::read_to_string(&file).unwrap());
        for code in codes {
            rules.entry(code).or_insert_with(|| file.clone());
        }
    }
    rules
}

#[test]
fn every_rule_has_a_story() {
    let rules = rules();
    assert!(
        rules.len() > 50,
        "only {} rules were found; does the search still fit the sources?",
        rules.len()
    );
    let told: BTreeSet<String> = stories()
        .into_iter()
        .flat_map(|(_, story)| story.then)
        .filter_map(|then| match then {
            Then::Refused { refused, .. } => Some(refused),
            Then::Taken(_) | Then::Noticed { .. } => None,
        })
        .collect();
    for (rule, reason) in WITHOUT_STORY {
        assert!(rules.contains_key(*rule), "{rule} ({reason}) is no rule any more; strike it from the list");
        assert!(!told.contains(*rule), "{rule} has a story now; strike it from the list");
    }
    let untold: Vec<String> = rules
        .iter()
        .filter(|(rule, _)| !told.contains(*rule) && !WITHOUT_STORY.iter().any(|(one, _)| one == rule))
        .map(|(rule, file)| format!("{rule} ({})", file.strip_prefix(root()).unwrap().display()))
        .collect();
    assert!(untold.is_empty(), "no story in tests/data/stories tells of {}", untold.join(", "));
}

/// Every code of a notice, with whether a story tells it given, and one not given.
fn notices() -> BTreeMap<String, [BTreeSet<String>; 2]> {
    let source = std::fs::read_to_string(root().join("src/rules/notices.rs")).unwrap();
    let codes = source.split("Notice::new(").skip(1).filter_map(|text| {
        let (code, _) = text.trim_start().strip_prefix('"')?.split_once('"')?;
        Some(code.to_owned())
    });
    let mut table: BTreeMap<String, [BTreeSet<String>; 2]> =
        codes.map(|code| (code, Default::default())).collect();
    for (_, story) in stories() {
        for then in &story.then {
            let Then::Noticed { noticed, .. } = then else { continue };
            for notice in noticed {
                table.get_mut(&notice.code).unwrap()[0].insert(story.story.clone());
            }
        }
        for code in &story.without {
            let given = |then: &Then| matches!(then, Then::Noticed { noticed, .. } if noticed.iter().any(|one| one.code == *code));
            assert!(!story.then.iter().any(given), "{}: {code} is given", story.story);
            table.get_mut(code).unwrap_or_else(|| panic!("no notice {code}"))[1].insert(story.story.clone());
        }
    }
    table
}

#[test]
fn every_notice_has_stories_in_both_directions() {
    let table = notices();
    assert!(table.len() > 10, "only {} notices were found; does the search still fit?", table.len());
    let lacking = table.iter().filter(|(_, stories)| stories.iter().any(BTreeSet::is_empty));
    let lacking: Vec<&String> = lacking.map(|(code, _)| code).collect();
    assert!(lacking.is_empty(), "no story gives, or none does not give, {lacking:?}");
}

#[test]
fn every_effect_on_a_receipt_has_a_story() {
    let told: BTreeSet<String> = stories()
        .into_iter()
        .flat_map(|(_, story)| story.standings)
        .flat_map(|one| one.stands.into_keys())
        .collect();
    let untold: Vec<&str> = Effect::codes().filter(|code| !told.contains(*code)).collect();
    assert!(untold.is_empty(), "no story in tests/data/stories tells of {untold:?}");
}

#[test]
fn the_search_for_rules_finds_them() {
    let source = r#"
        refuse!("one_rule", "field", "..", "..");
        return refuse(
            "two_rule", x);
        Some(since) => Err(too_early(
            "too_early_rule", "..", "..", since, at)),
        Err(Refusal::new("three_rule", a, b)) Refusal::new(rule, id, en) Refusal::new("Not a code", a, b)"#;
    let found: Vec<String> = rule_codes(source).into_iter().collect();
    assert_eq!(found, ["one_rule", "three_rule", "too_early_rule", "two_rule"]);
}
