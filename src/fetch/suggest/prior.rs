//! What is suggested before anything is learnt.

use super::{MIDDLE, POINT, Subject};

/// Decisions after which all of this but the quality of the source counts for half: what an editor
/// really does takes its place.
const HALVED_AFTER: i64 = 20;

const DAY: i64 = 86_400;

/// The points of an item of which only itself is known, after so many decisions.
pub(super) fn parts(subject: &Subject<'_>, decisions: usize) -> Vec<(i64, String)> {
    let mut parts: Vec<(i64, String)> = Vec::new();
    match subject.excerpt.map_or(0, |excerpt| excerpt.chars().count()) {
        0 => parts.push((-8, "no excerpt".to_owned())),
        1..40 => parts.push((-3, "a short excerpt".to_owned())),
        _ => parts.push((2, "an excerpt".to_owned())),
    }
    if subject.has_image {
        parts.push((4, "a picture".to_owned()));
    }
    if subject.author.is_some() {
        parts.push((2, "an author".to_owned()));
    }
    match subject.delay {
        None => parts.push((-5, "no date".to_owned())),
        Some(..DAY) => {}
        Some(delay) => {
            let days = delay / DAY;
            let name = if days == 1 { "day" } else { "days" };
            let what = format!("it was {days} {name} old when it came in");
            parts.push((-(days * 2).min(12), what));
        }
    }
    if let Some(others @ 1..) = subject.coverage.checked_sub(1) {
        let name = if others == 1 {
            "provider reports"
        } else {
            "providers report"
        };
        let points = 4 * i64::try_from(others.min(4)).unwrap_or(4);
        parts.push((points, format!("{others} more {name} it")));
    }
    let decisions = i64::try_from(decisions).unwrap_or(i64::MAX - HALVED_AFTER);
    for (points, _) in &mut parts {
        *points = *points * POINT * HALVED_AFTER / (HALVED_AFTER + decisions);
    }
    if let Some(base) = subject.base {
        let points = (base.clamp(0, 100) - MIDDLE) * POINT;
        parts.push((points, "quality of its source".to_owned()));
    }
    parts
}
