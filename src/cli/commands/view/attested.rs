//! The attested figures beside an answer, from the vault. Noted in the access log before anything is read.

use std::io::Write;

use jejak_events::fault::Message;
use jejak_events::identity::{Actor, Subject};
use jejak_projections::answer::Answer;
use jejak_projections::views::{ViewDeclaration, current_views};

use crate::answer_json::{Attested, Part, Told};
use crate::cli::exit::Stop;
use crate::cli::output::Sheet;
use crate::cli::{Context, actor};
use crate::queries::attested::{AttestError, attest, subjects};
use crate::readmodel::Snapshot;
use crate::registry::{Registry, RegistryError};
use crate::words::language::{Language, number, text};

/// Refuses a view without attested figures, naming those that have some.
///
/// # Errors
/// When the view has none.
pub fn check(view: &ViewDeclaration) -> Result<(), Stop> {
    if !view.attested.is_empty() {
        return Ok(());
    }
    let name = view.name;
    let others: Vec<&str> =
        current_views().filter(|view| !view.attested.is_empty()).map(|view| view.name).collect();
    let others = others.join(", ");
    Err(Stop::usage(
        format!("tampilan {name} tidak punya angka tersegel; yang punya: {others}"),
        format!("view {name} has no sealed figures; those that do: {others}"),
    ))
}

/// Who looks at sealed figures: `--actor`, for the access log must name somebody.
///
/// # Errors
/// When there is none.
pub fn named_actor(context: &Context) -> Result<Actor, Stop> {
    if context.global.actor.is_none() {
        return Err(Stop::usage(
            "jumlah dari angka tersegel hanya untuk yang berwenang melihat angka satu IKM; sebut --actor, yang dicatat dalam log akses",
            "sums of sealed figures are only for somebody who may see an individual IKM's; give --actor, which the access log notes",
        ));
    }
    actor(&context.global)
}

/// Adds up the sealed figures behind an answer.
///
/// # Errors
/// When the look cannot be noted (then nothing is read), or vault or log cannot be read.
pub fn look_up(
    (registry, snapshot): (&Registry, &Snapshot),
    actor: &Actor,
    view: &'static ViewDeclaration,
    answer: &Answer,
) -> Result<Vec<Attested>, Stop> {
    let subjects = subjects(answer, snapshot).map_err(RegistryError::from)?;
    let subjects: Vec<Subject> = subjects.into_iter().collect();
    let look = registry.look(actor, &format!("view {} --attested", answer.view), &subjects)?;
    attest(view, answer, (snapshot, &look)).map_err(|error| match error {
        AttestError::Read(error) => RegistryError::Unreadable(error.to_string()).into(),
        AttestError::Overflow { figure } => Stop::No(Message::new(
            format!("jumlah {figure} terlalu besar; koreksi laporan yang dijumlahkan"),
            error.to_string(),
        )),
    })
}

/// What each figure is by, of what, its name and its value, for rows of CSV.
pub fn rows(figures: &[Attested]) -> impl Iterator<Item = (&'static str, String, &'static str, String)> {
    figures.iter().flat_map(|figure| {
        let row = |by, key, part: &Part| {
            let value = match part.value {
                Told::Value(value) => value.to_string(),
                Told::Withheld => "withheld".to_owned(),
                Told::None => String::new(),
            };
            (by, key, figure.name, value)
        };
        let areas = figure
            .by_area
            .iter()
            .map(move |of| row("area", of.area.map_or(String::new(), |area| area.to_string()), &of.part));
        let programs = figure.by_program.iter().map(move |of| row("program", of.program.clone(), &of.part));
        std::iter::once(row("total", String::new(), &figure.total)).chain(areas).chain(programs)
    })
}

/// Prints them under a table.
///
/// # Errors
/// When the output cannot be written.
pub fn table(out: &mut dyn Write, language: Language, figures: &[Attested]) -> Result<(), Stop> {
    writeln!(
        out,
        "\n{}",
        text!(
            language,
            "Dinyatakan oleh registri dari angka tersegel, bukan dibuktikan; dari kurang dari tiga IKM (median: lima) tidak disebut:",
            "Attested by the registry from sealed figures, not proven; from fewer than three IKMs (of a median, five) withheld:"
        )
    )?;
    let headings = match language {
        Language::Id => {
            ["angka", "bagian", "#nilai", "#dari", "#dilihat", "#tidak diisi", "#dihapus", "#IKM"]
        }
        Language::En => ["figure", "part", "#value", "#of", "#seen", "#not given", "#erased", "#IKMs"],
    };
    let mut sheet = Sheet::new(headings);
    for figure in figures {
        let title = language.words(figure.title);
        let mut add = |of: String, part: &Part| {
            let value = told(part.value, figure.is_change, language);
            let whole = part.whole.map_or(String::new(), |whole| told(whole, false, language));
            let counts = [part.seen, part.unseen, part.erased, part.ikms].map(|count| count.to_string());
            sheet.row([title.to_owned(), of, value, whole].into_iter().chain(counts));
        };
        add(language.pick("semua", "all").to_owned(), &figure.total);
        for row in &figure.by_area {
            add(row.area.map_or("-".to_owned(), |area| area.to_string()), &row.part);
        }
        for row in &figure.by_program {
            add(row.program.clone(), &row.part);
        }
    }
    writeln!(out, "{}", sheet.to_table())?;
    Ok(())
}

fn told(told: Told, is_change: bool, language: Language) -> String {
    match told {
        Told::Value(value) if is_change => format!("{value:+} %"),
        Told::Value(value) => match u64::try_from(value) {
            Ok(value) => number(value, language),
            Err(_) => value.to_string(),
        },
        Told::Withheld => language.pick("(tidak disebut)", "(withheld)").to_owned(),
        Told::None => "-".to_owned(),
    }
}
