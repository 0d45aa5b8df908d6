//! A part of a file, read without knowing what came before, and their merge.
//!
//! A part that does not begin the file keeps its first bytes as they are, up to
//! where a record starts whatever came before (`csv/scan/resume.rs`); from there
//! on it is folded. Merging hands those bytes to the part on the left.

use super::fold::{Fold, place};
use super::plan::Plan;
use super::{Reading, finish};
use crate::csv::encoding::Utf8;
use crate::csv::layout::FOOTER;
use crate::csv::{Record, Scanner, TooLong, resume};
use crate::error::{Error, Result};

/// The first size at which the start of a record is looked for.
const FIRST_LOOK: usize = 4 << 10;
/// The size of the lead at which a start is guessed, where that is wanted.
const GUESS: usize = 64 << 10;

/// A fold over a contiguous part of a file.
#[derive(Clone, Debug)]
pub struct Part {
    pub(super) plan: Plan,
    /// Bytes before the first record that is known to start here.
    pub(super) lead: Vec<u8>,
    /// Size of the lead at which to look again.
    pub(super) look: usize,
    /// Size of the lead from which on the first line end is taken for one between
    /// records; and whether it was.
    pub(super) guess: usize,
    pub(super) guessed: bool,
    pub(super) stream: Option<Stream>,
    /// All bytes of this part, as they came.
    pub(super) bytes: u64,
    pub(super) zeros: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Stream {
    pub(super) scanner: Scanner,
    pub(super) fold: Fold,
    pub(super) utf8: Utf8,
}

impl Part {
    /// The part that begins the file, which must hold the head of the plan.
    pub fn first(plan: Plan) -> Part {
        let stream = Some(Stream::new(&plan, true));
        Part { stream, ..Part::new(plan) }
    }

    /// A part that begins anywhere.
    pub fn new(plan: Plan) -> Part {
        Part {
            plan,
            lead: Vec::new(),
            look: FIRST_LOOK,
            guess: usize::MAX,
            guessed: false,
            stream: None,
            bytes: 0,
            zeros: 0,
        }
    }

    /// A part that begins anywhere, to be merged soon. Where its bytes do not show
    /// in which quotes they stand (there may be none), it is guessed, and merging
    /// finds out.
    pub fn later(plan: Plan) -> Part {
        Part { guess: GUESS, ..Part::new(plan) }
    }

    /// Rows of the table read so far.
    pub fn rows(&self) -> u64 {
        self.stream.as_ref().map_or(0, |stream| stream.fold.kept)
    }

    /// Bytes taken so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether bytes were not UTF-8.
    pub(super) fn is_suspicious(&self) -> bool {
        self.stream.as_ref().is_some_and(|stream| stream.fold.suspicious)
    }

    /// Counts bytes that were taken elsewhere (a byte order mark).
    pub(super) fn skip(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Takes the next bytes; the pieces make no difference. NULs are dropped.
    ///
    /// # Errors
    /// `line-too-long` { row, bytes }.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        if memchr::memchr(0, bytes).is_none() {
            return self.push_text(bytes);
        }
        let text: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        self.zeros += (bytes.len() - text.len()) as u64;
        self.push_text(&text)
    }

