use super::super::split::split;
use super::*;

fn article(text: &str) -> Result<ArticleFields, Diagnostic> {
    let split = split("a.md", text)?;
    read("a.md", &split)
}

#[test]
fn errors_name_the_line_of_the_file() {
    let error = article("---\n\ntitle: x\nquality: high\n---\n").unwrap_err();
    let place = error.location.unwrap();
    assert_eq!(
        (place.line, place.column, place.text.as_str()),
        (4, 10, "quality: high")
    );
}

#[test]
fn secured_is_skipped_and_unknown_fields_are_kept() {
    let fields =
        article("---\ntitle: 2001\nsecured: \"abc\"\nprice: Free\ntopics: AI\n---\n").unwrap();
    assert_eq!(fields.title, Some(Scalar("2001".into())));
    assert_eq!(fields.topics.unwrap().names, Scalars(vec!["AI".into()]));
    assert_eq!(fields.extra.fields.keys().collect::<Vec<_>>(), ["price"]);
}

#[test]
fn blanking_secured_changes_nothing_else() {
    let blank = |matter: &str| without_secured(matter).into_owned();
    assert_eq!(
        blank("title: x\nsecured: \"ab==\"\nheat: 1"),
        "title: x\n\nheat: 1"
    );
    assert_eq!(blank("secured: \"ab==\""), "");
    for other in [
        "a: 1\nsecured: \"ab\" # c",
        "a: 1\nsecured: \"a\nb\"",
        "a: |\n x\nsecured: \"ab\"",
        "a: 1\n secured: \"b\"",
    ] {
        assert_eq!(blank(other), other);
    }
    let error = article("---\ntitle: x\nsecured: \"ab\"\nquality: high\n---\n").unwrap_err();
    assert_eq!(error.location.unwrap().line, 4);
}

#[test]
fn errors_are_reported_in_plain_words() {
    let message = |fields: &str| {
        article(&format!("---\n{fields}\n---\n"))
            .unwrap_err()
            .message
    };
    assert_eq!(
        message("quality: high"),
        "`quality` must be a whole number, but is high"
    );
    assert_eq!(
        message("published: 3"),
        "`published` must be true or false, but is 3"
    );
    assert_eq!(message("title: [x]"), "`title` must be text, but is a list");
    assert_eq!(message("related: x"), "`related` must be a list, but is x");
    assert_eq!(
        message("- title: x"),
        "the front matter must be fields like `title: …`, but is a list"
    );
    assert!(message("title: a: b").starts_with("invalid YAML: "));
    let twice = article("---\ntitle: a\nheat: 1\ntitle: b\n---\n").unwrap_err();
    assert_eq!(twice.location.unwrap().line, 4);
}

#[test]
fn lists_beyond_their_budget_are_read_to_their_end() {
    for count in [49, 50, 51, 300] {
        let list = "  - url: a\n".repeat(count);
        let fields = article(&format!(
            "---\nimages:\n{list}related:\n{list}title: b\n---\n"
        ))
        .unwrap();
        let (images, related) = (fields.images.unwrap(), fields.related.unwrap());
        assert_eq!((images.of, images.items.len()), (count, count.min(50)));
        assert_eq!((related.of, related.items.len()), (count, count.min(50)));
        assert!(fields.title.is_some());
    }
}

#[test]
fn tags_are_searched_for_only_where_one_can_be() {
    for matter in [
        "title: !new x",
        "!x\na: b",
        "tags: [!a b]",
        "a: {\"b\":!c d}",
        "a:\n- !b c",
    ] {
        assert!(may_have_tags(matter), "{matter}");
    }
    for matter in ["title: Stop! Now", "title: \"¡Ya!\"", "a: b\nurl: x/#!y"] {
        assert!(!may_have_tags(matter), "{matter}");
    }
}

#[test]
fn every_format_says_the_same() {
    for text in [
        "---\ntitle: T\nquality: 7\ntopics: [AI]\npublishedDateTime: 2020-05-01T10:00:00Z\n\
         published: false\nprovider:\n  name: P\nimages:\n- url: u\n  width: 3\nprice: 1.5\n\
         secured: S\nextra: {link: l, secured: S}\n---\n",
        "+++\ntitle = 'T'\nquality = 7\ntopics = ['AI']\npublishedDateTime = \
         2020-05-01T10:00:00Z\npublished = false\nprovider.name = 'P'\nprice = 1.5\n\
         secured = 'S'\n[[images]]\nurl = 'u'\nwidth = 3\n[extra]\nlink = 'l'\n\
         secured = 'S'\n+++\n",
        r#"{"title": "T", "quality": 7, "topics": ["AI"], "published": false,
            "publishedDateTime": "2020-05-01T10:00:00Z", "provider": {"name": "P"},
            "images": [{"url": "u", "width": 3}], "price": 1.5, "secured": "S",
            "extra": {"link": "l", "secured": "S"}}"#,
    ] {
        let fields = article(text).unwrap();
        let text_of = |field: Option<Scalar>| field.unwrap().0;
        assert_eq!(text_of(fields.title), "T");
        assert_eq!(text_of(fields.published_date_time), "2020-05-01T10:00:00Z");
        assert_eq!(
            (fields.quality, fields.published),
            (Some(Whole(7)), Some(false))
        );
        assert_eq!(fields.topics.unwrap().names, Scalars(vec!["AI".into()]));
        assert_eq!(text_of(fields.provider.unwrap().name), "P");
        assert_eq!(fields.images.unwrap().items[0].width, Loose::Whole(3));
        let extra = serde_json::to_string(&fields.extra.fields).unwrap();
        assert_eq!(extra, r#"{"extra":{"link":"l"},"price":1.5}"#);
    }
}

