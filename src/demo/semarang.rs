//! Kota Semarang (33.74): product standardisation for Sentra Batik Malon, Gunungpati.
//!
//! From the article: Dinas Perindustrian; speakers from the national batik centre (BBSPJIKB) and
//! LPPSP; 20 % theory and 80 % practice; held for the third time, Friday 11 November 2022; an
//! exhibition early in December; 3638 IKMs up to 2021, said to be 2840 small and 789 medium ones. It does
//! not say when the two earlier editions were, nor how many took part: those are made up. Two enterprises
//! are entered twice, as happens: one entry is taken back, the other one is merged.

mod malon;

use serde_json::json;
use uuid::Uuid;

use super::DemoStep;
use super::people::{Enterprise, Person, Size, uuid};
use super::script::{Office, Script, Training, subject};

const OFFICE: Office = Office { area: "33.74", name: "disperin" };
const REGISTERED: &str = "2021-08-02";
/// Registered again for the second edition, under another id.
const ENTERED_AGAIN: usize = 8;

/// An edition of the training: which it is, its day, when it was opened and recorded, and who took part.
struct Edition {
    number: &'static str,
    days: &'static [&'static str],
    /// The day it was first put on the calendar for, and when it was moved from there.
    moved: Option<(&'static [&'static str], &'static str)>,
    opened: &'static str,
    recorded: [&'static str; 3],
    ikms: std::ops::Range<usize>,
}

const EDITIONS: [Edition; 3] = [
    Edition {
        number: "pertama",
        days: &["2021-09-14"],
        moved: None,
        opened: "2021-08-23",
        recorded: ["2021-08-24", "2021-09-07", "2021-09-16"],
        ikms: 0..6,
    },
    Edition {
        number: "kedua",
        days: &["2022-03-22"],
        moved: Some((&["2022-03-15"], "2022-03-10")),
        opened: "2022-03-01",
        recorded: ["2022-03-02", "2022-03-08", "2022-03-24"],
        ikms: 4..10,
    },
    Edition {
        number: "ketiga",
        days: &["2022-11-11"],
        moved: None,
        opened: "2022-10-17",
        recorded: ["2022-10-18", "2022-11-04", "2022-11-14"],
        ikms: 0..14,
    },
];

pub(super) fn steps() -> Vec<DemoStep> {
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
    malon::tell(&mut script, &ikms);
    for edition in &EDITIONS {
        hold(&mut script, edition, &ikms, &speakers);
    }
    exhibition(&mut script, &ikms);
    script.finish()
}

/// The enterprise that was entered twice: the stream that is left.
pub(super) fn entered_twice() -> Uuid {
    Enterprise::new(OFFICE.area, ENTERED_AGAIN, Size::Small).id
}

/// The enterprise that was entered again, as it stands there.
fn entered_again() -> Enterprise {
    let name = "Batik Seruni Gunungpati (sintetis)".into();
    Enterprise { name, ..Enterprise::new(OFFICE.area, 91, Size::Small) }
}

fn hold(script: &mut Script, edition: &Edition, ikms: &[Enterprise], speakers: &[Person]) {
    let training = Training::new(&format!("33.74/standardisation-{}", edition.number), edition.days);
    let third = edition.number == "ketiga";
    let [opened, enrolled, attended] = edition.recorded;
    script.recorded_on(opened);
    open(script, &training, edition, speakers);
    if third {
        script.report_spending(&training, edition.opened, "allocated", ("apbd", 2022), 75_000_000);
    }

    let mut taking_part: Vec<Enterprise> = ikms[edition.ikms.clone()].to_vec();
    script.recorded_on(enrolled);
    if edition.number == "kedua" {
        let again = entered_again();
        script.register(&again, enrolled);
        taking_part[ENTERED_AGAIN - edition.ikms.start] = again;
    }
    for ikm in &taking_part {
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
    if let Some((_, decided)) = edition.moved {
        script.recorded_on(decided);
        let data = json!({"session": training.session, "days": training.schedule(20)});
        let stream = subject("program", training.program);
        script.propose("program.session_rescheduled", &stream, decided, data);
    }
    script.recorded_on(attended);
    for (place, ikm) in taking_part.iter().enumerate() {
        let status = if place == 5 { "absent" } else { "present" };
        script.attend(&training, ikm, None, edition.days[0], status);
    }
    if third {
        entered_twice.push(script.attend(&training, &twin, None, edition.days[0], "present"));
        script.recorded_on("2022-12-20");
        script.report_spending(&training, "2022-12-19", "realised", ("apbd", 2022), 71_300_000);
        // What rests on the registration goes with it, or nothing goes.
        script.recorded_together_on("2023-02-20");
        for target in entered_twice.into_iter().rev() {
            script.retract(target, &subject("ikm", twin.id), "2023-02-20", "entered_twice");
        }
    }
}

fn open(script: &mut Script, training: &Training, edition: &Edition, speakers: &[Person]) {
    let third = edition.number == "ketiga";
    let mut opening = json!({
        "title": format!("Pelatihan standardisasi produk, edisi {} (sintetis)", edition.number),
        "theme": "standardisation", "organiser": "Dinas Perindustrian Kota Semarang", "unit": "ikm",
        "partners": ["BBSPJIKB", "LPPSP"],
    });
    let mut session = json!({
        "venue": if third { "Sentra Batik Malon, Gunungpati" } else { "Balai Contoh (sintetis)" },
        "topics": ["standardisasi produk"],
        "instructors": speakers.iter().map(|speaker| speaker.id).collect::<Vec<_>>(),
    });
    if third {
        opening["targets"] = json!([{"figure": "trained", "value": 14}]);
        session["sentra"] = json!(malon::sentra());
    }
    script.open(training, edition.opened, opening);
    let first_planned = edition.moved.map_or(edition.days, |(days, _)| days);
    let planned = Training { days: first_planned, ..training.clone() };
    script.schedule(&planned, edition.opened, 20, session);
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
