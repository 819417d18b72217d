//! Pages that want one file.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ahash::{HashMap, HashMapExt, HashSet};

use super::{ListingScope, PageKind, PageSpec, Part, Plan, Target};
use crate::content::Library;
use crate::curate::Edition;
use crate::diagnostic::{Diagnostic, Location};
use crate::percent::decode;

/// Longest name that common file systems can hold (ext4, APFS, NTFS), in bytes.
const LONGEST_NAME: usize = 255;

/// Tells and leaves out pages whose file another page has, or needs as a folder, or that no file
/// system could hold. Returns the articles among them too, by their number in the library.
pub(super) fn drop_all(
    plan: &mut Plan,
    library: &Library,
    edition: &Edition,
) -> (BTreeSet<usize>, Vec<Diagnostic>) {
    let mut goes = vec![false; plan.pages.len()];
    let of_moved = |Moved { scope, url, there }: &Moved| {
        collision(
            url,
            plan,
            library,
            edition,
            there,
            &PageKind::Listing(*scope, Part::Head),
        )
    };
    let mut problems: Vec<Diagnostic> = plan.shared.moved.iter().map(of_moved).collect();
    drop_doubles(plan, library, edition, &mut goes, &mut problems);
    for number in in_index(plan) {
        let PageSpec { url, kind, .. } = &plan.pages[number];
        let message =
            |what| format!("the search index has the URL {url}, and {what} wants it, too");
        let problem = told("url-collision", message, plan, library, edition, kind);
        problems.push(
            problem.help("rename the file, or switch search off with `search.enabled = false`"),
        );
        goes[number] = true;
    }
    for number in (0..plan.pages.len()).filter(|number| has_long_name(&plan.pages[*number].url)) {
        let PageSpec { url, kind, .. } = &plan.pages[number];
        let message = |what| {
            format!(
                "{what} wants the URL {url}, of which a part has more than {LONGEST_NAME} bytes"
            )
        };
        let problem = told("url-length", message, plan, library, edition, kind);
        problems.push(problem.help(
            "file systems hold no such name: write a shorter slug, or another \
                          pattern in `permalinks`",
        ));
        goes[number] = true;
    }
    let article = |page: &PageSpec| match page.kind {
        PageKind::Article(place) => Some(edition.articles[place].number),
        _ => None,
    };
    let unroutable = plan
        .pages
        .iter()
        .zip(&goes)
        .filter(|(_, goes)| **goes)
        .filter_map(|(page, _)| article(page))
        .collect();
    let mut goes = goes.into_iter();
    plan.pages.retain(|_| !goes.next().unwrap_or_default());
    (unroutable, problems)
}

/// The listing of a topic or provider that is not where it should be.
#[derive(Debug)]
pub struct Moved {
    scope: ListingScope,
    /// Where it should be.
    url: String,
    /// The page that is there.
    there: PageKind,
}

/// Where listings stand. One whose URL another listing or a standalone page has gets a number at
/// its end: that is an error, but in a site that is built all the same no story leads to the
/// listing of others.
pub(super) fn place(
    wanted: Vec<(ListingScope, String)>,
    pages: &[String],
) -> (Vec<String>, Vec<Moved>) {
    let mut taken: HashSet<String> = wanted
        .iter()
        .map(|(_, url)| url)
        .chain(pages)
        .cloned()
        .collect();
    let mut holders: HashMap<String, PageKind> = pages
        .iter()
        .cloned()
        .zip((0..).map(PageKind::Standalone))
        .collect();
    // For each URL the next number to try, so that none is tried twice.
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut moved = Vec::new();
    let mut place = |(scope, url): (ListingScope, String)| {
        let Some(there) = holders.get(&url).cloned() else {
            holders.insert(url.clone(), PageKind::Listing(scope, Part::Head));
            return url;
        };
        let number = next.entry(url.clone()).or_insert(2);
        let free = loop {
            let free = numbered(&url, *number);
            *number += 1;
            if taken.insert(free.clone()) {
                break free;
            }
        };
        moved.push(Moved { scope, url, there });
        free
    };
    let urls = wanted.into_iter().map(&mut place).collect();
    (urls, moved)
}

