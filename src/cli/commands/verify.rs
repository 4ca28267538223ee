//! `jejak verify`.

use std::io::Write as _;

use clap::Args;
use jejak_events::fault::Message;
use jejak_events::translation::told;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{page, printable, write_csv, write_json, write_synthetic};
use crate::cli::progress::Progress;
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format};
use crate::log::{LogError, Reach};
use crate::registry::{LogReading, Options, Registry, RegistryError, Signed};
use crate::tables;
use crate::vault::KeyError;
use crate::verify::{Check, Examination, Stage, VerifyError, verify};
use crate::words::counts::counts_grouped;
use crate::words::event_words::events;
use crate::words::language::{Language, counted, failure, number, text};
use crate::words::table::{Cell, Column, Holds, Table};

/// Check everything: both copies of the log, tree, signature, anchor, vault, keys, every record and the
/// rules it was recorded under, and every view against a rebuild.
///
/// Run it regularly, at least once a month, and whenever a machine was moved or restored: damage is healed from the other
/// copy as long as there is a sound one. Commands that write look at a little of the log each time they close, and one that
/// runs for long at all of it once a day.
///
/// It holds the registry while it looks. Where another process writes it, it waits for so long as --wait says (5
/// seconds), then says what it could look at beside that process and what not, with exit code 3 and without a verdict;
/// `jejak audit` replays the log at any time. Where this user may not write it does not run either: use `jejak audit`.
///
/// One line for each part. Exit code 1 when anything does not hold, also when the damage is such that
/// the registry refuses to open. Opening heals what can be healed; that is told as a note.
///
/// JSON: `{"sound","synthetic","size","root","checks":[{"part","checked","of","problems":[{"id","en"}],
/// "problem_count","notes"}]}`; where the registry cannot be opened only `{"sound":false,"why":
/// {"id","en"}}`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak verify --dir jejak-data")]
pub struct Arguments {}

/// What an examination found.
#[derive(Serialize, JsonSchema)]
struct Output<'a> {
    /// Whether everything holds.
    sound: bool,
    /// Whether event 0 says that the registry holds made-up data.
    synthetic: bool,
    #[serde(flatten)]
    report: &'a Examination,
}

