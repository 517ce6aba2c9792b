//! Durations as text: in messages, and as arguments.

use std::time::Duration;

/// The longest wait or timeout: a year. Longer ones are shortened, so that a deadline can be computed.
pub const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// Returns the duration in seconds, rounded up.
pub fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

/// Returns the duration in at most two units, rounded up: `5 h 42 min`, `1 min 5 s`, `1.5 s`.
pub fn readable(duration: Duration) -> String {
    let seconds = whole_seconds(duration);
    let (large, small, large_unit, small_unit) = match seconds {
        0..10 if duration.subsec_nanos() > 0 => return fraction(duration),
        0..60 => return format!("{seconds} s"),
        60..3_600 => (seconds / 60, seconds % 60, "min", "s"),
        3_600..86_400 => {
            let minutes = seconds.div_ceil(60);
            (minutes / 60, minutes % 60, "h", "min")
        }
        _ => {
            let hours = seconds.div_ceil(3_600);
            (hours / 24, hours % 24, "d", "h")
        }
    };
    match small {
        0 => format!("{large} {large_unit}"),
        _ => format!("{large} {large_unit} {small} {small_unit}"),
    }
}

/// Parses a number with a unit: `90s`, `1.5m`, `12h`, `7d`. A number alone is seconds. Returns `None`
/// for anything else, and for more than [`LONGEST`].
#[cfg(feature = "cli")]
pub fn parse(text: &str) -> Option<Duration> {
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

/// Returns the duration as [`parse`] reads it, in the largest unit that needs no fraction: `6h`.
#[cfg(feature = "cli")]
pub fn argument(duration: Duration) -> String {
    let seconds = whole_seconds(duration);
    match seconds {
        0 => "0s".into(),
        _ if seconds.is_multiple_of(86_400) => format!("{}d", seconds / 86_400),
        _ if seconds.is_multiple_of(3_600) => format!("{}h", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// Less than ten seconds, with one decimal, or in milliseconds below a tenth of a second.
fn fraction(duration: Duration) -> String {
    if duration < Duration::from_millis(100) {
        return format!("{} ms", duration.as_micros().div_ceil(1_000));
    }
    let tenths = duration.as_millis().div_ceil(100);
    match tenths % 10 {
        0 => format!("{} s", tenths / 10),
        tenth => format!("{}.{tenth} s", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_two_largest_units() {
        let text = |seconds| readable(Duration::from_secs(seconds));
        assert_eq!(text(0), "0 s");
        assert_eq!(text(59), "59 s");
        assert_eq!(text(60), "1 min");
        assert_eq!(text(65), "1 min 5 s");
        assert_eq!(text(3_600), "1 h");
        assert_eq!(text(20_520), "5 h 42 min");
        assert_eq!(text(20_521), "5 h 43 min");
        assert_eq!(text(86_399), "24 h");
        assert_eq!(text(90_000), "1 d 1 h");
        assert!(text(u64::MAX).ends_with(" h"));
    }

    #[cfg(feature = "cli")]
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
            assert_eq!(parse(text), Some(Duration::from_secs_f64(seconds)), "{text}");
        }
        for text in [
            "", "x", "h", "+1h", "-1h", " 1h", "1 h", "1H", "1hé", "1e3", "nan", "inf", "366d", ".",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in ["0s", "7d", "6h", "90s", "61m"] {
            assert_eq!(argument(parse(text).unwrap()), text);
        }
    }

    #[test]
    fn shows_fractions_of_short_durations() {
        let text = |millis| readable(Duration::from_millis(millis));
        assert_eq!(text(1_410), "1.5 s");
        assert_eq!(text(10), "10 ms");
        assert_eq!(text(100), "0.1 s");
        assert_eq!(text(1_999), "2 s");
        assert_eq!(text(9_960), "10 s");
    }
}
