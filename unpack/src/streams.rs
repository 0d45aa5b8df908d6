//! The bytes of a WebAssembly module sorted by meaning: operators, local variables,
//! constants and so on each in a stream of its own, which packs a tenth better; local
//! variables by how long ago they were named, as in move-to-front coding.
//! Encoding: WebAssembly Core Specification 2.0, chapter 5.

use std::ops::Range;

/// How many bytes of a module a step moves: a few milliseconds.
const STEP: usize = 1 << 18;

/// What a byte of a module is part of.
#[derive(Clone, Copy)]
enum Stream {
    /// Everything outside of functions.
    Rest,
    /// Lengths of functions.
    Length,
    /// Declarations of local variables.
    Locals,
    /// Operators, with the immediates that they hardly go without.
    Operator,
    /// Types of blocks.
    Block,
    /// Targets of branches.
    Branch,
    /// Tables of branches.
    Table,
    /// Functions that are called.
    Call,
    /// Local variables, by their place among those named last.
    Local,
    /// Global variables.
    Global,
    /// Constants of 32 bits.
    Int32,
    /// Constants of 64 bits.
    Int64,
    /// Floating-point constants.
    Float,
    /// Constants of vectors, and lanes.
    Vector,
    /// Offsets into memory.
    Offset,
}

const STREAMS: usize = Stream::Offset as usize + 1;

/// Sorts the bytes of a module by meaning: the length of each stream (four bytes,
/// the lowest first), then the streams. None when it holds something unknown.
pub fn split(module: &[u8]) -> Option<Vec<u8>> {
    let whole = std::iter::once(0..module.len()).collect();
    let mut moving = Moving::new(module.to_vec(), whole, STREAMS);
    while moving.step()? {}
    let lengths = moving.to.iter().map(|stream| u32::try_from(stream.len()).ok());
    let lengths: Vec<u32> = lengths.collect::<Option<_>>()?;
    let mut sorted: Vec<u8> = lengths.iter().flat_map(|n| n.to_le_bytes()).collect();
    for stream in &moving.to {
        sorted.extend(stream);
    }
    Some(sorted)
}

/// The module whose bytes were sorted by [`split`]; none when they were not.
pub fn join(sorted: &[u8]) -> Option<Vec<u8>> {
    let mut join = Join::new(sorted.to_vec())?;
    while join.step()? {}
    Some(join.finish())
}

/// A module that comes together again, step by step.
pub struct Join(Moving);

impl Join {
    /// Begins with what [`split`] has made; none when it is something else.
    pub fn new(sorted: Vec<u8>) -> Option<Join> {
        let mut streams = Vec::with_capacity(STREAMS);
        let mut end = 4 * STREAMS;
        for length in sorted.get(..end)?.chunks_exact(4) {
            let length = u32::from_le_bytes(length.try_into().ok()?);
            let start = end;
            end = start.checked_add(usize::try_from(length).ok()?)?;
            streams.push(start..end);
        }
        (end <= sorted.len()).then(|| Join(Moving::new(sorted, streams, 1)))
    }

    /// Moves some more; whether there is more to come, and none when it is no module.
    pub fn step(&mut self) -> Option<bool> {
        self.0.step()
    }

    /// The module, once [`step`](Join::step) has said that no more comes.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.to.pop().unwrap_or_default()
    }
}

/// The bytes of a module on their way from one place to many, or from many to one:
/// each is moved as soon as those before it say what it means.
struct Moving {
    source: Vec<u8>,
    /// What has not been moved yet of the one place or of each stream.
    from: Vec<Range<usize>>,
    to: Vec<Vec<u8>>,
    /// How many bytes of the module have been moved.
    at: usize,
    /// How many functions are to follow.
    functions: usize,
    /// The local variables of this function, the one named last first.
    recent: Vec<usize>,
}

impl Moving {
    fn new(source: Vec<u8>, from: Vec<Range<usize>>, to: usize) -> Moving {
        let to = vec![Vec::new(); to];
        Moving { source, from, to, at: 0, functions: 0, recent: Vec::new() }
    }

    fn is_splitting(&self) -> bool {
        self.from.len() == 1
    }

    fn take(&mut self, stream: Stream) -> Option<u8> {
        let place = if self.is_splitting() { 0 } else { stream as usize };
        let byte = *self.source.get(self.from[place].next()?)?;
        self.at += usize::from(self.is_splitting());
        Some(byte)
    }

    fn put(&mut self, stream: Stream, byte: u8) {
        let place = if self.is_splitting() { stream as usize } else { 0 };
        self.to[place].push(byte);
        self.at += usize::from(!self.is_splitting());
    }

    fn byte(&mut self, stream: Stream) -> Option<u8> {
        let byte = self.take(stream)?;
        self.put(stream, byte);
        Some(byte)
    }

    fn bytes(&mut self, stream: Stream, count: usize) -> Option<()> {
        (0..count).try_for_each(|_| self.byte(stream).map(drop))
    }

