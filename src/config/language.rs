//! Language tags (BCP 47): which are taken, and which way their text runs.

/// Whether a text is a language tag (BCP 47) of language, script, region and variants, in this
/// order. Browsers, which throw at any other, take no languages of four letters and no variant
/// twice.
pub fn is_tag(text: &str) -> bool {
    let is_letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_variant = |part: &str| match part.len() {
        4 => part.starts_with(|c: char| c.is_ascii_digit()),
        length => (5..=8).contains(&length),
    };
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return false;
    }
    let lower = text.to_lowercase();
    let mut parts = lower.split('-').peekable();
    let is_language = parts
        .next()
        .is_some_and(|part| is_letters(part) && matches!(part.len(), 2 | 3 | 5..=8));
    parts.next_if(|part| part.len() == 4 && is_letters(part));
    parts.next_if(|part| match part.len() {
        2 => is_letters(part),
        length => length == 3 && part.bytes().all(|byte| byte.is_ascii_digit()),
    });
    let variants: Vec<&str> = parts.collect();
    let is_new = |(at, variant): (usize, &&str)| !variants[..at].contains(variant);
    is_language
        && variants.iter().all(|part| is_variant(part))
        && variants.iter().enumerate().all(is_new)
}

/// The language that an article names, as a tag; `en_US` is one that was written in another way.
pub fn named(locale: Option<&str>) -> Option<String> {
    let tag = locale?.replace('_', "-");
    is_tag(&tag).then_some(tag)
}

/// The language that an article names, where it is another one than that of the site, or the same
/// in another script.
pub fn foreign(locale: Option<&str>, site: &str) -> Option<String> {
    let tag = named(locale)?;
    let of = |tag: &str| {
        let tag = tag.to_lowercase();
        let primary = tag.split('-').next().unwrap_or_default().to_owned();
        (primary, script(&tag).map(str::to_owned))
    };
    let ((own, own_script), (others, site_script)) = (of(&tag), of(site));
    let is_same_script = own_script.is_none() || site_script.is_none() || own_script == site_script;
    (own != others || !is_same_script).then_some(tag)
}

/// The script that a tag in lower case names. Chinese without one is in that of its region
/// (<https://www.unicode.org/cldr/charts/latest/supplemental/likely_subtags.html>).
pub(super) fn script(tag: &str) -> Option<&str> {
    let (primary, rest) = tag.split_once('-').unwrap_or((tag, ""));
    let is_script = |part: &&str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_traditional = || {
        let mut parts = rest.split('-');
        parts.any(|part| matches!(part, "tw" | "hk" | "mo"))
    };
    let named = rest.split('-').next().filter(is_script);
    named.or_else(|| match primary {
        "zh" if is_traditional() => Some("hant"),
        "zh" => Some("hans"),
        _ => None,
    })
}

/// Whether two tags are the same, in whatever case.
pub fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The language of a tag, without script and region.
fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// Which of some languages a tag names: the very one, else the one that is more general (`de` for
/// `de-AT`), else the first of the same language in the same script (`zh-Hant` for `zh-TW`), else
/// the first of the same language (`pt-BR` for `pt-PT`). `de_AT` is `de-AT`.
pub fn find<'l>(tag: &str, languages: impl Iterator<Item = &'l str> + Clone) -> Option<usize> {
    let tag = tag.replace('_', "-");
    let is_part = |language: &str| {
        let start = tag.get(..language.len());
        start.is_some_and(|start| is_same(start, language))
            && tag[language.len()..].starts_with('-')
    };
    let lower = tag.to_lowercase();
    let is_in_its_script = |language: &str| {
        is_same(primary(language), primary(&tag))
            && script(&language.to_lowercase()) == script(&lower)
    };
    let (mut exact, mut in_script) = (languages.clone(), languages.clone());
    let of_start = languages.clone().enumerate();
    let of_start = of_start.filter(|(_, language)| is_part(language));
    exact
        .position(|language| is_same(language, &tag))
        .or_else(|| {
            of_start
                .max_by_key(|(_, language)| language.len())
                .map(|(at, _)| at)
        })
        .or_else(|| in_script.position(is_in_its_script))
        .or_else(|| {
            let mut languages = languages;
            languages.position(|language| is_same(primary(language), primary(&tag)))
        })
}

