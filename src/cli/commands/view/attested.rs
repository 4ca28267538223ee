//! The attested figures beside an answer, from the vault. Noted in the access log before anything is read.

use std::io::Write;

use jejak_events::fault::Message;
use jejak_events::identity::Subject;
use jejak_projections::answer::Answer;
use jejak_projections::views::{ViewDeclaration, current_views};

use super::noted::Looking;
use crate::answer_json::Attested;
use crate::cli::exit::Stop;
use crate::cli::output::on_page;
use crate::queries::attested::{AttestError, attest, subjects};
use crate::queries::names::Titles;
use crate::readmodel::Snapshot;
use crate::registry::RegistryError;
use crate::tables;
use crate::words::choices::choice;
use crate::words::language::{Language, text};

/// Refuses a view without attested figures, naming those that have some.
///
/// # Errors
/// When the view has none.
pub fn check(view: &ViewDeclaration) -> Result<(), Stop> {
    if !view.attested.is_empty() {
        return Ok(());
    }
    let name = view.name;
    let others = || current_views().filter(|view| !view.attested.is_empty());
    let named = |language: Language| {
        let one = |view: &ViewDeclaration| choice(view.name, language.words(view.title));
        others().map(one).collect::<Vec<_>>().join(", ")
    };
    let (id, en) = (named(Language::Id), named(Language::En));
    Err(Stop::usage(
        format!("tampilan {name} tidak punya angka tersegel; yang punya: {id}"),
        format!("view {name} has no sealed figures; those that do: {en}"),
    ))
}

/// Adds up the sealed figures behind an answer.
///
/// # Errors
/// When the look cannot be noted (then nothing is read), or vault or log cannot be read.
pub fn look_up(
    snapshot: &Snapshot,
    looking: Looking<'_>,
    view: &'static ViewDeclaration,
    answer: &Answer,
) -> Result<Vec<Attested>, Stop> {
    let subjects = subjects(view, answer, snapshot).map_err(RegistryError::from)?;
    let subjects: Vec<Subject> = subjects.into_iter().collect();
    let look = looking.look("--attested", &subjects)?;
    attest(view, answer, (snapshot, &look)).map_err(|error| match error {
        AttestError::Read(error) => RegistryError::Unreadable(error.to_string()).into(),
        AttestError::Overflow { figure } => Stop::No(Message::new(
            format!("jumlah {figure} terlalu besar; koreksi laporan yang dijumlahkan"),
            error.to_string(),
        )),
    })
}

/// Prints them under a table.
///
/// # Errors
/// When the output cannot be written.
pub fn table(
    out: &mut dyn Write,
    language: Language,
    figures: &[Attested],
    titles: &Titles,
) -> Result<(), Stop> {
    writeln!(
        out,
        "\n{}",
        text!(
            language,
            "Dinyatakan oleh registri dari angka tersegel, bukan dibuktikan; yang dari kurang dari tiga IKM atau orang (median: lima) tidak disebut, begitu pula yang lain bila darinya yang tidak disebut itu dapat dihitung:",
            "Attested by the registry from sealed figures, not proven; withheld is what comes from fewer than three IKMs or persons (of a median, five), and what else a withheld one could be computed from:"
        )
    )?;
    Ok(writeln!(out, "{}", on_page(&tables::attested::table(figures, titles, language)))?)
}
