use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jejak_events::area::AreaCode;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::cosignature::CosignatureSigner;
use jejak_events::note::NoteSigner;
use jejak_events::proof::InclusionProof;
use jejak_events::tree::{leaf_hash, node_hash};
use jejak_events::types::Data;
use jejak_events::types::PublicKey;
use jejak_events::values::{Date, Origin, SetOf, Vkey};
use sha2::{Digest as _, Sha256};

use jejak_events::sealed::decode_disclosure;
use serde_json::Value;

use super::*;
use crate::rules::effects::{By, Effect};

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn signer() -> NoteSigner {
    NoteSigner::new("jejak.example/test", &[7; 32]).unwrap()
}

fn policy() -> Policy {
    Policy::of_log(signer().verifier_key().clone()).unwrap()
}

/// The record and the disclosures of a golden file; what names a log and its keys names the log of these tests.
fn golden(name: &str) -> (Vec<u8>, Vec<String>) {
    let (record, disclosures) = raw_golden(name);
    let mut event = Event::parse(&record).unwrap();
    match &mut event.draft.data {
        Data::RegistryOpened(opened) => {
            opened.origin = Origin::parse("jejak.example/test").unwrap();
            opened.synthetic = true;
            let key = |purpose, signer: &NoteSigner| PublicKey {
                purpose,
                vkey: Vkey::parse(&signer.verifier_key().to_string()).unwrap(),
            };
            let keys =
                vec![key(KeyPurpose::Checkpoint, &signer()), key(KeyPurpose::Attestation, &attestation())];
            opened.keys = SetOf::new(keys).unwrap();
        }
        Data::KeyIntroduced(new) => new.vkey = Vkey::parse(&signer().verifier_key().to_string()).unwrap(),
        _ => return (record, disclosures),
    }
    (event.encode(), disclosures)
}

fn raw_golden(name: &str) -> (Vec<u8>, Vec<String>) {
    let path = in_repository("events/golden").join(format!("{name}.json"));
    let golden: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let groups = ["personal", "confidential"].map(|group| golden["disclosures"][group].clone());
    let lists = groups.iter().filter_map(Value::as_array).flatten();
    let disclosures = lists.map(|disclosure| disclosure.as_str().unwrap().to_owned()).collect();
    (golden["record"].as_str().unwrap().as_bytes().to_vec(), disclosures)
}

fn attestation() -> NoteSigner {
    NoteSigner::new("jejak.example/test/attestation", &[8; 32]).unwrap()
}

/// Event 0 of the log.
fn opened() -> Vec<u8> {
    golden("id.jejak.registry.opened.v1.minimal").0
}

fn checkpoint_over(record: &[u8]) -> SignedCheckpoint {
    let (before, leaf) = (leaf_hash(&opened()), leaf_hash(record));
    let checkpoint = Checkpoint::new("jejak.example/test", 2, node_hash(&before, &leaf)).unwrap();
    SignedCheckpoint::sign(checkpoint, &signer()).unwrap()
}

fn proof_under(signed: &SignedCheckpoint) -> TlogProof {
    let inclusion = InclusionProof { index: 1, size: 2, hashes: vec![leaf_hash(&opened())] };
    TlogProof::new(inclusion, signed.clone()).unwrap()
}

/// The proof of a record at index 1 in a log of two.
fn proof(record: &[u8]) -> TlogProof {
    proof_under(&checkpoint_over(record))
}

fn standing(checkpoint: &Checkpoint, record: &[u8], effects: Vec<(Effect, By)>) -> EventStanding {
    let recorded = Event::parse(record).unwrap().recorded.date_in(AreaCode::parse("33.75").unwrap());
    EventStanding {
        origin: checkpoint.origin().to_owned(),
        index: 1,
        size: checkpoint.size(),
        root: checkpoint.root(),
        on: recorded.max(Date::parse("2026-01-31").unwrap()),
        synthetic: true,
        effects,
    }
}

