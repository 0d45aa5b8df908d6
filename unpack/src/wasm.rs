//! The boundary to JavaScript.

use lol_alloc::{FreeListAllocator, LockedAllocator};
use wasm_bindgen::prelude::*;

use crate::Damaged;

/// A few large pieces of memory are all that is asked for.
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> =
    LockedAllocator::new(FreeListAllocator::new());

/// A part on its way out.
#[wasm_bindgen]
pub struct Unpack {
    inner: crate::Unpack,
}

#[wasm_bindgen]
impl Unpack {
    /// Begins with a part.
    #[wasm_bindgen(constructor)]
    pub fn new(part: Vec<u8>) -> Result<Unpack, JsValue> {
        Ok(Unpack { inner: crate::Unpack::new(part).map_err(throw)? })
    }

    /// Unpacks some more; true while there is more to come.
    pub fn step(&mut self) -> Result<bool, JsValue> {
        self.inner.step().map_err(throw)
    }

    /// What was packed.
    pub fn finish(self) -> Vec<u8> {
        self.inner.finish()
    }
}

fn throw(_: Damaged) -> JsValue {
    JsValue::from_str("this file is damaged")
}
