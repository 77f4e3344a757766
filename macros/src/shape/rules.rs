//! serde's attributes.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr};

use super::case::Case;
use crate::errors::Errors;

/// What serde's attributes say about a type, a variant or a field.
#[derive(Default)]
pub(super) struct Rules {
    pub rename: Option<String>,
    pub rename_all: Option<Case>,
    pub rename_all_fields: Option<Case>,
    pub skip: bool,
    /// It may be left out.
    pub default: bool,
    pub flatten: bool,
    pub transparent: bool,
    pub untagged: bool,
    pub tag: Option<LitStr>,
    pub content: Option<LitStr>,
}

/// What serde does with code that is not seen here, or in one direction only.
const REFUSED: [(&str, &str); 14] = [
    ("with", UNSEEN),
    ("serialize_with", UNSEEN),
    ("deserialize_with", UNSEEN),
    ("getter", UNSEEN),
    ("from", UNSEEN),
    ("try_from", UNSEEN),
    ("into", UNSEEN),
    ("remote", UNSEEN),
    ("alias", "a workflow reads a field by one name: rename the field, or read it out of a `Json` with `.get(…)`"),
    ("skip_serializing", ONE_WAY),
    ("skip_deserializing", ONE_WAY),
    ("other", "a workflow can't read what `other` stands for: write the variants, or a `String`"),
    ("variant_identifier", "a workflow can't read an identifier: derive `Shape` for the type that it is a part of"),
    ("field_identifier", "a workflow can't read an identifier: derive `Shape` for the type that it is a part of"),
];

const UNSEEN: &str = "the JSON that this makes is not known here: give the field a type that has this JSON, such as \
                      `String`, or a type of its own with `#[derive(Shape)]`";

const ONE_WAY: &str = "a workflow reads and writes the same JSON: write `skip`, or a type for each direction";

impl Rules {
    pub(super) fn of(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut rules = Self::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
            if let Err(error) = attribute.parse_nested_meta(|meta| rules.read(&meta)) {
                errors.add(error);
            }
        }
        rules
    }

    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        match name.as_str() {
            "rename" => self.rename = Some(both(meta)?.value()),
            "rename_all" => self.rename_all = Some(case(meta)?),
            "rename_all_fields" => self.rename_all_fields = Some(case(meta)?),
            "skip" => self.skip = true,
            "flatten" => self.flatten = true,
            "transparent" => self.transparent = true,
            "untagged" => self.untagged = true,
            "tag" => self.tag = Some(meta.value()?.parse()?),
            "content" => self.content = Some(meta.value()?.parse()?),
            "default" => {
                self.default = true;
                if meta.input.peek(syn::Token![=]) {
                    let _: LitStr = meta.value()?.parse()?;
                }
            }
            // These change nothing of what a workflow sees.
            "deny_unknown_fields" => {}
            "skip_serializing_if" | "borrow" | "crate" | "expecting" | "bound" => ignore(meta)?,
            _ => {
                let refused = REFUSED.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason);
                return Err(meta.error(refused.unwrap_or("a workflow's shape does not know this attribute of serde")));
            }
        }
        Ok(())
    }
}

/// What is said behind the name, if anything.
fn ignore(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(syn::Token![=]) {
        let _: syn::Expr = meta.value()?.parse()?;
    } else if meta.input.peek(syn::token::Paren) {
        let inner;
        syn::parenthesized!(inner in meta.input);
        let _: proc_macro2::TokenStream = inner.parse()?;
    }
    Ok(())
}

/// A name that is the same in both directions: `= "name"` or `(serialize = "name", deserialize = "name")`.
fn both(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    if meta.input.peek(syn::Token![=]) {
        return meta.value()?.parse();
    }
    let (mut written, mut read): (Option<LitStr>, Option<LitStr>) = (None, None);
    meta.parse_nested_meta(|inner| {
        if inner.path.is_ident("serialize") {
            written = Some(inner.value()?.parse()?);
        } else if inner.path.is_ident("deserialize") {
            read = Some(inner.value()?.parse()?);
        } else {
            return Err(inner.error("expected `serialize = \"…\"` or `deserialize = \"…\"`"));
        }
        Ok(())
    })?;
    match (written, read) {
        (Some(written), Some(read)) if written.value() == read.value() => Ok(written),
        _ => Err(meta.error("a workflow reads and writes the same JSON: give both directions the same name")),
    }
}

fn case(meta: &ParseNestedMeta<'_>) -> syn::Result<Case> {
    let rule = both(meta)?;
    Case::parse(&rule.value()).map_err(|error| syn::Error::new(rule.span(), error))
}
