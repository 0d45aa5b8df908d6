//! Panics as bare traps: nobody hears their words in a module without a console, and the
//! caller replaces the engine after a trap of any kind.

use walrus::{FunctionBuilder, FunctionKind, Module};

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
