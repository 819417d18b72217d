//! The formats of git: what it reads and what it writes.

use sha1::{Digest as _, Sha1};

/// The name that git gives a file of these bytes
/// (<https://git-scm.com/book/en/v2/Git-Internals-Git-Objects>).
pub(super) fn blob_hash(bytes: &[u8]) -> String {
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", bytes.len()));
    hasher.update(bytes);
    let hash = hasher.finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A path as `git fast-import` reads it.
pub(super) fn quoted(path: &str) -> String {
    format!(
        "\"{}\"",
        path.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_names_that_git_gives_them() {
        assert_eq!(
            blob_hash(b"hello\n"),
            "ce013625030ba8dba906f756967f9e9ca394464a"
        );
    }

    #[test]
    fn paths_are_quoted() {
        assert_eq!(quoted("a b/ü.html"), "\"a b/ü.html\"");
        assert_eq!(quoted("a\"b\\c\nd"), "\"a\\\"b\\\\c\\nd\"");
    }
}
