//! A list that is cheap to copy: what is full is shared, and the rest is copied when it is written to.
//!
//! A copy costs two counters, however long the list is, and never sees what is added to the original afterwards.
//! That is what lets a reader keep the facts of one log size while the writer goes on. Items are added at the end;
//! whatever else is done to a list costs a pass over it.

use std::sync::Arc;

/// Items of a full chunk: enough that walking a list is walking arrays, few enough that copying a chunk is nothing
/// beside a sync.
const CHUNK_ITEMS: usize = 1024;

/// Items in the order in which they were added.
#[derive(Debug)]
pub(crate) struct Chunks<T> {
    /// All but the last, each of [`CHUNK_ITEMS`].
    full: Arc<Vec<Arc<Vec<T>>>>,
    /// Fewer than [`CHUNK_ITEMS`].
    tail: Arc<Vec<T>>,
}

impl<T> Clone for Chunks<T> {
    fn clone(&self) -> Self {
        Self { full: Arc::clone(&self.full), tail: Arc::clone(&self.tail) }
    }
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { full: Arc::default(), tail: Arc::default() }
    }
}

impl<T> Chunks<T> {
    /// Number of items.
    pub(crate) fn len(&self) -> usize {
        self.full.len() * CHUNK_ITEMS + self.tail.len()
    }

    /// The item at a place.
    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        match self.full.get(place / CHUNK_ITEMS) {
            Some(chunk) => chunk.get(place % CHUNK_ITEMS),
            None => self.tail.get(place.checked_sub(self.full.len() * CHUNK_ITEMS)?),
        }
    }

    /// The last item.
    pub(crate) fn last(&self) -> Option<&T> {
        self.tail.last().or_else(|| self.full.last()?.last())
    }

    /// All items, in order.
    pub(crate) fn iter(&self) -> Iter<'_, T> {
        Iter { items: [].iter(), full: self.full.iter(), tail: self.tail.iter() }
    }
}

impl<T> Chunks<T> {
    /// The items from a place on, in order.
    pub(crate) fn iter_from(&self, place: usize) -> Iter<'_, T> {
        let (skipped, inside) = (place / CHUNK_ITEMS, place % CHUNK_ITEMS);
        let mut iter = self.iter();
        iter.full = self.full.get(skipped..).unwrap_or_default().iter();
        iter.items = match iter.full.next() {
            Some(chunk) => chunk[inside..].iter(),
            None => {
                iter.tail = [].iter();
                let before = self.full.len() * CHUNK_ITEMS;
                self.tail.get(place.saturating_sub(before)..).unwrap_or_default().iter()
            }
        };
        iter
    }
}

impl<T: Clone> Chunks<T> {
    /// Adds an item at the end.
    pub(crate) fn push(&mut self, item: T) {
        let tail = own(&mut self.tail);
        tail.push(item);
        if tail.len() == CHUNK_ITEMS {
            let chunk = std::mem::take(&mut self.tail);
            own(&mut self.full).push(chunk);
        }
    }

    /// Takes the last item away.
    pub(crate) fn pop(&mut self) -> Option<T> {
        if self.tail.is_empty() {
            self.tail = own(&mut self.full).pop()?;
        }
        own(&mut self.tail).pop()
    }

    /// Adds the items of another list at the end.
    pub(crate) fn append(&mut self, other: Self) {
        if self.len() == 0 {
            *self = other;
            return;
        }
        for chunk in other.full.iter().chain([&other.tail]) {
            let (first, rest) = chunk.split_at(chunk.len().min(CHUNK_ITEMS - self.tail.len()));
            let tail = own(&mut self.tail);
            tail.extend_from_slice(first);
            if tail.len() == CHUNK_ITEMS {
                let chunk = std::mem::replace(&mut self.tail, Arc::new(rest.to_vec()));
                own(&mut self.full).push(chunk);
            }
        }
    }

