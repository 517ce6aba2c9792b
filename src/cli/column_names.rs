//! The names that programs give the columns of an exported list, and what is searched for by them.

use indexmap::IndexMap;
use unicode_normalization::UnicodeNormalization;

/// What a column is searched for as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Name,
    Artist,
    Album,
    Isrc,
    Upc,
    /// The length of a track. Compared, not sent.
    Length,
    Query,
}

/// The known names of each role, separated by commas. Of several columns, the one whose name comes first
/// counts. A name with `*` is also an ordinary word or a number of something else: it counts only beside
/// another known name.
pub const KNOWN: [(Role, &str); 7] = [
    (
        Role::Name,
        "track name, track title, song title, song name, recording title, title, song*, name, track, \
         track description, master metadata track name, titel, titre, título, titolo, nombre*, nom*, \
         canción, canzone, música*, morceau, lied*, название, 曲名, タイトル, 제목, 歌名",
    ),
    (
        Role::Artist,
        "artist name, artist names, artist name 1, track artist, song artist, artist, artists, performer, \
         performing artist, main artist, primary artist, contributing artists, container artist name, \
         master metadata album artist name, band*, singer*, interpret, künstler, artiste, artiest, \
         artista, cantante*, cantor*, исполнитель, アーティスト, 가수, 歌手, album artist",
    ),
    (
        Role::Album,
        "album name, album title, album, release title, master metadata album album name, アルバム, 앨범, \
         альбом",
    ),
    (Role::Isrc, "isrc"),
    (Role::Upc, "upc"),
    (
        Role::Length,
        "duration*, duration ms*, track duration*, track duration ms*, length*, dauer*, durée*, \
         duración*, time*, zeit*",
    ),
    (Role::Query, "query"),
];

/// The columns with a known name.
#[derive(Clone, Debug, Default)]
pub struct KnownColumns {
    /// The column of each role.
    pub roles: IndexMap<Role, usize>,
    /// True if one of them has a name that counts alone.
    pub is_certain: bool,
}

impl KnownColumns {
    /// Finds the columns of a header.
    pub fn find(header: &[String]) -> Self {
        let header: Vec<Option<String>> = header.iter().map(|name| compared(name)).collect();
        let mut found = Self::default();
        for (role, names) in KNOWN {
            let column = names.split(',').find_map(|name| {
                let known = compared(name.trim_end_matches('*'))?;
                let index = header.iter().position(|own| own.as_ref() == Some(&known))?;
                Some((index, !name.ends_with('*')))
            });
            if let Some((index, is_certain)) = column {
                found.roles.insert(role, index);
                found.is_certain |= is_certain;
            }
        }
        found
    }

    /// Returns the number of known names.
    pub fn len(&self) -> usize {
        self.roles.len()
    }
}

/// Returns a name as it is compared: letters and digits in lower case, without accents and `(s)`. A name
/// with `#` is a number: `Track #`.
fn compared(name: &str) -> Option<String> {
    let name = name.to_lowercase().replace("(s)", "");
    let letters: String = name.nfkd().filter(|char| char.is_alphanumeric()).collect();
    (!letters.is_empty() && !name.contains('#')).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_known_name_that_exists_counts() {
        let columns = |header: &str| {
            let header: Vec<String> = header.split(',').map(str::to_owned).collect();
            let column = |role: Role| KnownColumns::find(&header).roles.get(&role).copied();
            (column(Role::Name), column(Role::Artist))
        };
        for (header, expected) in [
            ("Track #,Name,Artists,Album", (Some(1), Some(2))),
            ("Disc,Track,Name,Artist", (Some(2), Some(3))),
            ("Name,Song,Artist", (Some(1), Some(2))),
            ("TRACK_NAME,Artist Name(s)", (Some(0), Some(1))),
            ("Titel,Künstler", (Some(0), Some(1))),
            ("曲名,アーティスト", (Some(0), Some(1))),
            ("제목,가수", (Some(0), Some(1))),
            ("Song 2,Artist Name 1,Artist Name 2", (None, Some(1))),
            ("Album Artist,Artist", (None, Some(1))),
        ] {
            assert_eq!(columns(header), expected, "{header}");
        }
    }
}
