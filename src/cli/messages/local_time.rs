//! The time of day in the local time zone.

use std::env;
use std::time::Duration;

use tz::{DateTime, TimeZone, TimeZoneRef, UtcDateTime};

/// Returns the local time after a wait, rounded up to the minute: `19:42`, or with the date if that
/// is not today. Returns `None` if the time is too far away for a date.
pub fn after(wait: Duration) -> Option<String> {
    time_after(wait, UtcDateTime::now().ok()?, local_zone().as_ref())
}

fn time_after(wait: Duration, now: UtcDateTime, zone: TimeZoneRef) -> Option<String> {
    let time = now.checked_add(wait)?.checked_add(Duration::from_secs(59))?;
    let (time, now) = (time.project(zone).ok()?, now.project(zone).ok()?);
    // tz falls back to UTC on Windows and for unknown zones, so UTC is named.
    let zone = if time.local_time_type().ut_offset() == 0 { " UTC" } else { "" };
    let clock = format!("{:02}:{:02}{zone}", time.hour(), time.minute());
    let date = |time: DateTime| (time.year(), time.month(), time.month_day());
    let (year, month, day) = date(time);
    Some(if date(now) == (year, month, day) {
        clock
    } else {
        format!("{clock} on {year}-{month:02}-{day:02}")
    })
}

/// Returns the zone that `TZ` names, else the system's.
fn local_zone() -> TimeZone {
    let zone = match env::var("TZ") {
        Ok(name) => TimeZone::from_posix_tz(&name),
        Err(_) => TimeZone::local(),
    };
    zone.unwrap_or_else(|_| TimeZone::utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_a_date_unless_it_is_today() {
        let after = |wait, zone: &TimeZone| {
            let noon = UtcDateTime::new(2026, 11, 22, 12, 0, 30, 0).unwrap();
            time_after(Duration::from_secs(wait), noon, zone.as_ref()).unwrap_or_default()
        };
        let zone = TimeZone::fixed(20_700).unwrap();
        insta::assert_snapshot!(after(20_520, &zone), @"23:28");
        insta::assert_snapshot!(after(0, &zone), @"17:46");
        insta::assert_snapshot!(after(80_000, &zone), @"15:59 on 2026-11-23");
        insta::assert_snapshot!(after(40 * 86_400, &zone), @"17:46 on 2027-01-01");
        insta::assert_snapshot!(after(20_520, &TimeZone::utc()), @"17:43 UTC");
        insta::assert_snapshot!(after(u64::MAX, &zone), @"");
    }
}
