//! What came up in all histories of a run, and what never did: a generator that records nothing, or whose every
//! figure is 0, proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use jejak::registry::{Attached, Destroyed};
use jejak_events::types::TYPES;
use serde_json::Value;

use super::fact;
use super::step::{Answer as Became, Step};
use super::witness::kind;
use crate::stories::table;

/// Types that no history records: the first stands at index 0 of all, there is one version of the rules
/// to adopt, a key is introduced by a command of its own, and `tests/releases.rs` releases figures.
const NEVER_RECORDED: [&str; 4] =
    ["registry.opened", "registry.rules_adopted", "registry.key_introduced", "area.figures_released"];

/// Figures that the few IKMs of these histories do not get to: a median is of three that completed one programme and
/// then were assessed or certified, hardly any IKM is present in three programmes, and a mean score is of one criterion
/// and never stands in the whole. The random histories of `jejak-projections` reach them.
const SELDOM: [&str; 5] =
    ["days_to_assessment", "days_to_certificate", "in_three_or_more", "score_first", "score_latest"];

/// Every rule that a random proposal can run against.
const RULES: &[&str] = &[
    "already_retracted",
    "announced_once",
    "attached_to_erased",
    "attended_once",
    "baseline_to_come",
    "batch_refused",
    "breaks_live_event",
    "built_once",
    "checked_once",
    "city_needed",
    "claim_not_made",
    "closed_already",
    "closed_once",
    "covers_the_future",
    "criterion_twice",
    "dates_backward",
    "day_twice",
    "destroyed_for_ever",
    "due_before_set",
    "enrolled_once",
    "erased_already",
    "erasure_under_way",
    "evidence_otherwise",
    "evidence_withdrawn",
    "figure_missing",
    "future",
    "id_reused",
    "ikm_closed",
    "ikm_not_active",
    "ikm_or_none",
    "issued_once",
    "joined_once",
    "knows_later_events",
    "live_event_depends",
    "made_once",
    "member_already",
    "merge_circle",
    "merged_away",
    "merged_into_itself",
    "merged_with_erased",
    "minutes_above_day",
    "minutes_of_a_day",
    "minutes_without_presence",
    "no_quota",
    "not_a_member",
    "not_a_session_day",
    "not_an_original",
    "not_closed",
    "not_enrolled",
    "not_issued",
    "not_its_evidence",
    "not_published_yet",
    "not_suspended",
    "not_waiting",
    "not_yet_enrolled",
    "nothing_to_withdraw",
    "number_unique",
    "one_scope",
    "only_waiting",
    "opened_once",
    "other_group",
    "other_holder",
    "other_program",
    "outside_exhibition",
    "period_backward",
    "period_not_over",
    "person_enrolled_once",
    "person_in_own_name",
    "person_missing",
    "person_not_enrolled",
    "person_not_registered",
    "persons_in_own_name",
    "persons_missing",
    "planned_once",
    "presence_without_minutes",
    "program_closed",
    "program_not_open",
    "program_of_ikms",
    "quota_below_enrolled",
    "quota_full",
    "recorded_by_registry",
    "redacted_already",
    "registered_once",
    "renewed_shorter",
    "revoked",
    "revoked_once",
    "rules_in_force",
    "scheduled_once",
    "score_above_maximum",
    "sentra_not_planned",
    "session_cancelled",
    "session_not_scheduled",
    "size_inputs_together",
    "size_inside_a_batch",
    "stale_revision",
    "stands_for_ever",
    "stream_of_target",
    "subject_erased",
    "suspended_already",
    "target_retracted",
    "target_twice",
    "time_is_the_day",
    "type_of_target",
    "unknown_claim",
    "unknown_evidence",
    "unknown_exhibition",
    "unknown_figure",
    "unknown_ikm",
    "unknown_person",
    "unknown_program",
    "unknown_rules",
    "unknown_sentra",
    "unknown_session",
    "unknown_subject",
    "unknown_target",
    "validity_backward",
    "verdict_does_not_follow",
    "waiting_already",
    "withdrawn",
];

/// What becomes of an IKM whose former sole proprietor is erased.
const FORMER: &str = "erasure of what was a former owner's";

