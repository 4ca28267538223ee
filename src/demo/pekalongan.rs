//! Kota Pekalongan (33.75): the recovery focus of 2021, and the green-industry standard of 2025.
//!
//! From the articles: what the office wanted in October 2021 (export training, digital marketing,
//! exhibitions); and the training of Wednesday 8 October 2025 with The Water Agency, 30 IKMs with
//! large capacity, its topics, and that mentoring and assessment follow. Everything else is made up,
//! above all what comes after: assessments, certificates, a revocation.

use serde_json::{Value, json};

use super::Step;
use super::people::{Enterprise, Person, Size, uuid};
use super::script::{Office, Replacement, Script, Training, registration, subject};

const OFFICE: Office = Office { area: "33.75", name: "dinperinaker" };
const ORGANISER: &str = "Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan";
const LSIH: &str = "Lembaga Sertifikasi Industri Hijau Contoh (sintetis)";

/// Kabupaten Pekalongan, whose name invites the slip that is corrected later.
const NAMESAKE_AREA: &str = "33.26";

pub(super) fn steps() -> Vec<Step> {
    let mut script = Script::new(OFFICE);
    let large = Enterprise::several(OFFICE.area, 0..30, Size::Medium);
    let small = Enterprise::several(OFFICE.area, 30..38, Size::Small);
    recovery(&mut script, &large[..12], &small);
    green_training(&mut script, &large);
    green_outcomes(&mut script, &large);
    script.finish()
}

/// 2021: registrations, export training, digital marketing, two exhibitions.
fn recovery(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) {
    script.recorded_on("2021-03-15");
    for ikm in large.iter().chain(&small[1..]) {
        script.register(ikm, "2021-03-01");
    }
    let mistyped = &small[0];
    let target = script.propose(
        "ikm.registered",
        &subject("ikm", mistyped.id),
        "2021-03-01",
        registration(mistyped, NAMESAKE_AREA),
    );

    let export = Training::new("33.75/export-2021", &["2021-11-16", "2021-11-17"]);
    let digital = Training::new("33.75/digital-2021", &["2021-11-30"]);
    script.recorded_on("2021-10-12");
    script.open(
        &export,
        "2021-10-11",
        program("Pelatihan ekspor bagi IKM batik (sintetis)", "export", 12, 2021),
    );
    script.open(
        &digital,
        "2021-10-11",
        program("Pelatihan pemasaran digital bagi IKM batik (sintetis)", "digital_marketing", 10, 2021),
    );
    script.schedule(
        &export,
        "2021-10-11",
        50,
        session("Aula Contoh (sintetis)", &["dokumen ekspor", "pembayaran"]),
    );
    script.schedule(
        &digital,
        "2021-10-11",
        25,
        session("Aula Contoh (sintetis)", &["lokapasar", "foto produk"]),
    );

    let exporters: Vec<&Enterprise> = large[..8].iter().chain(&small[1..5]).collect();
    let sellers: Vec<&Enterprise> = small.iter().chain(&large[8..10]).collect();
    script.recorded_on("2021-11-02");
    for ikm in &exporters {
        script.enrol(&export, ikm, &[], "2021-11-01");
    }
    for ikm in &sellers {
        script.enrol(&digital, ikm, &[], "2021-11-01");
    }
    script.recorded_on("2021-11-18");
    for (place, ikm) in exporters.iter().enumerate() {
        for day in export.days {
            // Two of the twelve missed the second day, so they did not complete.
            let missed = *day == "2021-11-17" && [3, 9].contains(&place);
            script.attend(&export, ikm, None, day, if missed { "absent" } else { "present" });
        }
    }
    script.recorded_on("2021-12-01");
    for (place, ikm) in sellers.iter().enumerate() {
        let status = if place == 6 { "excused" } else { "present" };
        script.attend(&digital, ikm, None, "2021-11-30", status);
    }

    exhibitions(script, large, small);

    // Nobody noticed for four years: the enterprise lies in the kota, not in the kabupaten of that name.
    script.recorded_on("2025-07-21");
    script.correct(
        target,
        mistyped,
        "2025-07-21",
        Replacement {
            entity_done: "ikm.registered",
            happened: "2021-03-01",
            data: registration(mistyped, OFFICE.area),
        },
    );
}

fn exhibitions(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) {
    let city = uuid("exhibition/33.75/2021-city");
    let national = uuid("exhibition/33.75/2021-national");
    script.recorded_on("2021-12-06");
    script.propose(
        "exhibition.announced",
        &subject("exhibition", city),
        "2021-12-03",
        json!({
            "area": "33.75", "from": "2021-12-10", "to": "2021-12-12", "level": "city",
            "name": "Gelar batik akhir tahun (sintetis)", "venue": "Gedung Contoh (sintetis)",
        }),
    );
    script.propose(
        "exhibition.announced",
        &subject("exhibition", national),
        "2021-12-03",
        json!({
            "area": "31.71", "from": "2021-12-17", "to": "2021-12-19", "level": "national",
            "name": "Pameran kerajinan akhir tahun (sintetis)", "venue": "Balai Contoh (sintetis)",
        }),
    );
    script.recorded_on("2021-12-14");
    for (place, ikm) in large[..4].iter().chain(small).enumerate() {
        let sales = 2_000_000 + 350_000 * place;
        script.propose(
            "exhibition.joined",
            &subject("ikm", ikm.id),
            "2021-12-10",
            json!({
                "exhibition": city, "products": ["batik_tulis"], "visitors": 40 + place, "sales": sales,
            }),
        );
    }
    script.recorded_on("2021-12-21");
    for ikm in &large[..6] {
        script.propose(
            "exhibition.joined",
            &subject("ikm", ikm.id),
            "2021-12-17",
            json!({
                "exhibition": national, "products": ["batik_cap", "batik_tulis"],
            }),
        );
    }
}

