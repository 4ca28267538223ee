//! Size classes of an enterprise, derived from its inputs under a named rule.
//!
//! The inputs are confidential and stay sealed; the class is open, so an outside replay takes it as
//! attested. Nothing here stores or asks for the inputs.

use crate::fault::Refusal;
use crate::types::{Scale, ScaleRule, Scaled};
use crate::values::{Count, Rupiah, SetOf};

const BILLION: i64 = 1_000_000_000;

/// Derives the class under each rule whose inputs are known (rules version 1).
///
/// Permenperin 64/2016: up to 19 workers and investment below Rp 1 bn is kecil; up to 19 workers and
/// Rp 1 bn or more, or 20 or more workers and up to Rp 15 bn, is menengah. PP 7/2021 art. 35 by
/// capital: up to Rp 1 bn mikro, to 5 bn kecil, to 10 bn menengah.
///
/// # Errors
/// When the enterprise is too large to be an IKM: there is no "large" IKM.
pub fn derive(workers: Option<Count>, investment: Option<Rupiah>) -> Result<Option<SetOf<Scaled>>, Refusal> {
    let mut scales = Vec::new();
    if let Some(investment) = investment {
        let rupiah = investment.get();
        if let Some(workers) = workers {
            let few = workers.get() <= 19;
            let scale = match (few, rupiah) {
                (true, ..BILLION) => Scale::Kecil,
                (true, _) => Scale::Menengah,
                (false, _) if rupiah <= 15 * BILLION => Scale::Menengah,
                (false, _) => return Err(too_large()),
            };
            scales.push(Scaled { rule: ScaleRule::Permenperin64Of2016, scale });
        }
        let by_capital = match rupiah {
            ..=BILLION => Some(Scale::Mikro),
            _ if rupiah <= 5 * BILLION => Some(Scale::Kecil),
            _ if rupiah <= 10 * BILLION => Some(Scale::Menengah),
            _ => None,
        };
        scales.extend(by_capital.map(|scale| Scaled { rule: ScaleRule::Pp7Of2021, scale }));
    }
    Ok(SetOf::new(scales))
}

fn too_large() -> Refusal {
    Refusal::new(
        "not_an_ikm",
        "20 pekerja atau lebih dengan investasi di atas Rp15 miliar adalah industri besar, bukan IKM (Permenperin 64/2016)",
        "20 or more workers with an investment above Rp 15 bn is large industry, not an IKM (Permenperin 64/2016)",
    )
    .at("data.investment")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(workers: u32, rupiah: i64) -> Vec<(ScaleRule, Scale)> {
        let derived = derive(Count::new(workers), Rupiah::new(rupiah)).unwrap();
        derived.iter().flat_map(|set| set.iter()).map(|scaled| (scaled.rule, scaled.scale)).collect()
    }

    #[test]
    fn boundaries_of_both_rules() {
        use Scale::{Kecil, Menengah, Mikro};
        use ScaleRule::{Permenperin64Of2016 as Workers, Pp7Of2021 as Capital};
        assert_eq!(classes(19, BILLION - 1), [(Workers, Kecil), (Capital, Mikro)]);
        assert_eq!(classes(19, BILLION), [(Workers, Menengah), (Capital, Mikro)]);
        assert_eq!(classes(20, 0), [(Workers, Menengah), (Capital, Mikro)]);
        assert_eq!(classes(20, 15 * BILLION), [(Workers, Menengah)]);
        assert_eq!(classes(19, 5 * BILLION), [(Workers, Menengah), (Capital, Kecil)]);
        assert_eq!(classes(19, 5 * BILLION + 1), [(Workers, Menengah), (Capital, Menengah)]);
        assert_eq!(derive(Count::new(20), Rupiah::new(15 * BILLION + 1)).unwrap_err().rule, "not_an_ikm");
        assert_eq!(derive(Count::new(5), None).unwrap(), None);
    }
}
