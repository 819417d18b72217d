//! Bodies as servers send them: compressed or not, and never larger than is asked for.

use std::io::{self, Read};

use super::Error;

/// What [`decoded`] understands, as a request says it.
pub(super) const ACCEPTED: &str = "gzip, deflate, br, zstd";

/// Compressions inside each other. Nobody has more than one.
const LAYERS: usize = 2;

/// The body without its compression.
///
/// # Errors
/// When it is larger than `most` bytes, damaged, or compressed in a way that was not asked for.
pub(super) fn decoded(bytes: Vec<u8>, encoding: &str, most: usize) -> Result<Vec<u8>, Error> {
    let names: Vec<String> = encoding
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect();
    if names.len() > LAYERS {
        return Err(Error::Encoding(encoding.to_owned()));
    }
    let mut bytes = bytes;
    // The last one was applied last.
    for name in names.iter().rev() {
        bytes = unpacked(&bytes, name, most)?;
    }
    Ok(bytes)
}

fn unpacked(bytes: &[u8], name: &str, most: usize) -> Result<Vec<u8>, Error> {
    let unpacked = match name {
        "gzip" | "x-gzip" => read(flate2::read::MultiGzDecoder::new(bytes), most),
        // Both forms of it are sent (RFC 9110, § 8.4.1.2).
        "deflate" => match bytes.first().is_some_and(|byte| byte & 0x0f == 8) {
            true => read(flate2::read::ZlibDecoder::new(bytes), most),
            false => read(flate2::read::DeflateDecoder::new(bytes), most),
        },
        "br" => read(brotli::Decompressor::new(bytes, 4096), most),
        "zstd" => match ruzstd::decoding::StreamingDecoder::new(bytes) {
            Ok(decoder) => read(decoder, most),
            Err(_) => return Err(Error::Damaged("zstd".to_owned())),
        },
        other => return Err(Error::Encoding(other.to_owned())),
    };
    match unpacked {
        Ok(bytes) if bytes.len() > most => Err(Error::TooLarge(most)),
        Ok(bytes) => Ok(bytes),
        Err(_) => Err(Error::Damaged(name.to_owned())),
    }
}

/// Reads at most one byte more than is allowed.
fn read(source: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_compression_that_is_asked_for_is_understood() {
        let text = b"<rss/>".repeat(100);
        let mut brotli = Vec::new();
        let mut writer = brotli::CompressorWriter::new(&mut brotli, 4096, 5, 20);
        writer.write_all(&text).unwrap();
        drop(writer);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(&text).unwrap();
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(&text).unwrap();
        let zstd = ruzstd::encoding::compress_to_vec(
            text.as_slice(),
            ruzstd::encoding::CompressionLevel::Fastest,
        );
        for (bytes, encoding) in [
            (text.clone(), ""),
            (text.clone(), "identity"),
            (gzip(&text), "GZIP"),
            ([gzip(&text[..300]), gzip(&text[300..])].concat(), "x-gzip"),
            (zlib.finish().unwrap(), "deflate"),
            (raw.finish().unwrap(), "deflate"),
            (brotli, "br"),
            (zstd, "zstd"),
            (gzip(&gzip(&text)), "gzip, gzip"),
        ] {
            assert_eq!(
                decoded(bytes, encoding, 600),
                Ok(text.clone()),
                "{encoding}"
            );
        }
        let plain = decoded(text.clone(), "compress", 600);
        assert_eq!(plain, Err(Error::Encoding("compress".to_owned())));
        let damaged = decoded(text, "gzip", 600);
        assert_eq!(damaged, Err(Error::Damaged("gzip".to_owned())));
    }

    #[test]
    fn a_small_body_does_not_become_a_large_one() {
        let bomb = gzip(&vec![0; 50 << 20]);
        assert!(bomb.len() < 100_000);
        assert_eq!(
            decoded(bomb, "gzip", 1 << 20),
            Err(Error::TooLarge(1 << 20))
        );
    }

    #[test]
    fn damaged_bodies_do_not_panic() {
        for encoding in ["gzip", "deflate", "br", "zstd"] {
            for length in 0..64 {
                let bytes: Vec<u8> = (0..length).map(|at: u8| at.wrapping_mul(37)).collect();
                drop(decoded(bytes, encoding, 100));
            }
        }
    }
}
