use proptest::prelude::*;

use super::*;

/// The words of a story as they are spelled once folded.
fn spelled(texts: &Texts<'_>, site: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    each(texts, site, |word, _, _, _| words.push(word.to_owned()));
    words
}

fn title(title: &str) -> Vec<String> {
    let texts = Texts {
        title,
        ..Texts::default()
    };
    let mut words = spelled(&texts, "en");
    words.sort();
    words
}

#[test]
fn titles_have_words_in_common_or_not() {
    assert!(have_in_common("The bank waits", "Banks in trouble"));
    assert!(!have_in_common(
        "Bank story of the day",
        "The cup and the tie"
    ));
    assert!(have_in_common("北京的天气", "天气预报") && !have_in_common("北京的天气", "世界杯"));
    assert!(have_in_common("Of", "Bank"));
}

#[test]
fn endings_case_and_order_do_not_matter() {
    assert_eq!(title("The chips launched"), title("LAUNCHES: chip"));
    assert_eq!(title("Die Reform der Rente"), title("Rente: die Reformen"));
    assert_eq!(title("Пожар на складе"), title("На складе пожары"));
    assert_eq!(title("산불은 강릉에서"), title("강릉 산불"));
    assert!(title("").is_empty());
}

#[test]
fn words_end_where_the_script_ends_them() {
    assert_eq!(title("L’incendie à Évian"), ["incend", "évian"]);
    assert_eq!(title("新モデル公開"), ["モデル", "公開", "新"]);
    assert_eq!(title("OpenAI发布模型"), ["openai", "发布", "布模", "模型"]);
}

#[test]
fn numbers_are_the_same_however_they_are_written() {
    assert_eq!(title("120.000"), title("120,000"));
    assert_eq!(title("4,5"), title("4.5"));
    assert_ne!(title("4.500"), title("4.5"));
}

#[test]
fn the_language_is_named_or_seen_or_that_of_the_site() {
    let words = |title: &str, locale: Option<&str>, site: &str| {
        let texts = Texts {
            title,
            locale,
            ..Texts::default()
        };
        spelled(&texts, site)
    };
    let folded = words("Häuser", Some("de-CH"), "en");
    assert_eq!(words("Häuser", None, "de"), folded);
    assert!(words("Die Häuser sind schön und alt", None, "en").contains(&folded[0]));
    assert!(!words("The war is over", None, "de").is_empty());
}

#[test]
fn the_path_of_a_link_has_words() {
    let of = |link: &str| words_of_path(link);
    assert_eq!(
        of("https://a.example/2026/11/25/fed-holds-rates.html?x=a-b-c"),
        "fed holds rates"
    );
    assert_eq!(of("https://a.example/a-b/news_12/"), "");
    assert_eq!(of("https://a.example"), "");
    assert_eq!(
        of("https://a.example/k%C3%B6ln-baut-um/id-1-2-3"),
        "köln baut um"
    );
}

proptest! {
    #[test]
    fn ascii_is_cut_as_unicode_says(text in "[ -~]{0,40}") {
        // But for apostrophes, and marks that Unicode takes as part of a word.
        prop_assume!(!text.contains(['_', ':', '.', ',', ';', '"']));
        let unicode = text.unicode_words().flat_map(|word| word.split('\''));
        let unicode: Vec<&str> = unicode.filter(|part| !part.is_empty()).collect();
        prop_assert_eq!(ascii_words(&text).collect::<Vec<_>>(), unicode);
    }

    #[test]
    fn any_text_has_words(
        title in "\\PC{0,60}",
        excerpt in "\\PC{0,60}",
        link in "\\PC{0,40}",
    ) {
        let texts = Texts { title: &title, excerpt: &excerpt, link: Some(&link), locale: None };
        let words = of(&texts, "en").0;
        prop_assert!(words.is_sorted_by(|a, b| a.word < b.word));
        prop_assert!(words.iter().all(|term| term.weight > 0 && term.weight <= 100));
    }
}

#[test]
fn the_language_of_a_text_is_found_where_there_is_no_doubt() {
    for (text, language) in [
        (
            "央行宣布下调存款准备金率0.5个百分点，AI 公司反应",
            Some("zh"),
        ),
        ("台風15号、九州に上陸　交通に乱れ", Some("ja")),
        ("한국은행, 기준금리 2.5%로 인하", Some("ko")),
        ("ธนาคารกลางขึ้นอัตราดอกเบี้ย", Some("th")),
        ("הבנק המרכזי מעלה את הריבית", Some("he")),
        ("Η κεντρική τράπεζα αύξησε το επιτόκιο", Some("el")),
        (
            "Das Gericht kippt das Fahrverbot in Stuttgart, und die Stadt muss nun handeln",
            Some("de"),
        ),
        (
            "The court has stopped the merger of the two banks, and it is not the first time",
            Some("en"),
        ),
        (
            "Le tribunal annule le permis de la mine pour des raisons qui ne sont pas connues",
            Some("fr"),
        ),
        (
            "Суд запретил слияние банков, и это не первый случай за год, но",
            Some("ru"),
        ),
        ("Nvidia, OpenAI", None),
        ("", None),
        ("Tesla Berlin 2026", None),
    ] {
        assert_eq!(language_of(text), language, "{text}");
    }
}
