//! Mistakes in templates are loud: names that mean nothing, files that no page uses. The list of
//! names is held to the values that pages really get, and to the documentation.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::BTreeSet;

use newsgen::theme::fields::{self, Type};
use serde_json::Value;
use support::{NOW, Site, repository};

#[test]
fn a_wrong_field_in_a_condition_ends_the_build() {
    let site = Site::new().with_articles(3).file(
        "templates/home.html",
        "{% extends \"base.html\" %}\n{% block main %}\n  {% if front.led %}{{ front.led.title \
         }}{% endif %}\n{% endblock main %}\n",
    );
    for command in ["build", "check"] {
        let run = site.newsgen([command, "--now", NOW]).run().exits(1);
        for part in [
            "`front` has no field `led`",
            "templates/home.html:3:15",
            "{% if front.led %}",
            "help: did you mean `lead`?",
        ] {
            assert!(run.stderr.contains(part), "{part}: {run}");
        }
    }
}

#[test]
fn a_wrong_field_of_what_a_component_is_given_ends_the_build() {
    let components = std::fs::read_to_string(repository().join("templates/components.html"));
    let components = components.unwrap();
    assert!(components.contains("{% if item.badge %}"));
    let site = Site::new().with_articles(1).file(
        "templates/components.html",
        components.replace("{% if item.badge %}", "{% if item.bagde %}"),
    );
    let run = site.build().exits(1);
    for part in ["`item` has no field `bagde`", "did you mean `badge`?"] {
        assert!(run.stderr.contains(part), "{part}: {run}");
    }
}

#[test]
fn a_template_whose_name_is_nearly_one_is_reported() {
    let site = Site::new()
        .with_articles(1)
        .file("templates/hom.html", "x")
        .file("templates/parts/mine.html", "y")
        .file("templates/artcle.html", "z")
        .file("templates/page.html", "{% include \"artcle.html\" %}");
    let run = site.check().good();
    assert!(
        run.stderr.contains("no page uses the template `hom.html`"),
        "{run}"
    );
    assert!(run.stderr.contains("did you mean `home.html`?"), "{run}");
    assert!(run.stdout.contains("0 errors, 1 warning"), "{run}");
}

#[test]
fn a_parent_that_is_not_there_is_named_with_its_place() {
    let site = Site::new().with_articles(1).file(
        "templates/article.html",
        "{# a #}\n{% extends \"bse.html\" %}",
    );
    let run = site.build().exits(1);
    for part in [
        "templates/article.html:2:13",
        "{% extends \"bse.html\" %}",
        "`base.html`",
    ] {
        assert!(run.stderr.contains(part), "{part}: {run}");
    }
}

#[test]
fn every_mistake_has_its_line_and_what_was_meant() {
    let cases: [(&str, &str, &[&str]); 13] = [
        (
            "home.html",
            "\n{{ site.title | uper }}",
            &[
                "there is no filter `uper`",
                "home.html:2:17",
                "mean `upper`?",
            ],
        ),
        (
            "home.html",
            "{{ shorten(text=\"a\") }}",
            &[
                "there is no function `shorten`",
                "home.html:1:4",
                "{{ x | shorten }}",
            ],
        ),
        (
            "home.html",
            "{% if site.title is definedd %}{% endif %}",
            &[
                "there is no test `definedd`",
                "home.html:1:21",
                "mean `defined`?",
            ],
        ),
        (
            "home.html",
            "{{ <stori item={front.lead} /> }}",
            &[
                "there is no component `stori`",
                "home.html:1:5",
                "mean `story`?",
            ],
        ),
        (
            "home.html",
            "{% include \"componets.html\" %}",
            &[
                "no template `componets.html`",
                "home.html:1:13",
                "mean `components.html`?",
            ],
        ),
        (
            "home.html",
            "{% extends \"base.html\" %}{% block man %}x{% endblock %}",
            &["there is no block `man`", "home.html:1:35", "mean `main`?"],
        ),
        (
            "home.html",
            "{% iff site.title %}{% endif %}",
            &["Unknown tag", "home.html:1:4", "mean `if`?"],
        ),
        (
            "home.html",
            "{% extends \"home.html\" %}",
            &[
                "the template extends itself: home.html",
                "home.html:1:13",
                "another name",
            ],
        ),
        (
            "mine.html",
            "{% component story(item) %}{% endcomponent story %}",
            &[
                "the component `story` is defined in",
                "mine.html:1:14",
                "components.html",
            ],
        ),
        (
            "home.html",
            "{{ site.title | round }}",
            &[
                "expected `f64` but got `string` while the page / was",
                "home.html:1:4",
                "help:",
            ],
        ),
        (
            "home.html",
            "{{ asset(path=\"styl.css\") }}",
            &[
                "no static file `styl.css`; did you mean `style.css`?",
                "home.html:1:4",
                "help:",
            ],
        ),
        (
            "home.html",
            "{% if site.title %}",
            &["end of input", "home.html:1:", "help:"],
        ),
        (
            "home.html",
            "{{ site.extra.none }}",
            &["`none` is not defined", "home.html:1:", "{{ x or \"\" }}"],
        ),
    ];
    let site = Site::new().with_articles(1);
    for (name, text, parts) in cases {
        site.write(&format!("templates/{name}"), text);
        let run = site.check().exits(1);
        for part in parts {
            assert!(run.stderr.contains(part), "{text}: {part}: {run}");
        }
        let line = text.lines().last().unwrap();
        assert!(
            run.stderr.contains(&format!(" | {line}\n")),
            "{text}: {run}"
        );
        assert_eq!(run.stderr.matches("error: ").count(), 1, "{text}: {run}");
        site.remove(&format!("templates/{name}"));
    }
}