    /// All items, in order, to be changed where they stand.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let full = own(&mut self.full).iter_mut().flat_map(|chunk| own(chunk).iter_mut());
        full.chain(own(&mut self.tail).iter_mut())
    }

    /// Changes all items together.
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Vec<T>)) {
        let mut items: Vec<T> = self.iter().cloned().collect();
        change(&mut items);
        *self = items.into_iter().collect();
    }
}

/// What is nobody else's, copied if it was.
fn own<T: Clone>(shared: &mut Arc<Vec<T>>) -> &mut Vec<T> {
    if Arc::strong_count(shared) != 1 {
        // With room, since whoever asks mostly adds.
        let mut copy = Vec::with_capacity(shared.len() + shared.len() / 2 + 4);
        copy.extend_from_slice(shared);
        *shared = Arc::new(copy);
    }
    Arc::make_mut(shared)
}

impl<T: Clone> FromIterator<T> for Chunks<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut chunks = Self::default();
        items.into_iter().for_each(|item| chunks.push(item));
        chunks
    }
}

impl<'a, T> IntoIterator for &'a Chunks<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Walks a list, chunk by chunk.
pub(crate) struct Iter<'a, T> {
    items: std::slice::Iter<'a, T>,
    full: std::slice::Iter<'a, Arc<Vec<T>>>,
    tail: std::slice::Iter<'a, T>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(item);
            }
            self.items = match self.full.next() {
                Some(chunk) => chunk.iter(),
                None if self.tail.len() > 0 => std::mem::replace(&mut self.tail, [].iter()),
                None => return None,
            };
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.items.len() + self.full.len() * CHUNK_ITEMS + self.tail.len();
        (left, Some(left))
    }

    fn fold<B, F: FnMut(B, Self::Item) -> B>(self, start: B, mut add: F) -> B {
        let mut folded = self.items.fold(start, &mut add);
        for chunk in self.full {
            folded = chunk.iter().fold(folded, &mut add);
        }
        self.tail.fold(folded, add)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stays_as_it_was() {
        let mut list = Chunks::default();
        let mut copies = Vec::new();
        for number in 0..5 * CHUNK_ITEMS + 7 {
            if number % 500 == 0 {
                copies.push((number, list.clone()));
            }
            list.push(number);
        }
        for number in list.iter_mut() {
            *number += 1;
        }
        assert_eq!(list.pop(), Some(5 * CHUNK_ITEMS + 7));
        for (length, copy) in &copies {
            assert_eq!(copy.len(), *length);
            assert!(copy.iter().copied().eq(0..*length));
            assert_eq!(copy.get(length / 2).copied(), (*length > 0).then_some(length / 2));
            assert_eq!((copy.get(*length), copy.last().copied()), (None, length.checked_sub(1)));
        }
        assert!(list.iter().copied().eq(1..5 * CHUNK_ITEMS + 7));
    }

    #[test]
    fn lists_of_any_length_go_together_and_shrink() {
        for (one, other) in
            [(0, 3), (5, 0), (700, 800), (CHUNK_ITEMS, CHUNK_ITEMS), (1023, 3000), (2500, 2500)]
        {
            let mut list: Chunks<usize> = (0..one).collect();
            let kept = list.clone();
            list.append((one..one + other).collect());
            assert_eq!((list.len(), kept.len()), (one + other, one));
            assert!(list.iter().copied().eq(0..one + other), "{one} {other}");
            assert_eq!(list.iter().len(), one + other);
            for from in [0, 1, one, one + other / 2, one + other, one + other + 5000] {
                assert!(list.iter_from(from).copied().eq(from..one + other), "{from}");
            }
            list.edit(|items| items.retain(|item| item % 2 == 0));
            assert!(list.iter().copied().eq((0..one + other).step_by(2)));
            while list.pop().is_some() {}
            assert_eq!((list.len(), list.last()), (0, None));
        }
    }
}
