//! What newsgen makes itself although there are libraries for it, beside these libraries. What the
//! figures were, and what was decided by them, is in docs/decisions/0047-home-made-parts.md.

use std::cell::RefCell;
use std::path::Path;

use divan::{Bencher, black_box, counter::ItemsCount};
use lol_html::{RewriteStrSettings, element, rewrite_str};
use newsgen::content::article::Facts;
use newsgen::content::{Parser, tags};
use newsgen::hash::Hash128;
use newsgen::{mime, table};
use rayon::prelude::*;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::{config, corpus};

/// Articles in a store.
const KEPT: usize = 20_000;
const MAGIC: &str = "bench 1\n";
const ROWS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("rows");

/// What the article cache keeps of an article in its index.
#[derive(Serialize, Deserialize)]
struct Row {
    path: String,
    content: Hash128,
    hash: Hash128,
    place: (u64, u32),
    facts: Facts,
}

fn rows() -> Vec<Row> {
    let config = config();
    let parser = Parser::new(&config);
    let row = |index| {
        let (path, text) = corpus::article(1, index, KEPT);
        let parsed = parser
            .article(&path, text.as_bytes())
            .expect("a generated article parses");
        let hash = Hash128::of(text.as_bytes());
        Row {
            path,
            content: hash,
            hash,
            place: (2000 * index as u64, 2000),
            facts: parsed.facts,
        }
    };
    (0..KEPT).into_par_iter().map(row).collect()
}

/// A folder in memory, if the system has such a place: what the disk does is the same for both.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory)
    } else {
        TempDir::new()
    }
    .expect("a folder can be made")
}

#[divan::bench(sample_count = 20)]
fn index_written_as_table(bencher: Bencher<'_, '_>) {
    let (folder, rows) = (folder(), rows());
    let path = folder.path().join("index");
    bencher
        .counter(ItemsCount::new(rows.len()))
        .bench(|| table::write(&path, MAGIC, &(), &rows).expect("it can be written"));
}

#[divan::bench(sample_count = 20)]
fn index_written_to_redb(bencher: Bencher<'_, '_>) {
    let (folder, rows) = (folder(), rows());
    let path = folder.path().join("index");
    bencher
        .counter(ItemsCount::new(rows.len()))
        .bench(|| write_redb(&path, &rows));
}

fn write_redb(path: &Path, rows: &[Row]) {
    drop(std::fs::remove_file(path));
    let coded: Vec<Vec<u8>> = rows
        .par_iter()
        .map(|row| postcard::to_stdvec(row).expect("it can be coded"))
        .collect();
    let store = Database::create(path).expect("it can be made");
    let change = store.begin_write().expect("it can be written");
    {
        let mut table = change.open_table(ROWS).expect("it can be opened");
        for (row, bytes) in rows.iter().zip(&coded) {
            let put = table.insert(row.path.as_str(), bytes.as_slice());
            put.expect("it can be written");
        }
    }
    change.commit().expect("it can be written");
}

#[divan::bench(sample_count = 20)]
fn index_read_as_table(bencher: Bencher<'_, '_>) {
    let (folder, rows) = (folder(), rows());
    let path = folder.path().join("index");
    table::write(&path, MAGIC, &(), &rows).expect("it can be written");
    bencher.counter(ItemsCount::new(rows.len())).bench(|| {
        let ((), rows) = table::read::<(), Row>(&path, MAGIC).expect("it can be read");
        rows.len()
    });
}

#[divan::bench(sample_count = 20)]
fn index_read_from_redb(bencher: Bencher<'_, '_>) {
    let (folder, rows) = (folder(), rows());
    let path = folder.path().join("index");
    write_redb(&path, &rows);
    bencher.counter(ItemsCount::new(rows.len())).bench(|| {
        let store = Database::open(&path).expect("it can be opened");
        let view = store.begin_read().expect("it can be read");
        let table = view.open_table(ROWS).expect("it can be opened");
        // Taken out one after the other, and decoded by all cores, as those of a table are.
        let coded: Vec<Vec<u8>> = table
            .iter()
            .expect("it can be read")
            .map(|item| item.expect("it can be read").1.value().to_vec())
            .collect();
        let rows: Vec<Row> = coded
            .par_iter()
            .map(|bytes| postcard::from_bytes(bytes).expect("it can be decoded"))
            .collect();
        rows.len()
    });
}

