//! How a city's part of the story is put down: what happened when, and when the office recorded it.

use chrono::NaiveDate;
use jejak_events::time::RecordedTime;
use serde_json::{Value, json};
use uuid::Uuid;

use super::DemoStep;
use super::people::{Enterprise, Person, event_id, uuid};

/// Minutes of a day of eight lesson hours (8 JP of 45 minutes).
pub(super) const DAY_MINUTES: u64 = 360;

/// The office that records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Office {
    pub(super) area: &'static str,
    pub(super) name: &'static str,
}

/// A programme with one of its sessions: most have no other.
#[derive(Clone, Debug)]
pub(super) struct Training {
    pub(super) program: Uuid,
    pub(super) session: Uuid,
    pub(super) days: &'static [&'static str],
}

impl Training {
    /// Identifiers from a label, such as `33.75/green-2025`.
    pub(super) fn new(label: &str, days: &'static [&'static str]) -> Self {
        let of = |kind: &str| uuid(&format!("{kind}/{label}"));
        Self { program: of("program"), session: of("session"), days }
    }

    /// Another session of the same programme.
    pub(super) fn another(&self, label: &str, days: &'static [&'static str]) -> Self {
        Self { program: self.program, session: uuid(&format!("session/{label}")), days }
    }

    /// The days of the session with the same minutes each, as `program.session_scheduled` wants them.
    pub(super) fn schedule(&self, theory_percent: u64) -> Value {
        let theory = DAY_MINUTES * theory_percent / 100;
        let day = |date: &&str| json!({"date": date, "practice_minutes": DAY_MINUTES - theory, "theory_minutes": theory});
        self.days.iter().map(day).collect()
    }
}

/// One office's proposals, in the order it made them.
#[derive(Debug)]
pub(super) struct Script {
    office: Office,
    proposed: u32,
    steps: Vec<DemoStep>,
}

impl Script {
    pub(super) fn new(office: Office) -> Self {
        Self { office, proposed: 0, steps: Vec::new() }
    }

