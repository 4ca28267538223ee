//! The page that a receipt is: a pure function of what was verified.

use askama::Template;
use base64::{Engine, prelude::BASE64_STANDARD};
use jejak_events::fault::Message;
use jejak_events::identity::Subject;
use jejak_events::sealed::Group;
use jejak_events::tree::leaf_hash;

use super::standing::EventStanding;
use super::{Receipt, ReceiptError};
use crate::proof::disclosures::DisclosableField;
use crate::words::difference::{open_fields, plain};
use crate::words::event_words::{
    day_in_both, fact_words, field_words, happened_in_both, in_words, moment_in_both, number_in_both,
};
use crate::words::language::Language;
use crate::words::sentence::sentence;

/// The form of the page. Whoever changes a byte that any page has, by template or by wording, raises it:
/// a page is compared with what would be written today.
pub const FORM: &str = "jejak-receipt/5";

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage<'a> {
    form: &'a str,
    index: u64,
    origin: &'a str,
    size: Message,
    root: String,
    key_name: String,
    leaf_hex: String,
    said: Message,
    is_void: bool,
    synthetic: bool,
    on: Message,
    stands: Message,
    word_key: String,
    word: &'a str,
    word_base64: String,
    key_base64: String,
    key_proof_base64: String,
    type_name: &'a str,
    subject: String,
    happened: Message,
    recorded: Message,
    source: String,
    open: Vec<FactRow>,
    sealed: Vec<SealedRow>,
    proven: Message,
    word_said: Message,
    not_proven: Message,
    event: &'a str,
    event_base64: String,
    proof: String,
    proof_base64: String,
    disclosures: String,
    disclosures_base64: String,
}

/// A fact, in both languages.
struct FactRow {
    name: Message,
    value: Message,
}

struct SealedRow {
    name: Message,
    group: Message,
    value: Option<String>,
}

/// A field in both languages.
fn field_in_both(name: &str) -> Message {
    Message::new(field_words(name, Language::Id), field_words(name, Language::En))
}

/// A sentence of ours with its days and codes in words.
fn said_in_words(said: &Message) -> Message {
    Message::new(in_words(&said.id, Language::Id), in_words(&said.en, Language::En))
}

fn group_words(group: Group) -> Message {
    match group {
        Group::Personal => Message::new("pribadi", "personal"),
        Group::Confidential => Message::new("rahasia", "confidential"),
    }
}

/// What a receipt that checks proves.
#[must_use]
pub fn proven(receipt: &Receipt) -> Message {
    let (index, size) = (receipt.index(), number_in_both(receipt.checkpoint().size()));
    let origin = receipt.checkpoint().origin();
    let mut message = Message::new(
        format!(
            "Terbukti: log {origin} menandatangani pohon {} peristiwa yang memuat tepat peristiwa ini pada indeks {index}.",
            size.id
        ),
        format!(
            "Proven: the log {origin} signed a tree of {} events that has exactly this event at index {index}.",
            size.en
        ),
    );
    if receipt.sealed().iter().any(|field| field.value.is_some()) {
        message.id.push_str(" Kolom tersegel yang disertakan adalah yang disegel bersama peristiwa itu.");
        message.en.push_str(" The sealed fields included are those that were sealed with the event.");
    }
    message
}

/// What is the registry's word alone.
#[must_use]
pub fn word(receipt: &Receipt) -> Message {
    let EventStanding { size, on, .. } = receipt.standing;
    let (size, on) = (number_in_both(size), day_in_both(on));
    let stands = receipt.standing.message();
    Message::new(
        format!(
            "Pernyataan registri, ditandatangani kunci pernyataannya: pada ukuran log {}, tanggal {}, keadaan peristiwa \
             ini: {}. Pohon membuktikan peristiwanya, bukan keadaannya.",
            size.id, on.id, stands.id
        ),
        format!(
            "The registry's word, signed by its attestation key: at log size {}, on {}, this event stands \
             so: {}. The tree proves the event, not how it stands.",
            size.en, on.en, stands.en
        ),
    )
}

/// What it does not prove.
#[must_use]
pub fn not_proven() -> Message {
    Message::new(
        "Tidak terbukti: bahwa keadaannya masih sama sesudah ukuran log itu (dapat dikoreksi atau ditarik kemudian), \
         bahwa isinya benar, dan bahwa orang lain diperlihatkan log yang sama.",
        "Not proven: that it still stands so after that log size (it may be corrected or retracted later), that \
         what it says is true, and that others are shown the same log.",
    )
}

/// Lays the page out.
///
/// # Errors
/// [`ReceiptError::Page`] when the template fails, which no content makes it do.
pub(super) fn page(receipt: &Receipt) -> Result<String, ReceiptError> {
    let (draft, checkpoint) = (&receipt.event.draft, receipt.checkpoint());
    let event = str::from_utf8(&receipt.entry).map_err(|error| ReceiptError::Page(error.to_string()))?;
    let proof = receipt.proof.to_string();
    let disclosures = receipt.disclosures_text();
    let call = |subject: Subject| subject.to_string();
    // The digests stand in the event below; here they would say nothing.
    let open = open_fields(&draft.data).into_iter().filter(|(name, _)| !name.ends_with("._sd"));
    let open = open.map(|(name, value)| FactRow {
        name: field_in_both(&name),
        value: Message::new(fact_words(&name, &value, Language::Id), fact_words(&name, &value, Language::En)),
    });
    let row = |field: &DisclosableField| SealedRow {
        name: field_in_both(field.name),
        group: group_words(field.group),
        value: field.value.as_ref().map(|value| if value.is_null() { "-".to_owned() } else { plain(value) }),
    };
    let page = ReceiptPage {
        form: FORM,
        index: receipt.index(),
        origin: checkpoint.origin(),
        size: number_in_both(checkpoint.size()),
        root: checkpoint.root().to_string(),
        key_name: format!("{}+{:08x}", receipt.log_key.name(), receipt.log_key.id()),
        leaf_hex: leaf_hash(&receipt.entry).0.iter().map(|byte| format!("{byte:02x}")).collect(),
        said: said_in_words(&sentence(&draft.data, &call)),
        is_void: receipt.standing.is_void(),
        synthetic: receipt.standing.synthetic,
        on: day_in_both(receipt.standing.on),
        stands: receipt.standing.message(),
        word_key: format!("{}+{:08x}", receipt.attestation_key.name(), receipt.attestation_key.id()),
        word: &receipt.word.standing,
        word_base64: BASE64_STANDARD.encode(&receipt.word.standing),
        key_base64: BASE64_STANDARD.encode(&receipt.word.key_entry),
        key_proof_base64: BASE64_STANDARD.encode(receipt.word.key_proof.to_string()),
        type_name: draft.data.type_name(),
        subject: draft.subject.to_string(),
        happened: happened_in_both(draft.time),
        recorded: moment_in_both(receipt.event.recorded, draft.source.area),
        source: draft.source.to_string(),
        open: open.collect(),
        sealed: receipt.sealed().iter().map(row).collect(),
        proven: proven(receipt),
        word_said: word(receipt),
        not_proven: not_proven(),
        event,
        event_base64: BASE64_STANDARD.encode(event),
        proof_base64: BASE64_STANDARD.encode(&proof),
        proof,
        disclosures_base64: BASE64_STANDARD.encode(&disclosures),
        disclosures,
    };
    page.render().map_err(|error| ReceiptError::Page(error.to_string()))
}
