//! The files below a folder of this machine: writing. What a write promises stands in the
//! documentation of the module above.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;

use serde::{Deserialize, Serialize};

use super::{Disk, NewBytes, STATE, WritableWorkspace, WriteError, check_path};
use crate::hash::Hash128;

/// The end of the name of a file that is being written.
const TEMPORARY: &str = ".newsgen-new";

/// Bytes of a file's name that fit into the name of its temporary file on any file system.
const LONGEST_NAME: usize = 200;

impl WritableWorkspace for Disk {
    fn create(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.write(path, None, bytes)
    }

    fn replace(&self, path: &str, expected: Hash128, bytes: &[u8]) -> Result<(), WriteError> {
        self.write(path, Some(expected), bytes)
    }

    fn write_all(&self, files: &[NewBytes<'_>]) -> Result<Vec<Result<(), WriteError>>, WriteError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let mut session = Session::begin(self.root())?;
        let mut targets = BTreeSet::new();
        let prepared = files.iter().map(|file| {
            let write = self.prepare(file)?;
            match targets.insert(write.target.clone()) {
                true => Ok(write),
                false => Err(match file.expected {
                    None => WriteError::Exists,
                    Some(_) => WriteError::Changed,
                }),
            }
        });
        let prepared: Vec<Result<Prepared<'_>, WriteError>> = prepared.collect();
        let good: Vec<&Prepared<'_>> = prepared.iter().flatten().collect();
        let unfinished: Vec<Pending> = good.iter().map(|file| file.unfinished()).collect();
        session.note(&unfinished)?;
        let written = on_threads(&good, |file| file.write());
        // When an exchange failed, a temporary file may be the only copy of somebody's version.
        let pending: Vec<Pending> = good.iter().map(|file| file.pending()).collect();
        session.note(&pending)?;
        let whole = good.iter().zip(&written).filter(|(_, it)| it.is_ok());
        let whole: Vec<&Prepared<'_>> = whole.map(|(file, _)| *file).collect();
        let mut finished = on_threads(&whole, |file| file.finish()).into_iter();
        let mut written = written.into_iter();
        let mut of_good = || {
            written.next().unwrap_or(Ok(()))?;
            finished.next().unwrap_or(Ok(()))
        };
        let results = prepared
            .into_iter()
            .map(|prepared| prepared.map(drop).and_then(|()| of_good()));
        let results: Vec<Result<(), WriteError>> = results.collect();
        session.end()?;
        let folders: BTreeSet<&Path> = targets.iter().filter_map(|it| it.parent()).collect();
        for folder in folders {
            sync_folder(folder)?;
        }
        Ok(results)
    }

    fn append(&self, path: &str, lines: &[u8]) -> Result<(), WriteError> {
        let nominal = self.place(path)?;
        let session = Session::begin(self.root())?;
        make_folder_of(&nominal)?;
        let is_new = fs::symlink_metadata(&nominal).is_err();
        let target = match is_new {
            true => nominal,
            false => self.follow(&nominal)?,
        };
        loop {
            let file = append_to(&target, lines)?;
            if is_still(&file, &target)? {
                break;
            }
        }
        drop(session);
        match is_new {
            true => sync_folder_of(&target),
            false => Ok(()),
        }
    }

    fn rename(&self, from: &str, expected: Hash128, to: &str) -> Result<(), WriteError> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        let session = Session::begin(self.root())?;
        refuse_link(&from)?;
        check(&from, expected)?;
        if fs::symlink_metadata(&to).is_ok() {
            return Err(WriteError::Exists);
        }
        make_folder_of(&to)?;
        rename_new(&from, &to)?;
        drop(session);
        sync_folder_of(&to)?;
        sync_folder_of(&from)
    }