fn program(title: &str, theme: &str, quota: u64, fiscal_year: u64) -> Value {
    json!({
        "title": title, "theme": theme, "organiser": ORGANISER, "unit": "ikm", "quota": quota,
        "funding": [{"fiscal_year": fiscal_year, "source": "apbd"}],
    })
}

fn session(venue: &str, topics: &[&str]) -> Value {
    json!({"venue": venue, "topics": topics})
}

fn green() -> Training {
    Training::new("33.75/green-2025", &["2025-10-08"])
}

/// Autumn 2025: the training that the article reports.
fn green_training(script: &mut Script, large: &[Enterprise]) {
    let green = green();
    script.recorded_on("2025-08-12");
    for ikm in &large[12..] {
        script.register(ikm, "2025-08-11");
    }
    script.recorded_on("2025-09-16");
    let mut opening =
        program("Pelatihan standar industri hijau bagi IKM batik (sintetis)", "green_industry", 30, 2025);
    opening["partners"] = json!(["The Water Agency"]);
    opening["eligibility"] = json!("IKM batik dengan kapasitas produksi besar");
    opening["targets"] = json!([{"indicator": "enrolled", "value": 30}]);
    script.open(&green, "2025-09-15", opening);
    script.schedule(
        &green,
        "2025-09-15",
        50,
        session(
            "Kota Pekalongan, tempat tidak disebut",
            &["efisiensi bahan bakar dan bahan", "pengelolaan limbah", "bahan ramah lingkungan"],
        ),
    );
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
}

/// From January 2026 on: what the article only announces, as it might go on.
fn green_outcomes(script: &mut Script, large: &[Enterprise]) {
    let assessor = Person::new(OFFICE.area, 0);
    let assess = |script: &mut Script, ikm: &Enterprise, on: &str, scores: [u64; 5]| {
        let codes = ["energy", "management", "raw_material", "waste", "water"];
        let criteria: Vec<Value> = (codes.iter().zip(scores))
            .map(|(code, score)| json!({"code": code, "score_hundredths": score * 100, "maximum_hundredths": 10_000}))
            .collect();
        // The made-up scheme asks for 70 in every criterion.
        let verdict = if scores.iter().all(|score| *score >= 70) { "passed" } else { "failed" };
        script.propose(
            "assessment.recorded",
            &subject("ikm", ikm.id),
            on,
            json!({
                "program": green().program, "scheme": "sih_batik", "scheme_version": 1, "verdict": verdict,
                "assessor": assessor.id, "criteria": criteria,
            }),
        );
    };
    let certify = |script: &mut Script, place: usize, on: &str, to: &str| {
        let certificate = uuid(&format!("certificate/33.75/sih/{place}"));
        script.propose(
            "certificate.issued",
            &subject("certificate", certificate),
            on,
            json!({
                "holder": {"ikm": large[place].id}, "issuer": LSIH, "scheme": "sih",
                "standard": {"code": "13134", "year": 2023}, "valid_from": on, "valid_to": to,
                "number": format!("13134:2023/SINTETIS/{:03}", place + 1),
            }),
        );
        certificate
    };

    script.recorded_on("2026-01-16");
    script.register_person(&assessor, None, "2026-01-05");
    for (place, ikm) in large.iter().enumerate().take(7) {
        // Place 2 fails on waste, place 6 on energy.
        let scores = [if place == 6 { 61 } else { 82 }, 78, 85, if place == 2 { 55 } else { 74 }, 80];
        assess(script, ikm, "2026-01-14", scores);
    }
    script.recorded_on("2026-02-20");
    for (place, ikm) in large.iter().enumerate().take(14).skip(7) {
        let scores = [76, if place == 10 { 64 } else { 88 }, 79, 73, 90];
        assess(script, ikm, "2026-02-18", scores);
    }
    script.recorded_on("2026-03-04");
    let surveyed = certify(script, 0, "2026-03-02", "2030-03-01");
    for place in [1, 3, 4] {
        certify(script, place, "2026-03-02", "2030-03-01");
    }
    // Energy was mended, and the second assessment went well.
    script.recorded_on("2026-04-16");
    assess(script, &large[6], "2026-04-15", [75, 78, 85, 74, 80]);
    // Issued in March, but the letter reached the office in May: recorded late.
    script.recorded_on("2026-05-20");
    for place in [5, 7] {
        certify(script, place, "2026-03-16", "2030-03-15");
    }
    script.recorded_on("2026-06-10");
    script.propose(
        "certificate.revoked",
        &subject("certificate", surveyed),
        "2026-06-08",
        json!({
            "reason": "surveillance_failed",
        }),
    );
    script.recorded_on("2026-06-30");
    for place in [6, 8] {
        certify(script, place, "2026-06-24", "2030-06-23");
    }
}
