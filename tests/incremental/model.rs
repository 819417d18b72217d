//! A small site as values that edits can change, and the files that it consists of.

use std::collections::BTreeMap;

use crate::support::Random;
use crate::support::in_process::NOW;

/// An article file: where it lies and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Article {
    pub(crate) path: String,
    /// Front matter: values are JSON, which is YAML.
    pub(crate) fields: BTreeMap<&'static str, String>,
    pub(crate) body: String,
    pub(crate) broken: bool,
}

/// Everything that a build reads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Site {
    pub(crate) articles: Vec<Article>,
    /// Topic files, by path.
    pub(crate) topics: BTreeMap<String, BTreeMap<&'static str, String>>,
    /// Provider files, by path.
    pub(crate) providers: BTreeMap<String, BTreeMap<&'static str, String>>,
    /// Source files, by path.
    pub(crate) sources: BTreeMap<String, BTreeMap<&'static str, String>>,
    /// Standalone pages, by path.
    pub(crate) pages: BTreeMap<String, (BTreeMap<&'static str, String>, String)>,
    /// Keys of `site.toml` and their values in TOML.
    pub(crate) settings: BTreeMap<&'static str, String>,
    pub(crate) templates: BTreeMap<String, String>,
    pub(crate) statics: BTreeMap<String, Vec<u8>>,
    /// Files beside articles and pages, by path.
    pub(crate) beside: BTreeMap<String, Vec<u8>>,
    pub(crate) now: i64,
    pub(crate) drafts: bool,
}

/// Templates, and the values that only each of them has.
pub(crate) const TEMPLATES: [(&str, &[&str]); 21] = [
    ("home.html", &["front", "listing"]),
    ("listing.html", &["listing"]),
    ("article.html", &["article"]),
    ("event.html", &["event", "listing"]),
    ("list.html", &["list", "listing"]),
    ("search.html", &["search"]),
    ("topics.html", &[]),
    ("topic.html", &["topic", "listing"]),
    ("providers.html", &[]),
    ("provider.html", &["provider", "listing"]),
    ("archive.html", &[]),
    ("tags.html", &["tags"]),
    ("sources.html", &["sources"]),
    ("month.html", &["month", "listing"]),
    ("digest.html", &["digest"]),
    ("digests.html", &["digests"]),
    ("digest-email.html", &["digest"]),
    ("digest.txt", &["digest"]),
    ("page.html", &["list", "listing"]),
    ("moved.html", &["target"]),
    ("404.html", &[]),
];

pub(crate) const TOPICS: [&str; 10] = [
    "AI",
    "ai",
    "Chips",
    "C#",
    "C sharp",
    "Cafe\u{301}",
    "北京",
    "Open Models",
    "Safety & Policy",
    "Robots",
];
pub(crate) const DOMAINS: [&str; 5] = [
    "one.org",
    "two.org",
    "www.three.org",
    "sub.one.org",
    "m.one.org",
];
const TITLES: [&str; 12] = [
    "Mistral raises three billion euros for open models made in Europe",
    "Mistral raises three billion euros to make open models in Europe",
    "Open models: Mistral raises billions of euros in Europe",
    "Nvidia plans a superchip for personal computers",
    "Nvidia superchip planned for personal computers with Windows",
    "A robot folds laundry &amp; sings",
    "Court rejects the copyright claim of a picture agency",
    "Picture agency loses: court rejects copyright claim",
    "Ümläute und <b>Zeichen</b> “quoted”",
    "Short",
    "عنوان &amp;amp; <i>Cafe\u{301}</i>",
    "The <dialog> element",
];
const EXCERPTS: [&str; 5] = [
    "The company from Paris collects three billion euros for open models in Europe.",
    "Three billion euros for open models: the company from Paris grows in Europe.",
    "The superchip of Nvidia moves into personal computers, says the company.",
    "",
    "A judge saw no copy of a picture in the weights of the model…",
];
const IMAGES: [&str; 8] = [
    "/images/a.svg",
    "/images/b%20c.svg",
    "/images/b%2520c.svg",
    "/images/gone.png",
    "https://img.example.org/x.png?w=1",
    "javascript:alert(1)",
    "p.png",
    "../q.svg",
];
/// Files beside articles: pictures, one that is not copied, and one in the place of a page.
pub(crate) const BESIDE: [&str; 10] = [
    "content/news/p.png",
    "content/news/q.svg",
    "content/news/alpha/p.png",
    "content/news/alpha/sub/q.svg",
    "content/news/beta/p.png",
    "content/news/a/p.png",
    "content/news/a/page.html",
    "content/more/p.png",
    "content/pages/p.png",
    "content/pages/team/p.png",
];
/// Addresses that bodies link to.
const ADDRESSES: [&str; 16] = [
    "p.png",
    "./p.png#x",
    "../q.svg",
    "../alpha/p.png",
    "sub/q.svg",
    "page.html",
    "alpha.md",
    "../alpha/index.md#part",
    "../beta",
    "gamma.md?x",
    "2026-03-01-alpha.md",
    "../../pages/about.md",
    "@/pages/team/index.md",
    "@/news/beta.md",
    "#part",
    "mailto:a@one.org",
];
/// Old addresses: some are those of other pages, or need a folder where there is a file.
pub(crate) const ALIASES: [&str; 12] = [
    "/old/",
    "/old",
    "/older/index.html",
    "/2020/old.html",
    "/2020/old.html/x/",
    "/ü/",
    "/a/",
    "/b/",
    "/about/",
    "/topics/ai/",
    "/_headers",
    "/notes.txt",
];
const SLUGS: [&str; 8] = [
    "alpha", "beta", "gamma", "delta", "a-b", "topics", "größe", "数据",
];
pub(crate) const STATICS: [&str; 23] = [
    "style.css",
    "script.js",
    "images/a.svg",
    "images/b c.svg",
    "images/b%20c.svg",
    "notes.txt",
    "data/x.json",
    "robots.txt",
    "CNAME",
    "topics",
    "news",
    "news/2026",
    "index.html",
    "topics/ai/index.html",
    "feed.xml",
    "topics/ai",
    "favicon.svg",
    "icon-192.png",
    "_redirects",
    "llms.txt",
    "2020/old.html",
    "search/index",
    "search/index/pagefind.js",
];

pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn url(random: &mut Random) -> String {
    let domain = random.pick(&DOMAINS);
    let path = random.below(6);
    let rest = random.pick(&["", "?utm_source=x", "#top", "?id=1", "#/one", "#!two"]);
    format!("https://{domain}/s{path}{rest}")
}

fn provider(random: &mut Random) -> String {
    let domain = random.pick(&DOMAINS);
    let name = random.pick(&["First", "Second", "The Third", ""]);
    let images = if random.chance(30) {
        format!(", \"images\": {}", images(random))
    } else {
        String::new()
    };
    format!(
        "{{\"name\": {}, \"domain\": {}{images}}}",
        quoted(name),
        quoted(domain)
    )
}

fn images(random: &mut Random) -> String {
    let mut list: Vec<String> = Vec::new();
    for _ in 0..random.below(3) {
        let size = if random.chance(50) {
            ", \"width\": 64, \"height\": 48"
        } else {
            ""
        };
        let title = if random.chance(30) {
            ", \"title\": \"A picture\""
        } else {
            ""
        };
        list.push(format!(
            "{{\"url\": {}{size}{title}}}",
            quoted(random.pick(&IMAGES))
        ));
    }
    format!("[{}]", list.join(", "))
}

fn related(random: &mut Random) -> String {
    let mut list: Vec<String> = Vec::new();
    for _ in 0..random.below(3) {
        let provider = if random.chance(60) {
            format!(", \"provider\": {}", provider(random))
        } else {
            String::new()
        };
        let title = quoted(random.pick(&TITLES));
        list.push(format!(
            "{{\"title\": {title}, \"webUrl\": {}{provider}}}",
            quoted(&url(random))
        ));
    }
    format!("[{}]", list.join(", "))
}

/// A date: many on the same hour, some in the future, some at the end of a month, some without a
/// zone.
fn date(random: &mut Random) -> String {
    let hours = [
        -30 * 24,
        -6,
        -1,
        0,
        0,
        1,
        2,
        6,
        24,
        30,
        36,
        36,
        37,
        48,
        60,
        24 * 12,
        24 * 30,
        24 * 61,
    ];
    let seconds = NOW - random.pick(&hours) * 3600;
    let stamp = jiff::Timestamp::from_second(seconds).unwrap();
    let form = random.pick(&[
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%dT%H:%M:%S+02:00",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d",
    ]);
    quoted(&stamp.strftime(form).to_string())
}

fn texts(random: &mut Random, pool: &[&str]) -> String {
    let list: Vec<String> = (0..random.below(3))
        .map(|_| quoted(random.pick(pool)))
        .collect();
    format!("[{}]", list.join(", "))
}

