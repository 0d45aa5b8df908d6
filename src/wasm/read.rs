//! Arguments from JavaScript as plain data.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Symbol};
use wasm_bindgen::{JsCast, JsValue};

use crate::table::Plain;

/// Objects within objects that are looked into; nothing asks for more.
const DEEPEST: u32 = 100;

/// Arguments as plain data; none at all is an empty object.
pub fn read(args: &JsValue) -> Plain {
    match plain(args, 0) {
        Plain::Null => Plain::Object(Vec::new()),
        args => args,
    }
}

/// Anything that can be iterated is a list; what is left undefined is left out.
fn plain(value: &JsValue, depth: u32) -> Plain {
    if let Some(number) = value.as_f64() {
        return Plain::Number(number);
    }
    if let Some(text) = value.as_string() {
        return Plain::Text(text);
    }
    if let Some(yes) = value.as_bool() {
        return Plain::Bool(yes);
    }
    if !value.is_object() || depth > DEEPEST {
        return Plain::Null;
    }
    if is_list(value) {
        return Plain::List(
            Array::from(value).iter().map(|v| plain(&v, depth + 1)).collect(),
        );
    }
    let entry = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        let value = entry.get(1);
        let key = entry.get(0).as_string()?;
        (!value.is_undefined()).then(|| (key, plain(&value, depth + 1)))
    };
    Plain::Object(
        Object::entries(value.unchecked_ref()).iter().filter_map(entry).collect(),
    )
}

fn is_list(value: &JsValue) -> bool {
    Array::is_array(value)
        || ArrayBuffer::is_view(value)
        || Reflect::get(value, &Symbol::iterator()).is_ok_and(|each| each.is_function())
}
