//! A list of values in a file of the state folder, with a head, a checksum, and parts that are
//! coded in parallel.
//!
//! Layout: a magic line that names the kind and version of the file; 16 bytes of checksum over all
//! that follows; then parts, each with its length in four bytes (little-endian) before it: the
//! head, and the values, 1024 in a part. Parts are in the postcard format
//! (<https://postcard.jamesmunns.com/wire-format>). In files, those with values are packed as LZ4
//! blocks behind their unpacked length
//! (<https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md>): a table that is no longer in
//! memory comes from the disk in half the time.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use lz4_flex::block;
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::hash::Hash128;

/// Values in a part.
const PART: usize = 1024;

/// Why a table could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// There is no file.
    Missing,
    /// The file is damaged, or of another version.
    Damaged,
}

/// How the parts with values are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Lz4,
}

/// Writes a table; a reader sees the old one or the new one.
///
/// # Errors
/// What the system says.
pub fn write<H: Serialize, T: Serialize + Sync>(
    path: &Path,
    magic: &str,
    head: &H,
    values: &[T],
) -> io::Result<()> {
    let bytes = encode_as(Packing::Lz4, magic, head, values)?;
    let temporary = path.with_extension("new");
    fs::write(&temporary, bytes)?;
    fs::rename(temporary, path)
}

/// The bytes of a table, not packed.
///
/// # Errors
/// When it is too large.
pub fn encode<H: Serialize, T: Serialize + Sync>(
    magic: &str,
    head: &H,
    values: &[T],
) -> io::Result<Vec<u8>> {
    encode_as(Packing::None, magic, head, values)
}

fn encode_as<H: Serialize, T: Serialize + Sync>(
    packing: Packing,
    magic: &str,
    head: &H,
    values: &[T],
) -> io::Result<Vec<u8>> {
    let encode_error =
        |error: postcard::Error| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
    let mut parts = vec![postcard::to_stdvec(head).map_err(encode_error)?];
    let pack = |part: Vec<u8>| match packing {
        Packing::None => part,
        Packing::Lz4 => block::compress_prepend_size(&part),
    };
    let code = |values: &[T]| postcard::to_stdvec(values).map(pack);
    let coded: Vec<Result<Vec<u8>, postcard::Error>> = values.par_chunks(PART).map(code).collect();
    for part in coded {
        parts.push(part.map_err(encode_error)?);
    }
    let mut body = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in &parts {
        let length =
            u32::try_from(part.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        body.extend_from_slice(&length.to_le_bytes());
        body.extend_from_slice(part);
    }
    let checksum = Hash128::of_many(&body).0;
    Ok([magic.as_bytes(), &checksum, &body].concat())
}

/// Reads a table.
///
/// # Errors
/// See [`Unusable`].
pub fn read<H: DeserializeOwned, T: DeserializeOwned + Send>(
    path: &Path,
    magic: &str,
) -> Result<(H, Vec<T>), Unusable> {
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unusable::Missing,
        _ => Unusable::Damaged,
    })?;
    decode_as(Packing::Lz4, &bytes, magic).ok_or(Unusable::Damaged)
}

/// Reads the head of a table alone, without looking for damage.
pub fn read_head<H: DeserializeOwned>(path: &Path, magic: &str) -> Option<H> {
    /// The magic line, the checksum, and a short head.
    const ENOUGH: u64 = 1024;
    let mut bytes = Vec::new();
    File::open(path)
        .ok()?
        .take(ENOUGH)
        .read_to_end(&mut bytes)
        .ok()?;
    let (_, body) = bytes
        .strip_prefix(magic.as_bytes())?
        .split_first_chunk::<16>()?;
    let (length, rest) = body.split_first_chunk::<4>()?;
    let (head, _) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    postcard::from_bytes(head).ok()
}

/// Reads the bytes of a table that is not packed; nothing when they are damaged, or of another
/// version.
pub fn decode<H: DeserializeOwned, T: DeserializeOwned + Send>(
    bytes: &[u8],
    magic: &str,
) -> Option<(H, Vec<T>)> {
    decode_as(Packing::None, bytes, magic)
}

fn decode_as<H: DeserializeOwned, T: DeserializeOwned + Send>(
    packing: Packing,
    bytes: &[u8],
    magic: &str,
) -> Option<(H, Vec<T>)> {
    let (checksum, mut body) = bytes
        .strip_prefix(magic.as_bytes())?
        .split_first_chunk::<16>()?;
    if Hash128::of_many(body).0 != *checksum {
        return None;
    }
    let mut parts = Vec::new();
    while let Some((length, rest)) = body.split_first_chunk::<4>() {
        let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        parts.push(part);
        body = rest;
    }
    let (head, parts) = parts.split_first()?;
    let of_one = |part: &&[u8]| match packing {
        Packing::None => postcard::from_bytes(part).ok(),
        Packing::Lz4 => postcard::from_bytes(&block::decompress_size_prepended(part).ok()?).ok(),
    };
    let decoded: Option<Vec<Vec<T>>> = parts.par_iter().map(of_one).collect();
    let mut values = Vec::with_capacity(parts.len() * PART);
    for mut part in decoded? {
        values.append(&mut part);
    }
    Some((postcard::from_bytes(head).ok()?, values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table");
        let values: Vec<(u32, String)> = (0..3000)
            .map(|number| (number, format!("value {number}")))
            .collect();
        write(&path, "magic 1\n", &"head".to_owned(), &values).unwrap();
        let read_back = || read::<String, (u32, String)>(&path, "magic 1\n");
        assert_eq!(read_back(), Ok(("head".to_owned(), values)));
        assert_eq!(
            read::<String, (u32, String)>(&path, "magic 2\n"),
            Err(Unusable::Damaged)
        );
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(read_back(), Err(Unusable::Damaged));
        fs::write(&path, &bytes[..middle]).unwrap();
        assert_eq!(read_back(), Err(Unusable::Damaged));
        fs::remove_file(&path).unwrap();
        assert_eq!(read_back(), Err(Unusable::Missing));
    }
}
