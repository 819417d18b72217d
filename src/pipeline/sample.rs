//! Sample content for templates that no page of a site needs yet: a mistake in `digest.html` comes
//! to light before the first digest does.

use std::collections::BTreeSet;
use std::io;

use super::{BuildContext, CacheAt, Site, Timings, prepare};
use crate::config::{Config, Overrides, Theme as ThemeSettings};
use crate::curate::Drafts;
use crate::diagnostic::{Diagnostic, Severity};
use crate::plan::PageSpec;
use crate::render::RenderError;
use crate::time::Time;
use crate::workspace::{Listing, Memory, Workspace};

/// Settings under which there is a page of every kind; the others have their defaults.
const SETTINGS: &str = "nav = [\"Sample\"]\n";

/// The topics, a provider, a page and a source, each with every field.
const OTHERS: [(&str, &str); 5] = [
    (
        "content/topics/sample.yaml",
        "name: Sample\ndescription: A topic.\n",
    ),
    (
        "content/topics/part.yaml",
        "name: Part\nparent: Sample\ndescription: A part of it.\n",
    ),
    (
        "content/providers/sample.yaml",
        "domain: sample.example\nname: Sample\nurl: https://sample.example/\n\
         description: A provider.\n",
    ),
    (
        "content/pages/sample.md",
        "---\ntitle: Sample\ndescription: A page.\n---\nText.\n",
    ),
    (
        "content/sources/sample.yaml",
        "feed: https://sample.example/feed\ntitle: Sample\ntopics: [Sample]\nlanguage: en\n",
    ),
];

/// How many articles there are: some for the head of a listing, the others for numbered pages.
const ARTICLES: usize = 5;

/// What counts as now: the digest of the week of the articles is out.
const NOW: &str = "2001-01-15T12:00:00Z";

/// The file of an article with every field, the newest with number 0.
fn article(number: usize) -> (String, String) {
    let day = 6 - number;
    let text = format!(
        "---\ntitle: Sample article {number}\nexcerpt: What is in sample article {number}.\n\
         publishedDateTime: 2001-01-0{day}T10:00:00Z\nupdatedDateTime: 2001-01-0{day}T11:00:00Z\n\
         originalUrl: https://sample.example/{number}\nprovider:\n  domain: sample.example\n\
         topics: [Part, Sample]\ntags: [sample]\nevent: sample\nauthors: [A. Sample]\n\
         quality: 80\nheat: 50\ntype: video\n\
         length: 4 min\naliases: [/old/{number}/]\nimages:\n\
         \x20 - url: https://sample.example/{number}.jpg\n    width: 1200\n    height: 630\n    \
         alt: A picture.\nrelated:\n  - title: A related story\n    \
         webUrl: https://sample.example/\n    provider:\n\
         \x20     domain: sample.example\n---\nThe text.\n"
    );
    (format!("content/news/sample-{number}.md"), text)
}

/// Templates and static files of a site, and the sample content.
struct Sample<'a> {
    site: &'a dyn Workspace,
    theme: &'a ThemeSettings,
    content: Memory,
}

impl Sample<'_> {
    fn of(&self, path: &str) -> &dyn Workspace {
        let mut folders = self.theme.folders();
        let is_theme = folders.any(|folder| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        match is_theme {
            true => self.site,
            false => &self.content,
        }
    }
}

impl Workspace for Sample<'_> {
    fn list(&self, folder: &str) -> Listing {
        self.of(folder).list(folder)
    }

    fn has_folder(&self, folder: &str) -> bool {
        self.of(folder).has_folder(folder)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.of(path).read(path)
    }

    fn clock(&self) -> i64 {
        self.site.clock()
    }
}

/// Warnings of templates that no page of a site needs, and that fail with sample content.
pub(super) fn try_out(site: &Site, source: &dyn Workspace) -> Vec<Diagnostic> {
    let templates = |site: &Site| -> BTreeSet<&'static str> {
        let pages = site.plan.pages.iter();
        pages.filter_map(|page| page.kind.template()).collect()
    };
    let needed = templates(site);
    if site.theme.own_in_all_but(&needed).next().is_none() {
        return Vec::new();
    }
    let Some(sample) = sample(site, source) else {
        return Vec::new();
    };
    let untried: BTreeSet<&str> = site.theme.own_in_all_but(&needed).collect();
    let page_of = |template: &str| -> Option<&PageSpec> {
        let is_its = |page: &&PageSpec| page.kind.template() == Some(template);
        // An article that an older one leads to has more to show than the oldest.
        sample.plan.pages.iter().find(is_its)
    };
    let failed = untried.into_iter().filter_map(page_of).filter_map(|page| {
        match sample.render(source, page).err()? {
            RenderError::Template(problem) => Some(warning(problem)),
            // There is no cache, and a plan that names too little shows in real pages too.
            RenderError::Cache | RenderError::Undeclared(_) => None,
        }
    });
    failed.collect()
}

/// The site with sample content: its looks and addresses, and default rules.
fn sample(site: &Site, source: &dyn Workspace) -> Option<Site> {
    let rules = Config::resolve(&site.config.path, SETTINGS, &Overrides::default()).ok()?;
    let mut config = site.config.clone();
    config.nav = rules.nav;
    config.content = rules.content;
    config.curation = rules.curation;
    config.related = rules.related;
    config.event_pages = rules.event_pages;
    config.lists = rules.lists;
    config.tag_pages = true;
    config.article_pages = rules.article_pages;
    config.older = rules.older;
    config.front = rules.front;
    config.page_size = 1;
    config.digests = config.digests.or(rules.digests);
    config.search = config.search.or(rules.search);
    config.archive = true;
    config.source_page = true;
    let files = OTHERS.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let files = files.into_iter().chain((0..ARTICLES).map(article));
    let content = files.fold(Memory::default(), |memory, (path, text)| {
        memory.with(&path, text)
    });
    let workspace = Sample {
        site: source,
        theme: &site.config.theme,
        content,
    };
    let context = BuildContext {
        now: Time::parse(NOW, &site.config.time_zone).ok()?,
        drafts: Drafts::Out,
    };
    let mut timings = Timings::default();
    prepare(&workspace, config, context, CacheAt::Nowhere, &mut timings).ok()
}

fn warning(problem: Diagnostic) -> Diagnostic {
    let message = format!(
        "{}; the site has no such page yet, and this is one of sample content",
        problem.message
    );
    Diagnostic {
        severity: Severity::Warning,
        message,
        ..problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_has_a_page_for_every_template_and_no_mistake() {
        let config = Config::resolve("site.toml", "", &Overrides::default());
        let now = Time::parse(NOW, &jiff::tz::TimeZone::UTC).unwrap();
        let context = BuildContext {
            now,
            drafts: Drafts::Out,
        };
        let files = Memory::default().with("templates/article.html", "");
        let site = prepare(
            &files,
            config.unwrap(),
            context,
            CacheAt::Nowhere,
            &mut Timings::default(),
        );
        let site = site.unwrap();
        let sample = sample(&site, &files).unwrap();
        assert_eq!(sample.problems, []);
        assert_eq!(sample.edition().dropped.len(), 0);
        let made: BTreeSet<&str> = sample
            .plan
            .pages
            .iter()
            .filter_map(|page| page.kind.template())
            .collect();
        let parts = ["base.html", "components.html"];
        let all = site.theme.template_names();
        let all = all.filter(|name| !parts.contains(name) && !name.starts_with("hooks/"));
        let all = all.filter(|name| cfg!(feature = "search") || *name != "search.html");
        assert_eq!(made, all.collect());
    }
}
