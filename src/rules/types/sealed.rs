//! What is sealed, judged while it can still be read: on the cleartext of a proposal, and in the registry's own
//! replay on what the vault opens.
//!
//! An outside replay has none of it and judges nothing here; what it leaves out is listed as attested. A
//! sentence must never say a sealed value: refusals stand in files of results.

use jejak_events::fault::Refusal;
use jejak_events::proposal::SealedValues;
use jejak_events::types::EventType;
use jejak_events::types::exhibition::ExhibitionJoined;

use super::Judgement;
use crate::rules::state::EventContent;

/// Parts of a workforce: field, and what they are in both languages.
const PARTS_OF_WORKERS: [(&str, &str, &str); 5] = [
    ("bpjs_kesehatan", "pekerja peserta BPJS Kesehatan", "workers insured with BPJS Kesehatan"),
    (
        "bpjs_ketenagakerjaan",
        "pekerja peserta BPJS Ketenagakerjaan",
        "workers insured with BPJS Ketenagakerjaan",
    ),
    ("over_60", "pekerja di atas 60 tahun", "workers over 60"),
    ("under_35", "pekerja di bawah 35 tahun", "workers under 35"),
    ("women", "pekerja perempuan", "women"),
];

/// What a size class follows from.
const SCALE_INPUTS: [&str; 2] = ["investment", "workers"];

/// Whether some sealed values are held against others where an event has all of them: by a rule, or in what is derived.
#[must_use]
pub fn are_held_together(some: &SealedValues, others: &SealedValues) -> bool {
    let is_given = |values: &SealedValues, name: &str| values.get(name).is_some_and(|value| !value.is_null());
    let any = |values: &SealedValues, names: &[&str]| names.iter().any(|name| is_given(values, name));
    let workforce: Vec<&str> = PARTS_OF_WORKERS.iter().map(|(field, ..)| *field).chain(["workers"]).collect();
    [&workforce[..], &SCALE_INPUTS].iter().any(|names| any(some, names) && any(others, names))
}

/// Judges what an event seals, as far as it is at hand: a value that is absent or null was not given, or is
/// erased.
///
/// # Errors
/// The first rule that says no.
pub fn judge_sealed(content: EventContent<'_>, sealed: &SealedValues) -> Judgement {
    let count = |name: &str| sealed.get(name).and_then(serde_json::Value::as_u64);
    if let Some(workers) = count("workers") {
        for (field, id, en) in PARTS_OF_WORKERS {
            if count(field).is_some_and(|part| part > workers) {
                return Err(part_above_whole(field, id, en));
            }
        }
        let (young, old) = (count("under_35"), count("over_60"));
        if young.zip(old).is_some_and(|(young, old)| young.saturating_add(old) > workers) {
            return Err(part_above_whole(
                "over_60",
                "pekerja di bawah 35 dan di atas 60 tahun bersama-sama",
                "workers under 35 and over 60 together",
            ));
        }
    }
    let visitors = ExhibitionJoined::of(content.data).and_then(|data| data.visitors);
    let visitors = visitors.map(|visitors| u64::from(visitors.get()));
    if count("buyers").zip(visitors).is_some_and(|(buyers, visitors)| buyers > visitors) {
        refuse!(
            "part_above_whole",
            "data.buyers",
            "pembeli di stan lebih banyak daripada pengunjungnya; periksa kedua angka",
            "the stand has more buyers than visitors; check both figures"
        );
    }
    let (born, year) = (count("birth_year"), u64::from(content.time.date().year()));
    if born.is_some_and(|born| born > year) {
        refuse!(
            "born_later",
            "data.birth_year",
            "tahun lahir sesudah tahun pendaftaran, {year}; periksa keduanya",
            "the year of birth lies after the year of registration, {year}; check both"
        );
    }
    Ok(())
}

fn part_above_whole(field: &str, id: &str, en: &str) -> Refusal {
    Refusal::new(
        "part_above_whole",
        format!("{id} lebih banyak daripada seluruh pekerja; bagian tidak melebihi keseluruhan, periksa kedua angka"),
        format!("{en} are more than all workers; a part is never larger than its whole, check both figures"),
    )
    .at(format!("data.{field}"))
}