    fn remove(&self, path: &str, expected: Hash128) -> Result<(), WriteError> {
        let target = self.place(path)?;
        let mut session = Session::begin(self.root())?;
        refuse_link(&target)?;
        check(&target, expected)?;
        // It is moved aside and looked at again, so that what somebody saves meanwhile is not lost.
        let aside = beside(&target)?;
        session.note(&[Pending::of(&aside, &target, [expected, expected])])?;
        fs::rename(&target, &aside)?;
        if check(&aside, expected).is_err() {
            rename_new(&aside, &target)?;
            session.end()?;
            return Err(WriteError::Changed);
        }
        fs::remove_file(&aside)?;
        session.end()?;
        sync_folder_of(&target)
    }
}

/// A file that is about to be made or replaced.
struct Prepared<'a> {
    target: PathBuf,
    temporary: PathBuf,
    bytes: &'a [u8],
    /// Those of the file that is there.
    permissions: Option<fs::Permissions>,
    /// The hashes of what was read and of the new bytes; none for a new file.
    known: Option<[Hash128; 2]>,
}

impl Prepared<'_> {
    /// What is left while the temporary file is written.
    fn unfinished(&self) -> Pending {
        Pending {
            temporary: self.temporary.clone(),
            target: None,
        }
    }

    /// What is left when the temporary file is there.
    fn pending(&self) -> Pending {
        match self.known {
            Some(known) => Pending::of(&self.temporary, &self.target, known),
            None => self.unfinished(),
        }
    }

    /// Writes the temporary file, and waits until it is on the disk.
    fn write(&self) -> Result<(), WriteError> {
        let write = || {
            let mut file = File::create_new(&self.temporary)?;
            file.write_all(self.bytes)?;
            if let Some(permissions) = &self.permissions {
                file.set_permissions(permissions.clone())?;
            }
            file.sync_all()
        };
        write().map_err(|error| {
            drop(fs::remove_file(&self.temporary));
            WriteError::Io(error)
        })
    }

    /// Puts the temporary file in its place.
    fn finish(&self) -> Result<(), WriteError> {
        match self.known {
            Some(known) => {
                let swapped = swap(&self.temporary, &self.target, known);
                self.pending().clear()?;
                swapped
            }
            None => {
                let moved = rename_new(&self.temporary, &self.target);
                if moved.is_err() {
                    drop(fs::remove_file(&self.temporary));
                }
                moved
            }
        }
    }
}

/// Threads that wait for the disk: it does many things in hardly more time than one.
const WRITERS: usize = 16;

/// Does the same with each of some values, many at once.
fn on_threads<T: Sync>(
    values: &[T],
    work: impl Fn(&T) -> Result<(), WriteError> + Sync,
) -> Vec<Result<(), WriteError>> {
    if let [value] = values {
        return vec![work(value)];
    }
    let share = values.len().div_ceil(WRITERS).max(1);
    thread::scope(|scope| {
        let work = &work;
        let shares = values.chunks(share);
        let threads: Vec<_> = shares
            .map(|values| {
                let thread = scope.spawn(move || values.iter().map(work).collect());
                (values.len(), thread)
            })
            .collect();
        let done = threads.into_iter().flat_map(|(count, thread)| {
            let gone = || WriteError::Io(io::Error::other("a thread has failed"));
            let failed = |_| (0..count).map(|_| Err(gone())).collect::<Vec<_>>();
            thread.join().unwrap_or_else(failed)
        });
        done.collect()
    })
}

impl Disk {
    fn write(&self, path: &str, expected: Option<Hash128>, bytes: &[u8]) -> Result<(), WriteError> {
        let file = NewBytes {
            path,
            expected,
            bytes,
        };
        self.write_all(&[file])?.into_iter().collect()
    }

