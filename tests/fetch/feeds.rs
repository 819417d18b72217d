//! Feeds as they are: what is read in each kind of them.

use newsgen::fetch::feed::{self, Entry, Feed, Format, NotAFeed, Origin};
use newsgen::time::Time;
use url::Url;

fn read(bytes: impl AsRef<[u8]>) -> Feed {
    feed::read(bytes.as_ref(), Origin::default()).unwrap()
}

fn read_at(address: &str, text: &str) -> Feed {
    let address = Url::parse(address).unwrap();
    let origin = Origin {
        address: Some(&address),
        charset: None,
    };
    feed::read(text.as_bytes(), origin).unwrap()
}

/// The only entry of an RSS feed whose item has these elements.
fn item(elements: &str) -> Entry {
    let feed = read(format!(
        "<rss version='2.0'><channel><item>{elements}</item></channel></rss>"
    ));
    assert_eq!(feed.entries.len(), 1);
    feed.entries.into_iter().next().unwrap()
}

/// The only entry of an Atom feed whose entry has these elements.
fn entry(elements: &str) -> Entry {
    let feed = read(format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry>{elements}</entry></feed>"
    ));
    feed.entries.into_iter().next().unwrap()
}

fn time(entry: &Entry) -> Option<String> {
    entry.published.map(Time::rfc3339_utc)
}

const RSS: &str = "<?xml version='1.0' encoding='utf-8'?>
<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'
     xmlns:content='http://purl.org/rss/1.0/modules/content/'>
<channel>
  <title>Notes &amp;amp; News</title>
  <link>https://notes.example/</link>
  <language>en-GB</language>
  <ttl>90</ttl>
  <image><title>Logo</title><link>https://notes.example/logo</link></image>
  <item>
    <title>Rivers &lt;em&gt;rise&lt;/em&gt; in R&amp;amp;D</title>
    <link>https://notes.example/rivers</link>
    <guid isPermaLink='false'>n-1</guid>
    <pubDate>Tue, 24 Nov 2026 10:00:00 +0100</pubDate>
    <dc:creator>Ada Byron</dc:creator>
    <category>Water</category><category>Water</category><category>Law</category>
    <description>
    <![CDATA[<p><img src='https://notes.example/r.jpg'>It <b>rained</b>.</p>]]></description>
    <content:encoded>&lt;p&gt;Much longer.&lt;/p&gt;</content:encoded>
  </item>
</channel>
</rss>";

#[test]
fn rss_is_read() {
    let feed = read(RSS);
    assert_eq!(feed.format, Format::Rss);
    assert_eq!(feed.title.as_deref(), Some("Notes & News"));
    assert_eq!(feed.home.as_deref(), Some("https://notes.example/"));
    assert_eq!(
        (feed.language.as_deref(), feed.ttl),
        (Some("en-GB"), Some(90))
    );
    assert_eq!(feed.remarks, Vec::<String>::new());
    let expected = Entry {
        id: "n-1".to_owned(),
        title: Some("Rivers rise in R&D".to_owned()),
        link: Some("https://notes.example/rivers".to_owned()),
        origin: None,
        published: Time::from_seconds(1_795_510_800),
        excerpt: Some("It rained.".to_owned()),
        image: Some("https://notes.example/r.jpg".to_owned()),
        author: Some("Ada Byron".to_owned()),
        categories: vec!["Water".to_owned(), "Law".to_owned()],
        language: None,
    };
    assert_eq!(feed.entries, [expected]);
}