    /// A number of up to 64 bits, as LEB128; the sign of signed ones is not looked at.
    fn number(&mut self, stream: Stream) -> Option<usize> {
        let mut value = 0u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte(stream)?;
            value |= u64::from(byte & 127).checked_shl(shift).unwrap_or(0);
            if byte < 128 {
                return Some(value as usize);
            }
        }
        None
    }

    /// Moves some of the module, section by section and function by function.
    fn step(&mut self) -> Option<bool> {
        use Stream::*;
        let enough = self.at + STEP;
        while self.at < enough {
            if self.functions > 0 {
                self.functions -= 1;
                self.function()?;
            } else if self.at == 0 {
                self.bytes(Rest, 8)?;
            } else if self.from[0].is_empty() {
                // All other streams end with the one for what is outside of functions.
                return Some(false);
            } else {
                let id = self.byte(Rest)?;
                let length = self.number(Rest)?;
                if id == 10 {
                    self.functions = self.number(Rest)?;
                } else {
                    self.bytes(Rest, length)?;
                }
            }
        }
        Some(true)
    }

    /// On its own, so that a browser notices how often it is called and compiles it well.
    #[inline(never)]
    fn function(&mut self) -> Option<()> {
        use Stream::*;
        self.recent.clear();
        let length = self.number(Length)?;
        let end = self.at.checked_add(length)?;
        for _ in 0..self.number(Locals)? {
            self.number(Locals)?;
            self.byte(Locals)?;
        }
        while self.at < end {
            self.instruction()?;
        }
        (self.at == end).then_some(())
    }

    /// An operator and its immediates.
    fn instruction(&mut self) -> Option<()> {
        use Stream::*;
        match self.byte(Operator)? {
            0x02..=0x04 => self.number(Block).map(drop),
            0x0c | 0x0d => self.number(Branch).map(drop),
            0x0e => {
                let count = self.number(Table)?;
                (0..=count).try_for_each(|_| self.number(Table).map(drop))
            }
            0x10 => self.number(Call).map(drop),
            0x11 => self.numbers(Rest, 2),
            0x1c => {
                let count = self.number(Rest)?;
                self.bytes(Rest, count)
            }
            0x20..=0x22 => self.local(),
            0x23 | 0x24 => self.number(Global).map(drop),
            0x25 | 0x26 | 0xd0 | 0xd2 => self.number(Rest).map(drop),
            0x28..=0x3e => self.memory(),
            0x3f | 0x40 => self.number(Operator).map(drop),
            0x41 => self.number(Int32).map(drop),
            0x42 => self.number(Int64).map(drop),
            0x43 => self.bytes(Float, 4),
            0x44 => self.bytes(Float, 8),
            0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => {
                Some(())
            }
            0xfc => match self.number(Operator)? {
                0..=7 => Some(()),
                8 | 10 | 12 | 14 => self.numbers(Operator, 2),
                9 | 11 | 13 | 15..=17 => self.numbers(Operator, 1),
                _ => None,
            },
            0xfd => match self.number(Operator)? {
                0..=11 | 92 | 93 => self.memory(),
                12 | 13 => self.bytes(Vector, 16),
                21..=34 => self.bytes(Vector, 1),
                84..=91 => {
                    self.memory()?;
                    self.bytes(Vector, 1)
                }
                14..=255 => Some(()),
                _ => None,
            },
            _ => None,
        }
    }

    fn numbers(&mut self, stream: Stream, count: usize) -> Option<()> {
        (0..count).try_for_each(|_| self.number(stream).map(drop))
    }

    /// A local variable becomes its place among those named last, and the other way round.
    fn local(&mut self) -> Option<()> {
        let mut given = 0;
        for shift in (0..).step_by(7).take(3) {
            let byte = self.take(Stream::Local)?;
            given |= usize::from(byte & 127) << shift;
            if byte < 128 {
                break;
            }
        }
        // Those that have not been named yet follow in their own order.
        while self.recent.len() <= given {
            self.recent.push(self.recent.len());
        }
        let (place, mut rest) = if self.is_splitting() {
            let place = self.recent.iter().position(|&one| one == given)?;
            (place, place)
        } else {
            (given, self.recent[given])
        };
        let named = self.recent[place];
        self.recent.copy_within(..place, 1);
        self.recent[0] = named;
        while rest > 127 {
            self.put(Stream::Local, rest as u8 | 128);
            rest >>= 7;
        }
        self.put(Stream::Local, rest as u8);
        Some(())
    }

    /// The alignment nearly always follows from the operator, the offset never.
    fn memory(&mut self) -> Option<()> {
        self.number(Stream::Operator)?;
        self.number(Stream::Offset).map(drop)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// `(func (param f64) (result i64) ...)` with a constant, a load, a vector and a table of branches.
    const MODULE: &[u8] = &[
        0, 97, 115, 109, 1, 0, 0, 0, // magic, version
        1, 6, 1, 0x60, 1, 0x7c, 1, 0x7e, // types
        3, 2, 1, 0, // functions
        10, 56, 1, 54, 1, 2, 0x7f, // code: one function of 54 bytes, two locals
        0x02, 0x40, 0x41, 0x80, 0x01, 0x0e, 1, 0, 0, 0x0b, // block, table
        0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x1a, // f64.const 1, drop
        0xfd, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        0x1a, // v128
        0x41, 0, 0x29, 3, 0x90, 0x02, 0x22, 1, 0x20, 0, 0x1a, 0x0b, // i64.load
        0, 5, 1, 97, 98, 99, 100, // a section of one's own
    ];

    #[test]
    fn a_module_is_the_same_after_being_sorted() {
        let sorted = split(MODULE).unwrap();
        assert_eq!(sorted.len(), 4 * STREAMS + MODULE.len());
        assert_ne!(sorted[4 * STREAMS..], *MODULE);
        assert_eq!(join(&sorted).unwrap(), MODULE);
    }

    #[test]
    fn what_is_no_module_or_ends_early_is_refused() {
        assert_eq!(split(b"no module"), None);
        assert_eq!(split(&MODULE[..40]), None);
        let sorted = split(MODULE).unwrap();
        for length in 0..sorted.len() {
            assert_eq!(join(&sorted[..length]), None);
        }
    }

    #[test]
    fn an_unknown_operator_is_refused() {
        let mut module = MODULE.to_vec();
        let end = module.len() - 8;
        module[end] = 0xff;
        assert_eq!(split(&module), None);
    }
}
