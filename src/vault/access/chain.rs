//! The chain of the access log: what each line says, and whether the lines are those that were written.
//!
//! Nothing here reads or writes a file.

use std::collections::{BTreeMap, BTreeSet};

use jejak_events::fault::Message;
use jejak_events::identity::{EventId, Subject};
use jejak_events::tree::Hash;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::head::Head;
use super::{Guesses, NotedLook};

/// What goes before the id of the log in the hash that the first line carries.
const SEED: &[u8] = b"jejak-access/1\n";
/// The purpose of the line that begins anew where the anchor no longer knew the head.
pub(super) const HEAD_LOST: &str = "anchor lost";
/// The purpose of the line by which somebody says that they know of the losses before it.
pub(super) const LOSS_KNOWN: &str = "anchor loss known";

/// One line as it is written.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// Hash of the line before it, base64; of the first, the hash over the log's id.
    pub before: String,
    #[serde(flatten)]
    pub look: NotedLook,
}

/// A place in the chain: the number and hash of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub number: u64,
    pub hash: Hash,
}

impl Link {
    /// Before the first line of the log whose event 0 has this leaf hash.
    pub fn first(log_id: Hash) -> Self {
        let hash = Sha256::new().chain_update(SEED).chain_update(log_id.0).finalize();
        Self { number: 0, hash: Hash(hash.into()) }
    }

    /// At a line of these bytes, without its line end.
    pub fn at(number: u64, line: &[u8]) -> Self {
        Self { number, hash: hash_of(line) }
    }

    /// The place after a line, if the line follows this place.
    pub fn follow(self, line: &[u8]) -> Option<Self> {
        let read: Line = serde_json::from_slice(line).ok()?;
        let follows = read.number == self.number + 1 && read.before == self.hash.to_string();
        follows.then(|| Self::at(read.number, line))
    }
}

/// The hash of a line of these bytes, without its line end.
pub(super) fn hash_of(line: &[u8]) -> Hash {
    Hash(Sha256::digest(line).into())
}

/// What an access log says, and whether it is whole.
#[derive(Debug, Default)]
pub struct AccessReport {
    /// The looks, oldest first, each with the number of its line.
    pub looks: Vec<NotedLook>,
    /// What does not fit, naming the line.
    pub problems: Vec<Message>,
    /// What is worth knowing and no problem.
    pub notes: Vec<Message>,
    /// Lines before which the anchor was lost, and nobody has said that they know of it.
    pub(super) lost: Vec<u64>,
    /// By event id, which proposals with other sealed values were compared with it.
    pub(super) guesses: BTreeMap<EventId, Guesses>,
}

impl AccessReport {
    /// The looks at any of these subjects, oldest first.
    #[must_use]
    pub fn looks_at(&self, subjects: &[Subject]) -> Vec<NotedLook> {
        let names: BTreeSet<String> = subjects.iter().map(ToString::to_string).collect();
        let of_them = |look: &&NotedLook| look.subjects.iter().any(|subject| names.contains(subject));
        self.looks.iter().filter(of_them).cloned().collect()
    }

    /// Whether the anchor was lost once, and nobody has said that they know why.
    #[must_use]
    pub fn has_unknown_loss(&self) -> bool {
        !self.lost.is_empty()
    }

    fn problem(&mut self, id: String, en: String) {
        self.problems.push(Message::new(id, en));
    }

    /// `found` is what follows the gap, in both languages.
    fn gap(&mut self, from: u64, to: u64, found: &Message) {
        let (id, en) = if from == to {
            (format!("baris {from} hilang"), format!("line {from} is missing"))
        } else {
            (format!("baris {from} sampai {to} hilang"), format!("lines {from} to {to} are missing"))
        };
        self.problem(format!("{id}: {}", found.id), format!("{en}: {}", found.en));
    }

