//! The lines in which two versions of a file differ.

/// Lines that go, and those that come in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The first of the new lines in the new file, from 1.
    pub line: usize,
    /// Lines that go, without their ends.
    pub old: Vec<String>,
    /// Lines that come, without their ends.
    pub new: Vec<String>,
}

impl Hunk {
    /// Whether a line of the new file is one of those that come.
    pub(super) fn adds(&self, line: usize) -> bool {
        (self.line..self.line + self.new.len()).contains(&line)
    }
}

/// Cells of the table of common lines, at most; files that differ in more are one hunk.
const MOST: usize = 4_000_000;

/// The hunks that lead from one version to another.
pub(super) fn hunks(old: &[u8], new: &[u8]) -> Vec<Hunk> {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old[start..], &new[start..]);
    let same = |(a, b): &(&&str, &&str)| a == b;
    let end = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);

    let common = if a.len() * b.len() <= MOST {
        common_lines(a, b)
    } else {
        Vec::new()
    };
    let mut hunks = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in common.into_iter().chain([(a.len(), b.len())]) {
        if i < next_i || j < next_j {
            let lines = |part: &[&str]| part.iter().map(|line| without_end(line)).collect();
            hunks.push(Hunk {
                line: start + j + 1,
                old: lines(&a[i..next_i]),
                new: lines(&b[j..next_j]),
            });
        }
        (i, j) = (next_i + 1, next_j + 1);
    }
    hunks
}

fn without_end(line: &str) -> String {
    line.trim_end_matches(['\n', '\r']).to_owned()
}

/// A longest series of lines that both have, as pairs of their numbers.
fn common_lines(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i] == b[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_name_what_differs() {
        let hunk = |line, old: &[&str], new: &[&str]| Hunk {
            line,
            old: old.iter().map(|line| (*line).to_owned()).collect(),
            new: new.iter().map(|line| (*line).to_owned()).collect(),
        };
        assert_eq!(hunks(b"a\nb\n", b"a\nb\n"), []);
        assert_eq!(
            hunks(b"a\r\nb\r\nc\r\nd\r\n", b"a\r\nx\r\nc\r\ny\r\n"),
            [hunk(2, &["b"], &["x"]), hunk(4, &["d"], &["y"])]
        );
        assert_eq!(hunks(b"a\nb\n", b"a\nx\nb\n"), [hunk(2, &[], &["x"])]);
        assert_eq!(hunks(b"a\nx\nb\n", b"a\nb\n"), [hunk(2, &["x"], &[])]);
    }
}
