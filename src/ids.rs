//! Identities of what a site is made of, and lists that only the right identity can index.
//!
//! An article has a number in the library and a position in the edition; both are small numbers, as
//! are those of topics, providers and months. Each has a type here, so that one in the place of
//! another does not compile. In memory they are 32-bit numbers and plain vectors.
//!
//! The edition is a list by [`EditionIndex`]:
//!
//! ```
//! use newsgen::curate::{Edition, Kept};
//! use newsgen::ids::EditionIndex;
//!
//! fn at(edition: &Edition, position: EditionIndex) -> &Kept {
//!     &edition.articles[position]
//! }
//! ```
//!
//! The identity that an article has in the library finds nothing there:
//!
//! ```compile_fail,E0277
//! use newsgen::curate::{Edition, Kept};
//! use newsgen::ids::ArticleId;
//!
//! fn at(edition: &Edition, article: ArticleId) -> &Kept {
//!     &edition.articles[article]
//! }
//! ```
//!
//! Nor does a bare number:
//!
//! ```compile_fail,E0277
//! use newsgen::curate::{Edition, Kept};
//!
//! fn at(edition: &Edition, number: usize) -> &Kept {
//!     &edition.articles[number]
//! }
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// A number that is the identity of an item of a [`List`].
pub trait Id: Copy + Ord + Send + Sync {
    /// The identity with a number, counted from 0. Identities come from lists ([`List::push`],
    /// [`List::ids`]); this is for lists themselves, and for what was stored as a number.
    ///
    /// # Panics
    /// When the number does not fit in 32 bits: no list is that long.
    fn new(number: usize) -> Self;
    /// Its number, counted from 0.
    fn number(self) -> usize;
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident,)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Id for $name {
            fn new(number: usize) -> Self {
                match u32::try_from(number) {
                    Ok(number) => $name(number),
                    Err(_) => unreachable!("a list has fewer than 2^32 items"),
                }
            }

            fn number(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An article of the library.
    ArticleId,
    /// An edition of the site, from 0 for that in its default language.
    #[derive(Serialize, Deserialize)]
    EditionId,
    /// The position of an article in its edition, from 0 for the newest.
    EditionIndex,
    /// A topic of the edition.
    TopicId,
    /// A provider of the edition.
    ProviderId,
    /// A list of the owner's making, or the articles with a tag.
    ListId,
    /// A month of the archive, from 0 for the newest.
    MonthId,
    /// An event of the edition, from 0 for the one that was reported first.
    EventId,
    /// A digest of the edition, from 0 for the newest.
    DigestId,
    /// A standalone page of the library.
    StandaloneId,
    /// An alias of the plan.
    AliasId,
    /// A page of the plan.
    PageId,
    /// A part of the search index.
    BundleId,
}

impl Default for EditionId {
    fn default() -> Self {
        EditionId::DEFAULT
    }
}

impl EditionId {
    /// The edition in the default language of the site; most sites have no other.
    pub const DEFAULT: EditionId = EditionId(0);
}

impl DigestId {
    /// The digest before it in time: they are listed from the newest.
    pub fn older(self) -> DigestId {
        DigestId(self.0 + 1)
    }
}

/// The identities of neighbouring items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRange<I> {
    /// The number of the first.
    start: u32,
    /// The number after the last.
    end: u32,
    ids: PhantomData<fn(I) -> I>,
}

impl<I: Id> IdRange<I> {
    /// How many there are.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// All of them, in their order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + Clone + use<I> {
        (self.start as usize..self.end as usize).map(I::new)
    }

    /// All of them, for work on several threads.
    pub fn par_iter(self) -> impl IndexedParallelIterator<Item = I> + use<I> {
        (self.start as usize..self.end as usize)
            .into_par_iter()
            .map(I::new)
    }

    /// Where one of them stands among them, counted from 0; none for an identity from outside.
    pub fn offset(self, id: I) -> Option<usize> {
        id.number()
            .checked_sub(self.start as usize)
            .filter(|offset| *offset < self.len())
    }
}

/// A list whose items are named by identities of one kind.
#[derive(Clone, PartialEq, Eq)]
pub struct List<I, T> {
    items: Vec<T>,
    ids: PhantomData<fn(I) -> I>,
}

impl<I: Id, T> List<I, T> {
    /// An empty list.
    pub const fn new() -> Self {
        List {
            items: Vec::new(),
            ids: PhantomData,
        }
    }

