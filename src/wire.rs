//! Values as bytes, to be carried from one worker to another: one list of
//! fields serves both directions.
//!
//! Numbers are eight bytes, little end first; lists begin with their length.
//! The bytes are for the same build of the crate, and are not to be kept.

/// Values on their way into bytes, or out of them.
///
/// Bytes that end too soon leave zeros and empty lists, and [`Wire::read`] says
/// so in the end; no length makes more room than there are bytes for.
#[derive(Debug)]
pub(crate) enum Wire<'a> {
    /// What was written so far.
    Into(Vec<u8>),
    /// What was not read yet, and whether more was wanted than there was.
    From(&'a [u8], bool),
}

/// What goes through a [`Wire`]: written as it is, or overwritten.
pub(crate) trait Carried {
    /// Writes this value, or reads it.
    fn carry(&mut self, wire: &mut Wire<'_>);
}

impl<'a> Wire<'a> {
    /// The bytes of a value.
    pub(crate) fn written(mut value: impl Carried) -> Vec<u8> {
        let mut wire = Wire::Into(Vec::new());
        value.carry(&mut wire);
        match wire {
            Wire::Into(bytes) => bytes,
            Wire::From(..) => Vec::new(),
        }
    }

    /// Reads all of some bytes into a value; false if they are not just as long.
    #[must_use]
    pub(crate) fn read(bytes: &'a [u8], value: &mut impl Carried) -> bool {
        let mut wire = Wire::From(bytes, false);
        value.carry(&mut wire);
        matches!(wire, Wire::From([], false))
    }

    /// Whether values are being read.
    pub(crate) fn is_reading(&self) -> bool {
        matches!(self, Wire::From(..))
    }

    /// Says that what was read means nothing.
    pub(crate) fn refuse(&mut self) {
        if let Wire::From(rest, broken) = self {
            (*rest, *broken) = (&[], true);
        }
    }

    /// Reads so many bytes, none if there are fewer.
    fn take(&mut self, count: usize) -> &'a [u8] {
        if let Wire::From(rest, _) = self
            && let Some((taken, after)) = rest.split_at_checked(count)
        {
            *rest = after;
            return taken;
        }
        self.refuse();
        &[]
    }

    #[inline(never)]
    fn number(&mut self, value: u64) -> u64 {
        match self {
            Wire::Into(bytes) => {
                bytes.extend_from_slice(&value.to_le_bytes());
                value
            }
            Wire::From(..) => {
                let taken = self.take(8);
                taken.try_into().map_or(0, u64::from_le_bytes)
            }
        }
    }

    /// The length of a list whose items take at least so many bytes each.
    pub(crate) fn length(&mut self, length: usize, least: usize) -> usize {
        let length = usize::try_from(self.number(length as u64)).unwrap_or(usize::MAX);
        if let Wire::From(rest, _) = self
            && length > rest.len() / least.max(1)
        {
            self.refuse();
            return 0;
        }
        length
    }

    /// Bytes as they are.
    pub(crate) fn bytes(&mut self, value: &mut Vec<u8>) {
        let length = self.length(value.len(), 1);
        match self {
            Wire::Into(bytes) => bytes.extend_from_slice(value),
            Wire::From(..) => *value = self.take(length).to_vec(),
        }
    }
}

/// Numbers that come by the million, each in as few bytes as it has.
macro_rules! bulk {
    ($($type:ty),+) => {$(
        impl Carried for Vec<$type> {
            fn carry(&mut self, wire: &mut Wire<'_>) {
                let size = size_of::<$type>();
                let length = wire.length(self.len(), size);
                match wire {
                    Wire::Into(bytes) => {
                        bytes.reserve(length * size);
                        bytes.extend(self.iter().flat_map(|n| n.to_le_bytes()));
                    }
                    Wire::From(..) => {
                        let numbers = wire.take(length * size).as_chunks().0.iter();
                        *self = numbers.map(|n| <$type>::from_le_bytes(*n)).collect();
                    }
                }
            }
        }
    )+};
}

bulk!(u16, u32, u64);

