//! Heat that follows from how many providers report an event, and how fast.

/// Heat of a story that one provider reports.
const ALONE: i64 = 10;

/// What is left of the way to 100 is shortened by a share, in hundredths, by each further provider,
/// the less the later it reports after the first one (seconds). Later reports change nothing, so
/// that the heat of an old story stays as it is.
const SHARES: [(i64, i64); 4] = [(3_600, 25), (6 * 3_600, 20), (86_400, 12), (2 * 86_400, 6)];

/// The heat of an event, from 10 to 100: `first` has the time of the first report of each provider,
/// in seconds since 1970 and in whatever order. Pure.
pub fn derived(first: impl IntoIterator<Item = i64>) -> i64 {
    let mut times: Vec<i64> = first.into_iter().collect();
    times.sort_unstable();
    let begin = times.first().copied().unwrap_or(0);
    // In thousandths, so that a small share of what is left still counts.
    let left = times
        .iter()
        .skip(1)
        .fold((100 - ALONE) * 1_000, |left, time| {
            let after = time.saturating_sub(begin);
            let share = SHARES.iter().find(|(within, _)| after <= *within);
            left - left * share.map_or(0, |(_, share)| *share) / 100
        });
    100 - (left + 500) / 1_000
}

#[cfg(test)]
mod tests {
    use super::derived;

    const HOUR: i64 = 3_600;

    #[test]
    fn many_providers_and_fast_ones_make_heat() {
        assert_eq!(derived([]), 10);
        assert_eq!(derived([7]), 10);
        assert_eq!(derived([7, 7]), 32);
        assert_eq!(derived([0, 5 * HOUR]), 28);
        assert_eq!(derived((0..20).map(|minute| minute * 60)), 100);
        let fast = derived([0, HOUR, 2 * HOUR, 3 * HOUR]);
        assert!(fast > derived([0, HOUR, 20 * HOUR, 30 * HOUR]));
    }

    #[test]
    fn a_further_report_never_cools_and_a_late_one_changes_nothing() {
        let mut times = vec![0];
        for hours in [1, 1, 3, 9, 30, 47] {
            let before = derived(times.clone());
            times.insert(0, hours * HOUR);
            assert!(derived(times.clone()) >= before);
        }
        let before = derived(times.clone());
        times.push(49 * HOUR);
        assert_eq!(derived(times), before);
    }

    #[test]
    fn no_times_are_too_odd() {
        assert_eq!(derived([i64::MIN, i64::MAX]), 10);
    }
}
