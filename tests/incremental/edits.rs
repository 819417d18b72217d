//! Random edits of a site.

use std::collections::BTreeMap;

use crate::model::{self, Site};
use crate::support::Random;

/// What an edit does besides changing the site's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    Nothing,
    /// The site's files get new times.
    Touch,
    /// Somebody deletes a file of the output; the number picks it.
    DeleteOutput(u64),
    /// Somebody changes a file of the output.
    ChangeOutput(u64),
    /// Somebody deletes the output folder.
    DeleteAllOutput,
    /// Somebody deletes one of the files of parsed articles.
    DeleteCache(&'static str),
    /// A file of parsed articles is cut off, or a byte of it flips.
    DamageCache(&'static str, u64),
    /// Somebody deletes the state folder and the output.
    DeleteState,
}

/// Makes an edit and says what it was.
pub(crate) fn edit(site: &mut Site, random: &mut Random) -> (String, Outside) {
    let said = match random.below(100) {
        0..46 => articles(site, random),
        46..53 => described(&mut site.topics, "topics", random, model::topic),
        53..56 => described(
            &mut site.providers,
            "providers",
            random,
            model::provider_file,
        ),
        56..58 => described(&mut site.sources, "sources", random, model::source),
        58..61 => pages(site, random),
        61..75 => settings(site, random),
        75..84 => templates(site, random),
        84..88 => statics(site, random),
        88..91 => beside(site, random),
        91..95 => {
            site.now += random.pick(&[
                -86_400 * 40,
                -7200,
                3600,
                7200,
                86_400,
                86_400 * 10,
                86_400 * 40,
            ]);
            format!("the clock shows {}", site.now)
        }
        95 => {
            site.drafts = !site.drafts;
            format!("drafts: {}", site.drafts)
        }
        _ => {
            let outside = match random.below(10) {
                0 | 1 => Outside::Touch,
                2 | 3 => Outside::DeleteOutput(random.next()),
                4 | 5 => Outside::ChangeOutput(random.next()),
                6 => Outside::DeleteAllOutput,
                7 => Outside::DeleteCache(random.pick(&[
                    "articles.idx",
                    "articles.dat",
                    "articles.log",
                    "files.dat",
                    "events.dat",
                ])),
                8 => Outside::DamageCache(
                    random.pick(&[
                        "articles.idx",
                        "articles.dat",
                        "articles.log",
                        "files.dat",
                        "events.dat",
                    ]),
                    random.next(),
                ),
                _ => Outside::DeleteState,
            };
            return (format!("{outside:?}"), outside);
        }
    };
    (said, Outside::Nothing)
}

fn articles(site: &mut Site, random: &mut Random) -> String {
    let count = site.articles.len();
    if count < 3 || (count < 16 && random.chance(18)) {
        let article = model::article(random);
        if !site.is_free(&article.path) {
            return "nothing".to_owned();
        }
        let said = format!("{} is new", article.path);
        // Not always at the end: files come in no order.
        site.articles.insert(random.below(count + 1), article);
        return said;
    }
    let number = random.below(count);
    let path = site.articles[number].path.clone();
    match random.below(100) {
        0..12 => {
            site.articles.remove(number);
            format!("{path} is deleted")
        }
        12..52 => {
            let name = model::FIELDS[random
                .below(model::FIELDS.len())
                .min(random.below(model::FIELDS.len()))];
            let value = model::field(name, random);
            let said = format!("{path} has {name}: {value}");
            site.articles[number].fields.insert(name, value);
            said
        }
        52..58 => {
            let fields = &mut site.articles[number].fields;
            let names: Vec<&'static str> = fields
                .keys()
                .copied()
                .filter(|name| *name != "title")
                .collect();
            let name = random.pick(&names);
            fields.remove(name);
            format!("{path} has no {name}")
        }
        58..68 => {
            // A move within the tree, with the same name or another one.
            let target = model::article_path(random);
            let target = if random.chance(50) {
                let folder = target.rsplit_once('/').unwrap().0.to_owned();
                format!("{folder}/{}", path.rsplit_once('/').unwrap().1)
            } else {
                target
            };
            if !site.is_free(&target) {
                return "nothing".to_owned();
            }
            site.articles[number].path.clone_from(&target);
            format!("{path} is now {target}")
        }
        68..73 => {
            site.articles[number].body = model::body(random);
            format!("{path} has another body")
        }
        73..79 => {
            site.articles[number].broken = !site.articles[number].broken;
            format!(
                "{path} is {}",
                if site.articles[number].broken {
                    "broken"
                } else {
                    "mended"
                }
            )
        }
        79..86 => {
            // A copy of the story: another file, some of its fields different.
            let mut copy = site.articles[number].clone();
            copy.path = model::article_path(random);
            if !site.is_free(&copy.path) {
                return "nothing".to_owned();
            }
            let name = random.pick(&[
                "quality",
                "provider",
                "title",
                "publishedDateTime",
                "excerpt",
            ]);
            copy.fields.insert(name, model::field(name, random));
            let said = format!("{} is a copy of {path} but for its {name}", copy.path);
            site.articles.push(copy);
            said
        }
        86..91 => {
            // The same event at another provider, found or by hand.
            if random.chance(40) {
                let named = "\"One\"".to_owned();
                site.articles[number].fields.insert("event", named);
            }
            let mut other = site.articles[number].clone();
            other.path = model::article_path(random);
            if !site.is_free(&other.path) {
                return "nothing".to_owned();
            }
            for name in ["provider", "originalUrl", "publishedDateTime", "slug"] {
                other.fields.insert(name, model::field(name, random));
            }
            let said = format!("{} is on the same event as {path}", other.path);
            site.articles.push(other);
            said
        }
        91..96 => {
            // Two articles name each other.
            let other = random.below(count);
            for (from, to) in [(number, other), (other, number)] {
                let fields = &site.articles[to].fields;
                let (Some(title), Some(url)) = (fields.get("title"), fields.get("originalUrl"))
                else {
                    continue;
                };
                let list = format!("[{{\"title\": {title}, \"webUrl\": {url}}}]");
                site.articles[from].fields.insert("related", list);
            }
            format!("{path} and {} name each other", site.articles[other].path)
        }
        _ => {
            let other = random.below(count);
            let path = site.articles[number].path.clone();
            site.articles[number].path =
                std::mem::replace(&mut site.articles[other].path, path.clone());
            format!("{path} and {} change places", site.articles[number].path)
        }
    }
}

fn described(
    files: &mut BTreeMap<String, BTreeMap<&'static str, String>>,
    folder: &str,
    random: &mut Random,
    new: fn(&mut Random) -> BTreeMap<&'static str, String>,
) -> String {
    let folder = if random.chance(5) { "other" } else { folder };
    let path = format!("content/{folder}/{}.yaml", random.below(4));
    if files.contains_key(&path) && random.chance(30) {
        files.remove(&path);
        return format!("{path} is deleted");
    }
    let mut fields = new(random);
    if let Some(old) = files.get(&path)
        && random.chance(60)
    {
        // One field only.
        let names: Vec<&'static str> = fields.keys().copied().collect();
        let name = random.pick(&names);
        let mut changed = old.clone();
        changed.insert(name, fields.remove(name).unwrap());
        fields = changed;
    }
    let said = format!("{path} says {fields:?}");
    files.insert(path, fields);
    said
}

fn pages(site: &mut Site, random: &mut Random) -> String {
    let path = format!(
        "content/pages/{}.md",
        random.pick(&[
            "about",
            "imprint",
            "sub/more",
            "index",
            "archive",
            "team/index"
        ])
    );
    if site.pages.contains_key(&path) && random.chance(40) {
        site.pages.remove(&path);
        return format!("{path} is deleted");
    }
    let page = model::page(random);
    let said = format!("{path} says {page:?}");
    site.pages.insert(path, page);
    said
}

fn settings(site: &mut Site, random: &mut Random) -> String {
    if random.chance(30) && site.settings.len() > 1 {
        let names: Vec<&'static str> = site.settings.keys().copied().collect();
        let name = random.pick(&names);
        site.settings.remove(name);
        return format!("{name} is not set");
    }
    let (name, values) = random.pick(&model::SETTINGS);
    let value = random.pick(values);
    site.settings.insert(name, value.to_owned());
    format!("{name} = {value}")
}

fn templates(site: &mut Site, random: &mut Random) -> String {
    if random.chance(25) {
        let name = random.pick(&model::HELPERS);
        let text = model::helper(name, random);
        let said = format!("{name} says {text:?}");
        site.templates.insert(name.to_owned(), text);
        return said;
    }
    let (name, own) = random.pick(&model::TEMPLATES);
    if site.templates.contains_key(name) && random.chance(15) {
        site.templates.remove(name);
        return format!("{name} is that of the default theme");
    }
    let text = if random.chance(2) {
        "{% if %}".to_owned()
    } else {
        model::template(own, random)
    };
    let said = format!("{name} says {text:?}");
    site.templates.insert(name.to_owned(), text);
    said
}

fn statics(site: &mut Site, random: &mut Random) -> String {
    let name = model::STATICS[random
        .below(model::STATICS.len())
        .min(random.below(model::STATICS.len()))];
    if site.statics.contains_key(name) && random.chance(50) {
        site.statics.remove(name);
        return format!("static/{name} is deleted");
    }
    let bytes = vec![random.pick(b"abc"); 1 + random.below(3)];
    let said = format!("static/{name} holds {:?}", String::from_utf8_lossy(&bytes));
    site.statics.insert(name.to_owned(), bytes);
    said
}

fn beside(site: &mut Site, random: &mut Random) -> String {
    let name = random.pick(&model::BESIDE);
    if site.beside.contains_key(name) && random.chance(40) {
        site.beside.remove(name);
        return format!("{name} is deleted");
    }
    let bytes = model::beside(name, random);
    let said = format!("{name} holds {:?}", String::from_utf8_lossy(&bytes));
    site.beside.insert(name.to_owned(), bytes);
    said
}
