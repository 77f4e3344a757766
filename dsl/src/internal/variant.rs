//! Enums with data, by serde's ways to say which variant it is.
//! <https://serde.rs/enum-representations.html>

use super::{is_type, nothing};
use crate::ir::expr::{Expr, Kind, Op};
use crate::shape::{Draw, Json};

/// An enum with data.
#[derive(Clone, Copy, Debug)]
pub struct Enum {
    /// How its JSON says which variant it is.
    pub tagging: Tagging,
    /// The variants, in their order.
    pub variants: &'static [Variant],
}

/// How JSON says which variant it is.
#[derive(Clone, Copy, Debug)]
pub enum Tagging {
    /// An object with one field, the name of the variant; a text if the variant holds nothing.
    External,
    /// A field beside those of the variant.
    Internal {
        /// The name of the field.
        tag: &'static str,
    },
    /// Two fields: the name of the variant, and what it holds.
    Adjacent {
        /// The field of the name.
        tag: &'static str,
        /// The field of what it holds.
        content: &'static str,
    },
    /// Nothing says it: it is the first variant that fits.
    Untagged,
}

/// A variant.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// Its name in JSON.
    pub name: &'static str,
    /// Draws what it holds; a variant that holds nothing has none.
    pub sample: Option<fn(Draw<'_>) -> Json>,
    /// Whether JSON can be what it holds.
    pub looks_like: fn(&Expr) -> Expr,
}

fn equal(a: Expr, text: &str) -> Expr {
    Expr::call(Op::Equal, [a, Expr::literal(text)])
}

fn null() -> Expr {
    Expr::literal(Json::Null)
}

impl Enum {
    /// Whether it is one of its variants.
    #[must_use]
    pub fn is(&self, of: &Expr, at: usize) -> Expr {
        let variant = &self.variants[at];
        match self.tagging {
            Tagging::External if variant.sample.is_none() => equal(of.clone(), variant.name),
            Tagging::External => Expr::call(Op::HasKey, [of.clone(), Expr::literal(variant.name)]),
            Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => equal(of.field(tag), variant.name),
            Tagging::Untagged => {
                let earlier = self.variants[..at].iter().map(|earlier| Expr::call(Op::Not, [(earlier.looks_like)(of)]));
                let own = (variant.looks_like)(of);
                earlier.rev().fold(own, |all, other| Expr::call(Op::And, [other, all]))
            }
        }
    }

    /// The name of the variant that it is.
    #[must_use]
    pub fn kind(&self, of: &Expr) -> Expr {
        match self.tagging {
            Tagging::External => {
                let only = Expr::call(Op::Get(0), [Expr::call(Op::Keys, [of.clone()])]);
                if self.variants.iter().all(|variant| variant.sample.is_some()) {
                    return only;
                }
                Expr::call(Op::IfElse, [is_type(of, "string"), of.clone(), only])
            }
            Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => of.field(tag),
            Tagging::Untagged => {
                let mut variants = self.variants.iter().rev();
                let last = variants.next().map_or_else(null, |variant| Expr::literal(variant.name));
                variants.fold(last, |others, variant| {
                    Expr::call(Op::IfElse, [(variant.looks_like)(of), Expr::literal(variant.name), others])
                })
            }
        }
    }

    /// What one of its variants holds, or `null` if it is another.
    #[must_use]
    pub fn content(&self, of: &Expr, at: usize) -> Expr {
        let content = match self.tagging {
            Tagging::External => return of.field(self.variants[at].name),
            Tagging::Internal { .. } | Tagging::Untagged => of.clone(),
            Tagging::Adjacent { content, .. } => of.field(content),
        };
        Expr::call(Op::IfElse, [self.is(of, at), content, null()])
    }

    /// A variant that holds nothing.
    #[must_use]
    pub fn unit(&self, at: usize) -> Expr {
        let name = Expr::literal(self.variants[at].name);
        match self.tagging {
            Tagging::External => name,
            Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => Expr::object(vec![(tag.to_owned(), name)]),
            Tagging::Untagged => null(),
        }
    }

    /// A variant with what it holds.
    #[must_use]
    pub fn with(&self, at: usize, held: Expr) -> Expr {
        let name = self.variants[at].name;
        match self.tagging {
            Tagging::External => Expr::object(vec![(name.to_owned(), held)]),
            Tagging::Internal { tag } => {
                let mut fields = vec![(tag.to_owned(), Expr::literal(name))];
                match held.kind() {
                    Kind::Object(inner) => {
                        fields.extend(inner.iter().cloned());
                        Expr::object(fields)
                    }
                    // What was read out of another variant has a tag of its own.
                    _ => Expr::call(Op::Merge, [held, Expr::object(fields)]),
                }
            }
            Tagging::Adjacent { tag, content } => {
                Expr::object(vec![(tag.to_owned(), Expr::literal(name)), (content.to_owned(), held)])
            }
            Tagging::Untagged => held,
        }
    }

    /// Whether JSON can be this enum.
    #[must_use]
    pub fn looks_like(&self, of: &Expr) -> Expr {
        match self.tagging {
            Tagging::External => Expr::call(Op::Or, [is_type(of, "string"), is_type(of, "object")]),
            Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => super::looks_like_object(of, &[(tag, true)]),
            Tagging::Untagged => {
                let all = self.variants.iter().map(|variant| (variant.looks_like)(of));
                all.reduce(|all, one| Expr::call(Op::Or, [all, one])).unwrap_or_else(|| nothing(of))
            }
        }
    }

    /// Draws one.
    pub fn sample(&self, draw: Draw<'_>) -> Json {
        let at = usize::try_from(draw(self.variants.len() as u64)).unwrap_or_default();
        let Some(variant) = self.variants.get(at) else { return Json::Null };
        let held = variant.sample.map(|sample| sample(draw));
        let mut object = super::Sample::default();
        match (self.tagging, held) {
            (Tagging::External, None) => return variant.name.into(),
            (Tagging::External, Some(held)) => object.field(variant.name, held),
            (Tagging::Internal { tag }, held) => {
                object.field(tag, variant.name.into());
                object.flat(held.unwrap_or_default());
            }
            (Tagging::Adjacent { tag, .. }, None) => object.field(tag, variant.name.into()),
            (Tagging::Adjacent { tag, content }, Some(held)) => {
                object.field(tag, variant.name.into());
                object.field(content, held);
            }
            (Tagging::Untagged, held) => return held.unwrap_or_default(),
        }
        object.into_json()
    }
}
