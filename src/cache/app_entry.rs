//! The cache entry of one app: token, page size and cooldown, each with its expiry time. The current
//! time is passed in, so tests don't have to wait.

use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// A token is not used in the last minute before it expires, so that it does not expire on the way.
pub(crate) const TOKEN_MARGIN: Duration = Duration::from_secs(60);
/// The page size is learned again after a week: the app may have got Extended Quota.
const PAGE_SIZE_LIFETIME: Duration = Duration::from_secs(7 * 86_400);
/// The longest cooldown that is stored. Spotify's daily quotas ask for less than a day; a wrong
/// header must not block an app for longer.
const MAX_COOLDOWN: Duration = Duration::from_secs(2 * 86_400);

/// The cache entry of one app. Times are seconds since the Unix epoch.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct AppEntry {
    token: Option<TokenEntry>,
    page_size: Option<PageSizeEntry>,
    cooldown: Option<CooldownEntry>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct TokenEntry {
    #[serde(serialize_with = "serialize_secret")]
    text: SecretString,
    usable_until: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct PageSizeEntry {
    size: u16,
    learned: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct CooldownEntry {
    set: u64,
    until: u64,
}

/// Serializes the token in clear text. Used for the cache file only.
fn serialize_secret<S: Serializer>(
    secret: &SecretString,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl AppEntry {
    /// Returns the token and how long it may still be used.
    pub fn token(&self, now: SystemTime) -> Option<(&SecretString, Duration)> {
        let token = self.token.as_ref()?;
        let remaining = remaining(token.usable_until, now)?;
        Some((&token.text, remaining))
    }

    pub fn set_token(&mut self, text: SecretString, lifetime: Duration, now: SystemTime) {
        let usable_until = unix_seconds(now).saturating_add(usable_lifetime(lifetime).as_secs());
        self.token = Some(TokenEntry { text, usable_until });
    }

    /// Returns the page size, if it was learned within the last week.
    pub fn page_size(&self, now: SystemTime) -> Option<u16> {
        let PageSizeEntry { size, learned } = self.page_size?;
        let age = unix_seconds(now).checked_sub(learned)?;
        (age < PAGE_SIZE_LIFETIME.as_secs()).then_some(size)
    }

    pub fn set_page_size(&mut self, size: u16, now: SystemTime) {
        self.page_size = Some(PageSizeEntry { size, learned: unix_seconds(now) });
    }

    /// Returns the remaining cooldown. One that was set in the future or is too long was stored while the
    /// clock was wrong, and is ignored.
    pub fn cooldown(&self, now: SystemTime) -> Option<Duration> {
        let CooldownEntry { set, until } = self.cooldown?;
        let remaining = remaining(until, now)?;
        (set <= unix_seconds(now) && remaining <= MAX_COOLDOWN + Duration::from_secs(1))
            .then_some(remaining)
    }

    /// Stores a cooldown, unless a longer one is stored.
    pub fn set_cooldown(&mut self, wait: Duration, now: SystemTime) {
        if self.cooldown(now).is_none_or(|known| known < wait) {
            // Rounded up to the end of the second: a request sent early would be refused.
            let until = unix_seconds(now + wait.min(MAX_COOLDOWN)) + 1;
            self.cooldown = Some(CooldownEntry { set: unix_seconds(now), until });
        }
    }
}

/// Returns how long a token is used: until a minute before it expires, but at least half its lifetime.
pub(crate) fn usable_lifetime(lifetime: Duration) -> Duration {
    lifetime.saturating_sub((lifetime / 2).min(TOKEN_MARGIN))
}

/// Returns the time from `now` to `end`, or `None` if it has passed.
fn remaining(end: u64, now: SystemTime) -> Option<Duration> {
    let seconds = end.checked_sub(unix_seconds(now)).filter(|seconds| *seconds > 0)?;
    Some(Duration::from_secs(seconds))
}

fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn token_is_usable_until_a_minute_before_it_expires() {
        let remaining = |lifetime, age: u64| {
            let mut entry = AppEntry::default();
            entry.set_token("t".into(), Duration::from_secs(lifetime), at(1_000));
            entry.token(at(1_000 + age)).map(|(_, remaining)| remaining.as_secs())
        };
        assert_eq!(remaining(3_600, 0), Some(3_540));
        assert_eq!(remaining(3_600, 3_539), Some(1));
        assert_eq!(remaining(3_600, 3_540), None);
        assert_eq!(remaining(3_600, 5_000), None);
        assert_eq!(remaining(100, 0), Some(50), "half its lifetime");
        assert_eq!(remaining(1, 0), None);
    }

    #[test]
    fn page_size_is_valid_for_a_week() {
        let mut entry = AppEntry::default();
        entry.set_page_size(10, at(1_000));
        assert_eq!(entry.page_size(at(1_000 + 604_799)), Some(10));
        assert_eq!(entry.page_size(at(1_000 + 604_800)), None);
        assert_eq!(entry.page_size(at(999)), None, "the clock was set back");
    }

    #[test]
    fn cooldown_ends_and_is_bounded() {
        let mut entry = AppEntry::default();
        let remaining = |entry: &AppEntry, now| entry.cooldown(at(now)).map(|wait| wait.as_secs());
        entry.set_cooldown(Duration::from_secs(5_000), at(1_000));
        entry.set_cooldown(Duration::from_secs(5), at(1_000));
        assert_eq!(remaining(&entry, 1_000), Some(5_001));
        assert_eq!(remaining(&entry, 6_000), Some(1));
        assert_eq!(remaining(&entry, 6_001), None);
        entry.set_cooldown(Duration::MAX, at(10_000));
        assert_eq!(remaining(&entry, 10_000), Some(2 * 86_400 + 1));
    }

    #[test]
    fn cooldown_stored_while_the_clock_was_wrong_is_ignored() {
        let mut entry = AppEntry::default();
        entry.set_cooldown(Duration::from_secs(5_000), at(1_000_000));
        assert_eq!(entry.cooldown(at(1_000)), None);
        assert_eq!(entry.cooldown(at(999_999)), None, "the clock was a second ahead");
        assert!(entry.cooldown(at(1_000_000)).is_some());
    }
}
