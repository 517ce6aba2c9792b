//! Durations as arguments: `90s`, `12h`.

use std::time::Duration;

use spotify_search::duration::whole_seconds;

/// The longest duration: a year.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// Parses a number with a unit: `90s`, `1.5m`, `12h`, `7d`. A number alone is seconds. Returns `None`
/// for anything else, and for more than [`LONGEST`].
pub fn parse_duration(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(number) => (number, text.chars().next_back()?),
        None => (text, 's'),
    };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = number.parse().ok().filter(|_| is_number)?;
    let seconds = match unit {
        'm' => 60.0,
        'h' => 3_600.0,
        'd' => 86_400.0,
        _ => 1.0,
    };
    Duration::try_from_secs_f64(number * seconds).ok().filter(|duration| *duration <= LONGEST)
}

/// Returns the duration as [`parse_duration`] reads it, in the largest unit that needs no fraction: `6h`.
pub fn duration_argument(duration: Duration) -> String {
    let seconds = whole_seconds(duration);
    match seconds {
        0 => "0s".into(),
        _ if seconds.is_multiple_of(86_400) => format!("{}d", seconds / 86_400),
        _ if seconds.is_multiple_of(3_600) => format!("{}h", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_a_number_with_or_without_a_unit() {
        for (text, seconds) in [
            ("90s", 90.0),
            ("10m", 600.0),
            ("1.5h", 5_400.0),
            ("7d", 604_800.0),
            ("0.2", 0.2),
            ("60", 60.0),
        ] {
            assert_eq!(parse_duration(text), Some(Duration::from_secs_f64(seconds)), "{text}");
        }
        for text in [
            "", "x", "h", "+1h", "-1h", " 1h", "1 h", "1H", "1hé", "1e3", "nan", "inf", "366d", ".",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
        for text in ["0s", "7d", "6h", "90s", "61m"] {
            assert_eq!(duration_argument(parse_duration(text).unwrap()), text);
        }
    }
}
