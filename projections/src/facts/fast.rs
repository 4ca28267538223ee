//! Reads the most frequent records without parsing all of them.
//!
//! Relies on the fixed order of keys in canonical JSON (RFC 8785 sorts them) and reads only what rows
//! need. It is for records that were judged when they were appended and whose hash the caller has
//! checked: it does not judge them again, and anything it does not expect to see makes it give way to
//! [`jejak_events::record::Event::read`].

use jejak_events::identity::Source;
use jejak_events::time::RecordedTime;
use jejak_events::types::ikm::AttendanceStatus;
use jejak_events::values::{Code, Date, Minutes};
use uuid::Uuid;

use super::Facts;
use super::rows::{CodeId, Id, RecordingKind, Row};
use super::tables::{Attendance, Enrolment};
use crate::error::ProjectionError;

/// A UUID as it stands in the record: 36 characters.
type UuidText<'a> = &'a [u8; 36];

/// What rows need of a frequent record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Hot<'a> {
    /// `training.attended`.
    Attended {
        ikm: UuidText<'a>,
        program: UuidText<'a>,
        session: UuidText<'a>,
        person: Option<Uuid>,
        date: Date,
        minutes: Option<Minutes>,
        status: AttendanceStatus,
        day: Date,
    },
    /// `enrolment.made`.
    Enrolled { ikm: UuidText<'a>, program: UuidText<'a>, group: Option<Code>, persons: Vec<Uuid>, day: Date },
}

/// The last UUID of a column and its number: consecutive records mostly share it.
#[derive(Debug)]
pub(super) struct Last {
    text: [u8; 36],
    number: u32,
}

impl Default for Last {
    fn default() -> Self {
        Self { text: [0; 36], number: 0 }
    }
}

impl Last {
    /// The number of a UUID, asked for only when it differs from the last one.
    pub(super) fn number(
        &mut self,
        text: UuidText<'_>,
        intern: impl FnOnce(Uuid) -> Result<u32, ProjectionError>,
    ) -> Result<u32, ProjectionError> {
        if *text != self.text {
            // The reader gives out only what it could decode.
            self.number = intern(decode(text).unwrap_or_default())?;
            self.text = *text;
        }
        Ok(self.number)
    }
}

/// Reads records one after the other.
#[derive(Debug, Default)]
pub(super) struct RecordReader {
    pub(super) subjects: Last,
    pub(super) programs: Last,
    pub(super) sessions: Last,
    /// The last date: consecutive records mostly share it.
    date: Option<([u8; 10], Date)>,
    recorded: Option<RecordedBy>,
}

/// Who recorded a record, and on which day. Consecutive records mostly share it.
#[derive(Debug)]
struct RecordedBy {
    /// The recorded time to the hour; time zones are apart by whole hours, so the day follows from it.
    hour: [u8; 13],
    /// The source, without what all sources begin with.
    text: Vec<u8>,
    source: Source,
    day: Date,
    /// The number of its office, once it was asked for.
    office: Option<CodeId>,
}

const ATTENDED: &[u8] = b"\"type\":\"id.jejak.training.attended.v1\"}";
const ENROLLED: &[u8] = b"\"type\":\"id.jejak.enrolment.made.v1\"}";
const HEX: [u8; 256] = hex_table();

const fn hex_table() -> [u8; 256] {
    let mut table = [u8::MAX; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789abcdef"[digit] as usize] = digit as u8;
        digit += 1;
    }
    table
}

/// Decodes a lower-case, hyphenated UUID; `None` for any other text.
fn decode(text: UuidText<'_>) -> Option<Uuid> {
    let mut bytes = [0u8; 16];
    let mut at = 0;
    let mut wrong = 0;
    for (place, byte) in bytes.iter_mut().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            wrong |= u8::from(text[at] != b'-');
            at += 1;
        }
        let (high, low) = (HEX[usize::from(text[at])], HEX[usize::from(text[at + 1])]);
        wrong |= (high | low) & 0x80;
        *byte = high << 4 | (low & 0xf);
        at += 2;
    }
    (wrong == 0).then(|| Uuid::from_bytes(bytes))
}

