//! Plain data as it comes from outside: null, true, numbers, texts, lists, objects.

use std::fmt;
use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Expected, MapAccess,
    SeqAccess, Visitor,
};

use crate::error::Error;

/// A value of JSON, or of JavaScript's plain objects. Options that need errors
/// with a code (an unknown column, say) are read from this.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    /// `null`, or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Plain>),
    /// An object, its keys in the order given.
    Object(Vec<(String, Plain)>),
}

impl Plain {
    /// The value of a key; `None` where it is absent or this is no object.
    pub fn get(&self, key: &str) -> Option<&Plain> {
        match self {
            Plain::Object(entries) => {
                entries.iter().find(|(k, _)| k == key).map(|(_, v)| v)
            }
            _ => None,
        }
    }

    /// The value as typed options; left-out fields take their defaults.
    ///
    /// # Errors
    /// `bad-arguments`, with what does not fit.
    pub fn typed<T: DeserializeOwned>(&self) -> Result<T, Error> {
        T::deserialize(self).map_err(Misfit::error)
    }

    /// What kind of value this is, as a code for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Plain::Null => "null",
            Plain::Bool(_) => "boolean",
            Plain::Number(_) => "number",
            Plain::Text(_) => "text",
            Plain::List(_) => "list",
            Plain::Object(_) => "object",
        }
    }
}

/// Why plain data does not fit a type.
#[derive(Debug)]
pub struct Misfit(Box<str>);

impl Misfit {
    #[cold]
    #[inline(never)]
    fn error(self) -> Error {
        Error::new("bad-arguments").with("detail", &*self.0)
    }

    #[cold]
    #[inline(never)]
    fn of(reason: fmt::Arguments<'_>) -> Misfit {
        Misfit(reason.to_string().into())
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

impl serde::de::Error for Misfit {
    fn custom<T: fmt::Display>(reason: T) -> Misfit {
        Misfit::of(format_args!("{reason}"))
    }
}

/// Methods that take a number.
macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match *self {
                // Whole numbers as such, for fields that hold nothing else.
                Plain::Number(n) if n.abs() < 9e15 && n as i64 as f64 == n => {
                    visitor.visit_i64(n as i64)
                }
                Plain::Number(n) => visitor.visit_f64(n),
                _ => Err(self.misfit(&visitor)),
            }
        })*
    };
}

impl<'de> Plain {
    #[cold]
    #[inline(never)]
    fn misfit(&self, expected: &dyn Expected) -> Misfit {
        Misfit::of(format_args!("invalid type: {}, expected {expected}", self.kind()))
    }

    fn text<V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Text(text) => visitor.visit_str(text),
            _ => Err(self.misfit(&visitor)),
        }
    }

    fn list<V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::List(items) => visitor.visit_seq(Items(items.iter())),
            _ => Err(self.misfit(&visitor)),
        }
    }

    fn object<V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Object(entries) => visitor.visit_map(Entries(entries.iter())),
            _ => Err(self.misfit(&visitor)),
        }
    }
}

// Each method looks only for what its types can take: the code is compiled anew for
// every type.
impl<'de> Deserializer<'de> for &'de Plain {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Null => visitor.visit_unit(),
            Plain::Bool(yes) => visitor.visit_bool(*yes),
            Plain::Number(_) => self.deserialize_f64(visitor),
            Plain::Text(text) => visitor.visit_str(text),
            Plain::List(_) => self.list(visitor),
            Plain::Object(_) => self.object(visitor),
        }
    }

    numbers!(
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
    );

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match *self {
            Plain::Bool(yes) => visitor.visit_bool(yes),
            _ => Err(self.misfit(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.text(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.list(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.object(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.object(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self {
            Plain::Text(text) => visitor.visit_enum(StrDeserializer::new(text)),
            other => Err(Misfit::of(format_args!("{name} is no {}", other.kind()))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple_struct identifier
    }
}

struct Items<'de>(slice::Iter<'de, Plain>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Misfit> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Entries<'de>(slice::Iter<'de, (String, Plain)>);

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        let entry = self.0.as_slice().first();
        entry.map(|(key, _)| seed.deserialize(StrDeserializer::new(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Misfit> {
        seed.deserialize(self.0.next().map_or(&Plain::Null, |(_, value)| value))
    }
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain data")
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain::Null)
    }

    fn visit_none<E>(self) -> Result<Plain, E> {
        Ok(Plain::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Plain, D::Error> {
        Plain::deserialize(value)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Plain, E> {
        Ok(Plain::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Plain, E> {
        Ok(Plain::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Plain, E> {
        Ok(Plain::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Plain, E> {
        Ok(Plain::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Plain, E> {
        Ok(Plain::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Plain, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Plain::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Plain, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Plain::Object(object))
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Plain, D::Error> {
        value.deserialize_any(Shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_it_stands() {
        let text = r#"{"b": [1, -2.5, "x", null, true], "a": {}}"#;
        let plain: Plain = serde_json::from_str(text).unwrap();
        let list = vec![
            Plain::Number(1.0),
            Plain::Number(-2.5),
            Plain::Text("x".to_owned()),
            Plain::Null,
            Plain::Bool(true),
        ];
        assert_eq!(plain.get("b"), Some(&Plain::List(list)));
        assert_eq!(plain.get("a"), Some(&Plain::Object(vec![])));
        assert_eq!(plain.get("c"), None);
    }
}
