//! Warnings about an article that parses.

use jiff::tz::TimeZone;

use super::budget;
use super::front_matter::{
    ArticleFields, ImageFields, Images, Loose, Permalink, RelatedFields, Scalar, Whole,
};
use super::images::pixels;
use super::mapped::ArticleFile;
use super::{foreign, link, link_target, values};
use crate::config::fields::FieldMap;
use crate::diagnostic::{Diagnostic, Location, nearest};
use crate::document::Format;
use crate::time::Time;

/// Looks at one article.
pub(super) struct Linter<'a> {
    pub(super) file: &'a ArticleFile<'a>,
    pub(super) map: &'a FieldMap,
    pub(super) zone: &'a TimeZone,
    /// Without it dates of the future are not warned of.
    pub(super) now: Option<Time>,
}

/// Characters after which search engines and feed readers cut a headline.
const LONG_TITLE: usize = 150;

impl Linter<'_> {
    fn warning(&self, field: &str, code: &'static str, message: String, help: &str) -> Diagnostic {
        Diagnostic::warning(code, message)
            .at(self.file.location(field))
            .help(help)
    }

    /// Unknown fields with the name of a known one, but for a letter or two.
    fn typos(&self, fields: &ArticleFields) -> Vec<Diagnostic> {
        /// Mistakes that are reported one by one.
        const REPORTED: usize = 5;
        let typos: Vec<(&String, &str)> = fields
            .extra
            .fields
            .keys()
            .filter_map(|name| Some((name, nearest(name, ArticleFields::FIELDS.iter().copied())?)))
            .collect();
        let mut warnings: Vec<Diagnostic> = typos
            .iter()
            .take(REPORTED)
            .map(|(name, meant)| {
                let help = format!("did you mean `{meant}`?");
                let message = format!("unknown field `{name}`");
                let mut warning = self.warning(name, "unknown-field", message, &help);
                if let Some(location) = warning
                    .location
                    .as_mut()
                    .filter(|location| location.text.starts_with(name.as_str()))
                {
                    (location.column, location.width) = (1, name.chars().count());
                }
                warning
            })
            .collect();
        if typos.len() > REPORTED {
            let more = budget::grouped(typos.len() - REPORTED);
            let message = format!("{more} more fields have names that look like typing mistakes");
            warnings.push(
                Diagnostic::warning("unknown-field", message).at(Location::file(self.file.path)),
            );
        }
        warnings
    }

    /// Values that mean nothing, and what is done instead.
    fn unusable(&self, fields: &ArticleFields) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        let mut warn = |field: &str, message: String, help: &str| {
            warnings.push(self.warning(field, "unusable-value", message, help));
        };
        let provider = fields.provider.as_ref();
        if let Some(Scalar(domain)) = provider.and_then(|provider| provider.domain.as_ref())
            && link::domain(domain).is_none()
        {
            let message = format!("`{domain}` is not a domain, and that of the link is used");
            warn("provider", message, "write it like example.org");
        }
        if let Some(Scalar(length)) = &fields.length
            && values::duration(length).is_none()
        {
            let message = format!("`{length}` is not a duration, and is not shown");
            warn("length", message, "write it like PT4M3S (ISO 8601)");
        }
        if let Some(Whole(heat)) = fields.heat.filter(|heat| heat.0 < 0) {
            let message = format!("the `heat` {heat} is negative, and is left out");
            warn("heat", message, "heat starts at 0");
        }
        let related = fields.related.iter().flat_map(|related| &related.items);
        let mut dates = related.filter_map(|related| related.published_date_time.as_ref());
        if let Some((Scalar(date), error)) =
            dates.find_map(|date| Some((date, Time::parse(&date.0, self.zone).err()?)))
        {
            let message = format!("the date of a related story, `{date}`, {error}; it is left out");
            warn("related", message, error.help());
        }
        warnings
    }

    /// Unknown fields that other tools give the meaning of one of ours that is missing.
    fn foreign(&self, fields: &ArticleFields) -> Vec<Diagnostic> {
        let missing = fields.missing().into_iter();
        let found =
            missing.filter_map(|field| Some((field, foreign::found(&fields.extra.fields, field)?)));
        found
            .map(|(field, name)| {
                let top = name.split('.').next().unwrap_or(&name);
                let message = format!("`{name}` is not read; `{field}` is missing");
                let line = foreign::line_for(self.map, field, &name);
                let help = format!(
                    "if it is the same, write `{line}` under [content.fields] in site.toml"
                );
                self.warning(top, "unmapped-field", message, &help)
            })
            .collect()
    }

    /// Pictures that are not shown, or not as they could be.
    fn images(&self, field: &str, images: Option<&Images>) -> Vec<Diagnostic> {
        let Some(Images { items, .. }) = images else {
            return Vec::new();
        };
        let mut warnings = Vec::new();
        let url = |image: &&ImageFields| link_target::picture(&image.url.text()?);
        let mut shown = items.iter().filter(|image| url(image).is_some());
        if field == "images"
            && shown.any(|image| image.width == Loose::Nothing || image.height == Loose::Nothing)
        {
            warnings.push(self.warning(
                field,
                "image-size",
                "an image has no `width` or `height`".into(),
                "add them so that the page does not shift while it loads",
            ));
        }
        let mut sizes = items.iter().flat_map(|image| [&image.width, &image.height]);
        if let Some(size) = sizes.find(|size| **size != Loose::Nothing && pixels(size).is_none()) {
            let message = format!("an image has the size {size}, which is left out");
            let help = "sizes are in pixels, from 1 to 99,999";
            warnings.push(self.warning(field, "unusable-value", message, help));
        }
        if let Some(lost) = items.iter().find(|image| url(image).is_none()) {
            let message = match lost.url {
                Loose::Nothing => "an image has no `url`, and is left out",
                _ => "an image has an unusable URL",
            };
            let help =
                "only http://, https://, paths of the site and files beside the article are shown";
            warnings.push(self.warning(field, "image-url", message.into(), help));
        }
        warnings
    }

    /// Values that YAML, or newsgen, reads in another way than most people.
    fn misread(&self, fields: &ArticleFields) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        for field in ["title", "excerpt", "highlight"] {
            if let Some(comment) = self.comment_after(field) {
                let message = format!("the `{field}` ends before `{comment}`, a comment to YAML");
                let help = "put the whole text in quotes if it is no comment";
                warnings.push(self.warning(field, "comment", message, help));
            }
        }
        if let Some(authors) = fields.authors.as_ref().filter(|authors| authors.is_split) {
            let message = format!(
                "`authors` is one text with commas, and is read as {}",
                authors.of
            );
            let help = "write a list: `authors: [one, two]`";
            warnings.push(self.warning("authors", "comma", message, help));
        }
        for (field, names) in [("topics", &fields.topics), ("tags", &fields.tags)] {
            if let Some(names) = names.as_ref().filter(|names| names.is_split) {
                let count = names.names.0.len();
                let message = format!("`{field}` is one text with commas, and is read as {count}");
                let help = format!("write a list: `{field}: [one, two]`");
                warnings.push(self.warning(field, "comma", message, &help));
            }
        }
        warnings
    }

    /// What follows the value of a field that stands without quotes on one line, if YAML takes it
    /// for a comment.
    fn comment_after(&self, field: &str) -> Option<&str> {
        let split = &self.file.split;
        if split.format != Some(Format::Yaml) {
            return None;
        }
        let name = self.file.name_of(field);
        let mut lines = split.matter.lines();
        let value = lines.find_map(|line| line.strip_prefix(&name)?.strip_prefix(':'))?;
        let value = value.trim();
        let is_plain = !value.starts_with(['"', '\'', '|', '>', '[', '{', '#', '&', '*', '!']);
        let at = value.find(" #").filter(|_| is_plain)?;
        Some(value[at..].trim_start())
    }

    /// An address that another tool would have filled in.
    fn permalink(&self, fields: &ArticleFields) -> Option<Diagnostic> {
        let Some(Permalink::At(written)) = &fields.permalink else {
            return None;
        };
        let name = self.file.name_of("permalink");
        let message = format!("`{name}` is a template, and the pattern of the site is used");
        let help = "write the address itself, or set `permalinks.article`";
        foreign::has_template(written)
            .then(|| self.warning("permalink", "unusable-value", message, help))
    }

    /// Authors without a name, and addresses of theirs that lead nowhere.
    fn authors(&self, fields: &ArticleFields) -> Vec<Diagnostic> {
        let items = fields.authors.iter().flat_map(|authors| &authors.items);
        let (mut nameless, mut lost) = (false, false);
        for author in items {
            let url = author.url.text();
            nameless |= author.clean_name().is_none();
            lost |=
                author.url != Loose::Nothing && url.and_then(|url| link::web_url(&url)).is_none();
        }
        let mut warnings = Vec::new();
        if nameless {
            let message = "an author has no name, and is left out".to_owned();
            let help = "write names, or tables with `name` and `url`";
            warnings.push(self.warning("authors", "unusable-value", message, help));
        }
        if lost {
            let message = "the `url` of an author is not a web URL and is ignored".to_owned();
            let help = "only http:// and https:// are linked to";
            warnings.push(self.warning("authors", "unusable-value", message, help));
        }
        warnings
    }

    /// A title that is cut where others show it.
    fn long_title(&self, fields: &ArticleFields) -> Option<Diagnostic> {
        let length = fields.title.as_ref()?.0.chars().count();
        if length <= LONG_TITLE {
            return None;
        }
        let message = format!("the title is {length} characters long");
        let help = format!(
            "feed readers and search engines truncate titles after about {LONG_TITLE} characters"
        );
        Some(self.warning("title", "long-title", message, &help))
    }

    /// Addresses of the story that are not secure, and forms of them that lead nowhere.
    fn links(&self, fields: &ArticleFields) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        let is_plain = |url: &Scalar| url.0.trim_start().to_lowercase().starts_with("http:");
        for (name, url) in [
            ("originalUrl", &fields.original_url),
            ("webUrl", &fields.web_url),
        ] {
            if url.as_ref().is_some_and(is_plain) {
                let message = format!("`{name}` is not an https:// URL");
                let help = "use https:// if the site supports it";
                warnings.push(self.warning(name, "http-link", message, help));
            }
        }
        let is_lost = |url: &Scalar| !url.0.is_empty() && link::web_url(&url.0).is_none();
        for (name, url) in [
            ("ampWebUrl", &fields.amp_web_url),
            ("cdnAmpWebUrl", &fields.cdn_amp_web_url),
        ] {
            if url.as_ref().is_some_and(is_lost) {
                let message = format!("`{name}` is not a web URL and is ignored");
                let help = "only http:// and https:// URLs can be links";
                warnings.push(self.warning(name, "amp-url", message, help));
            }
        }
        warnings
    }

    /// A date of the last change that cannot be right.
    fn updated(&self, fields: &ArticleFields) -> Vec<Diagnostic> {
        let time = |written: Option<&Scalar>| Time::parse(&written?.0, self.zone).ok();
        let Some(updated) = time(fields.updated_date_time.as_ref()) else {
            return Vec::new();
        };
        let published = time(fields.published_date_time.as_ref());
        let mut warnings = Vec::new();
        if published.is_some_and(|published| updated < published) {
            warnings.push(self.warning(
                "updatedDateTime",
                "updated-before-published",
                "`updatedDateTime` is earlier than `publishedDateTime`".into(),
                "correct one of the two dates",
            ));
        }
        if self.now.is_some_and(|now| updated > now) {
            warnings.push(self.warning(
                "updatedDateTime",
                "updated-in-future",
                "the article is updated in the future; until then the date is left out".into(),
                "check the date",
            ));
        }
        warnings
    }

    /// Related stories that nobody could read.
    fn related(&self, fields: &ArticleFields) -> Option<Diagnostic> {
        let leads = |url: &Scalar| link::web_url(&url.0).is_some();
        let is_lost = |related: &&RelatedFields| {
            let urls = [&related.original_url, &related.web_url];
            !urls.into_iter().flatten().any(leads) || related.title.is_none()
        };
        let related = fields.related.iter().flat_map(|related| &related.items);
        let message = match related.filter(is_lost).count() {
            0 => return None,
            1 => "a related story has no title or no web URL and is ignored".to_owned(),
            lost => {
                format!("{lost} related stories have no title or no web address, and are left out")
            }
        };
        let help = "add `title` and `webUrl`";
        Some(self.warning("related", "related-story", message, help))
    }

    pub(super) fn lint(&self, fields: &ArticleFields) -> Vec<Diagnostic> {
        let of_provider = fields.provider.as_ref();
        let of_provider = of_provider.and_then(|provider| provider.images.as_ref());

        let mut warnings = self.typos(fields);
        warnings.extend(self.authors(fields));
        warnings.extend(self.foreign(fields));
        warnings.extend(self.permalink(fields));
        warnings.extend(self.misread(fields));
        warnings.extend(self.long_title(fields));
        warnings.extend(self.links(fields));
        warnings.extend(self.unusable(fields));
        warnings.extend(self.images("images", fields.images.as_ref()));
        warnings.extend(self.images("provider", of_provider));
        warnings.extend(self.updated(fields));
        warnings.extend(self.related(fields));
        warnings
    }
}
