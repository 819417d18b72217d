//! Colours, and whether text in them can be read.

/// Red, green and blue of sRGB.
pub type Rgb = [u8; 3];

/// Reads `#rrggbb`.
pub fn parse(hex: &str) -> Option<Rgb> {
    let number = u32::from_str_radix(hex.strip_prefix('#')?, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// The contrast of two colours, from 1 to 21 (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>).
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance([red, green, blue]: Rgb) -> f64 {
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// Undoes the gamma of sRGB by a polynomial of third degree (error below 0.002): unlike powers, it
/// is the same on every machine.
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
            let exact = if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            };
            assert!((linear(channel) - exact).abs() < 0.002, "{channel}");
        }
    }

    #[test]
    fn black_on_white_has_most() {
        let of = |a: &str, b: &str| {
            (contrast(parse(a).unwrap(), parse(b).unwrap()) * 10.0).round() / 10.0
        };
        assert_eq!(
            (
                of("#000000", "#ffffff"),
                of("#ffffff", "#000000"),
                of("#8a1c1c", "#8a1c1c")
            ),
            (21.0, 21.0, 1.0)
        );
        assert_eq!(of("#767676", "#ffffff"), 4.5);
    }
}
