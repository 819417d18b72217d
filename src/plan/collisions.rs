//! Pages that want one file.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ahash::{HashMap, HashSet};
use rayon::prelude::*;

use super::route::{self, Routes, fixed};
use super::{ListingScope, PageKind, PageSpec, Part, Plan, SitePlan, Target};
use crate::config::Config;
use crate::content::Library;
use crate::curate::Edition;
use crate::diagnostic::{Diagnostic, Location};
use crate::ids::{ArticleId, EditionId, List, PageId, ProviderId, StandaloneId, TopicId};
use crate::output_path::{self, Conflict, ConflictKind, LONGEST_NAME, LONGEST_PATH, fold};
use crate::percent::decode;
use crate::theme::Assets;

/// Tells and leaves out pages whose file another page has, or needs as a folder, or that no file
/// system could hold. Returns the articles among them, too.
pub(super) fn drop_all(
    plan: &mut SitePlan,
    library: &Library,
    editions: &List<EditionId, Edition>,
) -> (BTreeSet<ArticleId>, Vec<Diagnostic>) {
    let origins = Origins {
        plan,
        library,
        editions,
    };
    let mut goes: List<PageId, bool> = plan.pages.map(|_| false);
    let of_edition = |id: EditionId| {
        let of_moved = move |Moved { scope, url, there }: &Moved| {
            let listing = PageKind::Listing(*scope, Part::Head);
            origins.collision(url, ConflictKind::Same, [(id, there), (id, &listing)])
        };
        plan.editions[id].shared.moved.iter().map(of_moved)
    };
    let mut problems: Vec<Diagnostic> = plan.editions.ids().flat_map(of_edition).collect();

    let files: List<PageId, String> = plan
        .pages
        .as_slice()
        .par_iter()
        .with_min_len(512)
        .map(|page| route::file_of(&page.url))
        .collect();
    let folded: List<PageId, Cow<'_, str>> = files
        .as_slice()
        .par_iter()
        .with_min_len(512)
        .map(|file| fold(file))
        .collect();

    // On nearly all sites nothing has to go, and that is found out side by side.
    let (impossible, can_all_stand) = rayon::join(
        || impossible(plan, &files),
        || output_path::can_all_stand(folded.as_slice()),
    );
    drop_strays(origins, &mut goes, &mut problems);
    drop_impossible(origins, &files, impossible, &mut goes, &mut problems);
    if !can_all_stand {
        drop_conflicts(origins, &folded, &mut goes, &mut problems);
    }
    drop_reserved(origins, &folded, &mut goes, &mut problems);

    let article = |page: &PageSpec| match page.kind {
        PageKind::Article(position) => Some(editions[page.edition].articles[position].article),
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
    plan.pages.retain_mut(|_| !goes.next().unwrap_or_default());
    (unroutable, problems)
}

/// Leaves out pages that would stand where the files of the search index do.
fn drop_reserved(
    origins: Origins<'_>,
    folded: &List<PageId, Cow<'_, str>>,
    goes: &mut List<PageId, bool>,
    problems: &mut Vec<Diagnostic>,
) {
    for id in in_index(origins.plan, folded) {
        let page = &origins.plan.pages[id];
        let message = |what| {
            format!(
                "{what} has the URL {}, which is reserved for the search index",
                page.url
            )
        };
        let problem = origins.reported("url-collision", message, page.of_edition());
        problems.push(
            problem.help("rename the file, or turn search off with `search.enabled = false`"),
        );
        goes[id] = true;
    }
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

/// The heads of all listings of topics and providers.
pub(super) struct ListingUrls {
    pub(super) topics: List<TopicId, String>,
    pub(super) providers: List<ProviderId, String>,
    /// Those that are not where they should be.
    pub(super) moved: Vec<Moved>,
}

/// Where listings stand, by where they should. One whose file another listing or one of the
/// `others` has gets a number at its end: that is an error, but in a site that is built all the
/// same no story leads to the listing of others.
pub(super) fn listing_urls(
    topics: List<TopicId, String>,
    providers: List<ProviderId, String>,
    others: impl Iterator<Item = (String, PageKind)>,
) -> ListingUrls {
    let file = |url: &str| fold(&route::file_of(url)).into_owned();
    let mut holders: HashMap<String, PageKind> = HashMap::default();
    for (url, kind) in others {
        holders.entry(file(&url)).or_insert(kind);
    }
    let mut taken: HashSet<String> = holders.keys().cloned().collect();
    taken.extend(topics.iter().chain(&providers).map(|url| file(url)));
    // The last number that was given for a URL: the next one is looked for above it.
    let mut last: HashMap<String, usize> = HashMap::default();
    let mut moved = Vec::new();
    let mut place = |(scope, url): (ListingScope, String)| {
        let wanted = file(&url);
        let Some(there) = holders.get(&wanted).cloned() else {
            holders.insert(wanted, PageKind::Listing(scope, Part::Head));
            return url;
        };
        let number = last.entry(wanted).or_insert(1);
        let free = loop {
            *number += 1;
            let free = numbered(&url, *number);
            if taken.insert(file(&free)) {
                break free;
            }
        };
        moved.push(Moved { scope, url, there });
        free
    };
    let scopes = topics.ids().map(ListingScope::Topic);
    let topics = scopes.zip(topics).map(&mut place).collect();
    let scopes = providers.ids().map(ListingScope::Provider);
    let providers = scopes.zip(providers).map(&mut place).collect();
    ListingUrls {
        topics,
        providers,
        moved,
    }
}

/// Pages whose places are not for the listings of topics and providers: those of newsgen's own, and
/// what the owner wrote.
pub(super) fn not_for_listings<'a>(
    config: &'a Config,
    routes: &'a Routes,
    edition: &'a Edition,
    page_urls: &'a List<StandaloneId, String>,
    assets: &'a Assets,
) -> impl Iterator<Item = (String, PageKind)> + 'a {
    let home = PageKind::Listing(ListingScope::All, Part::Head);
    let own = [
        (true, fixed::HOME, home),
        (true, fixed::TOPICS, PageKind::Topics),
        (true, fixed::PROVIDERS, PageKind::Providers),
        (config.tag_pages, fixed::TAGS, PageKind::Tags),
        (config.archive, fixed::ARCHIVE, PageKind::Archive),
        (config.source_page, fixed::SOURCES, PageKind::Sources),
        (config.digests.is_some(), fixed::DIGESTS, PageKind::Digests),
        (config.search.is_some(), fixed::SEARCH, PageKind::Search),
    ];
    let own = own.into_iter().filter(|(is_there, ..)| *is_there);
    let pages = edition.pages.iter();
    let pages = pages.map(|id| (page_urls[*id].clone(), PageKind::Standalone(*id)));
    // The heads of listings are the files of folders.
    let assets = assets.iter().map(|(path, _)| path);
    let assets = assets.filter(|path| path.to_ascii_lowercase().ends_with(".html"));
    own.map(|(_, url, kind)| (routes.at(url).into_owned(), kind))
        .chain(pages)
        .chain(assets.map(|path| (route::asset(path), PageKind::Asset(path.to_owned()))))
}

