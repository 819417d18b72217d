//! The web app manifest (<https://www.w3.org/TR/appmanifest/>).

use serde::Serialize;

use super::route;
use crate::config::Config;
use crate::theme::Assets;

/// What a browser shows of the site when it is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WebApp {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    lang: String,
    dir: &'static str,
    start_url: String,
    scope: String,
    display: &'static str,
    background_color: String,
    theme_color: String,
    icons: Vec<Icon>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Icon {
    src: String,
    sizes: &'static str,
    #[serde(rename = "type")]
    media_type: &'static str,
    purpose: &'static str,
}

/// The pictures of a site, by the names of static files: sizes, media type, and purpose. A site
/// replaces them by file.
const ICONS: [(&str, &str, &str, &str); 4] = [
    ("favicon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
];

/// The picture for the home screen of Apple's devices, 180 pixels wide.
const TOUCH_ICON: &str = "apple-touch-icon.png";

/// The manifest of a site whose front page is at `home` and whose text runs in the direction `dir`.
pub(super) fn of(config: &Config, assets: &Assets, home: &str, dir: &'static str) -> WebApp {
    let icon =
        |(name, sizes, media_type, purpose): (&str, &'static str, &'static str, &'static str)| {
            Icon {
                src: format!("{}{}", config.base_url.path, route::asset(name)),
                sizes,
                media_type,
                purpose,
            }
        };
    let (paper, _) = config.theme.paper();
    WebApp {
        id: home.to_owned(),
        name: config.title.clone(),
        description: config.description.clone(),
        lang: config.locale.clone(),
        dir,
        start_url: home.to_owned(),
        scope: home.to_owned(),
        // Stories lead to other sites: readers need the way back.
        display: "minimal-ui",
        background_color: paper.to_owned(),
        theme_color: config
            .theme
            .accent
            .clone()
            .unwrap_or_else(|| paper.to_owned()),
        icons: ICONS
            .into_iter()
            .filter(|(name, ..)| assets.get(name).is_some())
            .map(icon)
            .collect(),
    }
}

/// The path of the picture for Apple's devices, without that of the base URL.
pub(super) fn touch_icon(assets: &Assets) -> Option<String> {
    assets.get(TOUCH_ICON).map(|_| route::asset(TOUCH_ICON))
}
