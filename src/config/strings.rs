//! Every text that the default theme shows, by name. `locale` chooses the language
//! ([`super::languages`]), `[strings]` in `site.toml` replaces single ones.

use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// Name, English default, and where it stands; sorted by name. Words in braces are filled in by
/// templates, and may have forms for numbers ([`super::plural`]); names that start with `format_`
/// are strftime patterns, those of [`LISTS`] are lists.
pub const STRINGS: &[(&str, &str, &str)] = &[
    (
        "all_feeds",
        "All feeds (OPML)",
        "Topic and source lists: link to the list of all feeds",
    ),
    (
        "all_stories",
        "Earlier stories",
        "Listing pages of the whole edition: heading of /page/N/",
    ),
    (
        "also",
        "Also:",
        "Before the other providers' names under a story",
    ),
    (
        "archive",
        "Archive",
        "Navigation, footer, heading of /archive/, label on a month",
    ),
    (
        "badge",
        "Not published: {reason}",
        "Story line of a draft, with --drafts only",
    ),
    (
        "by",
        "By",
        "Story, article page: before the names of the authors",
    ),
    (
        "coverage",
        "Also reported by",
        "Article page: heading of the other providers' stories",
    ),
    ("digest", "Digest", "Navigation, footer, label on a digest"),
    (
        "digest_intro_day",
        "The best stories of every day.",
        "Page of all digests: below the heading of a daily digest",
    ),
    (
        "digest_intro_week",
        "The best stories of every week.",
        "Page of all digests: below the heading of a weekly digest",
    ),
    (
        "digest_left_out",
        "{count} more on the web",
        "Email of a digest: link shown when stories are left out",
    ),
    (
        "digest_more",
        "More stories",
        "Digest: heading of stories outside the main sections",
    ),
    ("digest_name_day", "{site} Daily", "Name of a daily digest"),
    (
        "digest_name_week",
        "{site} Weekly",
        "Name of a weekly digest",
    ),
    (
        "digest_range",
        "{from} – {to}",
        "Digest: the first and the last day of a week",
    ),
    (
        "digest_read",
        "Read online",
        "Email of a digest: link to its page",
    ),
    (
        "digest_stories",
        "{count, plural, one {# story} other {# stories}}",
        "Page of all digests: number of stories in a digest",
    ),
    (
        "digest_subject",
        "{name}: {headline}",
        "Email of a digest: subject",
    ),
    (
        "digest_unsubscribe",
        "Unsubscribe",
        "Email of a digest: link in the footer",
    ),
    (
        "digest_week",
        "Week {week}, {year}",
        "Digest: heading of a week",
    ),
    ("empty", "Nothing here yet.", "Any empty listing"),
    (
        "event_all",
        "All reports",
        "Story line, article page: link to the page of the event",
    ),
    (
        "event_first",
        "First report",
        "Event page: before the time of the first report, and at that report",
    ),
    (
        "event_latest",
        "Latest report",
        "Event page: before the time of the latest report",
    ),
    (
        "event_reports",
        "{count, plural, one {# report} other {# reports}}",
        "Event page: number of reports",
    ),
    (
        "event_sources",
        "{count, plural, one {# source} other {# sources}}",
        "Event page: number of sources",
    ),
    (
        "event_timeline",
        "Timeline",
        "Event page: heading of the reports by time",
    ),
    (
        "filed_under",
        "Filed under",
        "Article page: before topics and tags",
    ),
    (
        "filter",
        "Filter this page",
        "Masthead: label and placeholder of the field that filters this page (script only)",
    ),
    (
        "filter_count",
        "{count} of {total}",
        "Masthead: result of the filter, read aloud (script only)",
    ),
    (
        "follow",
        "Follow:",
        "Topic and provider pages: before the links to feeds",
    ),
    (
        "format_date",
        "%-d %b %Y",
        "A date in a story line (strftime)",
    ),
    (
        "format_date_time",
        "%-d %B %Y, %H:%M",
        "Date and time on the article page (strftime)",
    ),
    (
        "format_day",
        "%A, %-d %B %Y",
        "Listings: heading of a day (strftime)",
    ),
    (
        "format_digest_day",
        "%-d %b",
        "Digest: the day beside a story (strftime)",
    ),
    (
        "format_digest_from",
        "%-d %B",
        "Digest: the first day of a week (strftime)",
    ),
    (
        "format_digest_to",
        "%-d %B %Y",
        "Digest: the last day of a week (strftime)",
    ),
    (
        "format_edition",
        "%A, %-d %B %Y",
        "Front page: date of the edition (strftime)",
    ),
    (
        "format_month",
        "%B %Y",
        "Heading of a month page (strftime)",
    ),
    (
        "format_month_name",
        "%B",
        "Archive: a month under its year (strftime)",
    ),
    (
        "format_time",
        "%H:%M",
        "Time of day in a list of stories (strftime)",
    ),
    ("key_filter", "filter", "Footer: what the key / does"),
    ("key_next", "next story", "Footer: what the key j does"),
    (
        "key_open",
        "open the original",
        "Footer: what the key o does",
    ),
    ("key_previous", "previous", "Footer: what the key k does"),
    (
        "key_search",
        "search",
        "Footer: what the key / does if search is enabled",
    ),
    ("keys", "Keys:", "Footer: before the list of keys"),
    (
        "keys_turn_off",
        "Turn keys off",
        "Footer: button that turns the keys off",
    ),
    (
        "keys_turn_on",
        "Turn keys on",
        "Footer: button that turns the keys on",
    ),
    (
        "latest",
        "Latest",
        "Front page: heading of the latest stories",
    ),
    (
        "list_comma",
        ", ",
        "Between the names of a list: sources, authors, keys",
    ),
    (
        "months",
        "January, February, March, April, May, June, July, August, September, October, November, \
         December",
        "Dates: what `%B` shows, twelve names",
    ),
    (
        "months_short",
        "Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec",
        "Dates: what `%b` shows, twelve names",
    ),
    (
        "months_standalone",
        "",
        "Dates: what `%OB` shows, twelve names; those of `months` where it is empty",
    ),
    (
        "more_in",
        "More in {topic}",
        "Front page: link under a topic's name",
    ),
    ("moved", "This page has moved", "Redirecting page: heading"),
    ("moved_link", "Go to the page", "Redirecting page: link"),
    (
        "moved_text",
        "Its stories are now on the first page of the list.",
        "Redirecting page: text",
    ),
    ("newer", "Newer", "Listings: link to the newer page"),
    (
        "newest",
        "Newest",
        "Listings: link to the head of the listing",
    ),
    ("not_found", "Page not found", "404: heading"),
    (
        "not_found_text",
        "The address may be misspelled, or the story may have been removed.",
        "404: text",
    ),
    ("older", "Older", "Listings: link to the older page"),
    (
        "page_number",
        "page {number}",
        "Listings: after the heading of a numbered page",
    ),
    (
        "pages",
        "Pages",
        "Listings: label of the pager for screen readers",
    ),
    (
        "providers",
        "Sources",
        "Navigation, footer, heading of /providers/",
    ),
    (
        "read_at",
        "Read at {provider}",
        "Story line (for screen readers) and the button of the article page",
    ),
    (
        "related",
        "Related",
        "Article page: heading of related stories",
    ),
    (
        "search",
        "Search",
        "Masthead, navigation, heading of /search/: search in all articles",
    ),
    (
        "search_again",
        "Try again",
        "Search page: button when the index could not be loaded",
    ),
    (
        "search_all_providers",
        "All sources",
        "Search page: option for any source",
    ),
    (
        "search_all_topics",
        "All topics",
        "Search page: option for any topic",
    ),
    ("search_by_date", "Newest first", "Search page: sort order"),
    (
        "search_by_relevance",
        "Most relevant first",
        "Search page: sort order",
    ),
    (
        "search_count",
        "{count, plural, one {# result} other {# results}}",
        "Search page: number of results, read aloud",
    ),
    (
        "search_failed",
        "The search could not be loaded.",
        "Search page: the index could not be loaded",
    ),
    (
        "search_intro",
        "All stories, by word, topic and source.",
        "Search page: below the heading",
    ),
    (
        "search_more",
        "More results",
        "Search page: button below the results",
    ),
    (
        "search_no_script",
        "Search needs JavaScript. Without it, browse these pages:",
        "Search page: before links to topics and archive",
    ),
    (
        "search_none",
        "Nothing found. Try fewer or different words.",
        "Search page: no results",
    ),
    (
        "search_order",
        "Order",
        "Search page: label of the sort order",
    ),
    (
        "search_provider",
        "Source",
        "Search page: label of the source filter",
    ),
    (
        "search_results",
        "Results",
        "Search page: label of the results for screen readers",
    ),
    (
        "search_topic",
        "Topic",
        "Search page: label of the topic filter",
    ),
    (
        "search_wait",
        "Searching…",
        "Search page: shown while results load",
    ),
    (
        "sections",
        "Sections",
        "Label of the main navigation for screen readers",
    ),
    ("sentence_end", ".", "Footer: after the list of keys"),
    (
        "skip",
        "Skip to content",
        "First link of every page, shown when focused",
    ),
    ("sources", "Feeds we read", "Footer, heading of /sources/"),
    ("sources_feed", "Feed", "Page of sources: link to a feed"),
    (
        "sources_intro",
        "The feeds that we look through for stories, and how many of those on this site are from \
         each.",
        "Page of sources: below the heading",
    ),
    (
        "sources_last",
        "Latest: {date}",
        "Page of sources: when the newest story was published",
    ),
    (
        "sources_share",
        "{share}%",
        "Page of sources: share of all stories, after their number",
    ),
    (
        "sources_stories",
        "{count, plural, one {# story} other {# stories}}",
        "Page of sources: number of stories",
    ),
    ("tags", "Tags", "Footer, heading of /tags/"),
    (
        "theme_auto",
        "Colours: same as system",
        "Theme switch: follows the system",
    ),
    ("theme_dark", "Colours: dark", "Theme switch: dark"),
    ("theme_light", "Colours: light", "Theme switch: light"),
    (
        "to_front",
        "To the front page",
        "404: link to the front page",
    ),
    (
        "top",
        "Top stories",
        "Front page: hidden heading of the stories next to the lead",
    ),
    (
        "topics",
        "Topics",
        "Navigation, footer, heading of /topics/, 404",
    ),
    (
        "updated",
        "Updated",
        "Article page: before the time of an update",
    ),
    ("video", "Video", "Story line of a video of unknown length"),
    (
        "watch_at",
        "Watch at {provider}",
        "Article page: button of a video",
    ),
    (
        "weekdays",
        "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
        "Dates: what `%A` shows, seven names from Monday",
    ),
    (
        "weekdays_short",
        "Mon, Tue, Wed, Thu, Fri, Sat, Sun",
        "Dates: what `%a` shows, seven names from Monday",
    ),
];