fn numbered(url: &str, number: usize) -> String {
    format!("{}-{number}/", url.trim_end_matches('/'))
}

/// Which of two pages that want one file stays: the one with the smaller rank. What newsgen makes
/// and the owner wrote comes before what an article asks for. A static file that blocks the folder
/// of many articles goes; but see [`takes_static_file`].
fn rank(kind: &PageKind) -> u8 {
    let of_names = |scope: &ListingScope| {
        !matches!(
            scope,
            ListingScope::All | ListingScope::Month(_) | ListingScope::List(_)
        )
    };
    match kind {
        PageKind::Alias(_) => 7,
        // What belongs to an article goes before the article, and before others.
        PageKind::File(_) => 6,
        PageKind::Asset(_) => 4,
        // Others lead to listings, and nothing has to lead to an article.
        PageKind::Article(_) => 3,
        PageKind::Listing(scope, _) | PageKind::Moved(scope) | PageKind::Feed(scope, _)
            if of_names(scope) =>
        {
            RANK_OF_NAMES
        }
        PageKind::ApiNews(Some(_), _) => RANK_OF_NAMES,
        PageKind::Standalone(_) => 1,
        _ => 0,
    }
}

/// The rank of listings that articles bring by what they name: topics, providers, events, tags.
const RANK_OF_NAMES: u8 = 2;
/// The rank of an article in whose very place the owner has a file.
const RANK_OF_TAKER: u8 = 5;
/// The rank of a page that cannot stand in any case.
const RANK_OF_NONE: u8 = 8;

