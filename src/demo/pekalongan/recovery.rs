//! 2021: registrations, and a training for each thing that the office wanted.

use serde_json::json;

use super::super::people::Enterprise;
use super::super::script::{CorrectedContent, Script, Training, registration, subject};
use super::{OFFICE, program, session};

/// Kabupaten Pekalongan, whose name invites the slip that is corrected later.
const NAMESAKE_AREA: &str = "33.26";
const OPENED: &str = "2021-10-11";
const ENROLLED: &str = "2021-11-01";

pub(super) fn tell(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) {
    registrations(script, large, small);
    // Recorded a week after the statement of 4 October 2021.
    script.recorded_on("2021-10-12");
    let export = export_training(script, large, small);
    script.set_target(
        OPENED,
        json!({"document": "Rencana pemulihan 2021 (sintetis)", "figure": "participated", "theme": "export",
            "value": 15, "due": "2021-12-31", "baseline": {"value": 0, "year": 2020}}),
    );
    let digital = digital_marketing(script, large, small);
    let waste = waste_training(script, large);
    let workers = workers_and_heirs(script, large, small);
    script.recorded_on("2022-01-04");
    for training in [&export, &digital, &waste, &workers] {
        script.close(training, "2021-12-31");
    }
}

fn registrations(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) {
    script.recorded_on("2021-03-15");
    for ikm in large.iter().chain(&small[1..]) {
        script.register(ikm, "2021-03-01");
    }
    let mistyped = &small[0];
    let stream = subject("ikm", mistyped.id);
    let said = registration(mistyped, NAMESAKE_AREA);
    let target = script.propose("ikm.registered", &stream, "2021-03-01", said);
    // Nobody noticed for four years: the enterprise lies in the kota, not in the kabupaten of that name.
    script.recorded_on("2025-07-21");
    let data = registration(mistyped, OFFICE.area);
    let replacement = CorrectedContent { entity_done: "ikm.registered", happened: "2021-03-01", data };
    script.correct(target, &stream, "2025-07-21", replacement);
}

fn export_training(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) -> Training {
    let export = Training::new("33.75/export-2021", &["2021-11-16", "2021-11-17"]);
    let mut opening = program("Pelatihan ekspor bagi IKM batik (sintetis)", "export", 12, 2021);
    opening["targets"] =
        json!([{"figure": "enrolled", "value": 12}, {"figure": "export_trained", "value": 12}]);
    script.open(&export, OPENED, opening);
    let topics = session("Aula Contoh (sintetis)", &["dokumen ekspor", "pembayaran"]);
    script.schedule(&export, OPENED, 50, topics);
    script.report_spending(&export, OPENED, "planned", ("apbd", 2021), 60_000_000);
    let exporters: Vec<&Enterprise> = large[..8].iter().chain(&small[1..5]).collect();
    script.recorded_on("2021-11-02");
    for ikm in &exporters {
        script.enrol(&export, ikm, &[], ENROLLED);
    }
    script.recorded_on("2021-11-18");
    for (place, ikm) in exporters.iter().enumerate() {
        for day in export.days {
            // Two of the twelve missed the second day, so they did not complete.
            let missed = *day == "2021-11-17" && [3, 9].contains(&place);
            script.attend(&export, ikm, None, day, if missed { "absent" } else { "present" });
        }
    }
    script.recorded_on("2021-12-22");
    script.report_spending(&export, "2021-12-20", "realised", ("apbd", 2021), 52_400_000);
    export
}

