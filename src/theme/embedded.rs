//! The default theme, built into the binary. A test holds these lists to the folders.

macro_rules! files {
    ($include:ident, $folder:literal, [$($path:literal),* $(,)?]) => {
        &[$(($path, $include!(concat!("../../", $folder, "/", $path)))),*]
    };
}

/// Templates: path below `templates/`, and text.
pub(super) const TEMPLATES: &[(&str, &str)] = files!(
    include_str,
    "templates",
    [
        "404.html",
        "archive.html",
        "article.html",
        "base.html",
        "components.html",
        "digest-email.html",
        "digest.html",
        "digest.txt",
        "digests.html",
        "event.html",
        "home.html",
        "hooks/after-article.html",
        "hooks/footer.html",
        "hooks/head.html",
        "hooks/masthead.html",
        "list.html",
        "listing.html",
        "month.html",
        "moved.html",
        "page.html",
        "provider.html",
        "providers.html",
        "search.html",
        "sources.html",
        "tags.html",
        "topic.html",
        "topics.html",
    ]
);

/// Static files: path below `static/`, and bytes.
pub(super) const STATIC: &[(&str, &[u8])] = files!(
    include_bytes,
    "static",
    [
        "apple-touch-icon.png",
        "favicon.svg",
        "fonts/OFL.txt",
        "fonts/newsreader-ext.woff2",
        "fonts/newsreader.woff2",
        "icon-192.png",
        "icon-512.png",
        "icon-maskable-512.png",
        "script.js",
        "search.css",
        "search.js",
        "style.css",
        "theme.js"
    ]
);

/// The icon of the default theme.
pub(super) const FAVICON: &str = "favicon.svg";

/// Pictures of it, for devices that cannot draw it.
pub(super) const ICONS: [&str; 4] = [
    "apple-touch-icon.png",
    "icon-192.png",
    "icon-512.png",
    "icon-maskable-512.png",
];

/// What the search page alone uses.
pub(super) const SEARCH: [&str; 2] = ["search.css", "search.js"];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::workspace::{Disk, Workspace};

    fn names(folder: &str) -> Vec<String> {
        let disk = Disk::new(Path::new(env!("CARGO_MANIFEST_DIR")));
        let entries = disk.list(folder).entries;
        entries
            .iter()
            .map(|entry| entry.path[folder.len() + 1..].to_owned())
            .filter(|path| !path.starts_with("images/"))
            .collect()
    }

    #[test]
    fn the_theme_stays_light() {
        let size = |is_part: fn(&str) -> bool| -> usize {
            STATIC
                .iter()
                .filter(|(path, _)| is_part(path))
                .map(|(_, bytes)| bytes.len())
                .sum()
        };
        let styles = size(|path| path.ends_with(".css"));
        let scripts = size(|path| path.ends_with(".js"));
        assert!(styles < 29_500, "styles have {styles} bytes");
        assert!(scripts < 13_000, "scripts have {scripts} bytes");
    }

    #[test]
    fn the_lists_hold_every_file_of_the_theme() {
        assert_eq!(
            TEMPLATES.iter().map(|(path, _)| *path).collect::<Vec<_>>(),
            names("templates")
        );
        assert_eq!(
            STATIC.iter().map(|(path, _)| *path).collect::<Vec<_>>(),
            names("static")
        );
    }
}
