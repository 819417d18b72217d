//! What leaves for other programs does nothing there: logs of a CI, mailing services, readers of
//! JSON and feeds, browsers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use serde_json::Value;
use support::{NOW, Run, Site, article};

/// What a CI would take for a command, or a terminal for a change of what it shows.
#[track_caller]
fn assert_plain(run: &Run) {
    for line in run.stdout.lines().chain(run.stderr.lines()) {
        let command = line.trim_start();
        // `check --format github` prints commands of its own.
        let is_ours = command.starts_with("::error file=content")
            || command.starts_with("::warning file=content");
        assert!(is_ours || !command.starts_with("::"), "{line:?} in {run}");
        let lower = line.to_lowercase();
        for mark in ["##[", "##vso[", "##teamcity["] {
            assert!(!lower.contains(mark), "{line:?} in {run}");
        }
        assert!(!line.contains(moves), "{line:?} in {run}");
    }
}

/// Whether a character moves what is shown around it.
fn moves(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

#[test]
fn no_message_is_a_command_to_a_ci() {
    for evil in [
        "\\n::error::x",
        "::error::x",
        "\\r\\n  ::set-output name=a::b",
        "\\n\\u00a0::add-mask::x",
        "\\n##vso[task.setvariable variable=a]b",
        "##[group]x",
        "a\\n##teamcity[message text='x']",
        "\\u2028::error::x",
        "\\u001b[31m\\u202e",
    ] {
        let fields = [
            format!("title: x\n\"k{evil}\": 1\n\"k{evil}\": 2"),
            format!("title: x\nquality: \"{evil}\""),
            format!("title: x\npublished: \"{evil}\""),
            format!("title: x\naliases: [\"{evil}\", \"/a{evil}/\"]"),
            format!("title: x\nupdatedDateTime: \"{evil}\""),
            format!("title: x\n\"titl{evil}\": a"),
            format!("title: \"{evil}\""),
            format!(
                "title: x\nimages: [{{ url: \"{evil}\" }}]\nrelated: [{{ title: \"{evil}\" }}]"
            ),
        ];
        let mut site = Site::new().article("good", "title: A good one");
        for (number, fields) in fields.iter().enumerate() {
            site = site.file(
                &format!("content/news/{number}.md"),
                article(&number.to_string(), fields),
            );
        }
        for arguments in [
            &["build", "--keep-going"][..],
            &["check"],
            &["check", "--format", "json"],
            &["check", "--format", "github"],
            &["list"],
            &["list", "--format", "json"],
            &["explain", "content/news/6.md"],
        ] {
            assert_plain(
                &site
                    .newsgen(arguments.iter().copied().chain(["--now", NOW]))
                    .run(),
            );
        }
    }
}

#[test]
fn names_of_files_are_no_commands() {
    let name = "content/news/::error::x.md";
    let site = Site::new()
        .article("good", "title: A good one")
        .file(name, "no fields");
    for arguments in [&["build"][..], &["check"], &["check", "--format", "github"]] {
        let run = site
            .newsgen(arguments.iter().copied().chain(["--now", NOW]))
            .run();
        assert_plain(&run);
        assert_eq!(run.code, Some(1), "{run}");
    }
}

#[test]
fn what_templates_print_is_no_command() {
    let site = Site::new()
        .article("x", "title: \"x\\n::error::y ##[group]z\"")
        .file(
            "templates/article.html",
            "{{ throw(message=\"a\n::error::b ##vso[c]\") }}",
        );
    let run = site.build().exits(1).warns(":error::b").warns("#vso[c]");
    assert_plain(&run);
}

#[test]
fn no_message_shows_a_line_of_secured() {
    let (mut shown, mut cases) = (0, 0);
    for secured in [
        "secured: \"SECRET",
        "secured: 'SECRET\n  SECRET",
        "Secured: \"SECRET\n  SECRET\": SECRET",
        "\"SECURED\": {SECRET",
        "secured: [SECRET\nx: SECRET",
        "secured: SECRET: SECRET",
        "secured: @SECRET",
        "secured: \"\\zSECRET\"",
        "secured: |\n  SECRET\n SECRET",
        "secured:\n\t- SECRET",
        "secured: *SECRET",
        "provider: { name: x, secured: \"SECRET\", domain: [",
        "related:\n  - title: a\n    secured: \"SECRET\n    b: SECRET",
        "images: [{ url: /a.png, sEcUrEd: SECRET ]",
        "\"\\x73ecured\": \"SECRET",
        "? secured\n: \"SECRET",
        "quality: high # secured: SECRET",
    ] {
        for end in ["", "\nheat: 1", "\nheat: high"] {
            let fields = format!("title: x\n{secured}{end}");
            let site = Site::new()
                .article("good", "title: A good one")
                .file("content/news/b.md", article("b", &fields))
                .file(
                    "content/topics/t.yaml",
                    format!("name: T\n{secured}{end}\n"),
                )
                .file(
                    "content/pages/p.md",
                    format!("---\ntitle: P\n{secured}{end}\n---\nx\n"),
                );
            for arguments in [
                &["build", "--keep-going"][..],
                &["check"],
                &["check", "--format", "json"],
                &["check", "--format", "github"],
            ] {
                let run = site
                    .newsgen(arguments.iter().copied().chain(["--now", NOW]))
                    .run();
                let said = [&*run.stdout, &*run.stderr].concat();
                assert!(!said.contains("SECRET"), "{fields}: {run}");
            }
        }
        // Under another name, messages do show such lines.
        let other = secured.replace("secured", "customs");
        let site = Site::new().article("good", "title: A good one").file(
            "content/news/b.md",
            article("b", &format!("title: x\n{other}\nheat: high")),
        );
        let run = site.check();
        cases += 1;
        shown += usize::from([&*run.stdout, &*run.stderr].concat().contains("SECRET"));
    }
    assert!(2 * shown > cases, "{shown} of {cases}");
}

#[test]
fn no_string_of_any_output_moves_what_is_around_it() {
    let evil = "a\\u0007\\u009b\\u202eb\\u2066\\u206ac\\u2028\\u0085d\\ufffe";
    let text = |name: &str| format!("{name}: \"{evil}\"\n");
    let fields: String = [
        "title",
        "excerpt",
        "category",
        "type",
        "highlight",
        "locale",
        "length",
        "slug",
        "custom",
        "featuredContent",
    ]
    .map(text)
    .concat();
    let nested = format!(
        "\"key {evil}\": \"{evil}\"\n\
         other: {{ \"k{evil}\": [\"{evil}\", {{ \"l{evil}\": {{ \"m{evil}\": \"{evil}\" }} }}] }}\n\
         \"body\\u0007\": \"<script>{evil}\"\n\"url\\u0007\": x\n\
         \"images\\u202e\": [{{ url: \"javascript:x\" }}]\n\
         \"sec\\u0007ured\": SECRET\nmore: {{ \"secured\\u202e\": SECRET, \" Secured\": SECRET }}\n\
         topics: [\"{evil}\"]\ntags: [\"{evil}\"]\n\
         provider: {{ name: \"{evil}\", domain: \"p.example\" }}\n\
         images: [{{ url: \"https://a.example/{evil}.png\", title: \"{evil}\" }}]\n\
         related: [{{ title: \"{evil}\", webUrl: \"https://b.example/{evil}\" }}]\n"
    );
    let site = Site::new().file(
        "content/news/x.md",
        article("x", &format!("{fields}{nested}"))
            + "A\u{7}b\u{202e} &#x202e;&#7;&#x2066; [a](/b\u{202e})\n",
    );
    site.write_article("y", "title: Y\nbody: <script>a\nurl: \"javascript:a\"");
    site.build().good();
    let tree = site.output().without_theme();
    for (path, bytes) in &tree.0 {
        let Ok(text) = std::str::from_utf8(bytes) else {
            continue;
        };
        let found = text
            .chars()
            .find(|c| moves(*c) && !matches!(c, '\t' | '\r' | '\u{2028}' | '\u{2029}'));
        assert_eq!(found, None, "{path}");
        assert!(
            !text.contains("SECRET") && !text.contains("<script>a"),
            "{path}"
        );
        if path.ends_with(".json") {
            let value: Value = serde_json::from_str(text).unwrap();
            assert!(!has_controls(&value), "{path}: {value}");
        }
    }
    let api: Value = serde_json::from_str(tree.text("api/news/index.json")).unwrap();
    let mut stories = api["value"].as_array().unwrap().iter();
    let story = stories.find(|story| story["title"] == "a›bc d").unwrap();
    assert!(
        story["length"].is_string() && story["more"] == serde_json::json!({}),
        "{story}"
    );
    assert!(!api.to_string().contains("script") && !api.to_string().contains("javascript"));
}

/// Whether a string or a name in a value has a control character, written as an escape or not.
fn has_controls(value: &Value) -> bool {
    let odd = |text: &str| {
        text.contains(|c: char| moves(c) && !matches!(c, '\t' | '\u{2028}' | '\u{2029}'))
    };
    match value {
        Value::String(text) => odd(text),
        Value::Array(items) => items.iter().any(has_controls),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| odd(name) || has_controls(value)),
        _ => false,
    }
}