/// The static files, folded, in the place of which an article may want to be: those that servers
/// send for a folder, and those that are called like one.
fn static_places<'a>(plan: &SitePlan, folded: &'a List<PageId, Cow<'_, str>>) -> HashSet<&'a str> {
    let assets = plan.pages.iter().zip(folded.iter());
    let assets = assets.filter(|(page, _)| matches!(page.kind, PageKind::Asset(_)));
    assets
        .map(|(_, file)| file.as_ref())
        .filter(|file| {
            let name = file.rsplit('/').next().unwrap_or_default();
            !name.contains('.') || name.ends_with(".html")
        })
        .collect()
}

/// Whether an article's file, or the folder that is its alone, is a static file.
fn takes_static_file(file: &str, places: &HashSet<&str>) -> bool {
    let folder = file.rsplit_once('/').map(|(folder, _)| folder);
    !places.is_empty()
        && (places.contains(file) || folder.is_some_and(|folder| places.contains(folder)))
}

fn drop_conflicts(
    origins: Origins<'_>,
    folded: &List<PageId, Cow<'_, str>>,
    goes: &mut List<PageId, bool>,
    problems: &mut Vec<Diagnostic>,
) {
    let plan = origins.plan;
    let page = |id: PageId| plan.pages[id].of_edition();
    let mut reported = BTreeSet::new();
    let places = static_places(plan, folded);
    let ranks: List<PageId, u8> = plan
        .pages
        .ids()
        .map(|id| match &plan.pages[id].kind {
            _ if goes[id] => RANK_OF_NONE,
            PageKind::Article(_) if takes_static_file(&folded[id], &places) => RANK_OF_TAKER,
            kind if origins.is_of_tag(plan.pages[id].edition, kind) => RANK_OF_NAMES,
            kind => rank(kind),
        })
        .collect();
    for conflict in output_path::conflicts(folded, |id| ranks[id]) {
        let Conflict {
            stays,
            goes: yields,
            kind: conflict,
        } = conflict;
        if std::mem::replace(&mut goes[yields], true) {
            continue;
        }
        // Two that collide in a listing collide in their feeds and the API, too: that is one
        // mistake.
        let pages = [stays, yields].map(page);
        if reported.insert(pages.map(|page| origins.of(page))) {
            let url = &*decode(&plan.pages[stays].url);
            problems.push(origins.collision(url, conflict, pages));
        }
    }
}

/// Pages whose path no file system could hold, or that is for hosts and tools.
fn impossible(plan: &SitePlan, files: &List<PageId, String>) -> Vec<PageId> {
    let ids = plan.pages.par_ids().with_min_len(512);
    let is_impossible = |id: &PageId| {
        let file = &files[*id];
        file.len() > LONGEST_PATH
            || has_long_name(file)
            || reserved(&plan.pages[*id].kind, file).is_some()
    };
    ids.filter(is_impossible).collect()
}

/// Whether some part of a path is longer than names may be. Few paths are as long as one name.
fn has_long_name(file: &str) -> bool {
    file.len() > LONGEST_NAME && file.split('/').any(|name| name.len() > LONGEST_NAME)
}