/// Ten places for twelve: one leaves, one gets the place, one waits to this day. The second session is
/// called off.
fn digital_marketing(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) -> Training {
    let digital = Training::new("33.75/digital-2021", &["2021-11-30"]);
    let second = digital.another("33.75/digital-2021-second", &["2021-12-14"]);
    let stream = subject("program", digital.program);
    script.recorded_on("2021-10-12");
    let mut opening =
        program("Pelatihan pemasaran digital bagi IKM batik (sintetis)", "digital_marketing", 10, 2021);
    opening["targets"] = json!([{"figure": "trained", "value": 8}]);
    script.open(&digital, OPENED, opening);
    script.schedule(&digital, OPENED, 25, session("Aula Contoh (sintetis)", &["lokapasar", "foto produk"]));
    script.schedule(&second, OPENED, 25, session("Aula Contoh (sintetis)", &["iklan"]));
    script.report_spending(&digital, OPENED, "planned", ("apbd", 2021), 40_000_000);
    let mut sellers: Vec<&Enterprise> = small.iter().chain(&large[8..10]).collect();
    script.recorded_on("2021-11-02");
    for ikm in &sellers {
        script.enrol(&digital, ikm, &[], ENROLLED);
    }
    script.recorded_on("2021-11-04");
    for waiting in &large[10..12] {
        let data = json!({"program": digital.program});
        script.propose("enrolment.waitlisted", &subject("ikm", waiting.id), "2021-11-03", data);
    }
    script.recorded_on("2021-11-23");
    let leaves = json!({"program": digital.program, "reason": "large_order"});
    script.propose("enrolment.withdrawn", &subject("ikm", small[7].id), "2021-11-22", leaves);
    script.recorded_on("2021-11-25");
    let data = json!({"program": digital.program});
    script.propose("enrolment.promoted", &subject("ikm", large[10].id), "2021-11-24", data);
    sellers[7] = &large[10];
    script.recorded_on("2021-12-01");
    for (place, ikm) in sellers.iter().enumerate() {
        let status = if place == 6 { "excused" } else { "present" };
        script.attend(&digital, ikm, None, "2021-11-30", status);
    }
    script.recorded_on("2021-12-10");
    let off = json!({"session": second.session, "reason": "instructor_ill"});
    script.propose("program.session_cancelled", &stream, "2021-12-09", off);
    script.recorded_on("2021-12-22");
    script.report_spending(&digital, "2021-12-20", "realised", ("apbd", 2021), 33_500_000);
    digital
}

fn waste_training(script: &mut Script, large: &[Enterprise]) -> Training {
    let waste = Training::new("33.75/waste-2021", &["2021-11-09"]);
    script.recorded_on("2021-10-12");
    let mut opening = program("Pelatihan pengelolaan limbah batik (sintetis)", "waste_management", 10, 2021);
    opening["targets"] = json!([{"figure": "trained", "value": 10}]);
    script.open(&waste, OPENED, opening);
    script.schedule(
        &waste,
        OPENED,
        40,
        session("Balai Contoh (sintetis)", &["instalasi pengolahan air limbah"]),
    );
    script.report_spending(&waste, OPENED, "allocated", ("apbd", 2021), 45_000_000);
    script.recorded_on("2021-11-02");
    for ikm in &large[..10] {
        script.enrol(&waste, ikm, &[], ENROLLED);
    }
    script.recorded_on("2021-11-11");
    for (place, ikm) in large[..10].iter().enumerate() {
        script.attend(&waste, ikm, None, "2021-11-09", if place == 8 { "excused" } else { "present" });
    }
    script.recorded_on("2021-12-22");
    script.report_spending(&waste, "2021-12-20", "realised", ("apbd", 2021), 44_800_000);
    waste
}

/// Two groups of six, each with a session of its own.
fn workers_and_heirs(script: &mut Script, large: &[Enterprise], small: &[Enterprise]) -> Training {
    let first = Training::new("33.75/workers-2021", &["2021-11-22"]);
    let groups =
        [("first", first.clone()), ("second", first.another("33.75/workers-2021-second", &["2021-11-23"]))];
    script.recorded_on("2021-10-12");
    let title = "Jaminan sosial pekerja dan regenerasi perajin (sintetis)";
    script.open(&first, OPENED, program(title, "workforce", 12, 2021));
    for (group, training) in &groups {
        let mut about =
            session("Aula Contoh (sintetis)", &["BPJS Ketenagakerjaan dan Kesehatan", "perajin muda"]);
        about["group"] = json!(group);
        script.schedule(training, OPENED, 100, about);
    }
    let halves = [&large[..6], &small[..6]];
    script.recorded_on("2021-11-02");
    for ((group, training), half) in groups.iter().zip(halves) {
        for ikm in half {
            let data = json!({"program": training.program, "group": group});
            script.propose("enrolment.made", &subject("ikm", ikm.id), ENROLLED, data);
        }
    }
    script.recorded_on("2021-11-25");
    for ((_, training), half) in groups.iter().zip(halves) {
        for ikm in half {
            let status = if ikm.id == small[5].id { "absent" } else { "present" };
            script.attend(training, ikm, None, training.days[0], status);
        }
    }
    first
}
