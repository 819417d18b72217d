//! Every key of `site.toml`: its kind, its default, and what it is for.
//!
//! This list is the only place where a default stands. The reader takes defaults from it, unknown
//! keys are compared with it, and `docs/site-toml.md` is printed from it (a test holds the page to
//! the list).

/// What a key may be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A string.
    Text,
    /// A string, or left out.
    OptionalText,
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
}

impl ValueKind {
    /// The kind in words, as the reference and the error messages say it.
    pub fn describe(self) -> String {
        match self {
            ValueKind::Text | ValueKind::OptionalText => "a string".into(),
            ValueKind::Integer(low, i64::MAX) => format!("a whole number, {low} or more"),
            ValueKind::Integer(low, high) => format!("a whole number from {low} to {high}"),
            ValueKind::OptionalInteger => "a whole number".into(),
            ValueKind::Boolean => "true or false".into(),
            ValueKind::Texts => "a list of strings".into(),
            ValueKind::Duration | ValueKind::OptionalDuration => {
                "a length of time such as \"36 hours\" or \"2 weeks\"".into()
            }
            ValueKind::Choice(words) => format!("one of {}", quoted(words)),
            ValueKind::Choices(words) => format!("a list of some of {}", quoted(words)),
            ValueKind::TextTable => "a table of strings".into(),
            ValueKind::FreeTable => "a table".into(),
            ValueKind::Tables => "a list of tables".into(),
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
        "Where the site will be served, with `http://` or `https://`; it may have a path. `check` \
         warns while it is not set.",
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
         the texts and dates of the theme, which are there in English, Arabic, French, German and \
         Spanish.",
    ),
    key(
        "time_zone",
        ValueKind::Text,
        "\"UTC\"",
        "IANA time zone, such as `Europe/Berlin`. Days, permalinks and shown times are in it, and \
         so are dates that name no zone.",
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
        "Names of the topics in the masthead. Empty: the top-level topics that have a file, else \
         the eight largest.",
    ),
    key(
        "canonical",
        ValueKind::Choice(&["self", "original"]),
        "\"self\"",
        "Which page search engines are told to show: the site's own page of an article, or the \
         original story. With `original`, articles that lead to one are in no sitemap.",
    ),
    key(
        "content.articles",
        ValueKind::Texts,
        "[\"content/news\"]",
        "Folders of articles, searched to any depth.",
    ),
    key(
        "content.topics",
        ValueKind::Text,
        "\"content/topics\"",
        "Folder of topic files (`.yaml`, `.yml`, `.md`). It need not exist.",
    ),
    key(
        "content.providers",
        ValueKind::Text,
        "\"content/providers\"",
        "Folder of provider files. It need not exist.",
    ),
    key(
        "content.pages",
        ValueKind::Text,
        "\"content/pages\"",
        "Folder of standalone pages. It need not exist.",
    ),
    key(
        "content.embed_hosts",
        ValueKind::Texts,
        "[\"www.youtube.com\", \"www.youtube-nocookie.com\", \"player.vimeo.com\"]",
        "Hosts that an `iframe` of an article may come from; every other frame is removed.",
    ),
    key(
        "curation.min_quality",
        ValueKind::OptionalInteger,
        "",
        "Drop articles whose `quality` is lower.",
    ),
    key(
        "curation.min_heat",
        ValueKind::OptionalInteger,
        "",
        "Drop articles whose `heat` is lower; -1 in an article means that it is not known.",
    ),
    key(
        "curation.unscored",
        ValueKind::Choice(&["keep", "drop"]),
        "\"keep\"",
        "What becomes of an article that lacks the score which `min_quality` or `min_heat` asks \
         for.",
    ),
    key(
        "curation.max_age",
        ValueKind::OptionalDuration,
        "",
        "Drop articles that were published longer ago.",
    ),
    key(
        "curation.future",
        ValueKind::Choice(&["drop", "keep"]),
        "\"drop\"",
        "What becomes of articles whose date lies in the future.",
    ),
    key(
        "curation.require",
        ValueKind::Choices(REQUIRABLE),
        "[]",
        "Drop articles that lack one of these fields.",
    ),
    key(
        "curation.duplicates",
        ValueKind::Choice(&["drop", "keep"]),
        "\"drop\"",
        "What becomes of all but the best copy of a story (the same URL but for tracking \
         parameters, `www.`, fragment or AMP form).",
    ),
    key(
        "curation.block.providers",
        ValueKind::Texts,
        "[]",
        "Drop articles of these providers, named by domain; subdomains included.",
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
        "Drop articles whose title matches one of these regular expressions (upper and lower case \
         alike).",
    ),
    key(
        "curation.override",
        ValueKind::Tables,
        "",
        "Other limits for one `topic` or one `provider`: each `[[curation.override]]` names one \
         of the two and sets `min_quality`, `min_heat`, `max_age` or `unscored`. A later one wins \
         over an earlier one.",
    ),
    key(
        "ranking.half_life",
        ValueKind::Duration,
        "\"1 day\"",
        "Time in which a story loses half of its weight on the front page.",
    ),
    key(
        "related.similar",
        ValueKind::Integer(0, 20),
        "5",
        "How many stories of other providers on the same event a story may show as its coverage; \
         0 switches the comparison off.",
    ),
    key(
        "related.window",
        ValueKind::Duration,
        "\"48 hours\"",
        "How far apart two stories on the same event may be.",
    ),
    key(
        "listing.page_size",
        ValueKind::Integer(1, 1000),
        "20",
        "Articles on a numbered page of a listing.",
    ),
    key(
        "feeds.formats",
        ValueKind::Choices(&["atom", "rss", "json"]),
        "[\"atom\", \"rss\", \"json\"]",
        "Which feeds the site, each topic and each provider get.",
    ),
    key(
        "feeds.limit",
        ValueKind::Integer(1, 10_000),
        "50",
        "Articles in a feed.",
    ),
    key(
        "feeds.opml",
        ValueKind::Boolean,
        "true",
        "Whether there is a list of all feeds, `feeds.opml`.",
    ),
    key(
        "digest.period",
        ValueKind::Choice(&["week", "day", "off"]),
        "\"week\"",
        "How often a digest of the best stories comes out below `/digest/`, as a page, an email \
         and a text.",
    ),
    key(
        "digest.title",
        ValueKind::OptionalText,
        "",
        "Name of the digest. Left out: the site's title with \"Weekly\" or \"Daily\" (the strings \
         `digest_name_week`, `digest_name_day`).",
    ),
    key(
        "digest.stories",
        ValueKind::Integer(1, 100),
        "15",
        "Stories in a digest, at most.",
    ),
    key(
        "digest.per_topic",
        ValueKind::Integer(1, 100),
        "4",
        "Stories of one main topic in a digest, at most.",
    ),
    key(
        "digest.weekday",
        ValueKind::Choice(&WEEKDAYS),
        "\"monday\"",
        "Day on which a week begins, and the digest of the week before comes out. A digest has \
         the name of the ISO week that most of its days are in.",
    ),
    key(
        "digest.unsubscribe",
        ValueKind::OptionalText,
        "",
        "Where the link in the foot of emails leads that ends a subscription: a URL, or what your \
         mail service replaces by one, such as `*|UNSUB|*`.",
    ),
    key(
        "digest.address",
        ValueKind::OptionalText,
        "",
        "Postal address for the foot of emails; the law of many countries asks for it.",
    ),
    key(
        "permalinks.article",
        ValueKind::Text,
        "\"/news/:year/:month/:day/:slug/\"",
        "Address of an article; `:year`, `:month`, `:day`, `:slug`, `:category`, `:type` and \
         `:provider` are filled in. The slug is the file name without its date.",
    ),
    key(
        "permalinks.topic",
        ValueKind::Text,
        "\"/topics/:slug/\"",
        "Address of a topic's listing.",
    ),
    key(
        "permalinks.provider",
        ValueKind::Text,
        "\"/providers/:slug/\"",
        "Address of a provider's listing; `:slug` comes from the domain, `:name` from the name.",
    ),
    key(
        "archive.enabled",
        ValueKind::Boolean,
        "true",
        "Whether there are month pages below `/archive/`.",
    ),
    key(
        "api.enabled",
        ValueKind::Boolean,
        "true",
        "Whether there is a JSON API below `/api/`.",
    ),
    key(
        "sitemap.enabled",
        ValueKind::Boolean,
        "true",
        "Whether there are sitemaps.",
    ),
    key(
        "sitemap.news",
        ValueKind::Boolean,
        "true",
        "Whether the articles of the last 48 hours are also in a `news-sitemap.xml` for Google \
         News.",
    ),
    key(
        "manifest.enabled",
        ValueKind::Boolean,
        "true",
        "Whether there is a `manifest.webmanifest`, with icons.",
    ),
    key(
        "llms.enabled",
        ValueKind::Boolean,
        "true",
        "Whether there is an `llms.txt`, a table of contents for language models.",
    ),
    key(
        "host.headers",
        ValueKind::Boolean,
        "true",
        "Whether there is a `_headers` file for Netlify and Cloudflare: Content-Security-Policy, \
         caching, media types.",
    ),
    key(
        "host.redirects",
        ValueKind::Boolean,
        "true",
        "Whether the `aliases` of articles and pages are in a `_redirects` file for Netlify and \
         Cloudflare.",
    ),
    key(
        "host.redirect_pages",
        ValueKind::Boolean,
        "true",
        "Whether each of the `aliases` also is a page that leads on, for hosts that know no \
         `_redirects`.",
    ),
    key(
        "host.server",
        ValueKind::Choice(&["none", "nginx", "caddy"]),
        "\"none\"",
        "Web server to write the same headers and redirects for: `_nginx.conf` or `_Caddyfile`, \
         to be included in its configuration.",
    ),
    key(
        "preview.image",
        ValueKind::OptionalText,
        "",
        "Picture for previews of pages that have none of their own: a path among the static \
         files, or a URL.",
    ),
    key(
        "preview.width",
        ValueKind::Integer(0, 99_999),
        "0",
        "Its width in pixels; 0 when it is not known.",
    ),
    key(
        "preview.height",
        ValueKind::Integer(0, 99_999),
        "0",
        "Its height in pixels; 0 when it is not known.",
    ),
    key("preview.alt", ValueKind::OptionalText, "", "What it shows."),
    key(
        "search.enabled",
        ValueKind::Boolean,
        if cfg!(feature = "search") {
            "true"
        } else {
            "false"
        },
        "Whether readers can search all articles: a page `/search/`, a box in the masthead, and \
         an index.",
    ),
    key(
        "search.part_size",
        ValueKind::Integer(100, 100_000),
        "3000",
        "Articles in a full part of the search index. Only parts whose articles changed are \
         indexed again; smaller ones take less memory, larger ones fewer requests.",
    ),
    key(
        "output.dir",
        ValueKind::Text,
        "\"public\"",
        "Folder that the site is written to.",
    ),
    key(
        "output.delete_limit",
        ValueKind::Integer(0, 100),
        "50",
        "How many of the articles and digests, of the other pages, or of the static files of the \
         last build, in percent, a build may take out of the output without being asked about. \
         What only moves to another address does not count, and five of each may always go.",
    ),
    key(
        "output.cname",
        ValueKind::OptionalText,
        "",
        "Content of a `CNAME` file, for hosts that ask for one.",
    ),
    key(
        "deploy.default",
        ValueKind::OptionalText,
        "",
        "Name of the target that `newsgen deploy` takes when none is given; a single target needs \
         no name.",
    ),
    key(
        "deploy.compress",
        ValueKind::Choice(&["none", "br", "gzip"]),
        "\"none\"",
        "How text is compressed before it is sent: as the `Content-Encoding` of objects, or as \
         `.br` or `.gz` files beside the others in a folder.",
    ),
    key(
        "deploy.delete_limit",
        ValueKind::Integer(0, 100),
        "20",
        "How many of the files at the target, in percent, a deploy may delete without being asked \
         about. Ten files may always be deleted.",
    ),
    key(
        "deploy.jobs",
        ValueKind::Integer(1, 256),
        "16",
        "Requests that a deploy makes at once.",
    ),
    key(
        "deploy.targets",
        ValueKind::TextTable,
        "",
        "Where `newsgen deploy` sends the site: a name for each address, such as `production = \
         \"s3://bucket/path\"`. An address holds no secret.",
    ),
    key(
        "theme.accent",
        ValueKind::OptionalText,
        "",
        "Accent colour as `#rrggbb`; the shades of links and buttons are made from it, for light \
         and dark.",
    ),
    key(
        "theme.serif",
        ValueKind::OptionalText,
        "",
        "Fonts of headlines and texts, as CSS writes a `font-family`, in place of the built-in \
         one.",
    ),
    key(
        "theme.sans",
        ValueKind::OptionalText,
        "",
        "Fonts of labels and lines of facts, as CSS writes a `font-family`.",
    ),
    key(
        "theme.font_file",
        ValueKind::OptionalText,
        "",
        "Path of a `.woff2` font among the static files, for headlines and texts; `theme.serif` \
         then names what stands in for it.",
    ),
    key(
        "theme.logo",
        ValueKind::OptionalText,
        "",
        "Path of a logo among the static files, shown in the masthead beside the title.",
    ),
    key(
        "theme.links",
        ValueKind::Tables,
        "",
        "Links in the footer: each `[[theme.links]]` has `title` and `url`.",
    ),
    key(
        "theme.colors",
        ValueKind::TextTable,
        "",
        "Colours by name, each `#rrggbb` or two of them for light and dark: `paper` (the ground), \
         `sheet` (the ground of code), `ink` (text), `soft` (lesser text), `seen` (visited \
         headlines), `hair` (rules), `link`.",
    ),
    key(
        "strings",
        ValueKind::TextTable,
        "",
        "Texts of the theme, to replace single ones.",
    ),
    key(
        "extra",
        ValueKind::FreeTable,
        "",
        "Anything: templates see it as `site.extra`.",
    ),
];

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
        "Topic that the limits are for.",
    ),
    key(
        "provider",
        ValueKind::OptionalText,
        "",
        "Domain of the provider that the limits are for.",
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

/// Keys of `[[theme.links]]`.
pub const LINK_KEYS: &[Key] = &[
    key("title", ValueKind::Text, "\"\"", "Text of the link."),
    key(
        "url",
        ValueKind::Text,
        "\"\"",
        "Where it leads: a full URL or a path.",
    ),
];

/// The keys inside the tables of a key of the kind [`ValueKind::Tables`].
pub fn nested(name: &str) -> &'static [Key] {
    match name {
        "curation.override" => OVERRIDE_KEYS,
        "theme.links" => LINK_KEYS,
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
            ValueKind::TextTable | ValueKind::FreeTable => (key.name, "…"),
            _ => key.name.rsplit_once('.').unwrap_or(("", key.name)),
        };
        if section != Some(table) {
            let heading = if table.is_empty() {
                "At the top".to_owned()
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
