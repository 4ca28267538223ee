//! The command line: arguments in, the registry driven, words and numbers out.
//!
//! Commands, flags, JSON output and exit codes are stable: scripts rely on them. Nothing here decides
//! a rule, counts a figure or appends except through the registry.

mod clocks;
mod commands;
mod exit;
pub mod help;
mod input;
mod interrupt;
mod lines;
mod new_file;
mod output;
mod progress;
pub mod schema;
mod trust;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, ValueEnum};
use jejak_events::identity::{Actor, ActorKind};
use jejak_events::time::RecordedTime;
use jejak_events::translation::told;
use jejak_events::values::{Code, Date};

use self::commands::Command;
pub use self::commands::schema::ANSWERS;
pub use self::exit::{Exit, Stop};
use self::help::Call;
use self::interrupt::Interrupt;
use self::new_file::hold_anchor;
use self::output::{cut_short, messages_width, page_width, printable, stdout};
use self::progress::Progress;
use crate::environment::Environment;
use crate::log::{LogError, NotMended, OnDamage, Reach};
use crate::readmodel::Snapshot;
use crate::registry::{
    LogReading, OnLockWait, OnOpening, Options, Registry, RegistryError, RegistryReading, Signed,
    why_not_mended,
};
use crate::verify;
use crate::words::counts::counts_grouped;
use crate::words::language::{Language, counted, text};
use crate::words::lines::broken;
use crate::words::table::Csv;

/// When a command begins to look at the whole log in the background: a short one is over by then.
const SCRUB_AFTER: Duration = Duration::from_secs(10);

/// Event-sourced, verifiable registry of what cities did for their small and medium industries.
///
/// Every enrolment, attendance, assessment, certificate and exhibition is appended once, as an event
/// that never changes. Every figure is counted from those events, as of any day and as known at any
/// moment, and can be opened down to the events behind it.
///
/// Exit codes: 0 fine; 1 the answer is no (refused, not verified, mismatch); 2 the command was called
/// wrongly; 3 the machine failed, or the output could not be written to its end; 130 stopped by Ctrl-C,
/// with everything acknowledged kept. A reader that closes the pipe changes no verdict and ends no
/// recording; where the code would be 0 it is 3 then.
///
/// Pages are as wide as the terminal; what goes to a file or a pipe (`| less`) has 80 columns, or as many as the variable
/// COLUMNS says: `COLUMNS=140 jejak view certified | less -S`.
#[derive(Debug, Parser)]
#[command(
    name = "jejak",
    version,
    after_help = "Example:\n  jejak demo --dir demo\n  jejak view green_certified --dir demo --area 33.75"
)]
pub struct Arguments {
    /// What every command understands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The data directory.
    #[arg(
        long,
        global = true,
        env = "JEJAK_DIR",
        hide_env_values = true,
        default_value = "jejak-data",
        value_name = "DIR"
    )]
    pub dir: PathBuf,
    /// The directory of the keys, kept and backed up apart [default: keys in the data directory].
    #[arg(long, global = true, value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// The anchor file [default: anchor in the data directory]. On another disk it notices a whole
    /// directory that was put back to an older state.
    #[arg(long, global = true, value_name = "PATH")]
    pub anchor: Option<PathBuf>,
    /// Pseudonym of who acts, written into events and the access log; never a person's name. Sealed values are shown
    /// to nobody without it.
    #[arg(long, global = true, value_name = "ID")]
    pub actor: Option<String>,
    /// Form of the output [default: table; JSON Lines for append]. A form that a command lacks is
    /// refused. In CSV, text that begins with =, +, -, @, a tab or a line break has a leading ', so that
    /// no spreadsheet takes it for a formula; text that could be split or taken for a number is quoted.
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Which program reads the CSV. For excel it begins with a byte order mark, has ; between cells and
    /// decimal commas, and codes and identifiers stand as text (="33.75"). Only with --format csv.
    #[arg(long = "for", global = true, value_enum, value_name = "PROGRAM")]
    pub for_program: Option<Csv>,
    /// Language of messages: id (Bahasa Indonesia) or en.
    #[arg(long, global = true, value_enum, env = "JEJAK_LANG", hide_env_values = true, default_value_t = Language::Id, value_name = "LANGUAGE")]
    pub lang: Language,
    /// Believe the clock even when it is a day behind the last event or 400 days ahead of it.
    #[arg(long, global = true)]
    pub accept_clock: bool,
    /// How long to wait for another process that writes the same registry. Only what records something, looks at sealed
    /// values, or reads a damaged part, has to wait.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 5)]
    pub wait: u64,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// For programs; stable.
    Json,
    /// For spreadsheets.
    Csv,
}