/// Fields of an article, the commonest first.
pub(crate) const FIELDS: [&str; 33] = [
    "title",
    "publishedDateTime",
    "originalUrl",
    "topics",
    "provider",
    "quality",
    "heat",
    "excerpt",
    "images",
    "related",
    "slug",
    "event",
    "published",
    "source",
    "webUrl",
    "updatedDateTime",
    "category",
    "type",
    "length",
    "tags",
    "authors",
    "featuredContent",
    "highlight",
    "locale",
    "deleted",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "price",
    "secured",
    "removed",
    "aliases",
    "translationKey",
    "pin",
];

/// Another value of a field.
pub(crate) fn field(name: &str, random: &mut Random) -> String {
    match name {
        "title" => quoted(random.pick(&TITLES)),
        "publishedDateTime" | "updatedDateTime" => date(random),
        "originalUrl" | "webUrl" | "ampWebUrl" | "cdnAmpWebUrl" => quoted(&url(random)),
        "topics" => texts(random, &TOPICS),
        "provider" => provider(random),
        "quality" | "heat" => (random.pick(&[-1, 0, 30, 50, 70, 120])).to_string(),
        "excerpt" => quoted(random.pick(&EXCERPTS)),
        "images" => images(random),
        "related" => related(random),
        "slug" => quoted(random.pick(&SLUGS)),
        "event" => quoted(random.pick(&["none", "One", "One", "Two"])),
        "source" => quoted(random.pick(&["0", "1", "2", "gone"])),
        "published" => random.chance(60).to_string(),
        "deleted" | "removed" => random.chance(40).to_string(),
        "category" => quoted(random.pick(&["news", "opinion"])),
        "type" => quoted(random.pick(&["article", "video"])),
        "length" => quoted(random.pick(&["PT4M3S", "PT1H2M3S"])),
        "tags" => texts(random, &["x", "X", "y z", "…"]),
        "authors" => random
            .pick(&[
                "Ada",
                "[Ada, Grace]",
                "[{name: Ada, url: \"https://one.org/ada\"}]",
            ])
            .to_owned(),
        "featuredContent" => {
            let host = random.pick(&["www.youtube.com", "player.example.org"]);
            quoted(&format!("<iframe src=\"https://{host}/embed/1\"></iframe>"))
        }
        "locale" => quoted(random.pick(&["en-US", "de-DE", "ar", "none"])),
        "aliases" => texts(random, &ALIASES),
        "pin" => match random.chance(50) {
            true => random.chance(50).to_string(),
            false => date(random),
        },
        _ => quoted(random.pick(&["one", "two", "three"])),
    }
}

pub(crate) fn article(random: &mut Random) -> Article {
    let mut fields = BTreeMap::new();
    for (place, name) in FIELDS.iter().enumerate() {
        let percent = match place {
            0..3 => 100,
            3..8 => 80,
            8..12 => 30,
            12..20 => 8,
            _ => 3,
        };
        if random.chance(percent) {
            fields.insert(*name, field(name, random));
        }
    }
    Article {
        path: article_path(random),
        fields,
        body: body(random),
        broken: false,
    }
}

pub(crate) fn article_path(random: &mut Random) -> String {
    let folder = random.pick(&[
        "content/news",
        "content/news",
        "content/news/a",
        "content/news/a/b",
        "content/more",
    ]);
    if random.chance(15) {
        return format!("{folder}/{}/index.md", random.pick(&SLUGS));
    }
    let date = random.pick(&["", "2026-03-01-", "2026-02-28-"]);
    format!(
        "{folder}/{date}{}{}{}.md",
        random.pick(&SLUGS),
        random.pick(&["", "", "-2", "-3", "-4"]),
        random.pick(&["", "", "", "", ".de", ".ar"])
    )
}

pub(crate) fn body(random: &mut Random) -> String {
    if random.chance(35) {
        return linked(random);
    }
    (random.pick(&[
        "",
        "",
        "",
        "A *body*.\n",
        "Another body with a [link](https://one.org/s1).\n",
        "<script>x</script> y",
    ]))
    .to_owned()
}

/// A body with links, pictures and the like.
fn linked(random: &mut Random) -> String {
    let parts: Vec<String> = (0..1 + random.below(4))
        .map(|_| match random.below(7) {
            0..3 => format!("[link]({})\n", random.pick(&ADDRESSES)),
            3 | 4 => format!("![picture]({})\n", random.pick(&ADDRESSES)),
            5 => "## Part\n".to_owned(),
            _ => "\"Note\"[^1] -- it's https://one.org/x\n\n[^1]: The note.\n".to_owned(),
        })
        .collect();
    parts.join("\n")
}

