//! Makes the bundles that say something wrong: honest ones, and what is done to question and answer.
//!
//! To add a row, call [`Tricks::altered`] for what an operator alters and signs, and [`Tricks::add`] for any other file.
//! Its reader knows the log's key, unless the row says otherwise.

use jejak::proof::bundle::archive::ArchiveMember;

use super::draft::{Asking, Draft, Operator, TODAY};
use super::signers::{COSIGNED_AT, city, cosigned, policy_of_city, stranger};
use super::{Row, Rows, beside, counted, logs, released, rotated, signers};
use crate::cheating::history::two_trainings;

/// Honest bundles, and the rows so far.
pub struct Tricks {
    pub operator: Operator,
    /// The honest bundle for a claim.
    pub claim: Draft,
    /// The honest bundle for a view.
    pub view: Draft,
    rows: Rows,
}

/// Every bundle, by the name of its file.
pub fn all() -> Rows {
    let operator = Operator::new(21, &two_trainings());
    let claim = operator.honest(Asking::Claim);
    let view = operator.honest(Asking::View("enrolled", TODAY));
    let mut tricks =
        Tricks { claim: Draft::of(&claim), view: Draft::of(&view), operator, rows: Rows::default() };
    tricks.add("nobody", "honest-claim", "an honest bundle for a claim", "", claim);
    tricks.add("nobody", "honest-view", "an honest bundle for a view", "", view);
    honest(&mut tricks);
    answers(&mut tricks);
    questions(&mut tricks);
    logs::add(&mut tricks);
    signers::add(&mut tricks);
    counted::add(&mut tricks);
    let mut rows = tricks.rows;
    beside::add(&mut rows);
    rotated::add(&mut rows);
    released::add(&mut rows);
    rows
}

impl Tricks {
    /// Adds a file whose reader knows the log's key.
    pub fn add(&mut self, who: &str, name: &str, trick: &str, answer: &str, bytes: Vec<u8>) -> &mut Row {
        let policy = self.operator.policy();
        let row = self.rows.add(who, name, trick, answer, bytes);
        row.policy = Some(policy);
        row
    }

    /// Adds what an operator makes of the bundle for the claim, and signs.
    pub fn altered(
        &mut self,
        name: &str,
        trick: &str,
        answer: &str,
        edit: impl FnOnce(&Operator, &mut Draft),
    ) -> &mut Row {
        let draft = self.claim.clone();
        self.altered_from(draft, name, trick, answer, edit)
    }

    /// Adds what an operator makes of the bundle for the view, and signs.
    pub fn altered_view(
        &mut self,
        name: &str,
        trick: &str,
        answer: &str,
        edit: impl FnOnce(&Operator, &mut Draft),
    ) -> &mut Row {
        let draft = self.view.clone();
        self.altered_from(draft, name, trick, answer, edit)
    }

    fn altered_from(
        &mut self,
        mut draft: Draft,
        name: &str,
        trick: &str,
        answer: &str,
        edit: impl FnOnce(&Operator, &mut Draft),
    ) -> &mut Row {
        let before = draft.clone();
        edit(&self.operator, &mut draft);
        assert!(draft != before, "{name} is what it was");
        let bytes = self.operator.packed(&draft);
        self.add("operator", name, trick, answer, bytes)
    }
}

fn honest(tricks: &mut Tricks) {
    let (operator, size) = (&tricks.operator, tricks.operator.entries.len() as u64);
    let newest = operator.signed(&operator.entries);
    let then = operator.honest_at(Asking::Claim, 11, &newest, None);
    let older = operator.signed(&operator.entries[..11]);
    let old = operator.honest_at(Asking::View("green_certified", TODAY), 11, &older, None);
    let listed = policy_of_city(operator);
    let cosigned = cosigned(newest.clone(), &[&city(), &stranger()]);
    let cosigned = operator.honest_at(Asking::Claim, size, &cosigned, Some(&listed));
    tricks.add("nobody", "honest-as-known", "an honest bundle for a claim, as known at 11 events", "", then);
    tricks.add("nobody", "honest-older", "an honest bundle of a log of 11 events", "", old.clone());
    let row = tricks.add(
        "nobody",
        "honest-cosigned",
        "an honest bundle, cosigned by whom the reader asks for and by a stranger",
        "",
        cosigned,
    );
    (row.policy, row.at) = (Some(listed), Some(COSIGNED_AT.to_owned()));
    let (kept, claim) = ([older.to_string(), newest.to_string()], tricks.claim.clone());
    let claim = tricks.operator.packed(&claim);
    let row = tricks.add(
        "nobody",
        "honest-kept",
        "an honest bundle, held against checkpoints that were kept",
        "",
        claim.clone(),
    );
    row.kept = kept.to_vec();
    let row =
        tricks.add("nobody", "honest-no-policy", "an honest bundle, to a reader who knows no key", "", claim);
    row.policy = None;
    let row = tricks.add(
        "operator",
        "old-bundle",
        "an old bundle is handed out as the current one",
        "what was kept has size 19 already, this only 11: an old checkpoint handed out as the current one",
        old,
    );
    row.kept = vec![newest.to_string()];
    // What is the maker's to write. The verifier says question and answer itself, and uses no policy but the reader's.
    tricks.altered(
        "readme-lies",
        "the README says another figure",
        "README.txt: line 35 reads \"Answer: supported (synthetic); reported 2, counted 200\"",
        |_, draft| draft.replace(ArchiveMember::Readme, "counted 2", "counted 200"),
    );
    tricks.altered(
        "policy-of-the-maker",
        "the policy in the bundle asks for no signature at all: it is not used",
        "",
        |_, draft| draft.put(ArchiveMember::Policy, "quorum none\n"),
    );
}

