//! Objects of the language: known fields with their types, and [`Rest`] for everything else.

use indexmap::IndexMap;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Number};

use super::State;

/// Any JSON: payload templates, static results.
pub type Json = serde_json::Value;

/// The states of a machine, in the order of their definition.
pub type States = IndexMap<String, State>;

/// A part of a definition.
pub trait Part: Sized {
    /// Reads it, or gives back what is none.
    ///
    /// # Errors
    ///
    /// The JSON, if it is no such part.
    fn read(json: Json) -> Result<Self, Json>;

    /// Writes it.
    fn write(&self) -> Json;

    /// Writes it without a [`Json`] in between, where that can be.
    #[doc(hidden)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(&self.write(), serializer)
    }

    /// What a field holds that is not written, if it can be left out.
    #[doc(hidden)]
    fn absent() -> Option<Self> {
        None
    }

    /// Whether a field with this is not written.
    #[doc(hidden)]
    fn is_absent(&self) -> bool {
        false
    }
}

impl Part for Json {
    fn read(json: Json) -> Result<Self, Json> {
        Ok(json)
    }

    fn write(&self) -> Json {
        self.clone()
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(self, serializer)
    }
}

impl Part for String {
    fn read(json: Json) -> Result<Self, Json> {
        match json {
            Json::String(text) => Ok(text),
            other => Err(other),
        }
    }

    fn write(&self) -> Json {
        self.as_str().into()
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Part for bool {
    fn read(json: Json) -> Result<Self, Json> {
        json.as_bool().ok_or(json)
    }

    fn write(&self) -> Json {
        (*self).into()
    }
}

impl Part for u64 {
    fn read(json: Json) -> Result<Self, Json> {
        json.as_u64().ok_or(json)
    }

    fn write(&self) -> Json {
        (*self).into()
    }
}

impl Part for Number {
    fn read(json: Json) -> Result<Self, Json> {
        match json {
            Json::Number(number) => Ok(number),
            other => Err(other),
        }
    }

    fn write(&self) -> Json {
        self.clone().into()
    }
}

impl<T: Part> Part for Vec<T> {
    fn read(json: Json) -> Result<Self, Json> {
        let Json::Array(items) = &json else { return Err(json) };
        let parts: Result<Self, Json> = items.iter().cloned().map(T::read).collect();
        parts.map_err(|_| json)
    }

    fn write(&self) -> Json {
        self.iter().map(T::write).collect()
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

impl<T: Part> Part for Box<T> {
    fn read(json: Json) -> Result<Self, Json> {
        T::read(json).map(Self::new)
    }

    fn write(&self) -> Json {
        (**self).write()
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<T: Part> Part for Option<T> {
    fn read(json: Json) -> Result<Self, Json> {
        T::read(json).map(Some)
    }

    fn write(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::write)
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(part) => part.serialize(serializer),
            None => serializer.serialize_unit(),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl Part for States {
    fn read(json: Json) -> Result<Self, Json> {
        match json {
            // Absent and empty are two things: the empty one stays as it is.
            Json::Object(states) if !states.is_empty() => {
                states.into_iter().map(|(name, state)| Ok((name, State::read(state)?))).collect()
            }
            other => Err(other),
        }
    }

    fn write(&self) -> Json {
        self.iter().map(|(name, state)| (name.clone(), state.write())).collect()
    }

    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, state)| (name, Written(state))))
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// A part as serde wants it.
pub(super) struct Written<'a, T>(pub &'a T);

impl<T: Part> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A value that may be `null`, which is something else than absent: `"ResultPath": null` discards the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nullable<T> {
    /// `null`.
    Null,
    /// Anything else.
    Value(T),
}

impl<T: Part> Part for Nullable<T> {
    fn read(json: Json) -> Result<Self, Json> {
        if json.is_null() { Ok(Self::Null) } else { T::read(json).map(Self::Value) }
    }

    fn write(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Value(value) => value.write(),
        }
    }
}

/// A whole number, or an expression that gives one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A constant.
    Number(u64),
    /// `{% … %}`, in a JSONata state.
    Expression(String),
}

impl Part for Amount {
    fn read(json: Json) -> Result<Self, Json> {
        match (json.as_u64(), json) {
            (Some(number), _) => Ok(Self::Number(number)),
            (None, Json::String(text)) => Ok(Self::Expression(text)),
            (None, other) => Err(other),
        }
    }

    fn write(&self) -> Json {
        match self {
            Self::Number(number) => (*number).into(),
            Self::Expression(text) => text.as_str().into(),
        }
    }
}

/// What an object holds beside its known fields.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    /// Fields that are not known, or not of the type that the language gives them.
    pub extra: Map<String, Json>,
    /// The keys in the order in which they were read; empty for what was built here.
    order: Vec<String>,
}

impl PartialEq for Rest {
    /// The order of keys says nothing.
    fn eq(&self, other: &Self) -> bool {
        self.extra == other.extra
    }
}

impl Rest {
    /// Reads an object: `take` takes what it knows.
    pub(super) fn read<T>(mut fields: Map<String, Json>, take: impl FnOnce(&mut Map<String, Json>) -> T) -> (T, Self) {
        let order = fields.keys().cloned().collect();
        let known = take(&mut fields);
        (known, Self { extra: fields, order })
    }