    /// Looks at the file that is to be written.
    fn prepare<'a>(&self, file: &NewBytes<'a>) -> Result<Prepared<'a>, WriteError> {
        let nominal = self.place(file.path)?;
        let Some(expected) = file.expected else {
            make_folder_of(&nominal)?;
            if fs::symlink_metadata(&nominal).is_ok() {
                return Err(WriteError::Exists);
            }
            return Ok(Prepared {
                temporary: beside(&nominal)?,
                target: nominal,
                bytes: file.bytes,
                permissions: None,
                known: None,
            });
        };
        let target = self.follow(&nominal)?;
        let permissions = fs::metadata(&target)?.permissions();
        if permissions.readonly() {
            return Err(WriteError::ReadOnly);
        }
        // Looked at twice: here, since nothing needs to be written in vain, and right before the
        // file is replaced.
        check(&target, expected)?;
        Ok(Prepared {
            temporary: beside(&target)?,
            target,
            bytes: file.bytes,
            permissions: Some(permissions),
            known: Some([expected, Hash128::of(file.bytes)]),
        })
    }

    /// Waits until no other program holds the lock of that name, and holds it until the value is
    /// dropped or the program ends.
    ///
    /// # Errors
    /// When the file of the lock cannot be made or locked.
    pub fn lock(&self, name: &str) -> Result<Lock, WriteError> {
        let folder = self.root().join(STATE);
        fs::create_dir_all(&folder).map_err(folder_error)?;
        let open = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(format!("{name}.lock")));
        let lock = open.map_err(WriteError::Io)?;
        lock.lock().map_err(WriteError::Io)?;
        Ok(Lock { _file: lock })
    }

    fn place(&self, path: &str) -> Result<PathBuf, WriteError> {
        check_path(path)?;
        Ok(self.root().join(path))
    }

    /// The file that a path leads to: itself, or that behind a symbolic link.
    fn follow(&self, nominal: &Path) -> Result<PathBuf, WriteError> {
        if !fs::symlink_metadata(nominal)?.is_symlink() {
            return Ok(nominal.to_owned());
        }
        let target = fs::canonicalize(nominal)?;
        let folder = nominal.parent().unwrap_or(self.root());
        let is_near = target.starts_with(fs::canonicalize(self.root())?)
            || target.starts_with(fs::canonicalize(folder)?);
        if is_near {
            Ok(target)
        } else {
            Err(WriteError::Link)
        }
    }
}

/// A lock that is held: see [`Disk::lock`].
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// A write at work: it holds the lock, and has noted in the lock's file what the next one has to
/// clear away if this one is stopped.
struct Session {
    lock: File,
}

/// What a write that is stopped leaves.
#[derive(Debug, Serialize, Deserialize)]
struct Pending {
    /// The temporary file.
    temporary: PathBuf,
    /// The file whose place it takes and the hashes of the versions, old and new, that may be lost;
    /// none while the temporary file is being written.
    target: Option<(PathBuf, [String; 2])>,
}

impl Session {
    /// Waits for the lock, and clears away what a write left that was stopped.
    fn begin(root: &Path) -> Result<Session, WriteError> {
        let folder = root.join(STATE);
        fs::create_dir_all(&folder).map_err(folder_error)?;
        let open = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join("workspace.lock"));
        let lock = open.map_err(WriteError::Io)?;
        lock.lock().map_err(WriteError::Io)?;
        let mut session = Session { lock };
        session.recover().map_err(WriteError::Io)?;
        Ok(session)
    }

    fn recover(&mut self) -> io::Result<()> {
        let mut note = Vec::new();
        self.lock.read_to_end(&mut note)?;
        if note.is_empty() {
            return Ok(());
        }
        // The last line may be cut off: until it is whole, the one before holds.
        let lines = note.rsplit(|byte| *byte == b'\n');
        let mut notes = lines.filter_map(|line| serde_json::from_slice::<Vec<Pending>>(line).ok());
        for pending in notes.next().unwrap_or_default() {
            if pending.temporary.to_string_lossy().ends_with(TEMPORARY) {
                pending.clear()?;
            }
        }
        self.end()
    }

    /// Adds a line that takes the place of the one before: were that one cut away first, a program
    /// that is killed right then would leave a file that nothing refers to.
    fn note(&mut self, pending: &[Pending]) -> Result<(), WriteError> {
        // A path that is not UTF-8 has no note; then the temporary file stays where it is.
        let is_text = |pending: &&Pending| pending.temporary.to_str().is_some();
        let pending: Vec<&Pending> = pending.iter().filter(is_text).collect();
        if let Ok(mut note) = serde_json::to_vec(&pending) {
            note.push(b'\n');
            self.lock.write_all(&note).map_err(WriteError::Io)?;
        }
        Ok(())
    }

    /// Nothing is left to be cleared away.
    fn end(&mut self) -> io::Result<()> {
        self.lock.set_len(0)?;
        self.lock.rewind()
    }
}

