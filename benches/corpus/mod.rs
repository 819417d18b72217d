//! A synthetic news corpus: articles with the shape and the proportions of a real curated feed.
//!
//! About 69 % are marked published; quality runs from 10 to 190 around a mean of 76; providers
//! follow a Zipf law; every article has one to four of twenty topics; one in three quotes one to
//! five related stories; each holds a `secured` blob that no page may show. The articles lie evenly
//! on the 2000 days from 1 April 2020.
//!
//! [`article`] is pure and uses only integers and correctly rounded operations, so that one seed
//! gives the same bytes on every machine, and any part of a corpus can be made alone and in any
//! order.

mod words;

use words::{ENDINGS, OBJECTS, STEMS, SUBJECTS, SUFFIXES, SYLLABLES, TAILS, TOPICS, VERBS};

/// Midnight of 1 April 2020 in seconds since 1970: when the oldest article appeared.
const START: u64 = 1_585_699_200;
/// How long the corpus runs, in seconds.
const SPAN: u64 = 2000 * 86_400;

/// The article `index` of a corpus of `total`, as its path in a site and its text.
///
/// An index from `total` on is allowed: it continues the corpus at the same pace.
pub(crate) fn article(seed: u64, index: usize, total: usize) -> (String, String) {
    let mut rng = Rng::new(seed, index as u64);
    let crowd = Crowd {
        seed,
        size: (total / 20).clamp(20, 600),
    };
    let when = START + (u128::from(SPAN) * index as u128 / total.max(1) as u128) as u64;
    let story = Story::draw(&mut rng, crowd, when);
    let date = Date::of(when);
    let path = format!(
        "content/news/{:04}/{:02}/{}-{}-{index}.md",
        date.year,
        date.month,
        date.day(),
        story.slug
    );

    let heat = if rng.chance(20) {
        -1
    } else {
        (story.quality + rng.between(0, 40) as i64 - 20).max(0)
    };
    let published = rng.chance(69);
    let mut text = format!("---\ncategory: news\ntitle: {}\n", quoted(&story.title));
    text += &format!("originalUrl: {}\n", quoted(&story.url));
    story.write(&mut text, "");
    text += &format!("heat: {heat}\npublished: {published}\nprovider:\n");
    story.provider.write(&mut text, "");
    text += &format!(
        "  images:\n    - url: {}\n      width: 50\n      height: 50\n",
        quoted(&format!(
            "https://static.example/providers/{}-50x50.jpg",
            story.provider.domain
        ))
    );
    text += "topics:\n";
    for topic in topics(&mut rng) {
        text += &format!("  - {topic}\n");
    }
    if rng.chance(33) {
        text += "related:\n";
        for _ in 0..rng.between(1, 5) {
            let earlier = when - rng.between(1, 90) * 3600;
            let related = Story::draw(&mut rng, crowd, earlier);
            text += &format!("  - title: {}\n", quoted(&related.title));
            related.write(&mut text, "    ");
            text += "    provider:\n";
            related.provider.write(&mut text, "    ");
        }
    }
    let length = rng.pick(&[320, 384, 448]);
    text += &format!(
        "secured: \"{};{}\"\n---\n",
        base64(&rng.bytes(length)),
        base64(&rng.bytes(16))
    );
    if rng.chance(10) {
        for _ in 0..rng.between(2, 5) {
            text += &format!(
                "{} See [the report]({}).\n\n",
                sentences(&mut rng, 4),
                story.url
            );
        }
    }
    (path, text)
}

/// A story as its provider published it: the article itself, or one that it names as related.
struct Story {
    title: String,
    slug: String,
    excerpt: String,
    when: u64,
    url: String,
    amp: bool,
    image: Option<(String, u32)>,
    video: bool,
    provider: Provider,
    quality: i64,
}

