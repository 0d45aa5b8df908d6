//! Panics as bare traps: nobody hears their words in a module without a console, and the
//! caller replaces the engine after a trap of any kind.

use std::ops::Range;

use walrus::ir::Value;
use walrus::{ConstExpr, DataKind, FunctionBuilder, FunctionKind, Module};

/// Functions of the standard library that end in a panic whatever they are given, by
/// the part of their mangled names that tells them apart.
const PANICS: &[&str] = &[
    "4core9panicking9panic_fmt",
    "4core9panicking5panic",
    "4core9panicking18panic_bounds_check",
    "4core9panicking19assert_failed_inner",
    "4core9panicking11panic_const",
    "4core6option13unwrap_failed",
    "4core6option13expect_failed",
    "4core6result13unwrap_failed",
    "4core5slice5index16slice_index_fail",
    "4core5slice20copy_from_slice_impl17len_mismatch_fail",
    "4core3str16slice_error_fail",
    "4core4cell22panic_already_borrowed",
    "4core4cell30panic_already_mutably_borrowed",
    "9smallsort22panic_on_ord_violation",
    "3std9panicking15panic_with_hook",
    // Only panics show values as a programmer sees them.
    "$u20$as$u20$core..fmt..Debug$GT$3fmt17h",
];

/// Replaces the bodies of these functions; what only they need is then dropped by the
/// binding generator, and the optimiser shortens their callers.
pub fn silence(module: &mut Module) {
    let panics = |name: &str| PANICS.iter().any(|panic| name.contains(panic));
    let found: Vec<_> = module
        .funcs
        .iter_local()
        .map(|(id, _)| module.funcs.get(id))
        .filter(|function| function.name.as_deref().is_some_and(panics))
        .map(|function| (function.id(), function.ty()))
        .collect();
    for (id, kind) in found {
        let (params, results) = module.types.params_results(kind);
        let (params, results) = (params.to_vec(), results.to_vec());
        let args = params.iter().map(|kind| module.locals.add(*kind)).collect();
        let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
        trap.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(args));
    }
}

/// Empties the places in the sources that panics would have told, and the names of the
/// files.
pub fn forget_places(module: &mut Module) {
    let all: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    for id in all {
        let data = module.data.get_mut(id);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } =
            data.kind
        else {
            continue;
        };
        for (at, name) in places(&data.value, start as u32 as usize) {
            data.value[at..at + PLACE].fill(0);
            data.value[name].fill(0);
        }
    }
}

/// Bytes of a `core::panic::Location`: the address and length of the file's name, the
/// line, the column.
const PLACE: usize = 16;

/// Where such places lie in bytes that begin at an address, with their files' names.
fn places(bytes: &[u8], start: usize) -> Vec<(usize, Range<usize>)> {
    let word = |at: usize| {
        let word = bytes[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
        word as usize
    };
    let place = |at: usize| {
        let (name, length) = (word(at).checked_sub(start)?, word(at + 4));
        let file = name..name.checked_add(length)?;
        let text = bytes.get(file.clone())?;
        let source = text.ends_with(b".rs") && text.contains(&b'/') && text.is_ascii();
        let (line, column) = (word(at + 8), word(at + 12));
        (source && (1..100_000).contains(&line) && (1..1_000).contains(&column))
            .then_some((at, file))
    };
    (0..bytes.len().saturating_sub(PLACE - 1)).step_by(4).filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_from_other_words() {
        let mut bytes = b"src/a.rsplain text".to_vec();
        bytes.resize(20, 0);
        for word in [1000_u32, 8, 12, 5, 1008, 5, 12, 5, 1000, 8, 0, 5] {
            bytes.extend(word.to_le_bytes());
        }
        assert_eq!(places(&bytes, 1000), [(20, 0..8)]);
    }
}