#[test]
fn errors_in_toml_and_json_name_the_place() {
    for (text, message, place) in [
        (
            "+++\ntitle = 'x'\nquality = 'high'\n+++\n",
            "`quality` must be a whole number, but is high",
            (3, 11, "quality = 'high'"),
        ),
        (
            "+++\n[[related]]\ntitle = 'u'\nquality = 'w'\n+++\n",
            "`related[0].quality` must be a whole number, but is w",
            (4, 11, "quality = 'w'"),
        ),
        (
            "+++\ntitle = x\n+++\n",
            "this is not TOML: ",
            (2, 9, "title = x"),
        ),
        (
            "+++\na = 1\na = 2\n+++\n",
            "this is not TOML: duplicate key",
            (3, 1, "a = 2"),
        ),
        (
            "{\n\"title\": [1]\n}",
            "`title` must be text, but is a list",
            (2, 10, "\"title\": [1]"),
        ),
        (
            "{\n\"related\": {}\n}",
            "`related` must be a list, but is a table",
            (2, 12, "\"related\": {}"),
        ),
        (
            ";;;\n\"title\": \"x\",\n\"title\": \"y\"\n;;;\n",
            "the field `title` is set twice",
            (3, 1, "\"title\": \"y\""),
        ),
        (
            "{\n\"a\": 1\n\"b\": 2\n}",
            "this is not JSON: a `,` is missing before this field",
            (3, 1, "\"b\": 2"),
        ),
    ] {
        let error = article(text).unwrap_err();
        assert!(error.message.starts_with(message), "{}", error.message);
        let found = error.location.unwrap();
        assert_eq!(
            (found.line, found.column, found.text.as_str()),
            place,
            "{text}"
        );
    }
}

#[test]
fn a_block_that_is_indented_as_a_whole_is_read() {
    let fields = article("---\n  title: x\n  topics:\n    - AI\n---\n").unwrap();
    assert_eq!(fields.topics.unwrap().names, Scalars(vec!["AI".into()]));
    let line = |text: &str| article(text).unwrap_err().location.unwrap().line;
    assert_eq!(line("---\n  title: x\n  quality: 'a'\n---\n"), 3);
    assert_eq!(line("---\n  title: a\n  heat: 1\n  title: b\n---\n"), 4);
}

#[test]
fn numbers_in_any_notation_are_text_as_it_is_written() {
    for number in [
        "0x1F",
        "+1",
        "1e3",
        "1_000",
        ".5",
        "007",
        "99999999999999999999999",
        "1.50",
    ] {
        let fields = article(&format!("---\ntitle: {number}\ntopics: [{number}]\n---\n"));
        let fields = fields.unwrap();
        assert_eq!(fields.title, Some(Scalar(number.into())));
        assert_eq!(fields.topics.unwrap().names, Scalars(vec![number.into()]));
    }
}

#[test]
fn numbers_in_quotes_are_numbers_where_numbers_are_wanted() {
    let fields = article("---\nquality: \"80\"\nheat: '7'\n---\n").unwrap();
    assert_eq!(
        (fields.quality, fields.heat),
        (Some(Whole(80)), Some(Whole(7)))
    );
    let error = article("---\nquality: 99999999999999999999999\n---\n").unwrap_err();
    assert_eq!(
        error.message,
        "`quality` must be a whole number, but is 99999999999999999999999"
    );
}

#[test]
fn a_text_with_commas_is_a_list_of_names() {
    let names = |topics: &str| {
        let fields = article(&format!("---\ntopics: {topics}\n---\n")).unwrap();
        let names = fields.topics.unwrap();
        (names.names.0.join("|"), names.is_split)
    };
    assert_eq!(names("AI, Chips"), ("AI| Chips".to_owned(), true));
    assert_eq!(names("人工智能，芯片"), ("人工智能|芯片".to_owned(), true));
    assert_eq!(names("AI,"), ("AI".to_owned(), false));
    assert_eq!(names("[\"AI, Chips\"]"), ("AI, Chips".to_owned(), false));
    assert_eq!(names("2024"), ("2024".to_owned(), false));
}

