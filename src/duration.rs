//! Durations as text, as in the messages of errors.

use std::time::Duration;

/// The longest wait or timeout: a year. Longer ones are shortened, so that a deadline can be computed.
pub(crate) const LONGEST: Duration = Duration::from_secs(365 * 86_400);

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
