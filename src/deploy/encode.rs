//! Compression of files before they are sent. The same bytes always give the same bytes.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::config::Encoding;

/// The bytes, compressed.
pub fn encode(encoding: Encoding, bytes: Vec<u8>) -> Vec<u8> {
    match encoding {
        Encoding::None => bytes,
        Encoding::Brotli => brotli(&bytes),
        Encoding::Gzip => gzip(&bytes),
    }
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    /// Nine compresses a page in milliseconds; eleven takes ten times as long for a few percent.
    const QUALITY: i32 = 9;
    let params = brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        ..Default::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 4);
    // Neither reading from memory nor writing to it fails.
    drop(brotli::BrotliCompress(&mut &*bytes, &mut out, &params));
    out
}

/// The bytes, compressed with gzip, without a time or a name in the head.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(9));
    // Writing to memory does not fail.
    drop(encoder.write_all(bytes));
    encoder.finish().unwrap_or_default()
}

/// Undoes [`gzip`].
pub(super) fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut out).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_can_be_read_again_and_is_always_the_same() {
        let text = b"news ".repeat(1000);
        let gzipped = encode(Encoding::Gzip, text.clone());
        assert_eq!(gunzip(&gzipped), Some(text.clone()));
        let brotlied = encode(Encoding::Brotli, text.clone());
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &*brotlied, &mut back).unwrap();
        assert_eq!(back, text);
        assert_eq!(brotlied, encode(Encoding::Brotli, text.clone()));
        assert_eq!(gzipped, encode(Encoding::Gzip, text.clone()));
        assert!(gzipped.len() < text.len() / 10 && brotlied.len() < text.len() / 10);
    }
}