/// Sanitised HTML as a long article has it.
fn bodies() -> Vec<String> {
    let part = |number: usize| {
        format!(
            "<p>Some text of number {number}, with <em>emphasis</em> and a \
             <a href=\"/news/{number}/\" rel=\"noopener\">link</a>, which leads on.</p>\n\
             <ul>\n<li>One</li>\n<li>Two</li>\n</ul>\n\
             <p><img src=\"/images/{number}.png\" alt=\"A picture\"></p>\n"
        )
    };
    (0..1000)
        .map(|number| (0..5).map(|at| part(5 * number + at)).collect())
        .collect()
}

#[divan::bench]
fn addresses_changed_by_tags(bencher: Bencher<'_, '_>) {
    let bodies = bodies();
    bencher.counter(ItemsCount::new(bodies.len())).bench(|| {
        let length = |html: &String| tags::rebase(html, "/base").len();
        bodies.iter().map(length).sum::<usize>()
    });
}

#[divan::bench]
fn addresses_changed_by_lol_html(bencher: Bencher<'_, '_>) {
    let bodies = bodies();
    bencher.counter(ItemsCount::new(bodies.len())).bench(|| {
        let length = |html: &String| rebase_with_lol_html(html).len();
        bodies.iter().map(length).sum::<usize>()
    });
}

fn rebase_with_lol_html(html: &str) -> String {
    let with_base = |attribute: &'static str| {
        element!(format!("*[{attribute}^=\"/\"]"), move |found| {
            if let Some(path) = found.get_attribute(attribute)
                && !path.starts_with("//")
            {
                found.set_attribute(attribute, &format!("/base{path}"))?;
            }
            Ok(())
        })
    };
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(with_base("href"))
        .append_element_content_handler(with_base("src"));
    rewrite_str(html, settings).expect("it can be rewritten")
}

#[divan::bench]
fn text_taken_by_tags(bencher: Bencher<'_, '_>) {
    let bodies = bodies();
    bencher.counter(ItemsCount::new(bodies.len())).bench(|| {
        let length = |html: &String| tags::text(html).len();
        bodies.iter().map(length).sum::<usize>()
    });
}

#[divan::bench]
fn text_taken_by_lol_html(bencher: Bencher<'_, '_>) {
    let bodies = bodies();
    bencher.counter(ItemsCount::new(bodies.len())).bench(|| {
        let length = |html: &String| text_with_lol_html(html).len();
        bodies.iter().map(length).sum::<usize>()
    });
}

fn text_with_lol_html(html: &str) -> String {
    let text = RefCell::new(String::new());
    let take = lol_html::doc_text!(|chunk| {
        text.borrow_mut().push_str(chunk.as_str());
        Ok(())
    });
    let settings = RewriteStrSettings::new().append_document_content_handler(take);
    drop(rewrite_str(html, settings));
    text.into_inner()
}

/// Files as a build knows them.
const NAMES: [&str; 6] = [
    "/news/2026/11/01/a-story/",
    "/topics/ai/feed.xml",
    "/style.0f3a.css",
    "/images/photo.jpg",
    "/api/articles/1.json",
    "/search/index/pagefind.js",
];

#[divan::bench]
fn media_types_by_name(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(NAMES.len())).bench(|| {
        let length = |name: &&str| mime::media_type(black_box(name)).len();
        NAMES.iter().map(length).sum::<usize>()
    });
}

#[divan::bench]
fn media_types_by_mime_guess(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(NAMES.len())).bench(|| {
        let length = |name: &&str| {
            mime_guess::from_path(black_box(name))
                .first_raw()
                .unwrap_or_default()
                .len()
        };
        NAMES.iter().map(length).sum::<usize>()
    });
}
