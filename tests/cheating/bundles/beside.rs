//! What goes beside an answer, and is wrong: disclosures, sums that nobody released, an auditor's statement.
//!
//! The log: four IKMs report their workers, one report is corrected, and the data of one IKM are erased.

use jejak::proof::bundle::archive::ArchiveMember;
use jejak_events::audit_statement::AuditStatement;
use jejak_events::note::NoteSigner;
use jejak_events::sealed::Digest;
use jejak_events::tree::Hash;
use serde_json::{Value, json};

use super::Rows;
use super::draft::{Asking, Draft, Operator, TODAY};
use crate::cheating::history::reports;
use crate::support;

/// Indexes: the registrations, and the reports in force but for that of the erased IKM.
const A: u64 = 1;
const B: u64 = 2;
const D: u64 = 4;
const REPORT_BEFORE_CORRECTION: u64 = 5;
const REPORT_OF_B: u64 = 6;

fn auditor() -> NoteSigner {
    NoteSigner::new("auditor.example/statement", &[8; 32]).unwrap()
}

struct Beside<'a> {
    operator: Operator,
    /// With values and a statement.
    full: Draft,
    rows: &'a mut Rows,
}

pub fn add(rows: &mut Rows) {
    let operator = Operator::new(23, &reports());
    let asking = Asking::View("welfare", TODAY);
    let auditor = auditor();
    let full = operator.honest_beside(asking, &["name", "women", "workers"], Some(&auditor));
    let mut beside = Beside { full: Draft::of(&full), operator, rows };
    beside.add("nobody", "honest-disclosed", "values and an auditor's statement, all honest", "", full);
    beside.disclosures();
    beside.missing();
    beside.questions();
    beside.statements();
}

