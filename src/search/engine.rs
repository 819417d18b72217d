//! Records → the files of a Pagefind index.

use std::collections::BTreeMap;

use pagefind::api::{PagefindIndex, SyntheticFile};
use pagefind::options::PagefindServiceConfig;

use super::File;
use super::record::Record;

/// An error of any library that is used here.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The files of an index of these records, which come oldest first. `together` of them share a file
/// with what results show of them. Only one part of a site needs the engine itself.
pub(super) fn files(
    records: Vec<Record>,
    language: &str,
    together: usize,
    with_engine: bool,
) -> Result<Vec<File>, Failed> {
    // Pagefind works with rayon, too. In a pool of its own it waits for nobody's pages.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let made = pool.install(|| runtime.block_on(index(records, language, together)))?;
    let name = |file: &SyntheticFile| file.filename.to_string_lossy().replace('\\', "/");
    let has_own_engine = made
        .iter()
        .any(|file| name(file) == format!("wasm.{language}.pagefind"));
    let is_needed = |name: &str| match name {
        "pagefind-entry.json" => true,
        "pagefind.js" | "pagefind-worker.js" => with_engine,
        "wasm.unknown.pagefind" => with_engine && !has_own_engine,
        name if name.starts_with("wasm.") => with_engine,
        // Its widgets are not used.
        name => ["pf_meta", "pf_index", "pf_filter", "pf_fragment"]
            .iter()
            .any(|ending| name.ends_with(ending)),
    };
    let mut files: Vec<File> = made
        .into_iter()
        .map(|file| File {
            name: name(&file),
            bytes: file.contents,
        })
        .filter(|file| is_needed(&file.name))
        .collect();
    files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

async fn index(
    records: Vec<Record>,
    language: &str,
    together: usize,
) -> Result<Vec<SyntheticFile>, Failed> {
    let groups = u32::try_from(records.len().div_ceil(together)).unwrap_or(u32::MAX);
    let config = PagefindServiceConfig::builder()
        .keep_index_url(true)
        .max_fragments(groups)
        .build();
    let mut index = PagefindIndex::new(Some(config))?;
    for (number, record) in records.into_iter().enumerate() {
        let Record {
            url,
            title,
            text,
            topics,
            provider,
            authors,
            foreign,
            words,
        } = record;
        let mut meta = BTreeMap::from([("title".to_owned(), title), ("words".to_owned(), words)]);
        if !authors.is_empty() {
            meta.insert("authors".to_owned(), authors);
        }
        let mut filters = BTreeMap::from([
            ("topic".to_owned(), topics),
            ("provider".to_owned(), vec![provider]),
        ]);
        // What a record is filtered by is not searched for, as all else in it is.
        filters.extend(foreign.map(|tag| ("lang".to_owned(), vec![tag])));
        let sort = BTreeMap::from([("date".to_owned(), number.to_string())]);
        let added = index.add_custom_record(
            url,
            text,
            language.to_owned(),
            Some(meta),
            Some(filters),
            Some(sort),
        );
        added.await?;
    }
    Ok(index.get_files().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(count: usize) -> Vec<Record> {
        let record = |number: usize| Record {
            url: format!("/news/{number}/#2026-11-{:02}", 1 + number % 28),
            title: format!("Story {number} of Zürich"),
            text: format!("Something about thing{} and the rest", number % 7),
            topics: vec!["Ä".to_owned(), format!("Topic {}", number % 3)],
            provider: format!("Provider {}", number % 5),
            authors: String::new(),
            foreign: None,
            words: String::new(),
        };
        (0..count).map(record).collect()
    }

    #[test]
    fn the_same_records_give_the_same_bytes() {
        let first = files(records(500), "en", 10, true).unwrap();
        for _ in 0..5 {
            assert!(files(records(500), "en", 10, true).unwrap() == first);
        }
    }

    #[test]
    fn only_what_is_used_is_made() {
        let names = |language: &str, with_engine| {
            let files = files(records(30), language, 10, with_engine).unwrap();
            files
                .into_iter()
                .map(|file| file.name)
                .filter(|name| !name.contains(".pf_"))
                .collect::<Vec<_>>()
        };
        assert_eq!(names("en", false), ["pagefind-entry.json"]);
        assert_eq!(
            names("de", true),
            [
                "pagefind-entry.json",
                "pagefind-worker.js",
                "pagefind.js",
                "wasm.de.pagefind"
            ]
        );
        assert_eq!(
            names("uk", true),
            [
                "pagefind-entry.json",
                "pagefind-worker.js",
                "pagefind.js",
                "wasm.unknown.pagefind"
            ]
        );
    }

    #[test]
    fn a_new_record_leaves_what_is_shown_of_the_old_ones() {
        let fragments = |count| {
            let files = files(records(count), "en", 10, false).unwrap();
            files
                .into_iter()
                .map(|file| file.name)
                .filter(|name| name.starts_with("fragment/"))
                .collect::<Vec<_>>()
        };
        let (old, new) = (fragments(205), fragments(206));
        assert_eq!(old.len(), 21);
        assert_eq!(old.iter().filter(|name| !new.contains(name)).count(), 1);
    }
}