    fn push_text(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(stream) = &mut self.stream {
            return stream.push(&self.plan, bytes);
        }
        self.lead.extend_from_slice(bytes);
        if self.lead.len() >= self.look {
            self.settle()?;
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<()> {
        self.look = self.lead.len() * 2;
        let mut start = resume(&self.lead, self.plan.dialect);
        if start.is_none() && self.lead.len() > self.guess {
            start = crate::csv::first_line_end(&self.lead, self.plan.dialect);
            self.guessed = start.is_some();
        }
        if start.is_none() && self.lead.len() > self.plan.record_limit {
            // No record is that long: the quote before these bytes was stray.
            start = crate::csv::first_line_end(&self.lead, self.plan.dialect);
        }
        if let Some(start) = start {
            let rest = self.lead.split_off(start);
            let mut stream = Stream::new(&self.plan, false);
            stream.push(&self.plan, &rest)?;
            self.stream = Some(stream);
        }
        Ok(())
    }

    /// This part, then the following one of the same file.
    ///
    /// Associative: however a file is cut, the parts merged in order are the file.
    ///
    /// # Errors
    /// `line-too-long` { row, bytes }, if a record across the cut is; `engine-failed`
    /// if the right part guessed wrongly where a record starts.
    pub fn merge(mut self, right: Part) -> Result<Part> {
        let (bytes, zeros) = (self.bytes + right.bytes, self.zeros + right.zeros);
        self.push_text(&right.lead)?;
        match (self.stream.take(), right.stream) {
            (left, None) => self.stream = left,
            (Some(left), Some(stream)) if stream.scanner.rows() == 0 => {
                // Nothing of it was handed out: it is still all there.
                self.stream = Some(left);
                self.push_text(stream.scanner.remaining())?;
            }
            (None, Some(stream)) => {
                self.stream = Some(stream);
                self.guessed = right.guessed;
            }
            (Some(left), Some(stream)) => {
                let merged = left.merge(stream, &self.plan, right.guessed)?;
                self.stream = Some(merged);
            }
        }
        Ok(Part { bytes, zeros, ..self })
    }

    /// The whole file has been read.
    ///
    /// # Errors
    /// `line-too-long` { row, bytes }.
    pub fn finish(mut self) -> Result<Reading> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                // A part that was never joined to a beginning begins the file.
                let mut stream = Stream::new(&self.plan, true);
                stream.push(&self.plan, &self.lead)?;
                stream
            }
        };
        let plan = &self.plan;
        let fold = &mut stream.fold;
        fold.suspicious |= stream.utf8.is_cut();
        let each = |record: &Record<'_>, after: bool| {
            if after { fold.push_tail(record) } else { fold.push_last(plan, record) }
        };
        let done = stream.scanner.finish_with_tail(|record| place(plan, record), each);
        done.map_err(|long| too_long(long, plan))?;
        let odd = stream.scanner.oddities();
        Ok(finish::reading(self.plan, stream.fold, odd, self.bytes, self.zeros))
    }
}

impl Stream {
    pub(super) fn new(plan: &Plan, first: bool) -> Stream {
        Stream {
            scanner: Scanner::with_limit(plan.dialect, plan.record_limit).hold(FOOTER),
            fold: Fold::new(plan, first),
            utf8: Utf8::default(),
        }
    }

    fn push(&mut self, plan: &Plan, bytes: &[u8]) -> Result<()> {
        if !self.fold.suspicious {
            self.fold.suspicious = !self.utf8.push(bytes);
        }
        let fold = &mut self.fold;
        let pushed = self.scanner.push(bytes, |record| fold.push(plan, record));
        pushed.map_err(|long| too_long(long, plan))
    }

    /// Joins the following stream, whose start may be `guessed`.
    fn merge(mut self, right: Stream, plan: &Plan, guessed: bool) -> Result<Stream> {
        let fold = &mut self.fold;
        let open = self.scanner.oddities().unclosed_quotes;
        let done = self.scanner.finish(|record| fold.push_last(plan, record));
        done.map_err(|long| too_long(long, plan))?;
        // A quote that is open where the right stream starts may be closed in it.
        if guessed && self.scanner.oddities().unclosed_quotes != open {
            return Err(Error::new("engine-failed"));
        }
        let rows = self.scanner.rows();
        let mut scanner = right.scanner;
        scanner.after(&self.scanner);
        Ok(Stream {
            scanner,
            fold: self.fold.merge(right.fold, plan, rows),
            utf8: right.utf8,
        })
    }
}

fn too_long(long: TooLong, plan: &Plan) -> Error {
    Error::new("line-too-long").with("row", long.row).with("bytes", plan.record_limit)
}

#[cfg(test)]
mod tests {
    use super::super::ReadOptions;
    use super::*;
    use proptest::prelude::*;

    fn plan(head: &[u8]) -> Plan {
        let options = ReadOptions { preview_rows: usize::MAX, ..ReadOptions::default() };
        Plan::new(head, false, &options).unwrap()
    }

    fn part(plan: &Plan, bytes: &[u8]) -> Part {
        let mut part = Part { look: 1, ..Part::new(plan.clone()) };
        for piece in bytes.chunks(5) {
            part.push(piece).unwrap();
        }
        part
    }

    fn first(plan: &Plan, bytes: &[u8]) -> Part {
        let mut part = Part::first(plan.clone());
        part.push(bytes).unwrap();
        part
    }