impl Format {
    /// As `--format` takes it.
    fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// What a running command has at hand.
#[derive(Clone)]
pub struct Context {
    /// The global arguments.
    pub global: Global,
    /// Language of messages.
    pub language: Language,
    /// Raised by Ctrl-C.
    pub interrupt: Interrupt,
    /// The clock and randomness of whatever it does.
    pub environment: Environment,
}

impl Context {
    /// Where the registry lies and how it runs.
    #[must_use]
    pub fn options(&self) -> Options {
        // Whole paths: making a directory durable means syncing its parent, which `data` does not name.
        let whole = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let mut options = Options::in_directory(whole(&self.global.dir));
        options.environment = self.environment.clone();
        if let Some(keys) = &self.global.keys {
            options.keys_dir = whole(keys);
        }
        if let Some(anchor) = &self.global.anchor {
            options.anchor = whole(anchor);
        }
        options.accept_clock = self.global.accept_clock;
        options.scrub_after = Some(SCRUB_AFTER);
        options.lock_wait = Duration::from_secs(self.global.wait);
        options.on_lock_wait = self.on_lock_wait();
        options
    }

    fn on_lock_wait(&self) -> OnLockWait {
        let (language, wait) = (self.language, self.global.wait);
        Arc::new(move |holder| {
            say(&text!(
                language,
                "jejak: menunggu {}, yang sedang menulis registri ini, paling lama {wait} {}",
                "jejak: waiting for {}, which writes this registry, for at most {wait} {}",
                language.pick(told(holder), holder.to_owned()),
                counted(wait, language.pick("detik", "seconds"), language)
            ));
        })
    }

    /// Refuses a `--keys` that names no directory: a slip of the pen, and no loss of keys.
    ///
    /// # Errors
    /// [`Stop::Usage`].
    pub fn check_keys_dir(&self) -> Result<(), Stop> {
        let Some(keys) = self.global.keys.as_ref().filter(|keys| !keys.is_dir()) else { return Ok(()) };
        let keys = keys.display();
        Err(Stop::usage(
            format!("--keys {keys} bukan direktori yang ada; sebut direktori kunci registri ini"),
            format!("--keys {keys} is no directory that exists; name the directory of this registry's keys"),
        ))
    }

    /// Opens the registry and tells on stderr what opening had to mend.
    ///
    /// # Errors
    /// As [`Registry::open`], and for `--keys` that names no directory.
    pub fn open(&self) -> Result<Registry, Stop> {
        self.open_with(&self.options())
    }

    /// Opens the registry as [`Context::open`] does, with options of the caller's own.
    ///
    /// # Errors
    /// As [`Context::open`].
    pub fn open_with(&self, options: &Options) -> Result<Registry, Stop> {
        self.check_keys_dir()?;
        hold_anchor(self)?;
        let registry = self.showing(self.language.pick("membuka", "opening"), options, Registry::open)?;
        let opened = registry.opened();
        let keys = verify::healed_keys(&opened.healed_keys);
        for message in verify::healed(&opened.log).iter().chain(&keys).chain(&opened.state.problems) {
            self.say(&format!("jejak: {}", self.language.of(message)));
        }
        let finished = registry.opened().finished_erasures;
        if finished > 0 {
            self.say(&text!(
                self.language,
                "jejak: penghapusan yang terputus diselesaikan: {finished}",
                "jejak: erasures that were cut short and are finished now: {finished}"
            ));
        }
        let handovers = registry.opened().finished_handovers;
        if handovers > 0 {
            self.say(&text!(
                self.language,
                "jejak: serah terima kunci yang terputus atau hilang dibuat: {handovers}",
                "jejak: handovers of the key that were cut short or lost and are made now: {handovers}"
            ));
        }
        Ok(registry)
    }