fn numbered(url: &str, number: usize) -> String {
    format!("{}-{number}/", url.trim_end_matches('/'))
}

fn drop_doubles(
    plan: &Plan,
    library: &Library,
    edition: &Edition,
    goes: &mut [bool],
    problems: &mut Vec<Diagnostic>,
) {
    let places: Vec<Cow<'_, str>> = plan.pages.iter().map(place_of).collect();
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(places.len());
    let mut told = BTreeSet::new();
    for (number, place) in places.iter().enumerate() {
        if let Some(other) = first.get(place.as_ref()) {
            let kind = |number: usize| &plan.pages[number].kind;
            // Of an article and a page that others lead to, the article goes.
            let is_article = |number: usize| matches!(kind(number), PageKind::Article(_));
            let is_weaker = is_article(*other) && !is_article(number) && !is_free(kind(number));
            let (stays, yields) = if is_weaker {
                (number, *other)
            } else {
                (*other, number)
            };
            // Two that collide in a listing collide in their feeds and the API, too: that is one
            // mistake.
            if told
                .insert([stays, yields].map(|number| origin(plan, library, edition, kind(number))))
            {
                problems.push(collision(
                    place,
                    plan,
                    library,
                    edition,
                    kind(stays),
                    kind(yields),
                ));
            }
            goes[yields] = true;
            first.insert(place, stays);
        } else {
            first.insert(place, number);
        }
    }
    // A file cannot stand where other pages need a folder.
    let is_free = |number: usize| is_free(&plan.pages[number].kind);
    let free = (0..places.len()).filter(|number| is_free(*number));
    let tops: HashSet<&str> = free.map(|number| top(&places[number])).collect();
    for (number, place) in places
        .iter()
        .enumerate()
        .filter(|(_, place)| tops.contains(top(place)))
    {
        for above in folders(place) {
            let Some(&file) = first.get(above).filter(|file| **file != number) else {
                continue;
            };
            let (stays, yields) = if is_free(file) {
                (number, file)
            } else {
                (file, number)
            };
            if is_free(yields) && !goes[yields] {
                let kind = |number: usize| &plan.pages[number].kind;
                problems.push(collision(
                    above,
                    plan,
                    library,
                    edition,
                    kind(stays),
                    kind(yields),
                ));
                goes[yields] = true;
            }
        }
    }
}

/// Static files and aliases have any name that somebody likes.
fn is_free(kind: &PageKind) -> bool {
    matches!(kind, PageKind::Asset(_) | PageKind::Alias(_))
}

/// Pages whose file lies in the folder of the search index, where names are not known ahead, or in
/// the place of that folder.
fn in_index(plan: &Plan) -> Vec<usize> {
    let Some(index) = plan.bundles.first().map(|bundle| bundle.url.as_str()) else {
        return Vec::new();
    };
    let is_in = |url: &str| url.starts_with(index) || url == index.trim_end_matches('/');
    (0..plan.pages.len())
        .filter(|number| is_in(&plan.pages[*number].url))
        .collect()
}

/// What a page's file is called: its URL, decoded, in the form that all pages have which are
/// written there.
fn place_of(page: &PageSpec) -> Cow<'_, str> {
    let url = match page.kind {
        PageKind::Asset(_) if page.url.ends_with("/index.html") => {
            page.url.trim_end_matches("index.html")
        }
        _ => &page.url,
    };
    decode(url)
}

fn has_long_name(url: &str) -> bool {
    // Few URLs are as long as one name may be.
    url.len() > LONGEST_NAME && decode(url).split('/').any(|name| name.len() > LONGEST_NAME)
}

