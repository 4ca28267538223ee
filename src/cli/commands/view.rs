//! `jejak view`.

pub(super) mod attested;
mod compare;
mod listed;
pub(super) mod noted;
mod only;
pub(super) mod print;
mod series;

use clap::{ArgGroup, Args, ValueEnum};
use jejak_events::area::AreaCode;
use jejak_events::excerpt::quoted;
use jejak_events::types::Scaled;
use jejak_events::values::{Code, Date};
use jejak_projections::answer::Who;
use jejak_projections::calendar::PeriodLength;
use jejak_projections::compare::{Asked, Comparison};
use jejak_projections::facts::Facts;
use jejak_projections::question::{self, AreaOf, Question, QuestionError};
use jejak_projections::views::{ViewDeclaration, current_views, view, view_version};

use self::listed::{ListColumn, Listed};
use self::noted::Looking;
use self::only::TypedRow;
pub use self::print::ANSWERS;
use crate::cli::clocks::{AsKnown, LogPlace, asked, date, note_to_come};
use crate::cli::exit::{Exit, Stop};
use crate::cli::input::program;
use crate::cli::{Context, Format, looker};
use crate::queries::codes::{CodeKind, other_codes, which_code};
use crate::queries::compare::versions;
use crate::queries::names;
use crate::queries::which::area_code;
use crate::readmodel::Snapshot;
use crate::registry::{RegistryError, Signed};
use crate::words::language::text;