    /// An empty list with room for a number of items.
    pub fn with_capacity(capacity: usize) -> Self {
        Vec::with_capacity(capacity).into()
    }

    /// How many items it has.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    /// The item with an identity, if there is one.
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.number())
    }

    /// The first item.
    pub fn first(&self) -> Option<&T> {
        self.items.first()
    }

    /// The last item.
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.items.last_mut()
    }

    /// All items, in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// See [`List::iter`].
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// All identities, in the order of the items.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// The identities of the items after one, in their order.
    pub fn ids_after(
        &self,
        id: I,
    ) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (id.number() + 1..self.items.len()).map(I::new)
    }

    /// All identities, for work on several threads.
    pub fn par_ids(&self) -> impl IndexedParallelIterator<Item = I> + use<I, T> {
        (0..self.items.len()).into_par_iter().map(I::new)
    }

    /// All items with their identities.
    pub fn enumerate(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.ids().zip(&self.items)
    }

    /// The identity of the first item of a kind.
    pub fn find(&self, is_wanted: impl FnMut(&T) -> bool) -> Option<I> {
        self.items.iter().position(is_wanted).map(I::new)
    }

    /// The identities of the items that a slice of the list would have.
    ///
    /// # Panics
    /// When the list has no such items.
    pub fn range(&self, numbers: Range<usize>) -> IdRange<I> {
        // Checks the bounds.
        let length = self.items[numbers.clone()].len();
        let number = |number: usize| match u32::try_from(number) {
            Ok(number) => number,
            Err(_) => unreachable!("a list has fewer than 2^32 items"),
        };
        IdRange {
            start: number(numbers.start),
            end: number(numbers.start + length),
            ids: PhantomData,
        }
    }

    /// Another list, with an item for each of this one under the same identity.
    pub fn map<'a, U>(&'a self, of: impl FnMut(&'a T) -> U) -> List<I, U> {
        self.items.iter().map(of).collect()
    }

    /// Keeps the items that are wanted; those after one that goes get other identities.
    pub fn retain_mut(&mut self, is_wanted: impl FnMut(&mut T) -> bool) {
        self.items.retain_mut(is_wanted);
    }

    /// Adds items at the end.
    pub fn extend(&mut self, items: impl IntoIterator<Item = T>) {
        self.items.extend(items);
    }

    /// The items without their identities, for what sorts or splits work among threads.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }
}

impl<I: Id, T> Default for List<I, T> {
    fn default() -> Self {
        List::new()
    }
}

impl<I, T: fmt::Debug> fmt::Debug for List<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.items).finish()
    }
}

impl<I: Id, T> Index<I> for List<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.number()]
    }
}

impl<I: Id, T> IndexMut<I> for List<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.number()]
    }
}

impl<I: Id, T> From<Vec<T>> for List<I, T> {
    fn from(items: Vec<T>) -> Self {
        List {
            items,
            ids: PhantomData,
        }
    }
}

impl<I: Id, T> FromIterator<T> for List<I, T> {
    fn from_iter<Items: IntoIterator<Item = T>>(items: Items) -> Self {
        items.into_iter().collect::<Vec<T>>().into()
    }
}

impl<I: Id, T: Send> FromParallelIterator<T> for List<I, T> {
    fn from_par_iter<Items: IntoParallelIterator<Item = T>>(items: Items) -> Self {
        items.into_par_iter().collect::<Vec<T>>().into()
    }
}

impl<'a, I: Id, T> IntoIterator for &'a List<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<I: Id, T> IntoIterator for List<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_knows_where_its_ids_stand() {
        let list: List<TopicId, char> = "abcdef".chars().collect();
        let range = list.range(2..5);
        let items: String = range.iter().map(|id| list[id]).collect();
        assert_eq!((items.as_str(), range.len()), ("cde", 3));
        let offsets: Vec<_> = list.ids().map(|id| range.offset(id)).collect();
        assert_eq!(offsets, [None, None, Some(0), Some(1), Some(2), None]);
        assert!(list.range(6..6).is_empty());
    }

    #[test]
    fn what_is_added_has_the_identity_that_is_given_for_it() {
        let mut list: List<DigestId, &str> = List::new();
        let newest = list.push("newest");
        let older = list.push("older");
        assert_eq!((list[older], newest.older()), ("older", older));
        assert_eq!(list.get(older.older()), None);
        assert_eq!(list.find(|item| *item == "older"), Some(older));
    }
}
