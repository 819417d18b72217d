//! Lengths of time as people write them: `"36 hours"`, `"2 weeks"`, `"1 day"`.

/// Seconds in a written length of time: a whole number and a unit (seconds, minutes, hours, days,
/// weeks, months of 30 days, years of 365 days); none when it is not one.
pub fn duration(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: i64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "second" | "seconds" | "s" => 1,
        "minute" | "minutes" | "min" => 60,
        "hour" | "hours" | "h" => 3600,
        "day" | "days" | "d" => 86_400,
        "week" | "weeks" | "w" => 7 * 86_400,
        "month" | "months" => 30 * 86_400,
        "year" | "years" | "y" => 365 * 86_400,
        _ => return None,
    };
    // An age of more than 10,000 years is a slip, and would overflow later.
    number
        .checked_mul(unit)
        .filter(|seconds| *seconds > 0 && *seconds < 10_000 * 365 * 86_400)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn units() {
        assert_eq!(duration("90 seconds"), Some(90));
        assert_eq!(duration("36 hours"), Some(129_600));
        assert_eq!(duration("1d"), Some(86_400));
        assert_eq!(duration("2 weeks"), Some(1_209_600));
        for wrong in [
            "",
            "hours",
            "12",
            "-1 day",
            "0 days",
            "5 parsecs",
            "99999999999999999999 days",
        ] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