/// A problem with a page, at the file that it comes from.
fn told(
    code: &'static str,
    message: impl Fn(String) -> String,
    plan: &Plan,
    library: &Library,
    edition: &Edition,
    kind: &PageKind,
) -> Diagnostic {
    let (what, path) = origin(plan, library, edition, kind);
    let problem = Diagnostic::error(code, message(what));
    match path {
        Some(path) => problem.at(Location::file(path)),
        None => problem,
    }
}

/// The first part of a URL.
fn top(url: &str) -> &str {
    url[1..].split('/').next().unwrap_or_default()
}

/// The folders above a URL's file, as a file in their place would be called.
fn folders(url: &str) -> impl Iterator<Item = &str> {
    url.match_indices('/')
        .map(|(at, _)| &url[..at])
        .filter(|folder| !folder.is_empty())
}

fn collision(
    url: &str,
    plan: &Plan,
    library: &Library,
    edition: &Edition,
    first: &PageKind,
    second: &PageKind,
) -> Diagnostic {
    let (first, _) = origin(plan, library, edition, first);
    let message = |second| format!("two pages want the URL {url}: {first} and {second}");
    told("url-collision", message, plan, library, edition, second).help(match second {
        PageKind::Listing(ListingScope::Topic(_), _) => {
            "write both topics alike, or describe one with a file in the folder of topics that \
             sets another `slug`"
        }
        PageKind::Listing(ListingScope::Provider(_), _) => {
            "describe one of them with a file in the folder of providers that sets another `slug`"
        }
        PageKind::Alias(_) => {
            "take the alias out, or write another one; an alias is an address \
                               that no page has now"
        }
        _ => "rename one of the files, or give one of them a `slug` of its own",
    })
}

/// Where a page comes from, in words, and its file.
pub fn origin(
    plan: &Plan,
    library: &Library,
    edition: &Edition,
    kind: &PageKind,
) -> (String, Option<String>) {
    let of_listing = |scope: ListingScope| match scope {
        ListingScope::All => ("the front page".to_owned(), None),
        ListingScope::Topic(topic) => {
            let topic = &edition.topics[topic];
            let from = topic
                .path
                .as_ref()
                .map(|path| format!(" ({path})"))
                .unwrap_or_default();
            (
                format!("the topic `{}`{from}", topic.name),
                topic.path.clone(),
            )
        }
        ListingScope::Provider(provider) => {
            let provider = &edition.providers[provider];
            (
                format!("the provider `{}`", provider.domain),
                provider.path.clone(),
            )
        }
        ListingScope::Month(month) => {
            (format!("the month {}", plan.shared.months[month].url), None)
        }
    };
    match kind {
        PageKind::Listing(scope, _) | PageKind::Moved(scope) | PageKind::Feed(scope, _) => {
            of_listing(*scope)
        }
        PageKind::ApiNews(topic, _) => {
            of_listing(topic.map_or(ListingScope::All, ListingScope::Topic))
        }
        PageKind::Article(place) => {
            let path = &library.articles[edition.articles[*place].number].path;
            (path.clone(), Some(path.clone()))
        }
        PageKind::Alias(number) => {
            let path = match plan.aliases[*number].to {
                Target::Article(place) => &library.articles[edition.articles[place].number].path,
                Target::Standalone(number) => &library.pages[number].path,
            };
            (format!("an alias of {path}"), Some(path.clone()))
        }
        PageKind::Standalone(number) => (
            library.pages[*number].path.clone(),
            Some(library.pages[*number].path.clone()),
        ),
        PageKind::Digest(number) | PageKind::Email(number, _) => (
            format!("the digest {}", plan.shared.digest_urls[*number]),
            None,
        ),
        PageKind::Search => ("the search page (`search.enabled`)".to_owned(), None),
        PageKind::Asset(path) => (format!("static/{path}"), Some(format!("static/{path}"))),
        _ => ("a page of newsgen's own".to_owned(), None),
    }
}
