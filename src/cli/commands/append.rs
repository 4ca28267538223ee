//! `jejak append`.

use std::collections::VecDeque;
use std::io::{BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use jejak_events::fault::{Message, Refusal};
use jejak_events::proposal::{Defaults, Proposal};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::lines::{BATCH_LINES, Line, LineReader};
use crate::cli::exit::{Exit, Stop};
use crate::cli::input::open_file;
use crate::cli::output::{Page, is_cut_short, page_in, printable};
use crate::cli::progress::Progress;
use crate::cli::schema::{Shape, shape};
use crate::cli::{Context, Format, actor};
use crate::registry::{Outcome, Registry, Submitted, batch_refused};
use crate::words::language::{Language, number, text};
use crate::words::table::{Cell, Column, Csv, Holds, Table};

/// Append proposals from JSON Lines: one event without `recordedtime` per line.
///
/// Sealed fields stand by name in `data`; the registry seals them. An optional `expectedrevision` is
/// the number of events that the subject's stream must hold. Appending the same proposal again answers
/// with the first index and records nothing.
///
/// Each line gets one result line, in input order: `{"line","id","index"}`, with `late_days` when
/// recorded more than 30 days after the fact, `repeated` when it stood there before, and
/// `"notices":[{"code","field","message":{"id","en"}}]` where something is unusual and may be right; or
/// `{"line","id","refused":{"rule","field","message":{"id","en"},"faults"}}`, where `faults` lists all that is wrong
/// with the form of the line, `[{"rule","field","value","message":{"id","en"}}]`. A result line with an index is durable. Refused
/// lines do not keep the others from being recorded. Exit code 1 if any was refused.
///
/// In a dry run every result line has `"dry_run":true`, and its index is the one that the event would get.
///
/// Ctrl-C finishes the requests in flight and closes the registry; run the same file again to go on.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  jejak append events.jsonl --actor petugas-3 > results.jsonl")]
pub struct Arguments {
    /// JSON Lines file, or - for standard input.
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// Record all lines or none; at most 10,000 lines.
    #[arg(long)]
    atomic: bool,
    /// Say what would be recorded, refused and noticed, and record nothing. Comparisons with sealed values are
    /// noted in the access log as of a dry run.
    #[arg(long)]
    dry_run: bool,
}

/// Most lines of an atomic file: they are decided and committed together.
const ATOMIC_LINES: u64 = 10_000;
/// Requests that may be on their way while the next one is made ready: one is decided, one is waiting for that.
const IN_FLIGHT: usize = 2;
/// How often a wait for input looks for Ctrl-C.
const INTERRUPT_POLL: Duration = Duration::from_millis(50);

/// One line of results.
#[derive(Serialize, JsonSchema)]
struct ResultLine<'a> {
    /// Line of the input, counted from 1.
    line: u64,
    /// Of a dry run: nothing was recorded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    dry_run: bool,
    #[serde(flatten)]
    outcome: &'a Outcome,
}

/// A line of input: a proposal, or why it is none.
struct InputLine {
    line: u64,
    parsed: Result<Proposal, Outcome>,
}

/// What the reading thread sends: lines that were at hand together, and bytes read so far.
struct Gathered {
    lines: Vec<InputLine>,
    position_bytes: u64,
}

#[derive(Default)]
struct Tally {
    recorded: u64,
    repeated: u64,
    refused: u64,
    last_line: u64,
}

