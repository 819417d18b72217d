//! Front matter and bodies.

use std::cell::Cell;
use std::collections::BTreeSet;

use newsgen::config::{Config, Overrides};
use newsgen::content::cache::Cache;
use newsgen::content::front_matter::{ArticleFields, PageFields, ProviderFileFields, TopicFields};
use newsgen::content::{self, Parser};
use newsgen::curate::Drafts;
use newsgen::document::{Document, FieldPath};
use newsgen::hash::Hash128;
use newsgen::pipeline::{self, BuildContext, CacheAt, Failure, Timings};
use newsgen::time::Time;
use newsgen::workspace::{Memory, Workspace};
use scraper::{Html, Node};

use crate::runner::Target;
use crate::support::in_process::NOW;

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Settings without the search index, which is made by another program's library.
pub(crate) fn config() -> Config {
    let settings = "title = \"Fuzz\"\nbase_url = \"https://a.example/\"\nsearch.enabled = false\n\
                    [permalinks]\narticle = \"/:category/:type/:provider/:slug/\"\n";
    Config::resolve("site.toml", settings, &Overrides::default()).unwrap()
}

/// Loads, curates, plans and renders a whole site: what is wrong with it is reported.
pub(crate) fn render_all(source: &dyn Workspace, config: Config) {
    let now = Time::from_seconds(NOW).unwrap();
    let context = BuildContext {
        now,
        drafts: Drafts::In,
    };
    let timings = &mut Timings::default();
    let site = match pipeline::prepare(source, config, context, CacheAt::Nowhere, timings) {
        Ok(site) => site,
        Err(Failure::Site(problems)) => return assert!(!problems.is_empty()),
        Err(Failure::Machine(reason)) => panic!("{reason}"),
    };
    for page in &site.plan.pages {
        match site.render(source, page) {
            Ok(_) | Err(newsgen::render::RenderError::Template(_)) => {}
            Err(error) => panic!("{}: {error:?}", page.url),
        }
    }
}

/// Whether this is one of the inputs for which a whole site is made, which takes long.
fn is_chosen(input: &[u8]) -> bool {
    Hash128::of(input).number().is_multiple_of(64)
}

fn sources(input: &[u8]) -> Memory {
    Memory::default()
        .with("content/news/2026-02-01-a.md", input)
        .with("content/news/2026-02-01-b.mdx", input)
        .with("content/topics/t.md", input)
        .with("content/topics/u.yaml", input)
        .with("content/providers/p.md", input)
        .with("content/pages/p.md", input)
}

/// Edits front matter of whatever form: it is changed as asked, or not at all.
fn edited(input: &[u8]) {
    let Ok(mut document) = Document::parse(input) else {
        return;
    };
    for (field, value) in [
        ("title", "New"),
        ("provider.name", "It's"),
        ("topics.0", "a\nb"),
    ] {
        let field: FieldPath = field.parse().unwrap();
        let before = document.bytes().to_owned();
        match document.set(&field, value.into()) {
            Ok(_) => assert_eq!(document.get(&field), Some(value.into())),
            Err(_) => assert_eq!(document.bytes(), before),
        }
    }
}

#[test]
fn front_matter() {
    let fields = [
        ArticleFields::FIELDS,
        TopicFields::FIELDS,
        ProviderFileFields::FIELDS,
        PageFields::FIELDS,
    ];
    let mut words: Vec<String> = fields
        .concat()
        .iter()
        .map(|name| format!("\n{name}: "))
        .collect();
    words.extend(strings(&[
        "---\n",
        "\n...\n",
        "&a ",
        "*a",
        "<<: ",
        "!!binary ",
        "!tag ",
        "|\n  ",
        ">-\n  ",
        "[",
        "{",
        "]",
        "}",
        "\"",
        "'",
        "\\u0000",
        "\\x",
        "? ",
        ": ",
        "- ",
        "# ",
        "~",
        "null",
        "true",
        "0o17",
        "1_000",
        "2026-13-40",
        "2026-02-01T25:61:61Z",
        "PT4M3S",
        "P1Y",
        "https://",
        "//host",
        "/../",
        "%2e%2e/",
        "&#x0;",
        "&amp;",
        "javascript:",
        "%YAML 1.2\n",
        "secured: \"",
        "+++\n",
        ";;;\n",
        "\n---toml\n",
        "\n[a]\n",
        "[[a]]\n",
        "a.b.c = ",
        " = ",
        "\'\'\'",
        "\"\"\"",
        "{\"",
        "\": ",
        "1e999",
        "inf",
        "07:32:00",
        "import a from 'b'\n\n",
        "<A b={",
        "# ",
    ]));
    let config = config();
    let parser = Parser::new(&config);
    let check = |input: &[u8]| {
        let source = sources(input);
        let loaded = content::load(&source, &config, &parser, Cache::none());
        assert!(
            loaded
                .problems
                .iter()
                .all(|problem| !problem.message.is_empty())
        );
        drop(content::lint(
            &source,
            &config,
            &parser,
            &loaded.library,
            |_| Vec::new(),
        ));
        edited(input);
        if is_chosen(input) {
            render_all(&source, config.clone());
        }
    };
    Target {
        name: "front-matter",
        words,
        seeds: Vec::new(),
        check: &check,
    }
    .run();
}

