//! One file per command.

mod append;
mod attach;
mod audit;
mod bundle;
mod claim;
mod cosign;
mod demo;
mod due;
mod find;
mod history;
mod init;
mod key;
mod log;
mod rebuild;
mod receipt;
mod recover;
mod release;
pub mod schema;
mod show;
mod subject;
mod verify;
mod view;

use clap::Subcommand;

use super::exit::{Exit, Stop};
use super::{Context, Format};
use crate::words::table::Csv;

// A variant's own documentation would take the place of the long help of its arguments.
/// The commands; what each does is said by its arguments.
#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(demo::Arguments),
    Init(init::Arguments),
    Append(append::Arguments),
    Attach(attach::Arguments),
    Show(show::Arguments),
    History(history::Arguments),
    Find(find::Arguments),
    #[command(subcommand)]
    Subject(subject::Command),
    View(view::Arguments),
    Due(due::Arguments),
    #[command(subcommand)]
    Claim(claim::Command),
    #[command(subcommand)]
    Bundle(bundle::Command),
    #[command(subcommand)]
    Log(log::Command),
    Receipt(receipt::Arguments),
    Release(release::Arguments),
    Rebuild(rebuild::Arguments),
    Verify(verify::Arguments),
    Audit(audit::Arguments),
    Cosign(cosign::Arguments),
    Key(key::Arguments),
    Recover(recover::Arguments),
    Schema(schema::Arguments),
}

impl Command {
    /// The forms that its output has; none where it is in a form of its own.
    fn formats(&self) -> &'static [Format] {
        match self {
            Self::Demo(_)
            | Self::Append(_)
            | Self::Show(_)
            | Self::History(_)
            | Self::Find(_)
            | Self::View(_)
            | Self::Due(_)
            | Self::Claim(_)
            | Self::Rebuild(_)
            | Self::Release(_)
            | Self::Verify(_) => &[Format::Table, Format::Json, Format::Csv],
            Self::Init(_)
            | Self::Attach(_)
            | Self::Bundle(_)
            | Self::Receipt(_)
            | Self::Recover(_)
            | Self::Audit(_)
            | Self::Cosign(_)
            | Self::Key(_) => &[Format::Table, Format::Json],
            Self::Schema(_) => &[],
            Self::Subject(command) => command.formats(),
            Self::Log(command) => command.formats(),
        }
    }

    /// Whether it only reads, so that Ctrl-C may end it anywhere. What opening heals on the way is as
    /// safe from that as from any other kill.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Show(_)
            | Self::History(_)
            | Self::Find(_)
            | Self::View(_)
            | Self::Due(_)
            | Self::Claim(_)
            | Self::Schema(_) => true,
            Self::Bundle(command) => command.only_reads(),
            Self::Log(command) => command.only_reads(),
            Self::Demo(_)
            | Self::Init(_)
            | Self::Append(_)
            | Self::Attach(_)
            | Self::Subject(_)
            | Self::Receipt(_)
            | Self::Release(_)
            | Self::Rebuild(_)
            | Self::Verify(_)
            | Self::Audit(_)
            | Self::Cosign(_)
            | Self::Key(_)
            | Self::Recover(_) => false,
        }
    }
}

/// Refuses a form that the command does not have, rather than answering in another one.
fn check_format(command: &Command, asked: Option<Format>, for_program: Option<Csv>) -> Result<(), Stop> {
    if for_program.is_some() && asked != Some(Format::Csv) {
        return Err(Stop::usage(
            "--for excel hanya berlaku untuk CSV; tambahkan --format csv, atau hilangkan --for",
            "--for excel is for CSV only; add --format csv, or leave --for out",
        ));
    }
    let formats = command.formats();
    let Some(asked) = asked.filter(|asked| !formats.contains(asked)) else { return Ok(()) };
    let asked = asked.name();
    if formats.is_empty() {
        return Err(Stop::usage(
            format!("--format {asked}: keluaran perintah ini punya bentuk sendiri; hilangkan --format"),
            format!("--format {asked}: the output of this command has a form of its own; leave --format out"),
        ));
    }
    let possible = formats.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    Err(Stop::usage(
        format!("--format {asked} tidak ada untuk perintah ini; yang ada: {possible}"),
        format!("--format {asked} is not possible for this command; possible: {possible}"),
    ))
}

/// Runs a command.
///
/// # Errors
/// What stopped it.
pub fn run(command: Command, context: &Context) -> Result<Exit, Stop> {
    check_format(&command, context.global.format, context.global.for_program)?;
    match command {
        Command::Demo(arguments) => demo::run(&arguments, context),
        Command::Init(arguments) => init::run(&arguments, context),
        Command::Append(arguments) => append::run(&arguments, context),
        Command::Attach(arguments) => attach::run(&arguments, context),
        Command::Subject(command) => subject::run(&command, context),
        Command::Show(arguments) => show::run(&arguments, context),
        Command::History(arguments) => history::run(&arguments, context),
        Command::Find(arguments) => find::run(&arguments, context),
        Command::View(arguments) => view::run(&arguments, context),
        Command::Due(arguments) => due::run(&arguments, context),
        Command::Claim(command) => claim::run(&command, context),
        Command::Bundle(command) => bundle::run(&command, context),
        Command::Log(command) => log::run(&command, context),
        Command::Receipt(arguments) => receipt::run(&arguments, context),
        Command::Release(arguments) => release::run(&arguments, context),
        Command::Rebuild(arguments) => rebuild::run(&arguments, context),
        Command::Verify(arguments) => verify::run(&arguments, context),
        Command::Audit(arguments) => audit::run(&arguments, context),
        Command::Cosign(arguments) => cosign::run(&arguments, context),
        Command::Key(arguments) => key::run(&arguments, context),
        Command::Recover(arguments) => recover::run(&arguments, context),
        Command::Schema(arguments) => schema::run(&arguments, context),
    }
}
