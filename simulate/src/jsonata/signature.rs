//! Signatures of functions, such as `<s-nn?:s>`.

use super::error::Error;
use super::value::Value;

/// What a function takes.
#[derive(Clone, Debug)]
pub(super) struct Signature(Vec<Parameter>);

#[derive(Clone, Debug)]
struct Parameter {
    /// The letters of the types that it takes; `m` is for what is missing.
    types: String,
    /// An array, or one item of one.
    array: bool,
    /// The letter of the type of an array's items.
    items: Option<char>,
    /// The context value, where the argument is left out.
    context: bool,
    optional: bool,
    repeated: bool,
}

impl Signature {
    /// Reads a signature, or gives the code of the error.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let characters: Vec<char> = text.chars().skip(1).collect();
        let mut at = 0;
        while let Some(c) = characters.get(at) {
            let mut add = |types: &str, array: bool| {
                parameters.push(Parameter {
                    types: types.to_owned(),
                    array,
                    items: None,
                    context: false,
                    optional: false,
                    repeated: false,
                });
            };
            match c {
                // What it gives is not looked at.
                ':' => break,
                's' | 'n' | 'b' | 'l' | 'o' => add(&format!("{c}m"), false),
                'a' => add("asnblfom", true),
                'f' => add("f", false),
                'j' => add("asnblom", false),
                'x' => add("asnblfom", false),
                '(' => {
                    let inner: String = characters[at + 1..].iter().take_while(|c| **c != ')').collect();
                    if inner.contains('<') {
                        return Err("S0402");
                    }
                    add(&format!("{inner}m"), false);
                    at += inner.chars().count() + 1;
                }
                '<' => {
                    let inner: String = characters[at + 1..].iter().take_while(|c| **c != '>').collect();
                    match parameters.last_mut() {
                        Some(last) if last.array => last.items = inner.chars().next(),
                        Some(last) if last.types == "f" => {}
                        _ => return Err("S0401"),
                    }
                    at += inner.chars().count() + 1;
                }
                '-' | '?' | '+' => {
                    if let Some(last) = parameters.last_mut() {
                        match c {
                            '-' => last.context = true,
                            '?' => last.optional = true,
                            _ => last.repeated = true,
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Ok(Self(parameters))
    }

    /// How many arguments there can be without repetition.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The arguments as the function wants them: the context where one is left out, a list of one where a list is
    /// wanted.
    pub(super) fn validate(&self, arguments: Vec<Value>, context: &Value) -> Result<Vec<Value>, Error> {
        let supplied: Vec<char> = arguments.iter().map(letter).collect();
        let mut matched = Vec::new();
        if !self.fits(0, &supplied, &mut matched) {
            return Err(self.wrong(&supplied));
        }
        let mut rest = arguments.into_iter();
        let mut valid = Vec::new();
        for (index, (parameter, count)) in self.0.iter().zip(matched).enumerate() {
            let number = (index + 1).to_string();
            if count == 0 {
                if parameter.context {
                    if !parameter.types.contains(letter(context)) {
                        return Err(Error::with_value("T0411", &number));
                    }
                    valid.push(context.clone());
                } else {
                    valid.push(rest.next().unwrap_or(Value::Undefined));
                }
                continue;
            }
            for argument in rest.by_ref().take(count) {
                valid.push(parameter.argument(argument, &number)?);
            }
        }
        valid.extend(rest);
        Ok(valid)
    }

    /// Finds how many arguments each parameter takes; the first parameters take as many as they can.
    fn fits(&self, from: usize, supplied: &[char], matched: &mut Vec<usize>) -> bool {
        let Some(parameter) = self.0.get(from) else { return supplied.is_empty() };
        let least = usize::from(!(parameter.optional || parameter.context));
        let most = if parameter.repeated { supplied.len() } else { 1 };
        let fitting = supplied.iter().take(most).take_while(|letter| parameter.types.contains(**letter)).count();
        for count in (least..=fitting).rev() {
            matched.push(count);
            if self.fits(from + 1, &supplied[count..], matched) {
                return true;
            }
            matched.pop();
        }
        false
    }

    /// Names the first argument that does not fit.
    fn wrong(&self, supplied: &[char]) -> Error {
        let mut at = 0;
        for parameter in &self.0 {
            match supplied.get(at) {
                Some(letter) if parameter.types.contains(*letter) => at += 1,
                Some(_) if parameter.optional || parameter.context => {}
                _ => break,
            }
        }
        Error::with_value("T0410", &(at + 1).to_string())
    }
}

impl Parameter {
    fn argument(&self, argument: Value, number: &str) -> Result<Value, Error> {
        if !self.array || argument.is_undefined() {
            return Ok(argument);
        }
        if let Some(items) = self.items {
            let right = match &argument {
                Value::Array(array) => array.items.iter().all(|item| letter(item) == items),
                other => letter(other) == items,
            };
            if !right {
                return Err(Error::new("T0412", 0, "{token}", number));
            }
        }
        Ok(if argument.as_array().is_some() { argument } else { Value::list(vec![argument]) })
    }
}

fn letter(value: &Value) -> char {
    match value {
        Value::Undefined => 'm',
        Value::Null => 'l',
        Value::Bool(_) => 'b',
        Value::Number(_) => 'n',
        Value::String(_) => 's',
        Value::Array(_) => 'a',
        Value::Object(_) => 'o',
        Value::Function(_) => 'f',
    }
}
