//! Plain data as it comes from outside: null, true, numbers, texts, lists, objects.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    Deserialize, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
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
    pub fn typed<'de, T: Deserialize<'de>>(&self) -> Result<T, Error> {
        T::deserialize(self.clone()).map_err(|error| {
            Error::new("bad-arguments").with("detail", error.to_string())
        })
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
pub struct Misfit(String);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

impl serde::de::Error for Misfit {
    fn custom<T: fmt::Display>(reason: T) -> Misfit {
        Misfit(reason.to_string())
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for Plain {
    type Deserializer = Plain;

    fn into_deserializer(self) -> Plain {
        self
    }
}

impl<'de> Deserializer<'de> for Plain {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Null => visitor.visit_unit(),
            Plain::Bool(yes) => visitor.visit_bool(yes),
            // Whole numbers as such, for fields that hold nothing else.
            Plain::Number(n) if (0.0..9e15).contains(&n) && n as u64 as f64 == n => {
                visitor.visit_u64(n as u64)
            }
            Plain::Number(n) => visitor.visit_f64(n),
            Plain::Text(text) => visitor.visit_string(text),
            Plain::List(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter()))
            }
            Plain::Object(entries) => {
                visitor.visit_map(MapDeserializer::new(entries.into_iter()))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self {
            Plain::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self {
            Plain::Text(text) => IntoDeserializer::<Misfit>::into_deserializer(text)
                .deserialize_enum(name, variants, visitor),
            other => Err(serde::de::Error::custom(format_args!(
                "{name} is no {}",
                other.kind()
            ))),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes
        byte_buf unit unit_struct newtype_struct seq tuple tuple_struct map struct
        identifier ignored_any
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
