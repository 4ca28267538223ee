//! Sentra IKM Batik, from plan to members; and what the enterprises of the city report.
//!
//! From the article: a centre building for batik IKMs, about to open; it opened in February 2024, on which
//! day is not said. Money, members and legal form are made up.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::people::uuid;
use super::super::script::{CorrectedContent, Script, subject};
use super::City;

const OPENED: &str = "2024-02-01";

fn sentra() -> Uuid {
    uuid("sentra/35.76/batik")
}

pub(super) fn tell(script: &mut Script, city: &City) {
    money(script);
    buildings(script);
    members(script, city);
    reports(script, city);
}

fn funded(stage: &str, source: &str, fiscal_year: u64, rupiah: u64) -> Value {
    json!({"stage": stage, "source": source, "fiscal_year": fiscal_year, "amount": rupiah})
}

/// The allocation was typed wrongly, corrected wrongly, and corrected again.
fn money(script: &mut Script) {
    let stream = subject("sentra", sentra());
    script.recorded_on("2023-05-11");
    script.propose(
        "sentra.planned",
        &stream,
        "2022-02-14",
        json!({
            "area": "35.76", "commodity": "batik", "name": "Sentra IKM Batik Kota Mojokerto (data sintetis)",
        }),
    );
    let planned = funded("planned", "dak_fisik", 2023, 4_800_000_000);
    script.propose("sentra.funded", &stream, "2022-06-13", planned);
    let typed = funded("allocated", "dak_fisik", 2023, 45_000_000_000);
    let target = script.propose("sentra.funded", &stream, "2023-01-09", typed);
    let own = funded("allocated", "apbd", 2023, 650_000_000);
    script.propose("sentra.funded", &stream, "2023-02-06", own);
    for (on, rupiah) in [("2023-06-20", 5_400_000_000), ("2023-07-04", 4_500_000_000)] {
        script.recorded_on(on);
        let data = funded("allocated", "dak_fisik", 2023, rupiah);
        let replacement = CorrectedContent { entity_done: "sentra.funded", happened: "2023-01-09", data };
        script.correct(target, &stream, on, replacement);
    }
    script.recorded_on("2023-12-27");
    for (source, rupiah) in [("dak_fisik", 4_410_000_000), ("apbd", 640_000_000)] {
        let spent = funded("realised", source, 2023, rupiah);
        script.propose("sentra.funded", &stream, "2023-12-22", spent);
    }
}

fn buildings(script: &mut Script) {
    let stream = subject("sentra", sentra());
    script.recorded_on("2023-12-20");
    script.propose("sentra.built", &stream, "2023-12-18", json!({}));
    script.recorded_on("2024-02-27");
    script.propose_of_month("sentra.opened", &stream, OPENED, json!({}));
    for kind in ["dye_house", "ipal", "showroom"] {
        script.propose_of_month("sentra.facility_added", &stream, OPENED, json!({"kind": kind}));
    }
    script.recorded_on("2024-05-23");
    let form = json!({"form": "cooperative"});
    script.propose("sentra.legal_form_recorded", &stream, "2024-05-20", form);
}

fn members(script: &mut Script, city: &City) {
    let sentra = sentra();
    script.recorded_on("2024-02-27");
    for ikm in &city.ikms[..10] {
        let data = json!({"sentra": sentra});
        script.propose("sentra.member_joined", &subject("ikm", ikm.id), "2024-02-19", data);
    }
    script.recorded_on("2025-03-13");
    let data = json!({"sentra": sentra, "reason": "moved_workshop"});
    script.propose("sentra.member_left", &subject("ikm", city.ikms[3].id), "2025-03-10", data);
}

fn reports(script: &mut Script, city: &City) {
    script.recorded_on("2023-05-18");
    for ikm in &city.ikms[..6] {
        script.report_workforce(ikm, ["2022-07-01", "2022-12-31"], "2023-05-15", 25);
    }
    // Five told their turnover of the year before, four of them that of the year after.
    for (places, of, happened, recorded, percent) in [
        (6..11, ["2022-01-01", "2022-12-31"], "2023-05-15", "2023-05-18", 100),
        (6..10, ["2024-01-01", "2024-12-31"], "2025-02-10", "2025-02-13", 108),
    ] {
        script.recorded_on(recorded);
        for place in places {
            let rupiah = (70_000_000 + 9_000_000 * place as u64) * percent / 100;
            script.report_turnover(&city.ikms[place], of, happened, rupiah);
        }
    }
    for (place, happened, recorded, country) in
        [(7, "2024-06-10", "2024-06-13", "JP"), (9, "2024-09-16", "2024-09-19", "AU")]
    {
        script.recorded_on(recorded);
        script.ship(&city.ikms[place], happened, country, 21_000_000 + 1_500_000 * place as u64);
    }
}
