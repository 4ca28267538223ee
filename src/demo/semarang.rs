//! Kota Semarang (33.74): product standardisation for Sentra Batik Malon, Gunungpati.
//!
//! From the article: Dinas Perindustrian; speakers from the national batik centre (BBSPJIKB) and
//! LPPSP; 20 % theory and 80 % practice; held for the third time, Friday 11 November 2022; an
//! exhibition early in December. It does not say when the two earlier editions were, nor how many
//! took part: those are made up. One enterprise is entered twice and taken back, as happens.

use serde_json::json;

use super::Step;
use super::people::{Enterprise, Person, Size, uuid};
use super::script::{Office, Script, Training, subject};

const OFFICE: Office = Office { area: "33.74", name: "disperin" };
const REGISTERED: &str = "2021-08-02";

/// An edition of the training: which it is, its day, who opened it when, and how many took part.
struct Edition {
    number: &'static str,
    days: &'static [&'static str],
    opened: &'static str,
    recorded: [&'static str; 3],
    ikms: std::ops::Range<usize>,
}

const EDITIONS: [Edition; 3] = [
    Edition {
        number: "pertama",
        days: &["2021-09-14"],
        opened: "2021-08-23",
        recorded: ["2021-08-24", "2021-09-07", "2021-09-16"],
        ikms: 0..6,
    },
    Edition {
        number: "kedua",
        days: &["2022-03-22"],
        opened: "2022-03-01",
        recorded: ["2022-03-02", "2022-03-15", "2022-03-24"],
        ikms: 4..10,
    },
    Edition {
        number: "ketiga",
        days: &["2022-11-11"],
        opened: "2022-10-17",
        recorded: ["2022-10-18", "2022-11-04", "2022-11-14"],
        ikms: 0..14,
    },
];

pub(super) fn steps() -> Vec<Step> {
    let mut script = Script::new(OFFICE);
    let ikms = Enterprise::several(OFFICE.area, 0..14, Size::Small);
    let speakers = Person::several(OFFICE.area, 2);
    script.recorded_on("2021-08-09");
    for ikm in &ikms {
        script.register(ikm, REGISTERED);
    }
    for speaker in &speakers {
        script.register_person(speaker, None, REGISTERED);
    }
    for edition in &EDITIONS {
        hold(&mut script, edition, &ikms, &speakers);
    }
    exhibition(&mut script, &ikms);
    script.finish()
}

fn hold(script: &mut Script, edition: &Edition, ikms: &[Enterprise], speakers: &[Person]) {
    let training = Training::new(&format!("33.74/standardisation-{}", edition.number), edition.days);
    let third = edition.number == "ketiga";
    let day = edition.days[0];
    let [opened, enrolled, attended] = edition.recorded;
    script.recorded_on(opened);
    script.open(
        &training,
        edition.opened,
        json!({
            "title": format!("Pelatihan standardisasi produk, edisi {} (sintetis)", edition.number),
            "theme": "standardisation", "organiser": "Dinas Perindustrian Kota Semarang", "unit": "ikm",
            "partners": ["BBSPJIKB", "LPPSP"],
        }),
    );
    let mut session = json!({
        "venue": if third { "Sentra Batik Malon, Gunungpati" } else { "Balai Contoh (sintetis)" },
        "topics": ["standardisasi produk"],
        "instructors": speakers.iter().map(|speaker| speaker.id).collect::<Vec<_>>(),
    });
    if third {
        session["sentra"] = json!(uuid("sentra/33.74/malon"));
    }
    script.schedule(&training, edition.opened, 20, session);

    let taking_part = &ikms[edition.ikms.clone()];
    script.recorded_on(enrolled);
    for ikm in taking_part {
        script.enrol(&training, ikm, &[], enrolled);
    }
    // The third enterprise again, under another id and a name typed in a hurry.
    let twin = Enterprise {
        name: "Batik Cempaka (sintetis)".into(),
        ..Enterprise::new(OFFICE.area, 90, Size::Small)
    };
    let mut entered_twice = Vec::new();
    if third {
        entered_twice.push(script.register(&twin, enrolled));
        entered_twice.push(script.enrol(&training, &twin, &[], enrolled));
    }
    script.recorded_on(attended);
    for (place, ikm) in taking_part.iter().enumerate() {
        let status = if place == 5 { "absent" } else { "present" };
        script.attend(&training, ikm, None, day, status);
    }
    if third {
        entered_twice.push(script.attend(&training, &twin, None, day, "present"));
        // What rests on the registration goes with it, or nothing goes.
        script.recorded_together_on("2023-02-20");
        for target in entered_twice.into_iter().rev() {
            script.retract(target, &twin, "2023-02-20");
        }
    }
}

fn exhibition(script: &mut Script, ikms: &[Enterprise]) {
    let exhibition = uuid("exhibition/33.74/2022-12");
    script.recorded_on("2022-11-28");
    script.propose(
        "exhibition.announced",
        &subject("exhibition", exhibition),
        "2022-11-25",
        json!({
            "area": "33.74", "from": "2022-12-02", "to": "2022-12-04", "level": "city",
            "name": "Pameran hasil pelatihan standardisasi (sintetis)", "venue": "Gedung Contoh (sintetis)",
        }),
    );
    script.recorded_on("2022-12-06");
    for (place, ikm) in ikms[..8].iter().enumerate() {
        let mut data =
            json!({"exhibition": exhibition, "products": ["batik_tulis"], "visitors": 25 + 3 * place});
        // Not everybody tells what was sold.
        if place % 3 != 0 {
            data["sales"] = json!(1_500_000 + 125_000 * place);
            data["buyers"] = json!(3 + place);
        }
        script.propose("exhibition.joined", &subject("ikm", ikm.id), "2022-12-02", data);
    }
}
