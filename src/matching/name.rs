//! A name in the forms in which it is compared with another.

use super::brackets::{is_closing, is_opening};
use super::credit::without_credits;
use super::fold::{Folded, is_too_long};
use super::name_kind::NameKind;
use super::part_words::Part;
use super::shortened::{Drops, Shortened, shortened};
use super::wording::wording;
use crate::query::Level;

/// A name in the forms in which it is compared.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name, and the name without some of its parts.
    forms: Vec<Form>,
    /// `Frank Sinatra` for the artist `Sinatra, Frank`.
    swapped: Option<Folded>,
    /// True if a part in parentheses or after a dash names neither an edition nor another recording.
    pub has_aside: bool,
}

/// A name without the parts that were dropped from it.
#[derive(Clone, Debug)]
struct Form {
    exact: Folded,
    wording: Folded,
    dropped: Part,
}

impl Name {
    /// Returns the forms of a name, or `None` if nothing of it can be compared.
    pub fn new(text: &str, kind: NameKind, drops: Drops) -> Option<Self> {
        if is_too_long(text) {
            return None;
        }
        let text = text.trim();
        let rest = if kind == NameKind::Other { text.into() } else { without_credits(text) };
        let has_credit = rest.len() < text.len();
        let dropped = if has_credit { Part::CREDIT } else { Part::NOTHING };
        let shortened = shortened(&rest, dropped, kind, drops);
        let has_aside = shortened.iter().any(|form| form.has_aside);
        let whole = Shortened { text, dropped: Part::NOTHING, has_aside: false };
        let all = has_credit.then_some(whole).into_iter().chain(shortened);
        let forms: Vec<Form> =
            all.filter_map(|form| Form::new(form.text, kind, form.dropped)).collect();
        let swapped = match text.split_once(',') {
            Some((last, first)) if kind == NameKind::Artist && !first.contains(',') => {
                wording(&format!("{first} {last}"), true)
            }
            _ => None,
        };
        (!forms.is_empty()).then_some(Self { forms, swapped, has_aside })
    }

    /// Returns the forms of a name that is asked for, which may have two sides: `Hello / Goodbye`.
    pub fn with_sides(text: &str, kind: NameKind, drops: Drops) -> Option<Self> {
        let mut name = Self::new(text, kind, drops)?;
        if drops == Drops::Any && text.contains('/') && kind != NameKind::Artist {
            let without_brackets = without_brackets(text);
            let sides = without_brackets.split('/').map(str::trim);
            let sides = sides.filter(|side| side.chars().nth(2).is_some());
            name.forms.extend(sides.filter_map(|side| Form::new(side, kind, Part::SUBTITLE)));
        }
        Some(name)
    }

    /// Compares the name that was asked for with one of the catalogue. Returns the closest level at which
    /// they are equal.
    pub fn level(&self, other: &Self) -> Option<Level> {
        let words = other.forms.first().map(|form| &form.wording);
        let swapped = self.swapped.as_ref().zip(words).filter(|(own, other)| own.equals(other));
        let swapped = swapped.map(|_| Level::Wording);
        let pairs =
            self.forms.iter().flat_map(|own| other.forms.iter().map(move |form| (own, form)));
        pairs.filter_map(|(own, other)| own.level(other)).chain(swapped).min()
    }

    /// Returns the words of the whole name, in one spelling.
    pub fn words(&self) -> &str {
        self.forms.first().map_or("", |form| form.wording.spaced())
    }

    /// Returns true if the whole names have the same letters: `*NSYNC` and `N Sync`.
    pub fn equals_without_spaces(&self, other: &Self) -> bool {
        let forms = self.forms.first().zip(other.forms.first());
        forms.is_some_and(|(own, other)| own.wording.equals_without_spaces(&other.wording))
    }

    /// Returns the letters of the name in each spelling, also without the parts that name an edition.
    pub fn letters(&self) -> impl Iterator<Item = String> {
        let known =
            |form: &&Form| form.dropped.level <= Level::Edition && form.dropped.versions == 0;
        let forms = self.forms.iter().filter(known);
        forms.flat_map(|form| [form.wording.letters(), form.exact.letters()].into_iter().flatten())
    }
}

impl Form {
    fn new(text: &str, kind: NameKind, dropped: Part) -> Option<Self> {
        let exact = Folded::new(text)?;
        let wording = wording(text, kind == NameKind::Artist).unwrap_or_else(|| exact.clone());
        Some(Self { exact, wording, dropped })
    }

