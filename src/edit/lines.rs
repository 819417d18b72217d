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
    /// The line of the new file after those that come.
    fn end(&self) -> usize {
        self.line + self.new.len()
    }

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

/// Lines of context around what differs.
const CONTEXT: usize = 3;

/// Two versions of a text as a unified diff
/// (<https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html>); none when
/// they have the same lines.
pub fn unified_diff(old_name: &str, old: &[u8], new_name: &str, new: &[u8]) -> Option<String> {
    let hunks = hunks(old, new);
    let text = String::from_utf8_lossy(new);
    let lines: Vec<&str> = text.lines().collect();
    let mut diff = format!("--- {old_name}\n+++ {new_name}\n");
    let mut rest = hunks.as_slice();
    // How many lines the new version has more, up to here.
    let mut offset = 0_isize;
    while let Some(first) = rest.first() {
        let is_apart = |pair: &[Hunk]| pair[1].line > pair[0].end() + 2 * CONTEXT;
        let count = rest
            .windows(2)
            .position(is_apart)
            .map_or(rest.len(), |at| at + 1);
        let (together, later) = rest.split_at(count);
        rest = later;
        let start = first.line.saturating_sub(CONTEXT).max(1);
        let mut body = String::new();
        let (mut at, mut gone, mut come) = (start, 0, 0);
        for hunk in together {
            for line in &lines[at - 1..hunk.line - 1] {
                body += &format!(" {line}\n");
            }
            hunk.old
                .iter()
                .for_each(|line| body += &format!("-{line}\n"));
            hunk.new
                .iter()
                .for_each(|line| body += &format!("+{line}\n"));
            (gone, come) = (gone + hunk.old.len(), come + hunk.new.len());
            at = hunk.end();
        }
        let end = (at - 1 + CONTEXT).min(lines.len());
        for line in &lines[at - 1..end] {
            body += &format!(" {line}\n");
        }
        let new_lines = end + 1 - start;
        let old_lines = new_lines + gone - come;
        let old_start = start.saturating_add_signed(-offset);
        // A part without lines is named by the line before it.
        let before = |start: usize, count: usize| if count == 0 { start - 1 } else { start };
        let [old_start, new_start] = [before(old_start, old_lines), before(start, new_lines)];
        diff += &format!("@@ -{old_start},{old_lines} +{new_start},{new_lines} @@\n{body}");
        offset += come as isize - gone as isize;
    }
    (!hunks.is_empty()).then_some(diff)
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

    #[test]
    fn a_unified_diff_has_three_lines_of_context() {
        let old: Vec<String> = (1..=20).map(|number| format!("{number}\n")).collect();
        let mut new = old.clone();
        new[4] = "five\n".to_owned();
        new.insert(18, "more\n".to_owned());
        new.remove(0);
        let diff = |old: &[String], new: &[String]| {
            unified_diff("a", old.concat().as_bytes(), "b", new.concat().as_bytes())
        };
        assert_eq!(diff(&old, &old), None);
        assert_eq!(
            diff(&old, &new).unwrap_or_default(),
            "--- a\n+++ b\n@@ -1,8 +1,7 @@\n-1\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n\
             @@ -16,5 +15,6 @@\n 16\n 17\n 18\n+more\n 19\n 20\n"
        );
        let nothing: &[String] = &[];
        assert_eq!(
            diff(nothing, &old[..2]).unwrap_or_default(),
            "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+1\n+2\n"
        );
        assert_eq!(
            diff(&old[..2], nothing).unwrap_or_default(),
            "--- a\n+++ b\n@@ -1,2 +0,0 @@\n-1\n-2\n"
        );
    }
}