pub(crate) fn topic(random: &mut Random) -> BTreeMap<&'static str, String> {
    let mut fields = BTreeMap::from([("name", quoted(random.pick(&TOPICS)))]);
    for (name, pool) in [
        ("slug", &["ai", "chips", "x", "page"] as &[&str]),
        ("shortname", &["Short", "Tiny"]),
        ("parent", &TOPICS),
        ("description", &["About it.", "More about it."]),
        ("name.de", &["KI", "Halbleiter"]),
        ("description.de", &["Darüber.", "Mehr darüber."]),
    ] {
        if random.chance(40) {
            fields.insert(name, quoted(random.pick(pool)));
        }
    }
    if random.chance(20) {
        let name = random.pick(&["{en: AI, de: KI}", "{ar: ذكاء, de: Größe, en: Robots}"]);
        fields.insert("name", name.to_owned());
    }
    if random.chance(20) {
        fields.insert("description", "{en: About it., de: Darüber}".to_owned());
    }
    if random.chance(20) {
        fields.insert("hue", random.below(500).to_string());
    }
    fields
}

pub(crate) fn provider_file(random: &mut Random) -> BTreeMap<&'static str, String> {
    let mut fields = BTreeMap::from([("domain", quoted(random.pick(&DOMAINS)))]);
    for (name, pool) in [
        ("name", &["First", "The First"] as &[&str]),
        ("description", &["Reports.", "Reports more."]),
        ("name.de", &["Erstes", "Das Erste"]),
        ("url", &["https://www.one.org/", "https://two.org/start"]),
    ] {
        if random.chance(50) {
            fields.insert(name, quoted(random.pick(pool)));
        }
    }
    if random.chance(50) {
        fields.insert("images", images(random));
    }
    fields
}

pub(crate) fn source(random: &mut Random) -> BTreeMap<&'static str, String> {
    let feed = format!("https://{}/{}", random.pick(&DOMAINS), random.below(99));
    let mut fields = BTreeMap::from([("feed", quoted(&feed))]);
    for (name, pool) in [
        ("title", &["A feed", "Another feed"] as &[&str]),
        ("provider", &["First", "two.org"]),
        ("topics", &TOPICS),
        ("language", &["de", "en-GB", "tlh"]),
    ] {
        if random.chance(40) {
            fields.insert(name, quoted(random.pick(pool)));
        }
    }
    for name in ["paused", "listed"] {
        if random.chance(20) {
            fields.insert(name, random.chance(50).to_string());
        }
    }
    fields
}

pub(crate) fn page(random: &mut Random) -> (BTreeMap<&'static str, String>, String) {
    let mut fields = BTreeMap::from([(
        "title",
        quoted(random.pick(&["About", "Imprint", "Contact"])),
    )]);
    if random.chance(30) {
        fields.insert(
            "description",
            quoted(random.pick(&["A page.", "Another page."])),
        );
    }
    if random.chance(20) {
        fields.insert(
            "slug",
            quoted(random.pick(&["about", "imprint", "topics", "archive"])),
        );
    }
    if random.chance(20) {
        fields.insert("aliases", texts(random, &ALIASES));
    }
    if random.chance(40) {
        let list = random.pick(&[
            "{\"where\": \"quality >= 50 or tag == 'x'\", \"order\": \"heat\", \"limit\": 2}",
            "{\"where\": \"age < '2 days' or pin\"}",
            "{\"order\": \"quality\", \"limit\": 3}",
            "{\"name\": \"/good/\", \"limit\": 2}",
            "\"Good\"",
        ]);
        fields.insert("list", list.to_owned());
    }
    if random.chance(15) {
        let template = random.pick(&["frame.html", "part.html", "page.html", "gone.html"]);
        fields.insert("template", quoted(template));
    }
    let body = match random.chance(35) {
        true => linked(random),
        false => random.pick(&["Text.\n", "# More\n\nText.\n"]).to_owned(),
    };
    (fields, body)
}

