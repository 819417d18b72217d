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
pub struct Hasher {
    /// What was added last. To hash much in one call takes a fraction of the time, and even the
    /// little that most digests are of takes half.
    gathered: Vec<u8>,
    /// What was added before it.
    long: Option<Box<blake3::Hasher>>,
}

impl Hasher {
    /// Bytes that are gathered: 16 chunks of BLAKE3, as many as one instruction works on.
    const GATHERED: usize = 16 * 1024;

    /// A hasher for one purpose; different purposes give different digests of the same values.
    pub fn new(purpose: &str) -> Hasher {
        let mut hasher = Hasher {
            gathered: Vec::with_capacity(256),
            long: None,
        };
        hasher.text(purpose);
        hasher
    }

    fn add(&mut self, bytes: &[u8]) {
        if self.gathered.len() + bytes.len() > Hasher::GATHERED {
            let long = self.long.get_or_insert_default();
            long.update(&self.gathered);
            self.gathered.clear();
            if bytes.len() > Hasher::GATHERED {
                long.update(bytes);
                return;
            }
        }
        self.gathered.extend_from_slice(bytes);
    }

    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.add(&(bytes.len() as u64).to_le_bytes());
        self.add(bytes);
        self
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// Adds a number.
    pub fn number(&mut self, number: i64) -> &mut Self {
        self.add(&number.to_le_bytes());
        self
    }

    /// Adds a digest.
    pub fn hash(&mut self, hash: Hash128) -> &mut Self {
        self.add(&hash.0);
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
        match &self.long {
            None => Hash128::of(&self.gathered),
            Some(long) => Hash128::cut(long.clone().update(&self.gathered).finalize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_all_bytes_in_their_order() {
        for parts in [
            &[3, 5][..],
            &[1000, 8, 16, 1],
            &[1024],
            &[5000, 3, 2000, 1024, 1],
            &[],
        ] {
            let mut hasher = Hasher::new("t");
            let mut all = [&1_u64.to_le_bytes()[..], b"t"].concat();
            for (number, length) in parts.iter().enumerate() {
                let part = vec![number as u8; *length];
                hasher.bytes(&part);
                all.extend((part.len() as u64).to_le_bytes());
                all.extend(&part);
            }
            assert_eq!(hasher.finish(), Hash128::of(&all), "{parts:?}");
        }
    }

    #[test]
    fn values_are_framed() {
        let two = Hasher::new("t").text("ab").text("c").finish();
        assert_ne!(two, Hasher::new("t").text("a").text("bc").finish());
        assert_ne!(two, Hasher::new("u").text("ab").text("c").finish());
    }
}
