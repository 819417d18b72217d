//! Parsed articles between builds.
//!
//! Three files in the state folder. `articles.dat` holds what pages show of each article
//! ([`Payload`]); it is only appended to, and written anew when more than half of it is waste.
//! `articles.idx` holds, for each article, the file's [`Stamp`], the hash of its bytes, its
//! [`Facts`], and where its payload lies; `articles.log` holds the same for what has changed since
//! the index was written. A build reads index and log whole and payloads only as pages need them.
//!
//! Nothing here is trusted: the index carries a checksum (see [`crate::table`]), a payload is
//! checked against its hash whenever it is read.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::article::{Article, Facts};
use super::files::Known;
use super::{ArticleEntry, DamagedCache, Library};
use crate::hash::{Hash128, Hasher};
use crate::table::{self, Unusable};
use crate::workspace::Stamp;

/// Start of the names of folders of parsed articles, where a state folder has several.
pub const FOLDER: &str = "articles-";
/// Folders of parsed articles that a state folder keeps.
const MOST_FOLDERS: usize = 8;

const INDEX: &str = "articles.idx";
const LOG: &str = "articles.log";
const DATA: &str = "articles.dat";
const LOG_MAGIC: &str = "newsgen article log 4\n";
const INDEX_MAGIC: &str = "newsgen articles 4\n";
const DATA_MAGIC: &[u8; 19] = b"newsgen payloads 1\n";

/// What pages show of an article, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// In memory.
    Memory(Box<[u8]>),
    /// In the payload file.
    Stored {
        /// First byte.
        offset: u64,
        /// Number of bytes.
        length: u32,
    },
}

impl Payload {
    /// Encodes an article; the hash of the encoded form is the article's digest.
    pub fn encode(article: &Article) -> (Payload, Hash128) {
        // Encoding into memory fails for no value of these types.
        let bytes = postcard::to_stdvec(article)
            .unwrap_or_default()
            .into_boxed_slice();
        let hash = Hash128::of(&bytes);
        (Payload::Memory(bytes), hash)
    }

    /// Decodes the article, or the first part of it.
    pub(super) fn decode<T: DeserializeOwned>(
        &self,
        file: Option<&PayloadFile>,
        hash: Hash128,
    ) -> Result<T, DamagedCache> {
        let decoded = |bytes: &[u8]| {
            postcard::take_from_bytes(bytes)
                .map(|(value, _)| value)
                .map_err(|_| DamagedCache)
        };
        match self {
            Payload::Memory(bytes) => decoded(bytes),
            Payload::Stored { offset, length } => {
                let bytes = file.ok_or(DamagedCache)?.read(*offset, *length, hash)?;
                decoded(&bytes)
            }
        }
    }
}

/// The file of payloads, open for reading.
#[derive(Debug)]
pub struct PayloadFile {
    file: File,
    length: u64,
}

impl PayloadFile {
    fn open(path: &Path, generation: Hash128) -> Option<PayloadFile> {
        let file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut head = [0; DATA_MAGIC.len() + 16];
        read_at(&file, &mut head, 0).ok()?;
        (head.starts_with(DATA_MAGIC) && head[DATA_MAGIC.len()..] == generation.0)
            .then_some(PayloadFile { file, length })
    }

    fn read(&self, offset: u64, length: u32, hash: Hash128) -> Result<Vec<u8>, DamagedCache> {
        let end = offset.checked_add(u64::from(length)).ok_or(DamagedCache)?;
        if end > self.length {
            return Err(DamagedCache);
        }
        let mut bytes = vec![0; length as usize];
        read_at(&self.file, &mut bytes, offset).map_err(|_| DamagedCache)?;
        if Hash128::of(&bytes) == hash {
            Ok(bytes)
        } else {
            Err(DamagedCache)
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        offset += read as u64;
    }
    Ok(())
}

/// What the cache knows of an article file.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Read")]
pub(super) struct Record {
    pub(super) stamp: Stamp,
    /// Hash of the file's bytes.
    pub(super) content: Hash128,
    pub(super) entry: Arc<ArticleEntry>,
    /// Whether the index holds this record; else it stands in the log, or nowhere yet.
    pub(super) in_index: bool,
}

/// A [`Record`] as it is read.
#[derive(Deserialize)]
struct Read {
    path: String,
    stamp: Stamp,
    content: Hash128,
    /// Hash of the payload.
    hash: Hash128,
    #[serde(deserialize_with = "stored_payload")]
    payload: Payload,
    facts: Facts,
}

impl From<Read> for Record {
    fn from(read: Read) -> Record {
        let Read {
            path,
            stamp,
            content,
            hash,
            payload,
            facts,
        } = read;
        Record {
            stamp,
            content,
            entry: Arc::new(ArticleEntry {
                path,
                facts,
                hash,
                payload,
            }),
            in_index: true,
        }
    }
}

fn stored_payload<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Payload, D::Error> {
    <(u64, u32)>::deserialize(deserializer)
        .map(|(offset, length)| Payload::Stored { offset, length })
}

/// A [`Record`] as it is written.
#[derive(Serialize)]
struct Stored<'a> {
    path: &'a str,
    stamp: Stamp,
    content: Hash128,
    hash: Hash128,
    place: (u64, u32),
    facts: &'a Facts,
}