fn word_under(signed: &SignedCheckpoint, record: &[u8], effects: Vec<(Effect, By)>) -> Word {
    let inclusion = InclusionProof { index: 0, size: 2, hashes: vec![leaf_hash(record)] };
    Word {
        standing: standing(signed.unverified(), record, effects).sign(&attestation()).unwrap(),
        key_entry: opened(),
        key_proof: TlogProof::new(inclusion, signed.clone()).unwrap(),
    }
}

fn word(record: &[u8]) -> Word {
    word_under(&checkpoint_over(record), record, Vec::new())
}

fn receipt(name: &str) -> Receipt {
    let (record, disclosures) = golden(name);
    Receipt::new(record.clone(), proof(&record), &disclosures, word(&record), &policy()).unwrap()
}

#[test]
fn an_event_that_names_another_log_or_its_keys_has_no_receipt() {
    for name in ["opened.v1.full", "opened.v1.minimal", "key_introduced.v1.full", "key_introduced.v1.minimal"]
    {
        let (record, disclosures) = raw_golden(&format!("id.jejak.registry.{name}"));
        let refused = Receipt::new(record.clone(), proof(&record), &disclosures, word(&record), &policy());
        assert!(matches!(refused, Err(ReceiptError::OtherLog(_))), "{name}: {:?}", refused.err());
    }
}

const SEALED: &str = "id.jejak.ikm.registered.v1.full";

/// The page with a part replaced by other bytes, in the place that is read.
fn with_part(page: &str, part: PagePart, change: impl FnOnce(String) -> String) -> String {
    let before = String::from_utf8(carried(page, part).unwrap()).unwrap();
    let old = format!("{}{}", part.before(), BASE64_STANDARD.encode(&before));
    page.replace(&old, &format!("{}{}", part.before(), BASE64_STANDARD.encode(change(before))))
}

/// What a reader of the page is told.
fn refusal(page: &str) -> String {
    Receipt::verify(page.as_bytes(), &policy(), None).unwrap_err().to_string()
}

