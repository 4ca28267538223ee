//! What the five press articles claim, in our own words, held against the example.
//!
//! Each claim is a file in `tests/data/claims`, where what is expected of it stands beside it; nothing here
//! may know a verdict.

use jejak_projections::claims::{CheckError, Claim, Report};
use schemars::JsonSchema;
use serde::Serialize;

use crate::queries::claims::judge;
use crate::registry::Registry;
use jejak_projections::claims::Judging;

/// A claim that comes with the example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenClaim {
    /// Name of its file, without the ending.
    pub name: &'static str,
    /// Its text.
    pub toml: &'static str,
}

macro_rules! claim {
    ($name:literal) => {
        WrittenClaim { name: $name, toml: include_str!(concat!("../../tests/data/claims/", $name, ".toml")) }
    };
}

/// The claims, in the order of the articles.
pub const CLAIMS: &[WrittenClaim] = &[
    claim!("pekalongan-green-1-training-held"),
    claim!("pekalongan-green-2-ikms-taking-part"),
    claim!("pekalongan-green-3-batik-ikms-in-the-city"),
    claim!("pekalongan-green-4-assessment-to-follow"),
    claim!("pekalongan-green-5-smaller-ikms-to-follow"),
    claim!("pekalongan-green-6-export-easier"),
    claim!("pekalongan-green-7-large-capacity"),
    claim!("pekalongan-focus-1-weekday"),
    claim!("pekalongan-focus-2-waste"),
    claim!("pekalongan-focus-3-insurance"),
    claim!("pekalongan-focus-4-succession"),
    claim!("pekalongan-focus-5-trainings-to-go-on"),
    claim!("pekalongan-focus-6-thousands"),
    claim!("semarang-1-population"),
    claim!("semarang-2-population-small"),
    claim!("semarang-3-population-medium"),
    claim!("semarang-4-training-held"),
    claim!("semarang-5-practice"),
    claim!("semarang-6-third-edition"),
    claim!("semarang-7-exhibition"),
    claim!("semarang-8-most-of-the-province"),
    claim!("mojokerto-1-weekday"),
    claim!("mojokerto-2-centre"),
    claim!("mojokerto-3-production-training"),
    claim!("mojokerto-4-competence"),
    claim!("mojokerto-5-foreign-trade-training"),
    claim!("mojokerto-6-exhibition"),
    claim!("mojokerto-7-turnover"),
    claim!("probolinggo-1-training-held"),
    claim!("probolinggo-2-participants"),
    claim!("probolinggo-3-batik-house"),
    claim!("probolinggo-4-money"),
    claim!("probolinggo-5-flagship"),
    claim!("probolinggo-6-jobs"),
];

/// A claim and what came of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct JudgedClaim {
    /// Name of its file, without the ending.
    pub name: &'static str,
    /// The claim.
    pub claim: Claim,
    /// The verdict and what it rests on.
    pub report: Report,
}

/// Judges all claims on the example's last day.
///
/// # Errors
/// When a claim cannot be judged. With an untouched example that is a defect of this program.
pub fn judge_claims(registry: &Registry) -> Result<Vec<JudgedClaim>, CheckError> {
    let today = super::today().date_in(registry.source().area);
    let snapshot = registry.snapshot();
    let judging = Judging { today, on: None, as_known: snapshot.size() };
    let judged = CLAIMS.iter().map(|written| {
        let claim = Claim::parse(written.toml)?;
        let report = judge(&snapshot, &claim, judging)?;
        Ok(JudgedClaim { name: written.name, claim, report })
    });
    judged.collect()
}