#[test]
fn what_built_in_templates_need_is_asked_for_once() {
    let site = Site::new()
        .with_articles(1)
        .file("templates/base.html", "{% block main %}{% endblock %}");
    let run = site.check().exits(1);
    assert_eq!(run.stderr.matches("no block `head`").count(), 1, "{run}");
    assert!(
        run.stderr.contains("a file in templates/ is without it"),
        "{run}"
    );
}

#[test]
fn a_template_that_no_page_needs_yet_is_tried_with_sample_content() {
    let settings = "title = \"Test\"\nbase_url = \"https://news.example/\"\n\
                    [digest]\nperiod = \"off\"\n";
    let site = Site::new()
        .with_articles(1)
        .file("site.toml", settings)
        .file("templates/digest.html", "\n{{ digest.title | round }}")
        .file("templates/month.html", "{{ month.year }}{{ site.title }}");
    let run = site.check().good();
    for part in [
        "warning: ",
        "the site has no such page yet",
        "templates/digest.html:2:4",
        "{{ digest.title | round }}",
    ] {
        assert!(run.stderr.contains(part), "{part}: {run}");
    }
    assert!(run.stdout.contains("0 errors, 1 warning"), "{run}");
    site.build().good();
    // A template of parts fails on a real page first, and is reported once.
    let site = Site::new().with_articles(1).file(
        "templates/base.html",
        "{{ site.title | round }}{% block canonical %}{% endblock %}{% block head %}{% endblock \
         %}{% block edition %}{% endblock %}{% block main %}{% endblock %}",
    );
    let run = site.check().exits(1);
    assert!(run.stdout.contains("1 error, 0 warnings"), "{run}");
    // What works is not mentioned.
    let site = Site::new().with_articles(1).file("site.toml", settings).file(
        "templates/digest.html",
        "{{ digest.lead.title }}{% for part in digest.sections %}{{ part.topic.name }}{% endfor %}",
    );
    let run = site.check().good();
    assert!(run.stdout.contains("0 errors, 0 warnings"), "{run}");
}

/// Templates that show all variables of their pages as JSON. The names of costly fields make them
/// be there.
const DUMPS: [(&str, &[&str]); 17] = [
    ("home.html", &["front", "listing"]),
    ("listing.html", &["listing"]),
    ("article.html", &["article"]),
    ("topics.html", &["topics"]),
    ("topic.html", &["topic", "listing"]),
    ("providers.html", &["providers"]),
    ("provider.html", &["provider", "listing"]),
    ("archive.html", &["months"]),
    ("sources.html", &["sources"]),
    ("month.html", &["month", "listing"]),
    ("digests.html", &["digests"]),
    ("digest.html", &["digest"]),
    ("event.html", &["event", "listing"]),
    ("list.html", &["list", "listing"]),
    ("search.html", &["search"]),
    ("tags.html", &["tags"]),
    ("page.html", &["list", "listing"]),
];

