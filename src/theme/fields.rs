//! Every value that templates see, with its fields: the contract of `docs/templates.md` as data.
//!
//! A template that names a field which no value has shows nothing there, or takes the other branch
//! of a condition. `names.rs` finds such names before anything is rendered, by this list.
//! `tests/templates.rs` holds the list to the values that pages really get, and to the
//! documentation.

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text, a number or a truth value: it has no fields.
    Scalar,
    /// A value whose fields are not known: `extra`, or the result of a filter.
    Any,
    /// An object of [`OBJECTS`].
    Object(&'static str),
    /// A list of scalars.
    Scalars,
    /// A list of objects.
    List(&'static str),
}

use Type::{Any, List, Object, Scalar, Scalars};

/// Variables of every page.
pub const SHARED: &[(&str, Type)] = &[
    ("nav", List("topic_ref")),
    ("page", Object("page")),
    ("site", Object("site")),
    ("strings", Object("strings")),
];

/// Variables of some pages.
pub const VARIABLES: &[(&str, Type)] = &[
    ("article", Object("article")),
    ("digest", Object("digest")),
    ("digests", List("digest_ref")),
    ("event", Object("event")),
    ("front", Object("front")),
    ("list", Object("list")),
    ("listing", Object("listing")),
    ("month", Object("month")),
    ("months", List("month")),
    ("provider", Object("provider")),
    ("providers", List("provider")),
    ("search", Object("search")),
    ("sources", List("source")),
    ("tags", List("tag")),
    ("target", Scalar),
    ("topic", Object("topic")),
    ("topics", List("topic")),
];

/// Templates that make pages, and which of [`VARIABLES`] only their pages have.
pub const PAGES: &[(&str, &[&str])] = &[
    ("404.html", &[]),
    ("archive.html", &[]),
    ("article.html", &["article"]),
    ("digest-email.html", &["digest"]),
    ("digest.html", &["digest"]),
    ("digest.txt", &["digest"]),
    ("digests.html", &["digests"]),
    ("home.html", &["front", "listing"]),
    ("list.html", &["list", "listing"]),
    ("listing.html", &["listing"]),
    ("month.html", &["listing", "month"]),
    ("moved.html", &["target"]),
    ("page.html", &["list", "listing"]),
    ("provider.html", &["listing", "provider"]),
    ("providers.html", &[]),
    ("search.html", &["search"]),
    ("sources.html", &["sources"]),
    ("tags.html", &[]),
    ("topic.html", &["listing", "topic"]),
    ("topics.html", &[]),
];

/// Whether only some pages have a variable.
pub fn is_of_some_pages(name: &str) -> bool {
    PAGES.iter().any(|(_, names)| names.contains(&name))
}

/// The fields of an object.
pub type ObjectFields = &'static [(&'static str, Type)];