/// The patterns that days are shown in; the other patterns have a time of day, too.
const OF_DAYS: [&str; 6] = [
    "format_day",
    "format_digest_from",
    "format_digest_to",
    "format_edition",
    "format_month",
    "format_month_name",
];

/// The strings that are lists of names with commas between them, and how many names each has.
pub const LISTS: [(&str, usize); 5] = [
    ("months", 12),
    ("months_short", 12),
    ("months_standalone", 12),
    ("weekdays", 7),
    ("weekdays_short", 7),
];

/// The one text that may be empty: where a language has one form of the names of months.
pub(super) const OPTIONAL: &str = "months_standalone";

/// The names in a string of [`LISTS`].
pub fn names(list: &str) -> Vec<String> {
    list.split([',', '،', '、'])
        .map(|name| name.trim().to_owned())
        .collect()
}

/// Whether a text is a list of so many names, or empty where it may be.
pub(super) fn is_list(name: &str, text: &str, count: usize) -> bool {
    names(text).len() == count || (name == OPTIONAL && text.trim().is_empty())
}

/// Why a text is no pattern for dates, if it is none. Whether it is one does not depend on the
/// date.
pub(super) fn wrong_pattern(name: &str, pattern: &str) -> Option<jiff::Error> {
    let day = jiff::civil::date(2026, 3, 1);
    // `Dates` shows names of its own for this one.
    let pattern = pattern.replace("%OB", "%B");
    if OF_DAYS.contains(&name) {
        return strtime::format(&pattern, day).err();
    }
    strtime::format(&pattern, &day.to_zoned(TimeZone::UTC).ok()?).err()
}
