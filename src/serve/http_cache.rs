//! Entity tags and ranges.

/// Whether an `If-None-Match` names a tag (RFC 9110, section 13.1.2: compared weakly).
pub(super) fn matches(header: &str, tag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag)
}

/// What a `Range` asks for (RFC 9110, section 14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    /// All of it: there is no header, or one that may be passed over.
    All,
    /// From the first byte up to, but not including, the second.
    Part(u64, u64),
    /// Nothing that is there.
    Outside,
}

impl Range {
    /// Reads the header for something of `length` bytes. Several ranges at once may be answered
    /// with all, and are.
    pub(super) fn of(header: Option<&str>, length: u64) -> Range {
        let Some((first, last)) = header
            .and_then(|header| header.strip_prefix("bytes="))
            .and_then(|range| range.trim().split_once('-'))
        else {
            return Range::All;
        };
        let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) if first <= last => (first, last.saturating_add(1).min(length)),
            (Ok(first), Err(_)) if last.is_empty() => (first, length),
            (Err(_), Ok(suffix)) if first.is_empty() => (length.saturating_sub(suffix), length),
            _ => return Range::All,
        };
        if start < end {
            Range::Part(start, end)
        } else {
            Range::Outside
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        assert!(matches("\"a\", W/\"b\"", "\"b\"") && matches("*", "\"x\""));
        assert!(!matches("\"a\"", "\"b\""));
    }

    #[test]
    fn ranges() {
        let range = |header| Range::of(Some(header), 100);
        assert_eq!(range("bytes=0-9"), Range::Part(0, 10));
        assert_eq!(range("bytes=90-"), Range::Part(90, 100));
        assert_eq!(range("bytes=-10"), Range::Part(90, 100));
        assert_eq!(range("bytes=0-1000"), Range::Part(0, 100));
        assert_eq!(range("bytes=100-"), Range::Outside);
        assert_eq!(range("bytes=-0"), Range::Outside);
        for passed_over in ["bytes=9-3", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"] {
            assert_eq!(range(passed_over), Range::All, "{passed_over}");
        }
        assert_eq!(Range::of(None, 100), Range::All);
    }
}
