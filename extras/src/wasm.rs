//! The boundary to JavaScript.

use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::Failure;

/// Finds the encoding of a text.
#[wasm_bindgen]
#[derive(Default)]
pub struct Detect {
    inner: crate::Detect,
}

#[wasm_bindgen]
impl Detect {
    /// A look at a text from its first byte.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Detect {
        Detect::default()
    }

    /// The next bytes; true when no more are needed.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        self.inner.push(bytes)
    }

    /// The name of the encoding.
    pub fn finish(self) -> String {
        self.inner.finish()
    }
}

/// Decodes a text to UTF-8.
#[wasm_bindgen]
pub struct Decode {
    inner: crate::Decode,
}

#[wasm_bindgen]
impl Decode {
    /// A decoder for an encoding by one of its names.
    ///
    /// @throws an object with `code` and `params`
    #[wasm_bindgen(constructor)]
    pub fn new(label: &str) -> Result<Decode, JsValue> {
        Ok(Decode { inner: crate::Decode::new(label).map_err(throw)? })
    }

    /// The name of the encoding.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.inner.name()
    }

    /// How many sequences of bytes were no character.
    #[wasm_bindgen(getter)]
    pub fn malformed(&self) -> f64 {
        self.inner.malformed() as f64
    }

    /// The next bytes as UTF-8; `last` with the end of the text.
    pub fn push(&mut self, bytes: &[u8], last: bool) -> Vec<u8> {
        self.inner.push(bytes, last)
    }
}

/// A workbook or a ZIP archive.
#[wasm_bindgen]
pub struct Workbook {
    inner: crate::Workbook,
}

#[wasm_bindgen]
impl Workbook {
    /// Opens one from its bytes.
    ///
    /// @throws an object with `code` and `params`
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>) -> Result<Workbook, JsValue> {
        Ok(Workbook { inner: crate::Workbook::open(bytes).map_err(throw)? })
    }

    /// Whether it has sheets, and not files.
    #[wasm_bindgen(getter, js_name = hasSheets)]
    pub fn has_sheets(&self) -> bool {
        matches!(self.inner, crate::Workbook::Sheets(_))
    }

    /// Name and rows of each sheet, or of each table in the archive.
    ///
    /// @throws an object with `code` and `params`
    pub fn sheets(&mut self) -> Result<Array, JsValue> {
        let sheets = self.inner.sheets().map_err(throw)?;
        let pair = |name: String, rows: u32| Array::of2(&name.into(), &rows.into());
        Ok(sheets.into_iter().map(|sheet| pair(sheet.name, sheet.rows)).collect())
    }

    /// Hands on a sheet as CSV, or a file as it is, piece by piece.
    ///
    /// @throws an object with `code` and `params`
    pub fn write(&mut self, sheet: &str, emit: &Function) -> Result<(), JsValue> {
        let mut failed = None;
        let mut each = |piece: &[u8]| {
            let result = emit.call1(&JsValue::UNDEFINED, &Uint8Array::from(piece));
            failed = failed.take().or(result.err());
        };
        self.inner.write(sheet, &mut each).map_err(throw)?;
        failed.map_or(Ok(()), Err)
    }
}

fn throw(failure: Failure) -> JsValue {
    let (params, thrown) = (Object::new(), Object::new());
    let set = |object: &Object, key: &str, value: &JsValue| {
        // Setting a property of a fresh plain object does not fail.
        let _ = Reflect::set(object, &key.into(), value);
    };
    let (name, value) = failure.param;
    set(&params, name, &value.into());
    set(&thrown, "code", &failure.code.into());
    set(&thrown, "params", &params);
    thrown.into()
}
