//! A name in the forms in which it is compared with another.

use super::credit::without_credit;
use super::fold::Folded;
use super::marks::is_opening;
use super::part::Part;
use super::shortened::{Drops, shortened};
use super::wording::wording;
use crate::query::{ItemType, Level};

/// A name in the forms in which it is compared.
#[derive(Clone, Debug)]
pub struct Name {
    item_type: ItemType,
    /// The name, and the name without some of its parts.
    forms: Vec<Form>,
    /// True if a part names neither an edition nor another recording.
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
    pub fn new(text: &str, item_type: ItemType, drops: Drops) -> Option<Self> {
        let mut name = Self { item_type, forms: Vec::new(), has_aside: false };
        name.push(text, Part::NOTHING);
        if name.forms.is_empty() {
            return None;
        }
        if matches!(item_type, ItemType::Artist | ItemType::Album | ItemType::Track) {
            name.push_shortened(text, drops);
        }
        if item_type == ItemType::Artist
            && let [last, first] = text.split(',').collect::<Vec<_>>()[..]
        {
            name.push(&[first, last].join(" "), Part::WORDING);
        }
        Some(name)
    }

    /// Adds the name without its credits, without its last part, without its last two parts and so on. At
    /// last, each side of `Hello / Goodbye`, and the words in one script of `Spring Day 봄날`.
    fn push_shortened(&mut self, text: &str, drops: Drops) {
        let without_credit = without_credit(text).filter(|_| drops != Drops::Known);
        let (mut rest, mut dropped) = (text.trim(), Part::NOTHING);
        if let Some(without_credit) = &without_credit {
            (rest, dropped) = (without_credit, Part::WORDING);
            self.push(rest, dropped);
        }
        for (shorter, part) in shortened(rest, self.item_type, drops) {
            self.has_aside |= part.level == Level::Subtitle;
            (rest, dropped) = (shorter, dropped.and(part));
            self.push(rest, dropped);
        }
        if drops == Drops::Any && !rest.is_ascii() {
            let is_latin_letter = |char: char| char.is_alphabetic() && char < '\u{250}';
            let is_latin = |word: &&str| word.contains(is_latin_letter);
            let (latin, others): (Vec<&str>, Vec<&str>) = rest.split(' ').partition(is_latin);
            self.push(&latin.join(" "), Part::SUBTITLE);
            self.push(&others.join(" "), Part::SUBTITLE);
        }
    }

    /// Adds the sides of a name such as `Hello / Goodbye`, of which one may be a name in the catalogue.
    pub fn with_sides(mut self, text: &str) -> Self {
        let outside = text.split(is_opening).next().unwrap_or_default();
        if self.item_type != ItemType::Artist && outside.contains('/') {
            for side in outside.split('/').filter(|side| side.trim().chars().nth(2).is_some()) {
                self.push(side, Part::SUBTITLE);
            }
        }
        self
    }

    fn push(&mut self, text: &str, dropped: Part) {
        let wording = wording(text, self.item_type == ItemType::Artist);
        let form = Folded::new(text).zip(wording);
        self.forms.extend(form.map(|(exact, wording)| Form { exact, wording, dropped }));
    }

    /// Compares the name that was asked for with one of the catalogue. Returns the closest level at which
    /// they are equal.
    pub fn level(&self, other: &Self) -> Option<Level> {
        let levels = |own: &Form| other.forms.iter().filter_map(|other| own.level(other)).min();
        self.forms.iter().filter_map(levels).min()
    }
}

impl Form {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_level(item_type: ItemType, expected: Option<Level>, pairs: &[(&str, &str)]) {
        for (asked, other) in pairs {
            let name = Name::new(asked, item_type, Drops::Any).unwrap().with_sides(asked);
            let found = Name::new(other, item_type, Drops::Any).unwrap();
            assert_eq!(name.level(&found), expected, "{asked} and {other}");
        }
    }

    #[test]
    fn titles() {
        let title = |expected, pairs: &[_]| assert_level(ItemType::Track, expected, pairs);
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
        assert_level(ItemType::Track, Some(Level::Subtitle), &pairs);
        assert_level(ItemType::Album, None, &pairs);
        let pairs = [("muse", "Muse — Madness"), ("Talk", "Talk (feat. X)")];
        assert_level(ItemType::Playlist, None, &pairs);
        assert_level(ItemType::Playlist, Some(Level::Wording), &[("daily", "The Daily")]);
    }

    #[test]
    fn drops_only_the_parts_that_it_may() {
        let level = |drops, asked, other| {
            let found = Name::new(other, ItemType::Track, Drops::Any).unwrap();
            Name::new(asked, ItemType::Track, drops).unwrap().level(&found)
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
        let artist = |expected, pairs: &[_]| assert_level(ItemType::Artist, expected, pairs);
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
        assert_level(ItemType::Track, None, &[("Sinatra, Frank", "Frank Sinatra")]);
    }
}
