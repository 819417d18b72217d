//! What previews of a page show where somebody links to it: the Open Graph protocol
//! (<https://ogp.me>).

use serde::Serialize;

use super::route;
use crate::config::Config;
use crate::theme::Assets;

/// `page.image`: a picture for previews.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PreviewImage {
    /// Full URL.
    pub url: String,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// What it shows.
    pub alt: Option<String>,
}

/// The locale as the Open Graph protocol writes it (<https://ogp.me/#optional>): `en_GB`; none when
/// it names no territory.
pub(super) fn locale(locale: &str) -> Option<String> {
    let mut parts = locale.split('-');
    let language = parts.next()?.to_lowercase();
    let is_territory = |part: &&str| {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
            || (part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    // A single letter begins extensions, in which the same forms mean other things.
    let territory = parts.take_while(|part| part.len() > 1).find(is_territory)?;
    Some(format!("{language}_{}", territory.to_uppercase()))
}

/// The picture of `[preview]`; none when it is a file that the site does not have.
pub(super) fn of_site(config: &Config, assets: &Assets) -> Option<PreviewImage> {
    let preview = config.preview.as_ref()?;
    let image = preview.image.as_str();
    let url = if image.contains("://") {
        image.to_owned()
    } else {
        assets.get(image)?;
        format!(
            "{}{}{}",
            config.base_url.origin,
            config.base_url.path,
            route::asset(image)
        )
    };
    Some(PreviewImage {
        url,
        width: preview.width,
        height: preview.height,
        alt: preview.alt.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::locale;

    #[test]
    fn open_graph_wants_a_territory() {
        for (tag, written) in [
            ("en-GB", Some("en_GB")),
            ("zh-Hans-CN", Some("zh_CN")),
            ("es-419", Some("es_419")),
            ("de", None),
            ("de-u-co", None),
        ] {
            assert_eq!(locale(tag).as_deref(), written);
        }
    }
}
