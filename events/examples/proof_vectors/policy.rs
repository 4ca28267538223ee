//! Policies, and checkpoints held against them.

use jejak_events::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    cosignature::CosignatureSigner,
    note::NoteSigner,
};
use serde_json::json;

use crate::edit::{edit, line_of, log_signer, spoil_signature};
use crate::{ACCEPT, Folder, ORIGIN, Outcome, prover};

const TIME: u64 = 1_760_000_000;

pub fn write() -> Outcome {
    let folder = Folder::new("policy")?;
    let log = log_signer()?;
    let log_key = log.verifier_key().to_string();
    let names = ["x1.example", "x2.example", "x3.example", "y1.example"];
    let witnesses = names.iter().zip(11..).map(|(name, seed)| CosignatureSigner::new(name, &[seed; 32]));
    let witnesses: Vec<CosignatureSigner> = witnesses.collect::<Result<_, _>>()?;
    let [x1, x2, x3, y1] = &witnesses[..] else { return Err("four witnesses".into()) };
    let vkey = |witness: &CosignatureSigner| witness.verifier_key().to_string();

    let text = format!(
        "# Two of three, and one more.\nlog {log_key} https://{ORIGIN}\n\nwitness X1 {}\nwitness X2 {} https://x2.example\n  \
         witness\tX3 {}  \ngroup X 2 X1 X2 X3\n#witness X1\nwitness Y1 {}\ngroup both all X Y1\nquorum both\n",
        vkey(x1),
        vkey(x2),
        vkey(x3),
        vkey(y1)
    );
    let form = |name: &str, policy: &str, expect: &str| {
        folder.write(name, &name.replace('-', " "), &json!({ "policy": policy }), expect)
    };
    form("good", &text, ACCEPT)?;
    form("good-quorum-none", "quorum none\n", ACCEPT)?;
    form("empty", "", "policy_no_quorum")?;
    form("no-quorum", &edit(&text, "quorum both\n", "")?, "policy_no_quorum")?;
    form("two-quorums", &format!("{text}quorum none\n"), "policy_second_quorum")?;
    form("quorum-unknown", &edit(&text, "quorum both", "quorum others")?, "policy_unknown_name")?;
    form("quorum-before-its-group", &format!("quorum both\n{text}"), "policy_unknown_name")?;
    form("quorum-without-name", &edit(&text, "quorum both", "quorum")?, "policy_form")?;
    form("cut-short", text.trim_end(), "policy_no_final_newline")?;
    form("carriage-return", &edit(&text, "quorum both\n", "quorum both\r\n")?, "policy_control_character")?;
    form("other-keyword", &edit(&text, "quorum both", "quota both")?, "policy_keyword")?;
    form("keyword-in-capitals", &edit(&text, "quorum both", "Quorum both")?, "policy_keyword")?;
    form("log-twice", &format!("{text}log {log_key}\n"), "policy_duplicate_key")?;
    let renamed = NoteSigner::new("other.example", &[1; 32])?.verifier_key().to_string();
    form("log-key-under-other-name", &format!("{text}log {renamed}\n"), "policy_duplicate_key")?;
    let again = CosignatureSigner::new("z.example", &[11; 32])?;
    form(
        "witness-key-under-other-name",
        &format!("{text}witness Z {}\n", vkey(&again)),
        "policy_duplicate_key",
    )?;
    let fifth = CosignatureSigner::new("z.example", &[15; 32])?;
    form("witness-name-taken", &format!("{text}witness X1 {}\n", vkey(&fifth)), "policy_name_taken")?;
    form("witness-named-as-a-group", &format!("{text}witness X {}\n", vkey(&fifth)), "policy_name_taken")?;
    form("witness-named-none", &format!("{text}witness none {}\n", vkey(&fifth)), "policy_name_taken")?;
    form("witness-without-key", &format!("{text}witness Z\n"), "policy_form")?;
    form("witness-with-a-logs-key", &format!("{text}witness Z {renamed}\n"), "policy_key_type")?;
    form("log-with-a-witness-key", &format!("{text}log {}\n", vkey(&fifth)), "policy_key_type")?;
    form("log-with-too-many-words", &format!("{text}log {renamed} https://a b\n"), "policy_form")?;
    form("log-key-misspelt", &edit(&text, &format!("log {ORIGIN}+"), &format!("log {ORIGIN}x+"))?, "key_id")?;
    form("group-member-unknown", &edit(&text, "all X Y1", "all X Y2")?, "policy_unknown_name")?;
    form("group-of-itself", &edit(&text, "all X Y1", "all both Y1")?, "policy_unknown_name")?;
    form("group-member-none", &edit(&text, "all X Y1", "all X none")?, "policy_unknown_name")?;
    form("group-member-twice", &edit(&text, "2 X1 X2 X3", "2 X1 X2 X2")?, "policy_second_membership")?;
    form("member-of-two-groups", &edit(&text, "all X Y1", "all X X1")?, "policy_second_membership")?;
    form("group-without-members", &edit(&text, " all X Y1", " all")?, "policy_form")?;
    for (name, threshold) in
        [("zero", "0"), ("too-high", "4"), ("zero-padded", "02"), ("signed", "+2"), ("word", "most")]
    {
        let policy = edit(&text, "2 X1 X2 X3", &format!("{threshold} X1 X2 X3"))?;
        form(&format!("threshold-{name}"), &policy, "policy_threshold")?;
    }
    let long = "#".repeat(64 * 1024) + "\n";
    form("too-long", &format!("{long}quorum none\n"), "policy_too_long")?;

    let checkpoint = Checkpoint::new(ORIGIN, 700, prover().root_at(700)?)?;
    let signed = SignedCheckpoint::sign(checkpoint, &log)?;
    let by = |cosigners: &[&CosignatureSigner]| -> Outcome<String> {
        let mut cosigned = signed.clone();
        for witness in cosigners {
            cosigned.add(witness.cosign(&signed, TIME)?)?;
        }
        Ok(cosigned.to_string())
    };
    let held = |name: &str, policy: &str, checkpoint: &str, expect: &str| {
        let inputs = json!({ "policy": policy, "checkpoint": checkpoint, "at": TIME });
        folder.write(
            &format!("held-{name}"),
            &format!("held against a checkpoint: {}", name.replace('-', " ")),
            &inputs,
            expect,
        )
    };
    let stranger = CosignatureSigner::new("stranger.example", &[16; 32])?;
    let enough = by(&[x1, x3, y1])?;
    held("good", &text, &enough, ACCEPT)?;
    let all = json!({ "policy": text, "checkpoint": by(&[y1, &stranger, x3, x2, x1])?, "at": TIME, "cosigned": ["X1", "X2", "X3", "Y1"] });
    folder.write("held-good-all", "cosigned by all, and by a stranger", &all, ACCEPT)?;
    let timeless = json!({ "policy": text, "checkpoint": enough });
    folder.write("held-good-no-time-asked", "no moment to judge for", &timeless, ACCEPT)?;
    let plain = signed.to_string();
    let without = edit(&text, "quorum both", "quorum none")?;
    held("good-no-quorum-asked", &without, &plain, ACCEPT)?;
    held("nobody-cosigned", &text, &plain, "quorum")?;
    held("one-of-two", &text, &by(&[x2, y1])?, "quorum")?;
    held("two-but-not-the-other", &text, &by(&[x1, x2, x3])?, "quorum")?;
    held("stranger-instead", &text, &by(&[x1, &stranger, y1])?, "quorum")?;
    let imposter = CosignatureSigner::new("x1.example", &[17; 32])?;
    held("other-key-of-the-same-name", &text, &by(&[&imposter, x2, y1])?, "quorum")?;
    held(
        "bad-cosignature-beyond-the-quorum",
        &text,
        &spoil_signature(&by(&[x1, x2, x3, y1])?, "x3.example", 1)?,
        "bad_signature",
    )?;
    held(
        "cosignature-twice",
        &text,
        &format!("{enough}{}", line_of(&enough, "x1.example")?),
        "duplicate_signature",
    )?;
    held("log-signature-spoilt", &text, &spoil_signature(&enough, ORIGIN, 1)?, "bad_signature")?;
    let unsigned = edit(&enough, line_of(&enough, ORIGIN)?, "")?;
    held("not-signed-by-the-log", &text, &unsigned, "no_known_signature")?;
    let early = json!({ "policy": text, "checkpoint": enough, "at": TIME - 1 });
    folder.write(
        "held-from-the-future",
        "cosigned after the moment asked about",
        &early,
        "cosignature_from_the_future",
    )?;
    let of_another =
        edit(&text, &log_key, &NoteSigner::new("other.example/log", &[1; 32])?.verifier_key().to_string())?;
    held("log-not-listed", &of_another, &enough, "unknown_log")?;
    held("no-log-listed", "quorum none\n", &plain, "unknown_log")?;
    let other_key = NoteSigner::new(ORIGIN, &[3; 32])?.verifier_key().to_string();
    held("key-swapped", &edit(&text, &log_key, &other_key)?, &enough, "no_known_signature")?;
    // A cosignature of an earlier checkpoint, moved over.
    let mut earlier = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, 699, prover().root_at(699)?)?, &log)?;
    earlier.add(x2.cosign(&earlier, TIME)?)?;
    let moved = format!("{}{}", by(&[x1, y1])?, line_of(&earlier.to_string(), "x2.example")?);
    held("cosignature-of-an-earlier-checkpoint", &text, &moved, "bad_signature")
}
