//! Shades of the accent colour for emails, whose programs know no colour functions: hex numbers that can be read.

/// The links of the default theme, on a light ground and on a dark one.
const LINKS: (&str, &str) = ("#902920", "#f7a599");
/// The ground of emails: light and dark.
const PAPER: [u8; 3] = [0xfc, 0xfa, 0xf5];
const NIGHT: [u8; 3] = [0x16, 0x18, 0x1b];
/// Contrast of text (WCAG 2.2, 1.4.6).
const READABLE: f64 = 7.0;

/// The accent on a light ground and on a dark one, as `#rrggbb`: as it is where it can be read, else mixed with black or
/// white.
pub(super) fn of(accent: Option<&str>) -> (String, String) {
    let Some(accent) = accent.and_then(parse) else {
        return (LINKS.0.to_owned(), LINKS.1.to_owned());
    };
    (readable(accent, PAPER, [0; 3]), readable(accent, NIGHT, [255; 3]))
}

fn parse(hex: &str) -> Option<[u8; 3]> {
    let number = u32::from_str_radix(hex.strip_prefix('#')?, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

fn readable(colour: [u8; 3], ground: [u8; 3], end: [u8; 3]) -> String {
    let mixed = |share: u16| {
        let mix = |at: usize| {
            let (from, to) = (u16::from(colour[at]), u16::from(end[at]));
            u8::try_from((from * (20 - share) + to * share) / 20).unwrap_or(u8::MAX)
        };
        [mix(0), mix(1), mix(2)]
    };
    let shades = (0..=20).map(mixed);
    let [red, green, blue] = shades.into_iter().find(|shade| contrast(*shade, ground) >= READABLE).unwrap_or(end);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// WCAG's contrast ratio.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// Undoes the gamma of sRGB by a polynomial of third degree (error below 0.002): unlike powers, it is the same on every
/// machine.
fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    value * (value * (value * 0.305_306_011 + 0.682_171_111) + 0.012_522_878)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_polynomial_is_close_to_the_curve() {
        for channel in 0..=255u8 {
            let value = f64::from(channel) / 255.0;
            let exact = if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
            assert!((linear(channel) - exact).abs() < 0.002, "{channel}");
        }
    }

    #[test]
    fn every_accent_can_be_read() {
        let accents = ["#000000", "#ffffff", "#ffee00", "#112233", "#8a1c1c", "#7f7f7f"];
        for accent in accents.map(Some).into_iter().chain([None]) {
            let (light, dark) = of(accent);
            assert!(contrast(parse(&light).unwrap(), PAPER) >= READABLE, "{accent:?}: {light}");
            assert!(contrast(parse(&dark).unwrap(), NIGHT) >= READABLE, "{accent:?}: {dark}");
        }
        assert_eq!(of(Some("#8a1c1c")).0, "#8a1c1c", "what can be read stays as it is");
    }
}
