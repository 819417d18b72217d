//! `site.toml`.

use newsgen::config::keys::KEYS;
use newsgen::config::{Config, Overrides};
use newsgen::hash::Hash128;
use newsgen::workspace::Memory;

use crate::content::render_all;
use crate::runner::Target;

const ARTICLE: &str = "---\ntitle: T\npublishedDateTime: 2026-02-01\noriginalUrl: \
                       https://a.example/b\ntopics: [A]\naliases: /old/\n---\nA text.\n";

#[test]
fn settings() {
    let mut words: Vec<String> = KEYS
        .iter()
        .map(|key| format!("\n{} = ", key.name))
        .collect();
    words.extend(KEYS.iter().map(|key| key.default.to_owned()));
    words.extend(
        [
            "[[curation.override]]\n",
            "[[theme.links]]\n",
            "[digest]\n",
            "\"\"\"",
            "'''",
            "=",
            "[",
            "]",
            "{",
            "}",
            "true",
            "inf",
            "nan",
            "1979-05-27T07:32:00Z",
            "\\u0000",
            "\"/\"",
            "\"../x\"",
            "\"/:slug/\"",
            "\":year\"",
            "\"https://a.example/b/\"",
            "\"#ffffff\"",
            "\"10000000000 days\"",
            "\"(((\"",
            "\"x{1000}{1000}\"",
            "\"zz-ZZ\"",
            "\"\\\\\"",
        ]
        .map(str::to_owned),
    );
    let check = |input: &[u8]| {
        let Ok(text) = std::str::from_utf8(input) else {
            return;
        };
        match Config::resolve("site.toml", text, &Overrides::default()) {
            Err(problems) => assert!(!problems.is_empty()),
            Ok(config) if Hash128::of(input).number().is_multiple_of(16) => {
                let source = Memory::default()
                    .with("content/news/a.md", ARTICLE)
                    .with("content/topics/a.yaml", "name: A\n");
                render_all(&source, config);
            }
            Ok(_) => {}
        }
    };
    Target {
        name: "settings",
        words,
        seeds: Vec::new(),
        check: &check,
    }
    .run();
}
