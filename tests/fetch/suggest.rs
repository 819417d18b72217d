//! Suggested quality: how well it is learnt from decisions, and what people see of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use newsgen::content::link;
use newsgen::fetch::suggest::{Decided, Decision, Model, Reason, Subject, suggest};
use newsgen::hash::Hash128;
use serde_json::Value;

use crate::fetch::{NOW, feed, fetch, ledger, site};
use crate::server::{Answer, Server};
use crate::support::{Site, is_blessing, repository};

/// A story of a stream.
#[derive(Clone, Debug)]
struct Row {
    title: String,
    url: String,
    host: String,
    category: String,
    story: String,
}

/// The rows of a CSV file (RFC 4180), by the names of its columns.
fn csv(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut is_quoted = false;
    for c in text.chars() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(String::new()),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => rows.push(vec![String::new()]),
            c => row.last_mut().unwrap().push(c),
        }
    }
    rows.pop_if(|row| row.len() < 2);
    let names = rows.remove(0);
    let named = |row: Vec<String>| names.iter().cloned().zip(row).collect();
    rows.into_iter().map(named).collect()
}

/// The stream of `../shared/events`, in the order of time.
fn stream() -> Option<Vec<Row>> {
    let path = repository().join("../shared/events/stream.csv");
    let Ok(text) = fs::read_to_string(path) else {
        println!("skipped: there is no ../shared/events/stream.csv");
        return None;
    };
    let rows = csv(&text).into_iter().map(|mut row| {
        let mut take = |name: &str| row.remove(name).unwrap();
        Row {
            title: take("title"),
            url: take("url"),
            host: take("host"),
            category: take("category"),
            story: take("story"),
        }
    });
    Some(rows.collect())
}

/// The rows in an order that mixes them, another one for each number.
fn mixed(mut rows: Vec<Row>, number: u64) -> Vec<Row> {
    rows.sort_by_key(|row| Hash128::of(format!("{number} {}", row.url).as_bytes()).number());
    rows
}

/// The first report of each story, then the second of each, and so on.
fn in_turns(rows: Vec<Row>) -> Vec<Row> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let numbered = rows.into_iter().map(|row| {
        let number = seen.entry(row.story.clone()).or_default();
        *number += 1;
        (*number, row)
    });
    let mut rows: Vec<(usize, Row)> = numbered.collect();
    rows.sort_by_key(|(number, _)| *number);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn subject(row: &Row) -> Subject<'_> {
    Subject {
        title: &row.title,
        url: Some(&row.url),
        source: Some("stream"),
        delay: Some(0),
        ..Subject::default()
    }
}

/// The model of an editor who decided on the first rows.
fn model(rows: &[Row], publishes: impl Fn(&Row) -> bool) -> Model {
    let decisions = rows.iter().zip(0..).map(|(row, time)| Decision {
        subject: subject(row),
        decided: match publishes(row) {
            true => Decided::Published(None),
            false => Decided::Rejected,
        },
        time,
    });
    Model::learn(&decisions.collect::<Vec<_>>())
}

/// How often a row that the editor publishes is ranked above one that is not, in thousandths: ties
/// count for half. None where one of them is missing.
fn auc(suggested: &[(i64, bool)]) -> Option<u64> {
    let of = |wanted: bool| suggested.iter().filter(move |(_, is)| *is == wanted);
    let pairs = of(true).count() * of(false).count();
    let halves: usize = of(true)
        .flat_map(|(good, _)| of(false).map(move |(bad, _)| good.cmp(bad) as i8 + 1))
        .map(|half| usize::try_from(half).unwrap())
        .sum();
    (pairs > 0).then(|| (halves * 500 / pairs) as u64)
}

/// The AUC over the next 1,000 rows of an editor who decided on the first 200.
fn learnt(rows: &[Row], publishes: impl Fn(&Row) -> bool) -> Option<u64> {
    let model = model(&rows[..200], &publishes);
    let next = rows[200..1200].iter();
    let suggested: Vec<(i64, bool)> = next
        .map(|row| (suggest(&model, &subject(row)).quality, publishes(row)))
        .collect();
    auc(&suggested)
}

