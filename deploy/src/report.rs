//! What is told while the command works: a bar on a terminal, lines elsewhere, JSON on request.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value as Json, json};

/// Where the news goes.
#[derive(Debug)]
pub struct Report {
    json: bool,
    bar: Option<ProgressBar>,
}

impl Report {
    /// News for a reader, or, with `json`, one JSON object a line on standard output.
    #[must_use]
    pub fn new(json: bool) -> Self {
        let bar = (!json && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::no_length();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}") {
                bar.set_style(style);
            }
            bar
        });
        Self { json, bar }
    }

    /// Whether the news is JSON.
    #[must_use]
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// Text for a reader, on standard output.
    pub fn text(&self, text: &str) {
        if !self.json {
            self.suspend(|| print!("{text}"));
        }
    }

    /// An event for a program.
    pub fn event(&self, event: &str, fields: Json) {
        if self.json {
            let mut object = json!({ "event": event });
            if let (Some(object), Json::Object(fields)) = (object.as_object_mut(), fields) {
                object.extend(fields);
            }
            println!("{object}");
        }
    }

    /// So many steps are to be done.
    pub fn begin(&self, steps: usize) {
        if let Some(bar) = &self.bar {
            bar.set_length(steps as u64);
            bar.enable_steady_tick(Duration::from_millis(120));
        }
    }

    /// A step is done.
    pub fn done(&self, what: &str) {
        match &self.bar {
            Some(bar) => {
                bar.inc(1);
                bar.set_message(what.to_owned());
                bar.suspend(|| println!("{what}"));
            }
            None if !self.json => println!("{what}"),
            None => {}
        }
    }

    /// Something takes its time.
    pub fn waiting(&self, why: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(why.to_owned()),
            None if !self.json => eprintln!("{why}"),
            None => self.event("waiting", json!({ "for": why })),
        }
    }

    /// The work is over.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn suspend(&self, f: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(f),
            None => f(),
        }
    }
}
