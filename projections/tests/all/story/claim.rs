//! Claims and their checks.

use jejak_events::types::claim::{
    ClaimChecked, ClaimCount, ClaimIndicator, ClaimKind, ClaimMade, ClaimScope, ClaimVerdict,
};
use jejak_events::values::{Amount, Decimal, Sha256Hex, Urn, Version};

use super::*;

/// What a claim names of its scope.
#[derive(Clone, Copy, Default)]
pub struct About<'a> {
    pub area: Option<&'a str>,
    pub programs: &'a [u32],
    pub themes: &'a [&'a str],
}

fn amount(value: i64) -> Amount {
    Amount::new(value).unwrap()
}

/// So many of a unit, of which `percent` are of a whole; held against `enrolled`.
pub fn claim_made(number: u32, about: About<'_>, unit: &str, value: Option<i64>) -> Happening {
    let scope = ClaimScope {
        area: about.area.map(area),
        program: SetOf::new(about.programs.iter().copied().map(program).collect()),
        theme: SetOf::new(about.themes.iter().copied().map(code).collect()),
        ..ClaimScope::default()
    };
    let is_share = unit == "percent";
    let indicator = ClaimIndicator {
        view: code("enrolled"),
        version: None,
        figure: Some(code("enrolled")),
        of: is_share.then(|| code("registered")),
        rows: None,
    };
    let data = facts!(ClaimMade {
        claim: text("x"),
        document: text(&format!("{number}.txt")),
        kind: ClaimKind::Fact,
        publisher: text("Harian Contoh"),
        approximate: None,
        as_of: None,
        dates: None,
        due: None,
        indicator: Some(indicator),
        parts: None,
        published_on: None,
        scope: Some(scope),
        sha256: None,
        together: None,
        unit: Some(code(unit)),
        urn: Some(Urn::parse(&format!("urn:example:harian-contoh:{number}")).unwrap()),
        value: value.map(|value| Decimal::whole(value.unsigned_abs()).unwrap()),
        whole: None,
    });
    (Subject::Claim(claim(number)), data)
}

pub fn claim_checked(number: u32, as_known: i64, verdict: ClaimVerdict, counted: Option<i64>) -> Happening {
    let count = ClaimCount {
        counted: counted.map(amount),
        digest: Sha256Hex::parse(&"0".repeat(64)).unwrap(),
        of: None,
        part: None,
        version: Version::new(2).unwrap(),
        view: code("enrolled"),
        whole_version: None,
    };
    let data = facts!(ClaimChecked {
        as_known: amount(as_known),
        on: date("2025-01-01"),
        verdict: verdict,
        count: Some(count),
    });
    (Subject::Claim(claim(number)), data)
}