#[test]
fn two_hundred_decisions_teach_what_an_editor_publishes() {
    let Some(rows) = stream() else { return };
    let mut orders = vec![("in turns", in_turns(rows.clone()))];
    orders.extend((1..4).map(|number| ("mixed", mixed(rows.clone(), number))));
    for (order, rows) in &orders {
        for category in ["b", "t", "e", "m"] {
            let auc = learnt(rows, |row| row.category == category).unwrap();
            println!("{order}: publishes {category}: {auc}");
            assert!(auc >= 900, "{order}: {category}: {auc}");
        }
        for pair in [["b", "m"], ["t", "e"], ["b", "e"]] {
            let auc = learnt(rows, |row| pair.contains(&row.category.as_str())).unwrap();
            println!("{order}: publishes {pair:?}: {auc}");
            assert!(auc >= 900, "{order}: {pair:?}: {auc}");
        }
        let group = |row: &Row| Hash128::of(row.host.as_bytes()).number() % 8;
        let rows: Vec<Row> = rows
            .iter()
            .map(|row| Row {
                url: row
                    .url
                    .replacen(&row.host, &format!("p{}.example", group(row)), 1),
                ..row.clone()
            })
            .collect();
        let likes = learnt(&rows, |row| group(row) == 0).unwrap();
        let rejects = learnt(&rows, |row| group(row) != 0).unwrap();
        println!("{order}: publishes one provider of eight: {likes}, rejects it: {rejects}");
        assert!(likes >= 900 && rejects >= 900, "{order}: {likes} {rejects}");
    }
}

/// As the stream stands, its first 200 stories are all of one category. An editor who publishes
/// that one has rejected nothing: what is like it is still preferred.
#[test]
fn a_category_is_learnt_from_published_stories_alone() {
    let Some(rows) = stream() else { return };
    assert!(rows[..200].iter().all(|row| row.category == "b"));
    for category in ["b", "t", "e", "m"] {
        println!(
            "{category}: {:?}",
            learnt(&rows, |row| row.category == category)
        );
    }
    let auc = learnt(&rows, |row| row.category == "b").unwrap();
    assert!(auc >= 900, "{auc}");
}

/// Headlines made of the words of their subject, in a language: subject, title and URL of each.
fn made_up(subjects: &[(&str, &[&str])], separator: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for number in 0..400_usize {
        for (category, words) in subjects {
            let pick = |salt: usize| {
                let hash = Hash128::of(format!("{category} {number} {salt}").as_bytes());
                words[usize::try_from(hash.number() % words.len() as u64).unwrap()]
            };
            rows.push(Row {
                title: [pick(1), pick(2), pick(3)].join(separator),
                url: format!("https://a.example/{category}{number}"),
                host: "a.example".to_owned(),
                category: (*category).to_owned(),
                story: String::new(),
            });
        }
    }
    mixed(rows, 1)
}

const GERMAN: &[(&str, &[&str])] = &[
    (
        "wetter",
        &[
            "Sturm über der Küste",
            "Regen am Wochenende",
            "Hitzewelle hält an",
            "Schneefall im Gebirge",
            "Glätte auf den Straßen",
            "Gewitter ziehen auf",
            "Wetterdienst warnt",
            "Pegel der Flüsse steigt",
            "Nebel am Morgen",
        ],
    ),
    (
        "sport",
        &[
            "Trainer verlässt den Verein",
            "Tor in der Nachspielzeit",
            "Meisterschaft entschieden",
            "Verletzung des Stürmers",
            "Aufstieg gefeiert",
            "Schwimmerin holt Gold",
            "Schiedsrichter in der Kritik",
            "Marathon durch die Stadt",
            "Handballer siegen",
        ],
    ),
    (
        "technik",
        &[
            "Prozessor vorgestellt",
            "Lücke im Betriebssystem",
            "Batterie lädt schneller",
            "Satellit im Orbit",
            "Rechenzentrum eröffnet",
            "Roboter lernt gehen",
            "Funknetz ausgebaut",
            "Drucker aus dem Labor",
            "Chipfabrik geplant",
        ],
    ),
];