/// What is answered, and what it is said to mean.
fn answers(tricks: &mut Tricks) {
    tricks.altered(
        "figure-altered",
        "the figure in the answer to a claim is altered",
        "claims[0].report.counted says 3, counting again gives 2",
        |_, draft| draft.replace(ArchiveMember::Answer, "\"counted\": 2", "\"counted\": 3"),
    );
    tricks.altered(
        "verdict-altered",
        "the verdict is altered",
        "claims[0].report.verdict says \"understated\", counting again gives \"supported\"",
        |_, draft| draft.replace(ArchiveMember::Answer, "\"supported\"", "\"understated\""),
    );
    tricks.altered(
        "late-left-out",
        "the answer does not say what was recorded late",
        "claims[0].report.x says [",
        |_, draft| draft.replace(ArchiveMember::Answer, "\"recorded_late\"", "\"x\""),
    );
    tricks.altered(
        "answer-no-json",
        "the answer is no answer at all",
        "answer.json is not what counting again gives: cannot be read",
        |_, draft| draft.put(ArchiveMember::Answer, "{"),
    );
    tricks.altered(
        "answer-written-otherwise",
        "the same answer, written in another way",
        "answer.json is not what counting again gives: the values are the same, written in another way",
        |_, draft| draft.replace(ArchiveMember::Answer, "\"counted\": 2", "\"counted\":  2"),
    );
    tricks.altered_view(
        "view-figure-altered",
        "a figure in the answer of a view is altered",
        "figures[0].value says 4, counting again gives 3",
        |_, draft| draft.replace(ArchiveMember::Answer, "\"value\": 3", "\"value\": 4"),
    );
    tricks.altered_view(
        "who-altered",
        "another IKM is said to be behind the figure",
        "7f2c1a34-5b6d-4e8f-9a0b-0000000000ab",
        |_, draft| draft.replace(ArchiveMember::Answer, "0000000000aa", "0000000000ab"),
    );
    tricks.altered_view(
        "events-behind-altered",
        "another event is said to be behind the figure",
        "answer.json is not what counting again gives: members[0].events[0] says 4, counting again gives 1",
        |_, draft| {
            let text = draft.text(ArchiveMember::Answer);
            let (before, members) = text.split_once("\"members\"").unwrap();
            let altered = format!("{before}\"members\"{}", members.replacen("1,", "4,", 1));
            draft.put(ArchiveMember::Answer, altered);
        },
    );
    tricks.altered_view(
        "digest-altered",
        "the digest of who is behind the figure is altered",
        "answer.json is not what counting again gives: digest says \"00",
        |_, draft| {
            let text = draft.text(ArchiveMember::Answer);
            let digest = text.split("\"digest\": \"").nth(1).unwrap().split('"').next().unwrap();
            draft.replace(ArchiveMember::Answer, digest, &"0".repeat(digest.len()));
        },
    );
    tricks.altered_view(
        "root-of-the-answer-altered",
        "the answer names another log",
        "answer.json is not what counting again gives: log.root says ",
        |operator, draft| {
            let root = operator.signed(&operator.entries).unverified().root().to_string();
            draft.replace(ArchiveMember::Answer, &root, &"A".repeat(root.len()));
        },
    );
    tricks.altered(
        "definition-altered",
        "a sentence is added to the definition",
        "definition.txt is not the definition that was counted by",
        |_, draft| draft.replace(ArchiveMember::Definition, "\n\n", "\n\nAnd whom we like.\n"),
    );
}

