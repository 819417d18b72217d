//! The part of `style.css` that comes from `[theme]`: rules put after those of the file, so that
//! colours and fonts are settings without an inline style or a script.

use super::Assets;
use crate::config::Theme as Settings;

/// The style sheet that the rules become a part of.
pub(super) const SHEET: &str = "style.css";

/// The built-in font of headlines.
const BUILT_IN: &str = "fonts/newsreader.woff2";

/// The rules; empty when nothing is set.
pub(super) fn rules(settings: &Settings, assets: &Assets) -> String {
    let own_font = settings
        .font_file
        .as_deref()
        .filter(|file| assets.get(file).is_some());
    let mut rules = own_font.map_or_else(String::new, |file| {
        // The family is named so that no font of the reader's machine has the name.
        format!(
            "@font-face{{font-family:\"Font of the site\";src:url(\"{}\");font-weight:1 \
             1000;font-display:swap}}\n",
            crate::percent::encode(file)
        )
    });
    let serif = match (own_font, settings.serif.as_deref()) {
        (Some(_), stand_in) => Some(format!(
            "\"Font of the site\",{}",
            stand_in.unwrap_or("serif")
        )),
        (None, serif) => serif.map(str::to_owned),
    };
    let mut tokens = String::new();
    let mut token = |name: &str, value: &str| tokens += &format!("--{name}:{value};");
    settings
        .accent
        .iter()
        .for_each(|accent| token("accent", accent));
    serif.iter().for_each(|fonts| token("serif", fonts));
    settings.sans.iter().for_each(|fonts| token("sans", fonts));
    for (name, (light, dark)) in &settings.colors {
        token(name, &format!("light-dark({light},{dark})"));
    }
    if !tokens.is_empty() {
        rules += &format!(":root{{{}}}\n", tokens.trim_end_matches(';'));
    }
    rules
}

/// Path of the font file that headlines are set in, for a head start; none when they are set in
/// fonts of the reader's machine.
pub(super) fn headline_font(settings: &Settings, assets: &Assets) -> Option<String> {
    let own = settings.font_file.clone();
    let built_in = settings.serif.is_none().then(|| BUILT_IN.to_owned());
    own.into_iter()
        .chain(built_in)
        .find(|file| assets.get(file).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Overrides};
    use crate::theme::{Asset, Origin};

    fn made(text: &str) -> (String, Option<String>) {
        let settings = Config::resolve("site.toml", text, &Overrides::default())
            .unwrap()
            .theme;
        let mut assets = Assets::default();
        for file in [BUILT_IN, "fonts/a b.woff2"] {
            let asset = Asset {
                hash: Default::default(),
                origin: Origin::BuiltIn(b""),
                stamp: None,
            };
            assets.files.insert(file.to_owned(), asset);
        }
        (rules(&settings, &assets), headline_font(&settings, &assets))
    }

    #[test]
    fn nothing_set_is_nothing_added() {
        assert_eq!(made(""), (String::new(), Some(BUILT_IN.to_owned())));
    }

    #[test]
    fn settings_become_tokens() {
        let (rules, font) = made(
            "[theme]\naccent = \"#8a1c1c\"\nserif = \"Georgia, serif\"\ncolors.ink = \"#000000 \
             #ffffff\"",
        );
        assert_eq!(
            rules,
            ":root{--accent:#8a1c1c;--serif:Georgia, serif;--ink:light-dark(#000000,#ffffff)}\n"
        );
        assert_eq!(font, None);
    }

    #[test]
    fn a_font_of_the_site_leads() {
        let (rules, font) = made("[theme]\nfont_file = \"fonts/a b.woff2\"");
        assert!(
            rules.contains("url(\"fonts/a%20b.woff2\")")
                && rules.contains("--serif:\"Font of the site\",serif")
        );
        assert_eq!(font.as_deref(), Some("fonts/a b.woff2"));
        let (rules, font) = made("[theme]\nfont_file = \"fonts/gone.woff2\"");
        assert_eq!((rules.as_str(), font.as_deref()), ("", Some(BUILT_IN)));
    }
}
