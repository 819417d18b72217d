//! `SECURITY.md` names the tests that hold its promises: they exist.

use std::fs;
use std::path::Path;

#[test]
fn the_tests_that_hold_the_promises_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let mut file = String::new();
    let mut tests = 0;
    // What stands in code spans: files, and behind them the names of their tests.
    let spans = page.split('`').skip(1).step_by(2);
    for span in spans {
        if span.starts_with("tests/") {
            assert!(root.join(span).exists(), "{span}");
            file = fs::read_to_string(root.join(span)).unwrap_or_default();
        } else if span.contains('_') && span.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            let is_test = file.contains(&format!("fn {span}()"));
            tests += usize::from(is_test);
            assert!(
                is_test || ["_headers", "_redirects"].contains(&span),
                "{span}"
            );
        }
    }
    assert!(tests > 10, "{tests} tests are named");
}