impl Pending {
    /// The temporary file is about to take the place of the target.
    fn of(temporary: &Path, target: &Path, known: [Hash128; 2]) -> Pending {
        Pending {
            temporary: temporary.to_owned(),
            target: Some((target.to_owned(), known.map(|hash| hash.to_string()))),
        }
    }

    /// Clears the temporary file away. If it turns out to hold an unknown version, it was
    /// exchanged for somebody else's work: that is put back.
    fn clear(&self) -> io::Result<()> {
        let gone = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        };
        if let Some((target, known)) = &self.target {
            let bytes = match fs::read(&self.temporary) {
                Ok(bytes) => bytes,
                Err(error) => return gone(error),
            };
            if !known.contains(&Hash128::of(&bytes).to_string()) {
                let put_back = match rename_new(&self.temporary, target) {
                    Err(WriteError::Exists) => exchange(&self.temporary, target),
                    _ => return Ok(()),
                };
                let is_known = |bytes: Vec<u8>| known.contains(&Hash128::of(&bytes).to_string());
                if put_back.is_err() || !fs::read(&self.temporary).is_ok_and(is_known) {
                    return Ok(());
                }
            }
        }
        fs::remove_file(&self.temporary).or_else(gone)
    }
}

/// The temporary file of a target, which is not there.
fn beside(target: &Path) -> Result<PathBuf, WriteError> {
    let name = target.file_name().ok_or(WriteError::BadPath)?;
    let mut temporary = std::ffi::OsString::from(".");
    if name.len() > LONGEST_NAME {
        temporary.push(Hash128::of(name.as_encoded_bytes()).to_string());
    } else {
        temporary.push(name);
    }
    temporary.push(TEMPORARY);
    let temporary = target.with_file_name(temporary);
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(WriteError::Io(error)),
        _ => Ok(temporary),
    }
}

/// Adds lines to the end of a file.
fn append_to(target: &Path, lines: &[u8]) -> Result<File, WriteError> {
    let open = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(target);
    let mut file = open.map_err(WriteError::Io)?;
    if !file.metadata().map_err(WriteError::Io)?.is_file() {
        return Err(WriteError::NotAFile);
    }
    let mut last = [b'\n'];
    let length = file.seek(io::SeekFrom::End(0)).map_err(WriteError::Io)?;
    if length > 0 {
        let before_last = io::SeekFrom::Start(length - 1);
        file.seek(before_last).map_err(WriteError::Io)?;
        file.read_exact(&mut last).map_err(WriteError::Io)?;
    }
    let bytes = match last {
        [b'\n'] => lines.to_owned(),
        _ => [b"\n", lines].concat(),
    };
    let written = file.write_all(&bytes).and_then(|()| file.sync_all());
    written.map_err(WriteError::Io)?;
    Ok(file)
}

/// Whether a path still leads to a file that was opened by it.
fn is_still(file: &File, path: &Path) -> Result<bool, WriteError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let opened = file.metadata().map_err(WriteError::Io)?;
        Ok(fs::metadata(path)
            .is_ok_and(|now| (now.dev(), now.ino()) == (opened.dev(), opened.ino())))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        Ok(true)
    }
}