    fn same(left: &Reading, right: &Reading) {
        assert_eq!(left.preview, right.preview);
        assert_eq!(left.counts, right.counts);
        assert_eq!(left.notices, right.notices);
        assert_eq!(left.bytes, right.bytes);
        assert_eq!(left.encoding, right.encoding);
        assert_eq!(left.columns.rows(), right.columns.rows());
        for index in 0..left.columns.rows() as usize {
            assert_eq!(left.row(index), right.row(index));
        }
    }

    /// Fields, separators and accidents of quoted files.
    fn file() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            6 => Just(&b"12,x,7.5\n"[..]),
            4 => Just(&b"13,\"a, b\",8\r\n"[..]),
            2 => Just(&b"14,\"two\nlines\",9\n"[..]),
            1 => Just(&b"\"\"\"15\"\"\",\"\",\n"[..]),
            1 => Just(&b"\n"[..]),
            1 => Just(&b",,\n"[..]),
            1 => Just(&b"id,name,price\n"[..]),
            1 => Just(&b"\"16,y,\"z\",\n"[..]),
            1 => Just(&b"\""[..]),
            1 => Just(&b","[..]),
            1 => Just(&b"\r"[..]),
            1 => Just(&b" "[..]),
            1 => Just(&b"total"[..]),
            1 => Just(&b"\xC3\xA9"[..]),
            1 => Just(&b"\0"[..]),
        ];
        prop::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn guessed_starts_are_right_or_found_out(
            bytes in file(),
            cut: [prop::sample::Index; 2],
            guess in 0..40_usize,
        ) {
            let plan = plan(HEAD);
            let mut whole = HEAD.to_vec();
            whole.extend(&bytes);
            let mut cuts = cut.map(|at| HEAD.len() + at.index(bytes.len() + 1));
            cuts.sort_unstable();
            let alone = first(&plan, &whole).finish().unwrap();
            let guessing = |bytes: &[u8]| {
                let mut part = Part { look: 1, guess, ..Part::new(plan.clone()) };
                part.push(bytes).unwrap();
                part
            };
            let [left, middle, right] =
                [&whole[..cuts[0]], &whole[cuts[0]..cuts[1]], &whole[cuts[1]..]];
            let merged = first(&plan, left)
                .merge(guessing(middle))
                .and_then(|part| part.merge(guessing(right)));
            match merged {
                Ok(part) => same(&part.finish().unwrap(), &alone),
                Err(error) => prop_assert_eq!(error.code(), "engine-failed"),
            }
        }
    }

    const HEAD: &[u8] = b"id,name,price\n1,a,2.5\n2,b,3.5\n3,c,4\n";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn parts_make_the_whole(bytes in file(), cut: [prop::sample::Index; 2]) {
            let plan = plan(HEAD);
            let mut whole = HEAD.to_vec();
            whole.extend(&bytes);
            let mut cuts = cut.map(|at| HEAD.len() + at.index(bytes.len() + 1));
            cuts.sort_unstable();
            let (left, rest) = whole.split_at(cuts[0]);
            let (middle, right) = rest.split_at(cuts[1] - cuts[0]);
            let alone = first(&plan, &whole).finish().unwrap();
            let leftmost = first(&plan, left).merge(part(&plan, middle)).unwrap();
            let one = leftmost.merge(part(&plan, right)).unwrap();
            same(&one.finish().unwrap(), &alone);
            let rightmost = part(&plan, middle).merge(part(&plan, right)).unwrap();
            let other = first(&plan, left).merge(rightmost).unwrap();
            same(&other.finish().unwrap(), &alone);
        }
    }

    #[test]
    fn parts_settle_and_keep_little() {
        let plan = plan(HEAD);
        let mut later = Part::new(plan.clone());
        let rows = b"4,\"x, y\",2\n".repeat(5000);
        later.push(&rows[7..]).unwrap();
        assert!(later.rows() > 4000);
        assert!(later.lead.len() <= FIRST_LOOK);
        let whole = first(&plan, HEAD).merge(first(&plan, b"")).unwrap();
        let whole = whole.merge(part(&plan, &rows[..7])).unwrap().merge(later).unwrap();
        assert_eq!(whole.finish().unwrap().columns.rows(), 5003);
    }
}
