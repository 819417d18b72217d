//! The colours of the theme that settings may change.

use super::Theme;

/// What links have in the light and in the dark: `style.css` makes it of the accent, this is that
/// of its own one.
pub const LINK: (&str, &str) = ("#902920", "#f7a599");
const PAPER: (&str, &str) = ("#fcfaf5", "#16181b");

/// Name, and what `style.css` has in the light and in the dark.
const COLORS: [(&str, (&str, &str)); 7] = [
    ("paper", PAPER),
    ("sheet", ("#f4f1ea", "#212326")),
    ("ink", ("#1e1a16", "#e7e4df")),
    ("soft", ("#514c46", "#b4b1aa")),
    ("seen", ("#585264", "#a7a1b5")),
    ("hair", ("#dad5cd", "#36393d")),
    ("link", LINK),
];

/// The names of all.
pub(super) fn names() -> [&'static str; 7] {
    COLORS.map(|(name, _)| name)
}

impl Theme {
    /// The ground of all pages, in the light and in the dark, as `#rrggbb`.
    pub fn paper(&self) -> (&str, &str) {
        self.color("paper").unwrap_or(PAPER)
    }

    /// A colour in the light and in the dark, as `#rrggbb`. None if the theme has none of that
    /// name, or makes it of another accent than its own.
    pub fn color(&self, name: &str) -> Option<(&str, &str)> {
        if let Some((light, dark)) = self.colors.get(name) {
            return Some((light, dark));
        }
        let is_made = name == "link" && self.accent.is_some();
        COLORS
            .into_iter()
            .find(|(known, _)| *known == name && !is_made)
            .map(|(_, color)| color)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A colour of `style.css`, from OKLCH
    /// (<https://www.w3.org/TR/css-color-4/#color-conversion-code>).
    fn oklch(lightness: f64, chroma: f64, hue: f64) -> String {
        let (a, b) = (
            chroma * hue.to_radians().cos(),
            chroma * hue.to_radians().sin(),
        );
        let cube = |x: f64, y: f64| (lightness + x * a + y * b).powi(3);
        let [l, m, s] = [
            cube(0.396_337_777_4, 0.215_803_757_3),
            cube(-0.105_561_345_8, -0.063_854_172_8),
            cube(-0.089_484_177_5, -1.291_485_548),
        ];
        let linear = [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
        ];
        let channel = |x: f64| {
            if x <= 0.003_130_8 {
                12.92 * x
            } else {
                1.055 * x.powf(1.0 / 2.4) - 0.055
            }
        };
        linear.iter().fold("#".to_owned(), |hex, x| {
            hex + &format!("{:02x}", (255.0 * channel(*x)).round() as u8)
        })
    }

    #[test]
    fn the_colors_are_those_of_the_style_sheet() {
        let sheet = include_str!("../../static/style.css");
        for (name, (light, dark)) in COLORS.into_iter().filter(|(name, _)| *name != "link") {
            let start = format!("--{name}: light-dark(");
            let rule = &sheet[sheet.find(&start).unwrap() + start.len()..];
            let numbers = rule[..rule.find(';').unwrap()]
                .replace("oklch", "")
                .replace(['(', ')', ','], " ");
            let numbers: Vec<f64> = numbers
                .split_whitespace()
                .map(|number| number.parse().unwrap())
                .collect();
            let found: Vec<String> = numbers
                .chunks(3)
                .map(|of| oklch(of[0], of[1], of[2]))
                .collect();
            assert_eq!(found, [light, dark], "{name}");
        }
        // Those of links are bounds on an accent: `.44` and `.8 .1`.
        assert_eq!(
            (oklch(0.44, 0.14, 29.0), oklch(0.8, 0.1, 29.0)),
            (LINK.0.to_owned(), LINK.1.to_owned())
        );
    }
}