/// Count a figure and say what it counts, or, without a name, list the views.
///
/// Every answer states both its clocks: the day it is for (--on) and how much of the log it knows
/// (--as-known), with size and root of the log there. With --list it names the IKMs, persons or
/// sessions behind the figures and the events that make each of them count; those events can be read
/// with `log export` and proven with `log proof`.
///
/// JSON of one view: `{"view","version","title","definition","question","figures":[{"name","unit",
/// "value"}],"by_area":[{"area","figures"}],"breakdowns":[{"by","rows":[{"key","figures"}]}],"digest",
/// "log":{"size","root","recorded_until","synthetic"}}` and, with --list, `"members":[{"who","area","figures",
/// "events"}]`, `"context"` (events the figures rest on without being about one member) and, with
/// --names, `"names"` by member; with --attested, `"attested":[{"name","title","is_change","total",
/// "by_area","by_program"}]`, each part as `{"value","whole","seen","unseen","erased","ikms"}`, a value
/// being `{"value":n}`, `"withheld"` or `"none"`. JSON of the list: `{"views":[{"view","version","title","definition",
/// "figures"}],"question","log"}`.
///
/// Every row of CSV says what was asked: each filter in a column of its own, as one types it (`question_area`,
/// `question_area_of`, `question_funding`, `question_only`, `question_program`, `question_scale`, `question_theme`; empty
/// where it is not set), then `from,on,as_known,root`: the period, the size of the log known, and its root there.
///
/// A value that no event says is `null`, in tables `-`: it is not 0. `"titles"` names what the keys of a breakdown
/// stand for, by `<breakdown>/<key>`; `"notes"` says how a filter was understood. With --list, `"reasons"` says of each
/// member why it counts, as a code, where the view tells reasons apart, of a sentra its stage, of who exported the
/// countries; with --columns, `"columns"` has the sealed values by member and field.
///
/// A programme, theme or source of money that no event names counts 0; a note on stderr says so. Of a day to come an
/// answer tells only what follows from the records; a note on stderr says so, too.
///
/// With --by, JSON is `{"by","definition","periods":[{"figures","from","is_whole","on","period","shares"}],"question",
/// "rule","title","today","version","view","log"}`. `rule` is `flow` (what came about in the period, from `from` to `on`) or
/// `state` (how things stand at the end of `on`; there is no `from`). Each row is what the view answers by itself for
/// these days. `is_whole` is false where --from or --on cuts a period, and of one that is not over yet. Of a period
/// that has not begun every value is `null`; where a period is not over, `today` says on which day that was. CSV has a row
/// for each period and figure. There are at most 240 periods.
///
/// With --compare or --compare-version, JSON is `{"view","title","definition","question","before",
/// "after","figures":[{"name","unit","before","after","difference","members":[{"kind","entered","left",
/// "stayed"}]}],"members":[{"who","difference","before","after","events":[{"index","type","recordedtime"}],"unfound":[{"from","to"}]}],
/// "answers_between"}`, and `"names"`. `before` and `after` of the whole are `{"version","digest","log"}`,
/// those of a member `{"area","figures"}`, absent where it does not count. `members` of a figure says how
/// many of each `kind` (`ikm`, `person`, `session`, `program`, `sentra`, `area`, `claim`) `entered` it, `left` it and
/// `stayed` in it: they are counted as what they are, whatever the figure itself counts (certificates, rupiah). `difference` of a member is
/// `entered`, `left`, `changed` (other figures or another area) or `recounted` (on other events, in a
/// figure that counts it more than once). `events` did it: those that are new behind who entered; for
/// anybody else the index is found by asking for answers in between, and is exact. At most 256 answers
/// are asked for; where that is not enough, `unfound` gives the range of indexes that is left. A member
/// that changed and changed back in between may not show each step. Between versions there are no
/// events: the definition did it. The exit code is 0 whether or not something differs. CSV has a row
/// for each figure, one for each kind of member behind it, and one for each member and event. A figure that is asked for
/// by its name is compared alone, in JSON too; the digests are those of the whole answers.
///
/// With --compare-on, the same JSON compares two days, the `on` of `before` and `after`, at one state of knowledge. A
/// member has `"steps":[{"day","difference","entered","left","causes":[{"cause","day","events":[{"index","type","recordedtime"}]}]}]`
/// instead of `events`: `day` is the first on which it counts otherwise than on the day before, found by asking for
/// answers on days in between, and exact; `entered` and `left` name the figures in which it counts from that day on, and
/// no longer; `causes` say why, each a code of a closed list. `events` say it; there are none
/// where a day passed: `lapsed` and `ending_soon` (their `day` is the last one of the certificate), `in_force`,
/// `session_passed`, `time_passed` (a window of days went by), and for `elsewhere` (what happened to others; no event of
/// that day is about it). Corrections, retractions and merges hold on every day and are never a cause: --compare shows
/// them. At most 366 answers are asked for, so that within a year every day is
/// found; where that is not enough, `unfound_days` gives the days that are left. The page counts, of each figure, why
/// members entered and left it: by the last step that did so. CSV has a row for each figure, one for each kind of member
/// behind it, and one for each member and cause; `index` is the first of its `events`.
///
/// Pages are as wide as the terminal; what goes to a file or a pipe (`| less`) has 80 columns, or as many as the variable
/// COLUMNS says: `COLUMNS=140 jejak view certified | less -S`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("opened").args(["list", "compare", "compare_on", "compare_version"]).multiple(true),
    after_help = "Example:\n  jejak view green_certified --area 33.75 --on 2026-06-30 --list\n  jejak view green_certified --on 2026-06-30 --compare 2026-01-01 --names --actor petugas-3\n  jejak view certified --on 2026-06-30 --compare-on 2025-12-31\n  jejak view findings --only finding=boiler_inefficient --list\n  jejak view certificates --by quarter --from 2024-01-01 --on 2026-06-30"
)]
pub struct Arguments {
    /// The view, or one of the figures that it gives: then only that figure is told, and who counts in it; JSON of the
    /// answer itself stays whole, for its digest [default: list them all with their figures].
    name: Option<String>,
    #[command(flatten)]
    narrowing: Narrowing,
    /// The day the figure is for [default: today].
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// One row for each month, quarter or year from --from [default: twelve of them] to --on: what came about in
    /// it, or, where the view says how things stand, the state on its last day.
    #[arg(
        long,
        value_name = "month|quarter|year",
        requires = "name",
        conflicts_with_all = ["list", "attested", "compare", "compare_version", "names"]
    )]
    by: Option<PeriodWord>,
    /// As the registry knew it: at a log size, at a moment (RFC 3339), or at the end of a day
    /// [default: now].
    #[arg(long, value_name = "TIME|SIZE")]
    as_known: Option<String>,
    /// Name who and which events are behind the figures.
    #[arg(long, requires = "name", conflicts_with = "compare")]
    list: bool,
    /// Add up the sealed figures beside the view, where it has any (welfare, jobs, turnover_change, exhibited,
    /// exported; women and ages in trained, persons_trained, certified; owners who
    /// are women in registered), for somebody who may see an individual IKM's figures anyway, such as the officer in charge of
    /// statistics: two such sums may differ by one IKM. --actor names them, and the look is noted in the access
    /// log first. What leaves the office is a release: see `jejak release`.
    #[arg(long, requires = "name")]
    attested: bool,
    /// Who entered or left, and by which events, between this state of knowledge and the one of
    /// --as-known; given as that is. The one that knows less is the one before.
    #[arg(long, value_name = "TIME|SIZE", requires = "name")]
    compare: Option<String>,
    /// Who entered or left between this day and the one of --on, on which day, and why, as known at --as-known. The
    /// earlier day is the one before.
    #[arg(long, value_name = "DATE", requires = "name", conflicts_with_all = ["list", "attested"])]
    compare_on: Option<String>,
    /// This version of the view [default: the highest].
    #[arg(long, value_name = "N", requires = "name")]
    version: Option<u32>,
    /// Who enters or leaves when this version of the view gives way to the one of --version.
    #[arg(long, value_name = "N", requires = "name", conflicts_with_all = ["compare", "list"])]
    compare_version: Option<u32>,
    /// With the names of IKMs and persons; the look is noted in the access log first.
    #[arg(long, requires = "opened")]
    names: bool,
    /// With these sealed values of IKMs and persons in the list, which is in the order of the names where they are told;
    /// the look is noted in the access log first.
    #[arg(
        long,
        value_enum,
        value_name = "COLUMN",
        value_delimiter = ',',
        requires = "list",
        conflicts_with = "names"
    )]
    columns: Vec<ListColumn>,
}

