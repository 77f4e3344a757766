//! What the user wrote, and what is wrong with it.

use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Ident, Type, Visibility};

use super::case::Case;
use super::rules::Rules;
use crate::errors::Errors;

/// A type that becomes a shape.
pub(super) struct Shape<'a> {
    pub visibility: &'a Visibility,
    pub name: &'a Ident,
    pub kind: Kind<'a>,
}

pub(super) enum Kind<'a> {
    Struct(Vec<Field<'a>>),
    /// A struct with fields that have no names: the JSON of its only one, or an array.
    Tuple(Vec<Element<'a>>),
    /// An enum of unit variants: a text.
    Texts(Vec<(&'a Ident, String)>),
    Data(Tagging, Vec<Variant<'a>>),
}

pub(super) struct Field<'a> {
    pub visibility: &'a Visibility,
    pub name: &'a Ident,
    pub json: String,
    pub r#type: &'a Type,
    pub docs: Vec<&'a Attribute>,
    /// It may be left out, and reads as an `Option` unless it is one.
    pub may_be_left_out: bool,
    /// Its fields are fields of the type around it.
    pub is_flat: bool,
}

/// A field without a name.
pub(super) struct Element<'a> {
    pub visibility: &'a Visibility,
    pub r#type: &'a Type,
}

/// How the JSON of an enum says which variant it is.
pub(super) enum Tagging {
    External,
    Internal(String),
    Adjacent(String, String),
    Untagged,
}

pub(super) struct Variant<'a> {
    pub name: &'a Ident,
    pub json: String,
    pub docs: Vec<&'a Attribute>,
    pub fields: &'a Fields,
    pub content: Content<'a>,
}

pub(super) enum Content<'a> {
    Unit,
    Newtype(&'a Type),
    Tuple(Vec<&'a Type>),
    Struct(Vec<Field<'a>>),
}

/// Reads a type; `None` if nothing could be made of it.
pub(super) fn shape<'a>(item: &'a DeriveInput, errors: &mut Errors) -> Option<Shape<'a>> {
    if !item.generics.params.is_empty() {
        errors.at(&item.generics, "a shape can't be generic: its JSON must be known; write one type for each use");
        return None;
    }
    let rules = Rules::of(&item.attrs, errors);
    let kind = match &item.data {
        Data::Struct(data) => structure(&data.fields, &rules, item, errors)?,
        Data::Enum(data) => enumeration(data, &rules, item, errors)?,
        Data::Union(data) => {
            errors.at(data.union_token, "a union has no JSON; use a struct or an enum");
            return None;
        }
    };
    Some(Shape { visibility: &item.vis, name: &item.ident, kind })
}

fn structure<'a>(fields: &'a Fields, rules: &Rules, item: &DeriveInput, errors: &mut Errors) -> Option<Kind<'a>> {
    if let Some(tag) = &rules.tag {
        errors
            .add(syn::Error::new(tag.span(), "a tag on a struct is a field that Rust can't see; write it as a field"));
        return None;
    }
    match fields {
        Fields::Named(named) if rules.transparent => {
            let mut seen = named.named.iter().filter(|field| !Rules::of(&field.attrs, errors).skip);
            let only = seen.next().map(|field| Element { visibility: &field.vis, r#type: &field.ty });
            Some(Kind::Tuple(only.into_iter().collect()))
        }
        Fields::Named(_) => Some(Kind::Struct(named_fields(fields, rules.rename_all, rules.default, errors))),
        Fields::Unnamed(unnamed) => {
            let mut elements = Vec::new();
            for field in &unnamed.unnamed {
                let own = Rules::of(&field.attrs, errors);
                if own.default || own.flatten {
                    errors.at(field, "a field without a name can't be left out or flattened; give it a name");
                }
                if !own.skip {
                    elements.push(Element { visibility: &field.vis, r#type: &field.ty });
                }
            }
            if elements.is_empty() {
                errors.at(&item.ident, "a shape without a field holds nothing; use `()`");
                return None;
            }
            Some(Kind::Tuple(elements))
        }
        Fields::Unit => {
            errors.at(&item.ident, "a shape needs fields: `struct Name { field: Type }`; use `()` for nothing");
            None
        }
    }
}

fn named_fields<'a>(
    fields: &'a Fields,
    rename_all: Option<Case>,
    all_default: bool,
    errors: &mut Errors,
) -> Vec<Field<'a>> {
    let mut found = Vec::new();
    for field in fields {
        let Some(name) = &field.ident else { continue };
        let own = Rules::of(&field.attrs, errors);
        if own.skip {
            continue;
        }
        if own.flatten
            && let Some(container) = last_name(&field.ty).filter(|name| MAPS.contains(&name.as_str()))
        {
            errors.at(
                &field.ty,
                &format!(
                    "a flattened `{container}` would read the other fields, too; flatten a struct, or read the whole as `Json`"
                ),
            );
            continue;
        }
        let rust_name = name.to_string();
        let rust_name = rust_name.strip_prefix("r#").unwrap_or(&rust_name).to_owned();
        found.push(Field {
            visibility: &field.vis,
            name,
            json: own.rename.unwrap_or_else(|| rename_all.map_or(rust_name.clone(), |c| c.field(&rust_name))),
            r#type: &field.ty,
            docs: docs(&field.attrs),
            may_be_left_out: (own.default || all_default) && last_name(&field.ty).as_deref() != Some("Option"),
            is_flat: own.flatten,
        });
    }
    found
}

/// Types that take whatever fields there are, or none.
const MAPS: [&str; 5] = ["HashMap", "BTreeMap", "Json", "Option", "Map"];

/// The name of a type without its path and its parameters.
fn last_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn docs(attributes: &[Attribute]) -> Vec<&Attribute> {
    attributes.iter().filter(|a| a.path().is_ident("doc")).collect()
}

fn enumeration<'a>(data: &'a DataEnum, rules: &Rules, item: &DeriveInput, errors: &mut Errors) -> Option<Kind<'a>> {
    let tagging = match (&rules.tag, &rules.content, rules.untagged) {
        (None, None, false) => Tagging::External,
        (Some(tag), None, false) => Tagging::Internal(tag.value()),
        (Some(tag), Some(content), false) => Tagging::Adjacent(tag.value(), content.value()),
        (None, None, true) => Tagging::Untagged,
        (None, Some(content), _) => {
            errors.add(syn::Error::new(content.span(), "`content` needs a `tag` beside it"));
            return None;
        }
        (Some(tag), _, true) => {
            errors.add(syn::Error::new(tag.span(), "an enum is tagged or `untagged`"));
            return None;
        }
    };
    let mut variants = Vec::new();
    for variant in &data.variants {
        let own = Rules::of(&variant.attrs, errors);
        if own.skip {
            continue;
        }
        if own.untagged {
            errors.at(&variant.ident, "a workflow can't tell this variant from the others: give it a name");
            continue;
        }
        let name = variant.ident.to_string();
        let json = own.rename.unwrap_or_else(|| rules.rename_all.map_or(name.clone(), |case| case.variant(&name)));
        let types: Vec<_> = variant.fields.iter().map(|field| &field.ty).collect();
        let unnamed = variant.fields.iter().filter(|field| field.ident.is_none());
        for field in unnamed {
            let rules = Rules::of(&field.attrs, errors);
            if rules.skip || rules.default || rules.flatten {
                errors.at(field, "a field without a name can't be left out or flattened; give it a name");
            }
        }
        let content = match (&variant.fields, types.as_slice()) {
            (Fields::Unit, _) => Content::Unit,
            (Fields::Unnamed(_), [only]) => Content::Newtype(only),
            (Fields::Unnamed(_), []) => {
                errors.at(variant, "a variant with no field holds nothing; write it without parentheses");
                continue;
            }
            (Fields::Unnamed(_), _) if matches!(tagging, Tagging::Internal(_)) => {
                errors.at(
                    variant,
                    "a list has no place for a tag inside of it: name the fields, or add `content = \"…\"`",
                );
                continue;
            }
            (Fields::Unnamed(_), _) => Content::Tuple(types),
            (Fields::Named(_), _) => {
                let case = own.rename_all.or(rules.rename_all_fields);
                Content::Struct(named_fields(&variant.fields, case, false, errors))
            }
        };
        variants.push(Variant {
            name: &variant.ident,
            json,
            docs: docs(&variant.attrs),
            fields: &variant.fields,
            content,
        });
    }
    if data.variants.is_empty() {
        errors.at(&item.ident, "an enum without a variant has no JSON; use `()` for nothing");
        return None;
    }
    let units: Vec<_> = variants
        .iter()
        .filter(|variant| matches!(variant.content, Content::Unit))
        .map(|variant| (variant.name, variant.json.clone()))
        .collect();
    match tagging {
        Tagging::External if units.len() == variants.len() => Some(Kind::Texts(units)),
        Tagging::Untagged if !units.is_empty() => {
            errors.at(
                units[0].0,
                "a variant without content is `null` in an untagged enum; write an `Option` around the enum",
            );
            None
        }
        tagging => Some(Kind::Data(tagging, variants)),
    }
}
