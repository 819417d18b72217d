//! Every key of `site.toml`: its kind, its default, and what it is for.
//!
//! This list is the only place where a default stands. The reader takes defaults from it, unknown
//! keys are compared with it, and `docs/site-toml.md` is printed from it (a test holds the page to
//! the list).

use super::lists::ListOrder;

/// What a key may be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A string.
    Text,
    /// A string, or left out.
    OptionalText,
    /// A string, or a table of strings for each language, under its tag; or left out.
    TextByLanguage,
    /// A whole number, from the first to the second.
    Integer(i64, i64),
    /// A whole number, or left out.
    OptionalInteger,
    /// `true` or `false`.
    Boolean,
    /// A list of strings.
    Texts,
    /// A length of time such as `"36 hours"`.
    Duration,
    /// A length of time, or left out.
    OptionalDuration,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A list of these strings.
    Choices(&'static [&'static str]),
    /// A table of strings under free names.
    TextTable,
    /// A table of anything, for templates.
    FreeTable,
    /// A list of tables (`[[…]]`) with keys of their own.
    Tables,
    /// A table of fields of articles, each with the name or names that it has in this tree.
    FieldTable,
    /// A table of settings for each language, under its tag.
    Languages,
}

impl ValueKind {
    /// The kind in words, as the reference and the error messages say it.
    pub fn describe(self) -> String {
        match self {
            ValueKind::Text | ValueKind::OptionalText => "a string".into(),
            ValueKind::TextByLanguage => "a string, or a table of one for each language".into(),
            ValueKind::Integer(low, i64::MAX) => format!("a whole number, {low} or more"),
            ValueKind::Integer(low, high) => format!("a whole number from {low} to {high}"),
            ValueKind::OptionalInteger => "a whole number".into(),
            ValueKind::Boolean => "true or false".into(),
            ValueKind::Texts => "a list of strings".into(),
            ValueKind::Duration | ValueKind::OptionalDuration => {
                "a duration such as \"36 hours\" or \"2 weeks\"".into()
            }
            ValueKind::Choice(words) => format!("one of {}", quoted(words)),
            ValueKind::Choices(words) => format!("a list of any of {}", quoted(words)),
            ValueKind::TextTable => "a table of strings".into(),
            ValueKind::FreeTable => "a table".into(),
            ValueKind::Tables => "a list of tables".into(),
            ValueKind::FieldTable => "a table of names or lists of names".into(),
            ValueKind::Languages => "a table of settings".into(),
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Full name, with dots.
    pub name: &'static str,
    /// What it may be set to.
    pub kind: ValueKind,
    /// Its default as it would be written in TOML; empty when leaving it out means "none".
    pub default: &'static str,
    /// What it is for.
    pub doc: &'static str,
}

const fn key(name: &'static str, kind: ValueKind, default: &'static str, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        default,
        doc,
    }
}

/// All keys, in the order of the reference.
pub const KEYS: &[Key] = &[
    key(
        "title",
        ValueKind::Text,
        "\"News\"",
        "Name of the site, in the masthead, page titles and feeds.",
    ),
    key(
        "base_url",
        ValueKind::Text,
        "\"http://localhost:8000/\"",
        "URL at which the site will be served, with `http://` or `https://`; it may have a path. \
         `check` warns if it is not set.",
    ),
    key(
        "description",
        ValueKind::OptionalText,
        "",
        "One sentence about the site, for search engines and feeds.",
    ),
    key(
        "locale",
        ValueKind::Text,
        "\"en\"",
        "Language of the site as a BCP 47 tag, such as `en-GB` or `ar`; sets `lang`, `dir`, and \
         the texts, dates and numbers of the theme, which has texts in Arabic, Chinese \
         (`zh-Hans`, `zh-Hant`), Dutch, English, French, German, Hindi, Italian, Japanese, \
         Korean, Polish, Portuguese, Russian, Spanish, Turkish and Ukrainian. A tag with a region \
         has those of its language: `pt-BR` of `pt`, `zh-TW` of `zh-Hant`. Any other language has \
         English texts, and newsgen says so.",
    ),
    key(
        "language_name",
        ValueKind::OptionalText,
        "",
        "What the language is called in itself, where readers choose among several, such as \
         `Deutsch`. Most languages have a default.",
    ),
    key(
        "time_zone",
        ValueKind::Text,
        "\"UTC\"",
        "IANA time zone, such as `Europe/Berlin`. It applies to days, permalinks and displayed \
         times, and to dates without a zone of their own.",
    ),
    key(
        "author",
        ValueKind::OptionalText,
        "",
        "Who publishes the site, for feeds and metadata.",
    ),
    key(
        "nav",
        ValueKind::Texts,
        "[]",
        "What is in the masthead, in order: names of topics, paths of lists and pages (`/about/`), \
         and links (`[Code](https://example.org/)`). If empty, the top-level topics that have a \
         file, or else the eight largest topics, counted without the month of the newest article.",
    ),
    key(
        "canonical",
        ValueKind::Choice(&["self", "original"]),
        "\"self\"",
        "Which page is canonical for search engines: the site's own page of an article, or the \
         original story. With `original`, articles that link to a story are left out of sitemaps.",
    ),
    key(
        "content.articles",
        ValueKind::Texts,
        "[\"content/news\"]",
        "Folders of articles, searched recursively.",
    ),
    key(
        "content.topics",
        ValueKind::Text,
        "\"content/topics\"",
        "Folder of topic files (`.yaml`, `.yml`, `.md`). It is optional.",
    ),
    key(
        "content.providers",
        ValueKind::Text,
        "\"content/providers\"",
        "Folder of provider files. It is optional.",
    ),
    key(
        "content.pages",
        ValueKind::Text,
        "\"content/pages\"",
        "Folder of standalone pages. It is optional.",
    ),
    key(
        "content.preset",
        ValueKind::Choice(&super::fields::PRESETS),
        "\"none\"",
        "The tool that the tree of articles was made for: its usual names of fields are read as \
         ours, and articles have its usual addresses. `[content.fields]` takes precedence. [Other \
         trees](other-trees.md) lists the names.",
    ),
    key(
        "content.skip",
        ValueKind::Texts,
        "[\"_drafts\", \"node_modules\"]",
        "Names of folders, at any depth in the folders of articles, whose files are not read.",
    ),
    key(
        "content.sources",
        ValueKind::Text,
        "\"content/sources\"",
        "Folder of source files: the feeds that `newsgen sources` lists. It is optional, and a \
         build reads it only for `sources.page`.",
    ),
    key(
        "content.queue",
        ValueKind::Text,
        "\"content/queue\"",
        "Folder of candidates, which `newsgen fetch` writes and `newsgen queue` lists. A build \
         does not read it.",
    ),
    key(
        "content.ledger",
        ValueKind::Text,
        "\"content/ledger\"",
        "Folder of the record of all items that were fetched, and what became of them. A build \
         does not read it.",
    ),
    key(
        "content.embed_hosts",
        ValueKind::Texts,
        "[\"www.youtube.com\", \"www.youtube-nocookie.com\", \"player.vimeo.com\"]",
        "Hosts from which articles may embed an `iframe`; all other frames are removed.",
    ),
    key(
        "content.fields",
        ValueKind::FieldTable,
        "",
        "For a field of ours, the field of this tree that holds it, or several in order, such as \
         `publishedDateTime = [\"date\", \"pubDate\"]`, `provider.domain = \"source.domain\"` or \
         `published = \"!draft\"`. See [Other trees](other-trees.md).",
    ),
    key(
        "content.typography",
        ValueKind::Boolean,
        "false",
        "Whether texts get the punctuation of print: quotation marks of the site's language for \
         `\"` and `'`, dashes for `--` and `---`, `…` for `...`. Code stays as it is.",
    ),
    key(
        "content.strip_tracking",
        ValueKind::Boolean,
        "true",
        "Whether the links of articles lose parameters that only say where a reader came from \
         (`utm_…`, `fbclid`, `gclid`, `mc_cid`, …).",
    ),
    key(
        "curation.min_quality",
        ValueKind::OptionalInteger,
        "",
        "Drop articles whose `quality` is below this.",
    ),
    key(
        "curation.min_heat",
        ValueKind::OptionalInteger,
        "",
        "Drop articles whose `heat` is below this; -1 in an article means unknown.",
    ),
    key(
        "curation.unscored",
        ValueKind::Choice(&["keep", "drop"]),
        "\"keep\"",
        "What happens to an article without the score that `min_quality` or `min_heat` requires.",
    ),
    key(
        "curation.max_age",
        ValueKind::OptionalDuration,
        "",
        "Drop articles that are older than this.",
    ),
    key(
        "curation.future",
        ValueKind::Choice(&["drop", "keep"]),
        "\"drop\"",
        "What happens to articles dated in the future.",
    ),
    key(
        "curation.require",
        ValueKind::Choices(REQUIRABLE),
        "[]",
        "Drop articles that lack any of these fields.",
    ),
    key(
        "curation.duplicates",
        ValueKind::Choice(&["drop", "keep"]),
        "\"drop\"",
        "What happens to all but the best copy of a story (the same URL apart from tracking \
         parameters, `www.`, fragment or AMP form).",
    ),
    key(
        "curation.topics",
        ValueKind::Texts,
        "[]",
        "Drop articles that have none of these topics, nor one below them; for several sites from \
         one folder of articles. If empty, all topics stay.",
    ),
    key(
        "curation.block.providers",
        ValueKind::Texts,
        "[]",
        "Drop articles of these providers, given by domain; this includes subdomains.",
    ),
    key(
        "curation.block.topics",
        ValueKind::Texts,
        "[]",
        "Drop articles that have one of these topics.",
    ),
    key(
        "curation.block.titles",
        ValueKind::Texts,
        "[]",
        "Drop articles whose title matches one of these regular expressions (case-insensitive).",
    ),
    key(
        "curation.block.urls",
        ValueKind::Texts,
        "[]",
        "Drop articles whose `originalUrl` matches one of these patterns, such as \
         `\"example.org/ads/\"` or `\"*/live-*\"`: without scheme and `www.`, `*` for any \
         characters; a host alone stands for all of its addresses, a slash at the end for all \
         below.",
    ),
    key(
        "curation.override",
        ValueKind::Tables,
        "",
        "Different limits for one `topic` or one `provider`: each `[[curation.override]]` names \
         one of the two and sets `min_quality`, `min_heat`, `max_age` or `unscored`. Later \
         overrides take precedence.",
    ),
    key(
        "fetch.keep",
        ValueKind::Texts,
        "[]",
        "Regular expressions for items of feeds; an item that fits none of them is dropped. \
         Capital and small letters are the same. One for a single part begins with its name: \
         `title:`, `excerpt:`, `link:`, `author:` or `category:`.",
    ),
    key(
        "fetch.skip",
        ValueKind::Texts,
        "[]",
        "The same; an item that fits one of them is dropped.",
    ),
    key(
        "fetch.languages",
        ValueKind::Texts,
        "[]",
        "Drop items in any other language, such as `[\"en\", \"de\"]`. Items with no \
         stated language are kept.",
    ),
    key(
        "fetch.min_length",
        ValueKind::Integer(0, 5_000),
        "0",
        "Drop items whose excerpt has fewer characters.",
    ),
    key(
        "fetch.max_age",
        ValueKind::OptionalDuration,
        "",
        "Drop items that are older than this.",
    ),
    key(
        "fetch.first_max_age",
        ValueKind::Duration,
        "\"1 week\"",
        "When a source is fetched for the first time, drop items that are older than this.",
    ),
    key(
        "fetch.publish",
        ValueKind::OptionalText,
        "",
        "Condition by which `newsgen fetch` publishes a new candidate at once, without a person: \
         `'quality >= 75 and source in [\"rivers\", \"ports\"]'`. A source file may set its own.",
    ),
    key(
        "fetch.filter",
        ValueKind::Texts,
        "[]",
        "A program and its arguments that `newsgen fetch` shows new candidates to: \
         `[\"python3\", \"score.py\"]`. It may score, change and drop them. It runs in the folder \
         of the site, without a shell.",
    ),
    key(
        "fetch.filter_timeout",
        ValueKind::Duration,
        "\"2 minutes\"",
        "Time that this program may take in one run, for all sources together.",
    ),
    key(
        "fetch.image",
        ValueKind::Choice(&["feed", "page"]),
        "\"feed\"",
        "Where pictures of items come from that have none in their feed: with `page`, from the \
         page of the story, which is fetched for that. A source file may set its own.",
    ),
    key(
        "fetch.image_pages",
        ValueKind::Integer(0, 10_000),
        "50",
        "Pages that are fetched for pictures in one run, at most.",
    ),
    key(
        "fetch.every",
        ValueKind::Duration,
        "\"30 minutes\"",
        "Time between two requests of a feed, at least. A source file may set its own, and servers \
         may ask for more.",
    ),
    key(
        "fetch.expire_after",
        ValueKind::Duration,
        "\"2 weeks\"",
        "Age from which `newsgen queue expire` takes candidates out of the queue.",
    ),
    key(
        "fetch.reject_reasons",
        ValueKind::Texts,
        "[]",
        "Reasons for which candidates are rejected, such as `[\"old news\", \"advertising\"]`: the \
         desk offers them by number.",
    ),
    key(
        "fetch.allow_hosts",
        ValueKind::Texts,
        "[]",
        "Hosts that feeds may come from although they are in a private network, such as \
         `intranet.example` or `10.0.0.7:8080`.",
    ),
    key(
        "desk.commit",
        ValueKind::Boolean,
        "false",
        "Whether the desk commits what it changed to git, after publishing and by a button.",
    ),
    key(
        "ranking.half_life",
        ValueKind::Duration,
        "\"1 day\"",
        "Time after which a story has half its weight on the front page.",
    ),
    key(
        "ranking.quality_share",
        ValueKind::Integer(0, 100),
        "50",
        "How much of the weight of a story is its `quality`, in percent; the rest is its `heat`.",
    ),
    key(
        "ranking.heat",
        ValueKind::Choice(&["own", "derived"]),
        "\"own\"",
        "With `derived`, articles without a `heat` have one on the front page that follows from \
         how many providers report their event, and how fast; so have candidates.",
    ),
    key(
        "front.style",
        ValueKind::Choice(&["newspaper", "river", "headlines"]),
        "\"newspaper\"",
        "What the front page is: a lead with other top stories, the latest, and a band for each \
         topic of the masthead; the newest stories by day; or the top stories as a list of \
         headlines with the latest beside it.",
    ),
    key(
        "front.top",
        ValueKind::Integer(0, 100),
        "4",
        "Top stories beside the lead; 30 with the style `headlines` if it is not set.",
    ),
    key(
        "front.latest",
        ValueKind::Integer(0, 500),
        "20",
        "Stories under \"Latest\", or in the river.",
    ),
    key(
        "front.bands",
        ValueKind::Integer(0, 100),
        "8",
        "Topics of the masthead that have a band on the front page, at most.",
    ),
    key(
        "front.band",
        ValueKind::Integer(1, 20),
        "3",
        "Stories in a band.",
    ),
    key(
        "front.per_provider",
        ValueKind::Integer(0, 100),
        "2",
        "Stories of one provider among the lead and the top stories, at most, as long as there are \
         others; 0 means no limit. Pinned stories do not count.",
    ),
    key(
        "front.per_topic",
        ValueKind::Integer(0, 100),
        "3",
        "The same for stories with the same label.",
    ),
    key(
        "related.similar",
        ValueKind::Integer(0, 20),
        "5",
        "How many stories of other providers on the same event a story shows as its coverage, at \
         most; 0 disables the comparison.",
    ),
    key(
        "related.window",
        ValueKind::Duration,
        "\"48 hours\"",
        "Maximum time between two stories on the same event.",
    ),
    key(
        "events.pages",
        ValueKind::Boolean,
        "true",
        "Whether each event that is reported often enough has a page and a feed, below `/events/`. \
         Off if it is not set and `articles.pages` is `\"none\"`.",
    ),
    key(
        "events.reports",
        ValueKind::Integer(2, 1000),
        "3",
        "Reports with which an event gets its page.",
    ),
    key(
        "articles.pages",
        ValueKind::Choice(&["all", "own", "none"]),
        "\"all\"",
        "Which articles get a page: all; only those with a text of their own or with coverage; or \
         none. The headlines of the others lead to the original, on pages as in feeds, search and \
         API. An article without a link to an original always has a page.",
    ),
    key(
        "listing.page_size",
        ValueKind::Integer(1, 1000),
        "20",
        "Articles on a numbered page of a listing; 200 if it is not set and `articles.pages` is \
         `\"none\"`.",
    ),
    key(
        "listing.older",
        ValueKind::Choices(&["all", "topics", "providers", "months"]),
        "[\"all\", \"topics\", \"providers\", \"months\"]",
        "Which listings have pages of older articles (`page/N/`), and their API too; the others \
         end with their newest articles. Only `\"months\"` if it is not set and `articles.pages` \
         is `\"none\"`.",
    ),
    key(
        "listing.density",
        ValueKind::Choice(&["roomy", "dense"]),
        "\"roomy\"",
        "How much room stories take in lists: `dense` has a line or two for each.",
    ),
    key(
        "theme.covers",
        ValueKind::Choice(&["on", "small", "off"]),
        "\"on\"",
        "Pictures of stories in lists: `on`; `small` at the end of each line, also for the lead; \
         or `off`. Pages of articles keep theirs.",
    ),
    key(
        "theme.excerpt_length",
        ValueKind::OptionalInteger,
        "",
        "Characters of an excerpt in lists, at most; 0 leaves excerpts out. By default excerpts \
         are whole, and styles show their first lines.",
    ),
    key(
        "lists",
        ValueKind::Tables,
        "",
        "Pages of your own making: each `[[lists]]` is a listing of the articles for which a \
         condition holds. See [Lists](shaping.md#lists-of-your-own).",
    ),
    key(
        "tags.pages",
        ValueKind::Boolean,
        "false",
        "Whether each tag has a page with its articles, below `/tags/`, where all of them are.",
    ),
    key(
        "tags.feeds",
        ValueKind::Boolean,
        "false",
        "Whether these pages have feeds, too.",
    ),
    key(
        "feeds.formats",
        ValueKind::Choices(&["atom", "rss", "json"]),
        "[\"atom\", \"rss\", \"json\"]",
        "Which feeds the site, each topic and each provider get; see `feeds.providers`.",
    ),
    key(
        "feeds.limit",
        ValueKind::Integer(1, 10_000),
        "50",
        "Articles in a feed.",
    ),
    key(
        "feeds.text",
        ValueKind::Choice(&["full", "excerpt", "link"]),
        "\"full\"",
        "What a feed has of an article besides its headline: its text and excerpt, only its \
         excerpt, or nothing.",
    ),
    key(
        "feeds.links",
        ValueKind::Choice(&["page", "original"]),
        "\"page\"",
        "Where the entries of feeds lead: to the site's page of an article, or to the original.",
    ),
    key(
        "feeds.max_kilobytes",
        ValueKind::Integer(1, 100_000),
        "1000",
        "Size of all texts in a feed, at most. Where they are longer, older entries have their \
         excerpt only.",
    ),
    key(
        "feeds.providers",
        ValueKind::Boolean,
        "true",
        "Whether each provider has feeds. False if it is not set and `articles.pages` is \
         `\"none\"`.",
    ),
    key(
        "feeds.opml",
        ValueKind::Boolean,
        "true",
        "Whether to write a list of all feeds, `feeds.opml`.",
    ),
    key(
        "digest.period",
        ValueKind::Choice(&["week", "day", "off"]),
        "\"week\"",
        "How often a digest of the best stories is published below `/digest/`, as a page, an email \
         and plain text.",
    ),
    key(
        "digest.title",
        ValueKind::OptionalText,
        "",
        "Name of the digest. By default, the site's title with \"Weekly\" or \"Daily\" (the \
         strings `digest_name_week` and `digest_name_day`).",
    ),
    key(
        "digest.stories",
        ValueKind::Integer(1, 100),
        "15",
        "Maximum number of stories in a digest.",
    ),
    key(
        "digest.per_topic",
        ValueKind::Integer(1, 100),
        "4",
        "Maximum number of stories of one main topic in a digest.",
    ),
    key(
        "digest.weekday",
        ValueKind::Choice(&WEEKDAYS),
        "\"monday\"",
        "Day on which a week begins and the digest of the previous week is published. A digest is \
         named after the ISO week that contains most of its days.",
    ),
    key(
        "digest.unsubscribe",
        ValueKind::OptionalText,
        "",
        "Target of the unsubscribe link in the footer of emails: a URL, or a placeholder that your \
         mail service replaces, such as `*|UNSUB|*`.",
    ),
    key(
        "digest.address",
        ValueKind::OptionalText,
        "",
        "Postal address for the footer of emails, which many countries require by law.",
    ),
    key(
        "permalinks.article",
        ValueKind::Text,
        "\"/news/:year/:month/:day/:slug/\"",
        "URL path of an article, with the placeholders `:year`, `:month`, `:day`, `:slug`, \
         `:category`, `:type` and `:provider`, and, for trees that had addresses before, `:name`, \
         `:stem`, `:title`, `:section`, `:path`, `:topics` and `:categories`. The slug is the file \
         name without its date. It ends with a slash or `.html`. A preset has a default of its \
         own.",
    ),
    key(
        "permalinks.folders",
        ValueKind::TextTable,
        "",
        "Patterns like `permalinks.article` for the articles of single folders, such as \
         `\"content/news\" = \"/:year/:slug/\"`. Of several folders that an article lies in, the \
         deepest counts.",
    ),
    key(
        "permalinks.topic",
        ValueKind::Text,
        "\"/topics/:slug/\"",
        "URL path of a topic's listing.",
    ),
    key(
        "permalinks.provider",
        ValueKind::Text,
        "\"/providers/:slug/\"",
        "URL path of a provider's listing; `:slug` comes from the domain, `:name` from the name.",
    ),
    key(
        "permalinks.slugs",
        ValueKind::Choice(&["ascii", "unicode"]),
        "\"ascii\"",
        "Letters of addresses, and of the names of new files: those of ASCII, where other scripts \
         are transliterated (`/topics/ren-gong-zhi-neng/`), or those of the script that a name is \
         in (`/topics/人工智能/`).",
    ),
    key(
        "archive.enabled",
        ValueKind::Boolean,
        "true",
        "Whether to write month pages below `/archive/`.",
    ),
    key(
        "sources.page",
        ValueKind::Boolean,
        "false",
        "Whether to write a [page of the sources](fetching.md#a-page-of-sources), `/sources/`, \
         with how many articles are from each.",
    ),
    key(
        "api.enabled",
        ValueKind::Boolean,
        "true",
        "Whether to write a JSON API below `/api/`.",
    ),
    key(
        "sitemap.enabled",
        ValueKind::Boolean,
        "true",
        "Whether to write sitemaps.",
    ),
    key(
        "sitemap.news",
        ValueKind::Boolean,
        "true",
        "Whether to also list the articles of the last 48 hours in a `news-sitemap.xml` for Google \
         News.",
    ),
    key(
        "manifest.enabled",
        ValueKind::Boolean,
        "true",
        "Whether to write a `manifest.webmanifest`, with icons.",
    ),
    key(
        "llms.enabled",
        ValueKind::Boolean,
        "true",
        "Whether to write an `llms.txt`, a table of contents for language models.",
    ),
    key(
        "host.headers",
        ValueKind::Boolean,
        "true",
        "Whether to write a `_headers` file for Netlify and Cloudflare: Content-Security-Policy, \
         caching, media types.",
    ),
    key(
        "host.redirects",
        ValueKind::Boolean,
        "true",
        "Whether to write the `aliases` of articles and pages to a `_redirects` file for Netlify \
         and Cloudflare.",
    ),
    key(
        "host.redirect_pages",
        ValueKind::Boolean,
        "true",
        "Whether to also write each of the `aliases` as a redirecting page, for hosts that do not \
         support `_redirects`.",
    ),
    key(
        "host.server",
        ValueKind::Choice(&["none", "nginx", "caddy"]),
        "\"none\"",
        "Web server for which to write the same headers and redirects: `_nginx.conf` or \
         `_Caddyfile`, to be included in its configuration.",
    ),
    key(
        "host.max_files",
        ValueKind::Integer(0, i64::MAX),
        "20000",
        "Number of files that the host takes; `check` warns if the site has more. The default is \
         that of Cloudflare Pages, and does not apply if there are `deploy.targets`; 0 means no \
         limit.",
    ),
    key(
        "host.csp",
        ValueKind::TextTable,
        "",
        "Sources that are added to single directives of the content security policy, such as \
         `script-src = \"https://counter.example\"`, for [hooks](theming.md#hooks) and templates \
         of your own.",
    ),
    key(
        "preview.image",
        ValueKind::OptionalText,
        "",
        "Image for link previews of pages that have none of their own: a path among the static \
         files, or a URL.",
    ),
    key(
        "preview.width",
        ValueKind::Integer(0, 99_999),
        "0",
        "Its width in pixels; 0 if unknown.",
    ),
    key(
        "preview.height",
        ValueKind::Integer(0, 99_999),
        "0",
        "Its height in pixels; 0 if unknown.",
    ),
    key(
        "preview.alt",
        ValueKind::OptionalText,
        "",
        "Its alternative text.",
    ),
    key(
        "search.enabled",
        ValueKind::Boolean,
        if cfg!(feature = "search") {
            "true"
        } else {
            "false"
        },
        "Whether readers can search all articles: adds a page `/search/`, a search box in the \
         masthead, and an index.",
    ),
    key(
        "search.part_size",
        ValueKind::Integer(100, 100_000),
        "3000",
        "Number of articles in a full part of the search index. Only parts whose articles changed \
         are indexed again; smaller parts need less memory, larger parts fewer requests.",
    ),
    key(
        "output.dir",
        ValueKind::Text,
        "\"public\"",
        "Folder to which the site is written.",
    ),
    key(
        "output.delete_limit",
        ValueKind::Integer(0, 100),
        "50",
        "Percentage of the articles and digests, of the other pages, or of the static files of \
         the last build that a build may remove without confirmation. Files that only move to \
         another URL do not count. Up to ten files of each kind may always be removed.",
    ),
    key(
        "output.cname",
        ValueKind::OptionalText,
        "",
        "Content of a `CNAME` file, for hosts that need one.",
    ),
    key(
        "deploy.default",
        ValueKind::OptionalText,
        "",
        "Name of the target that `newsgen deploy` uses when none is given; not needed if there is \
         only one target.",
    ),
    key(
        "deploy.compress",
        ValueKind::Choice(&["none", "br", "gzip"]),
        "\"none\"",
        "How text is compressed before it is sent: with a `Content-Encoding` for objects, or as \
         `.br` or `.gz` files next to the originals in a folder.",
    ),
    key(
        "deploy.delete_limit",
        ValueKind::Integer(0, 100),
        "20",
        "Percentage of the files at the target that a deploy may delete without confirmation. Up \
         to ten files may always be deleted.",
    ),
    key(
        "deploy.jobs",
        ValueKind::Integer(1, 256),
        "16",
        "Number of concurrent requests of a deploy.",
    ),
    key(
        "deploy.targets",
        ValueKind::TextTable,
        "",
        "Where `newsgen deploy` sends the site: a name for each URL, such as `production = \
         \"s3://bucket/path\"`. A URL must not contain secrets.",
    ),
    key(
        "theme.accent",
        ValueKind::OptionalText,
        "",
        "Accent colour as `#rrggbb`; the shades of links and buttons in light and dark mode are \
         derived from it.",
    ),
    key(
        "theme.serif",
        ValueKind::OptionalText,
        "",
        "Fonts for headlines and text, as a CSS `font-family` list, instead of the built-in font.",
    ),
    key(
        "theme.sans",
        ValueKind::OptionalText,
        "",
        "Fonts for labels and metadata, as a CSS `font-family` list.",
    ),
    key(
        "theme.font_file",
        ValueKind::OptionalText,
        "",
        "Path of a `.woff2` font among the static files, for headlines and text; `theme.serif` \
         then names the fallback.",
    ),
    key(
        "theme.logo",
        ValueKind::OptionalText,
        "",
        "Path of a logo among the static files, shown in the masthead instead of the title.",
    ),
    key(
        "theme.templates",
        ValueKind::Text,
        "\"templates\"",
        "Folder of the site's own templates, which take the place of built-in ones.",
    ),
    key(
        "theme.links",
        ValueKind::Tables,
        "",
        "Links in the footer: each `[[theme.links]]` has `title` and `url`.",
    ),
    key(
        "static",
        ValueKind::TextTable,
        "",
        "Folders that are copied to the site, by the path below which their files are served, such \
         as `\"/images\" = \"assets/images\"`. By default `\"/\" = \"static\"`. Of two files with \
         one path, that of the later folder counts.",
    ),
    key(
        "theme.colors",
        ValueKind::TextTable,
        "",
        "Colours by name, each `#rrggbb`, or two of them for light and dark mode: `paper` (page \
         background), `sheet` (code background), `ink` (text), `soft` (secondary text), `seen` \
         (visited headlines), `hair` (rules), `link`.",
    ),
    key(
        "strings",
        ValueKind::TextTable,
        "",
        "Texts of the theme; each can be replaced individually.",
    ),
    key(
        "extra",
        ValueKind::FreeTable,
        "",
        "Any values; templates see them as `site.extra`.",
    ),
    key(
        "languages",
        ValueKind::Languages,
        "",
        "Editions in other languages, each a table named by its tag, such as `[languages.de]`. \
         Besides the keys below, it may set whatever makes sense for one language: `title`, \
         `description`, `locale`, `language_name`, `author`, `nav`, `strings`, `extra`, \
         `theme.logo`, `theme.links`, and the keys of `archive`, `api`, `curation`, `digest`, \
         `events`, `feeds`, `listing`, `llms`, `manifest`, `permalinks`, `preview`, `ranking`, \
         `related`, `search` and `sitemap`. What it does not set is as above, but for texts in the \
         language of the site: `description`, `language_name`, `strings` and `digest.title`. See \
         [Languages](languages.md).",
    ),
];

/// Keys of a table of `[languages]` alone.
pub const LANGUAGE_KEYS: &[Key] = &[
    key(
        "path",
        ValueKind::OptionalText,
        "",
        "Path of the edition below `base_url`, by default the tag: `/de/`. With a base URL of its \
         own, the folder of its files in the output.",
    ),
    key(
        "base_url",
        ValueKind::OptionalText,
        "",
        "URL at which the edition is served, when it has a host of its own.",
    ),
    key(
        "folders",
        ValueKind::Texts,
        "[]",
        "Folders whose articles and pages are in this language, such as `content/de`.",
    ),
];

/// Texts in the language of the site, which other editions do not inherit.
pub const TEXTS_OF_LANGUAGE: &[&str] = &["description", "language_name", "strings", "digest.title"];

/// Whether each edition may have its own value of a key.
pub fn is_by_language(name: &str) -> bool {
    const NAMES: [&str; 10] = [
        "title",
        "description",
        "locale",
        "language_name",
        "author",
        "nav",
        "strings",
        "extra",
        "theme.logo",
        "theme.links",
    ];
    const TABLES: [&str; 15] = [
        "archive",
        "api",
        "curation",
        "digest",
        "events",
        "feeds",
        "listing",
        "llms",
        "manifest",
        "permalinks",
        "preview",
        "ranking",
        "related",
        "search",
        "sitemap",
    ];
    let table = name.split_once('.').map(|(table, _)| table);
    NAMES.contains(&name) || table.is_some_and(|table| TABLES.contains(&table))
}

/// What `hash.weekday` may be, in the order of the week.
pub const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Fields that `curation.require` may name.
pub const REQUIRABLE: &[&str] = &[
    "excerpt", "image", "provider", "topics", "quality", "heat", "body",
];

/// Keys of `[[curation.override]]`.
pub const OVERRIDE_KEYS: &[Key] = &[
    key(
        "topic",
        ValueKind::OptionalText,
        "",
        "Topic to which the limits apply.",
    ),
    key(
        "provider",
        ValueKind::OptionalText,
        "",
        "Domain of the provider to which the limits apply.",
    ),
    key(
        "min_quality",
        ValueKind::OptionalInteger,
        "",
        "See `curation.min_quality`.",
    ),
    key(
        "min_heat",
        ValueKind::OptionalInteger,
        "",
        "See `curation.min_heat`.",
    ),
    key(
        "max_age",
        ValueKind::OptionalDuration,
        "",
        "See `curation.max_age`.",
    ),
    key(
        "unscored",
        ValueKind::Choice(&["keep", "drop"]),
        "",
        "See `curation.unscored`.",
    ),
];

/// Keys of `[[lists]]`.
pub const LIST_KEYS: &[Key] = &[
    key(
        "title",
        ValueKind::TextByLanguage,
        "",
        "Name of the list; on a site in several languages one for each, like \
         `title.en = \"Picks\"` and `title.de = \"Auswahl\"`. Where there is none, the first one \
         stands.",
    ),
    key(
        "path",
        ValueKind::OptionalText,
        "",
        "Path of its page, such as `/long-reads/`.",
    ),
    key(
        "description",
        ValueKind::TextByLanguage,
        "",
        "A sentence about it, or one for each language.",
    ),
    key(
        "where",
        ValueKind::OptionalText,
        "",
        "Which articles are in it: a condition over `topic`, `provider`, `tag`, `type`, `quality`, \
         `heat`, `age`, `language`, `pin` and `extra.…`. All, if it is not set.",
    ),
    key(
        "order",
        ValueKind::Choice(&ListOrder::NAMES),
        "",
        "Which articles come first; the newest if it is not set.",
    ),
    key(
        "limit",
        ValueKind::OptionalInteger,
        "",
        "Articles of a list that has no older pages, at most; 100 if it is not set.",
    ),
    key(
        "feed",
        ValueKind::Boolean,
        "",
        "Whether it has feeds; it has none if it is not set.",
    ),
];

/// Keys of `[[theme.links]]`.
pub const LINK_KEYS: &[Key] = &[
    key("title", ValueKind::Text, "\"\"", "Text of the link."),
    key(
        "url",
        ValueKind::Text,
        "\"\"",
        "Its target: a full URL or a path.",
    ),
];

/// The keys inside the tables of a key of the kind [`ValueKind::Tables`].
pub fn nested(name: &str) -> &'static [Key] {
    match name {
        "curation.override" => OVERRIDE_KEYS,
        "lists" => LIST_KEYS,
        "theme.links" => LINK_KEYS,
        "languages" => LANGUAGE_KEYS,
        _ => &[],
    }
}