#[test]
fn images_are_read_in_any_form() {
    let images = |images: &str| {
        let fields = article(&format!("---\nimages: {images}\n---\n")).unwrap();
        let images = fields.images.unwrap();
        let url = |image: &ImageFields| image.url.text().unwrap_or_default().into_owned();
        (
            images.items.iter().map(url).collect::<Vec<_>>().join(" "),
            images.of,
        )
    };
    assert_eq!(images("/a.png"), ("/a.png".to_owned(), 1));
    assert_eq!(images("{url: /a.png}"), ("/a.png".to_owned(), 1));
    assert_eq!(
        images("\n  - /a.png\n  - url: /b.png\n    width: \"12\"\n  - [c]\n  - true\n  -"),
        ("/a.png /b.png  ".to_owned(), 5)
    );
    assert_eq!(
        images("[5, {url: [x], width: {a: b}, height: !y 4}]"),
        ("5 ".to_owned(), 2)
    );
}

#[test]
fn mistakes_of_yaml_are_reported_with_their_place_and_fitting_help() {
    for (fields, line, column, message, help) in [
        (
            "topics:\n\t- AI",
            3,
            1,
            "indented with a tab",
            "only spaces",
        ),
        (
            "title: !important change",
            2,
            8,
            "`!important` is a tag",
            "quote the value",
        ),
        (
            "title: x\u{8}y",
            2,
            9,
            "control character U+0008",
            "delete it",
        ),
        (
            "title: \"C:\\dir\"",
            2,
            11,
            "a backslash in double quotes",
            "`\\\\`",
        ),
        (
            "a: b\nquery:\n  v: 1\n  p: 2\n  p: 4",
            6,
            3,
            "`p` is set twice",
            "remove one",
        ),
        (
            "a: b\ntitle:\u{a0} x\nheat: 1",
            3,
            7,
            "no-break space (U+00A0)",
            "type a space",
        ),
        (
            "title: @home",
            2,
            8,
            "cannot begin with `@`",
            "quote the value",
        ),
        ("title: *home*", 2, 8, "begins with `*`", "quote the value"),
        (
            "provider:\n  name: a\n  name: b",
            4,
            3,
            "`name` is set twice",
            "remove one",
        ),
    ] {
        let error = article(&format!("---\n{fields}\n---\n")).unwrap_err();
        let place = error.location.as_ref().unwrap();
        assert_eq!((place.line, place.column), (line, column), "{error:?}");
        assert!(error.message.contains(message), "{error:?}");
        assert!(
            error
                .help
                .as_ref()
                .is_some_and(|message| message.contains(help)),
            "{error:?}"
        );
    }
}

#[test]
fn a_field_that_stands_twice_is_an_error() {
    assert!(
        article("---\ntitle: a\ntitle: b\n---\n")
            .unwrap_err()
            .message
            .contains("is set twice")
    );
}

#[test]
fn alias_bombs_are_refused_quickly() {
    let mut bomb = String::from("---\na0: &a0 [x]\n");
    for level in 1..30 {
        bomb += &format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1);
    }
    assert_eq!(
        article(&format!("{bomb}---\n")).unwrap_err().code,
        "yaml-aliases"
    );
}

#[test]
fn aliases_are_counted_whatever_their_names() {
    for name in ["_", "-", "_-9"] {
        let bomb = format!(
            "---\na: &{name} [x]\nb: [{}]\n---\n",
            vec![format!("*{name}"); 20].join(", ")
        );
        assert_eq!(article(&bomb).unwrap_err().code, "yaml-aliases", "{name}");
    }
}

#[test]
fn a_megabyte_of_brackets_is_refused_quickly() {
    for bracket in ["[", "{", "[a,", "{a: ["] {
        let text = format!("---\ntitle: x\nextra: {}\n---\n", bracket.repeat(100_000));
        assert_eq!(article(&text).unwrap_err().code, "yaml-nesting");
    }
    let many = format!(
        "---\ntitle: x\nextra: [{}]\n---\n",
        "{a: b}, ".repeat(2_000)
    );
    assert!(article(&many).is_ok());
}

#[test]
fn a_megabyte_of_commas_is_refused() {
    let text = format!("---\ntitle: x\nextra: {{{}}}\n---\n", "a,".repeat(300_000));
    assert_eq!(article(&text).unwrap_err().code, "yaml-nesting");
}

#[test]
fn deep_nesting_is_no_crash() {
    let deep = |field: &str| {
        let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
        article(&format!(
            "---\ntitle: x\nother: 5\n{field}: {open}{close}\n---\n"
        ))
    };
    assert!(deep("topics").is_err());
    let extra = deep("extra").unwrap().extra;
    assert_eq!((extra.fields.len(), extra.dropped), (1, 1));
}
