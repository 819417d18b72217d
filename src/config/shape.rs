//! What pages a site has, and what its front page and listings show.

/// `articles.pages`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticlePages {
    /// All articles have a page.
    All,
    /// Those with a body or coverage have one, and those without an original.
    Own,
    /// Those without an original have one.
    None,
}

/// `listing.older`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Older {
    /// The listing of all articles.
    pub all: bool,
    /// Those of topics.
    pub topics: bool,
    /// Those of providers.
    pub providers: bool,
    /// Those of months.
    pub months: bool,
}
