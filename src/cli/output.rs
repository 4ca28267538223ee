//! Standard output: what goes there, how wide it is, and whether all of it arrived.
//!
//! A command says its content once as sheets and once as a serialisable value; this module must never change a value
//! on its way out, but for characters that would steer a terminal instead of being read.
//!
//! Writing never stops a command: a verdict is computed and a file recorded to its end whoever reads. What could not
//! be written is remembered ([`cut_short`]), and no command that lost output ends with 0.

use std::io::{self, Write};
use std::sync::Mutex;

use jejak_events::text::{is_unknown, is_unseen};
use schemars::JsonSchema;
use serde::Serialize;

use super::exit::Stop;
use super::sheet::broken;
pub use super::sheet::{Cell, Csv, Sheet, wrapped};
use super::{Context, Format};

/// A line of text from events or files that goes to a terminal: control characters, line breaks and unseen ones
/// become visible, so that nobody's text can move the cursor, recolour or reorder what others see, or pass for a line
/// of ours.
pub fn printable(text: &str) -> String {
    let harmless = |char: char| !(is_unseen(char) || is_unknown(char));
    if text.chars().all(harmless) {
        return text.to_owned();
    }
    text.chars()
        .flat_map(|char| {
            let escaped: Vec<char> =
                if harmless(char) { vec![char] } else { char.escape_unicode().collect() };
            escaped
        })
        .collect()
}

/// The beginning of a digest: enough to compare two by eye. JSON and CSV have all of it.
#[must_use]
pub fn shortened(digest: &str) -> String {
    const SHOWN_CHARS: usize = 16;
    match digest.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &digest[..end]),
        None => digest.to_owned(),
    }
}

/// Indexes of events, apart by spaces.
#[must_use]
pub fn joined(indexes: &[u64]) -> String {
    indexes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
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

/// A column of CSV that every row of an answer has.
pub const SYNTHETIC_COLUMN: &str = "synthetic";

/// Standard output, buffered.
pub type Output = io::BufWriter<Lasting>;

/// Standard output, buffered. Writing to it never fails; [`cut_short`] says whether all was written.
pub fn stdout() -> Output {
    io::BufWriter::with_capacity(1 << 18, Lasting(io::stdout().lock()))
}

/// A page for people on standard output: a line that is wider than the page goes on in the next one. In a form for
/// programs, and where the page has no width, lines stay as they are.
pub fn page(context: &Context) -> Page {
    page_in(context.format())
}

/// A page as [`page`] makes it, in this form.
pub fn page_in(format: Format) -> Page {
    let width = (format == Format::Table).then(page_width).flatten();
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

/// Columns of the page: `COLUMNS` where it is set, else those of the terminal; none where the output goes to a file
/// or a program, which get a row and a sentence on one line each, whatever terminal is near.
pub fn page_width() -> Option<usize> {
    asked_columns().or_else(|| columns_of(io::stdout()))
}

/// The same of what is said apart from the output.
pub fn messages_width() -> Option<usize> {
    asked_columns().or_else(|| columns_of(io::stderr()))
}

fn asked_columns() -> Option<usize> {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse::<usize>().ok());
    asked.filter(|columns| *columns > 0)
}

fn columns_of(terminal: impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(terminal).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// Columns of prose that stands in whole paragraphs, as definitions and help do, where the page has no width.
pub const PROSE_COLUMNS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_steers_a_terminal() {
        assert_eq!(printable("Batik \u{1b}[31mTulis\nVERIFIED"), "Batik \\u{1b}[31mTulis\\u{a}VERIFIED");
        for unseen in [
            '\u{200b}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}',
            '\u{feff}', '\u{61c}', '\u{2060}', '\u{2064}',
        ] {
            let said = printable(&format!("a{unseen}b"));
            assert_eq!(said, format!("a\\u{{{:x}}}b", u32::from(unseen)));
        }
        let plain = "Kerajinan “Rotan” – Ölçü, 工芸 \u{2010}\u{2030}";
        assert_eq!(printable(plain), plain);
    }

    #[test]
    fn no_cell_and_no_heading_of_a_table_steers_a_terminal() {
        let mut sheet = Sheet::new(["na\u{1b}[2Jme", "#fig\u{202e}ure"]);
        sheet.row(["Batik \u{1b}[31mTulis\u{7}", "1\u{202e}2"]);
        let table = sheet.to_table();
        let steers = |char: char| char != '\n' && is_unseen(char);
        assert!(!table.chars().any(steers), "{table:?}");
        for shown in ["\\u{1b}[2J", "\\u{202e}", "\\u{1b}[31m", "\\u{7}"] {
            assert!(table.contains(shown), "{shown}: {table}");
        }
    }
}
