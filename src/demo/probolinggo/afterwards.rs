//! The batik house that was planned and of which no more is known, and what became of the enterprises.

use serde_json::json;

use super::super::people::{Enterprise, Person, Size, uuid};
use super::super::script::{Script, Training, subject};

pub(super) fn tell(script: &mut Script, training: &Training, ikms: &[Enterprise], beginner: &Person) {
    batik_house(script);
    script.recorded_on("2022-07-20");
    script.report_spending(training, "2022-07-18", "realised", ("dak_nonfisik", 2022), 141_000_000);
    script.recorded_on("2022-08-02");
    script.close(training, "2022-07-29");
    script.recorded_on("2023-01-16");
    script.declare_complete("2023-01-16", json!({"theme": "basic_batik", "through": "2022-12-31"}));
    // Who came in her own name has an enterprise of her own now.
    script.recorded_on("2023-02-20");
    let own = Enterprise::new("35.74", ikms.len(), Size::Small);
    script.register_owned(&own, Some(beginner), "2023-02-13");
    // One went from the kota to the kabupaten of the same name, and takes its figures along.
    script.recorded_on("2023-09-11");
    let moved = json!({"area": "35.13", "village": "Desa Contoh 3"});
    script.propose("ikm.profile_changed", &subject("ikm", ikms[9].id), "2023-09-04", moved);
    script.recorded_on("2024-03-11");
    let closed = json!({"reason": "owner_retired"});
    script.propose("ikm.closed", &subject("ikm", ikms[11].id), "2024-03-04", closed);
}

/// To be built in 2022, as the article says; how much money, it does not say, and nothing says that it was
/// built. The source is recorded as claimed: buildings are normally paid from DAK fisik.
fn batik_house(script: &mut Script) {
    let stream = subject("sentra", uuid("sentra/35.74/batik-house"));
    script.recorded_on("2022-05-30");
    script.propose(
        "sentra.planned",
        &stream,
        "2022-05-23",
        json!({"area": "35.74", "commodity": "batik", "name": "Rumah batik Kota Probolinggo (data sintetis)"}),
    );
    let data = json!({"stage": "planned", "source": "dak_nonfisik", "fiscal_year": 2022});
    script.propose("sentra.funded", &stream, "2022-05-23", data);
}
