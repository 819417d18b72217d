//! Trees that other tools were made for: `newsgen init` maps their names, and `newsgen build` keeps
//! their addresses, links and draft marks, with no file changed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::BTreeMap;

use support::{NOW, Run, Site, Tree};

/// The folder that the settings name for the output, or the usual one.
fn output_of(site: &Site) -> Tree {
    let settings: toml::Table = toml::from_str(&site.read("site.toml")).unwrap();
    let named = settings.get("output").and_then(|output| output.get("dir"));
    let folder = named.map_or("public", |dir| dir.as_str().unwrap());
    Tree::of(&site.path(folder))
}

/// Runs `init` and `build`, and holds that no file of the tree changed.
fn adopt(site: &Site) -> (Run, Tree) {
    let before = Tree::of(site.root());
    let init = site.newsgen(["init", "--now", NOW]).run().good();
    site.newsgen(["build", "--now", NOW]).run().good();
    let after = Tree::of(site.root());
    for (path, bytes) in &before.0 {
        assert_eq!(after.0.get(path), Some(bytes), "{path}");
    }
    (init, output_of(site))
}

fn settings(site: &Site) -> BTreeMap<String, toml::Value> {
    let settings: toml::Table = toml::from_str(&site.read("site.toml")).unwrap();
    let mut flat = BTreeMap::new();
    flatten("", &settings, &mut flat);
    flat
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, toml::Value>) {
    for (name, value) in table {
        let path = format!("{prefix}{name}");
        match value {
            toml::Value::Table(inner) => flatten(&format!("{path}."), inner, into),
            value => drop(into.insert(path, value.clone())),
        }
    }
}

/// The first name of a field.
fn first<'s>(settings: &'s BTreeMap<String, toml::Value>, field: &str) -> &'s str {
    let names = &settings[&format!("content.fields.{field}")];
    let first = names.as_array().map_or(Some(names), |names| names.first());
    first.and_then(toml::Value::as_str).unwrap()
}

fn texts(values: &[&str]) -> toml::Value {
    values
        .iter()
        .map(|text| toml::Value::from(*text))
        .collect::<Vec<_>>()
        .into()
}

fn jekyll_link_blog() -> Site {
    let mut site = Site::empty()
        .file(
            "_config.yml",
            "title: Links of a day\nurl: https://links.example\nlang: en-US\n\
             timezone: America/Chicago\npermalink: /:year/:month/:title/\n",
        )
        .file("README.md", "# How this is made\n")
        .file("assets/a.png", "no picture")
        .file(
            "_drafts/unfinished.md",
            "---\ntitle: Unfinished\n---\nText.\n",
        )
        .file("_includes/note.md", "A note.\n");
    for day in 1..=4 {
        site = site.file(
            &format!("_posts/2020/05/2020-05-0{day}-Story_{day}.md"),
            format!(
                "---\nlayout: link\ntitle: \"Story {day}\"\ndate: 2020-05-0{day} 08:30:00 -0500\n\
                 external-url: https://paper{day}.example/{day}\npath: /elsewhere/{day}.aspx\n\
                 description: What is in it.\ncategories: [AI, Chips]\ntags: one two\n---\n\
                   A remark.\n"
            ),
        );
    }
    site
}

#[test]
fn a_jekyll_link_blog() {
    let site = jekyll_link_blog();
    let (init, output) = adopt(&site);
    let init = init.says("found Jekyll settings (_config.yml): 4 articles in _posts");
    init.says("4 articles read, 4 kept, 0 dropped");
    let settings = settings(&site);
    assert_eq!(first(&settings, "originalUrl"), "external-url");
    assert_eq!(first(&settings, "publishedDateTime"), "date");
    assert_eq!(settings["time_zone"], "America/Chicago".into());
    assert!(!settings.contains_key("content.fields.permalink"));
    let page = output.text("2020/05/Story_3/index.html");
    assert!(page.contains("https://paper3.example/3") && page.contains("What is in it."));
    assert!(output.contains("topics/chips/index.html") && output.contains("assets/a.png"));
    let api: serde_json::Value = serde_json::from_str(output.text("api/news/index.json")).unwrap();
    assert_eq!(api["value"][0]["tags"], serde_json::json!(["one", "two"]));
    assert!(
        !output
            .paths()
            .iter()
            .any(|path| path.contains("unfinished"))
    );
}