/// Leaves out pages that are [`impossible`].
fn drop_impossible(
    origins: Origins<'_>,
    files: &List<PageId, String>,
    impossible: Vec<PageId>,
    goes: &mut List<PageId, bool>,
    problems: &mut Vec<Diagnostic>,
) {
    for id in impossible {
        let page = &origins.plan.pages[id];
        let url = &page.url;
        let file = &files[id];
        if file.len() > LONGEST_PATH {
            let message =
                |what| format!("{what} wants a URL of more than {LONGEST_PATH} bytes: {url}");
            let problem = origins.reported("url-length", message, page.of_edition());
            problems.push(problem.help("write another pattern in `permalinks`"));
            goes[id] = true;
        } else if has_long_name(file) {
            let message = |what| {
                format!(
                    "{what} has the URL {url}, of which a segment is longer than {LONGEST_NAME} \
                     bytes"
                )
            };
            let problem = origins.reported("url-length", message, page.of_edition());
            problems.push(problem.help(
                "file systems do not support such long names: use a shorter slug or another \
                 pattern in `permalinks`",
            ));
            goes[id] = true;
        } else if let Some(reason) = reserved(&page.kind, file) {
            let message = |what| format!("{what} wants the URL {url}, which {reason}");
            let problem = origins.reported("url-reserved", message, page.of_edition());
            problems.push(problem.help("write another slug, or another pattern in `permalinks`"));
            goes[id] = true;
        }
    }
}

/// Leaves out pages that an edition wants to have in the folder of another one: who looks for
/// `/de/` there gets a page in another language.
fn drop_strays(
    origins: Origins<'_>,
    goes: &mut List<PageId, bool>,
    problems: &mut Vec<Diagnostic>,
) {
    let plan = origins.plan;
    let of_edition = |(id, plan): (EditionId, &Plan)| (id, plan.shared.routes.root());
    let roots: Vec<(EditionId, String)> = plan.editions.enumerate().map(of_edition).collect();
    // The folder of the default edition is that of all.
    let roots: Vec<(EditionId, String)> =
        roots.into_iter().filter(|(_, root)| root != "/").collect();
    if roots.is_empty() {
        return;
    }
    let mut known = BTreeSet::new();
    for (id, page) in plan.pages.enumerate() {
        let is_free = matches!(
            page.kind,
            PageKind::Asset(_) | PageKind::File(_) | PageKind::Alias(_)
        );
        let is_strange = |(edition, root): &&(EditionId, String)| {
            *edition != page.edition && page.url.starts_with(root.as_str())
        };
        let Some((_, root)) = roots.iter().find(is_strange).filter(|_| !is_free) else {
            continue;
        };
        goes[id] = true;
        if known.insert(origins.of(page.of_edition())) {
            let message = |what| {
                format!(
                    "{what} wants the URL {}, and {root} is the folder of another language",
                    page.url
                )
            };
            let problem = origins.reported("url-language", message, page.of_edition());
            problems.push(problem.help(
                "rename the file, write another slug, or set another `path` for the language",
            ));
        }
    }
}

/// Why a page may not have its file. What newsgen makes for hosts has its place there, and so have
/// the owner's static files.
fn reserved(kind: &PageKind, file: &str) -> Option<&'static str> {
    match kind {
        PageKind::Asset(_)
        | PageKind::NoJekyll
        | PageKind::Cname
        | PageKind::Headers
        | PageKind::Redirects
        | PageKind::Server(_) => None,
        _ => output_path::reserved(file),
    }
}

/// Pages whose file lies in the folder of the search index, where names are not known ahead, or in
/// the place of that folder.
fn in_index(plan: &SitePlan, folded: &List<PageId, Cow<'_, str>>) -> Vec<PageId> {
    let heads = plan.editions.iter();
    let heads = heads.filter_map(|edition| {
        let head = edition.search_parts.first()?.clone();
        Some(edition.shared.routes.in_output(head))
    });
    let folders: Vec<_> = heads
        .map(|url| fold(url.trim_start_matches('/')).into_owned())
        .collect();
    let is_in = |file: &str| {
        folders
            .iter()
            .any(|folder| file.starts_with(folder) || file == folder.trim_end_matches('/'))
    };
    let files = folded.enumerate().filter(|(_, file)| is_in(file));
    files.map(|(id, _)| id).collect()
}