    /// The city of the office.
    pub(super) fn area(&self) -> &'static str {
        self.office.area
    }

    /// What was put down.
    pub(super) fn finish(self) -> Vec<DemoStep> {
        self.steps
    }

    /// What follows is recorded on this day, each proposal for itself.
    pub(super) fn recorded_on(&mut self, date: &str) {
        self.steps.push(DemoStep { recorded: office_hours(date), proposals: Vec::new(), atomic: false });
    }

    /// What follows is recorded on this day, all of it or none.
    pub(super) fn recorded_together_on(&mut self, date: &str) {
        self.steps.push(DemoStep { recorded: office_hours(date), proposals: Vec::new(), atomic: true });
    }

    /// Proposes an event and returns its id. `entity_done` is the type without prefix and version.
    pub(super) fn propose(&mut self, entity_done: &str, subject: &str, happened: &str, data: Value) -> Uuid {
        let Office { area, name } = self.office;
        let Some(step) = self.steps.last_mut() else {
            unreachable!("a script says first when it is recorded")
        };
        let id = event_id(step.recorded.unix_ms(), &format!("event/{area}/{}", self.proposed));
        self.proposed += 1;
        step.proposals.push(json!({
            "id": id,
            "source": format!("urn:jejak:{area}:{name}"),
            "authtype": "app_user",
            "authid": "petugas-1",
            "type": full_type(entity_done),
            "subject": subject,
            "time": midnight(happened),
            "data": data,
        }));
        id
    }

    /// As [`Self::propose`], of something that is known to have happened in that month only; `happened` is
    /// its first day.
    pub(super) fn propose_of_month(
        &mut self,
        entity_done: &str,
        subject: &str,
        happened: &str,
        data: Value,
    ) -> Uuid {
        let id = self.propose(entity_done, subject, happened, data);
        if let Some(proposal) = self.steps.last_mut().and_then(|step| step.proposals.last_mut()) {
            proposal["timeprecision"] = json!("month");
        }
        id
    }

    /// Registers an enterprise in the city of the office.
    pub(super) fn register(&mut self, ikm: &Enterprise, happened: &str) -> Uuid {
        let data = registration(ikm, self.office.area);
        self.propose("ikm.registered", &subject("ikm", ikm.id), happened, data)
    }

    /// The same of one whose owner is told, if he or she is.
    pub(super) fn register_owned(
        &mut self,
        ikm: &Enterprise,
        owner: Option<&Person>,
        happened: &str,
    ) -> Uuid {
        let mut data = registration(ikm, self.office.area);
        if let Some(owner) = owner {
            data["owner"] = json!(owner.id);
        }
        self.propose("ikm.registered", &subject("ikm", ikm.id), happened, data)
    }

    /// Registers a person, for an enterprise or for nobody.
    pub(super) fn register_person(
        &mut self,
        person: &Person,
        ikm: Option<&Enterprise>,
        happened: &str,
    ) -> Uuid {
        let mut data = json!({
            "name": person.name, "nik": person.nik, "phone": person.phone, "sex": person.sex,
            "birth_year": person.birth_year,
        });
        // Whoever works for no IKM says where they are.
        match ikm {
            Some(ikm) => data["ikm"] = json!(ikm.id),
            None => data["area"] = json!(self.office.area),
        }
        self.propose("person.registered", &subject("person", person.id), happened, data)
    }

    /// Opens a programme.
    pub(super) fn open(&mut self, training: &Training, happened: &str, mut data: Value) -> Uuid {
        data["area"] = json!(self.office.area);
        self.propose("program.opened", &subject("program", training.program), happened, data)
    }

    /// Puts the session of a programme on the calendar.
    pub(super) fn schedule(
        &mut self,
        training: &Training,
        happened: &str,
        theory_percent: u64,
        mut data: Value,
    ) -> Uuid {
        data["session"] = json!(training.session);
        data["days"] = training.schedule(theory_percent);
        self.propose("program.session_scheduled", &subject("program", training.program), happened, data)
    }

    /// Enrols an enterprise, with the persons it sends.
    pub(super) fn enrol(
        &mut self,
        training: &Training,
        ikm: &Enterprise,
        persons: &[&Person],
        happened: &str,
    ) -> Uuid {
        let mut data = json!({"program": training.program});
        if !persons.is_empty() {
            data["persons"] = persons.iter().map(|person| json!(person.id)).collect();
        }
        self.propose("enrolment.made", &subject("ikm", ikm.id), happened, data)
    }

    /// Gives a person a place in their own name.
    pub(super) fn enrol_in_own_name(&mut self, training: &Training, person: &Person, happened: &str) -> Uuid {
        let data = json!({"program": training.program});
        self.propose("enrolment.made", &subject("person", person.id), happened, data)
    }

    /// Records one day of a session of a person, whom an enterprise sends or who comes in their own name.
    pub(super) fn attend_as(
        &mut self,
        training: &Training,
        ikm: Option<&Enterprise>,
        person: &Person,
        day: &str,
        status: &str,
    ) -> Uuid {
        match ikm {
            Some(ikm) => self.attend(training, ikm, Some(person), day, status),
            None => {
                let data = attendance(training, None, day, status);
                self.propose("training.attended", &subject("person", person.id), day, data)
            }
        }
    }

    /// Records one day of a session: of a person, or of the enterprise's delegation.
    pub(super) fn attend(
        &mut self,
        training: &Training,
        ikm: &Enterprise,
        person: Option<&Person>,
        day: &str,
        status: &str,
    ) -> Uuid {
        let data = attendance(training, person, day, status);
        self.propose("training.attended", &subject("ikm", ikm.id), day, data)
    }

    /// Corrects an event of a stream: `data` takes the place of what was said.
    pub(super) fn correct(
        &mut self,
        target: Uuid,
        stream: &str,
        on: &str,
        replacement: CorrectedContent<'_>,
    ) -> Uuid {
        let data = json!({
            "target": target, "reason": "typing_error", "type": full_type(replacement.entity_done),
            "subject": stream, "time": midnight(replacement.happened), "timeprecision": "day",
            "data": replacement.data,
        });
        self.propose("event.corrected", stream, on, data)
    }

    /// Takes an event of a stream back, or a correction of one.
    pub(super) fn retract(&mut self, target: Uuid, stream: &str, on: &str, reason: &str) -> Uuid {
        self.propose("event.retracted", stream, on, json!({"target": target, "reason": reason}))
    }
}

/// What a corrected event should have said.
#[derive(Debug)]
pub(super) struct CorrectedContent<'a> {
    pub(super) entity_done: &'a str,
    pub(super) happened: &'a str,
    pub(super) data: Value,
}

/// `data` of a registration.
pub(super) fn registration(ikm: &Enterprise, area: &str) -> Value {
    let mut data = json!({
        "area": area, "commodity": "batik", "kbli": {"code": "13134", "year": 2020},
        "sole_proprietor": ikm.sole_proprietor, "founded": ikm.founded, "name": ikm.name, "nib": ikm.nib,
        "village": ikm.village, "workers": ikm.workers, "investment": ikm.investment,
    });
    // Of another area nobody knows the district.
    if let Some(district) = ikm.district.as_ref().filter(|district| district.starts_with(area)) {
        data["district"] = json!(district);
    }
    data
}

/// `data` of an attendance.
pub(super) fn attendance(training: &Training, person: Option<&Person>, day: &str, status: &str) -> Value {
    let mut data =
        json!({"program": training.program, "session": training.session, "day": day, "status": status});
    if let Some(person) = person {
        data["person"] = json!(person.id);
    }
    data
}

/// The stream of one entity.
pub(super) fn subject(kind: &str, id: Uuid) -> String {
    format!("{kind}/{id}")
}

fn full_type(entity_done: &str) -> String {
    format!("id.jejak.{entity_done}.v1")
}

fn midnight(date: &str) -> String {
    format!("{date}T00:00:00+07:00")
}

/// Ten in the morning in western Indonesia.
#[expect(clippy::expect_used, reason = "the dates are literals of this module; a test reads them all")]
pub(super) fn office_hours(date: &str) -> RecordedTime {
    let date: NaiveDate = date.parse().expect("a date of the story");
    let moment = date.and_hms_opt(3, 0, 0).expect("three o'clock exists").and_utc();
    RecordedTime::from_unix_ms(moment.timestamp_millis()).expect("a year of the story")
}
