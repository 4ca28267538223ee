//! What SQLite makes durable under the same load: write-ahead log, `synchronous = FULL`, a table of events with an index by
//! stream, all that is queued in one transaction. Prints events a second and microseconds of processor time an event.
//!
//! `jejak-figures-sqlite appends <tasks> <bytes an event> <file>`
//! `jejak-figures-sqlite batches <events a transaction> <text, an event a line> <file>`

#![allow(clippy::cast_precision_loss, reason = "a measurement")]

#[path = "../../queue.rs"]
#[allow(dead_code, reason = "the figures use more of it")]
mod queue;

use queue::{Round, Stopwatch, behind_a_queue};
use rusqlite::Connection;

/// Streams that events are of, one after the other.
const STREAMS: i64 = 2_000;

/// A log of events.
struct Log {
    connection: Connection,
    next: i64,
}

impl Log {
    fn open(path: &str) -> Self {
        let connection = Connection::open(path).expect("a database");
        let mode: String =
            connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).expect("a mode");
        assert_eq!(mode, "wal");
        connection
            .execute_batch(
                "PRAGMA synchronous = FULL;
                 CREATE TABLE log (position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, event BLOB NOT NULL);
                 CREATE INDEX by_stream ON log (stream, position);",
            )
            .expect("a table");
        Self { connection, next: 0 }
    }

    /// Appends events in one transaction; durable when it returns.
    fn append<'a>(&mut self, events: impl Iterator<Item = &'a [u8]>) {
        let transaction = self.connection.transaction().expect("a transaction");
        {
            let text = "INSERT INTO log (position, stream, event) VALUES (?1, ?2, ?3)";
            let mut insert = transaction.prepare_cached(text).expect("a statement");
            for event in events {
                insert.execute((self.next, self.next % STREAMS, event)).expect("inserted");
                self.next += 1;
            }
        }
        transaction.commit().expect("committed");
    }
}

fn batches(batch: usize, text: &[u8], mut log: Log) -> Round {
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let watch = Stopwatch::start();
    for batch in lines.chunks(batch) {
        log.append(batch.iter().copied());
    }
    watch.round(lines.len() as u64)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |text: &str| text.parse::<usize>().expect("a number");
    let round = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["appends", tasks, bytes, path] => {
            let mut log = Log::open(path);
            let write = move |events: &[Vec<u8>]| log.append(events.iter().map(Vec::as_slice));
            behind_a_queue(number(tasks), number(bytes), write)
        }
        ["batches", batch, text, path] => {
            let text = std::fs::read(text).expect("a text");
            batches(number(batch), &text, Log::open(path))
        }
        _ => panic!("appends <tasks> <bytes> <file>, or batches <events> <text> <file>"),
    };
    println!("{} {}", round.per_second, round.processor_us);
}
