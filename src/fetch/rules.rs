//! What becomes of an entry before a person sees it: the rules of its source and of the site, and
//! every reason. Pure.

use crate::config::{Fetch, Part, Pattern, Setting};
use crate::content::SourceFile;
use crate::time::Time;
use crate::words::language_of;

use super::feed::{Entry, Feed};
use crate::condition::is_language_of;

/// What the rules decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It becomes a candidate.
    Queued,
    /// It does not.
    Dropped,
}

impl Decision {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Queued => "queued",
            Decision::Dropped => "dropped",
        }
    }
}

/// A decision, with its reasons in words: those why an entry is dropped, or the patterns that it
/// is kept for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of the entry.
    pub decision: Decision,
    /// Why.
    pub reasons: Vec<String>,
}

/// Decides on an entry of a feed. The rules of a source take the place of those of the site, but
/// for patterns: those of both apply.
pub fn judge(
    entry: &Entry,
    feed: &Feed,
    source: Option<&SourceFile>,
    site: &Fetch,
    now: Time,
) -> Verdict {
    let mut against = Vec::new();
    let mut for_it = Vec::new();
    if entry.url().is_none() {
        against.push("it has no link to a page of the web".to_owned());
    }
    if entry.title.is_none() {
        against.push("it has no title".to_owned());
    }
    let of_source = |name: &str| {
        source.map(|source| format!("{name}, {}", source.rules.location(&source.path, name)))
    };
    let own = source.map(|source| &source.rules);
    let lists = [
        own.map(|rules| {
            (
                &rules.keep,
                &rules.skip,
                of_source("keep"),
                of_source("skip"),
            )
        }),
        Some((
            &site.keep.value,
            &site.skip.value,
            Some(format!("fetch.keep, {}", site.keep.location)),
            Some(format!("fetch.skip, {}", site.skip.location)),
        )),
    ];
    for (keep, skip, keep_place, skip_place) in lists.into_iter().flatten() {
        let place = skip_place.unwrap_or_default();
        let unwanted = skip.iter().filter_map(|pattern| {
            let part = fitting(entry, pattern)?;
            Some(format!("its {} fits `{pattern}` ({place})", part.name()))
        });
        against.extend(unwanted);
        let place = keep_place.unwrap_or_default();
        let wanted = keep.iter().find_map(|pattern| {
            let part = fitting(entry, pattern)?;
            Some(format!("its {} fits `{pattern}` ({place})", part.name()))
        });
        match wanted {
            Some(reason) => for_it.push(reason),
            None if !keep.is_empty() => against.push(format!("it fits no pattern of {place}")),
            None => {}
        }
    }
    against.extend(wrong_language(entry, feed, source, site));
    against.extend(too_short(entry, source, site));
    against.extend(too_old(entry, source, site, now));
    match against.is_empty() {
        true => Verdict {
            decision: Decision::Queued,
            reasons: for_it,
        },
        false => Verdict {
            decision: Decision::Dropped,
            reasons: against,
        },
    }
}

/// The part of an entry that a pattern fits.
fn fitting(entry: &Entry, pattern: &Pattern) -> Option<Part> {
    let link = entry.url();
    Part::ALL.into_iter().find(|part| {
        let fits = |text: &str| pattern.fits(*part, text);
        match part {
            Part::Title => entry.title.as_deref().is_some_and(fits),
            Part::Excerpt => entry.excerpt.as_deref().is_some_and(fits),
            Part::Link => link.as_deref().is_some_and(fits),
            Part::Author => entry.author.as_deref().is_some_and(fits),
            Part::Category => entry.categories.iter().any(|category| fits(category)),
        }
    })
}

/// The age of a story in seconds.
pub fn age(published: Time, now: Time) -> i64 {
    now.seconds() - published.seconds()
}

/// The language of an entry: what its source file says, else its own, else that of its feed, as it
/// is written; where none is, the one that its texts are in without doubt.
pub fn language<'a>(
    entry: &'a Entry,
    feed: &'a Feed,
    source: Option<&'a SourceFile>,
) -> Option<&'a str> {
    let of_source = source.and_then(|source| source.language.as_deref());
    let of_feed = || entry.language.as_deref().or(feed.language.as_deref());
    of_source.or_else(of_feed).or_else(|| {
        let texts = [entry.title.as_deref(), entry.excerpt.as_deref()];
        let texts: Vec<&str> = texts.into_iter().flatten().collect();
        language_of(&texts.join("\n"))
    })
}

fn wrong_language(
    entry: &Entry,
    feed: &Feed,
    source: Option<&SourceFile>,
    site: &Fetch,
) -> Option<String> {
    let language = language(entry, feed, source)?;
    let wanted = &site.languages;
    let is_wanted =
        wanted.value.is_empty() || wanted.value.iter().any(|it| is_language_of(language, it));
    (!is_wanted).then(|| {
        let place = &wanted.location;
        format!("its language is `{language}` (fetch.languages, {place})")
    })
}

fn too_short(entry: &Entry, source: Option<&SourceFile>, site: &Fetch) -> Option<String> {
    let own = source.and_then(|source| {
        let place = source.rules.location(&source.path, "min_length");
        Some((source.rules.min_length?, format!("min_length, {place}")))
    });
    let (least, place) = own.unwrap_or_else(|| {
        let place = format!("fetch.min_length, {}", site.min_length.location);
        (site.min_length.value, place)
    });
    let excerpt = entry.excerpt.as_deref().unwrap_or_default();
    let length = excerpt.chars().count();
    (length < least).then(|| format!("its excerpt has {length} characters of {least} ({place})"))
}

