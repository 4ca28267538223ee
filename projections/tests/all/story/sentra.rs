//! Sentras, and what is said of areas as a whole.

use jejak_events::identity::Subject;
use jejak_events::types::FundingStage;
use jejak_events::types::area_reports::{
    CoverageDeclared, FiguresReleased, PopulationReported, ReleasedCell, TargetSet,
};
use jejak_events::types::program::Target;
use jejak_events::types::sentra::{
    SentraBuilt, SentraFacilityAdded, SentraFunded, SentraLegalFormRecorded, SentraMemberJoined,
    SentraMemberLeft, SentraOpened, SentraPlanned,
};

use jejak_events::values::{Amount, SetOf};

use super::{Happening, area, code, count, date, facts, ikm, period, program, rupiah, sentra, text};

fn of(number: u32) -> Subject {
    Subject::Sentra(sentra(number))
}

pub fn sentra_planned(number: u32, at: &str, commodity: &str) -> Happening {
    let data =
        facts!(SentraPlanned { area: area(at), commodity: code(commodity), name: text("Sentra Batik") });
    (of(number), data)
}

pub fn sentra_funded(number: u32, stage: FundingStage, amount: Option<i64>) -> Happening {
    sentra_funded_from(number, "dak_fisik", stage, amount)
}

pub fn sentra_funded_from(number: u32, source: &str, stage: FundingStage, amount: Option<i64>) -> Happening {
    let data = facts!(SentraFunded {
        source: code(source),
        stage: stage,
        amount: amount.map(rupiah),
        fiscal_year: None,
    });
    (of(number), data)
}

pub fn sentra_built(number: u32) -> Happening {
    (of(number), facts!(SentraBuilt {}))
}

pub fn sentra_opened(number: u32) -> Happening {
    (of(number), facts!(SentraOpened {}))
}

pub fn sentra_equipped(number: u32, kind: &str) -> Happening {
    (of(number), facts!(SentraFacilityAdded { kind: code(kind) }))
}

pub fn sentra_form(number: u32, form: &str) -> Happening {
    (of(number), facts!(SentraLegalFormRecorded { form: code(form) }))
}

pub fn member_joined(who: u32, at: u32) -> Happening {
    (Subject::Ikm(ikm(who)), facts!(SentraMemberJoined { sentra: sentra(at) }))
}

pub fn member_left(who: u32, at: u32) -> Happening {
    (Subject::Ikm(ikm(who)), facts!(SentraMemberLeft { sentra: sentra(at), reason: None }))
}

/// Kecil, menengah and total, each where the source says it.
pub fn population(at: &str, commodity: &str, said: [Option<u32>; 3]) -> Happening {
    let [kecil, menengah, total] = said.map(|number| number.map(count));
    let data = facts!(PopulationReported {
        commodity: code(commodity),
        source: text("Laporan dinas"),
        document: None,
        kecil: kecil,
        menengah: menengah,
        total: total,
    });
    (Subject::Area(area(at)), data)
}

/// A target of an area for a theme and a commodity; in words where the figure has a space.
pub fn target_set(
    at: &str,
    figure: &str,
    [theme, commodity]: [Option<&str>; 2],
    value: u32,
    due: &str,
) -> Happening {
    let Target { baseline, figure, text: words, value, .. } = super::aim(figure, value, Some(due));
    let data = facts!(TargetSet {
        document: text("RPJMD 2025-2029"),
        due: date(due),
        value: value,
        baseline: baseline,
        commodity: commodity.map(code),
        figure: figure,
        text: words,
        theme: theme.map(code),
    });
    (Subject::Area(area(at)), data)
}

/// A sum of workers, told or withheld.
pub fn released(at: &str, sum: Option<i64>) -> Happening {
    let amount = |number| Amount::new(number).unwrap();
    let cell = ReleasedCell {
        erased: count(0),
        figure: code("workers"),
        ikms: count(5),
        sum: sum.map(amount),
        unseen: count(0),
    };
    let data = facts!(FiguresReleased {
        cells: SetOf::new(vec![cell]).unwrap(),
        log_size: amount(1),
        period: period(("2022-01-01", "2022-03-31")),
    });
    (Subject::Area(area(at)), data)
}

pub fn complete_for_program(at: &str, number: u32, through: &str) -> Happening {
    let data =
        facts!(CoverageDeclared { through: date(through), program: Some(program(number)), theme: None });
    (Subject::Area(area(at)), data)
}

pub fn complete_for_theme(at: &str, theme: &str, through: &str) -> Happening {
    let data = facts!(CoverageDeclared { through: date(through), program: None, theme: Some(code(theme)) });
    (Subject::Area(area(at)), data)
}