/// What a language is called in itself; none for languages that are not in the list.
pub fn own_name(tag: &str) -> Option<&'static str> {
    /// By tag; more special tags before the general one.
    const NAMES: [(&str, &str); 44] = [
        ("ar", "العربية"),
        ("bg", "Български"),
        ("bn", "বাংলা"),
        ("ca", "Català"),
        ("cs", "Čeština"),
        ("da", "Dansk"),
        ("de", "Deutsch"),
        ("el", "Ελληνικά"),
        ("en", "English"),
        ("es", "Español"),
        ("et", "Eesti"),
        ("eu", "Euskara"),
        ("fa", "فارسی"),
        ("fi", "Suomi"),
        ("fr", "Français"),
        ("gl", "Galego"),
        ("he", "עברית"),
        ("hi", "हिन्दी"),
        ("hr", "Hrvatski"),
        ("hu", "Magyar"),
        ("id", "Indonesia"),
        ("it", "Italiano"),
        ("ja", "日本語"),
        ("ko", "한국어"),
        ("lt", "Lietuvių"),
        ("lv", "Latviešu"),
        ("nb", "Norsk bokmål"),
        ("nl", "Nederlands"),
        ("nn", "Norsk nynorsk"),
        ("no", "Norsk"),
        ("pl", "Polski"),
        ("pt", "Português"),
        ("ro", "Română"),
        ("ru", "Русский"),
        ("sk", "Slovenčina"),
        ("sl", "Slovenščina"),
        ("sv", "Svenska"),
        ("th", "ไทย"),
        ("tr", "Türkçe"),
        ("uk", "Українська"),
        ("vi", "Tiếng Việt"),
        ("zh-Hans", "简体中文"),
        ("zh-Hant", "繁體中文"),
        ("zh", "中文"),
    ];
    let at = find(tag, NAMES.iter().map(|(tag, _)| *tag))?;
    Some(NAMES[at].1)
}

/// Right to left for the scripts that are
/// (<https://www.w3.org/International/questions/qa-scripts>): that of the tag, else the one that
/// its language is usually written in.
pub fn direction(locale: &str) -> &'static str {
    const SCRIPTS: [&str; 10] = [
        "adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "syrc", "thaa",
    ];
    const LANGUAGES: [&str; 24] = [
        "ar", "arc", "arz", "azb", "bal", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn",
        "nqo", "pnb", "prs", "ps", "sd", "skr", "syr", "ug", "ur", "yi", "ydd",
    ];
    let locale = locale.to_lowercase();
    let mut parts = locale.split('-');
    let language = parts.next().unwrap_or_default();
    let is_script =
        |part: &&str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_rtl = match parts.next().filter(is_script) {
        Some(script) => SCRIPTS.contains(&script),
        None => LANGUAGES.contains(&language),
    };
    if is_rtl { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_are_those_that_browsers_take() {
        for good in [
            "en",
            "en-GB",
            "zh-Hans",
            "zh-Hant-TW",
            "es-419",
            "de-CH-1996",
            "sl-rozaj-biske",
            "EN-us",
            "ast",
            "ca-valencia",
        ] {
            assert!(is_tag(good), "{good}");
        }
        for bad in [
            "",
            "-",
            "e",
            "12",
            "e1-x",
            "en-a",
            "en-",
            "-en",
            "en--GB",
            "en-GB-oed",
            "en-GB-Latn",
            "i-klingon",
            "root",
            "x-own",
            "en-x-own",
            "de-1996-1996",
            "en_GB",
            "english language",
            "wordwithnine",
            "én",
            "en-GBR",
            "en-12",
        ] {
            assert!(!is_tag(bad), "{bad}");
        }
    }

    #[test]
    fn a_tag_names_the_nearest_of_some_languages() {
        let languages = ["en", "zh-Hans", "zh-Hant", "pt-BR", "de", "de-CH"];
        let nearest = |tag| find(tag, languages.into_iter()).map(|at| languages[at]);
        for (tag, wanted) in [
            ("EN", "en"),
            ("en_GB", "en"),
            ("de-CH-1996", "de-CH"),
            ("de-AT", "de"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh_TW", "zh-Hant"),
            ("zh-Hant-HK", "zh-Hant"),
            ("pt-PT", "pt-BR"),
        ] {
            assert_eq!(nearest(tag), Some(wanted), "{tag}");
        }
        assert_eq!(nearest("fr"), None);
        assert_eq!(find("zh-TW", ["zh-Hans"].into_iter()), Some(0));
    }

    #[test]
    fn a_language_is_foreign_by_its_name_or_its_script() {
        for (locale, site) in [
            ("de", "de-CH"),
            ("en_US", "en"),
            ("zh-CN", "zh-Hans"),
            ("zh-Hant", "zh-TW"),
            ("sr-Cyrl", "sr"),
            ("no tag", "en"),
        ] {
            assert_eq!(foreign(Some(locale), site), None, "{locale} {site}");
        }
        for (locale, site, tag) in [
            ("ar", "en", "ar"),
            ("pt_BR", "es", "pt-BR"),
            ("zh-TW", "zh", "zh-TW"),
            ("zh-Hans", "zh-HK", "zh-Hans"),
        ] {
            assert_eq!(foreign(Some(locale), site).as_deref(), Some(tag), "{site}");
        }
    }

    #[test]
    fn the_script_decides_the_direction() {
        for tag in [
            "ar",
            "he-IL",
            "fa",
            "ug",
            "ur-PK",
            "ks",
            "AR",
            "pa-Arab",
            "az-Arab-IR",
            "ku-arab",
            "ff-Adlm",
            "syr",
        ] {
            assert_eq!(direction(tag), "rtl", "{tag}");
        }
        for tag in [
            "en",
            "de-CH-1996",
            "ar-Latn",
            "ks-Deva",
            "pa",
            "az",
            "ku",
            "zh-Hant-TW",
            "sr-Cyrl",
        ] {
            assert_eq!(direction(tag), "ltr", "{tag}");
        }
    }
}