/// Settings and what they may be set to.
pub(crate) const SETTINGS: [(&str, &[&str]); 109] = [
    ("title", &["\"One\"", "\"Two\""]),
    (
        "base_url",
        &[
            "\"https://example.org/\"",
            "\"https://example.org/ai/\"",
            "\"http://localhost:8000/\"",
        ],
    ),
    (
        "description",
        &["\"About the site.\"", "\"More about it.\""],
    ),
    ("locale", &["\"en-GB\"", "\"ar\"", "\"de\""]),
    (
        "time_zone",
        &[
            "\"Europe/Berlin\"",
            "\"Asia/Tokyo\"",
            "\"Pacific/Pago_Pago\"",
            "\"UTC\"",
        ],
    ),
    ("author", &["\"Somebody\"", "\"Somebody else\""]),
    (
        "nav",
        &[
            "[\"AI\"]",
            "[\"Chips\", \"AI\"]",
            "[\"Nothing\", \"Robots\"]",
            "[\"/good/\", \"AI\", \"/about/\", \"[Out](https://one.org/)\"]",
            "[]",
        ],
    ),
    (
        "content.articles",
        &[
            "[\"content/news\"]",
            "[\"content/news/a\"]",
            "[\"content/more\", \"content/news\"]",
        ],
    ),
    (
        "content.topics",
        &["\"content/topics\"", "\"content/other\""],
    ),
    (
        "content.providers",
        &["\"content/providers\"", "\"content/none\""],
    ),
    ("content.pages", &["\"content/pages\"", "\"content/none\""]),
    ("events.pages", &["true", "false"]),
    ("events.reports", &["2", "3", "4"]),
    ("content.typography", &["true", "false"]),
    ("content.strip_tracking", &["true", "false"]),
    ("content.embed_hosts", &["[\"player.example.org\"]", "[]"]),
    ("curation.min_quality", &["30", "60", "100"]),
    ("curation.min_heat", &["30", "60"]),
    ("curation.unscored", &["\"keep\"", "\"drop\""]),
    ("curation.max_age", &["\"36 hours\"", "\"20 days\""]),
    ("curation.future", &["\"keep\"", "\"drop\""]),
    (
        "curation.require",
        &["[\"excerpt\"]", "[\"image\"]", "[\"topics\", \"provider\"]"],
    ),
    ("curation.duplicates", &["\"keep\"", "\"drop\""]),
    (
        "curation.block.providers",
        &["[\"one.org\"]", "[\"two.org\"]"],
    ),
    ("curation.block.topics", &["[\"AI\"]", "[\"Robots\"]"]),
    ("curation.block.titles", &["[\"nvidia\"]", "[\"^Open\"]"]),
    (
        "curation.block.urls",
        &["[\"*/s1\"]", "[\"one.org\", \"two.org/s2*\"]"],
    ),
    (
        "curation.override",
        &[
            "[{ topic = \"AI\", min_quality = 80 }]",
            "[{ provider = \"one.org\", max_age = \"1 day\", min_heat = 20 }]",
        ],
    ),
    ("ranking.half_life", &["\"1 hour\"", "\"30 days\""]),
    ("ranking.heat", &["\"derived\"", "\"own\""]),
    ("related.similar", &["0", "1", "5"]),
    ("related.window", &["\"2 hours\"", "\"60 days\""]),
    ("search.enabled", &["true", "false"]),
    // The smallest, so that an index has several parts.
    ("search.part_size", &["100", "150"]),
    ("ranking.quality_share", &["100", "0"]),
    (
        "front.style",
        &["\"newspaper\"", "\"river\"", "\"headlines\""],
    ),
    ("front.top", &["0", "1", "10"]),
    ("front.latest", &["0", "1", "10"]),
    ("front.bands", &["0", "1"]),
    ("front.band", &["1", "2"]),
    ("front.per_provider", &["0", "1"]),
    ("front.per_topic", &["0", "1"]),
    ("listing.density", &["\"roomy\"", "\"dense\""]),
    ("theme.covers", &["\"on\"", "\"small\"", "\"off\""]),
    ("theme.excerpt_length", &["0", "20"]),
    (
        "lists",
        &[
            "[{ title = \"Good\", path = \"/good/\", where = 'quality >= 50', feed = true }]",
            "[{ title = \"Good\", path = \"/good/\", where = 'quality >= 50' }]",
            "[{ title = { en = \"Good\", de = \"Gut\" }, path = \"/好/\", feed = true }]",
            "[{ title = { ar = \"A\", de = \"Gutes\" }, path = \"/größe/\", \
             description = { de = \"Alles\" } }]",
            "[{ title = \"New\", path = \"/new/\", where = 'age < \"2 days\" or pin' }, \
             { title = \"X\", path = \"/x/\", where = 'tag == \"x\" or extra.price == \"one\"', \
             order = \"heat\", limit = 2 }]",
        ],
    ),
    ("tags.pages", &["true", "false"]),
    ("curation.topics", &["[\"AI\"]", "[\"Chips\", \"Robots\"]"]),
    ("articles.pages", &["\"all\"", "\"own\"", "\"none\""]),
    ("listing.page_size", &["1", "2", "3", "5"]),
    (
        "listing.older",
        &[
            "[\"months\"]",
            "[\"all\", \"topics\"]",
            "[\"providers\"]",
            "[]",
        ],
    ),
    ("feeds.text", &["\"full\"", "\"excerpt\"", "\"link\""]),
    ("feeds.links", &["\"page\"", "\"original\""]),
    ("feeds.max_kilobytes", &["1", "1000"]),
    ("host.csp", &["{ script-src = \"https://a.example\" }"]),
    ("host.max_files", &["10", "0"]),
    (
        "feeds.formats",
        &["[\"atom\"]", "[\"rss\", \"json\"]", "[]"],
    ),
    ("feeds.limit", &["1", "3"]),
    ("feeds.providers", &["true", "false"]),
    ("tags.feeds", &["true", "false"]),
    (
        "permalinks.article",
        &[
            "\"/news/:slug/\"",
            "\"/:year/:month/:category/:type/:slug/\"",
            "\"/:provider/:slug/\"",
            "\"/topics/:slug/\"",
        ],
    ),
    (
        "permalinks.topic",
        &["\"/t/:slug/\"", "\"/:slug/topic/\"", "\"/topics/:slug/\""],
    ),
    ("permalinks.provider", &["\"/p/:name/\"", "\"/t/:slug/\""]),
    ("permalinks.slugs", &["\"unicode\"", "\"ascii\""]),
    (
        "languages.de.permalinks.slugs",
        &["\"unicode\"", "\"ascii\""],
    ),
    (
        "digest.period",
        &["\"week\"", "\"day\"", "\"day\"", "\"off\""],
    ),
    ("digest.title", &["\"The Best\"", "\"Letters\""]),
    ("digest.stories", &["1", "3", "100"]),
    ("digest.per_topic", &["1", "2", "100"]),
    (
        "digest.weekday",
        &["\"thursday\"", "\"sunday\"", "\"monday\""],
    ),
    (
        "digest.unsubscribe",
        &["\"*|UNSUB|*\"", "\"https://one.org/?out\""],
    ),
    ("digest.address", &["\"1 Street\"", "\"2 Street\""]),
    ("archive.enabled", &["false", "true"]),
    ("sources.page", &["false", "true"]),
    ("api.enabled", &["false", "true"]),
    ("sitemap.enabled", &["false", "true"]),
    ("sitemap.news", &["false", "true"]),
    ("canonical", &["\"self\"", "\"original\""]),
    ("feeds.opml", &["false", "true"]),
    ("manifest.enabled", &["false", "true"]),
    ("llms.enabled", &["false", "true"]),
    ("host.headers", &["false", "true"]),
    ("host.redirects", &["false", "true"]),
    ("host.redirect_pages", &["false", "true"]),
    ("host.server", &["\"nginx\"", "\"caddy\"", "\"none\""]),
    (
        "preview.image",
        &["\"/images/a.svg\"", "\"https://img.example.org/p.png\""],
    ),
    ("preview.alt", &["\"A picture\"", "\"Another\""]),
    ("output.dir", &["\"out/site\"", "\"public\""]),
    ("output.cname", &["\"example.org\"", "\"www.example.org\""]),
    ("theme.accent", &["\"#112233\"", "\"#445566\""]),
    ("theme.serif", &["\"Georgia, serif\"", "\"Charter, serif\""]),
    (
        "theme.font_file",
        &["\"fonts/newsreader-ext.woff2\"", "\"fonts/none.woff2\""],
    ),
    (
        "theme.colors",
        &["{ paper = \"#ffffff #000000\" }", "{ ink = \"#111111\" }"],
    ),
    ("theme.logo", &["\"images/a.svg\"", "\"/images/b c.svg\""]),
    (
        "theme.links",
        &[
            "[{ title = \"Link\", url = \"/about/\" }]",
            "[{ title = \"Out\", url = \"https://one.org/\" }]",
        ],
    ),
    (
        "strings.months",
        &[
            "\"1,2,3,4,5,6,7,8,9,10,11,12\"",
            "\"a,b,c,d,e,f,g,h,i,j,k,l\"",
        ],
    ),
    ("strings.topics", &["\"Themen\"", "\"Sujets\""]),
    ("strings.not_found", &["\"Weg\"", "\"Nichts\""]),
    ("strings.own", &["\"mine\"", "\"yours\""]),
    ("extra.note", &["\"x\"", "[1, 2]"]),
    ("language_name", &["\"English\"", "\"Plain English\""]),
    ("languages.de.title", &["\"Eins\"", "\"Zwei\""]),
    ("languages.de.path", &["\"/de/\"", "\"/deutsch/\""]),
    (
        "languages.de.base_url",
        &[
            "\"https://de.example.org/\"",
            "\"https://de.example.org/x/\"",
        ],
    ),
    (
        "languages.de.folders",
        &["[\"content/news/a\"]", "[\"content/more\"]"],
    ),
    ("languages.de.curation.min_quality", &["40", "80"]),
    ("languages.de.strings.latest", &["\"Neu\"", "\"Neues\""]),
    ("languages.ar.digest.period", &["\"off\"", "\"day\""]),
    ("languages.ar.nav", &["[\"AI\"]", "[\"KI\"]"]),
];

