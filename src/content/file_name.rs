//! What the name of an article's file says: `2026-11-21-a-story.md`.

/// The file's name without its folders and its ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The date at the start of a stem, and what follows it.
fn split(stem: &str) -> Option<(&str, &str)> {
    let is_date = stem.get(..11)?.bytes().enumerate().all(|(at, byte)| {
        if matches!(at, 4 | 7) {
            byte == b'-'
        } else if at == 10 {
            matches!(byte, b'-' | b'_')
        } else {
            byte.is_ascii_digit()
        }
    });
    (is_date && stem.len() > 11).then(|| (&stem[..10], &stem[11..]))
}

/// The stem without its date.
pub(super) fn undated(stem: &str) -> &str {
    split(stem).map_or(stem, |(_, rest)| rest)
}

/// The date in the name of a file, as `2026-11-21`.
pub(super) fn date(path: &str) -> Option<&str> {
    let stem = stem(path);
    split(stem)
        .map(|(date, _)| date)
        .or_else(|| (stem.len() == 10).then(|| split_whole(stem))?)
}

/// A stem that is a date and nothing else.
fn split_whole(stem: &str) -> Option<&str> {
    let parts: Vec<&str> = stem.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = stem
        .bytes()
        .all(|byte| byte == b'-' || byte.is_ascii_digit());
    (digits && lengths == [4, 2, 2]).then_some(stem)
}

/// The name of a file as a title: `a-story` is "A story".
pub(super) fn title(path: &str) -> Option<String> {
    let words = undated(stem(path)).replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    let first = chars.next()?;
    Some(first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_at_the_start_is_no_part_of_the_name() {
        assert_eq!(
            undated(stem("content/news/2021-05-21-add-apps.md")),
            "add-apps"
        );
        assert_eq!(undated(stem("x/april-video.md")), "april-video");
        assert_eq!(undated(stem("2021-05-21-.md")), "2021-05-21-");
        assert_eq!(date("_posts/2021-05-21-add-apps.md"), Some("2021-05-21"));
        assert_eq!(date("_posts/2021-05-21.md"), Some("2021-05-21"));
        assert_eq!(date("_posts/2021-5-21-x.md"), None);
        assert_eq!(date("_posts/about.md"), None);
    }

    #[test]
    fn a_name_can_be_a_title() {
        assert_eq!(
            title("2021-05-21-add_more-apps.md").as_deref(),
            Some("Add more apps")
        );
        assert_eq!(title("--.md"), None);
    }
}