impl RecordReader {
    /// What rows need; `None` when the record must be read in full.
    pub(super) fn read<'a>(&mut self, bytes: &'a [u8]) -> Option<Hot<'a>> {
        if bytes.ends_with(ATTENDED) {
            self.attended(bytes)
        } else if bytes.ends_with(ENROLLED) {
            self.enrolled(bytes)
        } else {
            None
        }
    }

    fn attended<'a>(&mut self, bytes: &'a [u8]) -> Option<Hot<'a>> {
        let mut cursor = RecordCursor { rest: bytes };
        cursor.head()?;
        cursor.skip(b"\"day\":\"")?;
        let date = self.date(cursor.take()?)?;
        cursor.skip(b"\",")?;
        cursor.imported_from()?;
        let minutes = if cursor.skip(b"\"minutes\":").is_some() {
            let minutes = Minutes::new(u16::try_from(cursor.number()?).ok()?)?;
            cursor.skip(b",")?;
            Some(minutes)
        } else {
            None
        };
        let person = if cursor.skip(b"\"person\":\"").is_some() {
            let person = cursor.uuid(b"4")?;
            cursor.skip(b"\",")?;
            Some(decode(person)?)
        } else {
            None
        };
        cursor.skip(b"\"program\":\"")?;
        let program = cursor.uuid(b"478")?;
        cursor.skip(b"\",\"session\":\"")?;
        let session = cursor.uuid(b"478")?;
        cursor.skip(b"\",\"status\":\"")?;
        let status = match cursor.word()? {
            b"present" => AttendanceStatus::Present,
            b"excused" => AttendanceStatus::Excused,
            b"absent" => AttendanceStatus::Absent,
            _ => return None,
        };
        let (ikm, day) = self.tail(&mut cursor)?;
        decodable(&self.subjects, ikm)?;
        decodable(&self.programs, program)?;
        decodable(&self.sessions, session)?;
        cursor.ends_with(ATTENDED)?;
        Some(Hot::Attended { ikm, program, session, person, date, minutes, status, day })
    }

    fn enrolled<'a>(&mut self, bytes: &'a [u8]) -> Option<Hot<'a>> {
        let mut cursor = RecordCursor { rest: bytes };
        cursor.head()?;
        let group = if cursor.skip(b"\"group\":\"").is_some() {
            let group = Code::parse(std::str::from_utf8(cursor.word()?).ok()?).ok()?;
            cursor.skip(b",")?;
            Some(group)
        } else {
            None
        };
        cursor.imported_from()?;
        let mut persons = Vec::new();
        if cursor.skip(b"\"persons\":[").is_some() {
            loop {
                cursor.skip(b"\"")?;
                persons.push(decode(cursor.uuid(b"4")?)?);
                cursor.skip(b"\"")?;
                if cursor.skip(b",").is_none() {
                    break;
                }
            }
            cursor.skip(b"],")?;
            // The full reader sorts a set that is not; rows come in its order.
            if !persons.is_sorted_by(|left, right| left < right) {
                return None;
            }
        }
        cursor.skip(b"\"program\":\"")?;
        let program = cursor.uuid(b"478")?;
        cursor.skip(b"\"")?;
        let (ikm, day) = self.tail(&mut cursor)?;
        decodable(&self.subjects, ikm)?;
        decodable(&self.programs, program)?;
        cursor.ends_with(ENROLLED)?;
        Some(Hot::Enrolled { ikm, program, group, persons, day })
    }

    /// Everything from the end of `data` to the type: the IKM of the stream and the local date.
    fn tail<'a>(&mut self, cursor: &mut RecordCursor<'a>) -> Option<(UuidText<'a>, Date)> {
        cursor.skip(b"},\"datacontenttype\":\"application/json\",\"id\":\"")?;
        cursor.uuid(b"78")?;
        cursor.skip(b"\",\"recordedtime\":\"")?;
        let recorded = cursor.word()?;
        cursor.skip(b",\"source\":\"urn:jejak:")?;
        self.recorded_by(recorded, cursor.word()?)?;
        cursor.skip(b",\"specversion\":\"1.0\",\"subject\":\"ikm/")?;
        let ikm = cursor.uuid(b"4")?;
        cursor.skip(b"\",\"time\":\"")?;
        let day = self.date(cursor.take()?)?;
        cursor.skip(b"T")?;
        cursor.word()?;
        cursor.skip(b",\"timeprecision\":\"")?;
        cursor.word()?;
        cursor.skip(b",")?;
        Some((ikm, day))
    }

    /// Notes who recorded the record at hand.
    fn recorded_by(&mut self, recorded: &[u8], source: &[u8]) -> Option<()> {
        let hour = recorded.first_chunk::<13>()?;
        if self.recorded.as_ref().is_some_and(|last| last.hour == *hour && last.text == source) {
            return Some(());
        }
        let time = RecordedTime::parse(std::str::from_utf8(recorded).ok()?).ok()?;
        let text = source.to_vec();
        let source = Source::parse(&format!("urn:jejak:{}", std::str::from_utf8(source).ok()?)).ok()?;
        let day = time.date_in(source.area);
        self.recorded = Some(RecordedBy { hour: *hour, text, source, day, office: None });
        Some(())
    }

    fn date(&mut self, text: &[u8; 10]) -> Option<Date> {
        if let Some((last, date)) = &self.date
            && last == text
        {
            return Some(*date);
        }
        let date = Date::parse(std::str::from_utf8(text).ok()?).ok()?;
        self.date = Some((*text, date));
        Some(date)
    }
}

