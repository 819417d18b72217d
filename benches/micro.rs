//! Micro-benchmarks of the stages: `cargo bench --bench micro`.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that cannot be set up should stop"
)]

#[allow(
    dead_code,
    unused_imports,
    reason = "the benchmark uses a part of the generator"
)]
#[path = "corpus/mod.rs"]
mod corpus;
mod home_made;

use std::collections::BTreeSet;

use divan::{Bencher, counter::ItemsCount};
use newsgen::config::{Config, Overrides};
use newsgen::content::{Library, Parser};
use newsgen::curate::{self, Drafts, Edition};
use newsgen::diagnostic::Diagnostic;
use newsgen::ids::{EditionId, List};
use newsgen::plan::inputs::SiteInputs;
use newsgen::plan::{self, ListingScope, PageKind, Part, SitePlan};
use newsgen::render::{Renderer, SharedValues};
use newsgen::theme::Theme;
use newsgen::time::Time;
use newsgen::workspace::Memory;

const ARTICLES: usize = 2000;

fn main() {
    divan::main();
}

fn config() -> Config {
    let text = "title = \"Bench\"\n[curation]\nmin_quality = 40\n";
    Config::resolve("site.toml", text, &Overrides::default()).expect("the settings are right")
}

fn now() -> Time {
    Time::parse("2026-11-01T00:00:00Z", &jiff::tz::TimeZone::UTC).expect("a date")
}

fn files() -> Vec<(String, String)> {
    (0..ARTICLES)
        .map(|index| corpus::article(1, index, ARTICLES))
        .collect()
}

/// A site of generated articles, as far as it goes before rendering.
struct Site {
    config: Config,
    library: Library,
    editions: List<EditionId, Edition>,
    theme: Theme,
    plan: SitePlan,
    values: SharedValues,
}

impl Site {
    fn new() -> Site {
        let config = config();
        let parser = Parser::new(&config);
        let parse = |(path, text): (String, String)| {
            let parsed = parser
                .article(&path, text.as_bytes())
                .expect("a generated article parses");
            (path, parsed)
        };
        let library = Library::of(files().into_iter().map(parse).collect());
        let (edition, _) = curate_with(&library, &config, &curate::Memory::default());
        let mut theme =
            Theme::load(&Memory::default(), &config).expect("the default theme is right");
        let editions = std::iter::once(edition).collect();
        let plan = plan::plan(&library, &editions, &config, &theme, now()).plan;
        let (plans, id) = (&plan.editions, EditionId::DEFAULT);
        let inputs = SiteInputs::new(&library, &editions, plans, &theme.assets, id);
        let shared = Renderer::shared(inputs);
        theme.set_shared(std::iter::once(shared).collect());
        let values = SharedValues::new(plan.edition());
        Site {
            config,
            library,
            editions,
            theme,
            plan,
            values,
        }
    }

    fn render(&self, wanted: impl Fn(&PageKind) -> bool) -> usize {
        let (plans, id) = (&self.plan.editions, EditionId::DEFAULT);
        let (library, assets) = (&self.library, &self.theme.assets);
        let inputs = SiteInputs::new(library, &self.editions, plans, assets, id);
        let renderer = Renderer::new(inputs, &self.theme, &self.values, &self.config);
        let pages = self
            .plan
            .pages
            .iter()
            .filter(|page| wanted(&page.kind))
            .take(100);
        pages
            .map(|page| renderer.render(page).expect("the page renders").len())
            .sum()
    }
}

fn curate_with(
    library: &Library,
    config: &Config,
    memory: &curate::Memory,
) -> (Edition, Vec<Diagnostic>) {
    let nothing = BTreeSet::new();
    curate::curate(library, config, now(), Drafts::Out, &nothing, memory)
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let config = config();
    let parser = Parser::new(&config);
    let files = files();
    bencher.counter(ItemsCount::new(files.len())).bench(|| {
        files
            .iter()
            .filter(|(path, text)| parser.article(path, text.as_bytes()).is_ok())
            .count()
    });
}

#[divan::bench]
fn curate_all(bencher: Bencher<'_, '_>) {
    let site = Site::new();
    let counter = ItemsCount::new(site.library.articles.len());
    bencher
        .counter(counter)
        .bench(|| curate_with(&site.library, &site.config, &curate::Memory::default()));
}

/// What `serve` does after an edit.
#[divan::bench]
fn curate_again(bencher: Bencher<'_, '_>) {
    let site = Site::new();
    let edition = &site.editions[EditionId::DEFAULT];
    let counter = ItemsCount::new(site.library.articles.len());
    bencher
        .counter(counter)
        .bench(|| curate_with(&site.library, &site.config, edition.memory()));
}

#[divan::bench]
fn plan_all(bencher: Bencher<'_, '_>) {
    let site = Site::new();
    let counter = ItemsCount::new(site.plan.pages.len());
    bencher.counter(counter).bench(|| {
        plan::plan(
            &site.library,
            &site.editions,
            &site.config,
            &site.theme,
            now(),
        )
    });
}

#[divan::bench]
fn render_articles(bencher: Bencher<'_, '_>) {
    let site = Site::new();
    bencher
        .counter(ItemsCount::new(100usize))
        .bench(|| site.render(|kind| matches!(kind, PageKind::Article(_))));
}

#[divan::bench]
fn render_listings(bencher: Bencher<'_, '_>) {
    let site = Site::new();
    let is_numbered = |kind: &PageKind| {
        matches!(
            kind,
            PageKind::Listing(ListingScope::All, Part::Numbered(_))
        )
    };
    let count = site
        .plan
        .pages
        .iter()
        .filter(|page| is_numbered(&page.kind))
        .count()
        .min(100);
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| site.render(is_numbered));
}
