//! Standard output: what goes there, how wide it is, and whether all of it arrived.
//!
//! A command says its content once as sheets and once as a serialisable value; this module must never change a value
//! on its way out, but for characters that would steer a terminal instead of being read.
//!
//! Writing never stops a command: a verdict is computed and a file recorded to its end whoever reads. What could not
//! be written is remembered ([`cut_short`]), and no command that lost output ends with 0.

use std::io::{self, Write};
use std::sync::Mutex;

use schemars::JsonSchema;
use serde::Serialize;

use super::exit::Stop;
use super::{Context, Format};
use crate::words::language::{Language, made_up};
use crate::words::lines::broken;
pub use crate::words::lines::{printable, wrapped};
use crate::words::table::Table;
pub use crate::words::table::joined;

/// The beginning of a digest: enough to compare two by eye. JSON and CSV have all of it.
#[must_use]
pub fn shortened(digest: &str) -> String {
    const SHOWN_CHARS: usize = 16;
    match digest.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &digest[..end]),
        None => digest.to_owned(),
    }
}

/// Writes one JSON document, indented, with a newline behind it.
///
/// # Errors
/// When the output cannot be written.
pub fn write_json(out: &mut dyn Write, value: &impl Serialize) -> Result<(), Stop> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// An answer with what every answer says of its registry.
#[derive(Serialize, JsonSchema)]
pub struct Marked<'a, T> {
    #[serde(flatten)]
    value: &'a T,
    /// Whether event 0 says that the registry holds made-up data.
    synthetic: bool,
}

/// Writes an answer, an object without a place in the log, as [`write_json`] does, and `synthetic` behind it.
///
/// # Errors
/// When the output cannot be written.
pub fn write_marked(out: &mut dyn Write, value: &impl Serialize, synthetic: bool) -> Result<(), Stop> {
    write_json(out, &Marked { value, synthetic })
}

/// Writes a table as CSV for the program that is named.
///
/// # Errors
/// When the output cannot be written.
pub fn write_csv(out: &mut dyn Write, context: &Context, table: &Table) -> Result<(), Stop> {
    Ok(table.write_csv(out, context.csv())?)
}

/// Columns of a label in front of a value, and of the space between.
pub const LABEL_COLUMNS: usize = 13;

/// Writes a line of a label and a value.
///
/// # Errors
/// When the output cannot be written.
pub fn write_label(out: &mut dyn Write, label: &str, value: impl std::fmt::Display) -> Result<(), Stop> {
    let width = LABEL_COLUMNS - 1;
    Ok(writeln!(out, "{label:<width$} {}", printable(&value.to_string()))?)
}

/// The first line of every page of a registry that holds made-up data.
///
/// # Errors
/// When the output cannot be written.
pub fn write_synthetic(out: &mut dyn Write, is_synthetic: bool, language: Language) -> Result<(), Stop> {
    if is_synthetic {
        writeln!(out, "{}", made_up(language))?;
    }
    Ok(())
}

/// A table as it stands on a page.
pub fn on_page(table: &Table) -> String {
    table.to_text(page_width())
}

/// Standard output, buffered.
pub type Output = io::BufWriter<Lasting>;

/// Standard output, buffered. Writing to it never fails; [`cut_short`] says whether all was written.
pub fn stdout() -> Output {
    io::BufWriter::with_capacity(1 << 18, Lasting(io::stdout().lock()))
}

/// A page for people on standard output: a line that is wider than the page goes on in the next one. In a form for
/// programs lines stay as they are.
pub fn page(context: &Context) -> Page {
    page_in(context.format())
}

/// A page as [`page`] makes it, in this form.
pub fn page_in(format: Format) -> Page {
    let width = (format == Format::Table).then(page_width);
    Page { out: stdout(), width, line: Vec::new() }
}

/// Standard output, its lines no wider than a page. Writing to it never fails, as to [`Output`].
pub struct Page {
    out: Output,
    width: Option<usize>,
    /// What was written since the last line break.
    line: Vec<u8>,
}

impl Page {
    fn write_line(&mut self, end: &[u8]) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let parts = self.width.map(|width| broken(&text, width).join("\n"));
        self.out.write_all(parts.as_ref().map_or(&line, |parts| parts.as_bytes()))?;
        self.out.write_all(end)
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.width.is_none() {
            return self.out.write(bytes);
        }
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            match part.split_last() {
                Some((b'\n', line)) => {
                    self.line.extend_from_slice(line);
                    self.write_line(b"\n")?;
                }
                _ => self.line.extend_from_slice(part),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_line(b"")?;
        self.out.flush()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // It never fails; `cut_short` says whether all was written.
        let _ = self.write_line(b"");
    }
}

/// What first kept standard output from being written.
static CUT_SHORT: Mutex<Option<io::Error>> = Mutex::new(None);

/// Why not all of the output was written; none while it was. Taken once.
pub fn cut_short() -> Option<io::Error> {
    CUT_SHORT.lock().ok().and_then(|mut cut| cut.take())
}

/// Whether output was lost: work that makes nothing but output may stop.
pub fn is_cut_short() -> bool {
    CUT_SHORT.lock().is_ok_and(|cut| cut.is_some())
}

/// Standard output that takes everything and remembers the first failure; after it nothing more is written, so that
/// what arrived is a beginning of the whole.
pub struct Lasting(io::StdoutLock<'static>);

impl Lasting {
    fn hold(&mut self, write: impl FnOnce(&mut io::StdoutLock<'static>) -> io::Result<()>) {
        let Ok(mut cut) = CUT_SHORT.lock() else { return };
        if cut.is_none() {
            *cut = write(&mut self.0).err();
        }
    }
}

impl Write for Lasting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hold(|stdout| stdout.write_all(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hold(Write::flush);
        Ok(())
    }
}

/// Columns of the page, of tables and of all lines beside them: `COLUMNS` where it is set, else those of the terminal,
/// else [`COLUMNS_ELSEWHERE`], whatever terminal is near.
pub fn page_width() -> usize {
    asked_columns().or_else(|| columns_of(io::stdout())).unwrap_or(COLUMNS_ELSEWHERE)
}

/// The same of what is said apart from the output.
pub fn messages_width() -> usize {
    asked_columns().or_else(|| columns_of(io::stderr())).unwrap_or(COLUMNS_ELSEWHERE)
}

fn asked_columns() -> Option<usize> {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse::<usize>().ok());
    asked.filter(|columns| *columns > 0)
}

fn columns_of(terminal: impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(terminal).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// Columns of a page that goes to a file or a program.
const COLUMNS_ELSEWHERE: usize = 80;
