//! Sentra Batik Malon, Gunungpati, which stood before the registry did; and what the office reports of the
//! city. Days, members and facilities of the sentra are made up.

use serde_json::json;
use uuid::Uuid;

use super::super::people::{Enterprise, uuid};
use super::super::script::{Script, subject};
use super::{ENTERED_AGAIN, entered_again};

/// The stream of the sentra.
pub(super) fn sentra() -> Uuid {
    uuid("sentra/33.74/malon")
}

pub(super) fn tell(script: &mut Script, ikms: &[Enterprise]) {
    buildings(script);
    members(script, ikms);
    city(script);
    // Five told their turnover of the year before the third edition, four of them that of the year after.
    for (ikms, of, happened, recorded, percent) in [
        (&ikms[..5], ["2021-01-01", "2021-12-31"], "2022-02-07", "2022-02-10", 100),
        (&ikms[..4], ["2023-01-01", "2023-12-31"], "2024-02-05", "2024-02-08", 110),
    ] {
        script.recorded_on(recorded);
        for (place, ikm) in ikms.iter().enumerate() {
            let rupiah = (90_000_000 + 12_000_000 * place as u64) * percent / 100;
            script.report_turnover(ikm, of, happened, rupiah);
        }
    }
}

/// Recorded when the office began to record, years late.
fn buildings(script: &mut Script) {
    let stream = subject("sentra", sentra());
    script.recorded_on("2021-08-09");
    script.propose(
        "sentra.planned",
        &stream,
        "2018-03-05",
        json!({
            "area": "33.74", "commodity": "batik", "name": "Sentra Batik Malon, Gunungpati (data sintetis)",
        }),
    );
    script.propose("sentra.built", &stream, "2018-11-26", json!({}));
    script.propose("sentra.opened", &stream, "2019-01-14", json!({}));
    script.propose("sentra.facility_added", &stream, "2019-01-14", json!({"kind": "training_hall"}));
    script.recorded_on("2023-06-22");
    script.propose("sentra.facility_added", &stream, "2023-06-19", json!({"kind": "ipal"}));
}

fn members(script: &mut Script, ikms: &[Enterprise]) {
    let sentra = sentra();
    let again = entered_again();
    let own = subject("ikm", ikms[ENTERED_AGAIN].id);
    script.recorded_on("2022-04-07");
    for ikm in ikms[..5].iter().chain([&again]) {
        script.propose(
            "sentra.member_joined",
            &subject("ikm", ikm.id),
            "2022-04-04",
            json!({"sentra": sentra}),
        );
    }
    // Found out a year later: the newcomer of the second edition had been in the register all along. From
    // here on both streams are one, with what was recorded under each.
    script.recorded_on("2023-04-17");
    let into = json!({"into": ikms[ENTERED_AGAIN].id, "reason": "registered_twice"});
    script.propose("ikm.merged", &subject("ikm", again.id), "2023-04-17", into);
    // It joined the sentra under one id and leaves it under the other.
    script.recorded_on("2024-01-11");
    let leaves = json!({"sentra": sentra, "reason": "moved_workshop"});
    script.propose("sentra.member_left", &own, "2024-01-08", leaves);
    script.recorded_on("2024-09-02");
    let closed = json!({"reason": "owner_retired"});
    script.propose("ikm.closed", &subject("ikm", ikms[13].id), "2024-06-03", closed);
}

fn city(script: &mut Script) {
    // The source's own figures: small and medium add up to 3629.
    script.recorded_on("2022-11-21");
    script.report_population(
        "2021-12-31",
        json!({
            "commodity": "all", "total": 3638, "kecil": 2840, "menengah": 789,
            "source": "Suara Baru, artikel tentang pelatihan standardisasi di Sentra Batik Malon",
            "document": "urn:example:suara-baru:002_388c9fec472f7b65",
        }),
    );
    for (declared, through) in [("2023-01-09", "2022-11-30"), ("2023-04-24", "2022-12-31")] {
        script.recorded_on(declared);
        script.declare_complete(declared, json!({"theme": "standardisation", "through": through}));
    }
}