impl PageSpec {
    fn of_edition(&self) -> (EditionId, &PageKind) {
        (self.edition, &self.kind)
    }
}

/// Tells where pages come from.
#[derive(Clone, Copy)]
pub(super) struct Origins<'a> {
    plan: &'a SitePlan,
    library: &'a Library,
    editions: &'a List<EditionId, Edition>,
}

impl Origins<'_> {
    /// Whether a page is of the articles with a tag.
    fn is_of_tag(self, edition: EditionId, kind: &PageKind) -> bool {
        match kind {
            PageKind::Listing(ListingScope::List(list), _)
            | PageKind::Moved(ListingScope::List(list)) => {
                self.editions[edition].lists[*list].path.is_none()
            }
            _ => false,
        }
    }

    /// A problem with a page, at the file that it comes from.
    fn reported(
        self,
        code: &'static str,
        message: impl Fn(String) -> String,
        page: (EditionId, &PageKind),
    ) -> Diagnostic {
        let (what, path) = self.of(page);
        let problem = Diagnostic::error(code, message(what));
        match path {
            Some(path) => problem.at(Location::file(path)),
            None => problem,
        }
    }

    fn collision(
        self,
        url: &str,
        conflict: ConflictKind,
        [first, second]: [(EditionId, &PageKind); 2],
    ) -> Diagnostic {
        let (first, _) = self.of(first);
        let message = |second| match conflict {
            ConflictKind::Same => format!("two pages have the URL {url}: {first} and {second}"),
            ConflictKind::Folder => format!(
                "two pages have the URL {url}: {first} and {second}, one as a file and one as a \
                 folder"
            ),
        };
        let help = match second.1 {
            PageKind::Listing(ListingScope::Topic(_), _) => {
                "write both topics alike, or describe one with a file in the folder of topics that \
                 sets another `slug`"
            }
            PageKind::Listing(ListingScope::Provider(_), _) => {
                "describe one of them with a file in the folder of providers that sets another \
                 `slug`"
            }
            PageKind::Listing(ListingScope::Event(_), _) => {
                "give the event a name of its own, with `event` in the front matter of a report, \
                 or set `events.pages = false`"
            }
            PageKind::Alias(_) => {
                "take the alias out, or write another one; an alias is an address that no page and \
                 no static file has now, in capitals or not"
            }
            _ => "rename one of the files, or give one of them a `slug` of its own",
        };
        self.reported("url-collision", message, second).help(help)
    }

    /// Where a page comes from, in words, and its file.
    fn of(self, (id, kind): (EditionId, &PageKind)) -> (String, Option<String>) {
        let Origins { library, .. } = self;
        let (edition, plan) = (&self.editions[id], &self.plan.editions[id]);
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
            ListingScope::List(list) => (format!("the list `{}`", edition.lists[list].name), None),
            ListingScope::Event(event) => {
                let slug = &edition.events[event].slug;
                (format!("the event `{slug}`"), None)
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
            PageKind::Article(position) => {
                let path = &library.articles[edition.articles[*position].article].path;
                (path.clone(), Some(path.clone()))
            }
            PageKind::Alias(id) => {
                let path = match plan.aliases[*id].to {
                    Target::Article(position) => {
                        &library.articles[edition.articles[position].article].path
                    }
                    Target::Standalone(id) => &library.pages[id].path,
                };
                (format!("an alias of {path}"), Some(path.clone()))
            }
            PageKind::Standalone(id) => {
                let path = &library.pages[*id].path;
                (path.clone(), Some(path.clone()))
            }
            PageKind::Digest(id) | PageKind::Email(id, _) => {
                (format!("the digest {}", plan.shared.digest_urls[*id]), None)
            }
            PageKind::Search => ("the search page (`search.enabled`)".to_owned(), None),
            PageKind::Asset(path) => match self.plan.static_files.get(path) {
                Some(file) => (file.clone(), Some(file.clone())),
                None => (format!("the static file {path}"), None),
            },
            PageKind::File(path) => (path.clone(), Some(path.clone())),
            _ => ("a page of newsgen's own".to_owned(), None),
        }
    }
}