#[test]
fn other_formats_are_read() {
    let rdf = read(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
         xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel \
         rdf:about='x'><title>R</title></channel><item rdf:about='https://r.example/1'><title>One\
         </title><dc:date>2026-11-24</dc:date></item></rdf:RDF>",
    );
    let only = &rdf.entries[0];
    assert_eq!((rdf.format, rdf.title.as_deref()), (Format::Rdf, Some("R")));
    assert_eq!(only.id, "https://r.example/1");
    assert_eq!(only.link.as_deref(), Some("https://r.example/1"));
    assert_eq!(time(only).as_deref(), Some("2026-11-24T00:00:00Z"));

    let cdf = read(
        "<CHANNEL><ITEM HREF='https://c.example/1' LASTMOD='2004-04-06T23:05-05:00'>\
                    <TITLE>Two</TITLE><ABSTRACT>Short.</ABSTRACT></ITEM></CHANNEL>",
    );
    let only = &cdf.entries[0];
    assert_eq!(
        (cdf.format, only.title.as_deref()),
        (Format::Cdf, Some("Two"))
    );
    assert_eq!(only.link.as_deref(), Some("https://c.example/1"));
    assert_eq!(time(only).as_deref(), Some("2004-04-07T04:05:00Z"));

    let atom = entry(
        "<title type='html'>A &amp;lt; B &amp;amp; &lt;i&gt;C&lt;/i&gt;</title><id>tag:a,1</id>\
         <link rel='self' href='https://a.example/self'/>\
         <link rel='alternate' type='application/json' href='https://a.example/1.json'/>\
         <link href='https://a.example/1'/><link rel='enclosure' type='image/png' \
         href='https://a.example/1.png'/><author><name>Ada</name><email>a@a.example</email>\
         </author><updated>2026-11-24T10:00:00Z</updated><published>2026-11-23T10:00:00Z\
         </published><summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One</p>\
         <p>t<b>w</b>o</p><script>x</script></div></summary><source><title>Other</title>\
         <id>other</id></source>",
    );
    assert_eq!(atom.title.as_deref(), Some("A < B & C"));
    assert_eq!(
        (atom.id.as_str(), atom.author.as_deref()),
        ("tag:a,1", Some("Ada"))
    );
    assert_eq!(atom.link.as_deref(), Some("https://a.example/1"));
    assert_eq!(atom.image.as_deref(), Some("https://a.example/1.png"));
    assert_eq!(time(&atom).as_deref(), Some("2026-11-23T10:00:00Z"));
    assert_eq!(atom.excerpt.as_deref(), Some("One two"));
}

#[test]
fn json_feed_is_read() {
    let feed = read_at(
        "https://j.example/feed.json",
        r#"{"version": "https://jsonfeed.org/version/1.1", "title": "J", "language": "de",
            "home_page_url": "/", "authors": [{"name": "All of us"}], "items": [
            {"id": 7, "url": "/7", "title": "Seven", "content_html": "<p>x<img src='7.png'></p>",
             "date_published": "2026-11-24T10:00:00+01:00", "tags": ["a", "b"]},
            {"id": "8", "external_url": "https://o.example/", "content_text": "Eight & more",
             "image": "8.png", "author": {"name": "Me"}}, "odd"]}"#,
    );
    assert_eq!(
        (feed.format, feed.home.as_deref()),
        (Format::Json, Some("https://j.example/"))
    );
    let [seven, eight] = feed.entries.as_slice() else {
        panic!("{:?}", feed.entries)
    };
    assert_eq!(
        (seven.id.as_str(), seven.link.as_deref()),
        ("7", Some("https://j.example/7"))
    );
    assert_eq!(seven.image.as_deref(), Some("https://j.example/7.png"));
    assert_eq!(seven.author.as_deref(), Some("All of us"));
    assert_eq!(time(seven).as_deref(), Some("2026-11-24T09:00:00Z"));
    assert_eq!(seven.categories, ["a", "b"]);
    assert_eq!(
        (eight.title.as_deref(), eight.excerpt.as_deref()),
        (None, Some("Eight & more"))
    );
    assert_eq!(eight.author.as_deref(), Some("Me"));
    assert_eq!(eight.image.as_deref(), Some("https://j.example/8.png"));
    for other in ["{}", "{\"items\": 1}", "{\"items\": [", "{'x'}"] {
        let read = feed::read(other.as_bytes(), Origin::default());
        assert_eq!(read, Err(NotAFeed::Unknown), "{other}");
    }
}

#[test]
fn a_small_mistake_does_not_cost_the_feed() {
    for (from, to) in [
        ("Rivers ", "Rivers & "),
        ("Rivers ", "Rivers < "),
        ("Rivers ", "Rivers&nbsp;"),
        ("<rss version='2.0'", "<rss"),
        (
            "</title>\n    <link>https://notes.example/rivers",
            "<link>https://notes.example/rivers",
        ),
        ("</channel>\n</rss>", ""),
        ("</guid>", "</id>"),
        ("<ttl>90</ttl>", "<ttl>90"),
        ("xmlns:dc='http://purl.org/dc/elements/1.1/'", ""),
        (
            "<?xml version='1.0' encoding='utf-8'?>",
            "\n <?xml version='1.0'?>",
        ),
        (
            "<?xml version='1.0' encoding='utf-8'?>",
            "warning: x() in y.php\n",
        ),
        ("<image>", "<!-- <image>"),
        ("<category>Law</category>", "<category a='b>Law</category>"),
    ] {
        assert!(RSS.contains(from), "{from}");
        let feed = read(RSS.replacen(from, to, 1));
        let only = feed.entries.first().unwrap_or_else(|| panic!("{to}"));
        assert_eq!(
            only.link.as_deref(),
            Some("https://notes.example/rivers"),
            "{to}"
        );
        assert_eq!(time(only).as_deref(), Some("2026-11-24T09:00:00Z"), "{to}");
        assert!(only.title.as_deref().unwrap().starts_with("Rivers"), "{to}");
    }
    let broken = read(RSS.replacen("Rivers ", "Rivers < ", 1));
    assert_eq!(broken.remarks, ["it is not well-formed (line 11)"]);
    let control = read(RSS.replacen("Rivers ", "Riv\u{1}ers ", 1));
    assert_eq!(
        control.entries[0].title.as_deref(),
        Some("Rivers rise in R&D")
    );
}