#[test]
fn every_type_has_a_page_that_checks_and_never_changes_within_a_form() {
    let list = in_repository("tests/data/receipts.txt");
    let written = std::fs::read_to_string(&list).unwrap_or_default();
    let known: BTreeMap<&str, &str> =
        written.lines().filter_map(|line| line.strip_prefix(FORM)?.trim().rsplit_once(' ')).collect();
    let mut found = String::new();
    let mut names: Vec<String> = std::fs::read_dir(in_repository("events/golden"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().trim_end_matches(".json").to_owned())
        .collect();
    names.sort();
    for name in &names {
        let page = receipt(name).page().unwrap();
        let read = Receipt::verify(page.as_bytes(), &policy(), None).unwrap();
        assert!(page.contains(&read.event().draft.subject.to_string()), "{name}");
        let digest: String = Sha256::digest(&page).iter().map(|byte| format!("{byte:02x}")).collect();
        if let Some(known) = known.get(name.as_str()) {
            assert_eq!(*known, digest, "the page of {name} changed: raise FORM, for pages are out there");
        }
        found.push_str(&format!("{FORM} {name} {digest}\n"));
    }
    if std::env::var_os("JEJAK_BLESS").is_some() {
        std::fs::write(&list, &found).unwrap();
    }
    let written = std::fs::read_to_string(&list).unwrap_or_default();
    assert!(written == found, "tests/data/receipts.txt lacks a type; run once with JEJAK_BLESS=1");
}

#[test]
fn a_page_shows_the_facts_and_what_is_disclosed() {
    let (record, disclosures) = golden(SEALED);
    let page = receipt(SEALED).page().unwrap();
    // Escaped by the template: the name has quotation marks, the event too.
    let facts = ["2021-03", "terdaftar sebagai IKM batik", "registered as an IKM", "&#34;Peño&#34; Kauman"];
    for shown in facts {
        assert!(page.contains(shown), "{shown}");
    }
    let closed =
        Receipt::new(record.clone(), proof(&record), &disclosures[..1], word(&record), &policy()).unwrap();
    let page = closed.page().unwrap();
    assert_eq!(page.matches("tidak disertakan <span").count(), disclosures.len() - 1);
    assert_eq!(closed.parts()[2].1, format!("{}\n", disclosures[0]).into_bytes());
    let open = Receipt::new(record.clone(), proof(&record), &[], word(&record), &policy()).unwrap();
    assert_eq!(open.parts().len(), 5);
    assert!(!open.page().unwrap().contains("disclosures.txt"));
    // The order in which they are handed over is no part of the page.
    let turned: Vec<String> = disclosures.into_iter().rev().collect();
    let turned = Receipt::new(record.clone(), proof(&record), &turned, word(&record), &policy()).unwrap();
    assert_eq!(turned.page().unwrap(), receipt(SEALED).page().unwrap());
}

#[test]
fn nothing_in_an_event_becomes_markup() {
    let (record, _) = golden("id.jejak.program.opened.v1.minimal");
    let mut event = Event::parse(&record).unwrap();
    let jejak_events::types::Data::ProgramOpened(data) = &mut event.draft.data else { panic!() };
    data.title =
        jejak_events::values::Text::parse("</pre><script src=\"//x\">'&</script><a id=\"event\"").unwrap();
    let record = event.encode();
    let receipt = Receipt::new(record.clone(), proof(&record), &[], word(&record), &policy()).unwrap();
    let page = receipt.page().unwrap();
    assert!(!page.contains("<script") && page.matches("</pre>").count() == 3, "{page}");
    assert_eq!(Receipt::verify(page.as_bytes(), &policy(), None).unwrap().event(), &event);
}

#[test]
fn every_altered_byte_is_noticed() {
    let page = receipt(SEALED).page().unwrap().into_bytes();
    assert!(Receipt::verify(&page, &policy(), None).is_ok());
    // A prime: every part of the page has its turn.
    for at in (0..page.len()).step_by(13) {
        let mut altered = page.clone();
        altered[at] ^= 1;
        assert!(Receipt::verify(&altered, &policy(), None).is_err(), "byte {at}");
    }
    for length in [0, 1, page.len() / 2, page.len() - 1] {
        assert!(Receipt::verify(&page[..length], &policy(), None).is_err(), "{length}");
    }
    for more in [&b"\n"[..], b" ", b"\xff", b"<p>"] {
        let longer = [&page[..], more].concat();
        assert!(
            matches!(Receipt::verify(&longer, &policy(), None), Err(ReceiptError::Altered { .. })),
            "{more:?}"
        );
    }
}

#[test]
fn what_was_altered_is_named() {
    let page = receipt(SEALED).page().unwrap();
    let changed = |from: &str, to: &str| {
        assert!(page.contains(from), "{from}");
        page.replacen(from, to, 1)
    };
    let (_, others) = golden("id.jejak.person.registered.v1.full");
    let is_name = |one: &&String| decode_disclosure(one).unwrap().0 == "name";
    let another_name = others.iter().find(is_name).unwrap();
    let line = |number: usize| move |text: String| text.lines().nth(number).unwrap().to_owned() + "\n";
    let cases: Vec<(&str, String, &str)> = vec![
        ("the sentence", changed("IKM batik di", "IKM tenun di"), "part facts"),
        ("the day it happened", changed(">Mar 2021<", ">Mar 2020<"), "part facts"),
        ("a sealed value", changed("<td>Kauman</td>", "<td>Kraton</td>"), "part sealed"),
        ("the size shown", changed("Log size</span></th><td>2<", "Log size</span></th><td>3<"), "part log"),
        ("what is proven", changed("Tidak terbukti:", "Terbukti:"), "part proven"),
        ("how to check", changed("proofbundle verify-proof", "proofbundle verify"), "part check"),
        ("the event shown", changed("<pre>{&#34;authid", "<pre>{&#34;authix"), "part verbatim"),
        ("a style", changed("color: #444", "color: #fff"), "part head"),
        (
            "a link",
            changed("</section>\n</body>", "<a href=\"//x\">x</a></section>\n</body>"),
            "part verbatim",
        ),
        (
            "the event",
            with_part(&page, PagePart::Event, |text| text.replace("batik", "tenun")),
            "event.tlog-proof does not prove event.json",
        ),
        (
            "the event's form",
            with_part(&page, PagePart::Event, |text| text.replace("\"area\"", "\"arxa\"")),
            "event.json was altered",
        ),
        (
            "the index",
            with_part(&page, PagePart::Proof, |text| text.replace("index 1", "index 0")),
            "event.tlog-proof does not prove event.json",
        ),
        (
            "the size",
            with_part(&page, PagePart::Proof, |text| text.replace("\n2\n", "\n3\n")),
            "the checkpoint in event.tlog-proof is not accepted",
        ),
        (
            "bytes that nothing authenticates",
            with_part(&page, PagePart::Proof, |text| text.replace("index 1", "extra eA==\nindex 1")),
            "`extra`",
        ),
        (
            "a disclosure",
            with_part(&page, PagePart::Disclosures, |text| {
                let line = text.lines().next().unwrap().to_owned();
                let (name, _) = decode_disclosure(&line).unwrap();
                let other = jejak_events::sealed::encode_disclosure([1; 16], &name, &Value::from("x"));
                text.replace(&line, &other)
            }),
            "disclosures.txt: disclosure 1, investment, is not what was sealed",
        ),
        (
            "a disclosure of another event",
            with_part(&page, PagePart::Disclosures, |_| format!("{another_name}\n")),
            "disclosures.txt: disclosure 1, name, is not what was sealed",
        ),
        (
            "disclosures in another order",
            with_part(&page, PagePart::Disclosures, |text| {
                text.lines().rev().map(|line| format!("{line}\n")).collect()
            }),
            "part check",
        ),
        ("a disclosure left out", with_part(&page, PagePart::Disclosures, line(0)), "part sealed"),
        (
            "a disclosure twice",
            with_part(&page, PagePart::Disclosures, |text| format!("{text}{}", line(1)(text.clone()))),
            "discloses name once more",
        ),
        (
            "no disclosure",
            with_part(&page, PagePart::Disclosures, |text| format!("{text}e30\n")),
            "is of no sealed field of type",
        ),
        (
            "how it stands",
            with_part(&page, PagePart::Standing, |text| text.replace("in_force", "retracted event 1")),
            "is not the registry's word",
        ),
        ("how it stands, shown", changed("<strong>✓ berlaku", "<strong>✓ berlaku sekali"), "part standing"),
        (
            "the key of the word",
            with_part(&page, PagePart::KeyEvent, |text| {
                text.replace("minimal", "minimum").replace("true", "false")
            }),
            "attestation-key.json does not name",
        ),
        (
            "its proof",
            with_part(&page, PagePart::KeyProof, |text| text.replace("index 0", "index 1")),
            "attestation-key.json does not name",
        ),
        ("a part", changed("id=\"proof\"", "id=\"Proof\""), "event.tlog-proof is missing"),
        ("the form", changed(FORM, "jejak-receipt/1"), "has the form jejak-receipt/1"),
        ("another page", "<!DOCTYPE html>".to_owned(), "is no receipt"),
    ];
    let mut words = crate::said::Said::new("receipts");
    for (what, altered, said) in cases {
        assert_ne!(altered, page, "{what}: nothing was altered");
        assert!(refusal(&altered).contains(said), "{what}: {}", refusal(&altered));
        let refused = Receipt::verify(altered.as_bytes(), &policy(), None).unwrap_err();
        words.take(what, refused.message());
    }
    let long = format!("{page}{}", " ".repeat(usize::try_from(PAGE_LIMIT_BYTES).unwrap()));
    words.take("too long", Receipt::verify(long.as_bytes(), &policy(), None).unwrap_err().message());
    words.check();
}

#[test]
fn another_key_checks_nothing() {
    let page = receipt(SEALED).page().unwrap();
    let verify = |name, seed| {
        let signer = NoteSigner::new(name, &[seed; 32]).unwrap();
        let policy = Policy::of_log(signer.verifier_key().clone()).unwrap();
        Receipt::verify(page.as_bytes(), &policy, None).is_ok()
    };
    assert!(verify("jejak.example/test", 7));
    assert!(!verify("jejak.example/test", 8));
    assert!(!verify("jejak.example/other", 7));
}

#[test]
fn a_policy_asks_for_cosignatures_and_says_whose_were_there() {
    // 2026-02-09T17:00:00Z: in Pekalongan, where the office is, the next day begins.
    const COSIGNED_AT: u64 = 1_770_656_400;
    let (record, _) = golden("id.jejak.program.opened.v1.minimal");
    let city = CosignatureSigner::new("city.example", &[9; 32]).unwrap();
    let asked =
        format!("log {}\nwitness city {}\nquorum city\n", signer().verifier_key(), city.verifier_key());
    let asked = Policy::parse(asked.as_bytes()).unwrap();
    let alone =
        Receipt::new(record.clone(), proof(&record), &[], word(&record), &policy()).unwrap().page().unwrap();
    assert!(matches!(
        Receipt::verify(alone.as_bytes(), &asked, None),
        Err(ReceiptError::NotAccepted(NotAccepted::Quorum { .. }))
    ));

    let with = |seed| {
        let witness = CosignatureSigner::new("city.example", &[seed; 32]).unwrap();
        let mut signed = checkpoint_over(&record);
        signed.add(witness.cosign(&signed, COSIGNED_AT).unwrap()).unwrap();
        let listed = Policy::parse(
            format!("log {}\nwitness w {}\nquorum w\n", signer().verifier_key(), witness.verifier_key())
                .as_bytes(),
        );
        let word = word_under(&signed, &record, Vec::new());
        Receipt::new(record.clone(), proof_under(&signed), &[], word, &listed.unwrap())
            .unwrap()
            .page()
            .unwrap()
    };
    let read = Receipt::verify(with(9).as_bytes(), &asked, None).unwrap();
    assert_eq!(read.cosigned(), [Cosigned { witness: "city".into(), unix_seconds: COSIGNED_AT }]);
    let judge = |at| Receipt::verify(with(9).as_bytes(), &asked, At::parse(at));
    for early in ["2026-02-09", "2026-02-09T16:59:59Z"] {
        let refused = judge(early).unwrap_err();
        assert!(matches!(refused, ReceiptError::NotAccepted(NotAccepted::FromTheFuture { .. })), "{early}");
    }
    for late in ["2026-02-10", "2026-02-09T17:00:00Z"] {
        assert!(judge(late).is_ok(), "{late}");
    }
    // Of another key under that name, or not asked about: nobody says that they signed, so nothing shows it.
    assert!(Receipt::verify(with(8).as_bytes(), &asked, None).is_err());
    for seed in [8, 9] {
        let refused = Receipt::verify(with(seed).as_bytes(), &policy(), None).unwrap_err();
        assert!(matches!(&refused, ReceiptError::UnknownSigner(name) if name == "city.example"), "{refused}");
    }
}

/// A line in somebody's name that nobody signed stands on no page that checks.
#[test]
fn a_signature_line_by_nobody_known_is_refused() {
    let page = receipt(SEALED).page().unwrap();
    let forged = format!("— bpk.go.id {}\n", BASE64_STANDARD.encode([7; 68]));
    for part in [PagePart::Proof, PagePart::KeyProof, PagePart::Standing] {
        let altered = with_part(&page, part, |text| format!("{text}{forged}"));
        let said = refusal(&altered);
        let wanted = match part {
            PagePart::Proof => "signature line of `bpk.go.id`",
            PagePart::KeyProof => "attestation-key.json does not name",
            _ => "it has 2 signatures",
        };
        assert!(said.contains(wanted), "{part:?}: {said}");
    }
}

/// What no longer holds says so, large; the word is bound to its event, its tree and its key.
#[test]
fn how_an_event_stands_is_the_registrys_signed_word() {
    let (record, _) = golden("id.jejak.program.opened.v1.minimal");
    let signed = checkpoint_over(&record);
    let make = |word: Word| Receipt::new(record.clone(), proof_under(&signed), &[], word, &policy());
    let void = make(word_under(&signed, &record, vec![(Effect::Retracted, By::Event(1))])).unwrap();
    let page = void.page().unwrap();
    for part in [
        "<section id=\"standing\" class=\"void\">",
        "✗ TIDAK BERLAKU: ditarik (peristiwa 1)",
        "NO LONGER HOLDS: retracted (event 1)",
        "datanya rekaan",
        "The tree proves the event, not how it stands.",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let read = Receipt::verify(page.as_bytes(), &policy(), None).unwrap();
    assert!(read.standing().is_void());
    let judge = |at| Receipt::verify(page.as_bytes(), &policy(), At::parse(at)).map(drop);
    assert!(judge("2026-01-31T00:00:00+07:00").is_ok());
    let early = judge("2026-01-30T23:59:59.999+07:00").unwrap_err().to_string();
    assert!(early.contains("it is of 2026-01-31, which has not come on 2026-01-30"), "{early}");
    let in_force = make(word(&record)).unwrap();
    assert!(
        !in_force.standing().is_void() && in_force.page().unwrap().contains("<strong>✓ berlaku</strong>")
    );
    // An event like event 0 elsewhere in the log names no key.
    let (again, _) = golden("id.jejak.registry.opened.v1.full");
    let over = checkpoint_over(&again);
    let own =
        Word { key_entry: again.clone(), key_proof: proof_under(&over), ..word_under(&over, &again, vec![]) };
    let refused =
        Receipt::new(again.clone(), proof_under(&over), &[], own, &policy()).unwrap_err().to_string();
    assert!(refused.contains("it names none"), "{refused}");
    // By another key, of another event, and of a registry that is not the one event 0 opened.
    let good = word(&record);
    let by = |signer: &NoteSigner, change: &dyn Fn(&mut EventStanding)| {
        let mut standing = standing(signed.unverified(), &record, Vec::new());
        change(&mut standing);
        Word { standing: standing.sign(signer).unwrap(), ..good.clone() }
    };
    let stranger = NoteSigner::new("jejak.example/test/attestation", &[9; 32]).unwrap();
    for (word, said) in [
        (by(&stranger, &|_| {}), "is not the registry's word"),
        (by(&signer(), &|_| {}), "is not the registry's word"),
        (by(&attestation(), &|standing| standing.index = 0), "about another event"),
        (by(&attestation(), &|standing| standing.size = 3), "about another event"),
        (
            by(&attestation(), &|standing| standing.on = Date::parse("2025-09-01").unwrap()),
            "it is of 2025-09-01, and the event was recorded only at",
        ),
        (
            by(&attestation(), &|standing| standing.synthetic = false),
            "says otherwise whether the data are made up",
        ),
        (
            Word { key_entry: record.clone(), key_proof: proof_under(&signed), ..good.clone() },
            "it names none",
        ),
    ] {
        let refused = make(word).unwrap_err().to_string();
        assert!(refused.contains(said), "{said}: {refused}");
    }
}