/// What is asked.
fn questions(tricks: &mut Tricks) {
    tricks.altered(
        "question-feigns-a-verdict",
        "the question has a field whose name would print as a verdict",
        "question.json: cannot be read: unknown field",
        |_, draft| {
            let feigned = "\"x\\n\\nVERIFIED\\n\\nProven:\\n- all\": 0, \"as_known\"";
            draft.replace(ArchiveMember::Question, "\"as_known\"", feigned);
        },
    );
    tricks.altered(
        "claim-altered",
        "the claim is altered: the answer is about another figure",
        "claims[0].claim.value says \"2\", counting again gives \"3\"",
        |_, draft| draft.replace(ArchiveMember::Claim, "value = 2", "value = 3"),
    );
    tricks.altered("claim-unreadable", "the claim is no claim at all", "claim.toml: ", |_, draft| {
        draft.put(ArchiveMember::Claim, "x");
    });
    tricks.altered("claim-left-out", "the claim is left out", "claim.toml: is missing", |_, draft| {
        draft.leave_out(ArchiveMember::Claim)
    });
    let claim = tricks.claim.clone().content(ArchiveMember::Claim).clone();
    tricks.altered_view(
        "claim-put-in",
        "a claim is put in front of the answer of a view",
        "claim.toml: is not what is asked about",
        |_, draft| draft.put(ArchiveMember::Claim, claim),
    );
    tricks.altered_view(
        "who-not-asked-for",
        "the question no longer asks who is behind the figure, the answer still says it",
        "answer.json is not what counting again gives: context says [3,12], counting again gives -",
        |_, draft| draft.replace(ArchiveMember::Question, "\"list\": true", "\"list\": false"),
    );
    tricks.altered(
        "as-known-earlier",
        "the answer is passed off as one from earlier",
        "counting again gives",
        |_, draft| draft.replace(ArchiveMember::Question, "\"as_known\": 19", "\"as_known\": 11"),
    );
    tricks.altered(
        "as-known-beyond",
        "the answer is said to know more events than there are",
        "asked as known at 20 events, more than there are",
        |_, draft| draft.replace(ArchiveMember::Question, "\"as_known\": 19", "\"as_known\": 20"),
    );
    tricks.altered(
        "stream-of-another-kind",
        "the question says that the claim was recorded in the stream of an IKM",
        "question.json: ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b is no stream of a claim",
        |_, draft| {
            let stream = "\"list\": true,\n  \"stream\": \"ikm/7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5a6b\"";
            draft.replace(ArchiveMember::Question, "\"list\": true", stream);
        },
    );
    tricks.altered(
        "question-unreadable",
        "the question has a field that no question has",
        "question.json: cannot be read: unknown field `toady`",
        |_, draft| draft.replace(ArchiveMember::Question, "today", "toady"),
    );
    tricks.altered(
        "question-clears-the-screen",
        "the question has a field whose name clears the reader's screen when it is printed",
        "question.json: cannot be read: unknown field `",
        |_, draft| draft.replace(ArchiveMember::Question, "today", "\\u001b[2J"),
    );
    tricks.altered_view(
        "question-other-day",
        "the answer is passed off as one for another day",
        "question.on says \"2025-10-10\", counting again gives \"2025-01-26\"",
        |_, draft| draft.replace(ArchiveMember::Question, TODAY, "2025-01-26"),
    );
    tricks.altered_view(
        "question-other-area",
        "the answer is passed off as one for another city",
        "question.area says \"33.75\", counting again gives \"33.26\"",
        |_, draft| draft.replace(ArchiveMember::Question, "33.75", "33.26"),
    );
    tricks.altered_view(
        "view-exchanged",
        "the answer is passed off as that of another view",
        "definition.txt is not the definition that was counted by",
        |_, draft| draft.replace(ArchiveMember::Question, "\"enrolled\"", "\"waitlisted\""),
    );
    tricks.altered_view(
        "view-version-altered",
        "the answer is passed off as one by an earlier version of the view",
        "definition.txt is not the definition that was counted by",
        |_, draft| draft.replace(ArchiveMember::Question, "\"version\": 2", "\"version\": 1"),
    );
    tricks.altered_view(
        "view-version-unknown",
        "a version of the view that there is not",
        "question.json: ",
        |_, draft| draft.replace(ArchiveMember::Question, "\"version\": 2", "\"version\": 9"),
    );
}
