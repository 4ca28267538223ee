//! An erasure on a real disk and a real store: what is found afterwards in any file, and what is not.

use std::path::{Path, PathBuf};

use jejak::registry::{Attached, Destroyed, InitReport, Options, Registry, RegistryError, create};
use jejak::vault::attachments::About;
use jejak::verify::verify;
use jejak_events::identity::{Actor, ActorKind, Source, Subject};
use jejak_events::proposal::Proposal;
use jejak_events::values::{Code, Date, MediaType, Origin, SetOf, Sha256Hex};
use jejak_projections::question::Question;
use jejak_projections::views::VIEWS;
use serde_json::{Value, json};

use crate::support;

const PERSON: &str = "person/7f2c1a34-5b6d-4e8f-9a0b-00000000000a";
const IKM: &str = "ikm/7f2c1a34-5b6d-4e8f-9a0b-00000000000c";
const PROGRAM: &str = "0197f2c1-5b6d-7e8f-9a0b-1c2d3e4f5a6b";
const SESSION: &str = "7f2c1a34-5b6d-4e8f-9a0b-00000000000e";
/// What must be found nowhere.
const ERASED: [&str; 5] =
    ["Siti Rahmawati Contoh", "3375010101800001", "+6281234567890", "Batik Rahmawati", "1234567890123"];
/// What stands in an event in the open, so that a search that finds nothing at all is noticed.
const OPEN: &str = "Pelatihan ekspor terbuka";

fn nobody() -> Actor {
    Actor { kind: ActorKind::Unknown, id: None }
}

fn today() -> Date {
    Date::parse("2025-10-09").unwrap()
}

fn options(data: PathBuf, keys: PathBuf) -> Options {
    let mut options = Options::in_directory(data);
    options.keys_dir = keys;
    // A segment for each commit, so that most of the journal can be compressed.
    options.log.segment_bytes = 1;
    options
}

fn event(number: u32, kind: &str, subject: &str, day: &str, data: Value) -> Value {
    json!({"id": format!("01890a5d-ac96-774b-bcce-{number:012x}"), "type": format!("id.jejak.{kind}.v1"),
        "subject": subject, "time": format!("{day}T00:00:00+07:00"), "data": data})
}

fn record(registry: &Registry, value: &Value) {
    let proposal = Proposal::parse(value.to_string().as_bytes(), &registry.defaults(nobody())).unwrap();
    let outcomes = registry.append_blocking(vec![proposal], false).unwrap();
    assert!(outcomes[0].index().is_some(), "{outcomes:?}");
}

fn attach(registry: &Registry) -> Sha256Hex {
    let about = About {
        media_type: MediaType::parse("text/plain").unwrap(),
        subjects: SetOf::new(vec![Subject::parse(PERSON).unwrap()]),
    };
    match registry.attach(about, &mut ERASED.join("\n").as_bytes()).unwrap() {
        Attached::Held(file) => file,
        Attached::Refused(refusal) => panic!("{refusal}"),
    }
}

/// One of everything that names the person, in the open or sealed.
fn fill(registry: &Registry) {
    let [name, nik, phone, ikm_name, nib] = ERASED;
    record(
        registry,
        &event(
            1,
            "person.registered",
            PERSON,
            "2021-03-01",
            json!({"name": name, "nik": nik, "phone": phone}),
        ),
    );
    let ikm = json!({"area": "33.75", "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
        "sole_proprietor": true, "owner": &PERSON["person/".len()..], "name": ikm_name, "nib": nib, "workers": 7});
    record(registry, &event(2, "ikm.registered", IKM, "2021-03-01", ikm));
    let program =
        json!({"area": "33.75", "organiser": "Dinas", "theme": "export", "title": OPEN, "unit": "person"});
    record(registry, &event(3, "program.opened", &format!("program/{PROGRAM}"), "2022-01-01", program));
    let session = json!({"session": SESSION, "venue": "Aula",
        "days": [{"date": "2022-02-03", "theory_minutes": 100, "practice_minutes": 200}]});
    record(
        registry,
        &event(4, "program.session_scheduled", &format!("program/{PROGRAM}"), "2022-01-02", session),
    );
    let file = attach(registry);
    let persons = [&PERSON["person/".len()..]];
    let enrolled = json!({"program": PROGRAM, "persons": persons,
        "evidence": [{"media_type": "text/plain", "sha256": file.to_string(), "subjects": [PERSON]}]});
    record(registry, &event(5, "enrolment.made", IKM, "2022-01-20", enrolled));
    let attended = json!({"program": PROGRAM, "session": SESSION, "day": "2022-02-03", "status": "present",
        "person": persons[0]});
    record(registry, &event(6, "training.attended", IKM, "2022-02-03", attended));
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// The files below a directory that hold some text, also compressed; and how many were compressed.
fn holding(directory: &Path, text: &str) -> (Vec<PathBuf>, usize) {
    let mut all = Vec::new();
    files(directory, &mut all);
    assert!(all.len() > 3, "{directory:?} has hardly any files");
    let mut compressed = 0;
    let finder = memchr::memmem::Finder::new(text);
    let holds = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        let inside = path.extension().is_some_and(|extension| extension == "zst").then(|| {
            compressed += 1;
            zstd::decode_all(&bytes[..]).unwrap()
        });
        finder.find(&bytes).is_some() || inside.is_some_and(|inside| finder.find(&inside).is_some())
    };
    let found = all.into_iter().filter(holds).collect();
    (found, compressed)
}

