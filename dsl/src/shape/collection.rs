//! Lists and maps of other shapes. [`Value`] has its operators on `Vec` and `HashMap`; the other collections deref to
//! these.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use super::{Draw, IsList, Json, NoFields, Shape, same};
use crate::ir::expr::Expr;
use crate::value::Value;

impl<T: Shape> Shape for Vec<T> {
    type Fields = NoFields;
    const LIST: IsList = IsList::Yes;

    fn fields(_: &Expr) -> NoFields {
        NoFields
    }

    fn sample(draw: Draw<'_>) -> Json {
        (0..draw(4)).map(|_| T::sample(draw)).collect()
    }
}

impl<T: Shape> Shape for HashMap<String, T> {
    type Fields = NoFields;

    fn fields(_: &Expr) -> NoFields {
        NoFields
    }

    fn sample(draw: Draw<'_>) -> Json {
        (0..draw(3)).map(|number| (format!("key-{number}"), T::sample(draw))).collect()
    }
}

impl<T: Shape> Shape for BTreeMap<String, T> {
    type Fields = Value<HashMap<String, T>>;

    fn fields(of: &Expr) -> Self::Fields {
        same(of)
    }

    fn sample(draw: Draw<'_>) -> Json {
        HashMap::<String, T>::sample(draw)
    }
}

impl<T: Shape, const N: usize> Shape for [T; N] {
    type Fields = Value<Vec<T>>;
    const LIST: IsList = IsList::Yes;

    fn fields(of: &Expr) -> Self::Fields {
        same(of)
    }

    fn sample(draw: Draw<'_>) -> Json {
        (0..N).map(|_| T::sample(draw)).collect()
    }
}

macro_rules! list {
    ($($name:ty: $distinct:literal;)+) => { $(
        impl<T: Shape> Shape for $name {
            type Fields = Value<Vec<T>>;
            const LIST: IsList = IsList::Yes;

            fn fields(of: &Expr) -> Self::Fields {
                same(of)
            }

            fn sample(draw: Draw<'_>) -> Json {
                let mut items: Vec<Json> = Vec::new();
                for _ in 0..draw(4) {
                    let item = T::sample(draw);
                    if !$distinct || !items.contains(&item) {
                        items.push(item);
                    }
                }
                items.into()
            }
        }
    )+ };
}

list! {
    VecDeque<T>: false;
    HashSet<T>: true;
    BTreeSet<T>: true;
}