/// Damage of a kind that the registry does not open with.
#[derive(Serialize, JsonSchema)]
struct RefusedOutput {
    /// Never.
    #[schemars(extend("const" = false))]
    sound: bool,
    /// What is damaged.
    why: Message,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<Output<'static>>, shape::<RefusedOutput>];

pub fn run(_: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let mut options = context.options();
    // The verdict comes first: a signature given meanwhile could stand over what is about to be found wrong.
    options.anchor_interval = None;
    options.reach = Reach::Whole;
    let registry = match context.open_with(&options) {
        Ok(registry) => registry,
        Err(Stop::Registry(error)) if is_damage(&error) => return refused(&error, context),
        Err(Stop::Registry(RegistryError::Log(LogError::Held { holder, .. }))) => {
            return Err(Stop::Held(beside(&holder, &options)));
        }
        Err(stop) => return Err(stop),
    };
    let registry_is_synthetic = registry.constitution().synthetic;
    let examined = examine(&registry, context);
    let closed = match &examined {
        Ok(report) if report.is_sound() => registry.close(),
        // Nobody may get a fresh signature over what was just found wrong, or was not examined to the end.
        _ => registry.close_without_anchor(),
    };
    let report = match examined {
        Ok(report) => report,
        Err(Stop::Registry(error)) if is_damage(&error) => return refused(&error, context),
        Err(stop) => return Err(stop),
    };
    print(&report, context, registry_is_synthetic)?;
    closed?;
    Ok(if report.is_sound() { Exit::Fine } else { Exit::No })
}

/// What can be examined beside a process that holds the registry, what cannot, and what to do. There is no verdict: a
/// part that nobody looked at is neither right nor wrong.
fn beside(holder: &str, options: &Options) -> Message {
    let looked = LogReading::open(options, Signed::NotNeeded).and_then(|log| {
        let size = log.reader().size();
        // Every event that is read is held against its tile, and the tiles against the root.
        log.reader().scan(0..size, &mut |_, _| true)?;
        Ok((size, log.reader().root_at(size)?))
    });
    let seen = match looked {
        Ok((size, root)) => Message::new(
            format!("jurnal cocok dengan pohonnya: {}, akar {root}", events(size, Language::Id)),
            format!("the journal agrees with its tree: {}, root {root}", events(size, Language::En)),
        ),
        Err(error) => Message::new(
            format!("jurnal tidak dapat dibaca sampai habis: {}", failure(&error, Language::Id)),
            format!("the journal could not be read to its end: {}", failure(&error, Language::En)),
        ),
    };
    let Message { id, en } = seen;
    Message::new(
        format!(
            "belum ada putusan, karena {} sedang menulis registri ini dan memegang salinan kedua log, brankas, dan kunci. Yang \
             dapat dilihat di sampingnya: {id}. Yang belum diperiksa: salinan kedua, brankas, kunci, dokumen bukti, catatan \
             akses, dan tampilan. Tunggu giliran dengan --wait DETIK, atau jalankan lagi setelah proses itu selesai; `jejak \
             audit DIREKTORI` memutar ulang seluruh jurnal sekarang juga, tanpa menunggu",
            told(holder)
        ),
        format!(
            "there is no verdict yet, for {holder} writes this registry and holds the second copy of the log, the vault and \
             the keys. What can be looked at beside it: {en}. What was not examined: the second copy, the vault, the keys, \
             the evidence, the access log and the views. Wait for its turn by --wait SECONDS, or run it again once that \
             process has ended; `jejak audit DIRECTORY` replays the whole journal now, without waiting"
        ),
    )
}

fn examine(registry: &Registry, context: &Context) -> Result<Examination, Stop> {
    let language = context.language;
    let total = registry.reader().size();
    let bars = STAGES.map(|stage| (stage, Progress::of_events(total, stage_word(stage, language))));
    let today = context.today(&registry.snapshot())?;
    verify(registry, &context.options(), today, &|stage, done, _| {
        for (of, bar) in &bars {
            if *of == stage {
                bar.at(done);
                if done == total {
                    bar.finish();
                }
            }
        }
        !context.interrupt.is_raised()
    })
    .map_err(|failure| match failure {
        VerifyError::Stopped => Stop::Interrupted,
        VerifyError::Log(error) => error.into(),
        VerifyError::Registry(error) => error.into(),
    })
}

const STAGES: [Stage; 6] =
    [Stage::Records, Stage::Journal, Stage::Vault, Stage::Evidence, Stage::State, Stage::Views];

fn stage_word(stage: Stage, language: Language) -> &'static str {
    match stage {
        Stage::Records => language.pick("catatan", "records"),
        Stage::Journal => language.pick("jurnal", "journal"),
        Stage::Vault => language.pick("brankas", "vault"),
        Stage::Evidence => language.pick("bukti", "evidence"),
        Stage::State => language.pick("keadaan tersimpan", "stored state"),
        Stage::Views => language.pick("tampilan", "views"),
    }
}

/// Whether an error says that the registry is not what it should be, and not that the machine failed.
fn is_damage(error: &RegistryError) -> bool {
    match error {
        RegistryError::Log(
            LogError::Damaged { .. }
            | LogError::AnchorAbsent { .. }
            | LogError::AnchorConflict { .. }
            | LogError::VaultsDiffer { .. }
            | LogError::ReadOnly,
        )
        | RegistryError::ForeignKeys { .. }
        | RegistryError::KeysBehind { .. }
        | RegistryError::KeyMissing { .. }
        | RegistryError::Unreadable(_)
        | RegistryError::Vault(_) => true,
        RegistryError::Keys(error) => is_damaged_keys(error),
        _ => false,
    }
}

fn is_damaged_keys(error: &KeyError) -> bool {
    match error {
        KeyError::In { source, .. } => is_damaged_keys(source),
        KeyError::Disk { .. } | KeyError::Stopped => false,
        _ => true,
    }
}

/// Says why the registry cannot even be opened.
fn refused(error: &RegistryError, context: &Context) -> Result<Exit, Stop> {
    let message = Message::new(failure(error, Language::Id), failure(error, Language::En));
    let mut out = page(context);
    if context.format() == Format::Json {
        write_json(&mut out, &RefusedOutput { sound: false, why: message })?;
    } else {
        writeln!(out, "{}", shown(&message, context.language))?;
        out.flush()?;
    }
    Ok(Exit::No)
}

