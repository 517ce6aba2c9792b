//! Fits the columns of a table to a width.

/// The number of spaces between two columns.
pub const GAP: usize = 2;

/// The widths that a column may have.
pub struct Size {
    /// The width of the widest cell.
    pub natural: usize,
    /// The width below which the column is dropped.
    pub least: usize,
    /// True if the column is dropped rather than any other column cut.
    pub is_extra: bool,
}

/// Returns the width of each column, or `None` for a column that is dropped. The columns are sorted
/// by importance: a column is dropped if it does not fit beside the more important ones.
pub fn fit_columns(sizes: &[Size], width: usize) -> Vec<Option<usize>> {
    let mut widths = vec![None; sizes.len()];
    // Every column takes a gap, although the last one has none.
    let mut room = width.saturating_add(GAP);
    room = add(&mut widths, sizes, false, room);
    room = grow(&mut widths, sizes, room);
    add(&mut widths, sizes, true, room);
    widths
}

/// Adds the columns that fit, either the extra ones or all others. Returns the room that is left.
fn add(widths: &mut [Option<usize>], sizes: &[Size], is_extra: bool, mut room: usize) -> usize {
    for (width, size) in widths.iter_mut().zip(sizes) {
        if size.is_extra == is_extra
            && let Some(rest) = room.checked_sub(size.least + GAP)
        {
            *width = Some(size.least);
            room = rest;
        }
    }
    room
}

/// Widens columns by one cell in turn, so that one long name does not take all the room. Returns
/// the room that is left.
fn grow(widths: &mut [Option<usize>], sizes: &[Size], mut room: usize) -> usize {
    loop {
        let before = room;
        for (width, size) in widths.iter_mut().zip(sizes) {
            if let Some(width) = width
                && *width < size.natural
                && room > 0
            {
                *width += 1;
                room -= 1;
            }
        }
        if room == before {
            return room;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(sizes: &[(usize, usize)], width: usize) -> Vec<Option<usize>> {
        let size = |&(least, natural)| Size { natural, least, is_extra: false };
        fit_columns(&sizes.iter().map(size).collect::<Vec<_>>(), width)
    }

    #[test]
    fn columns_grow_in_turn_until_the_line_is_full() {
        let sizes = [(10, 30), (22, 22), (8, 12)];
        assert_eq!(widths(&sizes, 44), [Some(10), Some(22), Some(8)]);
        assert_eq!(widths(&sizes, 49), [Some(13), Some(22), Some(10)]);
        assert_eq!(widths(&sizes, 68), [Some(30), Some(22), Some(12)]);
        assert_eq!(widths(&sizes, usize::MAX), [Some(30), Some(22), Some(12)]);
    }

    #[test]
    fn a_column_that_does_not_fit_makes_room_for_a_less_important_one() {
        let sizes = [(10, 10), (22, 22), (4, 4)];
        assert_eq!(widths(&sizes, 40), [Some(10), Some(22), Some(4)]);
        assert_eq!(widths(&sizes, 39), [Some(10), Some(22), None]);
        assert_eq!(widths(&sizes, 33), [Some(10), None, Some(4)]);
        assert_eq!(widths(&sizes, 9), [None, None, Some(4)]);
    }

    #[test]
    fn an_extra_column_is_shown_if_no_other_is_cut() {
        let sizes = [(10, 20, false), (4, 4, true), (8, 8, false)];
        let sizes = sizes.map(|(least, natural, is_extra)| Size { natural, least, is_extra });
        assert_eq!(fit_columns(&sizes, 36), [Some(20), Some(4), Some(8)]);
        assert_eq!(fit_columns(&sizes, 35), [Some(20), None, Some(8)]);
        assert_eq!(fit_columns(&sizes, 26), [Some(16), None, Some(8)]);
    }
}