/// A site in which every object that templates see occurs, with [`DUMPS`] as its templates.
fn dumped() -> Site {
    let mut site = Site::new().file(
        "site.toml",
        "title = \"Test\"\nbase_url = \"https://news.example/\"\nnav = [\"Science\"]\n\
         tags.pages = true\nsources.page = true\nlists = [{ title = \"L\", path = \"/l/\" }]\n\
         front.latest = 0\nfront.top = 0\n\
         [digest]\nperiod = \"week\"\n[preview]\nimage = \"https://news.example/p.png\"\n\
         [[theme.links]]\ntitle = \"A\"\nurl = \"https://a.example/\"\n[languages.de]\n",
    );
    site = site
        .file("content/topics/science.yaml", "name: Science\n")
        .file(
            "content/topics/space.yaml",
            "name: Space\nparent: Science\n",
        )
        .file(
            "content/sources/one.yaml",
            "feed: https://one.example/feed\ntopics: Science\nlanguage: en\n",
        )
        .file("content/pages/about.md", "---\ntitle: About\n---\nText.\n");
    for number in 0..6 {
        let provider = ["one", "two", "three"][number % 3];
        let fields = format!(
            "title: A probe lands on the far side of the moon\nexcerpt: A probe of a new kind has \
             landed on the far side of the moon.\n\
             publishedDateTime: 2026-11-{:02}T0{number}:00:00Z\n\
             originalUrl: https://{provider}.example/{number}\nprovider:\n  domain: \
             {provider}.example\ntopics: [Space]\ntags: [moon]\nauthors: [Ada]\nimages:\n\
             \x20 - url: https://x.example/a.jpg\n    \
             width: 4\n    height: 3\nrelated:\n  - title: Other\n    webUrl: \
             https://r.example/{number}\n    provider:\n      domain: r.example\n    images:\n\
             \x20     - url: https://x.example/b.jpg\n",
            10 + number / 3
        );
        site = site.article(&format!("a-{number}"), &fields);
    }
    let other = "title: Copper prices\npublishedDateTime: 2026-11-01\ntopics: [Space]\n\
                 originalUrl: https://four.example/\n";
    site = site.article("b", other);
    for (name, variables) in DUMPS {
        let mut text = "{# cover coverage days extra feeds json_ld tag_links #}{".to_owned();
        for name in variables.iter().chain(&["site", "page", "nav", "strings"]) {
            text += &format!("\"{name}\": {{{{ {name} | json }}}},");
        }
        text += "\"end\": 0}";
        site = site.file(&format!("templates/{name}"), text);
    }
    site
}

/// Compares a value with its type, and notes the objects that occurred.
fn compare(value: &Value, kind: Type, path: &str, seen: &mut BTreeSet<&'static str>) {
    match (kind, value) {
        (_, Value::Null) | (Type::Any, _) => {}
        (Type::Scalar, Value::String(_) | Value::Number(_) | Value::Bool(_)) => {}
        (Type::Scalars, Value::Array(items)) => {
            for item in items {
                compare(item, Type::Scalar, path, seen);
            }
        }
        (Type::List(object), Value::Array(items)) => {
            for item in items {
                compare(item, Type::Object(object), &format!("{path}[]"), seen);
            }
        }
        (Type::Object(object), Value::Object(map)) => {
            seen.insert(object);
            let is: BTreeSet<&str> = map.keys().map(String::as_str).collect();
            let should_be: BTreeSet<&str> = fields::names(object).into_iter().collect();
            assert_eq!(is, should_be, "the fields of {path} ({object})");
            for (name, value) in map {
                let kind = fields::field(object, name).unwrap();
                compare(value, kind, &format!("{path}.{name}"), seen);
            }
        }
        (kind, value) => panic!("{path} is {value}, and the list says {kind:?}"),
    }
}

#[test]
fn the_list_of_fields_is_that_of_the_values() {
    let site = dumped();
    site.build().good();
    let output = site.output();
    let (mut seen, mut pages) = (BTreeSet::new(), 0);
    for path in support::files(&site.path("public")) {
        let path = path.strip_prefix(site.path("public")).unwrap();
        let path = path.display().to_string();
        if !path.ends_with("index.html") {
            continue;
        }
        let Ok(Value::Object(page)) = serde_json::from_str(output.text(&path)) else {
            continue;
        };
        pages += 1;
        for (name, value) in page.iter().filter(|(name, _)| *name != "end") {
            let kind = fields::variable(name).unwrap();
            compare(value, kind, name, &mut seen);
        }
    }
    assert!(pages > 15, "{pages} pages");
    let all = fields::OBJECTS.iter().map(|(name, _)| *name);
    let missing: Vec<&str> = all.filter(|name| !seen.contains(name)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "objects that did not occur");
}

