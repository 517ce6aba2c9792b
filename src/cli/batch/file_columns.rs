//! The columns of an output file, found by the names in its header.

use std::collections::HashMap;

use csv::ByteRecord;

use crate::output::{Column, Layout, Ours, PREFIX, Row, RowResult};

/// Where a file has the columns of a layout.
#[derive(Debug)]
pub struct FileColumns {
    /// The cell of each column of the input, unless the file does not have it.
    own: Vec<Option<usize>>,
    /// The cell of each of our columns. The result is the first.
    ours: Vec<usize>,
    /// The number of columns.
    pub width: usize,
}

impl FileColumns {
    /// The columns of rows that are written with this layout.
    pub fn of_layout(layout: &Layout) -> Self {
        let (own, width) = (layout.own.len(), layout.own.len() + layout.columns.len() + 1);
        Self { own: (0..own).map(Some).collect(), ours: (own..width).collect(), width }
    }

    /// Finds the columns of the layout in a header. Of columns with one name, the n-th is the n-th.
    ///
    /// # Errors
    ///
    /// Which other columns the file has, and what to do.
    pub fn find(names: &[String], layout: &Layout) -> Result<Self, String> {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, name) in names.iter().enumerate().rev() {
            places.entry(name).or_default().push(index);
        }
        let mut find = |name: &String| places.get_mut(name.as_str()).and_then(Vec::pop);
        let ours: Vec<Option<usize>> = layout.ours().iter().map(&mut find).collect();
        let own: Vec<Option<usize>> = layout.own.iter().map(&mut find).collect();
        let mut others: Vec<usize> = places.into_values().flatten().collect();
        others.sort_unstable();
        let others = others.into_iter().map(|index| names[index].as_str()).collect();
        match ours.iter().copied().collect() {
            Some(ours) if Vec::is_empty(&others) => Ok(Self { own, ours, width: names.len() }),
            _ => Err(other_columns(names, others, layout)),
        }
    }

    /// Returns the layout with the columns in the order of the file.
    pub fn in_order_of_file(&self, layout: &Layout) -> Layout {
        let mut own: Vec<(usize, &String)> = self
            .own
            .iter()
            .zip(&layout.own)
            .filter_map(|(index, name)| Some(((*index)?, name)))
            .collect();
        let mut columns: Vec<_> = self.ours[1..].iter().zip(&layout.columns).collect();
        own.sort_unstable();
        columns.sort_unstable_by_key(|(index, _)| **index);
        let own = own.into_iter().map(|(_, name)| name.clone()).collect();
        let columns = columns.into_iter().map(|(_, column)| *column).collect();
        layout.with(own, columns)
    }

    /// Returns the row of a record.
    ///
    /// # Errors
    ///
    /// Why the record is no row.
    pub fn row(&self, record: &ByteRecord) -> Result<Row, String> {
        let Ok(cells) = record.iter().map(str::from_utf8).collect::<Result<Vec<&str>, _>>() else {
            return Err("is not UTF-8: save it as UTF-8".into());
        };
        let width = self.width;
        if cells.len() < width && cells.iter().any(|cell| cell.contains('\n')) {
            return Err("has a quote that is not closed".into());
        }
        if cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            return Err(format!("has {} cells, and the header has {width}", cells.len()));
        }
        let cell = |index: usize| cells.get(index).copied().unwrap_or_default().to_owned();
        let mut ours = self.ours.iter().copied().map(cell);
        let result = RowResult::parse(ours.next().unwrap_or_default().trim());
        let own = self.own.iter().map(|index| index.map(cell).unwrap_or_default()).collect();
        Ok(Row { own, result, ours: Ours::Cells(ours.collect()) })
    }
}

/// Says which columns a file has, and what to do.
fn other_columns(names: &[String], others: Vec<&str>, layout: &Layout) -> String {
    let prefix = if layout.is_table { PREFIX } else { "" };
    let has = |name: &str| names.iter().any(|own| own == name);
    if !has(&format!("{prefix}result")) {
        return if has(&format!("{PREFIX}result")) {
            "its rows belong to a table: write to another file".into()
        } else if has("query") && has("result") {
            "its rows belong to plain lines: write to another file".into()
        } else {
            format!("it has no column \"{prefix}result\"")
        };
    }
    let of_ours = |name: &&str| Column::named(name.strip_prefix(prefix)?);
    let (ours, foreign): (Vec<&str>, Vec<&str>) =
        others.into_iter().partition(|name| of_ours(name).is_some());
    if !foreign.is_empty() {
        let foreign = foreign.join("\", \"");
        return format!(
            "its column \"{foreign}\" is neither this command's nor the input's: notes belong into a table \
             that is the input"
        );
    }
    let missing: Vec<String> =
        layout.ours().into_iter().filter(|name| !names.contains(name)).collect();
    let columns: Vec<&str> = names
        .iter()
        .filter_map(|name| of_ours(&name.as_str()).filter(|column| *column != Column::Result))
        .map(Column::name)
        .collect();
    let quoted = |names: String| format!("\"{names}\"");
    let mut problems = Vec::new();
    if !missing.is_empty() {
        problems.push(format!("it lacks {}", quoted(missing.join("\", \""))));
    }
    if !ours.is_empty() {
        problems.push(format!("this run would not write {}", quoted(ours.join("\", \""))));
    }
    let way_out = match columns.join(",") {
        none if none.is_empty() => "write to another file".into(),
        columns => format!("pass --columns {columns}"),
    };
    format!("{}: {way_out}", problems.join(", and "))
}