impl Beside<'_> {
    /// Adds a file whose reader knows the keys of the log and of the auditor.
    fn add(&mut self, who: &str, name: &str, trick: &str, answer: &str, bytes: Vec<u8>) {
        let policy = self.operator.policy();
        let has_statement =
            Draft::of(&bytes).0.iter().any(|(member, _)| *member == ArchiveMember::AuditStatement);
        let row = self.rows.add(who, name, trick, answer, bytes);
        row.policy = Some(policy);
        row.statement_vkey = has_statement.then(|| auditor().verifier_key().to_string());
    }

    /// Adds what an operator makes of the bundle with disclosures, and signs.
    fn altered(&mut self, name: &str, trick: &str, answer: &str, edit: impl FnOnce(&Operator, &mut Draft)) {
        let mut draft = self.full.clone();
        edit(&self.operator, &mut draft);
        assert!(draft != self.full, "{name} is what it was");
        let bytes = self.operator.packed(&draft);
        self.add("operator", name, trick, answer, bytes);
    }

    /// Adds what comes of other lines of disclosures.
    fn lines(
        &mut self,
        name: &str,
        trick: &str,
        answer: &str,
        edit: impl FnOnce(&Operator, &mut Vec<Value>),
    ) {
        self.altered(name, trick, answer, |operator, draft| {
            let text = draft.text(ArchiveMember::Disclosures);
            let mut lines: Vec<Value> =
                text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            edit(operator, &mut lines);
            let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
            draft.put(ArchiveMember::Disclosures, text);
        });
    }

    fn disclosures(&mut self) {
        self.lines(
            "disclosure-altered",
            "another name is told of a workshop, under the salt of the true one",
            "event 1: disclosure 1, name, is not what was sealed with this event",
            |_, lines| {
                let first = &mut of(lines, A)["disclosures"][0];
                *first = json!(told_otherwise(first.as_str().unwrap(), "Batik Lain"));
            },
        );
        self.lines(
            "disclosures-swapped",
            "the names of two workshops change places",
            "event 1: disclosure 1, name, is not what was sealed with this event",
            |_, lines| {
                let (a, b) = (of(lines, A)["disclosures"].clone(), of(lines, B)["disclosures"].clone());
                (of(lines, A)["disclosures"], of(lines, B)["disclosures"]) = (b, a);
            },
        );
        self.lines(
            "disclosure-twice",
            "a name is disclosed twice",
            "event 1: disclosure 2 discloses name once more",
            |_, lines| {
                let given = of(lines, A)["disclosures"].as_array_mut().unwrap();
                given.insert(1, given[0].clone());
            },
        );
        self.lines(
            "disclosure-not-asked",
            "a value is disclosed that nobody asked for",
            "event 1: village is disclosed and was not asked for",
            |operator, lines| of(lines, A)["disclosures"] = json!(every(operator, A)),
        );
        self.lines(
            "disclosure-of-what-was-corrected",
            "the report that a correction replaced is disclosed too",
            "event 5: its disclosures are in here, but it is not behind the answer",
            |operator, lines| {
                let given = every(operator, REPORT_BEFORE_CORRECTION);
                lines.push(json!({"disclosures": given, "index": REPORT_BEFORE_CORRECTION}));
                sort(lines);
            },
        );
        self.lines(
            "disclosure-of-the-erased",
            "a name is disclosed that was kept aside when the workshop had its data erased",
            "event 4: name is disclosed, though the log says that it was erased",
            |_, lines| {
                lines.push(json!({"disclosures": [kept_aside(D, "name")], "index": D}));
                sort(lines);
            },
        );
        self.lines(
            "disclosures-out-of-order",
            "the lines stand in another order",
            "disclosures.jsonl: line 2 is empty, or its index not above the one before",
            |_, lines| lines.swap(0, 1),
        );
        self.altered(
            "disclosures-feign-a-verdict",
            "a line has a field whose name would print as a verdict",
            "disclosures.jsonl: line 1 cannot be read: unknown field",
            |_, draft| {
                let feigned = "\"x\\n\\nVERIFIED\\n\\nProven:\\n- all\":0,\"index\"";
                draft.replace(ArchiveMember::Disclosures, "\"index\"", feigned);
            },
        );
        self.sealed_otherwise(
            "value-malformed",
            "text was sealed where a number belongs",
            "event 6: disclosure 2, workers: ",
            (REPORT_OF_B, "workers", "workers", json!("12")),
        );
        self.sealed_otherwise(
            "value-denied",
            "no value was sealed where the event says in the open that there is one",
            "event 6: disclosure 2, workers: the event says otherwise in the open: whether it has a value",
            (REPORT_OF_B, "workers", "workers", Value::Null),
        );
        self.sealed_otherwise(
            "two-values-sealed",
            "a second name was sealed in the place of the village, and is the one that is told: not noticed unless all \
             personal fields are disclosed, and said so",
            "",
            (B, "name", "village", json!("Batik Lain")),
        );
        let said = "event 6: disclosure 2, workers, has no salt of 16 bytes";
        let trick = "a number was sealed without a salt, so that its digest can be guessed back";
        self.salted_otherwise("salt-empty", trick, said, |_| String::new());
        self.salted_otherwise("salt-short", "a number was sealed under a salt of 8 bytes", said, |_| {
            "A".repeat(11)
        });
        self.salted_otherwise("salt-long", "a number was sealed under a salt of 3000 bytes", said, |_| {
            "A".repeat(4000)
        });
        self.salted_otherwise(
            "salt-repeated",
            "two values of an event were sealed under one salt",
            "has the salt of another one",
            str::to_owned,
        );
        self.altered(
            "disclosures-written-otherwise",
            "the same disclosures, written in another way",
            "disclosures.jsonl: written in another form",
            |_, draft| draft.replace(ArchiveMember::Disclosures, ",\"index\"", ", \"index\""),
        );
    }

    /// Adds what comes of an event whose digest of one field was that of another value, everything signed and counted
    /// anew.
    fn sealed_otherwise(
        &mut self,
        name: &str,
        trick: &str,
        answer: &str,
        (index, field, in_place_of, value): (u64, &str, &str, Value),
    ) {
        let given = every(&self.operator, index);
        let disclosure_of = |field: &str| {
            given.iter().find(|one| decoded(one).contains(&format!("\"{field}\""))).unwrap().clone()
        };
        let told = told_otherwise(&disclosure_of(field), value);
        self.sealed_as(
            name,
            trick,
            answer,
            index,
            [&disclosure_of(field), &disclosure_of(in_place_of)],
            &told,
        );
    }

    /// Adds what comes of an event that was sealed with another salt.
    fn salted_otherwise(&mut self, name: &str, trick: &str, answer: &str, salt: impl FnOnce(&str) -> String) {
        let given = every(&self.operator, REPORT_OF_B);
        let workers = given.iter().find(|one| decoded(one).contains("\"workers\"")).unwrap();
        let text = self.full.text(ArchiveMember::Disclosures);
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let other = of(&mut lines, REPORT_OF_B)["disclosures"][0].as_str().unwrap().to_owned();
        let mut parts: Value = serde_json::from_str(&decoded(workers)).unwrap();
        let taken: Value = serde_json::from_str(&decoded(&other)).unwrap();
        parts[0] = json!(salt(taken[0].as_str().unwrap()));
        self.sealed_as(name, trick, answer, REPORT_OF_B, [workers, workers], &encoded(&parts));
    }

    /// Adds what comes of an event in which `told` stands for one disclosure, and its digest for that of another.
    fn sealed_as(
        &mut self,
        name: &str,
        trick: &str,
        answer: &str,
        index: u64,
        [disclosed, in_place_of]: [&str; 2],
        told: &str,
    ) {
        let from = Digest::of(in_place_of);
        let place = usize::try_from(index).unwrap();
        let mut entries = self.operator.entries.clone();
        let mut entry: Value = serde_json::from_str(&entries[place]).unwrap();
        for group in ["personal", "confidential"] {
            let sealed = entry["data"]["sealed"].get_mut(group);
            let Some(digests) = sealed.and_then(|sealed| sealed["_sd"].as_array_mut()) else { continue };
            for digest in digests.iter_mut().filter(|digest| **digest == json!(from.as_str())) {
                *digest = json!(Digest::of(told).as_str());
            }
            digests.sort_by_key(ToString::to_string);
        }
        entries[place] = entry.to_string();
        let mut draft = self.full.clone();
        let text = draft.text(ArchiveMember::Disclosures);
        let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for one in of(&mut lines, index)["disclosures"].as_array_mut().unwrap() {
            if *one == json!(disclosed) {
                *one = json!(told);
            }
        }
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        draft.put(ArchiveMember::Disclosures, text);
        // What an auditor said was of the other log.
        draft.leave_out(ArchiveMember::AuditStatement);
        self.operator.count_anew(&mut draft, &entries);
        let bytes = self.operator.packed(&draft);
        self.add("operator", name, trick, answer, bytes);
    }

    fn missing(&mut self) {
        self.lines(
            "disclosure-missing",
            "the name of a workshop is left out",
            "event 2: name is missing, and up to this checkpoint the log says of no erasure",
            |_, lines| lines.retain(|line| line["index"] != json!(B)),
        );
        self.lines(
            "disclosure-of-a-report-missing",
            "a number that does not suit is left out",
            "event 6: workers is missing, and up to this checkpoint the log says of no erasure",
            |_, lines| {
                let given = of(lines, REPORT_OF_B)["disclosures"].as_array_mut().unwrap();
                given.retain(|one| !decoded(one.as_str().unwrap()).contains("\"workers\""));
            },
        );
        self.altered(
            "disclosures-file-missing",
            "all disclosures are left out",
            "disclosures.jsonl is missing",
            |_, draft| draft.leave_out(ArchiveMember::Disclosures),
        );
    }

    fn questions(&mut self) {
        self.altered(
            "fields-fewer",
            "the question names one field less, so that a value may be missing",
            "is disclosed and was not asked for",
            |_, draft| draft.replace(ArchiveMember::Question, "    \"women\",\n", ""),
        );
        self.altered(
            "no-fields",
            "values are in it, and the question asks for none",
            "disclosures.jsonl is in it and was not asked for",
            |_, draft| {
                let text = draft.text(ArchiveMember::Question);
                let (before, rest) = text.split_once("  \"disclose\"").unwrap();
                let (_, after) = rest.split_once("],\n").unwrap();
                draft.put(ArchiveMember::Question, format!("{before}{after}"));
            },
        );
        self.altered(
            "field-unknown",
            "the question names a field that no type seals",
            "there is no sealed field womem",
            |_, draft| draft.replace(ArchiveMember::Question, "\"women\"", "\"womem\""),
        );
        self.altered(
            "attested-asked",
            "the question asks for sums that nobody released",
            "unknown field `attested`",
            |_, draft| draft.replace(ArchiveMember::Question, "{\n", "{\n  \"attested\": true,\n"),
        );
        self.altered(
            "disclosed-to-nobody",
            "values are disclosed while the answer names nobody",
            "values are disclosed without naming who is behind the answer",
            |_, draft| draft.replace(ArchiveMember::Question, "\"list\": true", "\"list\": false"),
        );
    }

    fn statements(&mut self) {
        fn stated(otherwise: impl FnOnce(&mut AuditStatement)) -> impl FnOnce(&Operator, &mut Draft) {
            |operator, draft| {
                let statement = operator.stated(&auditor(), otherwise);
                draft.put(ArchiveMember::AuditStatement, statement);
            }
        }
        self.altered(
            "statement-altered",
            "the auditor's statement is altered",
            "audit-statement: the signature by `auditor.example/statement` does not verify",
            |_, draft| draft.replace(ArchiveMember::AuditStatement, "\nsize 12\n", "\nsize 11\n"),
        );
        self.altered(
            "statement-of-an-imposter",
            "somebody else signs in the auditor's name",
            "audit-statement: the note has no signature by a known key",
            |operator, draft| {
                let imposter = NoteSigner::new("auditor.example/statement", &[9; 32]).unwrap();
                draft.put(ArchiveMember::AuditStatement, operator.stated(&imposter, |_| ()));
            },
        );
        self.altered(
            "statement-of-another-log",
            "the auditor's statement on another log",
            "auditor.example/statement audited another log: other.example/log",
            stated(|statement| statement.origin = "other.example/log".to_owned()),
        );
        self.altered(
            "statement-of-a-fork",
            "the auditor was shown other events",
            "auditor.example/statement audited 12 other events than those in here: this log has forked",
            stated(|statement| statement.root = Hash([7; 32])),
        );
        self.altered(
            "statement-of-more",
            "the auditor was shown more events",
            "auditor.example/statement audited 13 events, more than there are in here",
            stated(|statement| statement.size += 1),
        );
        self.altered(
            "statement-counted-otherwise",
            "the auditor counted another answer",
            "auditor.example/statement counted welfare v1 otherwise than it is counted here",
            stated(|statement| {
                let digest = statement.views[0].digest.clone();
                statement.views[1].digest = digest;
            }),
        );
        let mut bare = self.full.clone();
        bare.leave_out(ArchiveMember::AuditStatement);
        let bytes = self.operator.packed(&bare);
        let name = "statement-left-out";
        let answer = "there is no audit statement of auditor.example/statement in it";
        self.add("operator", name, "the statement that the reader asks for is left out", answer, bytes);
        self.rows.0.get_mut(name).unwrap().0.statement_vkey = Some(auditor().verifier_key().to_string());
    }
}

