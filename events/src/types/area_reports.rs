//! What is said of an area as a whole: how many IKMs there are, how far recording is complete, and what is aimed at
//! (`docs/domain.md`, sections 2 and 4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sentence::{number, said, span, with, with_message, with_number, with_words};
use super::{Baseline, Mention, Period, event_type};
use crate::fault::Message;
use crate::identity::{ProgramId, Subject, SubjectKind};
use crate::values::{Amount, Code, Count, Date, SetOf, Text, Urn};

event_type! {
    /// A source says how many IKMs an area has. The figures are the source's own, even where they do
    /// not add up. `time`: the day that the figures are of.
    PopulationReported = "id.jejak.area.population_reported.v1" on &[SubjectKind::Area], Reports,
        called ["jumlah IKM dilaporkan", "population reported"];
    required {
        /// What the IKMs make, such as `batik`.
        commodity: Code,
        /// Who says so and where, such as the title of a report or an article.
        source: Text,
    }
    optional {
        /// The document that says so, by the name that claims give it: no report supports a claim of its own
        /// document.
        document: Urn,
        /// Small IKMs, as the source counts them.
        kecil: Count,
        /// Medium IKMs, as the source counts them.
        menengah: Count,
        /// All IKMs as the source gives them; not necessarily the sum of the two.
        total: Count,
    }
    derived {}
    sealed {}
    says |data, call| {
        let source = &data.source;
        let said = match &*data.commodity {
            "all" => said!(
                "jumlah IKM semua komoditas menurut {source}",
                "number of IKMs of all commodities according to {source}",
            ),
            commodity => said!(
                "jumlah IKM {commodity} menurut {source}",
                "number of IKMs making {commodity} according to {source}",
            ),
        };
        let said = with_number(said, ", kecil ", ", small ", data.kecil.map(|count| count.get()));
        let said = with_number(said, ", menengah ", ", medium ", data.menengah.map(|count| count.get()));
        with_number(said, ", seluruhnya ", ", in all ", data.total.map(|count| count.get()))
    }
}

event_type! {
    /// The office declares what it has recorded of an area to be complete, for one programme or for
    /// one theme: exactly one of the two is given. Only then can a claim be found overstated. `time`:
    /// the day of the declaration.
    CoverageDeclared = "id.jejak.area.coverage_declared.v1" on &[SubjectKind::Area], Reports,
        called ["pencatatan dinyatakan lengkap", "recording declared complete"];
    required {
        /// Last day of what is complete, inclusive.
        through: Date,
    }
    optional {
        /// The programme.
        program: ProgramId,
        /// The theme, such as `export`.
        theme: Code,
    }
    derived {}
    sealed {}
    says |data, call| {
        let program = data.program.map(|program| call.stream(Subject::Program(program)));
        let said = said!(
            "pencatatan dinyatakan lengkap sampai {through}",
            "recording declared complete through {through}",
            through = data.through,
        );
        let said = with(said, ", untuk ", ", for ", program);
        with(said, ", tema ", ", theme ", data.theme.as_ref())
    }
}

event_type! {
    /// A plan or a grant says what is to be reached in an area: of a figure, or in words where no figure counts it;
    /// exactly one of the two. `time`: the day on which it was set.
    TargetSet = "id.jejak.area.target_set.v1" on &[SubjectKind::Area], Reports,
        called ["target wilayah ditetapkan", "target of the area set"];
    required {
        /// What sets it, such as the title of an RPJMD, a Renstra or a grant.
        document: Text,
        /// The day by which it is to be reached.
        due: Date,
        /// How many.
        value: Count,
    }
    optional {
        /// What it was before.
        baseline: Baseline,
        /// Only IKMs that make this, such as `batik`.
        commodity: Code,
        /// The figure of a view, such as `trained`.
        figure: Code,
        /// In words, where no figure counts it.
        text: Text,
        /// Only programmes of this theme, such as `export`.
        theme: Code,
    }
    derived {}
    sealed {}
    says |data, call| {
        let value = data.value.get();
        let counted = data.figure.as_ref().and_then(|code| call.counted(code, value.into()));
        let code = data.figure.as_deref().or(data.text.as_deref()).unwrap_or_default();
        let in_words = || with_number(Message::new(code, code), ": ", ": ", Some(value));
        let Message { id, en } = counted.unwrap_or_else(in_words);
        let said = Message::new(format!("target {id}"), format!("target {en}"));
        let said = with(said, ", paling lambat ", ", by ", Some(data.due));
        let said = with(said, ", komoditas ", ", commodity ", data.commodity.as_ref());
        let said = with(said, ", tema ", ", theme ", data.theme.as_ref());
        let said = with_number(said, ", semula ", ", from ", data.baseline.map(|before| before.value.get()));
        let said = with(said, " pada ", " in ", data.baseline.map(|before| before.year.get()));
        with(said, ", menurut ", ", according to ", Some(&data.document))
    }
}

/// One figure of an area in a release. The counts follow from open facts: which reports there are, and which of
/// them give the figure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasedCell {
    /// Reports whose figure was erased.
    pub erased: Count,
    /// The figure, such as `workers`.
    pub figure: Code,
    /// IKMs whose figure the cell is made of.
    pub ikms: Count,
    /// The sum; absent where it is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<Amount>,
    /// Reports that do not give the figure.
    pub unseen: Count,
}

impl Mention for ReleasedCell {
    fn mention(&self, _: &mut Vec<Subject>) {}
}

event_type! {
    /// The registry releases sums of confidential figures of an area, for a calendar month, quarter or year
    /// that is over. Only the registry records it, and it is never corrected. `time`: the day of the release.
    FiguresReleased = "id.jejak.area.figures_released.v1" on &[SubjectKind::Area], Releases,
        called ["jumlah dirilis", "sums released"];
    required {
        /// The figures, each told or withheld.
        cells: SetOf<ReleasedCell>,
        /// Number of events that the release knows. Not within one recorded time.
        log_size: Amount,
        /// The calendar month, quarter or year.
        period: Period,
    }
    optional {}
    derived {}
    sealed {}
    says |data, call| {
        let of = span(data.period.from, data.period.to);
        let said = with_words(said!("jumlah untuk", "sums for"), " ", " ", Some(&of));
        let said = with_message(said, &Message::new(" diterbitkan", " released"));
        let said = with_number(said, ", diketahui ", ", ", Some(data.log_size.get()));
        let mut said = with_message(said, &Message::new(" peristiwa", " events known"));
        for cell in data.cells.iter() {
            let withheld = || Message::new("ditahan", "withheld");
            let Message { id, en } = cell.sum.map_or_else(withheld, |sum| number(sum.get()));
            let ikms = cell.ikms.get();
            let title = call.figure(&cell.figure);
            let [of, of_en] = title.unwrap_or([&*cell.figure; 2]);
            let told = Message::new(
                format!("; {of} {id} ({ikms} IKM)"),
                format!("; {of_en} {en} ({ikms} {})", if ikms == 1 { "IKM" } else { "IKMs" }),
            );
            said = with_message(said, &told);
        }
        said
    }
}
