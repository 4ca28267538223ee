//! One file per command.

mod append;
mod demo;
mod history;
mod init;
mod log;
mod rebuild;
mod recover;
mod verify;
mod view;

use clap::Subcommand;

use super::Context;
use super::exit::{Exit, Stop};

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fill a directory with the worked example and print its main views.
    Demo(demo::Arguments),
    /// Make a new registry: keys, anchor, event 0, first checkpoint.
    Init(init::Arguments),
    /// Append proposals from JSON Lines.
    Append(append::Arguments),
    /// Show the events of a stream and those that name it.
    History(history::Arguments),
    /// Count a figure, or list the views.
    View(view::Arguments),
    /// The log itself: export, checkpoint, key, proofs.
    #[command(subcommand)]
    Log(log::Command),
    /// Count every view again from the bytes of the log and compare.
    Rebuild(rebuild::Arguments),
    /// Check everything: both copies, tree, signature, anchor, vault, keys, records, rules, views.
    Verify(verify::Arguments),
    /// Rebuild the damaged copy from the sound one.
    Recover(recover::Arguments),
}

/// Runs a command.
///
/// # Errors
/// What stopped it.
pub fn run(command: Command, context: &Context) -> Result<Exit, Stop> {
    match command {
        Command::Demo(arguments) => demo::run(&arguments, context),
        Command::Init(arguments) => init::run(&arguments, context),
        Command::Append(arguments) => append::run(&arguments, context),
        Command::History(arguments) => history::run(&arguments, context),
        Command::View(arguments) => view::run(&arguments, context),
        Command::Log(command) => log::run(&command, context),
        Command::Rebuild(arguments) => rebuild::run(&arguments, context),
        Command::Verify(arguments) => verify::run(&arguments, context),
        Command::Recover(arguments) => recover::run(&arguments, context),
    }
}
