//! Maps of RFM cells to segments: total by construction, so that every
//! customer is in exactly one segment.
//!
//! Sources of the built-in maps: the widely copied table of eleven segments over
//! 125 cells, as Squeezely documents it; Klaviyo's help on its RFM analysis.

use crate::error::{Error, Result};

/// A total map from the cells (R, F, M) to segments.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    bins: u8,
    ids: Vec<String>,
    /// Segment of each cell, `bins`^3 entries, M running fastest, then F.
    cells: Vec<u8>,
}

/// The eleven segments, best first, and their cells as R, F and M scores.
const ELEVEN: [(&str, &str); 11] = [
    ("champions", "555 554 544 545 454 455 445"),
    ("loyal", "543 444 435 355 354 345 344 335"),
    (
        "potential-loyalist",
        "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 \
         341 333 323",
    ),
    ("new", "512 511 422 421 412 411 311"),
    ("promising", "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313"),
    ("need-attention", "535 534 443 434 343 334 325 324"),
    ("about-to-sleep", "331 321 312 221 213 231 241 251"),
    (
        "at-risk",
        "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 \
         124",
    ),
    ("cannot-lose-them", "155 154 144 214 215 115 114 113"),
    ("hibernating", "332 322 233 232 223 222 132 123 122 212 211"),
    ("lost", "111 112 121 131 141 151"),
];

/// Klaviyo's six groups, best first, and their 27 cells.
const KLAVIYO: [(&str, &str); 6] = [
    ("champions", "333 332 323"),
    ("loyal", "321 322 331 232 233"),
    ("recent", "312 313 311 222 223"),
    ("need-attention", "213 221 123 132 133"),
    ("at-risk", "231 212 122 131 211"),
    ("inactive", "111 112 113 121"),
];

/// A cell as people write it: `"555"`, or `"10-9-8"` where a score has two digits.
///
/// ```
/// assert_eq!(regulars::segments::cell_name(5, 4, 3), "543");
/// assert_eq!(regulars::segments::cell_name(10, 9, 8), "10-9-8");
/// ```
pub fn cell_name(r: u8, f: u8, m: u8) -> String {
    if r.max(f).max(m) > 9 { format!("{r}-{f}-{m}") } else { format!("{r}{f}{m}") }
}

/// The scores of a cell's name.
fn parse_cell(name: &str) -> Option<[u8; 3]> {
    let scores: Vec<u8> = if name.contains('-') {
        name.split('-').map(|s| s.parse().ok()).collect::<Option<_>>()?
    } else {
        name.bytes()
            .map(|b| b.is_ascii_digit().then(|| b - b'0'))
            .collect::<Option<_>>()?
    };
    scores.try_into().ok()
}

impl Map {
    /// The built-in map of eleven segments over scores 1 to 5.
    pub fn eleven() -> Map {
        Map::built_in(5, &ELEVEN)
    }

    /// Klaviyo's map of six groups over scores 1 to 3.
    pub fn klaviyo() -> Map {
        Map::built_in(3, &KLAVIYO)
    }

    fn built_in(bins: u8, listed: &[(&str, &str)]) -> Map {
        let count = usize::from(bins).pow(3);
        let mut map = Map { bins, ids: Vec::new(), cells: vec![0; count] };
        for (segment, (id, cells)) in listed.iter().enumerate() {
            map.ids.push((*id).to_owned());
            for [r, f, m] in cells.split_whitespace().filter_map(parse_cell) {
                let cell = map.cell(r, f, m);
                map.cells[cell] = segment as u8;
            }
        }
        map
    }

    /// The map over other scores, 2 or more: the lowest and the highest stay what
    /// they are, those between go to the nearest (halves upwards). Total as this
    /// one is; the same map where the bins are the same.
    pub fn stretched(&self, bins: u8) -> Map {
        let nearest = |score: u8| {
            let (from, to) = (u32::from(self.bins) - 1, u32::from(bins) - 1);
            let twice = 2 * (u32::from(score) - 1) * from + to;
            1 + (twice / (2 * to)) as u8
        };
        let count = usize::from(bins).pow(3);
        let mut map = Map { bins, ids: self.ids.clone(), cells: vec![0; count] };
        for r in 1..=bins {
            for f in 1..=bins {
                for m in 1..=bins {
                    let cell = map.cell(r, f, m);
                    map.cells[cell] = self.segment(nearest(r), nearest(f), nearest(m));
                }
            }
        }
        map
    }

    /// Names of the cells of each segment, best first; the cells fall from the
    /// highest scores to the lowest.
    pub fn listed(&self) -> Vec<(String, Vec<String>)> {
        let mut listed: Vec<(String, Vec<String>)> =
            self.ids.iter().map(|id| (id.clone(), Vec::new())).collect();
        for r in (1..=self.bins).rev() {
            for f in (1..=self.bins).rev() {
                for m in (1..=self.bins).rev() {
                    let segment = usize::from(self.segment(r, f, m));
                    listed[segment].1.push(cell_name(r, f, m));
                }
            }
        }
        listed
    }

