//! Kota Pekalongan (33.75): the recovery focus of 2021, and the green-industry standard of 2025.
//!
//! From the articles: what the office wanted in October 2021 (waste that does no harm, workers insured and
//! a next generation, export training, digital marketing, exhibitions); and the training of Wednesday
//! 8 October 2025 with The Water Agency, 30 IKMs with large capacity of about 700 batik IKMs, its topics,
//! and that mentoring and assessment follow. Everything else is made up, above all what comes after:
//! visits, assessments, certificates, a suspension, a revocation.

mod green;
mod outcomes;
mod recovery;
mod welfare;

use serde_json::{Value, json};

use super::DemoStep;
use super::people::{Enterprise, Size, uuid};
use super::script::{Office, Script, subject};

const OFFICE: Office = Office { area: "33.75", name: "dinperinaker" };
const ORGANISER: &str = "Dinas Perindustrian dan Tenaga Kerja Kota Pekalongan";

pub(super) fn steps() -> Vec<DemoStep> {
    let mut script = Script::new(OFFICE);
    let large = Enterprise::several(OFFICE.area, 0..30, Size::Medium);
    let small = Enterprise::several(OFFICE.area, 30..38, Size::Small);
    recovery::tell(&mut script, &large[..12], &small);
    welfare::tell(&mut script, &large, &small);
    exhibitions(&mut script, &large, &small);
    green::tell(&mut script, &large);
    outcomes::tell(&mut script, &large);
    script.finish()
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

fn exhibitions(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) {
    let [city, national, green] =
        ["2021-city", "2021-national", "2026-green"].map(|which| uuid(&format!("exhibition/33.75/{which}")));
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
        let data = json!({
            "exhibition": city, "products": ["batik_tulis"], "visitors": 40 + place, "sales": sales,
        });
        script.propose("exhibition.joined", &subject("ikm", ikm.id), "2021-12-10", data);
    }
    script.recorded_on("2021-12-21");
    for ikm in &large[..6] {
        let data = json!({"exhibition": national, "products": ["batik_cap", "batik_tulis"]});
        script.propose("exhibition.joined", &subject("ikm", ikm.id), "2021-12-17", data);
    }
    // After the green-industry training: what those who hold a certificate have to show.
    script.recorded_on("2026-04-14");
    script.propose(
        "exhibition.announced",
        &subject("exhibition", green),
        "2026-04-13",
        json!({
            "area": "33.75", "from": "2026-05-08", "to": "2026-05-10", "level": "province",
            "name": "Pameran batik ramah lingkungan (sintetis)", "venue": "Gedung Contoh (sintetis)",
        }),
    );
    script.recorded_on("2026-05-12");
    for place in [0, 1, 3, 4, 5, 7] {
        let mut data = json!({"exhibition": green, "products": ["batik_warna_alam"], "visitors": 90 + place});
        // Two do not tell what was sold.
        if place > 1 {
            data["sales"] = json!(4_000_000 + 500_000 * place);
        }
        script.propose("exhibition.joined", &subject("ikm", large[place].id), "2026-05-08", data);
    }
}
