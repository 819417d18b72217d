//! When a feed is asked again. Pure.

use jiff::tz::TimeZone;

use crate::hash::Hasher;
use crate::http::Response;
use crate::time::Time;

/// Longest time that a server can put off the next request, in seconds.
pub const LONGEST: i64 = 86_400;

/// How long a host that was asked too often is left alone if it does not say, in seconds.
const PAUSE: i64 = 15 * 60;

/// A run every hour finds a source with `every: 1 hour` due, although it starts a little earlier.
const SLACK: i64 = 60;

/// When a feed that answered is asked again: after the longest of what the source says, the feed
/// (`ttl`, in minutes) and the server.
pub fn after_answer(response: &Response, every: i64, ttl: Option<u32>, now: Time) -> i64 {
    let of_feed = ttl.map_or(0, |minutes| i64::from(minutes) * 60);
    let of_others = of_feed.max(asked_for(response, now)).min(LONGEST);
    now.seconds() + (every - SLACK).max(of_others)
}

/// When a feed that failed is asked again: each failure in a row doubles the time, up to a day. The
/// name spreads sources that fail at once.
pub fn after_failure(name: &str, failures: u32, every: i64, asked: i64, now: Time) -> i64 {
    let doubled = every.saturating_mul(1_i64 << failures.saturating_sub(1).min(16));
    let wait = doubled.min(LONGEST).max(every);
    let mut hasher = Hasher::new("jitter");
    let hash = hasher.text(name).number(i64::from(failures)).finish();
    let tenth = i64::try_from(hash.number() % 100).unwrap_or_default() * wait / 1_000;
    now.seconds() + (wait + tenth - SLACK).max(asked.min(LONGEST))
}

/// Until when a host that answered 429 is asked nothing more, for any of its feeds.
pub fn pause_of_host(response: &Response, now: Time) -> i64 {
    let wait = retry_after(response, now).unwrap_or(PAUSE);
    now.seconds() + wait.clamp(1, LONGEST)
}

/// Seconds that a server asks to be left alone (RFC 9111, § 5.2.2.1 and § 5.3; RFC 9110, § 10.2.3).
pub fn asked_for(response: &Response, now: Time) -> i64 {
    let fresh = match response.cache_control.as_deref() {
        Some(control) if may_not_wait(control) => 0,
        control => control
            .and_then(max_age)
            .or_else(|| until(response.expires.as_deref()?, now))
            .unwrap_or_default(),
    };
    fresh.max(retry_after(response, now).unwrap_or_default())
}

/// Seconds of `Retry-After`: a number, or a date.
pub fn retry_after(response: &Response, now: Time) -> Option<i64> {
    let written = response.retry_after.as_deref()?.trim();
    let seconds = written.parse().ok();
    seconds.or_else(|| until(written, now)).map(|it| it.max(0))
}

fn may_not_wait(control: &str) -> bool {
    directives(control).any(|(name, _)| matches!(name.as_str(), "no-cache" | "no-store"))
}

fn max_age(control: &str) -> Option<i64> {
    let (_, value) = directives(control).find(|(name, _)| name == "max-age")?;
    value.trim().trim_matches('"').parse().ok()
}

fn directives(control: &str) -> impl Iterator<Item = (String, &str)> {
    control.split(',').map(|directive| {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        (name.trim().to_ascii_lowercase(), value)
    })
}

fn until(date: &str, now: Time) -> Option<i64> {
    let date = Time::parse(date, &TimeZone::UTC).ok()?;
    Some(date.seconds() - now.seconds())
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::http::Validators;

    fn now() -> Time {
        Time::parse("2026-11-25T12:00:00Z", &TimeZone::UTC).unwrap()
    }

    fn response(cache_control: &str, expires: &str, retry_after: &str) -> Response {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Response {
            status: 200,
            url: Url::parse("https://a.example/").unwrap(),
            moved: None,
            validators: Validators::default(),
            content_type: None,
            cache_control: some(cache_control),
            expires: some(expires),
            retry_after: some(retry_after),
            body: Vec::new(),
        }
    }

    #[test]
    fn what_servers_ask_for_is_read() {
        for (control, expires, retry, seconds) in [
            ("", "", "", 0),
            (
                "public, Max-Age=600",
                "Wed, 25 Nov 2026 13:00:00 GMT",
                "",
                600,
            ),
            ("public", "Wed, 25 Nov 2026 13:00:00 GMT", "", 3_600),
            ("max-age=600, no-cache", "", "", 0),
            ("max-age=x", "0", "", 0),
            ("max-age=600", "", "1200", 1_200),
            ("", "", "Wed, 25 Nov 2026 12:30:00 GMT", 1_800),
            ("", "Wed, 25 Nov 2020 12:30:00 GMT", "-5", 0),
            ("max-age=99999999999999999999", "", "soon", 0),
        ] {
            let asked = asked_for(&response(control, expires, retry), now()).max(0);
            assert_eq!(asked, seconds, "{control} {expires} {retry}");
        }
    }

    #[test]
    fn the_longest_wish_counts_and_a_day_is_the_most_of_others() {
        let after = |control: &str, every, ttl| {
            after_answer(&response(control, "", ""), every, ttl, now()) - now().seconds()
        };
        assert_eq!(after("", 3_600, None), 3_540);
        assert_eq!(after("max-age=7200", 3_600, Some(60)), 7_200);
        assert_eq!(after("max-age=60", 3_600, Some(180)), 10_800);
        assert_eq!(after("max-age=31536000", 3_600, None), LONGEST);
        assert_eq!(after("max-age=60", 7 * LONGEST, None), 7 * LONGEST - 60);
    }

    #[test]
    fn failures_slow_down_and_never_end() {
        let after = |failures| after_failure("a", failures, 1_800, 0, now()) - now().seconds();
        assert!((1_740..=1_980).contains(&after(1)), "{}", after(1));
        assert!(after(2) > after(1) && after(4) > after(3));
        for failures in [10, 100, u32::MAX] {
            assert!((LONGEST - 60..=LONGEST * 11 / 10).contains(&after(failures)));
        }
        let asked = after_failure("a", 1, 1_800, 7_200, now());
        assert_eq!(asked, now().seconds() + 7_200);
    }
}