    /// A map of one's own: segments, best first, each with the names of its cells.
    ///
    /// # Errors
    /// `map-bad-cell` for a name that is no cell of these bins, `map-overlap`
    /// for cells in two segments, `map-gap` for cells in none (each with all
    /// such `cells`), `map-too-many-segments` above 255, `map-name` for a segment
    /// without a name or with that of another.
    pub fn new(bins: u8, segments: &[(String, Vec<String>)]) -> Result<Map> {
        if segments.len() > 255 {
            return Err(Error::new("map-too-many-segments").with("count", segments.len()));
        }
        for (place, (id, _)) in segments.iter().enumerate() {
            let before = segments[..place].iter().any(|(other, _)| other == id);
            if id.trim().is_empty() || before {
                return Err(Error::new("map-name").with("segment", id.as_str()));
            }
        }
        let count = usize::from(bins).pow(3);
        let mut map = Map { bins, ids: Vec::new(), cells: vec![u8::MAX; count] };
        let (mut bad, mut twice) = (Vec::new(), Vec::new());
        for (segment, (id, cells)) in segments.iter().enumerate() {
            map.ids.push(id.clone());
            for name in cells {
                let scores = parse_cell(name)
                    .filter(|s| s.iter().all(|&score| (1..=bins).contains(&score)));
                let Some([r, f, m]) = scores else {
                    bad.push(name.clone());
                    continue;
                };
                let cell = map.cell(r, f, m);
                if map.cells[cell] != u8::MAX {
                    twice.push(name.clone());
                }
                map.cells[cell] = segment as u8;
            }
        }
        let gaps = map.gaps();
        for (code, cells) in
            [("map-bad-cell", bad), ("map-overlap", twice), ("map-gap", gaps)]
        {
            if !cells.is_empty() {
                return Err(Error::new(code)
                    .with("count", cells.len())
                    .with("cells", cells));
            }
        }
        Ok(map)
    }

    /// Names of the cells that belong to no segment.
    fn gaps(&self) -> Vec<String> {
        let scores = || 1..=self.bins;
        let mut gaps = Vec::new();
        for r in scores() {
            for f in scores() {
                for m in scores() {
                    if self.cells[self.cell(r, f, m)] == u8::MAX {
                        gaps.push(cell_name(r, f, m));
                    }
                }
            }
        }
        gaps
    }

    /// Scores a dimension.
    pub fn bins(&self) -> u8 {
        self.bins
    }

    /// Ids of the segments, best first.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Index of the segment of a cell. Scores run from 1 to `bins`.
    pub fn segment(&self, r: u8, f: u8, m: u8) -> u8 {
        self.cells[self.cell(r, f, m)]
    }

    /// The segment of every cell: `bins`^3 entries, M running fastest, then F.
    pub fn by_cell(&self) -> Vec<u8> {
        self.cells.clone()
    }

    fn cell(&self, r: u8, f: u8, m: u8) -> usize {
        let index = |score: u8| usize::from(score) - 1;
        let bins = usize::from(self.bins);
        (index(r) * bins + index(f)) * bins + index(m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed() -> Vec<(String, Vec<String>)> {
        let names = |cells: &str| cells.split_whitespace().map(str::to_owned).collect();
        ELEVEN.iter().map(|(id, cells)| ((*id).to_owned(), names(cells))).collect()
    }

    #[test]
    fn the_built_in_map_is_total_without_overlap() {
        // The checking constructor refuses gaps, overlaps and unknown cells.
        assert_eq!(Map::new(5, &listed()).unwrap(), Map::eleven());
        assert_eq!(Map::eleven().ids().len(), 11);
        assert_eq!(listed().iter().map(|(_, cells)| cells.len()).sum::<usize>(), 125);
    }

    #[test]
    fn klaviyos_map_is_total_without_overlap() {
        let names = |cells: &str| cells.split_whitespace().map(str::to_owned).collect();
        let listed: Vec<(String, Vec<String>)> =
            KLAVIYO.iter().map(|(id, cells)| ((*id).to_owned(), names(cells))).collect();
        assert_eq!(Map::new(3, &listed).unwrap(), Map::klaviyo());
        assert_eq!(listed.iter().map(|(_, cells)| cells.len()).sum::<usize>(), 27);
    }

    #[test]
    fn a_stretched_map_is_total_and_keeps_its_ends() {
        for map in [Map::eleven(), Map::klaviyo()] {
            assert_eq!(map.stretched(map.bins()), map);
            for bins in 3..=10 {
                let wide = map.stretched(bins);
                assert_eq!(Map::new(bins, &wide.listed()).unwrap(), wide);
                let ends = [(1, 1), (bins, map.bins())];
                for (r, old_r) in ends {
                    for (m, old_m) in ends {
                        let old = map.segment(old_r, 1, old_m);
                        assert_eq!(wide.segment(r, 1, m), old);
                    }
                }
            }
        }
    }

    #[test]
    fn gaps_overlaps_and_strangers_are_named() {
        let code =
            |segments: &[(String, Vec<String>)]| Map::new(5, segments).unwrap_err();
        let mut gap = listed();
        gap[0].1.remove(0);
        assert_eq!(code(&gap).to_string(), "map-gap cells=555 count=1");
        let mut twice = listed();
        twice[1].1.push("555".to_owned());
        assert_eq!(code(&twice).code(), "map-overlap");
        let mut stranger = listed();
        stranger[1].1.push("560".to_owned());
        assert_eq!(code(&stranger).code(), "map-bad-cell");
    }

    #[test]
    fn cells_keep_their_names_with_two_digits() {
        for scores in [[5, 5, 5], [10, 1, 3]] {
            assert_eq!(
                parse_cell(&cell_name(scores[0], scores[1], scores[2])),
                Some(scores)
            );
        }
    }
}