fn assert_nowhere(directory: &Path, when: &str) {
    for text in ERASED {
        assert_eq!(holding(directory, text).0, Vec::<PathBuf>::new(), "{text:?} {when}");
    }
    let (open, compressed) = holding(directory, OPEN);
    assert!(!open.is_empty() && compressed > 2, "{when}: the search finds {open:?}, {compressed} compressed");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn compress(registry: &Registry) {
    registry.checkpoint().unwrap();
    while registry.compress_next().unwrap() {}
}

/// Every figure with what is behind it, as known at a size; without the question, which names the size.
fn figures(registry: &Registry, as_known: u64) -> Vec<String> {
    let snapshot = registry.snapshot();
    let facts = snapshot.facts();
    let question = Question::new(today(), as_known);
    let answers = VIEWS.iter().map(|view| view.answer(facts, &question).unwrap());
    answers
        .map(|answer| {
            let behind = (&answer.by_area, &answer.breakdowns, &answer.context, &answer.members);
            format!("{} {:?} {behind:?}", answer.view, answer.figures)
        })
        .collect()
}

fn digests(registry: &Registry, as_known: u64) -> Vec<String> {
    let snapshot = registry.snapshot();
    let facts = snapshot.facts();
    let question = Question::new(today(), as_known);
    VIEWS.iter().map(|view| view.answer(facts, &question).unwrap().digest.to_string()).collect()
}

#[test]
fn the_erased_is_found_nowhere_and_every_figure_stays() {
    let home = tempfile::tempdir().unwrap();
    let (data, keys) = (home.path().join("data"), home.path().join("keys"));
    let options = options(data.clone(), keys.clone());
    let about = InitReport {
        origin: Origin::parse("jejak.example/test").unwrap(),
        source: Source::parse("urn:jejak:33.75:dinperinaker").unwrap(),
        synthetic: true,
        recovery_file: home.path().join("recovery"),
    };
    create(&options, &about).unwrap();
    let registry = Registry::open(&options).unwrap();
    fill(&registry);
    compress(&registry);
    registry.close().unwrap();
    assert_nowhere(&data, "before the erasure: it is sealed");
    let (backup, backup_keys) = (home.path().join("backup"), home.path().join("backup-keys"));
    copy(&data, &backup);
    copy(&keys, &backup_keys);

    let registry = Registry::open(&options).unwrap();
    let before = registry.reader().size();
    let (was, digests_were) = (figures(&registry, before), digests(&registry, before));
    assert!(was.iter().any(|answer| answer.contains("value: Some(1)")), "the figures are all 0: {was:?}");
    let subject = Subject::parse(PERSON).unwrap();
    let done = registry.erase(nobody(), subject, Code::parse("subject_request").unwrap()).unwrap();
    assert!(matches!(done, Destroyed::Done { erased: Some(_), .. }), "{done:?}");
    compress(&registry);
    assert_nowhere(&data, "after the erasure, before closing");
    let after = registry.reader().size();
    assert_eq!(figures(&registry, before), was);
    assert_eq!(figures(&registry, after), was);
    assert_eq!(digests(&registry, before), digests_were);
    let report = verify(&registry, &options, today(), &|_, _, _| true).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    registry.close().unwrap();
    assert_nowhere(&data, "after closing");
    let copied = home.path().join("copied");
    copy(&data, &copied);
    assert_nowhere(&copied, "in a backup of everything but the keys");

    let registry = Registry::open(&options).unwrap();
    assert_eq!(registry.reader().size(), after);
    assert!(registry.sealed(&support::look(&registry), 1).unwrap().is_empty());
    registry.close().unwrap();

    // The backup from before opens with the keys of then, and with those of now it does not.
    let opened = |keys: &Path| {
        let registry = Registry::open(&self::options(backup.clone(), keys.to_owned()))?;
        let sealed = registry.sealed(&support::look(&registry), 1)?;
        registry.close()?;
        Ok::<_, RegistryError>(sealed.get("name").and_then(Value::as_str).map(str::to_owned))
    };
    assert_eq!(opened(&backup_keys).unwrap().as_deref(), Some(ERASED[0]));
    assert_eq!(opened(&keys).unwrap(), None);
    assert!(opened(&home.path().join("no-keys")).is_err());
    // Nor does any key that is left open a frame of it: none of both copies names one.
    assert!(holding_keys(&backup_keys).contains(&format!("subject {PERSON} ")));
    assert!(!holding_keys(&keys).contains(&format!("subject {PERSON} ")));
    assert!(holding_keys(&keys).contains(&format!("destroyed {PERSON} ")));
}

fn holding_keys(keys: &Path) -> String {
    let mut all = Vec::new();
    files(keys, &mut all);
    all.iter().map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()).collect()
}
