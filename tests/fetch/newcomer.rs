//! The way that the README shows, from nothing to a published story.

use crate::server::{Answer, Server};
use crate::support::{Newsgen, repository};

const SITE: &str = "https://rivers.example/";

/// The commands of the README about a feed, each with what it prints.
fn commands() -> Vec<(Vec<String>, String)> {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```\n").next().unwrap());
    let block = blocks
        .into_iter()
        .find(|block| block.contains(SITE))
        .unwrap();
    let commands = block.split("$ ").skip(1);
    let commands = commands.map(|command| command.split_once('\n').unwrap());
    commands
        .map(|(command, output)| {
            let words = command.split(' ').map(str::to_owned).collect();
            (words, output.to_owned())
        })
        .collect()
}

fn item(title: &str, day: u32) -> String {
    let name = title.to_lowercase().replace(' ', "-");
    format!(
        "<item><title>{title}</title><link>https://rivers.example/{name}</link><pubDate>{day} Nov \
         2026 08:00:00 GMT</pubDate><description>What is known of it, in a sentence.</description>\
         <category>Rivers</category></item>"
    )
}

#[test]
fn five_commands_lead_to_a_published_story() {
    let server = Server::new(|path| {
        let items = [
            item("The weir at Holm will go", 24),
            item("Otters are back in the lower Sill", 23),
            item("What a gauge can tell", 23),
            item("A summer on the Sill", 2),
        ];
        match path {
            "/" => Some(Answer::ok(
                "Content-Type: text/html\r\n",
                "<html><head><title>Quiet Rivers</title><link rel='alternate' \
                 type='application/rss+xml' href='/feed.xml'></head><body></body></html>",
            )),
            "/feed.xml" => Some(Answer::ok(
                "",
                format!(
                    "<rss version='2.0'><channel><title>Quiet Rivers</title>{}</channel></rss>",
                    items.concat()
                ),
            )),
            _ => None,
        }
    });
    let here = server.url("/");
    let root = tempfile::tempdir().unwrap();
    let mut folder = root.path().to_owned();
    let mut count = 0;
    for (words, output) in commands() {
        match words[0].as_str() {
            "cd" => {
                folder = folder.join(&words[1]);
                let settings = folder.join("site.toml");
                let text = std::fs::read_to_string(&settings).unwrap();
                let allowed = format!("\n[fetch]\nallow_hosts = [\"{}\"]\n", server.host());
                std::fs::write(&settings, text + &allowed).unwrap();
            }
            "newsgen" => {
                count += 1;
                let words: Vec<String> = words.iter().map(|it| it.replace(SITE, &here)).collect();
                let arguments = words[1..].iter().map(String::as_str);
                let run = Newsgen::new(arguments)
                    .within(&folder)
                    .env("SOURCE_DATE_EPOCH", "1795536000")
                    .run()
                    .good();
                assert_eq!(run.stdout, output, "{words:?}");
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(count, 5);
    Newsgen::new(["build"])
        .within(&folder)
        .env("SOURCE_DATE_EPOCH", "1795536000")
        .run()
        .good();
    let home = std::fs::read_to_string(folder.join("public/index.html")).unwrap();
    assert!(home.contains("The weir at Holm will go"));
    assert!(!home.contains("Otters"));
}
