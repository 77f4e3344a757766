//! Tuples: JSON arrays, read as `pair.0` and `pair.1`.

use super::{Draw, IsList, Json, Shape};
use crate::ir::expr::{Expr, Kind};
use crate::value::{Arg, Typed, Value, as_item};

macro_rules! tuple {
    ($($shape:ident $arg:ident $at:tt),+) => {
        impl<$($shape: Shape),+> Shape for ($($shape,)+) {
            type Fields = ($(Value<$shape>,)+);
            const LIST: IsList = IsList::Yes;

            fn fields(of: &Expr) -> Self::Fields {
                ($(Value::<$shape>::of(of.item($at)),)+)
            }

            fn sample(draw: Draw<'_>) -> Json {
                Json::Array(vec![$($shape::sample(draw)),+])
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($shape: Shape, $arg: Arg<$shape>),+> Arg<($($shape,)+)> for ($($arg,)+) {
            fn into_value(self) -> Value<($($shape,)+)> {
                Value::of(Kind::Array(vec![$(as_item(self.$at.into_value())),+]).into())
            }
        }

        impl<$($shape: Shape, $arg: Arg<$shape>),+> From<($($arg,)+)> for Value<($($shape,)+)> {
            fn from(items: ($($arg,)+)) -> Self {
                items.into_value()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($arg: Typed),+> Typed for ($($arg,)+) {
            type Shape = ($($arg::Shape,)+);

            fn typed(self) -> Value<Self::Shape> {
                Value::of(Kind::Array(vec![$(as_item(self.$at.typed())),+]).into())
            }
        }
    };
}

tuple!(A X 0);
tuple!(A X 0, B Y 1);
tuple!(A X 0, B Y 1, C Z 2);
tuple!(A X 0, B Y 1, C Z 2, D W 3);
tuple!(A X 0, B Y 1, C Z 2, D W 3, E V 4);
tuple!(A X 0, B Y 1, C Z 2, D W 3, E V 4, F U 5);