    /// Reads all bytes of an access log and holds them against its head in the anchor. `is_anchored` is false for a
    /// registry that has lost its anchor, and says so elsewhere.
    pub(super) fn of(bytes: &[u8], log_id: Hash, head: Option<Head>, is_anchored: bool) -> Self {
        let mut report = Self::default();
        let anchored = head.map_or(0, |head| head.lines);
        let head_hash = head.and_then(|head| head.hash);
        let mut place = Link::first(log_id);
        let mut ended = true;
        for (at, text) in (1_u64..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            ended = text.ends_with(b"\n");
            let text = text.strip_suffix(b"\n").unwrap_or(text);
            let Ok(line) = serde_json::from_slice::<Line>(text) else {
                report.unreadable(at, place.number + 1, anchored);
                continue;
            };
            report.hold_after(place, &line);
            place = Link::at(line.number, text);
            if line.number == anchored && head_hash.is_some_and(|hash| hash != place.hash) {
                report.otherwise(anchored, "jangkar", "the anchor");
            }
            report.take(line);
        }
        if place.number < anchored {
            let found = Message::new(
                format!("jangkar mengenal {anchored} baris"),
                format!("the anchor knows of {anchored} {}", if anchored == 1 { "line" } else { "lines" }),
            );
            report.gap(place.number + 1, anchored, &found);
        }
        if !ended && place.number >= anchored && report.problems.is_empty() {
            // The rest of a line that was never anchored.
            report.notes.push(Message::new(
                "baris terakhir terpotong; tidak ada yang diperlihatkan atas namanya",
                "the last line was cut short; nothing was shown under it",
            ));
        }
        for lost in report.lost.clone() {
            report.problem(
                format!(
                    "sebelum baris {lost} jangkar pernah hilang: yang dipotong di situ tidak diketahui; cari tahu \
                     sebabnya, lalu nyatakan dengan `jejak recover --loss-known --actor ID`"
                ),
                format!(
                    "before line {lost} the anchor was lost once: nobody can tell what was cut there; find out why, \
                     then say so by `jejak recover --loss-known --actor ID`"
                ),
            );
        }
        if head.is_none() && is_anchored {
            report.problem(
                "jangkar tidak menyebut kepala catatan akses: yang dipotong dari akhirnya tidak diketahui".into(),
                "the anchor does not name the head of the access log: nobody can tell what was cut from its end".into(),
            );
        }
        report
    }

    /// Holds a line against the place that it should follow.
    fn hold_after(&mut self, place: Link, line: &Line) {
        let (before, expected, next) = (place.number, place.number + 1, line.number);
        if next > expected {
            let found = if before == 0 {
                Message::new(format!("yang pertama baris {next}"), format!("the first one is line {next}"))
            } else {
                Message::new(
                    format!("sesudah baris {before} menyusul baris {next}"),
                    format!("after line {before} comes line {next}"),
                )
            };
            self.gap(expected, next - 1, &found);
        } else if next < expected {
            self.problem(
                format!("baris {next} berada sesudah baris {before}"),
                format!("line {next} stands after line {before}"),
            );
        } else if line.before != place.hash.to_string() {
            self.otherwise(before, &format!("baris {expected}"), &format!("line {expected}"));
        }
    }

    fn unreadable(&mut self, at: u64, number: u64, anchored: u64) {
        if number > anchored {
            self.notes.push(Message::new(
                format!("baris {at} terpotong; tidak ada yang diperlihatkan atas namanya"),
                format!("line {at} was cut short; nothing was shown under it"),
            ));
        } else {
            self.problem(format!("baris {at} tidak terbaca"), format!("line {at} cannot be read"));
        }
    }

    /// Says that a line is not the one that another, or the anchor, names.
    fn otherwise(&mut self, line: u64, by_id: &str, by_en: &str) {
        if line == 0 {
            self.problem(
                "baris 1 bukan milik log ini, atau diubah".into(),
                "line 1 does not belong to this log, or was altered".into(),
            );
            return;
        }
        self.problem(
            format!("baris {line} bukan yang disebut {by_id}: salah satunya diubah"),
            format!("line {line} is not the one that {by_en} names: one of them was altered"),
        );
    }

    fn take(&mut self, line: Line) {
        match line.look.purpose.as_str() {
            HEAD_LOST => self.lost.push(line.number),
            LOSS_KNOWN => {
                let who = line.look.authid.clone().unwrap_or_else(|| line.look.authtype.clone());
                for lost in std::mem::take(&mut self.lost) {
                    self.notes.push(Message::new(
                        format!(
                            "sebelum baris {lost} jangkar pernah hilang, dan yang dipotong di situ tidak diketahui; \
                             pada baris {} {who} menyatakan mengetahuinya",
                            line.number
                        ),
                        format!(
                            "before line {lost} the anchor was lost once, and nobody can tell what was cut there; on \
                             line {} {who} says that this is known",
                            line.number
                        ),
                    ));
                }
            }
            _ => {}
        }
        if let Some((event, kind)) = line.look.guessed_at() {
            // A line that does not say what was asked counts for itself.
            let digest = line.look.guess.clone().unwrap_or_else(|| line.number.to_string());
            self.guesses.entry(event).or_default().add(digest, kind);
        }
        self.looks.push(line.look);
    }
}
