//! From January 2026 on: what the article only announces, as it might go on; and the certificates of the
//! years before it, none of which held on its day.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::people::{Enterprise, Person, uuid};
use super::super::script::{CorrectedContent, Script, subject};
use super::{OFFICE, green};

const LSIH: &str = "Lembaga Sertifikasi Industri Hijau Contoh (sintetis)";
const BATIKMARK_BODY: &str = "Lembaga Batikmark Contoh (sintetis)";

pub(super) fn tell(script: &mut Script, large: &[Enterprise]) {
    earlier_certificates(script, large);
    assessments(script, large);
    certificates(script, large);
}

/// One certificate of the standard ran out in June 2025, before the training; two marks of products.
fn earlier_certificates(script: &mut Script, large: &[Enterprise]) {
    script.recorded_on("2021-06-16");
    certify(script, &large[11], 11, ["2021-06-14", "2025-06-13"], 2019, None);
    for (place, product, recorded, [from, to]) in [
        (0, "batik_tulis", "2022-03-09", ["2022-03-07", "2025-03-06"]),
        (2, "batik_cap", "2024-05-08", ["2024-05-06", "2027-05-05"]),
    ] {
        script.recorded_on(recorded);
        let certificate = uuid(&format!("certificate/33.75/batikmark/{place}"));
        script.propose(
            "certificate.issued",
            &subject("certificate", certificate),
            from,
            json!({
                "holder": {"ikm": large[place].id, "product": product}, "issuer": BATIKMARK_BODY,
                "scheme": "batikmark", "valid_from": from, "valid_to": to,
                "number": format!("BM/SINTETIS/{:03}", place + 1),
            }),
        );
    }
}

/// Scores in the made-up scheme, which asks for 70 in every criterion.
fn assessment(assessor: &Person, scores: [u64; 5], verdict: &str) -> Value {
    let codes = ["energy", "management", "raw_material", "waste", "water"];
    let criteria: Vec<Value> = (codes.iter().zip(scores))
        .map(|(code, score)| json!({"code": code, "score_hundredths": score * 100, "maximum_hundredths": 10_000}))
        .collect();
    json!({
        "program": green::training().program, "scheme": "sih_batik", "scheme_version": 1, "verdict": verdict,
        "assessor": assessor.id, "criteria": criteria,
    })
}

fn assessments(script: &mut Script, large: &[Enterprise]) {
    let assessor = Person::new(OFFICE.area, 0);
    let assess = |script: &mut Script, ikm: &Enterprise, on: &str, scores: [u64; 5]| {
        let verdict = if scores.iter().all(|score| *score >= 70) { "passed" } else { "failed" };
        let data = assessment(&assessor, scores, verdict);
        script.propose("assessment.recorded", &subject("ikm", ikm.id), on, data)
    };
    script.recorded_on("2026-01-16");
    script.register_person(&assessor, None, "2026-01-05");
    for (place, ikm) in large.iter().enumerate().take(7) {
        // Place 2 fails on waste, place 6 on energy.
        let scores = [if place == 6 { 61 } else { 82 }, 78, 85, if place == 2 { 55 } else { 74 }, 80];
        assess(script, ikm, "2026-01-14", scores);
    }
    script.recorded_on("2026-02-20");
    let mut failed = None;
    for (place, ikm) in large.iter().enumerate().take(14).skip(7) {
        let scores = [76, if place == 10 { 64 } else { 88 }, 79, 73, 90];
        let id = assess(script, ikm, "2026-02-18", scores);
        if place == 10 {
            failed = Some(id);
        }
    }
    // Energy was mended, and the second assessment went well.
    script.recorded_on("2026-04-16");
    assess(script, &large[6], "2026-04-15", [75, 78, 85, 74, 80]);
    if let Some(target) = failed {
        // A correction that was meant for another enterprise: taken back, the first word holds again.
        let stream = subject("ikm", large[10].id);
        script.recorded_on("2026-03-12");
        let data = assessment(&assessor, [76, 84, 79, 73, 90], "passed");
        let replacement =
            CorrectedContent { entity_done: "assessment.recorded", happened: "2026-02-18", data };
        let mistaken = script.correct(target, &stream, "2026-03-12", replacement);
        script.recorded_on("2026-03-26");
        script.retract(mistaken, &stream, "2026-03-26", "wrong_enterprise");
    }
}

fn certify(
    script: &mut Script,
    holder: &Enterprise,
    place: usize,
    [from, to]: [&str; 2],
    edition: u64,
    through: Option<Uuid>,
) -> Uuid {
    let certificate = uuid(&format!("certificate/33.75/sih/{place}"));
    let mut data = json!({
        "holder": {"ikm": holder.id}, "issuer": LSIH, "scheme": "sih",
        "standard": {"code": "13134", "year": edition}, "valid_from": from, "valid_to": to,
        "number": format!("13134:{edition}/SINTETIS/{:03}", place + 1),
    });
    if let Some(program) = through {
        data["program"] = json!(program);
    }
    script.propose("certificate.issued", &subject("certificate", certificate), from, data);
    certificate
}

/// Nine were issued, all through the training. Of these one was revoked and one is suspended: seven hold on the
/// last day.
fn certificates(script: &mut Script, large: &[Enterprise]) {
    let issue = |script: &mut Script, place: usize, term: [&str; 2]| {
        let through = Some(green::training().program);
        subject("certificate", certify(script, &large[place], place, term, 2023, through))
    };
    script.recorded_on("2026-03-04");
    let term = ["2026-03-02", "2030-03-01"];
    let revoked = issue(script, 0, term);
    for place in [1, 3] {
        issue(script, place, term);
    }
    let reinstated = issue(script, 4, term);
    script.recorded_on("2026-04-29");
    let suspended = issue(script, 9, ["2026-04-27", "2030-04-26"]);
    script.recorded_on("2026-05-06");
    let reason = json!({"reason": "report_overdue"});
    script.propose("certificate.suspended", &reinstated, "2026-05-04", reason);
    // Issued in March, but the letter reached the office in May: recorded late.
    script.recorded_on("2026-05-20");
    for place in [5, 7] {
        issue(script, place, ["2026-03-16", "2030-03-15"]);
    }
    script.recorded_on("2026-05-27");
    let reason = json!({"reason": "report_received"});
    script.propose("certificate.reinstated", &reinstated, "2026-05-25", reason);
    script.recorded_on("2026-06-10");
    let reason = json!({"reason": "surveillance_failed"});
    script.propose("certificate.revoked", &revoked, "2026-06-08", reason);
    script.recorded_on("2026-06-17");
    let reason = json!({"reason": "wastewater_above_limit"});
    script.propose("certificate.suspended", &suspended, "2026-06-15", reason);
    script.recorded_on("2026-06-30");
    for place in [6, 8] {
        issue(script, place, ["2026-06-24", "2030-06-23"]);
    }
}