/// Numbers that are carried as one of eight bytes.
macro_rules! number {
    ($($type:ty),+) => {$(
        impl Carried for $type {
            #[inline]
            fn carry(&mut self, wire: &mut Wire<'_>) {
                *self = wire.number(*self as u64) as $type;
            }
        }
    )+};
}

number!(u8, u16, u32, i32, u64, i64, usize);

impl Carried for bool {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        *self = wire.number(u64::from(*self)) != 0;
    }
}

impl Carried for i128 {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let low = wire.number(*self as u64);
        let high = wire.number((*self >> 64) as u64);
        *self = (i128::from(high as i64) << 64) | i128::from(low);
    }
}

impl Carried for String {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let mut bytes = std::mem::take(self).into_bytes();
        wire.bytes(&mut bytes);
        *self = String::from_utf8(bytes).unwrap_or_default();
    }
}

impl Carried for Option<u64> {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        let (mut is, mut value) = (self.is_some(), self.unwrap_or(0));
        is.carry(wire);
        value.carry(wire);
        *self = is.then_some(value);
    }
}

impl<A: Carried, B: Carried> Carried for (A, B) {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        self.0.carry(wire);
        self.1.carry(wire);
    }
}

impl<T: Carried, const N: usize> Carried for [T; N] {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        for value in self {
            value.carry(wire);
        }
    }
}

impl Carried for Vec<String> {
    fn carry(&mut self, wire: &mut Wire<'_>) {
        list(self, wire);
    }
}

/// A list of anything: each item takes at least eight bytes.
pub(crate) fn list<T: Carried + Default>(items: &mut Vec<T>, wire: &mut Wire<'_>) {
    let length = wire.length(items.len(), 8);
    if wire.is_reading() {
        items.clear();
        items.resize_with(length, T::default);
    }
    for item in items {
        item.carry(wire);
    }
}

/// Carries a struct field by field; a field left out is an error, unless it is
/// named after `but`.
macro_rules! carried {
    ($($type:ident { $($field:ident),+ $(; but $($other:ident),+)? })+) => {$(
        impl $crate::wire::Carried for $type {
            fn carry(&mut self, wire: &mut $crate::wire::Wire<'_>) {
                let $type { $($field),+ $(, $($other: _),+)? } = self;
                $($field.carry(wire);)+
            }
        }
    )+};
}

pub(crate) use carried;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct All {
        small: u8,
        signed: i32,
        wide: i128,
        maybe: Option<u64>,
        text: String,
        many: Vec<u32>,
        pair: (u64, bool),
    }

    carried!(All { small, signed, wide, maybe, text, many, pair });

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Lists {
        all: Vec<All>,
    }

    impl Carried for Lists {
        fn carry(&mut self, wire: &mut Wire<'_>) {
            list(&mut self.all, wire);
        }
    }

    fn all() -> impl Strategy<Value = All> {
        let many = prop::collection::vec(any::<u32>(), 0..9);
        let pair = any::<(u64, bool)>();
        (any::<u8>(), any::<i32>(), any::<i128>(), any::<Option<u64>>(), ".*", many, pair)
            .prop_map(|(small, signed, wide, maybe, text, many, pair)| All {
                small,
                signed,
                wide,
                maybe,
                text,
                many,
                pair,
            })
    }

    proptest! {
        #[test]
        fn values_come_back_and_broken_bytes_are_refused(
            all in prop::collection::vec(all(), 0..5),
            cut in any::<prop::sample::Index>(),
            (at, put) in any::<(prop::sample::Index, u8)>(),
        ) {
            let lists = Lists { all };
            let bytes = Wire::written(lists.clone());
            let mut read = Lists::default();
            prop_assert!(Wire::read(&bytes, &mut read));
            prop_assert_eq!(&read, &lists);
            prop_assert!(!Wire::read(&bytes[..cut.index(bytes.len())], &mut read));
            prop_assert!(!Wire::read(&[&bytes[..], &[0]].concat(), &mut read));
            // Whatever is written there: no trap, no more room than bytes.
            let mut other = bytes.clone();
            other[at.index(bytes.len())] = put;
            let _ = Wire::read(&other, &mut read);
            prop_assert!(read.all.len() <= other.len());
        }
    }
}