#[test]
fn no_path_becomes_a_host() {
    let paths = [
        "/.//evil.example/x",
        "/..//evil.example/x",
        "/a/..//evil.example/x",
        "/%2e//evil.example/x",
        "/%2E%2e//evil.example/x",
        "/.\\\\evil.example/x",
        "/.&#9;/&#10;/evil.example/x",
        "/&#9;/evil.example/x",
        "/\\evil.example/x",
    ];
    let body: String = paths
        .iter()
        .map(|path| {
            format!(
                "<a href=\"{path}\">a</a> <img src=\"{path}\" alt=\"\"> \
                 <q cite=\"{path}\">q</q>\n\n"
            )
        })
        .collect();
    for base in ["https://news.example/", "https://news.example/ai/"] {
        let site = Site::new()
            .file(
                "site.toml",
                format!("title = \"T\"\nbase_url = \"{base}\"\n"),
            )
            .file(
                "content/news/x.md",
                article(
                    "x",
                    "title: X\nimages: [{ url: \"/.//evil.example/x.png\" }]",
                ) + &body,
            )
            .file("content/pages/p.md", format!("---\ntitle: P\n---\n{body}"));
        site.build().good();
        for (path, bytes) in &site.output().without_theme().0 {
            let text = String::from_utf8_lossy(bytes);
            assert!(
                !text.contains("=\"//") && !text.contains("=\\\"//"),
                "{path}"
            );
            assert!(!text.contains("//evil.example"), "{path}");
        }
    }
}

