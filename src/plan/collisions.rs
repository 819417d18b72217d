//! Pages that want one file.

use ahash::{HashMap, HashMapExt, HashSet};

use super::{Kind, Of, PageSpec, Plan, Target};
use crate::content::Library;
use crate::curate::Edition;
use crate::diagnostic::{Diagnostic, Place};

/// Tells and leaves out pages whose file another page has, or needs as a folder.
pub(super) fn drop_all(plan: &mut Plan, library: &Library, edition: &Edition) -> Vec<Diagnostic> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(plan.pages.len());
    let mut dropped = Vec::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut told = std::collections::BTreeSet::new();
    for (number, page) in plan.pages.iter().enumerate() {
        let place = place(page);
        if let Some(other) = first.get(place) {
            // Two topics collide in their listing, their feeds and the API: that is one mistake.
            let kinds = [&plan.pages[*other].kind, &page.kind];
            if told.insert(kinds.map(|kind| origin(plan, library, edition, kind))) {
                problems.push(collision(place, plan, library, edition, kinds[0], kinds[1]));
            }
            dropped.push(number);
        } else {
            first.insert(place, number);
        }
    }
    // A file cannot stand where other pages need a folder. Only static files and aliases have free names.
    let is_free = |number: usize| matches!(plan.pages[number].kind, Kind::Asset(_) | Kind::Alias(_));
    let free: Vec<usize> = (0..plan.pages.len()).filter(|number| is_free(*number)).collect();
    let tops: HashSet<&str> = free.iter().map(|number| top(&plan.pages[*number].url)).collect();
    for (number, page) in plan.pages.iter().enumerate().filter(|(_, page)| tops.contains(top(&page.url))) {
        for above in folders(&page.url) {
            let Some(&file) = first.get(above).filter(|file| **file != number) else {
                continue;
            };
            let (stays, goes) = if is_free(file) { (number, file) } else { (file, number) };
            if is_free(goes) && !dropped.contains(&goes) {
                let kind = |number: usize| &plan.pages[number].kind;
                problems.push(collision(above, plan, library, edition, kind(stays), kind(goes)));
                dropped.push(goes);
            }
        }
    }
    drop((first, tops));
    for number in in_index(plan) {
        let (what, path) = origin(plan, library, edition, &plan.pages[number].kind);
        let message = format!("the search index has the URL {}, and {what} wants it, too", plan.pages[number].url);
        let problem = Diagnostic::error("url-collision", message)
            .help("rename the file, or switch search off with `search.enabled = false`");
        problems.push(match path {
            Some(path) => problem.at(Place::file(path)),
            None => problem,
        });
        dropped.push(number);
    }
    dropped.sort_unstable();
    dropped.dedup();
    for number in dropped.into_iter().rev() {
        plan.pages.remove(number);
    }
    problems
}

/// Pages whose file lies in the folder of the search index, where names are not known ahead, or in the place of that folder.
fn in_index(plan: &Plan) -> Vec<usize> {
    let Some(index) = plan.bundles.first().map(|bundle| bundle.url.as_str()) else {
        return Vec::new();
    };
    let is_in = |url: &str| url.starts_with(index) || url == index.trim_end_matches('/');
    (0..plan.pages.len()).filter(|number| is_in(&plan.pages[*number].url)).collect()
}

/// The URL of a page's file in the form that all pages have which are written there.
fn place(page: &PageSpec) -> &str {
    match page.kind {
        Kind::Asset(_) if page.url.ends_with("/index.html") => page.url.trim_end_matches("index.html"),
        _ => &page.url,
    }
}

/// The first part of a URL.
fn top(url: &str) -> &str {
    url[1..].split('/').next().unwrap_or_default()
}

/// The folders above a URL's file, as a file in their place would be called.
fn folders(url: &str) -> impl Iterator<Item = &str> {
    url.match_indices('/').map(|(at, _)| &url[..at]).filter(|folder| !folder.is_empty())
}

fn collision(url: &str, plan: &Plan, library: &Library, edition: &Edition, first: &Kind, second: &Kind) -> Diagnostic {
    let kind = second;
    let (first, _) = origin(plan, library, edition, first);
    let (second, path) = origin(plan, library, edition, second);
    let diagnostic = Diagnostic::error("url-collision", format!("two pages want the URL {url}: {first} and {second}"))
        .help(match kind {
            Kind::Listing(Of::Topic(_), _) => {
                "write both topics alike, or describe one with a file in the folder of topics that sets another `slug`"
            }
            Kind::Alias(_) => "take the alias out, or write another one; an alias is an address that no page has now",
            _ => "rename one of the files, or give one of them a `slug` of its own",
        });
    match path {
        Some(path) => diagnostic.at(Place::file(path)),
        None => diagnostic,
    }
}

/// Where a page comes from, in words, and its file.
pub fn origin(plan: &Plan, library: &Library, edition: &Edition, kind: &Kind) -> (String, Option<String>) {
    let of_listing = |of: Of| match of {
        Of::All => ("the front page".to_owned(), None),
        Of::Topic(topic) => {
            let topic = &edition.topics[topic];
            let from = topic.path.as_ref().map(|path| format!(" ({path})")).unwrap_or_default();
            (format!("the topic `{}`{from}", topic.name), topic.path.clone())
        }
        Of::Provider(provider) => {
            let provider = &edition.providers[provider];
            (format!("the provider `{}`", provider.domain), provider.path.clone())
        }
        Of::Month(month) => (format!("the month {}", plan.shared.months[month].url), None),
    };
    match kind {
        Kind::Listing(of, _) | Kind::Moved(of) | Kind::Feed(of, _) => of_listing(*of),
        Kind::ApiNews(topic, _) => of_listing(topic.map_or(Of::All, Of::Topic)),
        Kind::Article(place) => {
            let path = &library.articles[edition.articles[*place].number].path;
            (path.clone(), Some(path.clone()))
        }
        Kind::Alias(number) => {
            let path = match plan.aliases[*number].to {
                Target::Article(place) => &library.articles[edition.articles[place].number].path,
                Target::Standalone(number) => &library.pages[number].path,
            };
            (format!("an alias of {path}"), Some(path.clone()))
        }
        Kind::Standalone(number) => (library.pages[*number].path.clone(), Some(library.pages[*number].path.clone())),
        Kind::Issue(number) | Kind::Letter(number, _) => {
            (format!("the digest {}", plan.shared.issue_urls[*number]), None)
        }
        Kind::Search => ("the search page (`search.enabled`)".to_owned(), None),
        Kind::Asset(path) => (format!("static/{path}"), Some(format!("static/{path}"))),
        _ => ("a page of newsgen's own".to_owned(), None),
    }
}
