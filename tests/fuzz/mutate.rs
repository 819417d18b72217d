//! Inputs made of seeds: bytes, words, lines and numbers are changed, moved and repeated.

use crate::support::Random;

/// No input is longer.
const LONGEST: usize = 48 << 10;

/// Makes inputs.
pub(crate) struct Mutator<'a> {
    pub(crate) seeds: &'a [Vec<u8>],
    pub(crate) words: &'a [String],
}

impl Mutator<'_> {
    /// An input: a seed with some changes.
    pub(crate) fn input(&self, random: &mut Random) -> Vec<u8> {
        let mut input = self.seeds[random.below(self.seeds.len())].clone();
        for _ in 0..=random.below(8) {
            self.change(&mut input, random);
            input.truncate(LONGEST);
        }
        input
    }

    fn change(&self, input: &mut Vec<u8>, random: &mut Random) {
        let at = random.below(input.len() + 1);
        match random.below(13) {
            0 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            1 => input.insert(at, random.next() as u8),
            2 => drop(input.drain(range(input, random, 40))),
            3 => {
                let part = input[range(input, random, 200)].to_vec();
                let part = part.repeat(1 + random.below(3));
                drop(input.splice(at..at, part));
            }
            4 | 5 if !self.words.is_empty() => {
                let word = self.words[random.below(self.words.len())]
                    .as_bytes()
                    .to_vec();
                drop(input.splice(at..at, word));
            }
            6 if !self.words.is_empty() => {
                // One word over another, so that what is around it stays.
                let word = self.words[random.below(self.words.len())]
                    .as_bytes()
                    .to_vec();
                drop(input.splice(word_at(input, at), word));
            }
            7 if !self.words.is_empty() => {
                let word = &self.words[random.below(self.words.len())];
                let times = 1 << random.below(12);
                drop(input.splice(at..at, word.repeat(times).into_bytes()));
            }
            8 => lines(input, random),
            9 => {
                let other = &self.seeds[random.below(self.seeds.len())];
                let part = other[range(other, random, 400)].to_vec();
                drop(input.splice(at..at, part));
            }
            10 => {
                const NUMBERS: [&str; 10] = [
                    "0",
                    "-1",
                    "1e309",
                    "9223372036854775807",
                    "18446744073709551616",
                    "-9223372036854775809",
                    "0x7fffffff",
                    ".nan",
                    "4294967296",
                    "00000001",
                ];
                let number = random.pick(&NUMBERS).as_bytes().to_vec();
                drop(input.splice(number_at(input, at), number));
            }
            11 => {
                const CHARACTERS: [&str; 12] = [
                    "\u{0}",
                    "\u{7f}",
                    "\u{85}",
                    "\u{feff}",
                    "\u{2028}",
                    "\u{202e}",
                    "\u{301}",
                    "\u{10ffff}",
                    "ß",
                    "İ",
                    "\r\n",
                    "\t",
                ];
                let character = random.pick(&CHARACTERS).as_bytes().to_vec();
                drop(input.splice(at..at, character));
            }
            _ => {
                const SIGNS: &[u8] = b"\"'`<>&[](){}|*_#:;,.!?/\\%$@=+-~^ \n";
                let sign = random.pick(SIGNS);
                let times = 1 << random.below(10);
                drop(input.splice(at..at, vec![sign; times]));
            }
        }
    }
}

/// A piece of the input, at most so long.
fn range(input: &[u8], random: &mut Random, longest: usize) -> std::ops::Range<usize> {
    let start = random.below(input.len() + 1);
    let end = (start + random.below(longest + 1)).min(input.len());
    start..end
}

/// The word around or after a place.
fn word_at(input: &[u8], at: usize) -> std::ops::Range<usize> {
    span(input, at, |byte| {
        byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
    })
}

/// The digits around or after a place.
fn number_at(input: &[u8], at: usize) -> std::ops::Range<usize> {
    span(input, at, |byte| byte.is_ascii_digit())
}

fn span(input: &[u8], at: usize, is_inside: impl Fn(u8) -> bool) -> std::ops::Range<usize> {
    let first = input[at..]
        .iter()
        .position(|byte| is_inside(*byte))
        .map_or(at, |gap| at + gap);
    let before = input[..first]
        .iter()
        .rev()
        .take_while(|byte| is_inside(**byte))
        .count();
    let after = input[first..]
        .iter()
        .take_while(|byte| is_inside(**byte))
        .count();
    first - before..first + after
}

/// Takes away, repeats, moves or indents a line.
fn lines(input: &mut Vec<u8>, random: &mut Random) {
    let mut lines: Vec<Vec<u8>> = input
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    if lines.is_empty() {
        return;
    }
    let at = random.below(lines.len());
    match random.below(5) {
        0 => drop(lines.remove(at)),
        1 => {
            let line = lines[at].clone();
            lines.splice(at..at, vec![line; 1 << random.below(9)]);
        }
        2 => {
            let line = lines.remove(at);
            lines.insert(random.below(lines.len() + 1), line);
        }
        3 => drop(lines[at].splice(0..0, vec![b' '; 1 + random.below(6)])),
        _ => {
            let other = random.below(lines.len());
            lines.swap(at, other);
        }
    }
    *input = lines.concat();
}
