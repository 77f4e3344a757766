//! What a call of an HTTPS endpoint needs.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html>

use serde_json::{Map, Value as Json, json};

use super::Call;
use crate::bundle::{ACCOUNT_ID, PARTITION, REGION};
use crate::diag::{Diagnostic, codes};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    /// The call itself, for its method and its endpoint, and the credentials of its connection.
    pub(in crate::iam) fn http(&mut self, workflow: &str, arguments: &Arguments<'_>) {
        let endpoint = arguments.get("ApiEndpoint");
        if let Argument::Text(url) = endpoint
            && !url.starts_with("https://")
        {
            let message = format!("`{}` calls `{url}`, which is no HTTPS endpoint", self.state);
            self.diagnostics.push(
                Diagnostic::error(codes::HTTP_ENDPOINT, message, self.place.clone())
                    .help("write the whole URL without its query: `https://api.example.com/orders`"),
            );
        }
        let query = arguments.get("QueryParameters") != Argument::Absent;
        let endpoints = self.named("ApiEndpoint", &endpoint, |url| match query {
            // What is asked stands behind it.
            true if !url.ends_with('*') => vec![url.to_owned(), format!("{url}?*")],
            _ => vec![url.to_owned()],
        });
        let mut condition = Map::new();
        condition.insert("StringLike".into(), json!({ "states:HTTPEndpoint": one_or_all(endpoints) }));
        if let Argument::Text(method) = arguments.get("Method") {
            condition.insert("StringEquals".into(), json!({ "states:HTTPMethod": method }));
        }
        let machine = arn("states", "stateMachine:", workflow);
        self.need("InvokeHttpEndpoint", &["states:InvokeHTTPEndpoint"], vec![machine], Some(condition.into()));
        let connection = arguments.inner("Authentication").get("ConnectionArn");
        let connections = match &connection {
            Argument::Text(arn) => vec![(*arn).to_owned()],
            computed => {
                // Of the resources that were said, those that are no endpoints.
                let said = self.named("ConnectionArn", computed, |name| vec![arn("events", "connection/", name)]);
                let connections: Vec<String> = said.into_iter().filter(|arn| arn.contains(":connection/")).collect();
                connections
            }
        };
        let secrets = connections.iter().map(|connection| secret(connection)).collect();
        self.need("ConnectionCredentials", &["events:RetrieveConnectionCredentials"], connections, None);
        let actions = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];
        self.need("ConnectionSecret", &actions, secrets, None);
    }
}

fn one_or_all(texts: Vec<String>) -> Json {
    match <[String; 1]>::try_from(texts) {
        Ok([one]) => one.into(),
        Err(all) => all.into(),
    }
}

/// The secret that EventBridge keeps for a connection, `…:connection/NAME/ID`.
fn secret(connection: &str) -> String {
    let name = connection.split_once(":connection/").map_or("*", |(_, name)| name);
    let name = name.split('/').next().unwrap_or(name);
    let (region, account) = match connection.split(":connection/").next().map(|arn| arn.rsplitn(3, ':')) {
        Some(mut parts) if !connection.contains("${") => {
            let account = parts.next().unwrap_or(ACCOUNT_ID).to_owned();
            (parts.next().unwrap_or(REGION).to_owned(), account)
        }
        _ => (REGION.to_owned(), ACCOUNT_ID.to_owned()),
    };
    format!("arn:{PARTITION}:secretsmanager:{region}:{account}:secret:events!connection/{name}/*")
}