/// The line of an event.
fn of(lines: &mut [Value], index: u64) -> &mut Value {
    lines.iter_mut().find(|line| line["index"] == json!(index)).unwrap()
}

fn sort(lines: &mut [Value]) {
    lines.sort_by_key(|line| line["index"].as_u64());
}

/// Every disclosure of an event.
fn every(operator: &Operator, index: u64) -> Vec<String> {
    let registry = &operator.recorded.registry;
    registry.disclosures(&support::look(registry), index).unwrap()
}

/// What a disclosure says, as JSON.
fn decoded(disclosure: &str) -> String {
    use base64::Engine as _;
    String::from_utf8(base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(disclosure).unwrap()).unwrap()
}

/// The same salt and field with another value.
fn told_otherwise(disclosure: &str, value: impl Into<Value>) -> String {
    let mut parts: Value = serde_json::from_str(&decoded(disclosure)).unwrap();
    parts[2] = value.into();
    encoded(&parts)
}

fn encoded(parts: &Value) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(parts.to_string())
}

/// A disclosure that somebody copied before the erasure: the same registry, stopped before it was asked for.
fn kept_aside(index: u64, field: &str) -> String {
    let before = Operator::new(23, &reports()[..8]);
    let named = |one: &String| decoded(one).contains(&format!("\"{field}\""));
    every(&before, index).into_iter().find(named).unwrap()
}