    /// Opens or recovers a registry with a progress bar, which is gone again before anything is said.
    fn showing<T>(&self, what: &str, options: &Options, open: impl FnOnce(&Options) -> T) -> T {
        let progress = Arc::new(Progress::of_work(what));
        let told = Arc::clone(&progress);
        let on_opening: OnOpening = Arc::new(move |done, total| told.at_share(done, total));
        let opened = open(&Options { on_opening, ..options.clone() });
        progress.finish();
        opened
    }

    /// Opens the registry, works with it, and closes it whatever came of the work: closing anchors what
    /// was acknowledged.
    ///
    /// # Errors
    /// What stopped the work, else what kept the registry from closing.
    pub fn with_registry(&self, work: impl FnOnce(&Registry) -> Result<Exit, Stop>) -> Result<Exit, Stop> {
        let registry = self.open()?;
        // Opening does not look for Ctrl-C.
        let done = self.interrupt.check().and_then(|()| work(&registry));
        let closed = registry.close();
        let exit = done?;
        closed?;
        Ok(exit)
    }

    /// Reads the log alone, beside whoever writes it, and works with it.
    ///
    /// # Errors
    /// As [`Context::with_reading`].
    pub fn with_log(
        &self,
        signed: Signed,
        work: impl FnOnce(&LogReading) -> Result<Exit, Stop>,
    ) -> Result<Exit, Stop> {
        match self.read(signed, LogReading::open, |log| log)? {
            Some(log) => work(&log),
            None => self.with_registry(|registry| work(&LogReading::of(registry, &self.options(), signed)?)),
        }
    }

    /// Reads the registry beside whoever writes it, and works with what it is at its last whole commit. Where the journal is
    /// found damaged, then or during the work, and nobody else writes, it is healed and read on; where only a writer can
    /// go on, the registry is opened as one.
    ///
    /// # Errors
    /// What stopped the work, else what keeps the registry from being read.
    pub fn with_reading(
        &self,
        signed: Signed,
        work: impl FnOnce(&RegistryReading) -> Result<Exit, Stop>,
    ) -> Result<Exit, Stop> {
        match self.read(signed, RegistryReading::open, RegistryReading::log)? {
            Some(reading) => work(&reading),
            None => {
                self.with_registry(|registry| work(&RegistryReading::of(registry, &self.options(), signed)?))
            }
        }
    }

    /// As [`Context::with_reading`] or, where looks at sealed values are to be noted, as [`Context::with_registry`]: then
    /// with the registry, which gives them.
    ///
    /// # Errors
    /// As these.
    pub fn with_looks(
        &self,
        looks: bool,
        signed: Signed,
        work: impl FnOnce(&RegistryReading, Option<&Registry>) -> Result<Exit, Stop>,
    ) -> Result<Exit, Stop> {
        if !looks {
            return self.with_reading(signed, |reading| work(reading, None));
        }
        self.with_registry(|registry| {
            let reading = RegistryReading::of(registry, &self.options(), signed)?;
            work(&reading, Some(registry))
        })
    }