#[test]
fn a_feed_may_be_cut_off_anywhere() {
    let start = RSS.find("<guid").unwrap();
    for (at, _) in RSS.char_indices().skip(start) {
        let feed = read(&RSS[..at]);
        assert_eq!(feed.entries.len(), 1, "{at}");
        assert_eq!(
            feed.entries[0].link.as_deref(),
            Some("https://notes.example/rivers")
        );
        let is_whole = RSS[..at].trim_end().ends_with("</rss>");
        assert_eq!(
            feed.remarks.contains(&"its end is missing".to_owned()),
            !is_whole,
            "{at}"
        );
    }
}

#[test]
fn every_encoding_is_read() {
    let title = "Über Großmächte – „naïve“ Sätze, geänderte Größen und müßige Träume";
    let text = format!("<rss><channel><item><title>{title}</title></item></channel></rss>");
    let declared = |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>{text}");
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let latin = [
        declared("iso-8859-1").replace(&text, "").into_bytes(),
        windows.to_vec(),
    ]
    .concat();
    let utf_16: Vec<u8> = declared("utf-16")
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    for bytes in [
        text.clone().into_bytes(),
        declared("iso-8859-1").into_bytes(),
        declared("utf-16").into_bytes(),
        latin,
        windows.to_vec(),
        [b"\xfe\xff".to_vec(), utf_16.clone()].concat(),
        utf_16,
    ] {
        let feed = read(&bytes);
        assert_eq!(
            feed.entries[0].title.as_deref(),
            Some(title),
            "{:?}",
            feed.remarks
        );
    }
    for (encoding, title) in [
        (encoding_rs::SHIFT_JIS, "新しい図書館が駅前に開館しました"),
        (encoding_rs::EUC_JP, "新しい図書館が駅前に開館しました"),
        (encoding_rs::GBK, "新图书馆昨天在火车站附近开放"),
        (encoding_rs::BIG5, "新圖書館昨天在火車站附近開放"),
        (encoding_rs::EUC_KR, "새 도서관이 어제 역 앞에 문을 열었다"),
        (
            encoding_rs::WINDOWS_1251,
            "Новая библиотека открылась у вокзала",
        ),
        (encoding_rs::KOI8_R, "Новая библиотека открылась у вокзала"),
        (encoding_rs::WINDOWS_1253, "Η νέα βιβλιοθήκη άνοιξε χθες"),
        (encoding_rs::WINDOWS_1255, "הספרייה החדשה נפתחה אתמול"),
        (encoding_rs::WINDOWS_874, "ห้องสมุดใหม่เปิดเมื่อวานนี้"),
    ] {
        let text = format!("<rss><channel><item><title>{title}</title></item></channel></rss>");
        let (bytes, _, lost) = encoding.encode(&text);
        assert!(!lost, "{title}");
        let feed = read(&bytes);
        assert_eq!(
            feed.entries[0].title.as_deref(),
            Some(title),
            "{}",
            encoding.name()
        );
        assert!(
            feed.remarks[0].contains("does not say"),
            "{:?}",
            feed.remarks
        );
    }
}

#[test]
fn identities_do_not_change_from_one_reading_to_the_next() {
    let first = item("<title>A</title><link>https://www.a.example/1?utm_source=rss</link>");
    let again = item("<title>B</title><link>http://a.example/1</link>");
    assert_eq!(first.id, again.id);
    let no_link = || item("<title>A</title><pubDate>2026-11-24</pubDate>");
    assert!(no_link().id.starts_with("hash:") && no_link().id == no_link().id);
    let other_day = item("<title>A</title><pubDate>2026-11-25</pubDate>");
    assert_ne!(no_link().id, other_day.id);
    // The same identity for everything.
    let feed = read(
        "<rss><channel><item><guid>x</guid><link>https://a.example/1</link></item><item><guid>x\
         </guid><link>https://a.example/2</link></item><item><guid>y</guid></item></channel></rss>",
    );
    let ids: Vec<&str> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["x a.example/1", "x a.example/2", "y"]);
}

