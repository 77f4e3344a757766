//! The macros of `statewright`. They know no ASL: they emit calls to the public functions of `statewright`.
//!
//! Each has a file for reading what the user wrote and one for writing the expansion; everything that is wrong is
//! reported at once, at the user's own token.

use proc_macro::TokenStream;

mod errors;
mod shape;
mod text;
mod workflow;

/// Makes a struct or an enum a JSON value that a workflow can carry.
///
/// A struct gets a mirror struct with a `Value` for each field: `ManifestFields` for `Manifest`. An enum with data gets
/// methods that ask for each variant (`is_card`, `as_card`) and make it, and a `PaymentKind` for `w.switch`. serde's
/// attributes are honoured. See `statewright::Shape`.
#[proc_macro_derive(Shape, attributes(serde))]
pub fn derive_shape(input: TokenStream) -> TokenStream {
    shape::derive(input.into()).into()
}

/// Text with values in it, put together at run time: `text!("s3://{}/{key}", bucket)`.
///
/// `{}` takes the next argument, `{name}` a variable in scope, `{{` and `}}` are braces. Arguments are text, numbers
/// or bools, known now or at run time.
#[proc_macro]
pub fn text(input: TokenStream) -> TokenStream {
    text::expand(input.into()).into()
}

/// Makes an `async fn` a workflow: every `.await` is a state, every `?` an edge to the error handler, and the `let` name is
/// the name of the state. What it becomes and what is refused is in `statewright::spelling`.
#[proc_macro_attribute]
pub fn workflow(arguments: TokenStream, item: TokenStream) -> TokenStream {
    workflow::workflow(arguments.into(), item.into()).into()
}

/// Makes an `async fn` a part of workflows, which both spellings can call. See `statewright::spelling::Fragment`.
#[proc_macro_attribute]
pub fn fragment(arguments: TokenStream, item: TokenStream) -> TokenStream {
    workflow::fragment(arguments.into(), item.into()).into()
}