#[test]
fn what_is_read_by_another_name_is_written_by_that_name() {
    let site = jekyll_link_blog();
    adopt(&site);
    let path = "_posts/2020/05/2020-05-02-Story_2.md";
    let before = site.read(path);
    let changes = [
        "excerpt=Another.",
        "topics+=Law",
        "published=false",
        "quality=70",
    ];
    let arguments = ["set", path].into_iter().chain(changes);
    site.newsgen(arguments).run().good();
    let wanted = before
        .replace("description: What is in it.", "description: Another.")
        .replace("[AI, Chips]", "[AI, Chips, Law]")
        .replace(
            "---\nA remark.",
            "published: false\nquality: 70\n---\nA remark.",
        );
    assert_eq!(site.read(path), wanted);
    let run = site
        .newsgen(["list", "--dropped", "--now", NOW])
        .run()
        .good();
    run.says("2020-05-02  _posts/2020/05/2020-05-02-Story_2.md  Story 2  [unpublished");
    site.newsgen(["set", path, "published=true", "title=A new title"])
        .run()
        .good();
    assert!(site.read(path).contains("published: true\n"));
    assert!(site.read(path).contains("title: \"A new title\"\n"));
}

#[test]
fn new_articles_have_the_names_of_the_tree() {
    let site = jekyll_link_blog();
    adopt(&site);
    let run = site.newsgen([
        "new",
        "A story",
        "--url",
        "https://new.example/1",
        "--excerpt",
        "In short.",
        "--topic",
        "AI",
        "--now",
        NOW,
    ]);
    run.run().good();
    let text = site.read("_posts/2026-11-21-a-story.md");
    for line in [
        "external-url: https://new.example/1",
        "date: 2026-11-21T12:00:00Z",
        "description: In short.",
        "categories:",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert!(
        !text.contains("originalUrl") && !text.contains("excerpt"),
        "{text}"
    );
    site.newsgen(["build", "--now", NOW]).run().good();
    assert!(output_of(&site).contains("2026/11/a-story/index.html"));
}

#[test]
fn a_jekyll_news_site() {
    let mut site = Site::empty().file(
        "_config.yml",
        "title: Project news\nurl: https://project.example\nbaseurl: /news\n\
         permalink: /:categories/:year/:month/:day/:title.html\n",
    );
    for day in 1..=3 {
        // Its own old address is no link to a story.
        site = site.file(
            &format!("_posts/2021-03-0{day}-release-{day}.md"),
            format!(
                "---\ntitle: Release {day}\ndate: 2021-03-0{day} 10:00:00 +0100\n\
                 link: https://project.example/old/{day}/\ncategories:\n- Releases\n\
                 redirect_from: /old/{day}/\n---\n# Heading\n\nText[^1] of {day}, \
                 see [the first](2021-03-01-release-1.md).\n\n[^1]: A note.\n"
            ),
        );
    }
    let site = site
        .file(
            "_posts/2021-03-04-hidden.md",
            "---\ntitle: Hidden\npublished: false\n---\nText.\n",
        )
        .file(
            "_posts/2021-03-05-no-date.md",
            "---\ntitle: No date\n---\nText.\n",
        );
    let (init, output) = adopt(&site);
    init.says("originalUrl        not read: it means something else here")
        .says("5 articles read, 4 kept, 1 dropped (1 unpublished)");
    assert_eq!(settings(&site)["content.fields.originalUrl"], texts(&[]));
    assert_eq!(
        settings(&site)["base_url"],
        "https://project.example/news".into()
    );
    let page = output.text("releases/2021/03/02/release-2.html");
    assert!(
        page.contains("href=\"/news/releases/2021/03/01/release-1.html\""),
        "{page}"
    );
    assert!(page.contains("A note.") && page.contains("href=\"#"));
    assert!(output.contains("2021/03/05/no-date.html") && output.contains("old/2/index.html"));
    assert!(!output.paths().iter().any(|path| path.contains("hidden")));
}

#[test]
fn an_astro_newsletter() {
    let mut site = Site::empty()
        .file(
            "astro.config.mjs",
            "export default { site: 'https://letter.example', };\n",
        )
        .file(
            "public/images/logo.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        )
        .file(
            "src/content/pages/about.md",
            "---\ntitle: About\n---\nText.\n",
        );
    for day in 1..=3 {
        site = site.file(
            &format!("src/content/issues/26-01-0{day}-issue.mdx"),
            format!(
                "---\ntitle: Issue {day}\npubDate: 2026-01-0{day}T05:44:39Z\ndescription: >-\n  \
                 In short.\ntags: [a, b]\nheroImage: /images/logo.svg\n---\n\
                 import Box from '../Box.astro'\n\n<Box>kept</Box>\n\nText of {day}.\n"
            ),
        );
    }
    let site = site.file(
        "src/content/issues/26-01-09-next.md",
        "---\ntitle: Next\npubDate: 2026-01-09\ndraft: true\n---\nText.\n",
    );
    let (init, output) = adopt(&site);
    init.says("4 articles read, 3 kept, 1 dropped (1 unpublished)");
    let settings = settings(&site);
    assert_eq!(settings["content.articles"], texts(&["src/content/issues"]));
    assert_eq!(settings["base_url"], "https://letter.example".into());
    assert_eq!(settings["output.dir"], "newsgen/public".into());
    assert_eq!(settings["static./"], "public".into());
    let page = output.text("issues/26-01-02-issue/index.html");
    assert!(page.contains("Text of 2.") && page.contains("kept") && !page.contains("import Box"));
    assert!(output.contains("images/logo.svg"));
    assert!(output.contains("topics/a/index.html"));
}

#[test]
fn a_weekly_with_header_lines() {
    let mut site = Site::empty().file(
        "pelicanconf.py",
        "SITENAME = u\"A weekly\"\nSITEURL = 'https://weekly.example' if True else ''\n\
         TIMEZONE = 'America/New_York'\nDEFAULT_LANG = u'en'\n\
         ARTICLE_URL = 'blog/{date:%Y}/{date:%m}/{date:%d}/{slug}/'\n",
    );
    for number in 1..=4 {
        site = site.file(
            &format!(
                "content/2020-12-0{number}-issue.{}",
                ["md", "markdown"][number % 2]
            ),
            format!(
                "Title: The weekly {number}\nNumber: {number}\nDate: 2020-12-{number}\n\
                 Category: Weekly\nTags: one, two\n\n# Updates\n\nText of {number}.\n"
            ),
        );
    }
    let site = site.file(
        "content/2020-12-09-issue.md",
        "Title: Later\nDate: 2020-12-09\nStatus: draft\n\nText.\n",
    );
    let (_, output) = adopt(&site);
    let page = output.text("blog/2020/12/03/the-weekly-3/index.html");
    assert!(page.contains("Text of 3.") && !page.contains("Category: Weekly"));
    assert!(output.contains("topics/two/index.html"));
    assert!(!output.paths().iter().any(|path| path.contains("later")));
}

#[test]
fn a_zola_blog() {
    let mut site = Site::empty()
        .file(
            "config.toml",
            "base_url = \"https://blog.example\"\ntitle = \"A blog\"\n",
        )
        .file(
            "content/_index.md",
            "+++\ntitle = \"Blog\"\nsort_by = \"date\"\n+++\n",
        )
        .file("static/x.css", "a{}")
        .file(
            "templates/base.html",
            "{{ config.title }} is no template of newsgen's {% nonsense %}",
        );
    for number in 1..=3 {
        site = site.file(
            &format!("content/v1.{number}-out.md"),
            format!(
                "+++\npath = \"2020/04/0{number}/v1.{number}-out\"\n\
                  title = \"Version 1.{number}\"\n\
                 aliases = [\"2020/04/0{number}/v1.{number}-out.html\"]\n\n[extra]\n\
                 link = \"https://site{number}.example/\"\n[taxonomies]\ntags = [\"Releases\"]\n\
                   +++\n\
                 Text of {number}.\n"
            ),
        );
    }
    let site = site
        .file(
            "content/bundle/index.md",
            "+++\ntitle = \"A bundle\"\npath = \"2020/05/01/a-bundle\"\n+++\n\
              ![A picture](cat.png)\n",
        )
        .file("content/bundle/cat.png", "no picture");
    let (init, output) = adopt(&site);
    init.says("4 articles read, 4 kept, 0 dropped");
    let settings = settings(&site);
    assert_eq!(first(&settings, "originalUrl"), "extra.link");
    assert_eq!(settings["theme.templates"], "newsgen/templates".into());
    let page = output.text("2020/04/02/v1.2-out/index.html");
    assert!(page.contains("https://site2.example/") && page.contains("Text of 2."));
    assert!(output.contains("2020/04/02/v1.2-out.html"));
    assert!(output.contains("topics/releases/index.html") && output.contains("x.css"));
    let bundle = output.text("2020/05/01/a-bundle/index.html");
    assert!(output.contains("2020/05/01/a-bundle/cat.png") && bundle.contains("cat.png"));
}

#[test]
fn a_hugo_site_with_expired_articles() {
    let site = Site::empty()
        .file(
            "hugo.toml",
            "baseURL = \"https://hugo.example/\"\nlanguageCode = \"de-DE\"\n",
        )
        .file("content/news/_index.md", "---\ntitle: News\n---\n")
        .file(
            "content/news/2020-05-01-a.md",
            "---\ntitle: A\ndate: 2020-05-01\nexpirydate: 2021-01-01\n---\nText.\n",
        )
        .file(
            "content/news/2020-05-02-b/index.md",
            "---\nTitle: B\nDate: 2020-05-02\nsummary: In short.\nurl: /somewhere/b/\n---\nText.\n",
        )
        .file(
            "content/news/deep/c.md",
            "{\n  \"title\": \"C\", \"date\": \"2020-05-03\", \"externalLink\": \
             \"https://c.example/\"\n}\nText.\n",
        )
        .file("content/about/team.md", "---\ntitle: Team\n---\nText.\n");
    let (init, output) = adopt(&site);
    init.says("3 articles read, 2 kept, 1 dropped (1 expired)");
    assert!(output.contains("somewhere/b/index.html"));
    assert!(output.contains("news/deep/c/index.html"));
    assert_eq!(settings(&site)["locale"], "de-DE".into());
}

#[test]
fn a_missing_field_is_named_with_the_one_that_may_be_meant() {
    let mut site = Site::new();
    for number in 1..=5 {
        site = site.file(
            &format!("content/news/{number}.md"),
            format!("---\ntitle: A {number}\ndate: 2026-01-0{number}\n---\nText.\n"),
        );
    }
    site.build()
        .exits(1)
        .warns("5 errors of one kind: the article has no `…`, but a `…`")
        .warns("write `publishedDateTime = \"date\"` under [content.fields] in site.toml");
}

#[test]
fn fields_that_are_not_mapped_are_warned_of() {
    let fields = "title: A\npublishedDateTime: 2026-01-01\nexternal_url: https://a.example/\n\
                  description: Text\nauthor: Somebody\ncategories: [AI]\n";
    let site = Site::new().file("content/news/a.md", format!("---\n{fields}---\nText.\n"));
    let mut run = site
        .newsgen(["check", "--verbose", "--now", NOW])
        .run()
        .good();
    for (name, field) in [
        ("external_url", "originalUrl"),
        ("description", "excerpt"),
        ("author", "provider.name"),
        ("categories", "topics"),
    ] {
        run = run.warns(&format!("`{name}` is not read; `{field}` is missing"));
    }
}

#[test]
fn drafts_are_out_without_a_map() {
    let site = Site::new().article(
        "a",
        "title: A\npublishedDateTime: 2026-01-01\ndraft: true\noriginalUrl: https://a.example/",
    );
    site.build()
        .good()
        .says("1 article read, 0 kept, 1 dropped (1 unpublished)");
}

#[test]
fn mistakes_in_the_map_are_reported_with_their_place() {
    let site = Site::new().file(
        "site.toml",
        "[content]\npreset = \"jekyl\"\n[content.fields]\nexerpt = \"a\"\ntitle = \"!b\"\n\
         topics = 3\nheat = \"secured.x\"\nprovider.name = [\"a\", \"b..c\"]\n",
    );
    site.build()
        .exits(1)
        .warns("did you mean \"jekyll\"?")
        .warns("articles have no field `exerpt`")
        .warns("did you mean `excerpt`?")
        .warns("`!b` cannot be read as `title`: only `published` can be the opposite of a field")
        .warns("`content.fields.topics` must be a name or a list of names")
        .warns("`secured.x` cannot be read as `heat`: `secured` is never read")
        .warns("`b..c` cannot be read as `provider.name`: a part of the name is empty");
}

#[test]
fn nested_names_of_several_kinds_are_read() {
    let site = Site::new()
        .file(
            "site.toml",
            "base_url = \"https://news.example/\"\nsearch.enabled = false\n[content.fields]\n\
             provider.name = \"source.title\"\nprovider.domain = \"source.site\"\n\
             originalUrl = [\"links.first\", \"links.second\"]\npublished = \"!flags.hidden\"\n",
        )
        .article(
            "a",
            "title: A\npublishedDateTime: 2026-01-01\nsource:\n  title: The Paper\n  \
             site: paper.example\n  more: 1\nlinks: {second: \"https://paper.example/2\"}\n\
             flags: {hidden: false}\noriginalUrl:",
        )
        .article(
            "b",
            "title: B\npublishedDateTime: 2026-01-01\nflags: {hidden: true}\n\
             links: {first: \"https://paper.example/1\"}\noriginalUrl:",
        );
    site.build().good();
    let run = site
        .newsgen(["list", "--format", "json", "--now", NOW])
        .run();
    let list: serde_json::Value = serde_json::from_str(&run.good().stdout).unwrap();
    assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
    let api = site.output().text("api/news/index.json").to_owned();
    let api: serde_json::Value = serde_json::from_str(&api).unwrap();
    let article = &api["value"][0];
    assert_eq!(article["provider"]["name"], "The Paper");
    assert_eq!(article["originalUrl"], "https://paper.example/2");
    assert_eq!(article["source"], serde_json::json!({"more": 1}));
    assert_eq!(article["links"], serde_json::Value::Null);
}

#[test]
fn a_folder_without_articles_becomes_a_new_site() {
    let site = Site::empty()
        .file("README.md", "# A project\n")
        .file("notes/a.md", "Text.\n");
    site.newsgen(["init", "--now", NOW])
        .run()
        .good()
        .says("wrote content/news/");
}

#[test]
fn a_front_matter_that_is_not_quite_one_is_no_text() {
    let settings = "base_url = \"https://a.example/\"\nsearch.enabled = false\n\
                    content.preset = \"jekyll\"\ncontent.articles = [\"_posts\"]\n";
    let fields = "title: T\ndraft: true\nsecured: S3CRET";
    for start in [
        format!("\n---\n{fields}\n---\n"),
        format!(" ---\n{fields}\n---\n"),
        format!("--- # a comment\n{fields}\n---\n"),
        format!("----\n{fields}\n----\n"),
        format!("\u{200b}---\n{fields}\n---\n"),
        format!("---\r{}\r---\r", fields.replace('\n', "\r")),
        "\n+++\ntitle = 'T'\nsecured = 'S3CRET'\n+++\n".to_owned(),
        "{title:\"x\", draft:true, secured:\"S3CRET\"}\n".to_owned(),
        format!("Params.x: 1\n{fields}\n\n"),
    ] {
        let site = Site::empty()
            .file("site.toml", settings)
            .file("_posts/2026-11-01-x.md", format!("{start}Text\n"));
        let run = site.build().exits(1);
        assert!(
            run.stderr.contains("looks like a front matter"),
            "{start:?}: {run}"
        );
        assert!(!run.stderr.contains("S3CRET"), "{start:?}: {run}");
    }
    let site = Site::empty().file("site.toml", settings).file(
        "_posts/2026-11-01-x.md",
        "# A title\n\nText\n\n---\n\nMore: text\n",
    );
    site.build().good();
}

#[test]
fn every_mark_of_a_draft_counts() {
    for (fields, map) in [
        ("Draft: true", "content.preset = \"hugo\"\n"),
        ("DRAFT: true", "content.preset = \"hugo\"\n"),
        ("Published: false", "content.preset = \"hugo\"\n"),
        ("Expirydate: 2026-01-02", "content.preset = \"hugo\"\n"),
        (
            "draft: true",
            "[content.fields]\ncategory = \"draft\"\npublished = \"!draft\"\n",
        ),
        (
            "status: draft",
            "[content.fields]\ntype = \"status\"\npublished = \"status\"\n",
        ),
    ] {
        let site = Site::empty()
            .file(
                "site.toml",
                format!("base_url = \"https://a.example/\"\nsearch.enabled = false\n{map}"),
            )
            .article(
                "a",
                &format!("title: A\npublishedDateTime: 2026-01-01\n{fields}"),
            );
        site.build()
            .good()
            .says("1 article read, 0 kept, 1 dropped");
    }
}

#[test]
fn a_mark_is_written_as_a_boolean() {
    let site = Site::new().file(
        "site.toml",
        "content.preset = \"zola\"\ncontent.articles = [\"content/news\"]\n",
    );
    let before = "+++\ntitle = \"A\"\ndate = 2026-01-01\ndraft = false\n+++\nText.\n";
    site.write("content/news/a.md", before);
    let set = |change| {
        site.newsgen(["set", "content/news/a.md", change])
            .run()
            .good()
    };
    set("published=false");
    let hidden = before.replace("draft = false", "draft = true");
    assert_eq!(site.read("content/news/a.md"), hidden);
    set("published=true");
    assert_eq!(site.read("content/news/a.md"), before);
}

#[test]
fn what_a_tree_says_of_itself_cannot_break_its_settings() {
    let site = Site::empty()
        .file(
            "_config.yml",
            "title: \"A\\u0007 title\"\npermalink: \"/../:title/\"\ntimezone: Nowhere/Here\n",
        )
        .file(
            "_posts/2026-01-01-a.md",
            "---\ntitle: A\nlang: de_DE.UTF-8\n---\nText.\n",
        )
        .file("private/scan.png", "x")
        .file("private/passwords.txt", "S3CRET")
        .file("images/a.png", "x");
    let (_, output) = adopt(&site);
    assert!(output.contains("images/a.png") && !site.read("site.toml").contains("private"));
    let root = Site::empty()
        .file("2026-01-01-a.md", "---\ntitle: A\n---\nText.\n")
        .file("2026-01-02-b.md", "# B\n\nText.\n");
    let (_, output) = adopt(&root);
    assert!(
        output.contains("news/2026/01/02/b/index.html"),
        "{:?}",
        output.paths()
    );
}

#[test]
fn values_that_articles_inherit_are_named() {
    let site = jekyll_link_blog();
    let config = site.read("_config.yml");
    site.write(
        "_config.yml",
        format!("{config}defaults:\n- values: {{published: false}}\n"),
    );
    let run = site.newsgen(["init", "--now", NOW]).run().good();
    run.warns("articles inherit values from _config.yml");
}

#[test]
fn code_of_templates_and_missing_definitions_are_reported() {
    let site = Site::new().file(
        "content/news/a.md",
        "---\ntitle: A\npublishedDateTime: 2026-01-01\n---\n\
         See [one][gone], {{ site.url }} and [^note]. [sic] `{% raw %}`\n",
    );
    site.check()
        .good()
        .warns("`[gone]` is defined nowhere in the text")
        .warns("`{{ site.url }}` is code of a template");
}

#[test]
fn addresses_made_by_templates_are_not_taken() {
    let site = Site::new().file(
        "content/news/a.md",
        "---\ntitle: A\npublishedDateTime: 2026-01-01\n\
         permalink: /l/{{ title | slug }}/\n---\nText.\n",
    );
    site.build().good();
    assert!(site.output().contains("news/2026/01/01/a/index.html"));
    site.check().good().warns("`permalink` is a template");
}

#[test]
fn an_alias_that_is_the_address_itself_is_none() {
    let site = Site::new().file(
        "content/news/a.md",
        "---\ntitle: A\npublishedDateTime: 2026-01-01\npermalink: /a/\n\
         aliases: [/a/, /b/]\n---\nText.\n",
    );
    site.build().good();
    assert!(site.output().contains("b/index.html"));
    let run = site
        .newsgen(["explain", "https://news.example/a/", "--now", NOW])
        .run();
    run.good().says("content/news/a.md");
}

#[test]
fn folders_with_what_is_not_published_are_not_copied() {
    for folder in ["content", "content/news", ".newsgen", "."] {
        let site = Site::new().with_articles(1);
        site.build().good();
        let settings = site.read("site.toml");
        site.write(
            "site.toml",
            format!("{settings}[static]\n\"/s\" = \"{folder}\"\n"),
        );
        site.build().exits(1).warns("holds what is not published");
    }
}

#[test]
fn lines_of_secured_are_not_printed_by_set() {
    let site = Site::new();
    site.write(
        "content/news/a.md",
        "{\"title\":\"A\",\"publishedDateTime\":\"2026-01-01\",\"secured\":\"S3CRET\",\
         \"originalUrl\":\"https://a.example/\"}\n",
    );
    let run = site
        .newsgen(["set", "content/news/a.md", "quality=5"])
        .run()
        .good();
    assert!(!run.stdout.contains("S3CRET"), "{run}");
    assert!(site.read("content/news/a.md").contains("S3CRET"));
    site.newsgen(["set", "content/news/a.md", "extra.secured=2"])
        .run()
        .exits(1)
        .warns("`secured` is never read");
}