/// Whose area is meant.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum AreaOfWord {
    /// That of the programme.
    Program,
    /// That of the IKM, or of a person in their own name, on the day.
    Ikm,
}

impl AreaOfWord {
    fn asked(self) -> Option<AreaOf> {
        match self {
            Self::Program => None,
            Self::Ikm => Some(AreaOf::Ikm),
        }
    }
}

/// How long the periods of a series are.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum PeriodWord {
    /// Calendar months.
    Month,
    /// January to March, and so on.
    Quarter,
    /// Calendar years.
    Year,
}

impl PeriodWord {
    fn length(self) -> PeriodLength {
        match self {
            Self::Month => PeriodLength::Month,
            Self::Quarter => PeriodLength::Quarter,
            Self::Year => PeriodLength::Year,
        }
    }
}

/// What narrows a question.
#[derive(Debug, Args)]
pub struct Narrowing {
    /// Only this area; a province adds up its kabupaten and kota.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// Whose area results of programmes count in: that of the programme, or that of the IKM, and of a person in
    /// their own name [default: program].
    #[arg(long, value_name = "program|ikm")]
    area_of: Option<AreaOfWord>,
    /// Only this programme: its identifier, the beginning of that, or words of its title.
    #[arg(long, value_name = "PROGRAM")]
    program: Option<String>,
    /// Only programmes of this theme: its code, or what pages call it.
    #[arg(long, value_name = "THEME")]
    theme: Option<String>,
    /// Only IKMs of this size class: kecil or menengah, or rule:class.
    #[arg(long, value_name = "SCALE")]
    scale: Option<String>,
    /// Only programmes that have money of this source (its code, or what pages call it) by any event; where money is counted, only the money of
    /// this source itself.
    #[arg(long, value_name = "SOURCE")]
    funding: Option<String>,
    /// Only what came about on this day or later.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Only one row of a breakdown of the view, such as finding=apd: figures and list are those of the row. The table of
    /// the rows says what they are by and what each is called; a programme, sentra, exhibition, session or area also by words of its title. BY= is the row
    /// of what is not given.
    #[arg(long, value_name = "BY=VALUE")]
    only: Option<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    check_compare_on(arguments)?;
    let find = |name: &str, version: Option<u32>| {
        version.map_or_else(|| view(name), |version| view_version(name, version))
    };
    let name = arguments.name.as_deref();
    let wanted = name.map(|name| find(name, arguments.version)).transpose()?;
    let alone = |view: &ViewDeclaration| name.filter(|name| *name != view.name);
    // A program reads the whole answer, whose digest it can make again.
    let told = |view: &ViewDeclaration| alone(view).filter(|_| context.format() != Format::Json);
    let other = name.zip(arguments.compare_version).map(|(name, version)| view_version(name, version));
    let other = other.transpose()?;
    let filters = Filters::read(&arguments.narrowing)?;
    let on = arguments.on.as_deref().map(|text| date("--on", text)).transpose()?;
    let day = arguments.compare_on.as_deref().map(|text| date("--compare-on", text)).transpose()?;
    let as_known =
        |flag, text: &Option<String>| text.as_deref().map(|text| AsKnown::read(flag, text)).transpose();
    let known = as_known("--as-known", &arguments.as_known)?;
    let against = Against { known: as_known("--compare", &arguments.compare)?, day, version: other };
    wanted.filter(|_| arguments.attested).map_or(Ok(()), attested::check)?;
    let looks = arguments.names || arguments.attested || !arguments.columns.is_empty();
    let actor = looker(&context.global, looks)?;
    context.with_looks(looks, Signed::NotNeeded, |reading, registry| {
        let snapshot = reading.snapshot();
        let (on, size) = asked(context, snapshot, on, known)?;
        note_to_come(context, snapshot, [("--on", Some(on)), ("--compare-on", day)])?;
        let question = filters.ask(snapshot, on, size, wanted)?;
        let log = LogPlace::at(snapshot, size)?;
        filters.note_unknown(context, snapshot.facts(), &question);
        if let Some((view, by)) = wanted.zip(arguments.by) {
            only::note_missing(context, snapshot, view, &question)?;
            return print_series(context, snapshot, (view, &question, by.length()), alone(view), &log);
        }
        let Some(view) = wanted else { return list_views(context, snapshot, &question, &log) };
        let typed = (name.unwrap_or(view.name), arguments.version);
        let looking =
            registry.map(|registry| Looking { registry, actor: &actor, typed, question: &question });
        let names_of = |what: &str, question: &Question, members: &mut dyn Iterator<Item = Who>| {
            let looking = looking.filter(|_| arguments.names);
            looking.map(|looking| Looking { question, ..looking }.names(snapshot, what, members)).transpose()
        };
        if let Some((flag, question, comparison)) =
            against.compare(context, snapshot, Asked { view, figure: alone(view) }, &question)?
        {
            if comparison.members.is_empty() {
                only::note_missing(context, snapshot, view, &question)?;
            }
            let names = names_of(&flag, &question, &mut comparison.members.iter().map(|member| member.who))?;
            compare::print(context, snapshot, view, &question, &comparison, names.as_ref())?;
            return Ok(Exit::Fine);
        }
        let answer = Asked { view, figure: told(view) }.answer(snapshot.facts(), &question)?;
        only::note_missing(context, snapshot, view, &question)?;
        let names = names_of("--list", &question, &mut answer.members.iter().map(|member| member.who))?;
        let of = (&answer, arguments.list, &arguments.columns[..]);
        let listed = Listed::gather(context, snapshot, looking, of)?;
        let attested = looking.filter(|_| arguments.attested);
        let attested = attested.map(|looking| attested::look_up(snapshot, looking, view, &answer));
        let attested = attested.transpose()?;
        let (behind, attested) = (listed.behind(names.as_ref()), attested.as_deref());
        let beside =
            print::Beside { behind, attested, list: arguments.list, today: context.today(snapshot)? };
        print::answer(context, &answer, &log, beside).map(|()| Exit::Fine)
    })
}