#[test]
fn the_documentation_names_every_field_and_variable() {
    let page = std::fs::read_to_string(repository().join("docs/templates.md")).unwrap();
    let words: BTreeSet<&str> = page
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    let fields = fields::OBJECTS
        .iter()
        .flat_map(|(_, fields)| fields.iter().map(|(name, _)| *name));
    let variables = fields::SHARED.iter().chain(fields::VARIABLES);
    for name in fields.chain(variables.map(|(name, _)| *name)) {
        assert!(
            words.contains(name),
            "docs/templates.md does not name {name}"
        );
    }
}

#[test]
fn templates_and_static_files_may_lie_elsewhere() {
    let site = Site::new()
        .file(
            "site.toml",
            "base_url = \"https://news.example/\"\nsearch.enabled = false\n\
             [theme]\ntemplates = \"looks/html\"\n\
             [static]\n\"/\" = \"root\"\n\"/img/\" = \"pictures\"\n",
        )
        .file("looks/html/404.html", "Nothing is here.")
        .file("templates/404.html", "Of another tool: {{ nonsense }}")
        .file("static/not-copied.txt", "x")
        .file("root/a.txt", "a")
        .file("pictures/deep/b.png", "b");
    site.build().good();
    let output = site.output();
    assert_eq!(output.text("404.html"), "Nothing is here.");
    assert!(output.contains("a.txt") && output.contains("img/deep/b.png"));
    assert!(!output.contains("not-copied.txt"));
    site.write("looks/html/404.html", "{{ nonsense }}");
    site.build().exits(1).warns("looks/html/404.html:1:4");
}

#[test]
fn paths_of_static_folders_are_checked() {
    let site = Site::new().file(
        "site.toml",
        "[static]\n\"../x\" = \"a\"\n\"/a//b\" = \"c\"\n",
    );
    site.build()
        .exits(1)
        .warns("`../x` is not a path of the site")
        .warns("`/a//b` is not a path of the site");
}

/// A site with a few articles, and its settings after those of [`Site::new`].
fn site_with(settings: &str) -> Site {
    let site = Site::new().with_articles(3);
    let before = site.read("site.toml");
    site.file("site.toml", format!("{before}{settings}"))
}

#[test]
fn hooks_are_on_every_page_and_change_nothing_where_they_are_empty() {
    let plain = site_with("");
    plain.build().good();
    let before = plain.output();
    let hooks = ["head", "masthead", "footer", "after-article"];
    for name in hooks {
        let text = format!("<b id=\"{name}\">{{{{ page.kind }}}}</b>");
        plain.write(&format!("templates/hooks/{name}.html"), text);
    }
    plain.build().good();
    let after = plain.output();
    for path in after
        .paths()
        .into_iter()
        .filter(|path| path.ends_with(".html"))
    {
        let page = after.text(path);
        let is_email = path.ends_with("email.html") || path == "digest/latest.html";
        if is_email || page.contains("http-equiv=\"refresh\"") {
            continue;
        }
        for name in hooks {
            let is_there = page.contains(&format!("<b id=\"{name}\">"));
            let is_wanted = name != "after-article" || path.starts_with("news/");
            assert_eq!(is_there, is_wanted, "{name} in {path}");
        }
    }
    for name in hooks {
        plain.remove(&format!("templates/hooks/{name}.html"));
    }
    plain.build().good();
    assert_eq!(plain.output(), before);
}

#[test]
fn what_a_hook_needs_and_the_policy_forbids_is_reported() {
    let hook = "<script async src=\"https://c.example/count.js\"></script>\n<style>p{}</style>\n";
    let site = site_with("").file("templates/hooks/head.html", hook);
    let run = site.check().good();
    for part in [
        "the content security policy forbids https://c.example in `script-src`",
        "templates/hooks/head.html:1:1",
        "add `script-src = \"https://c.example\"` to `[host.csp]`",
        "the content security policy forbids inline styles",
        "templates/hooks/head.html:2:1",
    ] {
        assert!(run.stderr.contains(part), "{part}: {run}");
    }
    let settings = "[host.csp]\nscript-src = \"https://c.example\"\n";
    let site = site_with(settings).file("templates/hooks/head.html", hook);
    let run = site.check().good();
    assert!(!run.stderr.contains("c.example"), "{run}");
    site.build().good();
    let output = site.output();
    let headers = output.text("_headers");
    assert!(
        headers.contains("script-src 'self' https://c.example;"),
        "{headers}"
    );
    for (wrong, message) in [
        ("scripts-src = \"a.example\"", "did you mean `script-src`?"),
        ("script-src = \"a.example; x\"", "`a.example;` is no source"),
    ] {
        let run = site_with(&format!("[host.csp]\n{wrong}\n"))
            .build()
            .exits(1);
        assert!(run.stderr.contains(message), "{run}");
    }
}