fn print(report: &Examination, context: &Context, synthetic: bool) -> Result<(), Stop> {
    let language = context.language;
    let mut out = page(context);
    match context.format() {
        Format::Json => write_json(&mut out, &Output { sound: report.is_sound(), synthetic, report }),
        Format::Csv => {
            let columns = [(Holds::Id, "part"), (Holds::Number, "checked"), (Holds::Number, "problem_count")];
            let columns = columns.map(|(holds, key)| Column::programs(holds, key));
            let mut table = Table::new(language, columns).ending([tables::synthetic(synthetic)]);
            for check in &report.checks {
                table.row([Cell::id(check.part), check.checked.into(), check.problem_count.into()]);
            }
            write_csv(&mut out, context, &table)
        }
        Format::Table => {
            write_synthetic(&mut out, synthetic, language)?;
            let (size, root) = (report.size, &report.root);
            writeln!(
                out,
                "{}",
                text!(language, "{size}, akar {root}", "{size}, root {root}", size = events(size, language))
            )?;
            for check in &report.checks {
                check_lines(&mut out, check, language)?;
            }
            let said = if report.is_sound() {
                text!(language, "semua cocok", "everything agrees")
            } else {
                text!(language, "TIDAK COCOK", "DOES NOT AGREE")
            };
            writeln!(out, "{said}")?;
            Ok(out.flush()?)
        }
    }
}

/// What a part that is checked is called.
fn part(part: &str, language: Language) -> &str {
    if language == Language::En {
        return part;
    }
    match part {
        "access" => "catatan akses",
        "anchor" => "jangkar",
        "answer" => "jawaban",
        "archive" => "arsip",
        "claims" => "klaim",
        "copies" => "salinan",
        "evidence" => "bukti",
        "handover" => "serah terima",
        "journal" => "jurnal",
        "keys" => "kunci",
        "kept" => "simpanan",
        "manifest" => "manifes",
        "order" => "urutan",
        "records" => "catatan",
        "registry" => "registri",
        "rules" => "aturan",
        "sealed" => "tersegel",
        "signature" => "tanda tangan",
        "statement" => "pernyataan",
        "state" => "keadaan",
        "store" => "penyimpanan",
        "time" => "waktu",
        "tree" => "pohon",
        "vault" => "brankas",
        "views" => "tampilan",
        other => other,
    }
}

/// One part of an examination, with what does not hold.
///
/// # Errors
/// When the output cannot be written.
pub fn check_lines(out: &mut dyn std::io::Write, check: &Check, language: Language) -> Result<(), Stop> {
    // What was not looked at is neither right nor wrong.
    let mark = match (check.is_sound(), check.checked) {
        (false, _) => "✗",
        (true, 0) => "–",
        (true, _) => "✓",
    };
    let (part, of) = (part(check.part, language), counted(check.checked, language.of(&check.of), language));
    let checked = number(check.checked, language);
    writeln!(out, "{mark} {part:<13} {checked:>8} {of}")?;
    for problem in &check.problems {
        writeln!(out, "    {}", shown(problem, language))?;
    }
    let unlisted = check.problem_count.saturating_sub(check.problems.len() as u64);
    if unlisted > 0 {
        let unlisted = number(unlisted, language);
        writeln!(
            out,
            "    {}",
            text!(
                language,
                "dan {unlisted} lagi yang tidak didaftar",
                "and {unlisted} more that are not listed"
            )
        )?;
    }
    for note in &check.notes {
        writeln!(out, "    ({})", shown(note, language))?;
    }
    Ok(())
}

fn shown(said: &Message, language: Language) -> String {
    printable(&counts_grouped(language.of(said), language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_problems_the_first_are_said_and_the_rest_counted() {
        let mut check = Check::new("tree", "sidik", "hashes");
        (0..24).for_each(|number| check.problem(format!("salah {number}"), format!("wrong {number}")));
        for (language, said) in [
            (Language::Id, "dan 4 lagi yang tidak didaftar"),
            (Language::En, "and 4 more that are not listed"),
        ] {
            let mut out = Vec::new();
            check_lines(&mut out, &check, language).unwrap();
            assert!(String::from_utf8(out).unwrap().ends_with(&format!("    {said}\n")));
        }
    }
}