/// A view over time, or one of its figures.
fn print_series(
    context: &Context,
    snapshot: &Snapshot,
    (view, question, by): (&ViewDeclaration, &Question, PeriodLength),
    figure: Option<&str>,
    log: &LogPlace,
) -> Result<Exit, Stop> {
    let series = view.series_on(snapshot.facts(), question, by, context.today(snapshot)?)?;
    let series = match figure {
        Some(figure) => series.of_figure(figure),
        None => series,
    };
    series::print(context, snapshot, &series, log).map(|()| Exit::Fine)
}

/// What the answer is held against.
struct Against {
    /// What was known at another time.
    known: Option<AsKnown>,
    /// Another day.
    day: Option<Date>,
    /// Another version of the view.
    version: Option<&'static ViewDeclaration>,
}

impl Against {
    /// The flag that asks for it, with its value, the question of the answer after, and what differs; `None` where nothing
    /// is asked for.
    fn compare(
        &self,
        context: &Context,
        snapshot: &Snapshot,
        of: Asked<'_>,
        question: &Question,
    ) -> Result<Option<(String, Question, Comparison)>, Stop> {
        Ok(match *self {
            Self { day: Some(day), .. } => {
                let (later, comparison) = compare::days(context, snapshot, of, question, day)?;
                Some((format!("--compare-on {}", comparison.before.on), later, comparison))
            }
            Self { known: Some(known), .. } => {
                let size = known.size(context, snapshot)?;
                let comparison = compare::states(context, snapshot, of, question, size)?;
                Some((format!("--compare {size}"), question.clone(), comparison))
            }
            Self { version: Some(version), .. } => {
                let comparison = versions(snapshot, version, of, question).map_err(compare::stop_of)?;
                Some((format!("--compare-version {}", version.version), question.clone(), comparison))
            }
            Self { .. } => None,
        })
    }
}