#[test]
fn body() {
    let words = strings(&[
        "<",
        "</",
        ">",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<script>",
        "</script>",
        "<style>",
        "<svg>",
        "<math>",
        "<mtext>",
        "<mglyph>",
        "<table>",
        "<td>",
        "<template>",
        "<noscript>",
        "<iframe src=\"https://www.youtube.com/embed/x\">",
        "</iframe>",
        "<a href=\"",
        "<img src=",
        " onerror=x",
        " style=x",
        "<b>",
        "<i>",
        "<p>",
        "<div>",
        "</div>",
        "<plaintext>",
        "<xmp>",
        "<select>",
        "<option>",
        "<form>",
        "<details open ontoggle=x>",
        "&lt;",
        "&#x3c;",
        "&#0;",
        "&notin;",
        "&amp;lt;",
        "javascript:",
        "data:",
        "//host/",
        "/.//host/",
        "https://a.example/",
        "# ",
        "> ",
        "- ",
        "1. ",
        "```",
        "~~~",
        "    ",
        "[x]: ",
        "[x]",
        "![x](",
        "](",
        "*",
        "**",
        "_",
        "~~",
        "|",
        "|---|",
        "\\",
        "<https://a.example>",
        "[^1]",
        "[^1]: ",
        "  \n",
        "\n\n",
    ]);
    let config = config();
    let parser = Parser::new(&config);
    let (tried, read) = (Cell::new(0), Cell::new(0));
    let check = |input: &[u8]| {
        let Ok(text) = std::str::from_utf8(input) else {
            return;
        };
        tried.set(tried.get() + 1);
        let quoted = serde_json::Value::from(text).to_string();
        let file = format!(
            "---\ntitle: T\npublishedDateTime: 2026-02-01\noriginalUrl: https://a.example/b\n\
             featuredContent: {quoted}\n---\n{text}"
        );
        if let Ok(parsed) = parser.article("a.md", file.as_bytes()) {
            read.set(read.get() + 1);
            let detail = parsed.article.detail;
            [detail.body, detail.embed]
                .iter()
                .flatten()
                .for_each(|html| harmless(html));
        }
        if is_chosen(input) {
            render_all(&sources(file.as_bytes()), config.clone());
        }
    };
    Target {
        name: "body",
        words,
        seeds: Vec::new(),
        check: &check,
    }
    .run();
    // Only text that no file may hold is refused.
    let (tried, read) = (tried.get(), read.get());
    assert!(read * 2 > tried, "{read} of {tried} bodies were read");
}

/// Nothing in sanitised HTML can run, and reading it makes of it what was written.
fn harmless(html: &str) {
    let page = Html::parse_fragment(html);
    let mut ids = BTreeSet::new();
    for node in page.tree.nodes() {
        match node.value() {
            Node::Element(element) => {
                let name = element.name();
                let bad = [
                    "script",
                    "style",
                    "svg",
                    "math",
                    "form",
                    "input",
                    "button",
                    "object",
                    "embed",
                    "base",
                    "meta",
                    "link",
                    "template",
                    "noscript",
                    "video",
                    "audio",
                    "textarea",
                    "select",
                    "plaintext",
                    "xmp",
                ];
                assert!(!bad.contains(&name), "<{name}> in {html}");
                for (attribute, value) in element.attrs() {
                    let is_bad = attribute.starts_with("on")
                        || ["style", "srcdoc", "formaction"].contains(&attribute);
                    assert!(!is_bad, "{attribute} in {html}");
                    if attribute == "class" {
                        let known = ["left", "center", "right", "footnotes", ""];
                        assert!(known.contains(&value), "{value} in {html}");
                    }
                    if attribute == "id" {
                        let is_plain = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
                        assert!(value.chars().all(is_plain), "{value} in {html}");
                        assert!(ids.insert(value.to_owned()), "{value} twice in {html}");
                    }
                    if ["href", "src", "cite"].contains(&attribute) {
                        let good = ["https://", "http://", "/", "#", "mailto:", "tel:"];
                        let first = value.split(['/', '?', '#']).next().unwrap_or_default();
                        // The plan knows where an address leads that is relative to its file.
                        let is_relative = !first.is_empty() && !first.contains(':');
                        let starts_well =
                            is_relative || good.iter().any(|start| value.starts_with(start));
                        let leaves = value.starts_with("//");
                        assert!(starts_well && !leaves, "{attribute}={value} in {html}");
                    }
                }
            }
            Node::Comment(_) | Node::ProcessingInstruction(_) => panic!("a comment in {html}"),
            _ => {}
        }
    }
}