const CHINESE: &[(&str, &[&str])] = &[
    (
        "tianqi",
        &[
            "暴雨预警",
            "气温下降",
            "台风登陆",
            "大雪封路",
            "空气质量",
            "沙尘天气",
            "持续高温",
        ],
    ),
    (
        "tiyu",
        &[
            "足球联赛",
            "篮球决赛",
            "游泳冠军",
            "教练辞职",
            "球队获胜",
            "马拉松赛",
            "乒乓选手",
        ],
    ),
    (
        "keji",
        &[
            "芯片工厂",
            "人工智能",
            "卫星发射",
            "电池技术",
            "操作系统",
            "机器人展",
            "量子计算",
        ],
    ),
];

#[test]
fn other_languages_are_learnt_too() {
    for (subjects, separator) in [(GERMAN, ": "), (CHINESE, "，")] {
        let rows = made_up(subjects, separator);
        for (category, _) in subjects {
            let auc = learnt(&rows, |row| row.category == *category).unwrap();
            assert!(auc >= 950, "{category}: {auc}");
        }
    }
}

/// These numbers are the same on every machine. They change with the words that texts are cut into:
/// `NEWSGEN_BLESS=1` writes them anew.
#[test]
fn the_same_decisions_give_the_same_numbers() {
    let mut text = String::new();
    for (subjects, separator, category) in [(GERMAN, ": ", "wetter"), (CHINESE, "，", "keji")] {
        let rows = made_up(subjects, separator);
        let model = model(&rows[..60], |row| row.category == category);
        for row in &rows[60..70] {
            let suggestion = suggest(&model, &subject(row));
            let reasons: Vec<String> = suggestion.reasons.iter().map(Reason::to_string).collect();
            text += &format!("{:3}  {}\n", suggestion.quality, row.title);
            text += &format!("     {}\n", reasons.join(", "));
        }
    }
    let path = repository().join("tests/fetch/suggestions.txt");
    if is_blessing() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&path).unwrap_or_default());
}

/// The item of a feed for a story.
fn entry(row: &Row) -> String {
    let escaped = |text: &str| html_escape::encode_text(text).into_owned();
    format!(
        "<item><title>{}</title><link>{}</link><pubDate>Tue, 24 Nov 2026 08:00:00 GMT</pubDate>\
         </item>",
        escaped(&row.title),
        escaped(&row.url)
    )
}

/// The address of a story as its article has it.
fn address(row: &Row) -> String {
    let url = link::web_url(&row.url).unwrap();
    link::without_tracking(&url).unwrap_or(url)
}

/// The candidates of a site.
fn candidates(site: &Site) -> Vec<Value> {
    let run = site
        .newsgen(["queue", "--format", "json", "--now", "2026-11-25T13:00:00Z"])
        .run()
        .good();
    let listed: Value = serde_json::from_str(&run.stdout).unwrap();
    listed["candidates"].as_array().unwrap().clone()
}

/// A site whose queue has the rest of these stories, after an editor decided on the first ones: the
/// rest with what is suggested, and whether the editor would publish it.
fn decided(
    rows: &[Row],
    first: usize,
    publishes: impl Fn(&Row) -> bool,
) -> (Site, Vec<(i64, bool)>) {
    let feeds = [&rows[..first], &rows[first..]].map(|rows| {
        let items: Vec<String> = rows.iter().map(entry).collect();
        feed(&items)
    });
    let server = Server::new(move |path| match path {
        "/one" => Some(Answer::ok("", &feeds[0])),
        _ => Some(Answer::ok("", &feeds[1])),
    });
    let site = site(&server, &[("one", "/one"), ("two", "/two")]);
    fetch(&site, NOW, &["--source", "one"]).good();
    let of_url: BTreeMap<String, bool> = rows
        .iter()
        .map(|row| (address(row), publishes(row)))
        .collect();
    let is_wanted = |candidate: &Value| of_url[candidate["url"].as_str().unwrap()];
    let waiting = candidates(&site);
    for (command, wanted) in [("publish", true), ("reject", false)] {
        let files = waiting.iter().filter(|it| is_wanted(it) == wanted);
        let files = files.map(|it| it["path"].as_str().unwrap());
        let arguments = ["queue", command, "--now", "2026-11-25T12:30:00Z"];
        let all: Vec<&str> = arguments.into_iter().chain(files).collect();
        if all.len() > arguments.len() {
            site.newsgen(all).run().good();
        }
    }
    fetch(&site, NOW, &["--source", "two"]).good();
    let rest = candidates(&site);
    let rest = rest
        .iter()
        .map(|it| (it["suggested"].as_i64().unwrap(), is_wanted(it)));
    let rest = rest.collect();
    (site, rest)
}