/// Refuses what two days at one state of knowledge cannot be held against as well.
fn check_compare_on(arguments: &Arguments) -> Result<(), Stop> {
    let Arguments { compare_on: Some(_), compare, compare_version, by, .. } = arguments else {
        return Ok(());
    };
    let (other, id, en) = match (compare, compare_version, by) {
        (Some(_), ..) => (
            "--compare",
            "yang satu membandingkan dua hari menurut satu keadaan log, yang lain dua keadaan log untuk satu hari",
            "the one compares two days by one state of the log, the other two states of the log for one day",
        ),
        (None, Some(_), _) => (
            "--compare-version",
            "yang satu membandingkan dua hari menurut satu definisi, yang lain dua definisi untuk satu hari",
            "the one compares two days by one definition, the other two definitions for one day",
        ),
        (None, None, Some(_)) => (
            "--by",
            "perbandingan punya dua hari, deret punya banyak masa",
            "a comparison has two days, a series many periods",
        ),
        (None, None, None) => return Ok(()),
    };
    Err(Stop::usage(
        format!("--compare-on tidak dapat dipakai bersama {other}: {id}; tanyakan satu per satu"),
        format!("--compare-on cannot be used with {other}: {en}; ask one after the other"),
    ))
}

/// All views, each with its figures where the filters make sense for it.
fn list_views(
    context: &Context,
    snapshot: &Snapshot,
    question: &Question,
    log: &LogPlace,
) -> Result<Exit, Stop> {
    let mut rows: Vec<(&ViewDeclaration, Option<_>)> = Vec::new();
    for view in current_views() {
        match view.answer(snapshot.facts(), question) {
            Ok(answer) => rows.push((view, Some(answer))),
            Err(QuestionError::FilterNotPossible { .. } | QuestionError::BreakdownNotPossible { .. }) => {
                rows.push((view, None))
            }
            Err(error) => return Err(error.into()),
        }
    }
    let titles = names::titles_of(snapshot, names::asked(question));
    let titles = titles.map_err(RegistryError::from)?;
    print::views(context, &rows, (question, &titles, context.today(snapshot)?), log)?;
    Ok(Exit::Fine)
}

/// What narrows the question; read before the registry is opened.
pub struct Filters {
    area: Option<AreaCode>,
    area_of: Option<AreaOf>,
    program: Option<String>,
    theme: Option<String>,
    scale: Option<Scaled>,
    funding: Option<String>,
    from: Option<Date>,
    only: Option<TypedRow>,
}

impl Filters {
    /// Reads them.
    ///
    /// # Errors
    /// [`Stop::Usage`], naming the flag or the value.
    pub fn read(arguments: &Narrowing) -> Result<Self, Stop> {
        fn read<T>(
            text: Option<&String>,
            parse: impl FnOnce(&str) -> Result<T, jejak_events::fault::Message>,
        ) -> Result<Option<T>, Stop> {
            text.map(|text| parse(text)).transpose().map_err(Stop::Usage)
        }
        Ok(Self {
            area: read(arguments.area.as_ref(), area_code)?,
            area_of: arguments.area_of.and_then(AreaOfWord::asked),
            program: arguments.program.clone(),
            theme: arguments.theme.clone(),
            scale: arguments.scale.as_deref().map(scale).transpose()?,
            funding: arguments.funding.clone(),
            from: arguments.from.as_deref().map(|text| date("--from", text)).transpose()?,
            only: arguments.only.as_deref().map(TypedRow::read).transpose()?,
        })
    }