/// What it answers.
pub const ANSWERS: &[Shape] = &[shape::<ResultLine<'static>>];

pub fn run(arguments: &Arguments, context: &Context) -> Result<Exit, Stop> {
    let actor = actor(&context.global)?;
    let (input, length_bytes) = open_input(&arguments.file)?;
    context.with_registry(|registry| {
        let defaults = registry.defaults(actor);
        let (sender, receiver) = sync_channel(4);
        // Apart from the writer, so that waiting for input never keeps Ctrl-C from being seen. The
        // thread ends with the input, or when nobody takes what it read.
        let reading =
            move || read_all(LineReader::new(BufReader::with_capacity(1 << 20, input)), &defaults, &sender);
        std::thread::Builder::new()
            .name("jejak-input".into())
            .spawn(reading)
            .context("cannot start the thread that reads the input")?;
        let mut appender = Appender {
            registry,
            context,
            dry_run: arguments.dry_run,
            out: ResultWriter::new(context, arguments.dry_run),
            tally: Tally::default(),
            progress: Progress::of_bytes(length_bytes, context.language.pick("mencatat", "appending")),
        };
        let done = if arguments.atomic {
            appender.append_atomic(&receiver)
        } else {
            appender.append_each(&receiver)
        };
        appender.finish(done)
    })
}

fn open_input(path: &Path) -> Result<(Box<dyn Read + Send>, u64), Stop> {
    if path == Path::new("-") {
        return Ok((Box::new(std::io::stdin()), 0));
    }
    let (file, length_bytes) = open_file(path)?;
    Ok((Box::new(file), length_bytes))
}

/// Reads and parses the input, sending lines on as soon as no more are at hand.
fn read_all<R: Read>(
    mut input: LineReader<R>,
    defaults: &Defaults,
    sender: &SyncSender<Result<Gathered, std::io::Error>>,
) {
    loop {
        let mut lines = Vec::new();
        let ended = loop {
            match input.next() {
                Ok(Some(line)) => lines.push(parse(line, defaults)),
                Ok(None) => break None,
                Err(error) => break Some(Err(error)),
            }
            if lines.len() >= BATCH_LINES || !input.has_line_at_hand() {
                break Some(Ok(()));
            }
        };
        let batch = Gathered { lines, position_bytes: input.position_bytes() };
        // Nobody takes it any more: appending stopped, and so does reading.
        if sender.send(Ok(batch)).is_err() {
            return;
        }
        match ended {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                let _ = sender.send(Err(error));
                return;
            }
            None => return,
        }
    }
}

fn parse(line: Line<'_>, defaults: &Defaults) -> InputLine {
    let parsed = match line.content {
        Ok(json) => {
            Proposal::parse(json, defaults).map_err(|refused| Outcome::Refused { id: id_of(json), refused })
        }
        Err(refused) => Err(Outcome::Refused { id: None, refused }),
    };
    InputLine { line: line.number, parsed }
}

/// The id of a line that is no proposal, where one can be read all the same.
fn id_of(json: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct OnlyId {
        id: String,
    }
    let OnlyId { id } = serde_json::from_slice(json).ok()?;
    // A text of any length may stand there; an id has 36 characters.
    (id.len() == 36).then_some(id)
}

/// Where the outcome of each line comes from: the request that it is part of, or the reader, which refused it.
type Places = Vec<(u64, Result<(), Outcome>)>;

/// A request on its way to the writer, and the lines that it is about.
struct InFlight {
    places: Places,
    submitted: Submitted,
}

struct Appender<'a> {
    registry: &'a Registry,
    context: &'a Context,
    dry_run: bool,
    out: ResultWriter,
    tally: Tally,
    progress: Progress,
}