#[test]
fn the_best_of_several_links_counts() {
    let link = |elements: &str| item(elements).link;
    let found = |address: &str| Some(address.to_owned());
    assert_eq!(
        link(
            "<link>https://a.example/1</link><guid>https://a.example/g</guid><atom:link \
              xmlns:atom='http://www.w3.org/2005/Atom' rel='replies' href='https://a.example/r'/>"
        ),
        found("https://a.example/1")
    );
    assert_eq!(
        link("<guid>https://a.example/g</guid>"),
        found("https://a.example/g")
    );
    assert_eq!(
        link("<guid isPermaLink='false'>https://a.example/g</guid>"),
        None
    );
    assert_eq!(
        link("<link/><guid isPermaLink='TRUE'>https://a.example/g</guid>"),
        found("https://a.example/g")
    );
    assert_eq!(
        link(
            "<image><link>https://a.example/i</link></image><media:group \
              xmlns:media='http://search.yahoo.com/mrss/'><link>https://a.example/m</link>\
              </media:group><link>\n https://a.example/1?a=1&b=2 </link>"
        ),
        found("https://a.example/1?a=1&b=2")
    );
    let burned = item(
        "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://a.example/1\
         </feedburner:origLink>",
    );
    assert_eq!(burned.link.as_deref(), Some("https://feeds.example/~r/1"));
    assert_eq!(burned.url().as_deref(), Some("https://a.example/1"));
    assert_eq!(item("<link>javascript:alert(1)</link>").url(), None);
}

#[test]
fn addresses_are_relative_to_what_they_stand_in() {
    let text = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/blog/'><link href='.'/>\
                <entry xml:base='2026/'><link href='11'/></entry><entry xml:base='javascript:x'>\
                <link href='12' xml:base='https://b.example/'/><content type='html'>&lt;img \
                src='p.png'&gt;</content></entry></feed>";
    let feed = read_at("https://a.example/feed.xml", text);
    assert_eq!(feed.home.as_deref(), Some("https://a.example/blog/"));
    let links: Vec<&str> = feed
        .entries
        .iter()
        .filter_map(|entry| entry.link.as_deref())
        .collect();
    assert_eq!(
        links,
        ["https://a.example/blog/2026/11", "https://b.example/12"]
    );
    let image = feed.entries[1].image.as_deref();
    assert_eq!(image, Some("https://a.example/blog/p.png"));
    // Without an address they stay.
    assert_eq!(item("<link>/x</link>").link.as_deref(), Some("/x"));
}

#[test]
fn titles_and_texts_come_without_html() {
    let title = |elements: &str| item(elements).title;
    for (written, expected) in [
        (
            "<title>AT&amp;T &amp;#8217;s &amp;lt;p&amp;gt;</title>",
            "AT&T ’s <p>",
        ),
        ("<title>Plain <b>bold</b></title>", "Plain bold"),
        ("<title><![CDATA[1 < 2 &amp; 3]]></title>", "1 < 2 & 3"),
        ("<image><title>no</title></image><title>yes</title>", "yes"),
        ("<title>yes</title><title>no</title>", "yes"),
        ("<media:title>no</media:title><title>yes</title>", "yes"),
        ("<media:title>only</media:title>", "only"),
        ("<dc:title>Dublin</dc:title>", "Dublin"),
    ] {
        assert_eq!(title(written).as_deref(), Some(expected), "{written}");
    }
    assert_eq!(title("<title> </title>"), None);
    let plain = entry("<title type='text'>The &lt;blink&gt; tag</title>");
    assert_eq!(plain.title.as_deref(), Some("The <blink> tag"));
    // A text that says nothing of HTML, and is HTML.
    let unsaid = entry("<summary>&lt;p&gt;One&lt;/p&gt; &amp;amp; 1 &lt; 2</summary>");
    assert_eq!(unsaid.excerpt.as_deref(), Some("One & 1 < 2"));
    let coded = entry(
        "<title mode='base64' type='text/html'>\n QSAmYW1wOyA8Yj5CPC9iPg==\n</title>\
                       <content type='image/png'>iVBORw0KGgo=</content>",
    );
    assert_eq!(
        (coded.title.as_deref(), coded.excerpt),
        (Some("A & B"), None)
    );
    let long = item(&format!(
        "<title>x</title><description>{}</description>",
        "word ".repeat(200)
    ));
    let excerpt = long.excerpt.unwrap();
    assert!(
        excerpt.ends_with("word…") && excerpt.chars().count() <= 500,
        "{excerpt}"
    );
    let same = item(
        "<title>Same</title><description>Same</description>\
                     <content:encoded>&lt;p&gt;More.&lt;/p&gt;</content:encoded>",
    );
    assert_eq!(same.excerpt.as_deref(), Some("More."));
}