    /// Opens the registry, so that what is handed out can be noted in the access log. Where somebody else writes it and
    /// no sealed value is looked at, it is read, nothing is noted, and that is said.
    ///
    /// # Errors
    /// As [`Context::with_registry`] and [`Context::with_reading`].
    pub fn with_notes(
        &self,
        looks: bool,
        signed: Signed,
        work: impl FnOnce(&RegistryReading, Option<&Registry>) -> Result<Exit, Stop>,
    ) -> Result<Exit, Stop> {
        let can_note = looks || self.options().may_be_written();
        if !can_note {
            self.say(self.language.pick(
                "jejak: yang diserahkan ini tidak dicatat dalam catatan akses, yang hanya ditulis proses pemegang \
                 registri; isinya peristiwa terbuka saja, seperti `jejak log export`",
                "jejak: this hand-out is not noted in the access log, which only the process that holds the registry \
                 writes; it holds open events alone, as `jejak log export` does",
            ));
        }
        self.with_looks(can_note, signed, work)
    }

    /// Reads what is there; `None` where it takes a writer to go on, and none is there.
    fn read<T>(
        &self,
        signed: Signed,
        open: impl FnOnce(&Options, Signed) -> Result<T, RegistryError>,
        log_of: impl FnOnce(&T) -> &LogReading,
    ) -> Result<Option<T>, Stop> {
        self.check_keys_dir()?;
        hold_anchor(self)?;
        let context = self.clone();
        let on_damage: OnDamage = Arc::new(move || context.mend());
        let options = Options { on_damage: Some(on_damage), ..self.options() };
        let what = self.language.pick("membaca", "reading");
        let found = match self.showing(what, &options, |options| open(options, signed)) {
            Ok(found) => found,
            Err(error @ RegistryError::Log(LogError::Unmended { .. })) => return Err(error.into()),
            // Whoever opens it for writing may mend it, or says what to do.
            Err(_) if options.may_be_written() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let log = log_of(&found);
        let is_enough = log.is_length_known() && (signed == Signed::NotNeeded || log.unsigned() == 0);
        if !is_enough && options.may_be_written() {
            return Ok(None);
        }
        self.tell_problems(log, signed);
        self.interrupt.check()?;
        Ok(Some(found))
    }

    /// Opens the registry for writing, which reads both copies as a whole and heals each from the other, and tells what was
    /// healed.
    fn mend(&self) -> Result<(), NotMended> {
        let options = Options { reach: Reach::Whole, ..self.options() };
        let mended = self.open_with(&options).and_then(|registry| Ok(registry.close()?));
        mended.map_err(|stop| match stop {
            Stop::Registry(error) => why_not_mended(&options, &error),
            other => NotMended::Failed { reason: other.text(Language::En) },
        })
    }

    fn tell_problems(&self, log: &LogReading, signed: Signed) {
        for message in log.problems() {
            self.say(&format!("jejak: {}", self.language.of(message)));
        }
        let (unsigned, size) = (log.unsigned(), log.reader().size());
        if signed == Signed::Wanted && unsigned > 0 {
            self.say(&text!(
                self.language,
                "jejak: {unsigned} dari {size} peristiwa belum ditandatangani; itu dilakukan proses yang menulis",
                "jejak: not signed yet: {unsigned} of {size} events; the process that writes does that"
            ));
        }
    }

    /// The moment up to which something can be known, see [`Snapshot::now`].
    ///
    /// # Errors
    /// When the clock lies outside the years 1900 to 2999.
    pub fn now(&self, snapshot: &Snapshot) -> Result<RecordedTime, Stop> {
        Ok(snapshot.now(crate::registry::wall_time(&*self.environment.clock)?))
    }

    /// Today where the office is, by [`Context::now`].
    ///
    /// # Errors
    /// As there.
    pub fn today(&self, snapshot: &Snapshot) -> Result<Date, Stop> {
        Ok(self.now(snapshot)?.date_in(snapshot.source().area))
    }

    /// The form asked for, or a table.
    #[must_use]
    pub fn format(&self) -> Format {
        self.global.format.unwrap_or(Format::Table)
    }

    /// Which program reads the CSV.
    #[must_use]
    pub fn csv(&self) -> Csv {
        self.global.for_program.unwrap_or_default()
    }

    /// Says something to people, apart from the output.
    pub fn say(&self, text: &str) {
        say(&counts_grouped(text, self.language));
    }
}

/// A text of several lines, none wider than the page.
fn fitted(text: &str, width: usize) -> String {
    text.split('\n').map(|line| broken(line, width).join("\n")).collect::<Vec<_>>().join("\n")
}

/// Says something to people, apart from the output. What it quotes cannot pass for a line of its own: further lines
/// are set in.
fn say(text: &str) {
    let width = messages_width();
    for (number, line) in text.lines().enumerate() {
        let indent = if number == 0 { "" } else { "    " };
        let line = format!("{indent}{}", printable(line));
        for part in broken(&line, width) {
            // Nobody may be listening; the output is elsewhere.
            let _ = writeln!(std::io::stderr(), "{part}");
        }
    }
}

/// Who acts: `--actor`, or nobody in particular.
///
/// # Errors
/// When the pseudonym is no code.
pub(crate) fn actor(global: &Global) -> Result<Actor, Stop> {
    match &global.actor {
        None => Ok(Actor { kind: ActorKind::Unknown, id: None }),
        Some(id) => Ok(Actor { kind: ActorKind::AppUser, id: Some(Code::parse(id).map_err(Stop::Usage)?) }),
    }
}

/// Who acts, and, where they are shown sealed values, somebody: the access log is the record of who saw what, which a
/// person may ask for. A login name would not do, for it may be a person's.
///
/// # Errors
/// When nobody is named, or the pseudonym is no code.
pub(crate) fn looker(global: &Global, looks: bool) -> Result<Actor, Stop> {
    if looks && global.actor.is_none() {
        return Err(Stop::usage(
            "nilai tersegel hanya diperlihatkan bila disebut siapa yang melihatnya; beri --actor dengan nama samaran Anda, yang dicatat dalam catatan akses, misalnya --actor petugas-3",
            "sealed values are shown only to somebody who is named; give --actor with your pseudonym, which the access log notes, such as --actor petugas-3",
        ));
    }
    actor(global)
}

/// Runs the command line and says how it went.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    run_in(arguments, Environment::system()).into()
}

/// Runs the command line with a clock and randomness of the caller's own.
pub fn run_in(arguments: impl IntoIterator<Item = OsString>, environment: Environment) -> Exit {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match help::read(&words, &|name| std::env::var_os(name)) {
        Call::Run(arguments) => *arguments,
        Call::Say(text, language) => {
            let mut out = stdout();
            // It never fails; what was lost is known below.
            let text = fitted(&text, page_width());
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
            drop(out);
            return ended(Exit::Fine, language);
        }
        Call::Wrong(text) => {
            // Nobody may be listening; the exit code says it too.
            let _ = std::io::stderr().write_all(fitted(&text, messages_width()).as_bytes());
            return Exit::Usage;
        }
    };
    let language = arguments.global.lang;
    let interrupt = Interrupt::install(arguments.command.only_reads(), language);
    let context = Context { language, interrupt, environment, global: arguments.global };
    let exit = commands::run(arguments.command, &context).unwrap_or_else(|stop| {
        context.say(&stop.text(language));
        stop.exit()
    });
    ended(exit, language)
}

/// How the command ended, its output considered: a verdict stands, and what was cut short is not fine.
fn ended(exit: Exit, language: Language) -> Exit {
    let Some(error) = cut_short() else { return exit };
    say(&match error.kind() {
        std::io::ErrorKind::BrokenPipe => text!(
            language,
            "jejak: keluaran terpotong, pembacanya sudah pergi; yang sampai bukan seluruhnya",
            "jejak: the output was cut short, its reader has gone; what arrived is not all of it"
        ),
        _ => text!(
            language,
            "jejak: keluaran tidak dapat ditulis seluruhnya: {error}",
            "jejak: not all of the output could be written: {error}"
        ),
    });
    if exit == Exit::Fine { Exit::Failed } else { exit }
}
