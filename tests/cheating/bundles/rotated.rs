//! Bundles of a log that changed its key, for readers who know the old one.

use jejak::proof::bundle::archive::ArchiveMember;
use jejak_events::checkpoint::SignedCheckpoint;
use jejak_events::identity::{Actor, ActorKind};

use super::Rows;
use super::draft::{Asking, Draft, Operator, TODAY};
use crate::cheating::history::{one_training, registered};
use crate::support;

pub fn add(rows: &mut Rows) {
    let mut operator = Operator::new(25, &one_training());
    let old = operator.policy();
    let (fork, size) = (operator.signed(&operator.entries[..5]), operator.entries.len() as u64 + 1);
    let actor = Actor { kind: ActorKind::System, id: None };
    operator.recorded.registry.rotate_key(actor, None).unwrap();
    let later = support::proposal(&registered(11, "7f2c1a34-5b6d-4e8f-9a0b-0000000000cd", "Tenun Contoh"));
    operator.recorded.registry.append_blocking(vec![later], false).unwrap();
    operator.entries = operator.recorded.entries();
    let asking = Asking::View("enrolled", TODAY);
    let newest = operator.recorded.registry.checkpoint().unwrap().unwrap();
    let newest = SignedCheckpoint::parse(newest.as_bytes()).unwrap();
    let honest = operator.honest_at(asking, size + 1, &newest, None);
    let handover = ArchiveMember::Handover(size);
    let mut add = |who: &str, name: &str, trick: &str, answer: &str, bytes: Vec<u8>| {
        rows.add(who, name, trick, answer, bytes).policy = Some(old.clone());
    };
    let altered = |edit: &dyn Fn(&mut Draft)| {
        let mut draft = Draft::of(&honest);
        edit(&mut draft);
        operator.packed(&draft)
    };
    add(
        "nobody",
        "honest-rotated",
        "a bundle after a change of key, to a reader who knows the old key",
        "",
        honest.clone(),
    );
    let answer = "if this log has changed its key, ask the registry for the files `handover/<size>`";
    let bytes = altered(&|draft| draft.leave_out(handover));
    add("operator", "handover-left-out", "the handover between the keys is left out", answer, bytes);
    let bytes = altered(&|draft| draft.put(handover, "x\n"));
    add("operator", "handover-no-checkpoint", "the handover is none", &format!("handover/{size}: "), bytes);
    let answer = format!("handover/{size}: states 5 events");
    let bytes = altered(&|draft| draft.put(handover, fork.to_string()));
    add(
        "operator",
        "handover-of-another-size",
        "another checkpoint stands in the handover's place",
        &answer,
        bytes,
    );
    let bytes = altered(&|draft| {
        let text = draft.text(handover);
        let signed = SignedCheckpoint::parse(text.as_bytes()).unwrap();
        let root = signed.unverified().root().to_string();
        draft.put(handover, text.replace(&root, &fork.unverified().root().to_string()));
    });
    add(
        "operator",
        "handover-altered",
        "another root stands in the handover",
        "not replayed and not counted: no key that you know has signed the checkpoint",
        bytes,
    );
}