/// Compares a file with what was read of it.
fn check(path: &Path, expected: Hash128) -> Result<(), WriteError> {
    if !fs::metadata(path)?.is_file() {
        return Err(WriteError::NotAFile);
    }
    if Hash128::of(&fs::read(path)?) == expected {
        Ok(())
    } else {
        Err(WriteError::Changed)
    }
}

fn refuse_link(path: &Path) -> Result<(), WriteError> {
    if fs::symlink_metadata(path)?.is_symlink() {
        return Err(WriteError::Link);
    }
    Ok(())
}

/// Puts the temporary file in the place of the target if this is still as it was read: `known` are
/// the hashes of what was read and of the new bytes.
fn swap(temporary: &Path, target: &Path, known: [Hash128; 2]) -> Result<(), WriteError> {
    let [old, new] = known;
    check(target, old)?;
    match exchange(temporary, target) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            return Ok(fs::rename(temporary, target)?);
        }
        Err(error) => return Err(error.into()),
    }
    if check(temporary, old).is_ok() {
        return Ok(());
    }
    // Somebody saved another version right before the exchange: it is put back.
    exchange(temporary, target)?;
    if check(temporary, new).is_err() {
        // And yet another one right after it: that one stands, and the other one is kept.
        exchange(temporary, target)?;
        keep(temporary, target)?;
    }
    Err(WriteError::Changed)
}

/// Keeps a version of a file beside it, under a hidden name of its own.
fn keep(version: &Path, target: &Path) -> Result<(), WriteError> {
    let name = target
        .file_name()
        .ok_or(WriteError::BadPath)?
        .to_string_lossy();
    let name: String = name.chars().take(LONGEST_NAME / 4).collect();
    for number in 1.. {
        let kept = target.with_file_name(format!(".{name}.newsgen-kept-{number}"));
        match rename_new(version, &kept) {
            Err(WriteError::Exists) => {}
            done => return done,
        }
    }
    Ok(())
}

/// Exchanges two files in one step; [`io::ErrorKind::Unsupported`] where that cannot be done.
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    return rename_with(one, other, rustix::fs::RenameFlags::EXCHANGE);
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    {
        let _ = (one, other);
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Gives a file a name that nothing has.
fn rename_new(from: &Path, to: &Path) -> Result<(), WriteError> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    match rename_with(from, to, rustix::fs::RenameFlags::NOREPLACE) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        done => return Ok(done?),
    }
    // A second name for the file fails when there is something of that name; then the first goes.
    match fs::hard_link(from, to) {
        Ok(()) => Ok(fs::remove_file(from)?),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(WriteError::Exists),
        // There are file systems without second names.
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(WriteError::Exists),
        Err(_) => Ok(fs::rename(from, to)?),
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_with(from: &Path, to: &Path, flags: rustix::fs::RenameFlags) -> io::Result<()> {
    use rustix::io::Errno;
    const UNSUPPORTED: [Errno; 4] = [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP];
    match rustix::fs::renameat_with(rustix::fs::CWD, from, rustix::fs::CWD, to, flags) {
        Err(error) if UNSUPPORTED.contains(&error) => Err(io::ErrorKind::Unsupported.into()),
        done => Ok(done?),
    }
}

fn make_folder_of(path: &Path) -> Result<(), WriteError> {
    let Some(folder) = path.parent() else {
        return Err(WriteError::BadPath);
    };
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(folder_error)
}

/// Why a folder cannot be made. If there is something of its name, that is no folder; it is the
/// file in it that may be there already.
fn folder_error(error: io::Error) -> WriteError {
    WriteError::Io(match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            io::ErrorKind::NotADirectory.into()
        }
        _ => error,
    })
}

/// Makes a new name last: it stands in the folder, which is a file of its own.
fn sync_folder_of(path: &Path) -> Result<(), WriteError> {
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder last.
fn sync_folder(folder: &Path) -> Result<(), WriteError> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(WriteError::Io)?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
