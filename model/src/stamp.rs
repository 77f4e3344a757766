//! Of when the data is.

use std::sync::OnceLock;

use serde_json::Value as Json;

/// Of which packages the data was made, and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stamp {
    /// The day on which the newest of the packages was released. A service, an action or a value that AWS has added since
    /// is not known.
    pub released: String,
    /// The packages with their versions.
    pub packages: Vec<(String, String)>,
    /// How many services of `aws-sdk:` integrations there are.
    pub services: u64,
    /// How many actions they have.
    pub actions: u64,
    /// How many optimized integrations there are.
    pub optimized: u64,
    /// How many actions IAM has.
    pub iam_actions: u64,
}

/// Of when the data is.
///
/// ```
/// let stamp = statewright_model::stamp();
/// assert!(stamp.packages.iter().any(|(package, _)| package == "botocore"));
/// ```
#[must_use]
pub fn stamp() -> &'static Stamp {
    static STAMP: OnceLock<Stamp> = OnceLock::new();
    STAMP.get_or_init(|| {
        let json: Json = serde_json::from_str(include_str!("../data/STAMP.json")).unwrap_or_default();
        let number = |name: &str| json[name].as_u64().unwrap_or_default();
        let packages = json["packages"].as_object().into_iter().flatten();
        Stamp {
            released: json["released"].as_str().unwrap_or_default().to_owned(),
            packages: packages
                .map(|(name, version)| (name.clone(), version.as_str().unwrap_or_default().to_owned()))
                .collect(),
            services: number("services"),
            actions: number("actions"),
            optimized: number("optimized"),
            iam_actions: number("iam_actions"),
        }
    })
}