/// What a former build left.
#[derive(Default)]
pub struct Cache {
    records: Vec<Record>,
    payloads: Option<Arc<PayloadFile>>,
    /// Files beside the articles.
    known: Known,
    origin: Origin,
    /// Why what was found could not be used.
    pub note: Option<String>,
}

/// Where a cache lies and what its files are.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// The state folder; none: nothing is kept.
    folder: Option<PathBuf>,
    parser: Hash128,
    /// Which data file the index means.
    generation: Hash128,
    /// Which index the log belongs to.
    index: Hash128,
    /// Records in the index.
    indexed: usize,
    /// Records in the index whose articles are gone; they do no harm until there are many.
    pub(super) gone: usize,
    /// Whether an article that breaks stays in the library as it was.
    pub(super) keeps_last_good: bool,
    /// Whether there is more in memory than in the folder.
    unsaved: bool,
    /// The same for what is known of the files beside articles.
    unsaved_files: bool,
}

/// The head of an index: parser digest, generation, identity.
type Head = (Hash128, Hash128, Hash128);

impl Cache {
    /// No cache: everything is parsed, nothing is kept.
    pub fn none() -> Cache {
        Cache::default()
    }

    /// An empty cache that will be kept in `folder`.
    pub fn fresh(folder: &Path, parser: Hash128) -> Cache {
        let origin = Origin {
            folder: Some(folder.to_owned()),
            parser,
            ..Origin::default()
        };
        Cache {
            origin,
            ..Cache::default()
        }
    }

    /// Opens the cache in `folder`. One that is missing, damaged, of another version or of other
    /// settings (`parser`, see [`super::Parser::hash`]) is empty, and `note` says why.
    pub fn open(folder: &Path, parser: Hash128) -> Cache {
        let empty = |note: Option<&str>| Cache {
            note: note.map(str::to_owned),
            ..Cache::fresh(folder, parser)
        };
        let ((made_by, generation, index), mut records) =
            match table::read::<Head, Record>(&folder.join(INDEX), INDEX_MAGIC) {
                Ok(read) => read,
                Err(Unusable::Missing) => return empty(None),
                Err(Unusable::Damaged) => {
                    return empty(Some(
                        "the article cache is damaged or from another version and will be rebuilt",
                    ));
                }
            };
        if made_by != parser {
            return empty(Some(
                "the article cache was made with different settings and will be rebuilt",
            ));
        }
        let Some(payloads) = PayloadFile::open(&folder.join(DATA), generation) else {
            return empty(Some(
                "part of the article cache is missing; it will be rebuilt",
            ));
        };
        let known = Known::open(folder);
        let folder = Some(folder.to_owned());
        let origin = Origin {
            folder,
            parser,
            generation,
            index,
            indexed: records.len(),
            ..Origin::default()
        };
        let mut note = None;
        match origin.read_log() {
            Ok(log) => records = overlay(records, log),
            Err(Unusable::Missing | Unusable::Damaged) => {
                note = Some(
                    "part of the article cache is damaged; some articles will be parsed again"
                        .to_owned(),
                );
            }
        }
        Cache {
            records,
            payloads: Some(Arc::new(payloads)),
            known,
            origin,
            note,
        }
    }

    /// What is in memory of an earlier load. An article that breaks stays as it was then. With
    /// other settings (`parser`) it is empty.
    pub fn of(library: &Library, update: &Update, parser: Hash128) -> Cache {
        let unsaved = update.unsaved.load(Ordering::Relaxed);
        let unsaved_files = update.unsaved_files.load(Ordering::Relaxed);
        let origin = Origin {
            parser,
            keeps_last_good: true,
            unsaved,
            unsaved_files,
            ..update.origin.clone()
        };
        if update.origin.parser != parser {
            return Cache {
                known: library.files.known(),
                origin,
                ..Cache::default()
            };
        }
        let record = |(entry, file): (&Arc<ArticleEntry>, &FileState)| Record {
            stamp: file.stamp,
            content: file.content,
            entry: Arc::clone(entry),
            in_index: file.in_index,
        };
        let records = library
            .articles
            .iter()
            .zip(&update.files)
            .map(record)
            .collect();
        Cache {
            records,
            payloads: library.payloads.clone(),
            known: library.files.known(),
            origin,
            note: None,
        }
    }

