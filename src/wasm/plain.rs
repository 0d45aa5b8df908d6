//! Results as plain JavaScript objects, by one writer that is not compiled anew for each type.

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::ser::{self, Serialize};
use wasm_bindgen::{JsCast, JsValue};

/// A plain JavaScript value of plain data: fields as properties, nothing as null,
/// all numbers as numbers.
pub fn plain(value: &(impl Serialize + ?Sized)) -> JsValue {
    let mut writer = Writer {
        open: Vec::new(),
        key: JsValue::UNDEFINED,
        whole: JsValue::NULL,
        names: vec![(0, 0, JsValue::UNDEFINED); NAMES],
    };
    let Ok(()) = value.serialize(&mut writer);
    writer.whole
}

/// How many names of fields are remembered at a time.
const NAMES: usize = 256;

struct Writer {
    /// Containers not yet closed, the innermost last, with their own keys.
    open: Vec<(JsValue, JsValue)>,
    /// The property that the next value is for.
    key: JsValue,
    whole: JsValue,
    /// Names of fields as JavaScript's strings, by address and length.
    names: Vec<(usize, usize, JsValue)>,
}

impl Writer {
    #[inline(never)]
    fn put(&mut self, value: JsValue) {
        match self.open.last() {
            None => self.whole = value,
            Some((container, _)) if Array::is_array(container) => {
                Array::push(container.unchecked_ref(), &value);
            }
            // A fresh plain object takes every property.
            Some((container, _)) => drop(Reflect::set(container, &self.key, &value)),
        }
    }

    #[inline(never)]
    fn number(&mut self, value: f64) {
        self.put(JsValue::from_f64(value));
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
        self.put(JsValue::from_str(text));
    }

    /// The next value is the property of this name.
    #[inline(never)]
    fn name(&mut self, name: &'static str) {
        let (at, length) = (name.as_ptr() as usize, name.len());
        let kept = &mut self.names[(at ^ length) % NAMES];
        if kept.0 != at || kept.1 != length {
            *kept = (at, length, JsValue::from_str(name));
        }
        self.key = kept.2.clone();
    }

    #[inline(never)]
    fn object(&mut self) {
        self.open_with(Object::new().into());
    }

    #[inline(never)]
    fn list(&mut self) {
        self.open_with(Array::new().into());
    }

    fn open_with(&mut self, container: JsValue) {
        let key = std::mem::replace(&mut self.key, JsValue::UNDEFINED);
        self.open.push((container, key));
    }

    #[inline(never)]
    fn close(&mut self) {
        if let Some((container, key)) = self.open.pop() {
            self.key = key;
            self.put(container);
        }
    }
}

/// Writing cannot fail.
#[derive(Debug)]
enum Never {}

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: std::fmt::Display>(_: T) -> Never {
        unreachable!("no result refuses to be written")
    }
}

type Written = Result<(), Never>;

/// Methods that take one number.
macro_rules! numbers {
    ($($method:ident $type:ty),*) => {
        $(fn $method(self, value: $type) -> Written {
            self.number(value as f64);
            Ok(())
        })*
    };
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = &'a mut Writer;
    type SerializeTuple = &'a mut Writer;
    type SerializeTupleStruct = &'a mut Writer;
    type SerializeTupleVariant = &'a mut Writer;
    type SerializeMap = &'a mut Writer;
    type SerializeStruct = &'a mut Writer;
    type SerializeStructVariant = &'a mut Writer;

    numbers!(
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
        serialize_f32 f32, serialize_f64 f64
    );

    fn serialize_bool(self, value: bool) -> Written {
        self.put(JsValue::from_bool(value));
        Ok(())
    }

    fn serialize_char(self, value: char) -> Written {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Written {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        self.put(Uint8Array::from(value).into());
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.put(JsValue::NULL);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &str, _: u32, name: &'static str) -> Written {
        self.text(name);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Written {
        self.object();
        self.name(name);
        value.serialize(&mut *self)?;
        self.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Never> {
        self.list();
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Never> {
        self.list();
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        self.list();
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.object();
        self.name(name);
        self.list();
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Never> {
        self.object();
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        self.object();
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Self, Never> {
        self.object();
        self.name(name);
        self.object();
        Ok(self)
    }
}

/// Containers whose parts have no names; `$close` as often as they were opened.
macro_rules! lists {
    ($($container:ident $method:ident $($close:ident)+),*) => {
        $(impl ser::$container for &mut Writer {
            type Ok = ();
            type Error = Never;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
                value.serialize(&mut **self)
            }

            fn end(self) -> Written {
                $(self.$close();)+
                Ok(())
            }
        })*
    };
}

lists!(
    SerializeSeq serialize_element close,
    SerializeTuple serialize_element close,
    SerializeTupleStruct serialize_field close,
    SerializeTupleVariant serialize_field close close
);

/// Containers whose parts have names.
macro_rules! objects {
    ($($container:ident $($close:ident)+),*) => {
        $(impl ser::$container for &mut Writer {
            type Ok = ();
            type Error = Never;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Written {
                self.name(name);
                value.serialize(&mut **self)
            }

            fn end(self) -> Written {
                $(self.$close();)+
                Ok(())
            }
        })*
    };
}

objects!(SerializeStruct close, SerializeStructVariant close close);

impl ser::SerializeMap for &mut Writer {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        // With nothing open, what is written is the whole.
        let open = std::mem::take(&mut self.open);
        key.serialize(&mut **self)?;
        self.open = open;
        self.key = std::mem::replace(&mut self.whole, JsValue::NULL);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(&mut **self)
    }

    fn end(self) -> Written {
        self.close();
        Ok(())
    }
}
