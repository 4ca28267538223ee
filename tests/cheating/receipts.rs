//! Receipts that somebody hands out, as files, and what is answered to them.
//!
//! `data/cheating/receipt/` has the pages, and `answers.json` beside them who tries it, what the reader knows
//! beforehand, and the answer: a part of the sentence of refusal, or how the event stands by a page that checks. A row
//! with the very page of another row names that one. `JEJAK_BLESS=1` writes them anew.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jejak::moment::At;
use jejak::proof::hand_out;
use jejak::proof::receipt::standing::EventStanding;
use jejak::proof::receipt::{PagePart, Receipt, Word};
use jejak::rules::effects::{By, Effect};
use jejak_events::checkpoint::{Checkpoint, SignedCheckpoint};
use jejak_events::note::{Note, NoteSigner};
use jejak_events::policy::Policy;
use jejak_events::values::Date;
use serde::{Deserialize, Serialize};

use super::history::{ORIGIN, Recorded, one_training};
use super::root;

/// What is answered to a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Who tries it.
    pub who: String,
    /// What is done.
    pub trick: String,
    /// What must be answered to it, in English, as a part of the sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    /// How the event stands by a page that checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stands: Option<String>,
    /// The row that has the very same page, where that is not this one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_of: Option<String>,
    /// The reader's policy.
    policy: String,
    /// The moment that the reader judges for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

impl Row {
    /// What is said to the page; otherwise what was said instead.
    pub fn answered(&self, page: &[u8]) -> Result<String, String> {
        let policy = Policy::parse(self.policy.as_bytes()).unwrap();
        let at = self.at.as_ref().map(|text| At::parse(text).unwrap());
        let (said, fits) = match Receipt::verify(page, &policy, at) {
            Ok(receipt) => {
                let said = receipt.standing().message().en;
                let fits = self.stands.as_ref() == Some(&said) && self.refused.is_none();
                (said, fits)
            }
            Err(error) => {
                let said = error.message().en;
                let fits = self.stands.is_none()
                    && self.refused.as_ref().is_some_and(|refused| said.contains(refused.as_str()));
                (said, fits)
            }
        };
        if fits {
            Ok(said)
        } else {
            Err(format!("expected {:?} {:?}, said {said}", self.refused, self.stands))
        }
    }

    /// Whether the page checks.
    pub fn is_sound(&self) -> bool {
        self.refused.is_none()
    }
}

type Rows = BTreeMap<String, (Row, String)>;

const INDEX: &str = "answers.json";
/// The attendance that was retracted by the last event, and one that stands.
const RETRACTED: u64 = 8;
const STANDING: u64 = 7;

fn folder() -> PathBuf {
    root().join("tests/data/cheating/receipt")
}

fn path(name: &str) -> PathBuf {
    folder().join(format!("{name}.html"))
}

/// The pages as they lie in their files, by name; the index must tell of each.
pub fn stored() -> Rows {
    let index: BTreeMap<String, Row> =
        serde_json::from_slice(&std::fs::read(folder().join(INDEX)).unwrap()).unwrap();
    let own = index.iter().filter(|(_, row)| row.file_of.is_none()).count();
    // The index lies there too.
    assert_eq!(std::fs::read_dir(folder()).unwrap().count(), own + 1, "each page stands in {INDEX}");
    let page = |name: &str, row: &Row| std::fs::read_to_string(path(row.file_of.as_deref().unwrap_or(name)));
    index
        .into_iter()
        .map(|(name, row)| {
            let page = page(&name, &row).unwrap();
            (name, (row, page))
        })
        .collect()
}

/// A registry of one training, and receipts of its events.
struct Office {
    recorded: Recorded,
    note: String,
    rows: Rows,
}

impl Office {
    fn new(seed: u64) -> Self {
        let recorded = Recorded::new(seed, &one_training());
        let reader = recorded.registry.reader();
        let stated = Checkpoint::new(ORIGIN, reader.size(), reader.root_at(reader.size()).unwrap()).unwrap();
        let note = SignedCheckpoint::sign(stated, &recorded.signer("checkpoint")).unwrap().to_string();
        Self { recorded, note, rows: Rows::new() }
    }

    fn policy(&self) -> String {
        format!("log {}\nquorum none\n", self.recorded.signer("checkpoint").verifier_key())
    }

    /// The honest word about an event.
    fn standing(&self, index: u64) -> EventStanding {
        let signed = SignedCheckpoint::parse(self.note.as_bytes()).unwrap();
        let checkpoint = signed.unverified();
        let on = Date::parse("2025-10-10").unwrap();
        EventStanding {
            origin: ORIGIN.to_owned(),
            index,
            size: checkpoint.size(),
            root: checkpoint.root(),
            on,
            synthetic: true,
            effects: jejak::queries::standing::effects(
                &self.recorded.registry.snapshot(),
                index,
                checkpoint.size(),
                on,
            )
            .unwrap(),
        }
    }