const SHARED: [&str; 6] = ["site", "nav", "strings", "topics", "providers", "months"];

/// A template that shows all that it is given, or a part of it, in one of many ways.
pub(crate) fn template(own: &[&str], random: &mut Random) -> String {
    let mut shown = String::new();
    // Some fields are only there when their names occur.
    for field in ["cover", "coverage", "days", "feeds", "json_ld"] {
        if random.chance(60) {
            shown += &format!("{{# {field} #}}");
        }
    }
    let dump =
        |shown: &mut String, name: &str| *shown += &format!("{name} {{{{ {name} | json }}}}\n");
    for name in own {
        if random.chance(85) {
            dump(&mut shown, name);
        }
    }
    if random.chance(70) {
        dump(&mut shown, "page");
    }
    if random.chance(40) {
        shown += "{{ page.json_ld or \"\" }}\n";
    }
    for name in SHARED {
        if random.chance(15) {
            dump(&mut shown, name);
        }
    }
    shown += random.pick(&[
        "",
        "",
        "{% include \"part.html\" %}",
        "{%- include 'part.html' -%}",
        "{% include `part.html` %}",
        "{{<probe x={page} />}}",
        "{% for one in topics %}{{<probe x={one} />}}{% endfor %}",
        "{{ asset(path=\"style.css\") }}",
        "{{ asset(path='style' ~ '.css') }}",
        "{% set file = \"script.js\" %}{{ asset(path=file) }}",
        "{{ url(path=\"/about/\") }} {{ page.permalink | absolute | host }}",
        "{% if page.published %}{{ page.published | date(format=\"%d %B %Y %H:%M %Z\") }}{% endif \
         %}",
        "{% set all = providers %}{{ all | length }}",
    ]);
    if random.chance(25) {
        return format!(
            "{{% extends \"frame.html\" %}}{{% block main %}}{shown}{{% endblock %}}\n"
        );
    }
    shown
}

