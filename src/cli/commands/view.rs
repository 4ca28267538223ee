//! `jejak view`.

mod names;
mod print;

use clap::Args;
use jejak_events::area::AreaCode;
use jejak_events::identity::ProgramId;
use jejak_events::time::RecordedTime;
use jejak_events::types::{Scale, ScaleRule, Scaled};
use jejak_events::values::{Code, Date};
use jejak_projections::facts::Facts;
use jejak_projections::question::{Question, QuestionError};
use jejak_projections::views::{VIEWS, ViewDeclaration, view};

use crate::cli::Context;
use crate::cli::exit::{Exit, Stop};
use crate::cli::language::text;
use crate::registry::Registry;

/// Count a figure and say what it counts, or, without a name, list the views.
///
/// Every answer states both its clocks: the day it is for (--on) and how much of the log it knows
/// (--as-known), with size and root of the log there. With --list it names the IKMs, persons or
/// sessions behind the figures and the events that make each of them count; those events can be read
/// with `log export` and proven with `log proof`.
///
/// JSON of one view: `{"view","version","title","definition","question","figures":[{"name","unit",
/// "value"}],"by_area":[{"area","figures"}],"breakdowns":[{"by","rows":[{"key","figures"}]}],"digest",
/// "log":{"size","root","recorded_until"}}` and, with --list, `"members":[{"who","area","figures",
/// "events"}]`, `"context"` (events the figures rest on without being about one member) and, with
/// --names, `"names"` by member. JSON of the list: `{"views":[{"view","version","title","definition",
/// "figures"}],"question","log"}`.
///
/// Every row of CSV ends with `from,on,as_known,root`: the period, the size of the log known, and its
/// root there.
///
/// A programme, theme or source of money that no event names counts 0; a note on stderr says so.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak view green_certified --area 33.75 --on 2026-06-30 --list")]
pub struct Arguments {
    /// The view [default: list them all with their figures].
    name: Option<String>,
    /// Only this area; a province adds up its kabupaten and kota.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// Only this programme.
    #[arg(long, value_name = "ID")]
    program: Option<String>,
    /// Only programmes of this theme.
    #[arg(long, value_name = "THEME")]
    theme: Option<String>,
    /// Only IKMs of this size class: kecil or menengah, or rule:class.
    #[arg(long, value_name = "SCALE")]
    scale: Option<String>,
    /// Only programmes that draw on this source of money.
    #[arg(long, value_name = "SOURCE")]
    funding: Option<String>,
    /// Only what came about on this day or later.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// The day the figure is for [default: today].
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// As the registry knew it: at a log size, at a moment (RFC 3339), or at the end of a day
    /// [default: now].
    #[arg(long, value_name = "TIME|SIZE")]
    as_known: Option<String>,
    /// Name who and which events are behind the figures.
    #[arg(long, requires = "name")]
    list: bool,
    /// With the names of IKMs and persons; the look is noted in the access log first.
    #[arg(long, requires = "list")]
    names: bool,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let wanted = arguments.name.as_deref().map(view).transpose()?;
    let filters = Filters::read(arguments)?;
    let on = arguments.on.as_deref().map(|text| date("--on", text)).transpose()?;
    let as_known = arguments.as_known.as_deref().map(AsKnown::read).transpose()?;
    let actor = crate::cli::actor(&context.global)?;
    context.with_registry(|registry| {
        let on = match on {
            Some(on) => on,
            None => context.today(registry)?,
        };
        let size = match as_known {
            Some(as_known) => as_known.size(registry)?,
            None => registry.reader().size(),
        };
        let question = filters.ask(on, size);
        let log = print::LogPlace::at(registry, size)?;
        filters.note_unknown(context, &registry.facts());
        match wanted {
            None => list_views(context, registry, &question, &log),
            Some(view) => {
                let answer = view.answer(&registry.facts(), &question)?;
                let names = if arguments.names {
                    Some(names::look_up(context, registry, &actor, &answer)?)
                } else {
                    None
                };
                print::answer(context, &answer, &log, arguments.list, names.as_ref())?;
                Ok(Exit::Fine)
            }
        }
    })
}

/// All views, each with its figures where the filters make sense for it.
fn list_views(
    context: &Context,
    registry: &Registry,
    question: &Question,
    log: &print::LogPlace,
) -> Result<Exit, Stop> {
    let facts = registry.facts();
    let mut rows: Vec<(&ViewDeclaration, Option<_>)> = Vec::new();
    for view in VIEWS {
        match view.answer(&facts, question) {
            Ok(answer) => rows.push((view, Some(answer))),
            Err(QuestionError::FilterNotPossible { .. }) => rows.push((view, None)),
            Err(error) => return Err(error.into()),
        }
    }
    drop(facts);
    print::views(context, &rows, question, log)?;
    Ok(Exit::Fine)
}

/// What narrows the question; read before the registry is opened.
struct Filters {
    area: Option<AreaCode>,
    program: Option<ProgramId>,
    theme: Option<Code>,
    scale: Option<Scaled>,
    funding: Option<Code>,
    from: Option<Date>,
}

impl Filters {
    fn read(arguments: &Arguments) -> Result<Self, Stop> {
        fn read<T>(
            text: Option<&String>,
            parse: impl FnOnce(&str) -> Result<T, jejak_events::fault::Message>,
        ) -> Result<Option<T>, Stop> {
            text.map(|text| parse(text)).transpose().map_err(Stop::Usage)
        }
        Ok(Self {
            area: read(arguments.area.as_ref(), AreaCode::parse)?,
            program: read(arguments.program.as_ref(), ProgramId::parse)?,
            theme: read(arguments.theme.as_ref(), Code::parse)?,
            scale: arguments.scale.as_deref().map(scale).transpose()?,
            funding: read(arguments.funding.as_ref(), Code::parse)?,
            from: arguments.from.as_deref().map(|text| date("--from", text)).transpose()?,
        })
    }