    pub(super) fn into_parts(self) -> (Vec<Record>, Option<Arc<PayloadFile>>, Known, Origin) {
        (self.records, self.payloads, self.known, self.origin)
    }
}

impl Origin {
    /// The log; empty when there is none for this index.
    fn read_log(&self) -> Result<Vec<Record>, Unusable> {
        let Some(folder) = &self.folder else {
            return Ok(Vec::new());
        };
        match table::read::<Hash128, Record>(&folder.join(LOG), LOG_MAGIC) {
            Ok((index, records)) if index == self.index => Ok(records),
            Ok(_) | Err(Unusable::Missing) => Ok(Vec::new()),
            Err(damaged) => Err(damaged),
        }
    }
}

/// The records of the index with those of the log over them. Both are sorted by path, and so is the
/// result.
fn overlay(records: Vec<Record>, log: Vec<Record>) -> Vec<Record> {
    if log.is_empty() {
        return records;
    }
    let mut merged = Vec::with_capacity(records.len() + log.len());
    let mut old = records.into_iter().peekable();
    for mut record in log {
        record.in_index = false;
        merged.extend(std::iter::from_fn(|| {
            old.next_if(|old| old.entry.path < record.entry.path)
        }));
        old.next_if(|old| old.entry.path == record.entry.path);
        merged.push(record);
    }
    merged.extend(old);
    merged
}

/// What is to be kept for the next build.
pub struct Update {
    origin: Origin,
    /// What is known of each article's file, in the order of the library.
    files: Vec<FileState>,
    unsaved: AtomicBool,
    /// Whether more is known of the files beside articles than the folder has.
    unsaved_files: AtomicBool,
    /// Whether the folder has another index now than the one that was read.
    reindexed: AtomicBool,
}

/// What the cache remembers of a file, besides the article in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileState {
    pub(super) stamp: Stamp,
    pub(super) content: Hash128,
    pub(super) in_index: bool,
}

impl FileState {
    pub(super) fn of(record: &Record) -> FileState {
        FileState {
            stamp: record.stamp,
            content: record.content,
            in_index: record.in_index,
        }
    }
}

impl Update {
    pub(super) fn new(
        origin: Origin,
        files: Vec<FileState>,
        changed: bool,
        files_changed: bool,
    ) -> Update {
        let unsaved = AtomicBool::new(changed || origin.unsaved);
        let unsaved_files = AtomicBool::new(files_changed || origin.unsaved_files);
        Update {
            origin,
            files,
            unsaved,
            unsaved_files,
            reindexed: AtomicBool::new(false),
        }
    }

    /// Whether there is something to write.
    pub fn is_unsaved(&self, library: &Library) -> bool {
        let has_files = self.unsaved_files.load(Ordering::Relaxed);
        self.origin.folder.is_some() && (has_files || self.has_unsaved_articles(library))
    }

    fn has_unsaved_articles(&self, library: &Library) -> bool {
        let is_new = library.payloads.is_none() && !self.is_reindexed();
        self.unsaved.load(Ordering::Relaxed) || is_new
    }

    /// Whether the cache was written anew, so that a load from there has less in memory.
    pub fn is_reindexed(&self) -> bool {
        self.reindexed.load(Ordering::Relaxed)
    }

    /// Writes the cache: nothing when nothing changed, a log of the changes when they are few.
    ///
    /// # Errors
    /// What the system says. The next build then parses more than it must, and is right all the
    /// same.
    pub fn store(&self, library: &Library) -> io::Result<()> {
        let Some(folder) = &self.origin.folder else {
            return Ok(());
        };
        if !self.is_unsaved(library) {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        if self.unsaved_files.swap(false, Ordering::Relaxed) {
            library.files.store(folder)?;
        }
        if !self.has_unsaved_articles(library) {
            return Ok(());
        }
        let live: u64 = library
            .articles
            .iter()
            .map(|entry| entry.payload.length())
            .sum();
        let in_memory = library
            .articles
            .iter()
            .filter(|entry| matches!(entry.payload, Payload::Memory(_)));
        let appended: u64 = in_memory.map(|entry| entry.payload.length()).sum();
        let data = folder.join(DATA);
        // Another build may have written either file anew.
        let is_same = || PayloadFile::open(&data, self.origin.generation).is_some();
        let (generation, places) = match &library.payloads {
            Some(old) if old.length + appended <= 2 * live + (1 << 20) && is_same() => {
                (self.origin.generation, append(&data, library)?)
            }
            _ => rewrite(folder, library)?,
        };
        let outdated = self.files.iter().filter(|file| !file.in_index).count() + self.origin.gone;
        let is_same = || {
            table::read_head::<Head>(&folder.join(INDEX), INDEX_MAGIC)
                .is_some_and(|head| head.2 == self.origin.index)
        };
        if generation == self.origin.generation && outdated * 8 < self.origin.indexed && is_same() {
            let log = self.stored(library, &places, |file| !file.in_index);
            table::write(&folder.join(LOG), LOG_MAGIC, &self.origin.index, &log)?;
            self.unsaved.store(false, Ordering::Relaxed);
            return Ok(());
        }
        let stored = self.stored(library, &places, |_| true);
        let mut identity = Hasher::new("index");
        identity
            .hash(generation)
            .number(self.origin.indexed as i64)
            .hash(self.origin.index);
        for record in &stored {
            identity.hash(record.content);
        }
        let head: Head = (self.origin.parser, generation, identity.finish());
        table::write(&folder.join(INDEX), INDEX_MAGIC, &head, &stored)?;
        self.reindexed.store(true, Ordering::Relaxed);
        self.unsaved.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn stored<'l>(
        &self,
        library: &'l Library,
        places: &[(u64, u32)],
        wanted: impl Fn(&FileState) -> bool,
    ) -> Vec<Stored<'l>> {
        let all = library.articles.iter().zip(&self.files).zip(places);
        all.filter(|((_, file), _)| wanted(file))
            .map(|((entry, file), place)| Stored {
                path: &entry.path,
                stamp: file.stamp,
                content: file.content,
                hash: entry.hash,
                place: *place,
                facts: &entry.facts,
            })
            .collect()
    }
}