#[test]
fn what_was_decided_in_the_queue_is_learnt() {
    let rows = made_up(GERMAN, ": ");
    let (site, rest) = decided(&rows[..90], 40, |row| row.category == "sport");
    assert_eq!(rest.len(), 50);
    assert!(auc(&rest).unwrap() >= 950, "{rest:?}");
    let waiting = candidates(&site);
    let best = waiting
        .iter()
        .max_by_key(|it| it["suggested"].as_i64())
        .unwrap();
    let reasons = best["reasons"].as_array().unwrap();
    assert!((1..=5).contains(&reasons.len()), "{best}");
    assert!(
        reasons
            .iter()
            .any(|reason| reason.as_str().unwrap().starts_with("+")),
        "{best}"
    );
    // Listing changes nothing, and shows the same again.
    assert_eq!(candidates(&site), waiting);
    // Published without a quality of its own, it has the suggested one.
    let path = best["path"].as_str().unwrap();
    let run = site.newsgen(["queue", "publish", path]).run().good();
    let article = site.read(run.stdout.trim());
    assert!(
        article.contains(&format!("\nquality: {}\n", best["suggested"])),
        "{article}"
    );
    let line = ledger(&site).pop().unwrap();
    assert!(line.get("quality").is_none(), "{line}");
    // One that the editor wrote into the file counts.
    let worst = waiting
        .iter()
        .min_by_key(|it| it["suggested"].as_i64())
        .unwrap();
    let path = worst["path"].as_str().unwrap();
    let text = site.read(path);
    site.write(path, text.replace("quality: 40", "quality: 12"));
    let run = site.newsgen(["queue", "publish", path]).run().good();
    assert!(site.read(run.stdout.trim()).contains("\nquality: 12\n"));
    assert_eq!(ledger(&site).pop().unwrap()["quality"], 12);
}

#[test]
fn what_is_deleted_by_hand_is_learnt_and_what_is_undone_is_not() {
    let rows = made_up(GERMAN, ": ");
    let (site, waiting) = decided(&rows[..60], 0, |_| true);
    for candidate in candidates(&site) {
        let url = candidate["url"].as_str().unwrap();
        if url.contains("technik") {
            site.remove(candidate["path"].as_str().unwrap());
        }
    }
    let other = candidates(&site)[0]["path"].as_str().unwrap().to_owned();
    site.newsgen(["queue", "reject", &other]).run().good();
    let line = ledger(&site).pop().unwrap();
    assert_eq!(line["coverage"], 1, "{line}");
    site.newsgen(["queue", "undo"]).run().good();
    let suggested = |title: &str| {
        let row = rows[60..].iter().find(|row| row.title.contains(title));
        let row = row.unwrap();
        site.write("feed.xml", feed(&[entry(row)]));
        let file = site.path("feed.xml");
        let run = site
            .newsgen([
                "sources",
                "test",
                file.to_str().unwrap(),
                "--source",
                "two",
                "--format",
                "json",
                "--now",
                NOW,
            ])
            .run()
            .good();
        let json: Value = serde_json::from_str(&run.stdout).unwrap();
        json["entries"][0]["suggested"].as_i64().unwrap()
    };
    assert_eq!(waiting.len(), 60);
    assert!(suggested("Funknetz") < suggested("Marathon"));
}

