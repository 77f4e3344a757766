//! Amazon API Gateway.

use super::Call;
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    /// Only a call that shows the role needs a right of it.
    pub(super) fn api_gateway(&mut self, arguments: &Arguments<'_>) {
        match arguments.get("AuthType") {
            Argument::Absent | Argument::Text("NO_AUTH" | "RESOURCE_POLICY") => return,
            _ => {}
        }
        let part = |name: &str, absent: &str| match arguments.get(name) {
            Argument::Text(text) => text.trim_matches('/').to_owned(),
            Argument::Prefix(prefix) => format!("{}*", prefix.trim_start_matches('/')),
            Argument::Absent => absent.to_owned(),
            Argument::Computed | Argument::Other(_) => "*".to_owned(),
        };
        let (stage, method, path) = (part("Stage", "$default"), part("Method", "*"), part("Path", ""));
        let apis = self.named("ApiEndpoint", &arguments.get("ApiEndpoint"), |endpoint| {
            let id = endpoint.trim_start_matches("https://").split('.').next().unwrap_or("*");
            vec![arn("execute-api", "", &format!("{id}/{stage}/{method}/{path}"))]
        });
        self.need("InvokeApi", &["execute-api:Invoke"], apis, None);
    }
}
