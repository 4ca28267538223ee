//! Autumn 2025: the training that the article reports, and the visits that it announces.

use serde_json::json;

use super::super::people::Enterprise;
use super::super::script::{Script, Training, subject};
use super::{program, session};

/// The training of 8 October 2025.
pub(super) fn training() -> Training {
    Training::new("33.75/green-2025", &["2025-10-08"])
}

pub(super) fn tell(script: &mut Script, large: &[Enterprise]) {
    let green = training();
    script.recorded_on("2025-08-12");
    for ikm in &large[12..] {
        script.register(ikm, "2025-08-11");
    }
    script.recorded_on("2025-09-16");
    let mut opening =
        program("Pelatihan standar industri hijau bagi IKM batik (sintetis)", "green_industry", 30, 2025);
    opening["partners"] = json!(["The Water Agency"]);
    opening["eligibility"] = json!("IKM batik dengan kapasitas produksi besar");
    opening["targets"] = json!([
        {"figure": "assessed", "value": 30, "due": "2026-03-31"},
        {"figure": "enrolled", "value": 30, "due": "2025-10-08"},
        {"figure": "green_certified", "value": 10, "due": "2026-12-31", "baseline": {"value": 0, "year": 2024}},
        {"text": "panduan bahan ramah lingkungan (sintetis)", "value": 1},
    ]);
    script.open(&green, "2025-09-15", opening);
    script.set_target(
        "2025-09-15",
        json!({"document": "RPJMD Kota Pekalongan 2025-2029 (sintetis)", "figure": "green_certified", "value": 25,
            "due": "2029-12-31", "baseline": {"value": 0, "year": 2024}}),
    );
    script.schedule(
        &green,
        "2025-09-15",
        50,
        session(
            "Kota Pekalongan, tempat tidak disebut",
            &["efisiensi bahan bakar dan bahan", "pengelolaan limbah", "bahan ramah lingkungan"],
        ),
    );
    script.report_spending(&green, "2025-09-15", "allocated", ("apbd", 2025), 120_000_000);
    script.recorded_on("2025-09-23");
    for ikm in &large[..25] {
        script.enrol(&green, ikm, &[], "2025-09-22");
    }
    script.recorded_on("2025-10-02");
    for ikm in &large[25..] {
        script.enrol(&green, ikm, &[], "2025-10-01");
    }
    script.recorded_on("2025-10-09");
    for ikm in &large[..27] {
        script.attend(&green, ikm, None, "2025-10-08", "present");
    }
    // The last sheet turned up eight weeks later: recorded late, and flagged so.
    script.recorded_on("2025-12-03");
    for ikm in &large[27..] {
        script.attend(&green, ikm, None, "2025-10-08", "present");
    }
    script.recorded_on("2025-12-10");
    script.declare_complete("2025-12-10", json!({"program": green.program, "through": "2025-10-31"}));
    script.recorded_on("2025-10-14");
    script.report_population(
        "2025-10-13",
        json!({
            "commodity": "batik", "total": 700,
            "source": "Radar Pekalongan, 13 Oktober 2025: sekitar 700 IKM batik (perkiraan)",
            "document": "urn:example:radar-pekalongan:000_daaeb278d3baa873",
        }),
    );
    // The second report takes the place of the first: it is not added to it.
    for (recorded, happened, rupiah) in
        [("2025-11-05", "2025-11-03", 98_000_000), ("2025-12-23", "2025-12-22", 111_250_000)]
    {
        script.recorded_on(recorded);
        script.report_spending(&green, happened, "realised", ("apbd", 2025), rupiah);
    }
    visits(script, large);
}

/// Twenty were visited in November; three of them again, before a second assessment or instead of one.
fn visits(script: &mut Script, large: &[Enterprise]) {
    let visit = |script: &mut Script, place: usize, on: &str, findings: &[&str]| {
        let mut data = json!({
            "program": training().program, "mentor": "Balai pendamping industri hijau Contoh (sintetis)",
            "note": "Catatan kunjungan (sintetis)",
        });
        if !findings.is_empty() {
            data["findings"] = json!(findings);
        }
        script.propose("mentoring.visited", &subject("ikm", large[place].id), on, data);
    };
    script.recorded_on("2025-11-20");
    for (places, on) in [(0..7, "2025-11-04"), (7..14, "2025-11-11"), (14..20, "2025-11-18")] {
        for place in places {
            let findings: &[&str] = match place {
                2 => &["wastewater_untreated"],
                6 | 10 => &["boiler_inefficient"],
                _ => &[],
            };
            visit(script, place, on, findings);
        }
    }
    script.recorded_on("2026-02-05");
    visit(script, 2, "2026-02-03", &["wastewater_untreated"]);
    visit(script, 6, "2026-02-03", &[]);
    script.recorded_on("2026-03-05");
    visit(script, 10, "2026-03-03", &["boiler_inefficient"]);
}
