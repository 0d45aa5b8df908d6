//! Joining two neighbouring parts of a packed column.

use super::evidence::EXAMPLES;
use super::packed::{
    Code, EMPTY, Held, Last, NARROW, PICTURES, Packed, Picture, WIDE_PICTURES, key_hash,
};

impl Packed {
    /// [`Packed::push`] where few cells come: its code stands where many do, and here.
    #[inline(never)]
    pub(crate) fn push_one(&mut self, text: &[u8], row: u64) {
        self.push(text, row);
    }

    /// This column with the rows of another after its own.
    pub(crate) fn merge(mut self, mut right: Packed) -> Packed {
        self.book();
        right.book();
        let offset = self.len() as u64;
        let new = right.pictures.iter().filter(|p| self.find(p).is_none());
        let (new, new_wide) = new.fold((0, 0), |(all, wide), p| {
            (all + 1, wide + usize::from(p.form.digits > 15))
        });
        let fits = self.pictures.len() + new <= PICTURES
            && self.wide.len() + new_wide <= WIDE_PICTURES
            && !self.is_full
            && !right.is_full;
        if !fits {
            // Which pictures found room depends on the rows before: read again.
            for (at, cell) in right.cells.iter().enumerate() {
                self.push_one(&right.render(cell), offset + at as u64);
            }
            return self;
        }
        let mut pictures = Vec::with_capacity(right.pictures.len());
        for picture in &right.pictures {
            let at = match self.find(picture) {
                Some(at) => at,
                None => {
                    self.add_picture(picture.key, picture.len, picture.form.clone());
                    self.pictures.len() - 1
                }
            };
            self.pictures[at].stats.merge(&picture.stats, offset);
            pictures.push(self.pictures[at].code);
        }
        let texts: Vec<u32> = right.texts.iter().map(|t| self.texts.intern(t)).collect();
        let cells = std::mem::take(&mut right.cells);
        // Bytes of another worker are not to be trusted with indexes.
        let renumbered = |cell: Code| match right.held(cell) {
            Held::Empty => EMPTY,
            Held::Text(n) => texts
                .get(n as usize)
                .map_or(EMPTY, |&number| 1 << NARROW | u64::from(number)),
            Held::Digits(p, digits) => {
                pictures.get(p).map_or(EMPTY, |code| code | digits)
            }
        };
        if right.last.cell != EMPTY {
            self.last = Last { cell: renumbered(right.last.cell), ..right.last.clone() };
            if let Held::Digits(picture, _) = self.held(self.last.cell) {
                self.last.picture = picture;
            }
        }
        self.cells.append(cells, renumbered);
        self.dates = self.dates.merge(&right.dates, offset);
        self.tally.merge(&right.tally);
        self.loose.merge(right.loose, offset);
        self.distinct.merge(&right.distinct);
        self.longest = self.longest.max(right.longest);
        self.empty += right.empty;
        for sample in right.samples {
            self.sample_if_new(sample);
        }
        self
    }

    fn sample_if_new(&mut self, sample: String) {
        if self.samples.len() < EXAMPLES && !self.samples.contains(&sample) {
            self.samples.push(sample);
        }
    }

    fn find(&self, picture: &Picture) -> Option<usize> {
        let found = self.table.find(key_hash(&picture.key, picture.len), |&p| {
            let known = &self.pictures[usize::from(p)];
            known.key == picture.key && known.len == picture.len
        });
        found.map(|&p| usize::from(p))
    }
}