    fn level(&self, other: &Self) -> Option<Level> {
        let level = if self.exact.equals(&other.exact) {
            Level::Exact
        } else if self.wording.equals(&other.wording) {
            Level::Wording
        } else if self.wording.equals_without_spaces(&other.wording) {
            // `Slowdancing` and `Slow Dancing`, but also `Therapist` and `The Rapist`.
            Level::Subtitle
        } else {
            return None;
        };
        Some(self.dropped.level_with(other.dropped)?.max(level))
    }
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0;
    let mut is_outside = |char: &char| {
        depth += i32::from(is_opening(*char));
        let is_outside = depth == 0;
        depth -= i32::from(is_closing(*char) && depth > 0);
        is_outside
    };
    text.chars().filter(|char| is_outside(char)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_level(kind: NameKind, expected: Option<Level>, pairs: &[(&str, &str)]) {
        for (asked, other) in pairs {
            let name = Name::with_sides(asked, kind, Drops::Any).unwrap();
            let found = Name::new(other, kind, Drops::Any).unwrap();
            assert_eq!(name.level(&found), expected, "{asked} and {other}");
        }
    }

    #[test]
    fn titles() {
        let title = |expected, pairs: &[_]| assert_level(NameKind::Song, expected, pairs);
        title(
            Some(Level::Exact),
            &[("yesterday", "Yesterday"), ("The The", "The The"), ("A", "a")],
        );
        title(
            Some(Level::Wording),
            &[
                ("Crazy in Love", "Crazy in Love (feat. Jay-Z)"),
                ("Crazy in Love feat. Jay-Z", "Crazy In Love"),
                ("Everlong (Acoustic)", "Everlong [acoustic] (feat. X)"),
                ("Yesterday - Live", "Yesterday (Live) ft. X"),
                ("Ocean - DubVision Remix", "Ocean (feat. Khalid) - DubVision Remix"),
            ],
        );
        title(
            Some(Level::Edition),
            &[
                ("Yesterday", "Yesterday - Remastered 2009"),
                ("Yesterday - Mono", "Yesterday - Remastered 2009"),
                ("Iron Man", "Iron Man - 2012 - Remaster"),
                ("She Loves You", "She Loves You - Mono Version / Remastered 2009"),
                ("Lose Yourself", "Lose Yourself - From \"8 Mile\" Soundtrack"),
                ("Everlong (Acoustic)", "Everlong - Acoustic Version"),
                ("Dont Stop Believin", "Don't Stop Believin' (2022 Remaster)"),
                ("Bad", "Bad 25th Anniversary"),
                ("Sadeness", "Sadeness Part 1"),
                ("What'd I Say", "What'd I Say, Pt. 1 & 2"),
            ],
        );
        title(
            Some(Level::Subtitle),
            &[
                ("Rocket Man", "Rocket Man (I Think It's Going To Be A Long, Long Time)"),
                ("Satisfaction", "(I Can't Get No) Satisfaction - Mono Version"),
                ("B.O.B.", "B.O.B. - Bombs Over Baghdad"),
                ("Free Fallin' (Live)", "Free Fallin' - Live at the Nokia Theatre"),
                ("Homeless", "Homeless (with Ladysmith Black Mambazo)"),
                ("Hello / Goodbye (Mono)", "Goodbye"),
                ("Slowdancing", "Slow Dancing"),
                ("봄날", "Spring Day 봄날"),
            ],
        );
        title(
            Some(Level::Version),
            &[
                ("Yesterday", "Yesterday - Live"),
                ("Yesterday - Live", "Yesterday - Remastered 2009"),
                ("Ocean", "Ocean (feat. Khalid) - DubVision Remix"),
                ("Lonely", "Lonely - Audien Mix"),
                ("Love", "Love (Japanese ver.)"),
                ("1989", "1989 (Taylor's Version)"),
                ("Everlong - Live", "Everlong - Acoustic Version"),
            ],
        );
        title(
            None,
            &[
                ("Yesterday", "Yesterday Once More"),
                ("Symphony No. 5: Allegro", "Symphony No. 5: Andante"),
                ("Lonely (Alice Remix)", "Lonely (Bob Remix)"),
                ("Brick, Pt. 1", "Brick, Pt. 2"),
                ("Live", "Live and Let Die"),
                ("Monday, Monday", "Monday"),
            ],
        );
    }

    #[test]
    fn albums_have_no_subtitle_after_a_colon_and_other_items_no_parts() {
        let pairs = [("Kind", "Kind: Blue")];
        assert_level(NameKind::Song, Some(Level::Subtitle), &pairs);
        assert_level(NameKind::Album, None, &pairs);
        let pairs = [("muse", "Muse — Madness"), ("Talk", "Talk (feat. X)")];
        assert_level(NameKind::Other, None, &pairs);
        assert_level(NameKind::Other, Some(Level::Wording), &[("daily", "The Daily")]);
    }

    #[test]
    fn drops_only_the_parts_that_it_may() {
        let level = |drops, asked, other| {
            let found = Name::new(other, NameKind::Song, Drops::Any).unwrap();
            Name::new(asked, NameKind::Song, drops).unwrap().level(&found)
        };
        for (asked, in_parentheses, known) in [
            ("Creep - Remastered", Some(Level::Edition), Some(Level::Edition)),
            ("Creep (Live) [Mono]", Some(Level::Version), Some(Level::Version)),
            ("Creep (Radiohead)", Some(Level::Subtitle), None),
            ("Creep - Radiohead", None, None),
            ("Creep 椎名林檎", None, None),
        ] {
            assert_eq!(level(Drops::InParentheses, asked, "Creep"), in_parentheses, "{asked}");
            assert_eq!(level(Drops::Known, asked, "Creep"), known, "{asked}");
        }
    }

    #[test]
    fn artists() {
        let artist = |expected, pairs: &[_]| assert_level(NameKind::Artist, expected, pairs);
        let exact = [("Tyler the Creator", "Tyler, The Creator"), ("!!!", "!!!")];
        artist(Some(Level::Exact), &exact);
        artist(
            Some(Level::Wording),
            &[("Sinatra, Frank", "Frank Sinatra"), ("Guns and Roses", "Guns N' Roses")],
        );
        artist(
            Some(Level::Edition),
            &[("Eagles (band)", "Eagles"), ("Steve Miller", "Steve Miller Band")],
        );
        artist(Some(Level::Subtitle), &[("imugi", "imugi 이무기"), ("Seal (2)", "Seal")]);
        artist(None, &[("Frank, Sinatra, Jr", "Frank Sinatra")]);
        assert_level(NameKind::Song, None, &[("Sinatra, Frank", "Frank Sinatra")]);
    }
}