/// Removes the folders of parsed articles that were written longest ago, so that no more than a few
/// stay beside the `current` one. What cannot be removed stays.
pub fn prune(state: &Path, current: &Path) {
    let Ok(items) = fs::read_dir(state) else {
        return;
    };
    let is_other = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(FOLDER) && path != current && path.is_dir()
    };
    let written = |path: PathBuf| {
        let time = fs::metadata(path.join(INDEX)).and_then(|index| index.modified());
        (time.ok(), path)
    };
    let paths = items.flatten().map(|item| item.path());
    let mut others: Vec<_> = paths.filter(is_other).map(written).collect();
    others.sort();
    let too_many = (others.len() + 1).saturating_sub(MOST_FOLDERS);
    for (_, path) in others.into_iter().take(too_many) {
        drop(fs::remove_dir_all(path));
    }
}

impl Payload {
    pub(super) fn length(&self) -> u64 {
        match self {
            Payload::Memory(bytes) => bytes.len() as u64,
            Payload::Stored { length, .. } => u64::from(*length),
        }
    }
}

/// Appends the payloads that are only in memory, and returns the place of each.
fn append(path: &Path, library: &Library) -> io::Result<Vec<(u64, u32)>> {
    let file = File::options().append(true).open(path)?;
    let mut end = file.metadata()?.len();
    let mut writer = BufWriter::with_capacity(1 << 20, file);
    let mut places = Vec::with_capacity(library.articles.len());
    for entry in &library.articles {
        places.push(match &entry.payload {
            Payload::Stored { offset, length } => (*offset, *length),
            Payload::Memory(bytes) => put(&mut writer, &mut end, bytes)?,
        });
    }
    writer.flush()?;
    Ok(places)
}

/// Writes all payloads into a new file.
fn rewrite(folder: &Path, library: &Library) -> io::Result<(Hash128, Vec<(u64, u32)>)> {
    let mut hasher = Hasher::new("generation");
    for entry in &library.articles {
        hasher.hash(entry.hash);
    }
    let generation = hasher.finish();
    let temporary = folder.join("articles.new-dat");
    let mut writer = BufWriter::with_capacity(1 << 20, File::create(&temporary)?);
    writer.write_all(DATA_MAGIC)?;
    writer.write_all(&generation.0)?;
    let mut end = (DATA_MAGIC.len() + 16) as u64;
    let mut places = Vec::with_capacity(library.articles.len());
    for entry in &library.articles {
        places.push(match (&entry.payload, library.payloads.as_deref()) {
            (Payload::Memory(bytes), _) => put(&mut writer, &mut end, bytes)?,
            (Payload::Stored { offset, length }, Some(file)) => {
                let bytes = file
                    .read(*offset, *length, entry.hash)
                    .map_err(|DamagedCache| {
                        io::Error::new(io::ErrorKind::InvalidData, "the article cache is damaged")
                    })?;
                put(&mut writer, &mut end, &bytes)?
            }
            (Payload::Stored { .. }, None) => return Err(io::ErrorKind::InvalidData.into()),
        });
    }
    writer.flush()?;
    drop(writer);
    fs::rename(temporary, folder.join(DATA))?;
    Ok((generation, places))
}

fn put(writer: &mut impl Write, end: &mut u64, bytes: &[u8]) -> io::Result<(u64, u32)> {
    writer.write_all(bytes)?;
    let place = (*end, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    *end += bytes.len() as u64;
    Ok(place)
}