    /// Notes on stderr what no event names: the answer to that is 0, as it is to a slip of the pen.
    fn note_unknown(&self, context: &Context, facts: &Facts) {
        let theme = self.theme.as_ref().filter(|theme| !facts.has_theme(theme));
        let funding = self.funding.as_ref().filter(|source| !facts.has_funding(source));
        let program = self.program.filter(|program| !facts.has_program(*program));
        for (flag, value) in [
            ("--program", program.map(|program| program.to_string())),
            ("--theme", theme.map(ToString::to_string)),
            ("--funding", funding.map(ToString::to_string)),
        ] {
            if let Some(value) = value {
                context.say(&text!(
                    context.language,
                    "jejak: {flag} {value}: tidak ada program dalam log yang menyebutnya",
                    "jejak: {flag} {value}: no programme in the log names it"
                ));
            }
        }
    }

    fn ask(&self, on: Date, as_known: u64) -> Question {
        Question {
            area: self.area,
            as_known,
            from: self.from,
            funding: self.funding.clone(),
            on,
            program: self.program,
            scale: self.scale,
            theme: self.theme.clone(),
        }
    }
}

fn date(flag: &str, text: &str) -> Result<Date, Stop> {
    Date::parse(text)
        .map_err(|message| Stop::usage(format!("{flag}: {}", message.id), format!("{flag}: {}", message.en)))
}

/// `kecil` under the rule of the ministry of industry, or `<rule>:<class>`.
fn scale(text: &str) -> Result<Scaled, Stop> {
    let unknown = || {
        Stop::usage(
            format!(
                "--scale {text:?} tidak dikenal; contoh: kecil, menengah, pp_7_2021:mikro, permenperin_64_2016:kecil"
            ),
            format!(
                "--scale {text:?} is not known; examples: kecil, menengah, pp_7_2021:mikro, permenperin_64_2016:kecil"
            ),
        )
    };
    let (rule, class) = text.split_once(':').unwrap_or(("", text));
    let scale = [Scale::Mikro, Scale::Kecil, Scale::Menengah].into_iter().find(|scale| scale.name() == class);
    let scale = scale.ok_or_else(unknown)?;
    let rule = match (rule, scale) {
        // The ministry's rule knows no micro enterprises.
        ("", Scale::Mikro) | (PP_7_2021, _) => ScaleRule::Pp7Of2021,
        ("" | PERMENPERIN_64_2016, Scale::Kecil | Scale::Menengah) => ScaleRule::Permenperin64Of2016,
        _ => return Err(unknown()),
    };
    Ok(Scaled { rule, scale })
}

const PERMENPERIN_64_2016: &str = "permenperin_64_2016";
const PP_7_2021: &str = "pp_7_2021";

/// A size class as `--scale` takes it, with its rule: the same word means other IKMs under another.
fn scale_text(scaled: Scaled) -> String {
    let rule = match scaled.rule {
        ScaleRule::Permenperin64Of2016 => PERMENPERIN_64_2016,
        ScaleRule::Pp7Of2021 => PP_7_2021,
    };
    format!("{rule}:{}", scaled.scale.name())
}

/// How much of the log is to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AsKnown {
    Size(u64),
    /// Milliseconds since 1970-01-01T00:00:00Z, inclusive.
    Moment(i64),
    /// Through the end of this day where the office is.
    Day(Date),
}

impl AsKnown {
    fn read(text: &str) -> Result<Self, Stop> {
        let unknown = || {
            Stop::usage(
                format!(
                    "--as-known {text:?} harus ukuran log, tanggal, atau waktu RFC 3339; contoh: 120, 2025-10-08, 2025-10-08T09:00:00+07:00"
                ),
                format!(
                    "--as-known {text:?} must be a log size, a date, or an RFC 3339 time; examples: 120, 2025-10-08, 2025-10-08T09:00:00+07:00"
                ),
            )
        };
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Size).map_err(|_| unknown());
        }
        if let Ok(moment) = chrono::DateTime::parse_from_rfc3339(text) {
            return Ok(Self::Moment(moment.timestamp_millis()));
        }
        Date::parse(text).map(Self::Day).map_err(|_| unknown())
    }

    /// The number of events known then. Recorded time never decreases along the log, so it is found by
    /// halving.
    fn size(self, registry: &Registry) -> Result<u64, Stop> {
        let area = registry.source().area;
        let known = |recorded: RecordedTime| match self {
            Self::Size(_) => true,
            Self::Moment(unix_ms) => recorded.unix_ms() <= unix_ms,
            Self::Day(day) => recorded.date_in(area) <= day,
        };
        if let Self::Size(size) = self {
            return Ok(size);
        }
        let (mut from, mut to) = (0, registry.reader().size());
        while from < to {
            let middle = from + (to - from) / 2;
            if known(registry.event(middle)?.recorded) { from = middle + 1 } else { to = middle }
        }
        Ok(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_known_takes_a_size_a_moment_or_a_day() {
        assert_eq!(AsKnown::read("120").unwrap(), AsKnown::Size(120));
        assert_eq!(AsKnown::read("1970-01-01T07:00:01+07:00").unwrap(), AsKnown::Moment(1000));
        let day = Date::parse("2025-10-08").unwrap();
        assert_eq!(AsKnown::read("2025-10-08").unwrap(), AsKnown::Day(day));
        for wrong in ["", "-1", "2025-02-31", "yesterday", "99999999999999999999999"] {
            assert!(AsKnown::read(wrong).is_err(), "{wrong:?}");
        }
    }

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
