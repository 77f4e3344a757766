//! The data: sections, each compressed by itself, and read when it is asked for.

use std::sync::OnceLock;

use crate::service::Data;

static DATA: &[u8] = include_bytes!("../data/model.bin");
static INDEX: &str = include_str!("../data/index.tsv");

/// A part of the data, such as `sdk/ecs`.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    offset: usize,
    length: usize,
    size: usize,
    text: OnceLock<String>,
    lines: OnceLock<Box<[&'static str]>>,
    /// What was read of it, if it is a service.
    pub(crate) service: OnceLock<Option<Data>>,
}

pub(crate) fn all() -> &'static [Section] {
    static SECTIONS: OnceLock<Box<[Section]>> = OnceLock::new();
    SECTIONS.get_or_init(|| INDEX.lines().filter_map(section_of).collect())
}

/// A section by its line in the index.
fn section_of(line: &'static str) -> Option<Section> {
    let mut fields = line.split('\t');
    let name = fields.next()?;
    let mut number = || fields.next()?.parse().ok();
    let (offset, length, size) = (number()?, number()?, number()?);
    Some(Section {
        name,
        offset,
        length,
        size,
        text: OnceLock::new(),
        lines: OnceLock::new(),
        service: OnceLock::new(),
    })
}

/// The sections whose names begin alike, in the order of their names.
pub(crate) fn under(prefix: &'static str) -> impl Iterator<Item = &'static str> {
    let all = all();
    let first = all.partition_point(|section| section.name < prefix);
    all[first..].iter().map_while(move |section| section.name.strip_prefix(prefix))
}

/// A section by its name.
pub(crate) fn find(name: &str) -> Option<&'static Section> {
    let all = all();
    all.binary_search_by(|section| section.name.cmp(name)).ok().map(|index| &all[index])
}

impl Section {
    /// The text, empty should the data be broken: a test reads all of it.
    pub(crate) fn text(&'static self) -> &'static str {
        self.text.get_or_init(|| self.inflated())
    }

    /// The text made anew.
    pub(crate) fn inflated(&self) -> String {
        let data = DATA.get(self.offset..self.offset + self.length).unwrap_or_default();
        let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(data, self.size).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }

    pub(crate) fn lines(&'static self) -> &'static [&'static str] {
        self.lines.get_or_init(|| self.text().lines().collect())
    }
}