    /// Whether the known fields in their usual order are all there is.
    pub(super) fn is_plain(&self) -> bool {
        self.order.is_empty() && self.extra.is_empty()
    }

    /// Puts the known fields, which come in their usual order, and the others into the order that was read.
    pub(super) fn write(&self, mut known: Map<String, Json>) -> Json {
        known.extend(self.extra.iter().map(|(key, value)| (key.clone(), value.clone())));
        if self.order.is_empty() {
            return Json::Object(known);
        }
        let mut order: Vec<&str> =
            self.order.iter().map(String::as_str).filter(|key| known.contains_key(*key)).collect();
        let mut after = 0;
        for key in known.keys() {
            match order.iter().position(|k| k == key) {
                Some(at) => after = at + 1,
                None => {
                    order.insert(after, key);
                    after += 1;
                }
            }
        }
        let order: Vec<String> = order.into_iter().map(str::to_owned).collect();
        order.into_iter().filter_map(|key| known.remove(&key).map(|value| (key, value))).collect()
    }
}

/// Takes a field, unless it is not of its type.
pub(super) fn take<T: Part>(fields: &mut Map<String, Json>, key: &str) -> Option<T> {
    match T::read(fields.swap_remove(key)?) {
        Ok(part) => Some(part),
        Err(json) => {
            fields.insert(key.to_owned(), json);
            None
        }
    }
}

/// Puts a field, unless it is absent.
pub(super) fn put<T: Part>(fields: &mut Map<String, Json>, key: &str, part: &T) {
    if !part.is_absent() {
        fields.insert(key.to_owned(), part.write());
    }
}

/// Serializes a field, unless it is absent.
pub(super) fn serialize<T: Part, M: SerializeMap>(map: &mut M, key: &str, part: &T) -> Result<(), M::Error> {
    if part.is_absent() { Ok(()) } else { map.serialize_entry(key, &Written(part)) }
}

/// A group of known fields.
pub(super) trait Fields: Sized {
    fn take(fields: &mut Map<String, Json>) -> Self;
    fn put(&self, fields: &mut Map<String, Json>);
    fn serialize<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Writes a struct of known fields, each with its key; `group` is one that stands in a larger object.
macro_rules! object {
    (
        $(#[$doc:meta])*
        pub group $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $key:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl crate::asl::object::Fields for $name {
            fn take(fields: &mut serde_json::Map<String, crate::asl::Json>) -> Self {
                Self { $($field: crate::asl::object::take(fields, $key).unwrap_or_default(),)* }
            }

            fn put(&self, fields: &mut serde_json::Map<String, crate::asl::Json>) {
                $(crate::asl::object::put(fields, $key, &self.$field);)*
            }

            fn serialize<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $(crate::asl::object::serialize(map, $key, &self.$field)?;)*
                Ok(())
            }
        }
    };
    (
        $(#[$doc:meta])*
        pub struct $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $key:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// Everything else.
            pub rest: crate::asl::Rest,
        }

        impl crate::asl::Part for $name {
            fn read(json: crate::asl::Json) -> Result<Self, crate::asl::Json> {
                let crate::asl::Json::Object(fields) = json else { return Err(json) };
                let (mut object, rest) = crate::asl::Rest::read(fields, |fields| Self {
                    $($field: crate::asl::object::take(fields, $key).unwrap_or_default(),)*
                    ..Self::default()
                });
                object.rest = rest;
                Ok(object)
            }

            fn write(&self) -> crate::asl::Json {
                let mut fields = serde_json::Map::new();
                $(crate::asl::object::put(&mut fields, $key, &self.$field);)*
                self.rest.write(fields)
            }

            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if !self.rest.is_plain() {
                    return serde::Serialize::serialize(&self.write(), serializer);
                }
                let mut map = serializer.serialize_map(None)?;
                $(crate::asl::object::serialize(&mut map, $key, &self.$field)?;)*
                serde::ser::SerializeMap::end(map)
            }
        }
    };
}
pub(super) use object;