/// The text of one of the templates that others use.
pub(crate) fn helper(name: &str, random: &mut Random) -> String {
    let shared = random.pick(&SHARED);
    let mark = random.below(100);
    match name {
        "frame.html" => random
            .pick(&[
                "<main>{% block main %}{% endblock %}</main>MARK",
                "{{ SHARED | json }}{% block main %}{% endblock %}",
                "{% block main %}{% endblock %}{% include \"part.html\" %}",
            ])
            .replace("SHARED", shared),
        "part.html" => random
            .pick(&[
                "part MARK",
                "{{ SHARED | json }}",
                "{{<probe x={page} />}}",
                "{{ asset(path=\"script.js\") }}",
            ])
            .replace("SHARED", shared),
        _ => random
            .pick(&[
                "{% component probe(x) %}{{ x | json }}{% endcomponent probe %}",
                "{% component probe(x, @SHARED) %}{{ SHARED | json }}MARK{% endcomponent probe %}",
                "{% component probe(x) %}{{<inner x={x} />}}{% endcomponent probe %}\
                 {% component inner(x, @SHARED) %}{{ SHARED | length }}{% endcomponent inner %}",
                "{% component probe(x) %}{{ asset(path=\"style.css\") }}{% endcomponent probe %}",
            ])
            .replace("SHARED", shared),
    }
    .replace("MARK", &mark.to_string())
}

pub(crate) const HELPERS: [&str; 3] = ["frame.html", "part.html", "probe.html"];