    /// The page for an event, with this word.
    fn page(&self, index: u64, standing: &EventStanding) -> Receipt {
        let (reader, keys) = (self.recorded.registry.reader(), self.recorded.registry.log_keys());
        let proof = |index| hand_out::inclusion(reader, &self.note, &keys, index).unwrap();
        let word = Word {
            standing: standing.sign(&self.recorded.signer("attestation")).unwrap(),
            key_entry: reader.read(0).unwrap(),
            key_proof: proof(0),
        };
        let policy = Policy::parse(self.policy().as_bytes()).unwrap();
        Receipt::new(reader.read(index).unwrap(), proof(index), &[], word, &policy).unwrap()
    }

    fn honest(&self, index: u64) -> Receipt {
        self.page(index, &self.standing(index))
    }

    /// The honest page for the retracted event, with another file in the place of one of its parts.
    fn with(&self, part: PagePart, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
        let honest = self.honest(RETRACTED);
        let (_, own) = honest.parts().into_iter().find(|(one, _)| *one == part).unwrap();
        let (page, before) = (honest.page().unwrap(), BASE64_STANDARD.encode(&own));
        assert!(page.contains(&before));
        page.replace(&before, &BASE64_STANDARD.encode(change(own)))
    }

    /// The same with a word that the operator altered and signed.
    fn saying(&self, change: impl FnOnce(&mut EventStanding)) -> String {
        let mut standing = self.standing(RETRACTED);
        change(&mut standing);
        let signed = standing.sign(&self.recorded.signer("attestation")).unwrap();
        self.with(PagePart::Standing, |_| signed.into_bytes())
    }

    fn add(&mut self, who: &str, name: &str, trick: &str, refused: &str, page: String) -> &mut Row {
        let same = self.rows.iter().find(|(_, (row, own))| row.file_of.is_none() && *own == page);
        let row = Row {
            who: who.to_owned(),
            trick: trick.to_owned(),
            refused: (!refused.is_empty()).then(|| refused.to_owned()),
            stands: None,
            file_of: same.map(|(name, _)| name.clone()),
            policy: self.policy(),
            at: None,
        };
        assert!(self.rows.insert(name.to_owned(), (row, page)).is_none(), "{name} is there twice");
        &mut self.rows.get_mut(name).unwrap().0
    }

    fn sound(&mut self, who: &str, name: &str, trick: &str, stands: &str, page: String) -> &mut Row {
        let row = self.add(who, name, trick, "", page);
        row.stands = Some(stands.to_owned());
        row
    }
}

/// Every page, by the name of its file.
fn all() -> Rows {
    let mut office = Office::new(41);
    honest(&mut office);
    words(&mut office);
    others(&mut office);
    office.rows
}

fn honest(office: &mut Office) {
    let (void, stands) = (office.honest(RETRACTED).page().unwrap(), office.honest(STANDING).page().unwrap());
    let said = "retracted (event 10)";
    office.sound("nobody", "honest", "a receipt of an event that stands", "in force", stands);
    office.sound(
        "nobody",
        "honest-void",
        "a receipt of a retracted event, which says so",
        said,
        void.clone(),
    );
    office
        .sound(
            "nobody",
            "honest-of-the-day",
            "the same, judged as the day of its word begins",
            said,
            void.clone(),
        )
        .at = Some("2025-10-10T00:00:00+07:00".to_owned());
    let lie = office.page(RETRACTED, &EventStanding { effects: Vec::new(), ..office.standing(RETRACTED) });
    office.sound(
        "operator",
        "retraction-denied-unseen",
        "the registry gives its word that a retracted event stands: not noticed on the page, hence the whole log",
        "in force",
        lie.page().unwrap(),
    );
    office
        .add(
            "operator",
            "word-of-a-day-to-come",
            "a word of the day after the reader's",
            "it is of 2025-10-10, which has not come on 2025-10-09",
            void,
        )
        .at = Some("2025-10-09".to_owned());
}