/// Objects by the name that this list has for them.
pub const OBJECTS: &[(&str, ObjectFields)] = &[
    ("alternate", &[("lang", Scalar), ("url", Scalar)]),
    (
        "article",
        &[
            ("amp_link", Scalar),
            ("authors", List("author")),
            ("badge", Scalar),
            ("body", Scalar),
            ("category", Scalar),
            ("cover", Object("cover")),
            ("coverage", List("coverage")),
            ("dir", Scalar),
            ("duration", Scalar),
            ("embed", Scalar),
            ("event_url", Scalar),
            ("excerpt", Scalar),
            ("extra", Any),
            ("has_page", Scalar),
            ("heat", Scalar),
            ("highlight", Scalar),
            ("image", Object("image")),
            ("is_video", Scalar),
            ("label", Object("topic_ref")),
            ("lang", Scalar),
            ("link", Scalar),
            ("locale", Scalar),
            ("provider", Object("provider_ref")),
            ("published", Scalar),
            ("quality", Scalar),
            ("related", List("related")),
            ("tag_links", List("named_link")),
            ("tags", Scalars),
            ("title", Scalar),
            ("topics", List("topic_ref")),
            ("type", Scalar),
            ("updated", Scalar),
            ("url", Scalar),
        ],
    ),
    ("author", &[("name", Scalar), ("url", Scalar)]),
    (
        "band",
        &[("stories", List("story")), ("topic", Object("topic_ref"))],
    ),
    (
        "cover",
        &[
            ("hue", Scalar),
            ("initial", Scalar),
            ("seed", Scalar),
            ("shape", Scalar),
        ],
    ),
    (
        "coverage",
        &[
            ("dir", Scalar),
            ("lang", Scalar),
            ("link", Scalar),
            ("provider", Object("named_provider")),
            ("title", Scalar),
            ("url", Scalar),
        ],
    ),
    ("day", &[("date", Scalar), ("stories", List("story"))]),
    (
        "digest",
        &[
            ("accent", Object("shades")),
            ("address", Scalar),
            ("count", Scalar),
            ("dates", Scalar),
            ("from", Scalar),
            ("headline", Scalar),
            ("lead", Object("story")),
            ("left_out", Scalar),
            ("name", Scalar),
            ("older", Scalar),
            ("sections", List("section")),
            ("subject", Scalar),
            ("title", Scalar),
            ("to", Scalar),
            ("unsubscribe", Scalar),
            ("url", Scalar),
            ("year", Scalar),
        ],
    ),
    (
        "digest_ref",
        &[
            ("count", Scalar),
            ("dates", Scalar),
            ("from", Scalar),
            ("headline", Scalar),
            ("name", Scalar),
            ("subject", Scalar),
            ("title", Scalar),
            ("to", Scalar),
            ("url", Scalar),
            ("year", Scalar),
        ],
    ),
    (
        "event",
        &[
            ("count", Scalar),
            ("dir", Scalar),
            ("first", Scalar),
            ("lang", Scalar),
            ("latest", Scalar),
            ("lead", Object("story")),
            ("name", Scalar),
            ("providers", List("provider")),
            ("slug", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "feed",
        &[
            ("name", Scalar),
            ("own", Scalar),
            ("title", Scalar),
            ("type", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "front",
        &[
            ("bands", List("band")),
            ("date", Scalar),
            ("latest", List("day")),
            ("lead", Object("story")),
            ("style", Scalar),
            ("top", List("story")),
        ],
    ),
    (
        "image",
        &[
            ("alt", Scalar),
            ("attribution", Scalar),
            ("height", Scalar),
            ("local", Scalar),
            ("url", Scalar),
            ("width", Scalar),
        ],
    ),
    ("link", &[("title", Scalar), ("url", Scalar)]),
    (
        "list",
        &[
            ("description", Scalar),
            ("is_tag", Scalar),
            ("name", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "listing",
        &[
            ("days", List("day")),
            ("head", Scalar),
            ("is_cut", Scalar),
            ("newer", Scalar),
            ("number", Scalar),
            ("older", Scalar),
            ("stories", List("story")),
        ],
    ),
    (
        "look",
        &[("covers", Scalar), ("dense", Scalar), ("excerpt", Scalar)],
    ),
    (
        "month",
        &[
            ("count", Scalar),
            ("date", Scalar),
            ("month", Scalar),
            ("url", Scalar),
            ("year", Scalar),
        ],
    ),
    ("named_link", &[("name", Scalar), ("url", Scalar)]),
    (
        "named_provider",
        &[("domain", Scalar), ("name", Scalar), ("url", Scalar)],
    ),
    (
        "page",
        &[
            ("alternates", List("alternate")),
            ("body", Scalar),
            ("canonical", Scalar),
            ("description", Scalar),
            ("feeds", List("feed")),
            ("image", Object("preview")),
            ("json_ld", Scalar),
            ("kind", Scalar),
            ("next", Scalar),
            ("noindex", Scalar),
            ("permalink", Scalar),
            ("prev", Scalar),
            ("published", Scalar),
            ("section", Scalar),
            ("tags", Scalars),
            ("title", Scalar),
            ("translations", List("translation")),
            ("updated", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "preview",
        &[
            ("alt", Scalar),
            ("height", Scalar),
            ("url", Scalar),
            ("width", Scalar),
        ],
    ),
    (
        "provider",
        &[
            ("count", Scalar),
            ("description", Scalar),
            ("domain", Scalar),
            ("home", Scalar),
            ("hue", Scalar),
            ("initial", Scalar),
            ("logo", Scalar),
            ("name", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "provider_ref",
        &[
            ("domain", Scalar),
            ("home", Scalar),
            ("hue", Scalar),
            ("initial", Scalar),
            ("logo", Scalar),
            ("name", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "related",
        &[
            ("excerpt", Scalar),
            ("image", Object("image")),
            ("link", Scalar),
            ("provider", Object("named_provider")),
            ("published", Scalar),
            ("title", Scalar),
            ("type", Scalar),
            ("url", Scalar),
        ],
    ),
    ("search", &[("parts", Scalars)]),
    (
        "section",
        &[("stories", List("story")), ("topic", Object("topic_ref"))],
    ),
    ("shades", &[("dark", Scalar), ("light", Scalar)]),
    (
        "site",
        &[
            ("accent", Scalar),
            ("author", Scalar),
            ("base_url", Scalar),
            ("description", Scalar),
            ("dir", Scalar),
            ("extra", Any),
            ("font", Scalar),
            ("home", Scalar),
            ("lang", Scalar),
            ("links", List("link")),
            ("locale", Scalar),
            ("logo", Scalar),
            ("look", Object("look")),
            ("og_locale", Scalar),
            ("pages", List("link")),
            ("paper", Object("shades")),
            ("title", Scalar),
            ("touch_icon", Scalar),
            ("urls", Object("urls")),
        ],
    ),
    (
        "source",
        &[
            ("count", Scalar),
            ("feed", Scalar),
            ("home", Scalar),
            ("lang", Scalar),
            ("language", Scalar),
            ("last", Scalar),
            ("name", Scalar),
            ("share", Scalar),
            ("topics", List("topic_ref")),
        ],
    ),
    (
        "story",
        &[
            ("authors", List("author")),
            ("badge", Scalar),
            ("cover", Object("cover")),
            ("coverage", List("coverage")),
            ("dir", Scalar),
            ("duration", Scalar),
            ("event_url", Scalar),
            ("excerpt", Scalar),
            ("extra", Any),
            ("has_page", Scalar),
            ("heat", Scalar),
            ("highlight", Scalar),
            ("image", Object("image")),
            ("is_video", Scalar),
            ("label", Object("topic_ref")),
            ("lang", Scalar),
            ("link", Scalar),
            ("provider", Object("provider_ref")),
            ("published", Scalar),
            ("quality", Scalar),
            ("tag_links", List("named_link")),
            ("tags", Scalars),
            ("title", Scalar),
            ("topics", List("topic_ref")),
            ("type", Scalar),
            ("updated", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "tag",
        &[("count", Scalar), ("name", Scalar), ("url", Scalar)],
    ),
    (
        "topic",
        &[
            ("children", List("topic_child")),
            ("count", Scalar),
            ("described", Scalar),
            ("description", Scalar),
            ("hue", Scalar),
            ("name", Scalar),
            ("parent", Object("topic_ref")),
            ("slug", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "topic_child",
        &[
            ("count", Scalar),
            ("hue", Scalar),
            ("name", Scalar),
            ("slug", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "topic_ref",
        &[
            ("hue", Scalar),
            ("name", Scalar),
            ("slug", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "translation",
        &[
            ("current", Scalar),
            ("dir", Scalar),
            ("lang", Scalar),
            ("name", Scalar),
            ("same", Scalar),
            ("url", Scalar),
        ],
    ),
    (
        "urls",
        &[
            ("archive", Scalar),
            ("digest", Scalar),
            ("manifest", Scalar),
            ("open_search", Scalar),
            ("opml", Scalar),
            ("providers", Scalar),
            ("search", Scalar),
            ("sources", Scalar),
            ("tags", Scalar),
            ("topics", Scalar),
        ],
    ),
];

/// The type of a variable that a page may have.
pub fn variable(name: &str) -> Option<Type> {
    SHARED
        .iter()
        .chain(VARIABLES)
        .find(|(known, _)| *known == name)
        .map(|(_, kind)| *kind)
}

/// Names of the fields of an object, in order. `strings` has those of the texts.
pub fn names(object: &str) -> Vec<&'static str> {
    if object == "strings" {
        return crate::config::strings::STRINGS
            .iter()
            .map(|(name, ..)| *name)
            .collect();
    }
    let fields = OBJECTS.iter().find(|(name, _)| *name == object);
    fields.map_or_else(Vec::new, |(_, fields)| {
        fields.iter().map(|(name, _)| *name).collect()
    })
}

/// The type of a field; none when the object has no such field.
pub fn field(object: &str, name: &str) -> Option<Type> {
    if object == "strings" {
        // Some texts are lists of names.
        return names(object).contains(&name).then_some(Any);
    }
    let (_, fields) = OBJECTS.iter().find(|(known, _)| *known == object)?;
    let (_, kind) = fields.iter().find(|(known, _)| *known == name)?;
    Some(*kind)
}