impl Site {
    /// A site to start from. Most have small templates of their own that show everything; some have
    /// the default theme.
    pub(crate) fn new(random: &mut Random) -> Site {
        let mut site = Site {
            now: NOW,
            ..Site::default()
        };
        for _ in 0..4 + random.below(9) {
            let article = article(random);
            if site.is_free(&article.path) {
                site.articles.push(article);
            }
        }
        for number in 0..random.below(4) {
            site.topics
                .insert(format!("content/topics/{number}.yaml"), topic(random));
        }
        for number in 0..random.below(3) {
            site.providers.insert(
                format!("content/providers/{number}.yaml"),
                provider_file(random),
            );
        }
        for number in 0..random.below(3) {
            site.sources
                .insert(format!("content/sources/{number}.yaml"), source(random));
        }
        if random.chance(40) {
            site.settings.insert("sources.page", "true".to_owned());
        }
        for name in ["about", "imprint", "about.de"] {
            if random.chance(40) {
                site.pages
                    .insert(format!("content/pages/{name}.md"), page(random));
            }
        }
        for name in BESIDE {
            if random.chance(20) {
                site.beside.insert(name.to_owned(), beside(name, random));
            }
        }
        site.settings.insert("listing.page_size", "2".to_owned());
        for (name, values) in &SETTINGS {
            if random.chance(6) {
                site.settings.insert(name, (random.pick(values)).to_owned());
            }
        }
        // Half of all sites are in several languages.
        if random.chance(50) {
            let path = random.pick(&["\"/de/\"", "\"/deutsch/\""]);
            site.settings.insert("languages.de.path", path.to_owned());
        }
        // The index takes longer than the rest of so small a site.
        if random.chance(85) {
            site.settings.insert("search.enabled", "false".to_owned());
        }
        for name in HELPERS {
            site.templates.insert(name.to_owned(), helper(name, random));
        }
        if random.chance(85) {
            for (name, own) in TEMPLATES {
                if random.chance(95) {
                    site.templates
                        .insert(name.to_owned(), template(own, random));
                }
            }
        }
        // Small files in place of those of the default theme that are only large.
        for name in [
            "fonts/newsreader.woff2",
            "fonts/newsreader-ext.woff2",
            "fonts/OFL.txt",
        ] {
            site.statics.insert(name.to_owned(), b"font".to_vec());
        }
        for name in STATICS.iter().take(8) {
            if random.chance(20) {
                site.statics
                    .insert((*name).to_owned(), vec![b'x'; 1 + random.below(3)]);
            }
        }
        site
    }

    /// Whether no article lies at a path.
    pub(crate) fn is_free(&self, path: &str) -> bool {
        self.articles.iter().all(|article| article.path != path)
    }

    /// All files, by path.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for Article {
            path,
            fields,
            body,
            broken,
        } in &self.articles
        {
            let end = if *broken { "title: \"twice\"\n" } else { "" };
            files.insert(
                path.clone(),
                format!("---\n{}{end}---\n{body}", yaml(fields)).into_bytes(),
            );
        }
        let described = self.topics.iter().chain(&self.providers);
        for (path, fields) in described.chain(&self.sources) {
            files.insert(path.clone(), yaml(fields).into_bytes());
        }
        for (path, (fields, body)) in &self.pages {
            files.insert(
                path.clone(),
                format!("---\n{}---\n{body}", yaml(fields)).into_bytes(),
            );
        }
        files.extend(self.beside.clone());
        let settings: String = self
            .settings
            .iter()
            .map(|(name, value)| format!("{name} = {value}\n"))
            .collect();
        files.insert("site.toml".to_owned(), settings.into_bytes());
        for (name, text) in &self.templates {
            files.insert(format!("templates/{name}"), text.clone().into_bytes());
        }
        for (name, bytes) in &self.statics {
            let path = format!("static/{name}");
            // A disk cannot hold a file where it holds a folder.
            if !self
                .statics
                .keys()
                .any(|other| other.starts_with(&format!("{name}/")))
            {
                files.insert(path, bytes.clone());
            }
        }
        files
    }

    /// The output folder.
    pub(crate) fn output(&self) -> &str {
        self.settings
            .get("output.dir")
            .map_or("public", |value| value.trim_matches('"'))
    }
}

/// The bytes of a file beside an article. Some pictures could run something.
pub(crate) fn beside(name: &str, random: &mut Random) -> Vec<u8> {
    match name.ends_with(".svg") {
        true => random
            .pick(&["<svg/>", "<svg><path/></svg>", "<svg onload='x'/>"])
            .into(),
        false => vec![random.pick(b"abc"); 1 + random.below(3)],
    }
}

fn yaml(fields: &BTreeMap<&'static str, String>) -> String {
    fields
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect()
}
