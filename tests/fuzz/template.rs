//! Templates of a theme.

use newsgen::workspace::Memory;

use crate::content::{config, render_all};
use crate::runner::Target;

const ARTICLE: &str = "---\ntitle: T\npublishedDateTime: 2026-02-01\noriginalUrl: \
                       https://a.example/b\ntopics: [A]\n---\nA text.\n";

#[test]
fn template() {
    let words = [
        "{{ ",
        " }}",
        "{% ",
        " %}",
        "{# ",
        " #}",
        "{%- ",
        " -%}",
        "{% if ",
        "{% endif %}",
        "{% for x in ",
        "{% endfor %}",
        "{% block content %}",
        "{% endblock %}",
        "{% else %}",
        "{% extends \"base.html\" %}",
        "{% include \"components.html\" %}",
        "{% set x = ",
        "{% raw %}",
        "{% endraw %}",
        "{{ super() }}",
        "{% component card(item, size=1) %}",
        "{% endcomponent card %}",
        "{{ <card item={",
        "} size=\"1\" /> }}",
        "{{ <story item={article} strings={strings} /> }}",
        "article",
        "site",
        "page",
        "strings",
        ".title",
        ".body",
        ".topics",
        "[0]",
        "[\"a\"]",
        " | json",
        " | date(format=\"%Y\")",
        " | date(format=\"%\")",
        " | fill(x=1)",
        " | shorten(length=0)",
        " | wrap(width=0)",
        " | slugify",
        " | safe",
        " | length",
        " | first",
        " | slice(start=1)",
        " | absolute",
        " and ",
        " or ",
        " not ",
        " in ",
        " ~ ",
        " == ",
        " is defined",
        "loop.index",
        "asset(path=",
        "url(path=",
        "\"\\\"",
        "-1",
        "1.5",
        "none",
        "true",
        "(",
        ")",
        "[",
        "]",
    ]
    .map(str::to_owned)
    .to_vec();
    let check = |input: &[u8]| {
        let source = Memory::default()
            .with("content/news/a.md", ARTICLE)
            .with("content/topics/a.yaml", "name: A\n")
            .with("templates/article.html", input);
        render_all(&source, config());
    };
    Target {
        name: "template",
        words,
        seeds: Vec::new(),
        check: &check,
    }
    .run();
}