impl Story {
    /// A story of one of the providers.
    fn draw(rng: &mut Rng, crowd: Crowd, when: u64) -> Self {
        let provider = crowd.draw(rng);
        let title = format!("{}, {}", sentence(rng), word(rng));
        let slug = slug(&title);
        let count = rng.between(2, 5);
        let url = format!(
            "https://www.{}/{}/{slug}",
            provider.domain,
            Date::of(when).day().replace('-', "/")
        );
        let image = rng.chance(95).then(|| {
            let url = format!(
                "https://cdn.{}/img/{}.jpg?w=1200&strip=all",
                provider.domain,
                word(rng)
            );
            (url, rng.pick(&[600, 630, 675, 800]))
        });
        Self {
            excerpt: sentences(rng, count),
            when,
            amp: rng.chance(35),
            image,
            video: rng.chance(6),
            quality: (76.0 + 26.0 * rng.normal()).clamp(10.0, 190.0) as i64,
            title,
            slug,
            url,
            provider,
        }
    }

    /// Writes the fields that an article and a related story share; the title and the provider are
    /// the caller's.
    fn write(&self, out: &mut String, indent: &str) {
        let date = Date::of(self.when);
        *out += &format!("{indent}excerpt: {}\n", quoted(&self.excerpt));
        *out += &format!(
            "{indent}publishedDateTime: {}T{}Z\n",
            date.day(),
            date.time()
        );
        *out += &format!("{indent}webUrl: {}\n", quoted(&self.url));
        if self.amp {
            let host = self.provider.domain.replace('.', "-");
            let bare = self.url.trim_start_matches("https://");
            *out += &format!(
                "{indent}ampWebUrl: {}\n",
                quoted(&format!("{}/amp/", self.url))
            );
            *out += &format!(
                "{indent}cdnAmpWebUrl: {}\n",
                quoted(&format!(
                    "https://{host}.cdn.ampproject.org/c/s/{bare}/amp/"
                ))
            );
        }
        *out += &format!(
            "{indent}type: {}\n",
            if self.video { "video" } else { "article" }
        );
        *out += &format!("{indent}quality: {}\n", self.quality);
        if let Some((url, height)) = &self.image {
            *out += &format!("{indent}images:\n{indent}  - url: {}\n", quoted(url));
            *out += &format!(
                "{indent}    width: 1200\n{indent}    height: {height}\n{indent}    isCached: \
                 true\n"
            );
        }
    }
}

/// Who published a story.
struct Provider {
    name: String,
    domain: String,
}

impl Provider {
    /// Writes name and domain, below a `provider:` at this indent.
    fn write(&self, out: &mut String, indent: &str) {
        *out += &format!(
            "{indent}  name: {}\n{indent}  domain: {}\n",
            self.name, self.domain
        );
    }
}

/// All providers of a corpus, of which nothing is stored: each follows from its rank.
#[derive(Clone, Copy)]
struct Crowd {
    seed: u64,
    size: usize,
}

impl Crowd {
    /// One provider, the first twice as often as the second and three times as often as the third.
    fn draw(self, rng: &mut Rng) -> Provider {
        let weight = |rank: usize| 1.0 / (rank + 1) as f64;
        let mut left = rng.unit() * (0..self.size).map(weight).sum::<f64>();
        let mut rank = 0;
        while rank + 1 < self.size && left >= weight(rank) {
            left -= weight(rank);
            rank += 1;
        }
        self.provider(rank)
    }

    /// The provider of a rank. Its first two syllables count the ranks, so that no two providers
    /// share a name.
    fn provider(self, rank: usize) -> Provider {
        let mut rng = Rng::new(self.seed, u64::MAX - rank as u64);
        let pairs = STEMS.len() * STEMS.len();
        let code = (rank * 337 + (self.seed % 1009) as usize) % pairs;
        let mut name = format!("{}{}", STEMS[code / STEMS.len()], STEMS[code % STEMS.len()]);
        for _ in 0..rng.below(3) {
            name += rng.pick(&ENDINGS);
        }
        let domain = format!("{name}.example");
        Provider {
            name: capitalized(&name) + rng.pick(&SUFFIXES),
            domain,
        }
    }
}

