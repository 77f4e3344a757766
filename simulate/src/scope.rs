//! What the paths and expressions of a state can read: its input, the context object, and variables.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::io;
use std::ops::Deref;
use std::rc::Rc;

use serde_json::{Map, Value as Json};

use crate::context::Context;
use crate::jsonata::{Bound, Moment, Read};

/// A JSON value that is passed on without being copied, and that is put once into the form in which expressions read it.
#[derive(Clone)]
pub struct Payload(Rc<Inner>);

struct Inner {
    json: Json,
    bound: OnceCell<Bound>,
    size: OnceCell<usize>,
    /// As it was written, for what came as text.
    text: Option<Rc<str>>,
}

impl Payload {
    pub(crate) fn bound(&self) -> Bound {
        self.0.bound.get_or_init(|| Bound::new(&self.0.json)).clone()
    }

    /// A copy, or the value itself if nobody else has it.
    #[must_use]
    pub fn into_json(self) -> Json {
        Rc::try_unwrap(self.0).map_or_else(|shared| shared.json.clone(), |inner| inner.json)
    }

    /// Reads JSON text, which is kept as it is written: Step Functions shows the input of an execution so.
    ///
    /// # Errors
    ///
    /// If it is not JSON.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        let json = serde_json::from_str(text)?;
        let text = Some(text.into());
        Ok(Self(Rc::new(Inner { json, bound: OnceCell::new(), size: OnceCell::new(), text })))
    }

    /// As JSON text.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.0.text.as_ref().map_or_else(|| self.0.json.to_string(), |text| text.to_string())
    }

    /// How many bytes it has as JSON text.
    #[must_use]
    pub fn size(&self) -> usize {
        *self.0.size.get_or_init(|| {
            let mut counter = Counter(0);
            let _ = serde_json::to_writer(&mut counter, &self.0.json);
            counter.0
        })
    }

    /// Whether two of them are the same value, not only equal.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Counts what is written.
struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl From<Json> for Payload {
    fn from(json: Json) -> Self {
        Self(Rc::new(Inner { json, bound: OnceCell::new(), size: OnceCell::new(), text: None }))
    }
}

impl Deref for Payload {
    type Target = Json;

    fn deref(&self) -> &Json {
        &self.0.json
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || **self == **other
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.json)
    }
}

/// Seeds for what is random: each is used once, and the same first one gives the same sequence.
#[derive(Debug)]
pub struct Seeds(Cell<u64>);

impl Seeds {
    /// The sequence that begins with this one.
    #[must_use]
    pub const fn new(first: u64) -> Self {
        Self(Cell::new(first))
    }

    /// The next one: consecutive numbers would draw almost the same, so they are mixed (SplitMix64).
    pub fn draw(&self) -> i64 {
        self.0.set(self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15));
        let mut mixed = self.0.get();
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).cast_signed()
    }
}

/// What can be read at some moment of a state.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// `$`, `$states.input`
    pub input: &'a Payload,
    /// `$$`, `$states.context`
    pub context: &'a Context,
    /// `$name`
    pub variables: &'a Variables,
    /// `$states.result`, in the fields that have one.
    pub result: Option<&'a Payload>,
    /// `$states.errorOutput`, in a Catcher.
    pub error_output: Option<&'a Payload>,
    /// The present, in milliseconds since 1970.
    pub millis: i64,
    /// Of what is random.
    pub seeds: &'a Seeds,
}

impl<'a> Scope<'a> {
    /// The same with another input, for the fields that read what an earlier one has made.
    #[must_use]
    pub const fn with_input(self, input: &'a Payload) -> Self {
        Self { input, ..self }
    }

    /// The present, for one expression.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment { millis: self.millis, seed: self.seeds.draw() }
    }

    /// What an expression reads.
    pub(crate) fn bindings<'r>(&self, reads: &'r [Read]) -> Vec<(&'r str, Bound)> {
        let mut bindings: Vec<(&str, Bound)> = Vec::new();
        let mut fields: Vec<&str> = Vec::new();
        for read in reads {
            match (read.variable.as_str(), &read.field) {
                ("states", Some(field)) => fields.push(field),
                ("states", None) => fields.extend(["input", "context", "result", "errorOutput"]),
                (name, _) if bindings.iter().any(|(known, _)| *known == name) => {}
                (name, _) => {
                    if let Some(value) = self.variables.get(name) {
                        bindings.push((name, value.bound()));
                    }
                }
            }
        }
        if !fields.is_empty() {
            let all: [(&'static str, &dyn Fn() -> Option<Bound>); 4] = [
                ("input", &|| Some(self.input.bound())),
                ("context", &|| Some(self.context.bound())),
                ("result", &|| self.result.map(Payload::bound)),
                ("errorOutput", &|| self.error_output.map(Payload::bound)),
            ];
            let used = all.into_iter().filter(|(name, _)| fields.contains(name));
            let states = Bound::object(used.filter_map(|(name, bound)| Some((name, bound()?))));
            bindings.push(("states", states));
        }
        bindings
    }
}

/// Variables: those of a machine, or of a branch or iteration inside it, which also reads those around it.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html>
///
/// ```
/// use serde_json::json;
/// use statewright_simulate::scope::Variables;
///
/// let outer = Variables::default();
/// outer.assign([("shop".to_owned(), json!("hakata").into())]);
/// let inner = outer.inner();
/// inner.assign([("item".to_owned(), json!(7).into())]);
/// assert_eq!(inner.get("shop").as_deref(), Some(&json!("hakata")));
/// assert_eq!(outer.get("item"), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Variables(Rc<Layer>);

#[derive(Debug, Default)]
struct Layer {
    own: RefCell<Vec<(String, Payload)>>,
    outer: Option<Variables>,
}

impl Variables {
    /// Variables that also read these.
    #[must_use]
    pub fn inner(&self) -> Self {
        Self(Rc::new(Layer { own: RefCell::default(), outer: Some(self.clone()) }))
    }

    /// What a variable holds.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Payload> {
        let found = self.0.own.borrow().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        found.or_else(|| self.0.outer.as_ref()?.get(name))
    }

    /// Gives variables new values, all at once.
    pub fn assign(&self, values: impl IntoIterator<Item = (String, Payload)>) {
        let mut own = self.0.own.borrow_mut();
        for (name, value) in values {
            match own.iter_mut().find(|(known, _)| *known == name) {
                Some((_, old)) => *old = value,
                None => own.push((name, value)),
            }
        }
    }

    /// All that can be read here, inner ones last.
    #[must_use]
    pub fn all(&self) -> Map<String, Json> {
        let mut all = self.0.outer.as_ref().map(Self::all).unwrap_or_default();
        all.extend(self.0.own.borrow().iter().map(|(name, value)| (name.clone(), (**value).clone())));
        all
    }
}
