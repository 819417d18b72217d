//! 128-bit content hashes (BLAKE3, truncated): of articles, fingerprints, files.

use serde::{Deserialize, Serialize};

/// A hash that is the same on every machine and in every run.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Hash128(pub [u8; 16]);

impl Hash128 {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Hash128 {
        Hash128::cut(blake3::hash(bytes))
    }

    /// The hash of some bytes, computed on all cores: for megabytes.
    pub fn of_many(bytes: &[u8]) -> Hash128 {
        Hash128::cut(blake3::Hasher::new().update_rayon(bytes).finalize())
    }

    fn cut(hash: blake3::Hash) -> Hash128 {
        let mut short = [0; 16];
        short.copy_from_slice(&hash.as_bytes()[..16]);
        Hash128(short)
    }

    /// The first `digits` hexadecimal digits.
    pub fn short(&self, digits: usize) -> String {
        let mut text = self.to_string();
        text.truncate(digits);
        text
    }

    /// The first eight bytes as a number, to derive choices from.
    pub fn number(&self) -> u64 {
        u64::from_le_bytes([
            self.0[0], self.0[1], self.0[2], self.0[3], self.0[4], self.0[5], self.0[6], self.0[7],
        ])
    }
}

impl std::fmt::Display for Hash128 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Builds a digest of several values; each is framed, so that no two sequences of values look
/// alike.
#[derive(Default)]
pub struct Hasher(blake3::Hasher);

impl Hasher {
    /// A hasher for one purpose; different purposes give different digests of the same values.
    pub fn new(purpose: &str) -> Hasher {
        let mut hasher = Hasher::default();
        hasher.text(purpose);
        hasher
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// Adds a number.
    pub fn number(&mut self, number: i64) -> &mut Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    /// Adds a digest.
    pub fn hash(&mut self, hash: Hash128) -> &mut Self {
        self.0.update(&hash.0);
        self
    }

    /// Adds text that may be missing.
    pub fn optional(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.number(1).text(text),
            None => self.number(0),
        }
    }

    /// The digest of all that was added.
    pub fn finish(&self) -> Hash128 {
        Hash128::cut(self.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_framed() {
        let two = Hasher::new("t").text("ab").text("c").finish();
        assert_ne!(two, Hasher::new("t").text("a").text("bc").finish());
        assert_ne!(two, Hasher::new("u").text("ab").text("c").finish());
    }
}