/// Holds what the intake will decode: equal to what was decoded last, or sound by itself.
fn decodable(last: &Last, text: UuidText<'_>) -> Option<()> {
    (last.text == *text || decode(text).is_some()).then_some(())
}

struct RecordCursor<'a> {
    rest: &'a [u8],
}

impl<'a> RecordCursor<'a> {
    /// Steps over exactly these bytes; stays where it is when they are not there.
    fn skip(&mut self, expected: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    /// The next bytes, as many as the caller has room for.
    fn take<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(taken)
    }

    /// The characters up to a closing quote, which is stepped over. None of them may be an escape.
    fn word(&mut self) -> Option<&'a [u8]> {
        let length = self.rest.iter().position(|byte| *byte == b'"')?;
        let (word, rest) = self.rest.split_at(length);
        self.rest = &rest[1..];
        word.iter().all(|byte| byte.is_ascii_graphic() && *byte != b'\\').then_some(word)
    }

    /// The text of a UUID of one of the versions, its digits not yet decoded.
    fn uuid(&mut self, versions: &[u8]) -> Option<UuidText<'a>> {
        let text: &[u8; 36] = self.take()?;
        (versions.contains(&text[14]) && b"89ab".contains(&text[19])).then_some(text)
    }

    /// A whole number without sign or leading zero.
    fn number(&mut self) -> Option<u32> {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(length);
        if length == 0 || length > 10 || (length > 1 && digits[0] == b'0') {
            return None;
        }
        self.rest = rest;
        digits.iter().try_fold(0u32, |sum, digit| sum.checked_mul(10)?.checked_add(u32::from(digit - b'0')))
    }

    /// The attributes before `data`, up to its first key.
    fn head(&mut self) -> Option<()> {
        self.skip(b"{")?;
        if self.skip(b"\"authid\":\"").is_some() {
            self.word()?;
            self.skip(b",")?;
        }
        self.skip(b"\"authtype\":\"")?;
        self.word()?;
        for name in [&b",\"causationid\":\""[..], b",\"correlationid\":\""] {
            if self.skip(name).is_some() {
                self.uuid(b"12345678")?;
                self.skip(b"\"")?;
            }
        }
        self.skip(b",\"data\":{")
    }

    /// Steps over where an importer found the event, if it is said.
    fn imported_from(&mut self) -> Option<()> {
        if self.skip(b"\"imported_from\":{\"file\":\"").is_none() {
            return Some(());
        }
        self.word()?;
        self.skip(b",\"row\":")?;
        self.number()?;
        self.skip(b",\"sheet\":")?;
        self.number()?;
        self.skip(b"},")
    }

    /// Nothing but these bytes is left.
    fn ends_with(&self, expected: &[u8]) -> Option<()> {
        (self.rest == expected).then_some(())
    }
}
impl Facts {
    /// Adds the rows of a record of the most frequent types without parsing all of it; `false` when
    /// the record is of another type or looks in any way unexpected.
    pub(super) fn take_hot(
        &mut self,
        position: u64,
        bytes: &[u8],
        reader: &mut RecordReader,
    ) -> Result<bool, ProjectionError> {
        let happened = match reader.read(bytes) {
            None => return Ok(false),
            Some(Hot::Attended { ikm, program, session, person, date, minutes, status, day }) => {
                let ikm = reader.subjects.number(ikm, |uuid| self.ids.intern(&uuid))?;
                let program = reader.programs.number(program, |uuid| self.ids.intern(&uuid))?;
                let session = reader.sessions.number(session, |uuid| self.ids.intern(&uuid))?;
                let (ikm, program, session) = (Id(ikm), Id(program), Id(session));
                let person = self.intern_optional(person)?;
                let fact = Attendance { ikm, program, session, person, date, minutes, status };
                self.tables.attendances.push(Row { position, amendment: 0, day, fact });
                day
            }
            Some(Hot::Enrolled { ikm, program, group, persons, day }) => {
                let ikm = Id(reader.subjects.number(ikm, |uuid| self.ids.intern(&uuid))?);
                let program = Id(reader.programs.number(program, |uuid| self.ids.intern(&uuid))?);
                let group = self.intern_optional_code(group.as_ref())?;
                let mut add = |person| {
                    let fact = Enrolment { ikm, program, group, person };
                    self.tables.enrolments.push(Row { position, amendment: 0, day, fact });
                };
                if persons.is_empty() {
                    add(Id::NONE);
                }
                for person in persons {
                    add(Id(self.ids.intern(&person)?));
                }
                day
            }
        };
        if let Some(by) = &mut reader.recorded {
            let office = by.office.map_or_else(|| self.intern_code(&by.source.office), Ok)?;
            by.office = Some(office);
            self.push_recording(position, by.day, happened, (by.source.area, office, RecordingKind::Fact));
        }
        Ok(true)
    }
}