/// What the operator or somebody else makes of the word.
fn words(office: &mut Office) {
    const NONE: &str = "is about another event, or another state of the log";
    let in_force = office.saying(|standing| {
        *standing = EventStanding { index: STANDING, effects: Vec::new(), ..standing.clone() };
    });
    office.add(
        "forger",
        "word-of-another-event",
        "the word about another event, which stands",
        NONE,
        in_force,
    );
    let earlier = {
        let reader = office.recorded.registry.reader();
        let (size, root) = (10, reader.root_at(10).unwrap());
        office.saying(|standing| {
            *standing = EventStanding { size, root, effects: Vec::new(), ..standing.clone() };
        })
    };
    office.add("forger", "word-of-before", "the word of before the retraction", NONE, earlier);
    let beyond = office.saying(|standing| standing.effects = vec![(Effect::Corrected, By::Event(11))]);
    office.add(
        "operator",
        "effect-beyond-the-size",
        "an event that the tree does not have did it",
        NONE,
        beyond,
    );
    let early = office.saying(|standing| standing.on = Date::parse("2025-10-08").unwrap());
    office.add(
        "operator",
        "word-of-a-day-before",
        "a word of the day before the event was recorded",
        "it is of 2025-10-08, and the event was recorded only at 2025-10-09T",
        early,
    );
    let real = office.saying(|standing| standing.synthetic = false);
    office.add(
        "operator",
        "said-to-be-real",
        "made-up data is said to be real",
        "says otherwise whether the data are made up",
        real,
    );
    let text = office.standing(RETRACTED).to_string();
    let mut note = Note::new(text.replace("stands retracted", "stands in_force\nstands retracted")).unwrap();
    note.add(office.recorded.signer("attestation").sign(&note)).unwrap();
    let both = office.with(PagePart::Standing, |_| note.to_string().into_bytes());
    office.add("operator", "word-of-both", "in force and retracted at once", "line 8 is not", both);
    let altered = office.with(PagePart::Standing, |word| {
        String::from_utf8(word).unwrap().replace("stands retracted event 10", "stands in_force").into_bytes()
    });
    office.add("forger", "word-altered", "the word is altered", "does not verify", altered);
    let by = |signer: &NoteSigner| office.standing(RETRACTED).sign(signer).unwrap().into_bytes();
    let stranger = NoteSigner::new(&format!("{ORIGIN}/attestation"), &[9; 32]).unwrap();
    let (strange, log) = (by(&stranger), by(&office.recorded.signer("checkpoint")));
    let (strange, log) =
        (office.with(PagePart::Standing, |_| strange), office.with(PagePart::Standing, |_| log));
    const UNKNOWN: &str = "no signature by a known key";
    office.add(
        "forger",
        "word-by-a-stranger",
        "another key of the registry's name signs the word",
        UNKNOWN,
        strange,
    );
    office.add("operator", "word-by-the-log-key", "the key for checkpoints signs the word", UNKNOWN, log);
}

/// What is done to the other parts and to the page around them.
fn others(office: &mut Office) {
    let line = format!("\u{2014} bpk.go.id {}\n", BASE64_STANDARD.encode([7; 68]));
    for (name, part, said) in [
        ("signer-added", PagePart::Proof, "has a signature line of `bpk.go.id`, whose key you did not name"),
        (
            "signer-added-to-word",
            PagePart::Standing,
            "it has 2 signatures; the attestation key signs it alone",
        ),
        (
            "signer-added-to-key-proof",
            PagePart::KeyProof,
            "its proof is not under the checkpoint of event.tlog-proof",
        ),
    ] {
        let page = office.with(part, |own| [own, line.clone().into_bytes()].concat());
        office.add(
            "forger",
            name,
            &format!("a line in an auditor's name is put under {}", part.file_name()),
            said,
            page,
        );
    }
    let other = office.recorded.registry.reader().read(STANDING).unwrap();
    let page = office.with(PagePart::KeyEvent, |_| other.clone());
    office.add(
        "forger",
        "key-of-another-event",
        "another event is said to name the attestation key",
        "attestation-key.json does not name the attestation key of this log",
        page,
    );
    let page = office.with(PagePart::Event, |_| other);
    office.add(
        "forger",
        "event-exchanged",
        "another event of the log with this one's proof",
        "event.tlog-proof does not prove event.json",
        page,
    );
    let page = office.honest(RETRACTED).page().unwrap().replace("\u{2717} TIDAK BERLAKU", "\u{2713} BERLAKU");
    office.add(
        "forger",
        "shown-as-in-force",
        "the page shows otherwise than its files say",
        "part standing",
        page,
    );
    let page = office.honest(RETRACTED).page().unwrap().replace("jejak-receipt/5", "jejak-receipt/1");
    office.add(
        "forger",
        "other-form",
        "the page is said to be of another form, whose bytes nobody compares",
        "the receipt has the form jejak-receipt/1",
        page,
    );
    let forged = Office::new(42).honest(STANDING).page().unwrap();
    office.add(
        "forger",
        "registry-forged",
        "a receipt of a whole registry of the same name, under the forger's keys",
        "no signature by a known key",
        forged,
    );
}

#[test]
fn every_receipt_gets_its_answer() {
    let wrong: Vec<String> = stored()
        .iter()
        .filter_map(|(name, (row, page))| Some(format!("{name}: {}", row.answered(page.as_bytes()).err()?)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_receipts_are_those_that_are_made() {
    let made = all();
    if std::env::var_os("JEJAK_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(folder());
        std::fs::create_dir_all(folder()).unwrap();
        for (name, (_, page)) in made.iter().filter(|(_, (row, _))| row.file_of.is_none()) {
            std::fs::write(path(name), page).unwrap();
        }
        let index: BTreeMap<&String, &Row> = made.iter().map(|(name, (row, _))| (name, row)).collect();
        std::fs::write(folder().join(INDEX), serde_json::to_string_pretty(&index).unwrap() + "\n").unwrap();
    }
    let stored = stored();
    assert!(made.keys().eq(stored.keys()), "JEJAK_BLESS=1 writes them anew");
    for (name, one) in &made {
        assert!(*one == stored[name], "{name}: JEJAK_BLESS=1 writes it anew");
    }
}