#[test]
fn the_largest_picture_of_the_entry_itself_counts() {
    let image = |elements: &str| item(elements).image;
    let media = "xmlns:media='http://search.yahoo.com/mrss/'";
    for (written, expected) in [
        (
            format!(
                "<media:thumbnail {media} url='https://a.example/t.jpg' width='75'/>\
                  <media:content {media} url='https://a.example/s' medium='image' width='300'/>\
                  <media:content {media} url='https://a.example/l' type='image/png' \
                  width='900'/><media:content {media} url='https://a.example/v.mp4' \
                  type='video/mp4'/>"
            ),
            "https://a.example/l",
        ),
        (
            "<enclosure url='https://a.example/a.mp3' type='audio/mpeg'/><itunes:image \
          href='https://a.example/i.jpg'/>"
                .to_owned(),
            "https://a.example/i.jpg",
        ),
        (
            "<enclosure url='https://a.example/e.JPG?x'/><description>&lt;img \
          src='https://a.example/d.jpg'&gt;</description>"
                .to_owned(),
            "https://a.example/e.JPG?x",
        ),
        (
            "<image><url>https://a.example/u.png</url></image>".to_owned(),
            "https://a.example/u.png",
        ),
    ] {
        assert_eq!(image(&written).as_deref(), Some(expected), "{written}");
    }
    assert_eq!(
        image("<media:content url='https://a.example/dot.gif' width='1'/>"),
        None
    );
    assert_eq!(
        image("<enclosure url='data:image/png;base64,x' type='image/png'/>"),
        None
    );
}

#[test]
fn authors_are_names_and_no_addresses() {
    let author = |written: &str| item(&format!("<author>{written}</author>")).author;
    for (written, expected) in [
        ("Ada Byron", Some("Ada Byron")),
        ("ada@a.example (Ada Byron)", Some("Ada Byron")),
        ("Ada Byron &lt;ada@a.example&gt;", Some("Ada Byron")),
        ("ada@a.example", None),
        ("@ada", None),
        ("(@)", None),
        ("a @b (", None),
    ] {
        assert_eq!(author(written).as_deref(), expected, "{written}");
    }
}

#[test]
fn what_is_no_feed_is_distinguished() {
    let not = |bytes: &[u8]| feed::read(bytes, Origin::default()).unwrap_err();
    assert_eq!(not(b""), NotAFeed::Empty);
    assert_eq!(not(b"\xef\xbb\xbf \n"), NotAFeed::Empty);
    assert_eq!(not(b"Not found"), NotAFeed::Unknown);
    assert_eq!(not(b"\x89PNG\r\n\x1a\n\0\0"), NotAFeed::Unknown);
    assert_eq!(not(b"<opml><body/></opml>"), NotAFeed::Unknown);
    let page = b"<!DOCTYPE html><html><head><link rel=alternate type=application/atom+xml \
                 href='/atom.xml'></head><body><p>x<br></body>";
    assert_eq!(
        not(page),
        NotAFeed::Page(vec![("/atom.xml".to_owned(), None)])
    );
    let empty = read("<rss><channel><title>x</title></channel></rss>");
    assert_eq!(empty.entries, []);
}

#[test]
fn there_is_a_limit_to_entries() {
    let items = "<item><title>x</title></item>".repeat(2_001);
    let feed = read(format!("<rss><channel>{items}</channel></rss>"));
    assert_eq!(feed.entries.len(), 2_000);
    assert_eq!(
        feed.remarks,
        ["it has 2001 entries; the first 2000 were read"]
    );
}

#[test]
fn a_date_that_cannot_be_read_is_reported() {
    let feed = read(RSS.replace("Tue, 24 Nov 2026 10:00:00 +0100", "the day before"));
    assert_eq!(feed.entries[0].published, None);
    assert_eq!(feed.remarks, ["the date `the day before` cannot be read"]);
}