/// The reference of all keys as Markdown, the text of `docs/site-toml.md`.
pub fn reference() -> String {
    let mut page = String::from(
        "# site.toml\n\n\
         Every setting has a default, so an empty `site.toml` builds. An unknown key or a value of \
         the wrong\n\
         type is an error, reported with its line. This page is generated from the list that the \
         program\n\
         itself reads (`src/config/keys.rs`); a test keeps the two in step.\n",
    );
    let mut section = None;
    for key in KEYS {
        let (table, name) = match key.kind {
            ValueKind::TextTable | ValueKind::FreeTable | ValueKind::FieldTable => (key.name, "…"),
            ValueKind::Languages => (key.name, "TAG"),
            _ => key.name.rsplit_once('.').unwrap_or(("", key.name)),
        };
        if section != Some(table) {
            let heading = if table.is_empty() {
                "Top level".to_owned()
            } else {
                format!("`[{table}]`")
            };
            page += &format!(
                "\n## {heading}\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
            );
            section = Some(table);
        }
        page += &row(name, key);
        for inner in nested(key.name) {
            page += &row(&format!("{name}.{}", inner.name), inner);
        }
    }
    page
}

fn row(name: &str, key: &Key) -> String {
    let default = if key.default.is_empty() {
        "–".to_owned()
    } else {
        format!("`{}`", key.default)
    };
    format!(
        "| `{name}` | {} | {default} | {} |\n",
        key.kind.describe(),
        key.doc.replace('|', "\\|")
    )
}
