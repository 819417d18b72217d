//! Shades of the accent colour for emails, whose programs know no colour functions: hex numbers
//! that can be read.

use crate::color::{Rgb, contrast, parse};
use crate::config::colors::LINK;

/// The ground of emails: light and dark.
const PAPER: Rgb = [0xfc, 0xfa, 0xf5];
const NIGHT: Rgb = [0x16, 0x18, 0x1b];
/// Contrast of text (WCAG 2.2, 1.4.6).
const READABLE: f64 = 7.0;

/// The accent on a light ground and on a dark one, as `#rrggbb`: as it is where it can be read,
/// else mixed with black or white.
pub(super) fn of(accent: Option<&str>) -> (String, String) {
    let Some(accent) = accent.and_then(parse) else {
        return (LINK.0.to_owned(), LINK.1.to_owned());
    };
    (
        readable(accent, PAPER, [0; 3]),
        readable(accent, NIGHT, [255; 3]),
    )
}

fn readable(colour: Rgb, ground: Rgb, end: Rgb) -> String {
    let mixed = |share: u16| {
        let mix = |at: usize| {
            let (from, to) = (u16::from(colour[at]), u16::from(end[at]));
            u8::try_from((from * (20 - share) + to * share) / 20).unwrap_or(u8::MAX)
        };
        [mix(0), mix(1), mix(2)]
    };
    let shades = (0..=20).map(mixed);
    let [red, green, blue] = shades
        .into_iter()
        .find(|shade| contrast(*shade, ground) >= READABLE)
        .unwrap_or(end);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_can_be_read() {
        let accents = [
            "#000000", "#ffffff", "#ffee00", "#112233", "#8a1c1c", "#7f7f7f",
        ];
        for accent in accents.map(Some).into_iter().chain([None]) {
            let (light, dark) = of(accent);
            assert!(
                contrast(parse(&light).unwrap(), PAPER) >= READABLE,
                "{accent:?}: {light}"
            );
            assert!(
                contrast(parse(&dark).unwrap(), NIGHT) >= READABLE,
                "{accent:?}: {dark}"
            );
        }
        assert_eq!(
            of(Some("#8a1c1c")).0,
            "#8a1c1c",
            "what can be read stays as it is"
        );
    }
}
