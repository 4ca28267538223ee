//! What offices and enterprises report besides trainings: workers, turnover, shipments, facilities, money,
//! population and how far recording is complete. All figures here are made up or, where a caller takes
//! them from an article, the article's.

use serde_json::{Value, json};
use uuid::Uuid;

use super::people::Enterprise;
use super::script::{Script, Training, subject};

/// First and last day of a period.
pub(super) type ReportPeriod = [&'static str; 2];

fn period([from, to]: ReportPeriod) -> Value {
    json!({"from": from, "to": to})
}

impl Script {
    /// The workforce of an enterprise: three in five women, one in five young, three in ten old, and a
    /// share insured at work; some more are insured against illness.
    pub(super) fn report_workforce(
        &mut self,
        ikm: &Enterprise,
        of: ReportPeriod,
        happened: &str,
        insured_percent: u64,
    ) {
        let part = |percent: u64| ikm.workers * percent / 100;
        self.propose("ikm.workforce_reported", &subject("ikm", ikm.id), happened, json!({
            "period": period(of), "workers": ikm.workers, "women": part(60), "under_35": part(20), "over_60": part(30),
            "bpjs_ketenagakerjaan": part(insured_percent), "bpjs_kesehatan": part(insured_percent + 15),
        }));
    }

    /// The turnover of an enterprise, in rupiah.
    pub(super) fn report_turnover(
        &mut self,
        ikm: &Enterprise,
        of: ReportPeriod,
        happened: &str,
        rupiah: u64,
    ) {
        let data = json!({"period": period(of), "turnover": rupiah});
        self.propose("ikm.turnover_reported", &subject("ikm", ikm.id), happened, data);
    }

    /// Batik garments sent abroad, with all their papers.
    pub(super) fn ship(&mut self, ikm: &Enterprise, happened: &str, country: &str, rupiah: u64) {
        self.propose(
            "ikm.shipment_reported",
            &subject("ikm", ikm.id),
            happened,
            json!({
                "country": country, "hs_code": "6204", "value": rupiah,
                "papers": ["certificate_of_origin", "invoice", "packing_list", "peb"],
            }),
        );
    }

    /// A facility of an enterprise.
    pub(super) fn add_facility(&mut self, ikm: &Enterprise, happened: &str, kind: &str) {
        self.propose("ikm.facility_added", &subject("ikm", ikm.id), happened, json!({"kind": kind}));
    }

    /// What a programme costs at a stage, in rupiah, all in all.
    pub(super) fn report_spending(
        &mut self,
        training: &Training,
        happened: &str,
        stage: &str,
        (source, fiscal_year): (&str, u64),
        rupiah: u64,
    ) {
        let data = json!({"stage": stage, "source": source, "fiscal_year": fiscal_year, "amount": rupiah});
        self.propose("program.spending_reported", &subject("program", training.program), happened, data);
    }

    /// Closes a programme.
    pub(super) fn close(&mut self, training: &Training, happened: &str) {
        let data = json!({"reason": "completed"});
        self.propose("program.closed", &subject("program", training.program), happened, data);
    }

    /// What a source says about the number of IKMs in the city of the office.
    pub(super) fn report_population(&mut self, happened: &str, data: Value) -> Uuid {
        let stream = format!("area/{}", self.area());
        self.propose("area.population_reported", &stream, happened, data)
    }

    /// What a plan sets for the city of the office.
    pub(super) fn set_target(&mut self, happened: &str, data: Value) -> Uuid {
        let stream = format!("area/{}", self.area());
        self.propose("area.target_set", &stream, happened, data)
    }

    /// The office says that what it recorded of a programme or a theme is complete.
    pub(super) fn declare_complete(&mut self, happened: &str, data: Value) -> Uuid {
        let stream = format!("area/{}", self.area());
        self.propose("area.coverage_declared", &stream, happened, data)
    }
}