impl Appender<'_> {
    /// The next lines of input; `None` at the end.
    fn receive(
        &mut self,
        receiver: &Receiver<Result<Gathered, std::io::Error>>,
    ) -> Result<Option<Gathered>, Stop> {
        loop {
            self.context.interrupt.check()?;
            match receiver.recv_timeout(INTERRUPT_POLL) {
                Ok(batch) => return self.received(batch).map(Some),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
    }

    fn received(&mut self, batch: Result<Gathered, std::io::Error>) -> Result<Gathered, Stop> {
        let batch = batch.context("cannot read the input")?;
        self.progress.at(batch.position_bytes);
        Ok(batch)
    }

    /// Has the next lines made ready while those before them are decided and synced.
    fn append_each(&mut self, receiver: &Receiver<Result<Gathered, std::io::Error>>) -> Result<(), Stop> {
        if self.dry_run {
            return self.rehearse_each(receiver);
        }
        let mut in_flight = VecDeque::new();
        let submitted = self.submit_each(receiver, &mut in_flight);
        // Whatever ended the input, what was submitted is answered.
        let answered = in_flight.into_iter().try_for_each(|one| self.answer_in_flight(one));
        submitted.and(answered)
    }

    fn submit_each(
        &mut self,
        receiver: &Receiver<Result<Gathered, std::io::Error>>,
        in_flight: &mut VecDeque<InFlight>,
    ) -> Result<(), Stop> {
        loop {
            self.context.interrupt.check()?;
            let next = match receiver.try_recv() {
                Ok(batch) => Some(self.received(batch)?),
                // Nobody waits for an answer because the next line is not typed yet.
                Err(TryRecvError::Empty) => match in_flight.pop_front() {
                    Some(oldest) => {
                        self.answer_in_flight(oldest)?;
                        continue;
                    }
                    None => self.receive(receiver)?,
                },
                Err(TryRecvError::Disconnected) => None,
            };
            let Some(Gathered { mut lines, .. }) = next else { return Ok(()) };
            while !lines.is_empty() {
                let rest = lines.split_off(lines.len().min(BATCH_LINES));
                if in_flight.len() == IN_FLIGHT
                    && let Some(oldest) = in_flight.pop_front()
                {
                    self.answer_in_flight(oldest)?;
                }
                let (places, proposals) = placed(lines);
                let submitted = self.registry.submit_blocking(proposals, false)?;
                in_flight.push_back(InFlight { places, submitted });
                lines = rest;
            }
        }
    }

    /// A rehearsal takes nothing back before its end, so that each line meets those before it.
    fn rehearse_each(&mut self, receiver: &Receiver<Result<Gathered, std::io::Error>>) -> Result<(), Stop> {
        let (mut places, mut batches) = (Vec::new(), Vec::new());
        while let Some(Gathered { mut lines, .. }) = self.receive(receiver)? {
            while !lines.is_empty() {
                let rest = lines.split_off(lines.len().min(BATCH_LINES));
                let (of_batch, proposals) = placed(lines);
                places.extend(of_batch);
                batches.push(proposals);
                lines = rest;
            }
        }
        self.rehearse(places, batches, false)
    }

    fn rehearse(
        &mut self,
        places: Places,
        mut batches: Vec<Vec<Proposal>>,
        atomic: bool,
    ) -> Result<(), Stop> {
        batches.retain(|batch| !batch.is_empty());
        let outcomes = self.registry.dry_run(batches, atomic)?.outcomes.into_iter().flatten().collect();
        self.answer_each(places, outcomes)
    }

    fn answer_in_flight(&mut self, InFlight { places, submitted }: InFlight) -> Result<(), Stop> {
        let outcomes = submitted.wait()?;
        self.answer_each(places, outcomes)
    }

    /// Reads everything before anything is decided.
    fn append_atomic(&mut self, receiver: &Receiver<Result<Gathered, std::io::Error>>) -> Result<(), Stop> {
        let mut lines = Vec::new();
        while let Some(batch) = self.receive(receiver)? {
            lines.extend(batch.lines);
            if lines.len() as u64 > ATOMIC_LINES {
                lines.truncate(usize::try_from(ATOMIC_LINES).unwrap_or(usize::MAX) + 1);
                return self.refuse_all(lines);
            }
        }
        if lines.iter().any(|line| line.parsed.is_err()) {
            return self.refuse_all(lines);
        }
        let (places, proposals) = placed(lines);
        if self.dry_run {
            return self.rehearse(places, vec![proposals], true);
        }
        let submitted = self.registry.submit_blocking(proposals, true)?;
        self.answer_in_flight(InFlight { places, submitted })
    }

    /// An atomic batch with a line that is no proposal, or one line too long.
    fn refuse_all(&mut self, lines: Vec<InputLine>) -> Result<(), Stop> {
        let is_too_large = lines.len() as u64 > ATOMIC_LINES;
        if is_too_large {
            // Before thousands of lines that say the same.
            self.context.say(&format!("jejak: {}", self.context.language.of(&batch_too_large().message)));
        }
        let mut answers = Vec::with_capacity(lines.len());
        for InputLine { line, parsed } in lines {
            let outcome = match parsed {
                Ok(proposal) if is_too_large => {
                    Outcome::Refused { id: Some(proposal.draft.id.to_string()), refused: batch_too_large() }
                }
                Err(Outcome::Refused { id, .. }) if is_too_large => {
                    Outcome::Refused { id, refused: batch_too_large() }
                }
                Ok(proposal) => batch_refused(proposal.draft.id),
                Err(refused) => refused,
            };
            answers.push((line, outcome));
        }
        name_refused_line(&mut answers);
        self.answer_all(&answers)
    }

    fn answer_all(&mut self, answers: &[(u64, Outcome)]) -> Result<(), Stop> {
        answers.iter().try_for_each(|(line, outcome)| self.answer(*line, outcome))?;
        self.out.flush()
    }

    /// Lines are answered in order once they are durable, or decided in a rehearsal.
    fn answer_each(&mut self, places: Places, outcomes: Vec<Outcome>) -> Result<(), Stop> {
        let mut outcomes = outcomes.into_iter();
        let mut answers = Vec::with_capacity(places.len());
        for (line, parsed) in places {
            let outcome = match parsed {
                Ok(()) => outcomes.next().ok_or_else(|| {
                    anyhow::anyhow!(
                        "the registry did not answer line {line}; append the file again to learn what stands"
                    )
                })?,
                Err(refused) => refused,
            };
            answers.push((line, outcome));
        }
        name_refused_line(&mut answers);
        self.answer_all(&answers)
    }

    fn answer(&mut self, line: u64, outcome: &Outcome) -> Result<(), Stop> {
        match outcome {
            Outcome::Recorded { repeated: true, .. } => self.tally.repeated += 1,
            Outcome::Recorded { .. } => self.tally.recorded += 1,
            Outcome::Refused { .. } => self.tally.refused += 1,
        }
        self.tally.last_line = line;
        self.out.write(line, outcome)
    }

    /// Says what was done, also when something stopped it half way.
    fn finish(mut self, done: Result<(), Stop>) -> Result<Exit, Stop> {
        self.progress.finish();
        let language = self.context.language;
        let Tally { recorded, repeated, refused, last_line } = self.tally;
        let [recorded, repeated, refused, last_line] =
            [recorded, repeated, refused, last_line].map(|count| number(count, language));
        if let Err(stop) = &done {
            let why = if matches!(stop, Stop::Interrupted) {
                text!(language, "dihentikan sesudah baris {last_line}", "stopped after line {last_line}")
            } else {
                text!(language, "berhenti sesudah baris {last_line}", "ended after line {last_line}")
            };
            self.context.say(&format!("jejak: {why}"));
        }
        self.context.say(&if self.dry_run {
            text!(
                language,
                "jejak: percobaan, tidak ada yang dicatat: {recorded} akan dicatat, {repeated} sudah ada, {refused} akan ditolak",
                "jejak: dry run, nothing was recorded: {recorded} would be recorded, {repeated} there before, {refused} would be refused"
            )
        } else {
            text!(
                language,
                "jejak: {recorded} dicatat, {repeated} sudah ada, {refused} ditolak",
                "jejak: {recorded} recorded, {repeated} there before, {refused} refused"
            )
        });
        done?;
        if self.tally.last_line == 0 {
            self.context.say(language.pick(
                "jejak: masukan tidak berisi usulan; tulis satu usulan JSON pada tiap baris",
                "jejak: the input holds no proposal; write one proposal in JSON on each line",
            ));
        }
        self.out.finish()?;
        if is_cut_short() {
            self.context.say(language.pick(
                "jejak: hasil per baris tidak tersampaikan semua; jalankan berkas yang sama lagi untuk melihatnya",
                "jejak: not every result line arrived; run the same file again to see them",
            ));
        }
        Ok(if self.tally.refused > 0 { Exit::No } else { Exit::Fine })
    }
}

/// Splits lines into the proposals among them and where each line has its outcome from.
fn placed(lines: Vec<InputLine>) -> (Places, Vec<Proposal>) {
    let mut proposals = Vec::with_capacity(lines.len());
    let places =
        lines.into_iter().map(|read| (read.line, read.parsed.map(|proposal| proposals.push(proposal))));
    (places.collect(), proposals)
}

/// What every line of an atomic batch is told that has too many.
fn batch_too_large() -> Refusal {
    Refusal::new(
        "batch_too_large",
        format!(
            "kelompok atomik paling banyak {ATOMIC_LINES} baris dan masukan ini lebih, jadi tidak satu pun dicatat; bagi berkasnya, atau catat tanpa --atomic"
        ),
        format!(
            "an atomic batch has at most {ATOMIC_LINES} lines and this input has more, so none is recorded; split the file, or append without --atomic"
        ),
    )
}

/// Names the line for whose sake the others of an atomic batch fell.
fn name_refused_line(answers: &mut [(u64, Outcome)]) {
    let fell = |outcome: &Outcome| outcome.refusal().is_some_and(|refused| refused.rule == "batch_refused");
    let refused = answers.iter().find(|(_, outcome)| outcome.refusal().is_some() && !fell(outcome));
    let Some(line) = refused.map(|(line, _)| *line) else { return };
    for (_, outcome) in answers.iter_mut() {
        if let Outcome::Refused { refused, .. } = outcome
            && refused.rule == "batch_refused"
        {
            refused.message = Message::new(
                format!("tidak dicatat karena baris {line} dalam kelompok atomik ini ditolak"),
                format!("not recorded because line {line} of this atomic batch was refused"),
            );
        }
    }
}

/// Result lines in the form asked for.
struct ResultWriter {
    out: Page,
    format: Format,
    csv: Csv,
    language: Language,
    dry_run: bool,
    /// CSV is written at once per flush; the heading once.
    table: Option<Table>,
    heading_written: bool,
}

impl ResultWriter {
    fn new(context: &Context, dry_run: bool) -> Self {
        let format = context.global.format.unwrap_or(Format::Json);
        Self {
            out: page_in(format),
            format,
            csv: context.csv(),
            language: context.language,
            dry_run,
            table: None,
            heading_written: false,
        }
    }

    fn write(&mut self, line: u64, outcome: &Outcome) -> Result<(), Stop> {
        match self.format {
            Format::Json => {
                serde_json::to_writer(&mut self.out, &ResultLine { line, dry_run: self.dry_run, outcome })
                    .map_err(std::io::Error::from)?;
                self.out.write_all(b"\n")?;
            }
            Format::Csv => {
                let dry_run = [(Holds::Id, "dry_run", Cell::id(self.dry_run))];
                let table =
                    self.table.get_or_insert_with(|| Table::new(self.language, COLUMNS).ending(dry_run));
                table.row(csv_row(line, outcome, self.language));
            }
            Format::Table => {
                let word = if self.dry_run {
                    self.language.pick("percobaan, baris", "dry run, line")
                } else {
                    self.language.pick("baris", "line")
                };
                if outcome.refusal().is_some_and(|refused| refused.rule == "batch_too_large") {
                    // Said once, before the lines.
                    return Ok(());
                }
                for notice in outcome.notices() {
                    let message = self.language.of(&notice.message);
                    let message = printable(&format!("{}: {message}", notice.field));
                    let noted = self.language.pick("catatan", "notice");
                    writeln!(self.out, "{word} {line}: {noted}: {message} [{}]", notice.code)?;
                }
                if let Some(refused) = outcome.refusal() {
                    for (rule, said) in told_faults(refused, self.language) {
                        writeln!(self.out, "{word} {line}: {} [{rule}]", printable(&said))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Stop> {
        if let Some(table) = self.table.take() {
            if self.heading_written {
                table.write_csv_rows(&mut self.out, self.csv)?;
            } else {
                table.write_csv(&mut self.out, self.csv)?;
            }
            self.heading_written = true;
        }
        Ok(self.out.flush()?)
    }

    fn finish(&mut self) -> Result<(), Stop> {
        self.flush()
    }
}

/// What is said of each line, for programs.
const COLUMNS: [Column; 9] = [
    Column::programs(Holds::Number, "line"),
    Column::programs(Holds::Id, "id"),
    Column::programs(Holds::Number, "index"),
    Column::programs(Holds::Number, "late_days"),
    Column::programs(Holds::Id, "repeated"),
    Column::programs(Holds::Id, "rule"),
    Column::programs(Holds::Id, "field"),
    Column::programs(Holds::Text, "message"),
    Column::programs(Holds::Text, "notices"),
];

fn csv_row(line: u64, outcome: &Outcome, language: Language) -> [Cell; 9] {
    match outcome {
        Outcome::Recorded { id, index, late_days, repeated, .. } => {
            let notices = || outcome.notices().iter();
            let messages: Vec<&str> = notices().map(|notice| language.of(&notice.message)).collect();
            let codes: Vec<&str> = notices().map(|notice| notice.code).collect();
            let (id, repeated) = (Cell::id(id), Cell::id(repeated));
            let (none, messages, codes) = (|| Cell::None, messages.join("; "), codes.join(" "));
            let late = (*late_days).into();
            [line.into(), id, (*index).into(), late, repeated, none(), none(), messages.into(), codes.into()]
        }
        Outcome::Refused { id, refused } => {
            let message = match refused.faults.len() {
                0 | 1 => language.of(&refused.message).to_owned(),
                _ => told_faults(refused, language).map(|(_, said)| said).collect::<Vec<_>>().join("; "),
            };
            let (none, id, field) = (|| Cell::None, id.as_ref().into(), refused.field.as_ref().into());
            let rule = Cell::id(refused.rule);
            [line.into(), id, none(), none(), none(), rule, field, message.into(), none()]
        }
    }
}

/// Each fault of a refusal with its rule, in words: the field and what is wrong with it.
fn told_faults(refused: &Refusal, language: Language) -> impl Iterator<Item = (&'static str, String)> {
    let said = move |field: &Option<String>, message: &Message| match field {
        Some(field) => format!("{field}: {}", language.of(message)),
        None => language.of(message).to_owned(),
    };
    let only = refused.faults.is_empty().then(|| (refused.rule, said(&refused.field, &refused.message)));
    let all = refused.faults.iter().map(move |fault| (fault.rule, said(&fault.field, &fault.message)));
    only.into_iter().chain(all).collect::<Vec<_>>().into_iter()
}
