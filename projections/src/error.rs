//! What stops a projection. None of these is a refusal of the rules: the rules refused such events
//! before they were recorded, so each means a damaged log, a foreign log, or a newer program's log.

use jejak_events::identity::EventId;
use jejak_events::record::RecordError;

/// Whatever kept the caller from reading the log.
pub type ReadFailure = Box<dyn std::error::Error + Send + Sync>;

/// A projection cannot go on. Nothing of the offending event was taken in.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The bytes at an index are no record, or of a type that the record does not know.
    #[error("event {index}: {source}; run `jejak verify`, or use the program that wrote this log")]
    NotARecord {
        /// Index in the log.
        index: u64,
        /// What is wrong where.
        source: RecordError,
    },
    /// A correction or retraction names an event that does not stand before it.
    #[error("event {index} targets {target}, which the log does not hold before it; run `jejak verify`")]
    UnknownTarget {
        /// Index of the correction or retraction.
        index: u64,
        /// The event it names.
        target: EventId,
    },
    /// A correction or retraction names an event of a kind it cannot act on.
    #[error("event {index} cannot target event {target_index}: {reason}; run `jejak verify`")]
    UnsuitableTarget {
        /// Index of the correction or retraction.
        index: u64,
        /// Index of the event it names.
        target_index: u64,
        /// Why not.
        reason: &'static str,
    },
    /// A correction brings facts of another type than its target's.
    #[error(
        "event {index} replaces event {target_index} of type {was} by facts of type {now}; run `jejak verify`"
    )]
    TypeChanged {
        /// Index of the correction.
        index: u64,
        /// Index of the original.
        target_index: u64,
        /// Type of the original.
        was: &'static str,
        /// Type of the replacement.
        now: &'static str,
    },
    /// Facts stand in a stream that does not fit their type.
    #[error("event {index} of type {type_name} stands in stream {subject}; run `jejak verify`")]
    WrongStream {
        /// Index in the log.
        index: u64,
        /// Its type.
        type_name: &'static str,
        /// Its stream.
        subject: String,
    },
    /// The log could not be read.
    #[error("event {index} cannot read what it targets: {source}")]
    Unreadable {
        /// The index that was being taken in or asked for.
        index: u64,
        /// What the log said.
        source: ReadFailure,
    },
    /// An event came twice or out of its turn.
    #[error("facts reach to index {expected}, the next event given is {given}; append them in order")]
    OutOfOrder {
        /// The index that was due.
        expected: u64,
        /// The index that came.
        given: u64,
    },
    /// Two parts hold the same indexes.
    #[error("two parts of the facts both hold index {index}; merge each range once")]
    Overlap {
        /// First index that both hold.
        index: u64,
    },
    /// A part holds more distinct identifiers or amendments than its rows can number.
    #[error("a part holds more than {limit} distinct {what}; make smaller parts")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many there can be.
        limit: u32,
    },
    /// A stored chunk of facts cannot be read.
    #[error("chunk of facts is damaged at byte {offset}: {reason}; rebuild it with `jejak rebuild`")]
    DamagedChunk {
        /// Offset in the chunk, in bytes.
        offset: usize,
        /// What is wrong there.
        reason: &'static str,
    },
}