/// What came up in all histories, so that poor ones show.
#[derive(Default)]
pub struct Seen {
    pub types: BTreeMap<&'static str, u64>,
    rules: BTreeMap<String, u64>,
    /// Types that a refused proposal was judged as, the first its own, and the rule that it ran against.
    pairs: BTreeSet<(Vec<String>, String)>,
    pub figures: BTreeMap<&'static str, u64>,
    recorded: u64,
    refused: u64,
    /// What became of requests for erasures, of documents, and of what names somebody erased.
    rights: BTreeMap<String, u64>,
}

impl Seen {
    /// Takes in what became of a step; `erased` are the identifiers of those erased before it.
    pub fn hear(&mut self, step: &Step, became: &Became, erased: &[String]) {
        for refusal in became.refusals() {
            self.refused += 1;
            *self.rules.entry(refusal.rule.to_string()).or_default() += 1;
        }
        let mut count = |what: &str, refused: bool| {
            let became = if refused { "refused" } else { "done" };
            *self.rights.entry(format!("{what}: {became}")).or_default() += 1;
        };
        match (step, became) {
            (Step::Propose { proposals, .. }, Became::Proposed(outcomes)) => {
                for (proposal, outcome) in proposals.iter().zip(outcomes) {
                    let refused = outcome.refusal().is_some();
                    self.recorded += u64::from(!refused);
                    if let Some(refusal) = outcome.refusal() {
                        self.pairs.extend(judged_as(proposal).map(|types| (types, refusal.rule.to_string())));
                    }
                    let text = proposal.to_string();
                    if kind(proposal).ends_with(".erasure_requested") {
                        count("erasure proposed", refused);
                    } else if erased.iter().any(|id| text.contains(id)) {
                        let about = match kind(proposal) {
                            kind @ ("event.corrected" | "event.retracted" | "ikm.merged"
                            | "person.merged") => kind,
                            _ => "a fact",
                        };
                        count(&format!("{about} that names the erased"), refused);
                    }
                }
            }
            (Step::Erase { .. }, Became::Destroyed(done)) => {
                count("erasure by the command", matches!(done, Destroyed::Refused(_)));
                if matches!(done, Destroyed::Done { destruction, .. } if !destruction.values.is_empty()) {
                    count(FORMER, false);
                }
            }
            (_, Became::Destroyed(done)) => count("redaction", matches!(done, Destroyed::Refused(_))),
            (_, Became::Attached(held)) => count("document", matches!(held, Attached::Refused(_))),
            (_, Became::Proposed(_)) => {}
        }
    }

    pub fn tell(&self, histories: u64) {
        println!("histories: {histories}, recorded: {}, refused: {}", self.recorded, self.refused);
        println!("recorded, by type: {:#?}", self.types);
        println!("rights: {:#?}", self.rights);
        println!("refused, by rule: {:#?}", self.rules);
        println!("figures above 0: {:#?}", self.figures);
    }

    /// Refusals of proposals that no story tells.
    pub fn untold(&self) -> Vec<String> {
        table::untold(&self.pairs)
    }

    /// What never came up: a generator that records nothing, or whose every figure is 0, proves nothing.
    pub fn lacking(&self) -> Vec<String> {
        let mut lacking = Vec::new();
        for name in TYPES.iter().map(|declaration| declaration.name) {
            let recordable = !NEVER_RECORDED.contains(&fact::kind_of(name));
            if recordable && !self.types.contains_key(name) {
                lacking.push(format!("no {name} was recorded"));
            }
        }
        let rules = RULES.iter().filter(|rule| !self.rules.contains_key(**rule));
        lacking.extend(rules.map(|rule| format!("no proposal ran against rule {rule}")));
        let former = format!("{FORMER}: done");
        lacking.extend((!self.rights.contains_key(&former)).then(|| format!("no {former}")));
        let seldom = |figure: &str| SELDOM.iter().any(|name| figure.ends_with(name));
        let figures = self.figures.iter().filter(|(figure, above)| **above == 0 && !seldom(figure));
        lacking.extend(figures.map(|(figure, _)| format!("figure {figure} is always 0")));
        lacking
    }
}

/// The types that a proposal is judged as: a correction also as what it puts in place. Nothing for a
/// retraction: what it brings back is not in it.
fn judged_as(proposal: &Value) -> Option<Vec<String>> {
    let said = [&proposal["type"], &proposal["data"]["type"]];
    let types: Vec<String> = said.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
    (kind(proposal) != "event.retracted").then_some(types)
}
