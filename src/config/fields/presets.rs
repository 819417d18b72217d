//! The presets: how each tool whose trees are read by default names the fields of articles.
//!
//! The names are those of the tools' documentation, of the plug-ins that most of their sites use
//! (jekyll-seo-tag, jekyll-redirect-from, …), and of the themes for link blogs.

/// What is known of the trees of one tool.
pub(super) struct Preset {
    /// Name, as `content.preset` has it.
    pub(super) name: &'static str,
    /// The pattern of the addresses that the tool gives articles unless its settings say otherwise.
    pub(super) permalink: &'static str,
    /// Fields of ours, each with its sources, with spaces between them.
    pub(super) fields: &'static [(&'static str, &'static str)],
}

/// All presets, in the order of the documentation.
pub(super) const ALL: [&Preset; 6] = [&JEKYLL, &HUGO, &ZOLA, &ASTRO, &ELEVENTY, &PELICAN];

/// The preset of this name.
pub(super) fn of(name: &str) -> Option<&'static Preset> {
    ALL.into_iter().find(|preset| preset.name == name)
}

/// <https://jekyllrb.com/docs/front-matter/>
const JEKYLL: Preset = Preset {
    name: "jekyll",
    permalink: "/:section/:categories/:year/:month/:day/:name.html",
    fields: &[
        ("title", ":heading :filename"),
        ("publishedDateTime", "date :filename"),
        ("updatedDateTime", "last_modified_at updated modified"),
        (
            "originalUrl",
            "external_url external-url externalUrl link link_url linkUrl source_url",
        ),
        ("excerpt", "description summary subtitle"),
        ("topics", "categories category tags"),
        ("authors", "author"),
        ("images", "image image.path header.image thumbnail cover"),
        ("locale", "lang"),
        ("published", "published !draft !hidden"),
        ("aliases", "redirect_from"),
    ],
};

/// <https://gohugo.io/content-management/front-matter/>
const HUGO: Preset = Preset {
    name: "hugo",
    permalink: "/:section/:path/:stem/",
    fields: &[
        // Hugo reads names in any case.
        ("title", "title Title :heading"),
        (
            "publishedDateTime",
            "publishDate publishdate date Date pubDate :filename",
        ),
        ("updatedDateTime", "lastmod Lastmod modified"),
        ("expiryDate", "expirydate ExpiryDate unpublishdate"),
        (
            "originalUrl",
            "externalLink external_url externalUrl link params.link params.external_url",
        ),
        ("excerpt", "summary description"),
        ("topics", "categories topics tags"),
        ("authors", "author params.authors params.author"),
        (
            "images",
            "images image featured_image cover.image params.image",
        ),
        ("published", "!draft !hidden"),
        ("permalink", "url"),
    ],
};

/// <https://www.getzola.org/documentation/content/page/>
const ZOLA: Preset = Preset {
    name: "zola",
    permalink: "/:section/:path/:slug/",
    fields: &[
        ("title", ":heading"),
        ("publishedDateTime", "date :filename"),
        ("updatedDateTime", "updated"),
        (
            "originalUrl",
            "extra.link extra.external_url extra.external_link extra.source_url",
        ),
        ("excerpt", "description extra.summary"),
        (
            "topics",
            "taxonomies.categories taxonomies.topics taxonomies.tags",
        ),
        ("tags", "taxonomies.tags"),
        ("authors", "extra.authors extra.author"),
        ("images", "extra.image extra.cover extra.thumbnail"),
        ("published", "!draft !extra.hidden"),
        ("permalink", "path"),
    ],
};

/// <https://docs.astro.build/en/guides/content-collections/>
const ASTRO: Preset = Preset {
    name: "astro",
    permalink: "/:section/:path/:stem/",
    fields: &[
        ("title", ":heading"),
        (
            "publishedDateTime",
            "pubDate date pubDatetime publishDate publishedAt published_at datePublished",
        ),
        (
            "updatedDateTime",
            "updatedDate modDatetime updatedAt lastmod updated",
        ),
        (
            "originalUrl",
            "externalUrl external_url link sourceUrl source_url",
        ),
        ("excerpt", "description summary"),
        ("topics", "categories category tags"),
        ("authors", "author"),
        ("images", "heroImage image cover thumbnail ogImage"),
        ("locale", "lang"),
        ("published", "!draft !hidden"),
        ("aliases", "redirect_from"),
    ],
};

/// <https://www.11ty.dev/docs/data-configuration/>
const ELEVENTY: Preset = Preset {
    name: "eleventy",
    permalink: "/:section/:path/:name/",
    fields: &[
        ("title", ":heading :filename"),
        ("publishedDateTime", "date :filename"),
        ("updatedDateTime", "updated lastUpdated modified"),
        (
            "originalUrl",
            "external_url externalUrl link sourceUrl source_url",
        ),
        ("excerpt", "description summary"),
        ("topics", "categories category tags"),
        ("authors", "author"),
        ("images", "image cover thumbnail"),
        ("locale", "lang"),
        (
            "published",
            "!draft !hidden !eleventyExcludeFromCollections",
        ),
        ("aliases", "redirect_from"),
    ],
};

/// <https://docs.getpelican.com/en/latest/content.html#file-metadata>
const PELICAN: Preset = Preset {
    name: "pelican",
    permalink: "/:title.html",
    fields: &[
        ("publishedDateTime", "date :filename"),
        ("updatedDateTime", "modified"),
        ("originalUrl", "external_url link source_url"),
        ("excerpt", "summary description"),
        ("topics", "category tags"),
        ("authors", "author"),
        ("locale", "lang"),
        ("published", "status"),
    ],
};
