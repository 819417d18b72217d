//! Stable pagination: pages are numbered from the oldest article, so that a full page never changes
//! again.
//!
//! Page 1 holds the oldest `size` articles. The head of a listing shows the rest: the last full
//! page and what came after it, `size` to `2 × size − 1` articles. So a new article changes the
//! head and nothing else. Every numbered page leads to the next newer number; the one that the head
//! still holds is a page that leads on to the head, and becomes a real page when it is full and the
//! head moves on.

use std::ops::Range;

/// How a listing is cut into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    total: usize,
    size: usize,
}

impl Paging {
    /// `total` articles on pages of `size`.
    pub fn new(total: usize, size: usize) -> Paging {
        Paging {
            total,
            size: size.max(1),
        }
    }

    /// How many numbered pages there are.
    pub fn numbered(self) -> usize {
        (self.total / self.size).saturating_sub(1)
    }

    /// The articles of the head, counted from the newest.
    pub fn head(self) -> Range<usize> {
        0..self.total - self.numbered() * self.size
    }

    /// The articles of the page with that number (from 1), counted from the newest.
    pub fn page(self, number: usize) -> Range<usize> {
        self.total - number * self.size..self.total - (number - 1) * self.size
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_article_is_on_one_page(total in 0usize..500, size in 1usize..40) {
            let paging = Paging::new(total, size);
            let mut seen: Vec<usize> = paging.head().collect();
            for number in (1..=paging.numbered()).rev() {
                prop_assert_eq!(paging.page(number).len(), size);
                seen.extend(paging.page(number));
            }
            prop_assert_eq!(seen, (0..total).collect::<Vec<_>>());
            prop_assert!(paging.head().len() < 2 * size);
        }

        #[test]
        fn a_newer_article_moves_no_numbered_page(total in 0usize..500, size in 1usize..40) {
            let (before, after) = (Paging::new(total, size), Paging::new(total + 1, size));
            // Counted from the oldest, the articles of each page stay.
            let oldest = |paging: Paging, total: usize, number| {
                let page = paging.page(number);
                total - page.end..total - page.start
            };
            for number in 1..=before.numbered() {
                prop_assert_eq!(oldest(before, total, number), oldest(after, total + 1, number));
            }
        }
    }
}
