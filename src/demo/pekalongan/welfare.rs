//! Workers, turnover, waste-water plants, exports, and who closed, reopened or grew.

use serde_json::json;

use super::super::people::Enterprise;
use super::super::reports::ReportPeriod;
use super::super::script::{Script, subject};

const FIRST_HALF_2021: ReportPeriod = ["2021-01-01", "2021-06-30"];
const FIRST_HALF_2022: ReportPeriod = ["2022-01-01", "2022-06-30"];
const FIRST_HALF_2025: ReportPeriod = ["2025-01-01", "2025-06-30"];

pub(super) fn tell(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) {
    script.recorded_on("2021-07-15");
    for ikm in large[..12].iter().chain(&small[..4]) {
        script.report_workforce(ikm, FIRST_HALF_2021, "2021-07-12", 20);
    }
    // A year after the trainings more of their workers are insured; made up, and no proof of anything.
    script.recorded_on("2022-07-14");
    for ikm in &large[..8] {
        script.report_workforce(ikm, FIRST_HALF_2022, "2022-07-11", 45);
    }
    script.recorded_on("2025-09-04");
    for ikm in &large[12..22] {
        script.report_workforce(ikm, FIRST_HALF_2025, "2025-09-01", 50);
    }
    turnover(script, large);
    waste_water_plants(script, large);
    exports(script, large, small);
    lives(script, small);
}

fn turnover(script: &mut Script, large: &[Enterprise]) {
    let yearly = |place: usize| 600_000_000 + 40_000_000 * place as u64;
    script.recorded_on("2021-04-15");
    for (place, ikm) in large[..8].iter().enumerate() {
        script.report_turnover(ikm, ["2020-01-01", "2020-12-31"], "2021-04-12", yearly(place));
    }
    script.recorded_on("2023-02-09");
    for (place, ikm) in large[..6].iter().enumerate() {
        let changed = yearly(place) * (95 + 5 * place as u64) / 100;
        script.report_turnover(ikm, ["2022-01-01", "2022-12-31"], "2023-02-06", changed);
    }
    script.recorded_on("2026-04-22");
    for (place, ikm) in large[..5].iter().enumerate() {
        script.report_turnover(ikm, ["2026-01-01", "2026-03-31"], "2026-04-20", yearly(place) * 28 / 100);
    }
}

fn waste_water_plants(script: &mut Script, large: &[Enterprise]) {
    // One list for three: the first of them stood for six weeks when it came.
    script.recorded_on("2022-06-27");
    for (place, since) in [(0, "2022-05-16"), (2, "2022-06-13"), (5, "2022-06-20")] {
        script.add_facility(&large[place], since, "ipal");
    }
    script.recorded_on("2023-04-13");
    script.add_facility(&large[9], "2023-04-10", "ipal");
}

fn exports(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) {
    script.recorded_on("2022-11-14");
    script.ship(&large[0], "2022-08-15", "JP", 85_000_000);
    script.ship(&large[1], "2022-09-12", "SG", 42_000_000);
    script.ship(&small[1], "2022-11-07", "MY", 18_500_000);
    script.recorded_on("2023-02-27");
    script.ship(&large[0], "2023-02-20", "US", 96_000_000);
    script.recorded_on("2026-06-11");
    script.ship(&large[3], "2026-05-04", "JP", 74_000_000);
    script.ship(&large[6], "2026-06-08", "NL", 61_500_000);
}

fn lives(script: &mut Script, small: &[Enterprise]) {
    let stream = |place: usize| subject("ikm", small[place].id);
    script.recorded_on("2022-09-20");
    script.propose("ikm.closed", &stream(7), "2022-09-01", json!({"reason": "owner_ill"}));
    script.recorded_on("2023-03-07");
    script.propose("ikm.reopened", &stream(7), "2023-03-01", json!({"reason": "taken_over"}));
    script.recorded_on("2024-02-12");
    script.propose("ikm.closed", &stream(6), "2024-02-01", json!({"reason": "no_successor"}));
    // Grown out of the small ones: both inputs of the size class are said again.
    script.recorded_on("2024-07-15");
    let grown = json!({"workers": 26, "investment": 900_000_000});
    script.propose("ikm.profile_changed", &stream(1), "2024-07-01", grown);
}