#[test]
fn the_query_of_an_embed_is_its_own() {
    let query = "video/1?origin=http://site.example/";
    let embed =
        format!("featuredContent: <iframe src=\"http://player.vimeo.com/{query}\"></iframe>");
    let site = Site::new().article("x", &format!("title: X\n{embed}"));
    site.build().good();
    let page = site.output();
    let page = page.text("news/2026/11/20/x/index.html");
    assert!(
        page.contains(&format!("src=\"https://player.vimeo.com/{query}\"")),
        "{page}"
    );
}

#[test]
fn emails_have_no_merge_tags_but_the_owners() {
    let tags = [
        "*|UNSUB|*",
        "{{ a }}",
        "{{{b}}}",
        "{% c %}",
        "{# d #}",
        "[[e]]",
        "<%f%>",
        "${g}",
        "%%h%%",
        "%recipient.i%",
        "%ADDRESS%",
        "{!j}",
        "{$k}",
        "#{l}",
        "@{m}",
    ];
    let evil = tags.join(" ");
    let quoted = serde_json::to_string(&evil).unwrap();
    let fields = format!(
        "title: {quoted}\nexcerpt: {quoted}\ntopics: [{quoted}]\nlength: {quoted}\n\
         provider: {{ name: {quoted}, domain: p.example }}\n\
         images: [{{ url: \"https://a.example/*|a|*{{{{b}}}}[[c]]%%d%%.png\", title: {quoted} }}]"
    );
    let article = |number: u32, link: &str| {
        format!(
            "---\npublishedDateTime: 2026-11-1{number}T08:00:00Z\noriginalUrl: \
             \"https://a.example/{link}\"\n{fields}\n---\n"
        )
    };
    let site = Site::new()
        .file(
            "site.toml",
            "title = \"T\"\nbase_url = \"https://news.example/\"\n[digest]\nunsubscribe = \
             \"*|UNSUB|*\"\naddress = \"{{ address }} *|LIST:ADDRESS|*\"\n",
        )
        .file(
            "content/news/1.md",
            article(1, "*|a|*/{{b}}?c=[[d]]&e=%recipient.f%#${g}<%h%>"),
        )
        .file("content/news/2.md", article(2, "x"));
    let run = site
        .newsgen(["build", "--now", "2026-11-21T00:00:00Z"])
        .run()
        .good();
    let tree = site.output();
    let emails = [
        "digest/latest.html",
        "digest/latest.txt",
        "digest/latest.json",
    ];
    for path in emails {
        let text = tree.text(path);
        let own = text.matches("*|UNSUB|*").count() + text.matches("*|LIST:ADDRESS|*").count();
        let expected = if path.ends_with("json") { 0 } else { 2 };
        assert_eq!(own, expected, "{path}: {text} {run}");
        let text = text
            .replace("*|UNSUB|*", "")
            .replace("*|LIST:ADDRESS|*", "")
            .replace("{{ address }}", "");
        for mark in [
            "*|",
            "{{",
            "{%",
            "{!",
            "{$",
            "[[",
            "<%",
            "&lt;%",
            "${",
            "#{",
            "@{",
            "%%",
            "%recipient",
            "%ADDRESS",
        ] {
            // Rules of style are no tags, and JSON has braces of its own.
            assert!(!text.contains(mark), "{mark} in {path}: {text}");
        }
        assert!(text.replace('\u{2060}', "").contains("*|UNSUB|*"), "{path}");
    }
}
