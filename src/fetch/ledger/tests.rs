use proptest::prelude::*;

use super::*;
use crate::workspace::Memory;

fn record(time: i64, n: u64, id: &str, decision: Outcome) -> Record {
    let time = Time::from_seconds(1_795_000_000 + time).unwrap();
    Record {
        n,
        source: Some("s".to_owned()),
        url: Some(format!("https://a.example/{id}")),
        hash: Some("h".to_owned()),
        ..Record::new(time, id, decision, "fetch")
    }
}

fn lines(records: &[Record]) -> Vec<u8> {
    let memory = Memory::default();
    append(&memory, "l", records).unwrap();
    memory.read("l/2026-11.jsonl").unwrap()
}

#[test]
fn a_line_is_read_as_it_was_written() {
    let mut one = record(0, 7, "\"é\n\u{2028}", Outcome::Rejected);
    one.reason = Some("an \"old\" story".to_owned());
    let bytes = lines(std::slice::from_ref(&one));
    assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
    assert_eq!(parse("l", &bytes), (1, Vec::new()));
    let memory = Memory::default().with("l/2026-11.jsonl", bytes);
    let (ledger, _) = Ledger::read(&memory, "l", None);
    let item = ledger.item(ItemKey::of(Some("s"), &one.id)).unwrap();
    assert_eq!(ledger.record(&memory, item), Some(one));
}

#[test]
fn a_line_that_is_cut_off_is_reported_and_costs_no_other_line() {
    let all = [
        record(0, 0, "a", Outcome::Queued),
        record(1, 1, "b", Outcome::Queued),
    ];
    let whole = lines(&all);
    for cut in 1..whole.len() {
        let memory = Memory::default().with("l/2026-11.jsonl", &whole[..cut]);
        append(&memory, "l", &[record(2, 2, "c", Outcome::Dropped)]).unwrap();
        let (ledger, problems) = Ledger::read(&memory, "l", None);
        assert!(ledger.item(ItemKey::of(Some("s"), "c")).is_some(), "{cut}");
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap();
        let is_whole = cut == first || cut == first + 1 || cut == whole.len() - 1;
        assert_eq!(problems.len(), usize::from(!is_whole), "{cut}");
        let has_first = ledger.item(ItemKey::of(Some("s"), "a")).is_some();
        assert_eq!(has_first, cut >= first, "{cut}");
    }
}

#[test]
fn later_lines_count_and_a_clock_that_goes_back_does_no_harm() {
    let mut ledger = Ledger::default();
    for (time, decision) in [
        (50, Outcome::Queued),
        (10, Outcome::Published),
        (10, Outcome::Queued),
    ] {
        let noted = ledger.note(record(time, 0, "a", decision));
        assert_eq!(noted.time.seconds(), 1_795_000_050);
        let item = ledger.item(ItemKey::of(Some("s"), "a")).unwrap();
        assert_eq!(item.decision, decision);
    }
}

proptest! {
    #[test]
    fn order_and_doubled_lines_mean_nothing(
        steps in prop::collection::vec((0_i64..3, 0_u64..4, 0_usize..3, 0_usize..3), 1..20),
        seed in any::<u64>(),
    ) {
        const OUTCOMES: [Outcome; 3] =
            [Outcome::Queued, Outcome::Published, Outcome::Duplicate];
        let records: Vec<Record> = steps
            .iter()
            .map(|(time, n, id, decision)| {
                record(*time, *n, ["a", "b", "c"][*id], OUTCOMES[*decision])
            })
            .collect();
        let mut shuffled = records.clone();
        shuffled.extend(records.iter().take(3).cloned());
        shuffled.sort_by_key(|record| {
            let text = serde_json::to_string(record).unwrap();
            Hash128::of(format!("{seed}{text}").as_bytes()).number()
        });
        let none = Memory::default();
        let (one, other) = (Ledger::of(records), Ledger::of(shuffled));
        let seen = |ledger: &Ledger, item: Option<&Item>| {
            item.map(|item| (item.first, item.order(), ledger.record(&none, item)))
        };
        for id in ["a", "b", "c"] {
            let key = ItemKey::of(Some("s"), id);
            prop_assert_eq!(seen(&one, one.item(key)), seen(&other, other.item(key)));
            let story = StoryKey::of(&format!("https://a.example/{id}"));
            let (one_has, other_has) = (one.with_story(story), other.with_story(story));
            prop_assert_eq!(seen(&one, one_has), seen(&other, other_has));
        }
    }

    #[test]
    fn months_that_are_kept_say_the_same(
        steps in prop::collection::vec((0_i64..3, 0_u64..4, 0_usize..4, 0_usize..4), 1..30),
        split in 0_usize..30,
    ) {
        const OUTCOMES: [Outcome; 4] =
            [Outcome::Queued, Outcome::Published, Outcome::Duplicate, Outcome::Dropped];
        let records: Vec<Record> = steps
            .iter()
            .map(|(time, n, id, decision)| {
                let (decision, name) = (OUTCOMES[*decision], ["a", "b", "c", "d"][*id]);
                let mut record = record(*time, *n, name, decision);
                record.url = Some(format!("https://a.example/{}", time % 2 + *id as i64));
                let is_queued = decision == Outcome::Queued;
                record.path = is_queued.then(|| format!("q/{id}.md"));
                record
            })
            .collect();
        let past = &records[..split.min(records.len())];
        let text = |records: &[Record]| {
            let lines: Vec<String> =
                records.iter().map(|it| serde_json::to_string(it).unwrap() + "\n").collect();
            lines.concat()
        };
        let files = Memory::default()
            .with("l/2026-10.jsonl", text(past))
            .with("l/2026-11.jsonl", text(&records[past.len()..]));
        let (ledger, problems) = Ledger::read(&files, "l", None);
        prop_assert_eq!(problems, []);
        let whole = Ledger::of(records);
        let seen = |ledger: &Ledger, item: Option<&Item>| {
            item.map(|item| (item.first, item.order(), ledger.record(&files, item)))
        };
        prop_assert_eq!(ledger.counts(), whole.counts());
        for (number, id) in (0_i64..).zip(["a", "b", "c", "d"]) {
            let key = ItemKey::of(Some("s"), id);
            prop_assert_eq!(seen(&ledger, ledger.item(key)), seen(&whole, whole.item(key)));
            let story = StoryKey::of(&format!("https://a.example/{number}"));
            let has = (ledger.with_story(story), whole.with_story(story));
            prop_assert_eq!(seen(&ledger, has.0), seen(&whole, has.1));
            let has = (ledger.of_source("s", story), whole.of_source("s", story));
            prop_assert_eq!(seen(&ledger, has.0), seen(&whole, has.1));
            let path = format!("q/{number}.md");
            let has = (ledger.with_path(&path), whole.with_path(&path));
            prop_assert_eq!(seen(&ledger, has.0), seen(&whole, has.1));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(parse("l", &bytes));
    }
}

#[test]
fn a_line_may_have_any_number() {
    let bytes = lines(&[record(0, u64::MAX, "a", Outcome::Queued)]);
    let memory = Memory::default().with("l/2026-11.jsonl", bytes);
    let (mut ledger, problems) = Ledger::read(&memory, "l", None);
    assert_eq!(problems, []);
    ledger.note(record(1, 0, "b", Outcome::Queued));
    assert!(ledger.item(ItemKey::of(Some("s"), "b")).is_some());
}