/// The topics of an article: the first of [`TOPICS`], and up to three others.
fn topics(rng: &mut Rng) -> Vec<&'static str> {
    let mut chosen = vec![TOPICS[0]];
    let count = 1 + rng.pick(&[0, 0, 1, 1, 1, 2, 3]);
    while chosen.len() < count {
        let topic = rng.pick(&TOPICS);
        if !chosen.contains(&topic) {
            chosen.push(topic);
        }
    }
    chosen
}

/// A made-up word of two to four syllables.
fn word(rng: &mut Rng) -> String {
    (0..rng.between(2, 4))
        .map(|_| rng.pick(&SYLLABLES))
        .collect()
}

/// A sentence without its full stop.
fn sentence(rng: &mut Rng) -> String {
    let parts = [
        rng.pick(&SUBJECTS),
        rng.pick(&VERBS),
        rng.pick(&OBJECTS),
        rng.pick(&TAILS),
    ];
    capitalized(&parts.join(" "))
}

/// Some sentences in a row.
fn sentences(rng: &mut Rng, count: u64) -> String {
    let all: Vec<String> = (0..count).map(|_| sentence(rng) + ".").collect();
    all.join(" ")
}

/// The text with its first letter in upper case.
fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The text as it stands in a URL: ASCII letters and digits, and single hyphens for everything
/// between.
fn slug(text: &str) -> String {
    let parts = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    parts
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-")
}

/// The text as a double-quoted YAML scalar.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The bytes in base 64.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let digit = DIGITS[(group >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

/// A moment in UTC.
struct Date {
    year: u64,
    month: u64,
    day: u64,
    second: u64,
}

impl Date {
    /// From seconds since 1970, by the civil calendar that begins its years in March.
    fn of(seconds: u64) -> Self {
        let days = seconds / 86_400 + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        Self {
            year: era * 400 + year + u64::from(from_march >= 10),
            month: if from_march < 10 {
                from_march + 3
            } else {
                from_march - 9
            },
            day: of_year - (153 * from_march + 2) / 5 + 1,
            second: seconds % 86_400,
        }
    }

    /// `2020-04-01`
    fn day(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `17:01:00`
    fn time(&self) -> String {
        format!(
            "{:02}:{:02}:{:02}",
            self.second / 3600,
            self.second / 60 % 60,
            self.second % 60
        )
    }
}

/// The splitmix64 generator: small, fast, and the same everywhere.
struct Rng(u64);

impl Rng {
    /// A generator for one item of a seeded corpus, independent of those for other items.
    fn new(seed: u64, item: u64) -> Self {
        let mut rng = Self(seed);
        rng.0 = rng.next() ^ item;
        rng.0 = rng.next();
        rng
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is small: the bias of the product is of no account.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below((high - low + 1) as usize) as u64
    }

    /// True so many times in a hundred.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// From 0 to 1, without 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Close to the normal distribution, by the sum of twelve uniform numbers: no logarithm, whose
    /// last digit differs between machines.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| (self.next() >> 56) as u8).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    const TOTAL: usize = 6000;

    fn corpus() -> Vec<(String, String)> {
        (0..TOTAL).map(|i| article(1, i, TOTAL)).collect()
    }

    /// The value of a field of the article itself, not of a related story.
    fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn percent(articles: &[(String, String)], test: impl Fn(&str) -> bool) -> f64 {
        100.0 * articles.iter().filter(|(_, text)| test(text)).count() as f64
            / articles.len() as f64
    }

    #[track_caller]
    fn near(got: f64, want: f64, tolerance: f64) {
        assert!(
            (got - want).abs() <= tolerance,
            "{got} is not {want} ± {tolerance}"
        );
    }