fn too_old(entry: &Entry, source: Option<&SourceFile>, site: &Fetch, now: Time) -> Option<String> {
    let own = source.and_then(|source| {
        let place = source.rules.location(&source.path, "max_age");
        Some((source.rules.max_age?, format!("max_age, {place}")))
    });
    let (most, place) = own.or_else(|| {
        let limit = site.max_age.as_ref()?;
        Some((limit.value, format!("fetch.max_age, {}", limit.location)))
    })?;
    let published = entry.published?;
    (age(published, now) > most).then(|| {
        let day = &published.rfc3339_utc()[..10];
        format!("it is of {day}, and too old ({place})")
    })
}

/// Why an entry is none of those that a source begins with, when it is fetched for the first time.
pub fn too_old_for_a_start(entry: &Entry, limit: &Setting<i64>, now: Time) -> Option<String> {
    let place = format!("fetch.first_max_age, {}", limit.location);
    let what = match entry.published {
        None => "it has no date".to_owned(),
        Some(published) if age(published, now) > limit.value => {
            format!("it is of {}", &published.rfc3339_utc()[..10])
        }
        Some(_) => return None,
    };
    Some(format!(
        "{what}, and the source is fetched for the first time ({place})"
    ))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::config::{Config, Overrides};
    use crate::content;
    use crate::fetch::feed::{self, Origin};
    use crate::workspace::Memory;

    /// The verdict on an item with these elements, under these settings and this source.
    fn verdict(settings: &str, source: &str, elements: &str) -> (Decision, Vec<String>) {
        let config = Config::resolve("site.toml", settings, &Overrides::default()).unwrap();
        let memory = Memory::default().with("content/sources/a.yaml", source);
        let (sources, problems) = content::sources(&memory, &config);
        assert_eq!(problems, []);
        let text = format!(
            "<rss><channel><language>en-us</language><item>{elements}</item></channel></rss>"
        );
        let feed = feed::read(text.as_bytes(), Origin::default()).unwrap();
        let now = Time::parse("2026-11-25T12:00:00Z", &TimeZone::UTC).unwrap();
        let entry = &feed.entries[0];
        let verdict = judge(entry, &feed, sources.first(), &config.fetch, now);
        (verdict.decision, verdict.reasons)
    }

    const ITEM: &str = "<title>A sponsored model</title><link>https://a.example/1</link>\
                        <category>Law</category><author>Ada</author><pubDate>2026-11-20</pubDate>\
                        <description>Ten chars.</description>";
    const SOURCE: &str = "feed: https://a.example/feed\n";

    fn dropped(settings: &str, rules: &str) -> Vec<String> {
        let (decision, reasons) = verdict(settings, &format!("{SOURCE}{rules}"), ITEM);
        assert_eq!(decision, Decision::Dropped, "{settings} {rules}");
        reasons
    }

    fn queued(settings: &str, rules: &str) -> Vec<String> {
        let (decision, reasons) = verdict(settings, &format!("{SOURCE}{rules}"), ITEM);
        assert_eq!(
            decision,
            Decision::Queued,
            "{settings} {rules}: {reasons:?}"
        );
        reasons
    }

    #[test]
    fn patterns_of_source_and_site_both_apply() {
        assert_eq!(queued("", ""), Vec::<String>::new());
        let sponsored = "its title fits `sponsored` (skip, content/sources/a.yaml:2)";
        assert_eq!(dropped("", "skip: sponsored\n"), [sponsored]);
        let law = "its category fits `category: ^law$` (fetch.skip, site.toml:1)";
        assert_eq!(dropped("fetch.skip = ['category: ^law$']", ""), [law]);
        assert_eq!(
            queued("fetch.skip = ['title: ^law$']", ""),
            Vec::<String>::new()
        );
        let none = "it fits no pattern of keep, content/sources/a.yaml:2";
        assert_eq!(dropped("", "keep: [robot, author: eve]\n"), [none]);
        let ada = "its author fits `author: ada` (keep, content/sources/a.yaml:2)";
        assert_eq!(queued("", "keep: [robot, author: ada]\n"), [ada]);
        let both = dropped("fetch.keep = ['x-ray']", "skip: a.example\n");
        assert_eq!(both.len(), 2, "{both:?}");
    }

    #[test]
    fn limits_of_the_source_take_the_place_of_those_of_the_site() {
        let old = "it is of 2026-11-20, and too old (fetch.max_age, site.toml:1)";
        assert_eq!(dropped("fetch.max_age = '4 days'", ""), [old]);
        queued("fetch.max_age = '4 days'", "max_age: 1 week\n");
        let short = "its excerpt has 10 characters of 11 (min_length, content/sources/a.yaml:2)";
        assert_eq!(dropped("", "min_length: 11\n"), [short]);
        queued("fetch.min_length = 100", "min_length: 10\n");
    }

    #[test]
    fn a_language_lets_its_regions_pass() {
        queued("fetch.languages = ['de', 'en']", "");
        queued("fetch.languages = ['de']", "language: de\n");
        let other = "its language is `en-us` (fetch.languages, site.toml:1)";
        assert_eq!(dropped("fetch.languages = ['en-GB']", ""), [other]);
    }

    #[test]
    fn a_candidate_has_a_link_and_a_title() {
        let (decision, reasons) = verdict("", SOURCE, "<guid isPermaLink='false'>1</guid>");
        assert_eq!(decision, Decision::Dropped);
        let expected = ["it has no link to a page of the web", "it has no title"];
        assert_eq!(reasons, expected);
        // What has no date is not too old.
        let undated = "<title>x</title><link>https://a.example/</link>";
        assert_eq!(
            verdict("fetch.max_age = '1 day'", SOURCE, undated).0,
            Decision::Queued
        );
    }
}
