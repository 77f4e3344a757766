//! AWS Lambda.

use super::Call;
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    pub(super) fn lambda(&mut self, arguments: &Arguments<'_>) {
        let qualifier = match arguments.get("Qualifier") {
            Argument::Text(qualifier) => qualifier.to_owned(),
            _ => "*".to_owned(),
        };
        let functions = self.named("FunctionName", &arguments.get("FunctionName"), |name| {
            let function = arn("lambda", "function:", name);
            let qualified = function.rsplit_once(":function:").is_some_and(|(_, name)| name.contains(':'));
            if qualified || function.ends_with('*') {
                vec![function]
            } else {
                vec![format!("{function}:{qualifier}"), function]
            }
        });
        self.need("LambdaInvoke", &["lambda:InvokeFunction"], functions, None);
    }
}
