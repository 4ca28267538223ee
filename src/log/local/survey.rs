//! What is wrong where a walk stopped: told from checksums alone, since there is no tree past a gap.
//!
//! Must never change anything: it only names places.

use std::collections::BTreeMap;

use super::journal::{Form, SegmentReader, find_whole_commit};
use super::line;
use super::store::Store;
use super::walk::{Walk, read_store_commit};
use crate::log::error::{Damage, Place};

impl Walk<'_> {
    /// Journal bytes past the last commit: segments and the offset from which on.
    pub(crate) fn tail(&self) -> Vec<(usize, u64)> {
        let at = self.tree.size();
        let present = self.cursor.as_ref().map(|cursor| (cursor.segment, cursor.offset));
        let present = present.filter(|(segment, offset)| {
            // A compressed segment was sealed, so it has no torn tail of its own.
            self.segments[*segment].form == Form::Raw && self.segments[*segment].length_bytes > *offset
        });
        let later = self.segments.iter().enumerate().filter(|(place, segment)| {
            segment.first >= at
                && segment.length_bytes > 0
                && present.is_none_or(|(other, _)| other != *place)
        });
        present.into_iter().chain(later.map(|(place, _)| (place, 0))).collect()
    }

    /// What is wrong where the walk stopped, if more was acknowledged than it reached: a mark that is
    /// not reproduced, a whole commit behind a broken one, or a store that holds more.
    pub(crate) fn damage(&self, store: Option<&dyn Store>) -> Vec<Damage> {
        let at = self.tree.size();
        let anchor = Self::anchor_of(self.marks);
        let mut damage = Vec::new();
        if let Some((mark, root)) = &self.contradicted {
            let place = Place::Indexes { from: 0, to: mark.size };
            let foreign = mark.log_id.is_some() && mark.log_id != self.log_id;
            let why =
                if foreign { "it was made for another log" } else { "which events differ cannot be told" };
            let reason =
                format!("the events hash to root {root} where {} says {}; {why}", mark.witness, mark.root);
            damage.push(Damage { place, reason });
            return damage;
        }
        let tip = store.and_then(|store| store.tip().ok()).unwrap_or(0);
        let whole = self.tail().into_iter().find_map(|(segment, offset)| {
            let mut reader = SegmentReader::open(self.disk, &self.segments[segment], offset).ok()?;
            find_whole_commit(&mut reader, at)
        });
        if at >= anchor && tip <= at && whole.is_none() {
            return damage;
        }
        let journal = self.journal_reason.as_ref().map_or("the journal ends here", |(_, _, reason)| reason);
        let store_says = match (&self.store_reason, store) {
            (Some(reason), _) => reason,
            (None, Some(_)) => "it ends here",
            (None, None) => "it cannot be opened",
        };
        let reason = format!("no copy reproduces them (journal: {journal}; store: {store_says})");
        let mut reason = Some(reason);
        for (from, to) in self.survey(store, anchor.max(tip)) {
            let reason = reason.take().unwrap_or_else(|| "no copy of them has its checksum right".to_owned());
            damage.push(Damage { place: Place::Indexes { from, to }, reason });
        }
        if let Some((segment, offset, reason)) = &self.journal_reason {
            let path = self.segments[*segment].path.clone();
            damage.push(Damage { place: Place::File { path, offset: *offset }, reason: reason.clone() });
        }
        damage
    }

    /// What is wrong with the journal where the walk stopped, for whoever reads it alone.
    pub(crate) fn journal_damage(&self) -> Vec<Damage> {
        if self.contradicted.is_some() {
            return self.damage(None);
        }
        let at = self.tree.size();
        let (place, reason) = match &self.journal_reason {
            Some((segment, offset, reason)) => {
                let path = self.segments[*segment].path.clone();
                (Place::File { path, offset: *offset }, reason.clone())
            }
            None => {
                let to = Self::anchor_of(self.marks).max(at + 1);
                (Place::Indexes { from: at, to }, "the journal ends here".to_owned())
            }
        };
        vec![Damage { place, reason }]
    }

    /// The ranges of indexes from here to `limit` of which no copy has a commit whose checksum is right;
    /// the first is where the walk stopped. Beyond a gap there is no tree to check against.
    fn survey(&self, store: Option<&dyn Store>, limit: u64) -> Vec<(u64, u64)> {
        let stopped = self.tree.size();
        let journal = self.whole_commits(stopped);
        let mut text = Vec::new();
        let mut ranges = Vec::new();
        let mut at = stopped;
        loop {
            let in_store = store.and_then(|store| read_store_commit(store, at, &mut text).ok());
            let sound = in_store == Some(true);
            let sound = line::parse(&text).ok().filter(|_| sound).map(|(commit, _)| commit.size);
            let next = journal.get(&at).copied().or(sound).filter(|next| *next > at && at != stopped);
            if let Some(next) = next {
                at = next;
            } else {
                // Up to the next commit that is whole in the journal, or the end of the store's broken one.
                let whole = journal.range(at + 1..).next().map(|(first, _)| *first);
                let broken = store.and_then(|store| store_commit_end(store, at));
                let end = [whole, broken, Some(limit)].into_iter().flatten().filter(|end| *end > at).min();
                let end = end.unwrap_or(at + 1);
                ranges.push((at, end));
                at = end;
            }
            if at >= limit {
                return ranges;
            }
        }
    }

    /// The journal's commits from about `from` on whose checksum is right: first index and size.
    fn whole_commits(&self, from: u64) -> BTreeMap<u64, u64> {
        let mut commits = BTreeMap::new();
        let start = self.segments.partition_point(|segment| segment.first <= from).saturating_sub(1);
        for segment in &self.segments[start.min(self.segments.len())..] {
            let Ok(mut reader) = SegmentReader::open(self.disk, segment, 0) else { continue };
            let mut text = Vec::new();
            while reader.read_commit(&mut text).is_ok() && !text.is_empty() {
                if let Ok((commit, events_end)) = line::parse(&text) {
                    let count = line::lines(&text[..events_end]).count() as u64;
                    commits.insert(commit.size.saturating_sub(count), commit.size);
                }
            }
        }
        commits
    }
}

/// One past the last index of the store's commit that starts at `first`, going by its chunks alone.
fn store_commit_end(store: &dyn Store, first: u64) -> Option<u64> {
    let mut next = first;
    loop {
        let chunk = store.chunk_at(next).ok().flatten()?;
        next = chunk.first.checked_add(chunk.count).filter(|end| *end > next)?;
        if line::ends_with_commit_line(&chunk.bytes) {
            return Some(next);
        }
    }
}