#[test]
fn a_copy_of_a_template_makes_the_same_pages() {
    let site = site_with("");
    site.build().good();
    let before = site.output();
    let listed = site
        .newsgen(["theme", "list", "--format", "json"])
        .run()
        .good();
    let files: Vec<Value> = serde_json::from_str(&listed.stdout).unwrap();
    let names: Vec<&str> = files
        .iter()
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    assert!(files.iter().all(|file| file["status"] == "built in"));
    let templates = names
        .iter()
        .copied()
        .filter(|name| name.starts_with("templates/"));
    let copied = site
        .newsgen(["theme", "copy"].into_iter().chain(templates))
        .run()
        .good();
    assert!(
        copied.stdout.contains("templates/hooks/head.html"),
        "{copied}"
    );
    site.build().good();
    assert_eq!(site.output(), before);
    let again = site.newsgen(["theme", "copy", "home.html"]).run().exits(1);
    assert!(
        again
            .stderr
            .contains("templates/home.html is there already"),
        "{again}"
    );
    let wrong = site.newsgen(["theme", "copy", "hom.html"]).run().exits(1);
    assert!(
        wrong.stderr.contains("did you mean `home.html`?"),
        "{wrong}"
    );
}

#[test]
fn what_changed_in_a_built_in_file_since_it_was_copied_is_shown_until_the_copy_is_marked() {
    let site = site_with("");
    site.newsgen(["theme", "copy", "page.html", "style.css"])
        .run()
        .good();
    let run = site.newsgen(["theme", "diff"]).run().good();
    assert!(run.stdout.is_empty(), "{run}");

    // The copy of an older version: its original had another line, and the site added one.
    let kept = "templates/.built-in/templates/page.html";
    let older = site.read(kept).replace("class=\"prose\"", "class=\"text\"");
    let hash = newsgen::hash::Hash128::of(older.as_bytes()).short(12);
    site.write(kept, &older);
    let mark = format!("{{#- newsgen 0.0.9 templates/page.html {hash} -#}}\n");
    site.write(
        "templates/page.html",
        format!("{mark}{older}<!-- mine -->\n"),
    );
    let listed = site.newsgen(["theme", "list"]).run().good();
    assert!(
        listed
            .stdout
            .contains("templates/page.html: a copy of 0.0.9; the built-in file has changed since"),
        "{listed}"
    );
    let diff = site.newsgen(["theme", "diff"]).run().good().stdout;
    assert!(
        diff.starts_with("--- templates/page.html 0.0.9\n+++ templates/page.html\n@@ -"),
        "{diff}"
    );
    assert!(
        diff.contains("class=\"text\"") && diff.contains("class=\"prose\""),
        "{diff}"
    );
    assert!(!diff.contains("mine"), "{diff}");
    let own = site.newsgen(["theme", "diff", "--own"]).run().good().stdout;
    assert!(
        own.contains("+<!-- mine -->") && !own.contains("prose"),
        "{own}"
    );

    site.newsgen(["theme", "mark", "page.html"]).run().good();
    assert!(
        site.read("templates/page.html")
            .ends_with("<!-- mine -->\n")
    );
    assert_eq!(site.newsgen(["theme", "diff"]).run().good().stdout, "");
    let listed = site.newsgen(["theme", "list"]).run().good();
    assert!(
        listed
            .stdout
            .contains("templates/page.html: a copy of 0.1.0, edited"),
        "{listed}"
    );

    // Without the original, the copy itself is compared.
    site.remove(kept);
    site.write("templates/page.html", format!("{mark}{older}"));
    let run = site.newsgen(["theme", "diff"]).run().good();
    assert!(
        run.stderr
            .contains("is not what templates/page.html was copied from"),
        "{run}"
    );
    assert!(run.stdout.contains("class=\"prose\""), "{run}");
}
