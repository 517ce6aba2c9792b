//! A name in the forms in which it is compared with another.

use super::fold::Folded;
use super::name_kind::NameKind;
use super::shortened::{Shortened, shortened};
use super::wording::wording;
use crate::query::Level;

/// A name in the forms in which it is compared.
#[derive(Clone, Debug)]
pub struct Name {
    exact: Folded,
    /// The words of the name, and of the name without some of its parts.
    forms: Vec<Form>,
    /// `Frank Sinatra` for the artist `Sinatra, Frank`.
    swapped: Option<Folded>,
}

/// A folded name, and the parts that were dropped from it.
type Form = (Folded, Shortened);

impl Name {
    /// Returns the forms of a name, or `None` if nothing of it can be compared.
    pub fn new(text: &str, kind: NameKind) -> Option<Self> {
        let exact = Folded::new(text)?;
        let form = |shortened: Shortened| Some((wording(&shortened.text, kind)?, shortened));
        let swapped = match text.split_once(',') {
            Some((last, first)) if kind == NameKind::Artist && !first.contains(',') => {
                wording(&format!("{first} {last}"), kind)
            }
            _ => None,
        };
        let forms = shortened(text, kind).into_iter().filter_map(form).collect();
        Some(Self { exact, forms, swapped })
    }

    /// Returns true if this name is equal to one with a part that it has not as a part itself: `creep
    /// radiohead` and `Creep (Radiohead)`.
    pub fn equals_with_part(&self, other: &Self) -> bool {
        match (&self.forms[..], &other.forms[..]) {
            ([(own, _)], [(other, _), _, ..]) => own.equals(other),
            _ => false,
        }
    }

    /// Compares the name that was asked for with one of the catalogue. Returns the closest level at which
    /// they are equal.
    pub fn level(&self, other: &Self) -> Option<Level> {
        if self.exact.equals(&other.exact) {
            return Some(Level::Exact);
        }
        let (words, _) = other.forms.first()?;
        if self.swapped.as_ref().is_some_and(|swapped| swapped.equals(words)) {
            return Some(Level::Wording);
        }
        let pairs =
            self.forms.iter().flat_map(|own| other.forms.iter().map(move |form| (own, form)));
        pairs.filter_map(|(own, other)| level_of_forms(own, other)).min()
    }
}

fn level_of_forms((own, own_text): &Form, (other, other_text): &Form) -> Option<Level> {
    if own.equals(other) {
        own_text.level_with(other_text)
    } else if own.equals_without_spaces(other) {
        // `Slowdancing` and `Slow Dancing`, but also `Therapist` and `The Rapist`.
        own_text.level_with(other_text).map(|level| level.max(Level::Subtitle))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_level(kind: NameKind, expected: Option<Level>, pairs: &[(&str, &str)]) {
        for (asked, other) in pairs {
            let item_kind = if kind == NameKind::Artist { kind } else { NameKind::Title };
            let (name, found) = (Name::new(asked, kind), Name::new(other, item_kind));
            assert_eq!(name.unwrap().level(&found.unwrap()), expected, "{asked} and {other}");
        }
    }

    #[test]
    fn titles() {
        let title = |expected, pairs: &[_]| assert_level(NameKind::Title, expected, pairs);
        title(
            Some(Level::Exact),
            &[("yesterday", "Yesterday"), ("The The", "The The"), ("A", "a")],
        );
        title(
            Some(Level::Wording),
            &[
                ("Crazy in Love", "Crazy in Love (feat. Jay-Z)"),
                ("Crazy in Love feat. Jay-Z", "Crazy In Love"),
                ("Homeless", "Homeless (with Ladysmith Black Mambazo)"),
                ("Everlong (Acoustic)", "Everlong [acoustic] (feat. X)"),
                ("Yesterday - Live", "Yesterday (Live) ft. X"),
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
                ("Slowdancing", "Slow Dancing"),
                ("봄날", "Spring Day 봄날"),
            ],
        );
        title(
            Some(Level::Version),
            &[
                ("Yesterday", "Yesterday - Live"),
                ("Yesterday - Live", "Yesterday - Remastered 2009"),
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
    fn words_keep_what_follows_a_dash() {
        let pairs = [("Radiohead - Creep", "Radiohead")];
        assert_level(NameKind::Title, Some(Level::Subtitle), &pairs);
        assert_level(NameKind::Words, None, &pairs);
        assert_level(NameKind::Words, Some(Level::Edition), &[("Creep - Remastered", "Creep")]);
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
        assert_level(NameKind::Title, None, &[("Sinatra, Frank", "Frank Sinatra")]);
    }
}