#[test]
fn what_several_providers_report_is_an_event_and_may_have_heat() {
    let reports = [
        (
            "Old weir of Holm breaks in the night",
            "https://a.example/1",
        ),
        (
            "Weir of Holm breaks: the old river is back",
            "https://b.example/1",
        ),
        ("Prices of bread rise again", "https://c.example/1"),
    ];
    let rows: Vec<Row> = reports
        .iter()
        .map(|(title, url)| Row {
            title: (*title).to_owned(),
            url: (*url).to_owned(),
            host: String::new(),
            category: String::new(),
            story: String::new(),
        })
        .collect();
    let (site, _) = decided(&rows, 0, |_| true);
    let shown = || {
        let waiting = candidates(&site);
        let mut shown: Vec<[Value; 3]> = waiting
            .iter()
            .map(|it| ["coverage", "event", "heat"].map(|field| it[field].clone()))
            .collect();
        shown.sort_by_key(|it| it[0].to_string() + &it[2].to_string());
        shown
    };
    let event = Value::from("content/queue/2026-11-24-old-weir-of-holm-breaks-in-the-night.md");
    let pair = |heat: Value| [2.into(), event.clone(), heat];
    let alone = |heat: Value| [1.into(), Value::Null, heat];
    let none = || Value::Null;
    assert_eq!(shown(), [alone(none()), pair(none()), pair(none())]);
    let settings = site.read("site.toml");
    site.write("site.toml", settings + "ranking.heat = \"derived\"\n");
    assert_eq!(
        shown(),
        [alone(10.into()), pair(32.into()), pair(32.into())]
    );
    // Heat of its own wins.
    let text = site.read(event.as_str().unwrap());
    site.write(
        event.as_str().unwrap(),
        text.replace("quality: 40", "quality: 40\nheat: 5"),
    );
    assert_eq!(shown(), [alone(10.into()), pair(32.into()), pair(5.into())]);
}

#[test]
fn the_front_page_leads_with_what_has_heat() {
    let article = |title: &str, domain: &str, minute: u32| {
        format!(
            "title: {title}\npublishedDateTime: 2026-11-20T08:{minute}:00Z\nquality: 50\n\
             originalUrl: https://{domain}/{minute}\nprovider: {{domain: {domain}}}"
        )
    };
    let site = Site::new()
        .article(
            "a",
            &article("Old weir of Holm breaks at night", "a.example", 10),
        )
        .article(
            "b",
            &article("Weir of Holm breaks after a long night", "b.example", 20),
        )
        .article("c", &article("Prices of bread rise again", "c.example", 30));
    let leads = |title: &str| {
        site.build().good();
        let output = site.output();
        let page = output.text("index.html");
        let body = &page[page.find("<main").unwrap()..];
        let at = |title: &str| body.find(title).unwrap();
        assert!(
            ["Weir of Holm breaks", "Prices of bread"]
                .iter()
                .all(|it| at(title) <= at(it))
        );
    };
    leads("Prices of bread");
    let settings = site.read("site.toml");
    site.write("site.toml", settings + "ranking.heat = \"derived\"\n");
    leads("Weir of Holm breaks");
    site.write_article(
        "c",
        &(article("Prices of bread rise again", "c.example", 30) + "\nheat: 90"),
    );
    leads("Prices of bread");
}

/// The whole way with real stories: 200 decisions, and the next 1,000.
#[test]
fn an_editor_of_a_real_stream_gets_what_is_wanted() {
    let Some(rows) = stream() else { return };
    let mut seen = BTreeSet::new();
    let mut rows = in_turns(rows);
    rows.retain(|row| seen.insert(address(row)));
    let (_, rest) = decided(&rows[..1200], 200, |row| row.category == "e");
    let auc = auc(&rest).unwrap();
    println!("publishes e, {} candidates: {auc}", rest.len());
    assert!(auc >= 900, "{auc}");
}