    /// Notes on stderr what no event names: the answer to that is 0, as it is to a slip of the pen.
    pub fn note_unknown(&self, context: &Context, facts: &Facts, question: &Question) {
        let language = context.language;
        let theme = question.theme.as_ref().filter(|theme| !facts.has_theme(theme));
        let funding = question.funding.as_ref().filter(|source| !facts.has_funding(source));
        let program = question.program.filter(|program| !facts.has_program(*program));
        let instead = |kind, code: &Code| (code.to_string(), other_codes(facts, kind, code));
        for (flag, unknown) in [
            ("--program", program.map(|program| (program.to_string(), None))),
            ("--theme", theme.map(|theme| instead(CodeKind::Theme, theme))),
            ("--funding", funding.map(|source| instead(CodeKind::Funding, source))),
        ] {
            let Some((value, instead)) = unknown else { continue };
            let instead = instead.map(|instead| format!("; {}", language.of(&instead))).unwrap_or_default();
            context.say(&text!(
                language,
                "jejak: {flag} {value}: tidak ada program dalam log yang menyebutnya{instead}",
                "jejak: {flag} {value}: no programme in the log names it{instead}"
            ));
        }
    }

    /// The question that is to be proven to others: about no row that is not there.
    ///
    /// # Errors
    /// As [`Filters::ask`], and [`Stop::Usage`] where there is no such row.
    pub fn ask_to_prove(
        &self,
        context: &Context,
        snapshot: &Snapshot,
        (on, as_known): (Date, u64),
        view: &ViewDeclaration,
    ) -> Result<Question, Stop> {
        let question = self.ask(snapshot, on, as_known, Some(view))?;
        self.note_unknown(context, snapshot.facts(), &question);
        only::refuse_missing(snapshot, view, &question)?;
        Ok(question)
    }

    /// The question that they narrow, to a view where one is asked.
    ///
    /// # Errors
    /// [`Stop::Usage`] when `--program` does not name one programme, or `--only` one row; or when the log cannot be read.
    pub fn ask(
        &self,
        snapshot: &Snapshot,
        on: Date,
        as_known: u64,
        view: Option<&ViewDeclaration>,
    ) -> Result<Question, Stop> {
        let program = self.program.as_deref().map(|typed| program(snapshot, typed)).transpose()?;
        let code = |kind, flag, typed: &Option<String>| {
            let code = typed.as_deref().map(|typed| which_code(snapshot.facts(), kind, flag, typed));
            code.transpose().map_err(Stop::Usage)
        };
        let mut question = Question {
            area: self.area,
            area_of: self.area_of,
            as_known,
            from: self.from,
            funding: code(CodeKind::Funding, "--funding", &self.funding)?,
            on,
            only: None,
            program,
            scale: self.scale,
            theme: code(CodeKind::Theme, "--theme", &self.theme)?,
        };
        let only = self.only.as_ref().map(|row| row.find(snapshot, view, &question)).transpose()?;
        question.only = only;
        Ok(question)
    }
}

/// `kecil` under the rule of the ministry of industry, or `<rule>:<class>`.
fn scale(text: &str) -> Result<Scaled, Stop> {
    let unknown = || {
        Stop::usage(
            format!(
                "--scale {text} tidak dikenal; contoh: kecil, menengah, pp_7_2021:mikro, permenperin_64_2016:kecil",
                text = quoted(text)
            ),
            format!(
                "--scale {text} is not known; examples: kecil, menengah, pp_7_2021:mikro, permenperin_64_2016:kecil",
                text = quoted(text)
            ),
        )
    };
    question::scale(text).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use jejak_events::types::{Scale, ScaleRule};
    use jejak_projections::question::scale_text;

    use super::*;

    #[test]
    fn a_scale_comes_with_its_rule() {
        let read = |text| scale(text).map(|scaled| (scaled.rule, scaled.scale)).ok();
        assert_eq!(read("kecil"), Some((ScaleRule::Permenperin64Of2016, Scale::Kecil)));
        assert_eq!(read("mikro"), Some((ScaleRule::Pp7Of2021, Scale::Mikro)));
        assert_eq!(read("pp_7_2021:menengah"), Some((ScaleRule::Pp7Of2021, Scale::Menengah)));
        for (typed, whole) in [
            ("kecil", "permenperin_64_2016:kecil"),
            ("mikro", "pp_7_2021:mikro"),
            ("pp_7_2021:menengah", "pp_7_2021:menengah"),
        ] {
            assert_eq!(scale_text(scale(typed).unwrap()), whole);
        }
        for wrong in ["besar", "permenperin_64_2016:mikro", "x:kecil", "kecil:"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