    #[test]
    fn proportions_are_those_of_the_feed() {
        let all = corpus();
        near(
            percent(&all, |t| field(t, "published") == Some("true")),
            69.0,
            2.0,
        );
        near(percent(&all, |t| t.contains("\nampWebUrl: ")), 35.0, 2.0);
        near(percent(&all, |t| t.contains("\nimages:")), 95.0, 1.0);
        near(
            percent(&all, |t| field(t, "type") == Some("video")),
            6.0,
            1.0,
        );
        near(percent(&all, |t| t.contains("\nrelated:")), 33.0, 2.0);
        near(percent(&all, |t| field(t, "heat") == Some("-1")), 20.0, 2.0);
        near(percent(&all, |t| !t.ends_with("---\n")), 10.0, 1.5);
        near(percent(&all, |t| t.contains("\nsecured: ")), 100.0, 0.0);
        let bytes: usize = all.iter().map(|(_, text)| text.len()).sum();
        near(bytes as f64 / TOTAL as f64, 2550.0, 127.0);
    }

    #[test]
    fn quality_is_spread_around_its_mean() {
        let quality = |(_, text): &(String, String)| field(text, "quality")?.parse::<f64>().ok();
        let all: Vec<f64> = corpus().iter().filter_map(quality).collect();
        assert_eq!(all.len(), TOTAL);
        let mean = all.iter().sum::<f64>() / TOTAL as f64;
        let variance = all.iter().map(|q| (q - mean).powi(2)).sum::<f64>() / TOTAL as f64;
        near(mean, 75.5, 1.0);
        near(variance.sqrt(), 26.0, 1.0);
        assert!(all.iter().all(|q| (10.0..=190.0).contains(q)));
    }

    #[test]
    fn providers_follow_the_law_of_zipf() {
        let all = corpus();
        let mut counts = BTreeMap::new();
        for (_, text) in &all {
            *counts
                .entry(text.lines().find_map(|l| l.strip_prefix("  domain: ")))
                .or_insert(0_u32) += 1;
        }
        let mut counts: Vec<f64> = counts.into_values().map(f64::from).collect();
        counts.sort_by(|a, b| b.total_cmp(a));
        near(counts[0] / counts[1], 2.0, 0.3);
        near(counts[0] / counts[9], 10.0, 2.5);
        let names: BTreeSet<String> = (0..600)
            .map(|r| Crowd { seed: 7, size: 600 }.provider(r).domain)
            .collect();
        assert_eq!(names.len(), 600);
    }

    #[test]
    fn every_article_has_one_to_four_of_twenty_topics() {
        let mut seen = BTreeSet::new();
        for (_, text) in corpus() {
            let after = text.split("\ntopics:\n").nth(1).unwrap();
            let topics: Vec<&str> = after
                .lines()
                .map_while(|line| line.strip_prefix("  - "))
                .collect();
            assert!((1..=4).contains(&topics.len()), "{topics:?}");
            seen.extend(topics.into_iter().map(str::to_owned));
        }
        assert_eq!(seen.len(), 20);
    }

    #[test]
    fn dates_fill_the_span_and_paths_are_unique() {
        let all = corpus();
        assert!(
            all[0].0.starts_with("content/news/2020/04/2020-04-01-"),
            "{}",
            all[0].0
        );
        assert!(
            all[TOTAL - 1]
                .0
                .starts_with("content/news/2025/09/2025-09-21-"),
            "{}",
            all[TOTAL - 1].0
        );
        assert!(
            article(1, TOTAL, TOTAL)
                .0
                .starts_with("content/news/2025/09/2025-09-22-")
        );
        let unique: BTreeSet<_> = all.iter().map(|(path, _)| path).collect();
        assert_eq!(unique.len(), TOTAL);
        assert_eq!(Date::of(1_582_934_399).day(), "2020-02-28");
        assert_eq!(Date::of(1_582_934_400).day(), "2020-02-29");
        assert_eq!(Date::of(1_582_934_400 + 86_400 + 3661).time(), "01:01:01");
    }

    #[test]
    fn base64_is_padded() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|s| base64(s.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }

    /// Results of different days can be compared only as long as this number stays.
    #[test]
    fn bytes_are_pinned() {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for (path, text) in (0..100).map(|i| article(1, i * 60, TOTAL)) {
            for byte in path.bytes().chain(text.bytes()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
        assert_eq!(hash, 9_067_766_340_139_528_533);
    }
}
