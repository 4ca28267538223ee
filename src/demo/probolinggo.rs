//! Kota Probolinggo (35.74): basic batik.
//!
//! From the article: DKUPP; Aula Bakesbangpol, Monday 23 to Friday 27 May 2022; 30 participants;
//! instructors from Kipro; paid from DAK; a flagship product by Perwali 39/2019; UU 3/2014; a batik house
//! to be built that year. The participants, who they work for and which days they came are made up. The
//! programme counts persons; one of them comes in her own name, and registers an enterprise later.

mod afterwards;

use serde_json::json;

use super::DemoStep;
use super::people::{Enterprise, Person, Size};
use super::script::{CorrectedContent, Office, Script, Training, attendance, subject};

const OFFICE: Office = Office { area: "35.74", name: "dkupp" };
const DAYS: [&str; 5] = ["2022-05-23", "2022-05-24", "2022-05-25", "2022-05-26", "2022-05-27"];
const PERSONS_PER_IKM: usize = 3;
/// Came on four days; one of them was typed wrongly.
const MISTYPED: usize = 11;
/// Came on three days only.
const LEFT_EARLY: usize = 19;
/// Works for nobody, and comes in her own name.
const BEGINNER: usize = 29;

pub(super) fn steps() -> Vec<DemoStep> {
    let mut script = Script::new(OFFICE);
    let ikms = Enterprise::several(OFFICE.area, 0..12, Size::Small);
    let persons = Person::several(OFFICE.area, 30);
    let instructor = Person::new(OFFICE.area, 30);
    let training = Training::new("35.74/basic-batik-2022", &DAYS);

    script.recorded_on("2022-04-06");
    // The first of those that an enterprise sends owns it.
    let owners: Vec<&Person> = persons.iter().step_by(PERSONS_PER_IKM).collect();
    for owner in &owners {
        script.register_person(owner, None, "2022-04-04");
    }
    for (place, ikm) in ikms.iter().enumerate() {
        script.register_owned(ikm, owners.get(place).copied(), "2022-04-04");
    }
    for (place, person) in persons.iter().enumerate().filter(|(place, _)| place % PERSONS_PER_IKM != 0) {
        script.register_person(person, employer(&ikms, place), "2022-04-04");
    }
    script.register_person(&instructor, None, "2022-04-04");

    script.recorded_on("2022-04-26");
    script.open(&training, "2022-04-25", json!({
        "title": "Pelatihan membatik dasar (sintetis)", "theme": "basic_batik", "organiser": "DKUPP Kota Probolinggo",
        "unit": "person", "quota": 30, "partners": ["Kipro"], "funding": [{"fiscal_year": 2022, "source": "dak_nonfisik"}],
        "legal_basis": "UU 3/2014; Perwali Kota Probolinggo 39/2019",
    }));
    script.schedule(
        &training,
        "2022-04-25",
        20,
        json!({
            "venue": "Aula Bakesbangpol", "topics": ["membatik dasar"], "instructors": [instructor.id],
        }),
    );
    script.report_spending(&training, "2022-04-25", "allocated", ("dak_nonfisik", 2022), 150_000_000);
    script.recorded_on("2022-05-10");
    for (place, sent) in persons[..BEGINNER].chunks(PERSONS_PER_IKM).enumerate() {
        script.enrol(&training, &ikms[place], &sent.iter().collect::<Vec<_>>(), "2022-05-09");
    }
    script.enrol_in_own_name(&training, &persons[BEGINNER], "2022-05-09");

    attend_the_week(&mut script, &training, &ikms, &persons);
    // Who left early had left the IKM, too.
    let left = subject("person", persons[LEFT_EARLY].id);
    script.propose("person.profile_changed", &left, "2022-07-11", json!({"leaves_ikm": true}));
    afterwards::tell(&mut script, &training, &ikms, &persons[BEGINNER]);
    script.finish()
}

fn employer(ikms: &[Enterprise], person: usize) -> Option<&Enterprise> {
    (person != BEGINNER).then(|| &ikms[person / PERSONS_PER_IKM])
}

fn attend_the_week(script: &mut Script, training: &Training, ikms: &[Enterprise], persons: &[Person]) {
    script.recorded_on("2022-05-27");
    let mut mistyped = None;
    for (place, person) in persons.iter().enumerate() {
        for day in &DAYS[..4] {
            let attended = match place {
                // Was there on the 24th and away on the 25th; the list says it the other way round.
                MISTYPED => *day != "2022-05-24",
                LEFT_EARLY => *day != "2022-05-26",
                _ => true,
            };
            if attended {
                let id = script.attend_as(training, employer(ikms, place), person, day, "present");
                if place == MISTYPED && *day == "2022-05-25" {
                    mistyped = Some(id);
                }
            }
        }
    }
    if let Some(target) = mistyped {
        script.recorded_on("2022-06-20");
        script.correct(
            target,
            &subject("ikm", ikms[MISTYPED / PERSONS_PER_IKM].id),
            "2022-06-20",
            CorrectedContent {
                entity_done: "training.attended",
                happened: "2022-05-24",
                data: attendance(training, Some(&persons[MISTYPED]), "2022-05-24", "present"),
            },
        );
    }
    // The list of the last day came seven weeks after it: recorded late, and flagged so.
    script.recorded_on("2022-07-15");
    for (place, person) in persons.iter().enumerate() {
        if place != LEFT_EARLY {
            script.attend_as(training, employer(ikms, place), person, DAYS[4], "present");
        }
    }
}
