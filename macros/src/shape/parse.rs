//! What the user wrote, and what is wrong with it.

use syn::{Attribute, Data, DeriveInput, Fields, Ident, LitStr, Type, Visibility};

use super::case::Case;
use crate::errors::Errors;

/// A type that becomes a shape.
pub(super) struct Shape<'a> {
    pub visibility: &'a Visibility,
    pub name: &'a Ident,
    pub kind: Kind<'a>,
}

pub(super) enum Kind<'a> {
    Struct(Vec<Field<'a>>),
    /// The variants and their JSON names.
    Enum(Vec<(&'a Ident, String)>),
}

pub(super) struct Field<'a> {
    pub visibility: &'a Visibility,
    pub name: &'a Ident,
    pub json: String,
    pub r#type: &'a Type,
    pub docs: Vec<&'a Attribute>,
}

/// Reads a type; `None` if nothing could be made of it.
pub(super) fn shape<'a>(item: &'a DeriveInput, errors: &mut Errors) -> Option<Shape<'a>> {
    if !item.generics.params.is_empty() {
        errors.at(&item.generics, "a shape can't be generic: its JSON must be known; write one type for each use");
        return None;
    }
    let rules = Rules::of(&item.attrs, errors);
    let kind = match &item.data {
        Data::Struct(data) => fields(&data.fields, rules.rename_all, item, errors)?,
        Data::Enum(data) => {
            let mut variants = Vec::new();
            for variant in &data.variants {
                if !matches!(variant.fields, Fields::Unit) {
                    errors.at(
                        variant,
                        "only unit variants have a shape (a string); put the data into a struct beside the enum",
                    );
                    continue;
                }
                let own = Rules::of(&variant.attrs, errors);
                let spelt = || {
                    rules
                        .rename_all
                        .map_or_else(|| variant.ident.to_string(), |c| c.variant(&variant.ident.to_string()))
                };
                if !own.skip {
                    variants.push((&variant.ident, own.rename.unwrap_or_else(spelt)));
                }
            }
            Kind::Enum(variants)
        }
        Data::Union(data) => {
            errors.at(data.union_token, "a union has no JSON; use a struct or an enum");
            return None;
        }
    };
    Some(Shape { visibility: &item.vis, name: &item.ident, kind })
}

fn fields<'a>(
    fields: &'a Fields,
    rename_all: Option<Case>,
    item: &DeriveInput,
    errors: &mut Errors,
) -> Option<Kind<'a>> {
    let Fields::Named(named) = fields else {
        errors.at(&item.ident, "a shape needs named fields: `struct Name { field: Type }`");
        return None;
    };
    let mut found = Vec::new();
    for field in &named.named {
        let Some(name) = &field.ident else { continue };
        let own = Rules::of(&field.attrs, errors);
        let rust_name = name.to_string();
        let rust_name = rust_name.strip_prefix("r#").unwrap_or(&rust_name).to_owned();
        if !own.skip {
            found.push(Field {
                visibility: &field.vis,
                name,
                json: own.rename.unwrap_or_else(|| rename_all.map_or(rust_name.clone(), |c| c.field(&rust_name))),
                r#type: &field.ty,
                docs: field.attrs.iter().filter(|a| a.path().is_ident("doc")).collect(),
            });
        }
    }
    Some(Kind::Struct(found))
}

/// The serde attributes that change the JSON.
#[derive(Default)]
struct Rules {
    rename: Option<String>,
    rename_all: Option<Case>,
    skip: bool,
}

impl Rules {
    fn of(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut rules = Self::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
            let result = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    rules.rename = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("rename_all") {
                    let rule: LitStr = meta.value()?.parse()?;
                    rules.rename_all = Some(Case::parse(&rule.value()).map_err(|e| syn::Error::new(rule.span(), e))?);
                } else if meta.path.is_ident("skip") {
                    rules.skip = true;
                } else if meta.path.is_ident("skip_serializing_if")
                    || meta.path.is_ident("borrow")
                    || meta.path.is_ident("crate")
                {
                    // Changes nothing of what a workflow sees.
                    let _: syn::Expr = meta.value()?.parse()?;
                } else if meta.path.is_ident("deny_unknown_fields") {
                } else {
                    return Err(meta.error(
                        "a workflow's shape knows serde's `rename`, `rename_all` and `skip`; \
                         a field that may be missing is an `Option`",
                    ));
                }
                Ok(())
            });
            if let Err(error) = result {
                errors.add(error);
            }
        }
        rules
    }
}
