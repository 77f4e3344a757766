//! Amazon Athena.

use super::Call;
use crate::bundle::PARTITION;
use crate::diag::{Diagnostic, codes};
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;
use crate::service::athena::{Data, Location};

impl Call<'_> {
    pub(super) fn athena_start(&mut self, arguments: &Arguments<'_>, job: bool) {
        let or = |given, default| if given == Argument::Absent { Argument::Text(default) } else { given };
        let group = or(arguments.get("WorkGroup"), "primary");
        let groups = self.named("WorkGroup", &group, |name| vec![arn("athena", "workgroup/", name)]);
        self.need("AthenaStartQuery", &["athena:StartQueryExecution"], groups.clone(), None);
        let catalog = or(arguments.inner("QueryExecutionContext").get("Catalog"), "AwsDataCatalog");
        let catalogs = self.named("Catalog", &catalog, |name| vec![arn("athena", "datacatalog/", name)]);
        self.need("AthenaCatalog", &["athena:GetDataCatalog"], catalogs, None);
        if job {
            self.need("AthenaQuery", &["athena:GetQueryExecution", "athena:StopQueryExecution"], groups, None);
        }
        if let Some(data) = self.access.query.clone().or_else(|| self.data_in_request(arguments)) {
            self.query_databases(&data);
            self.query_objects(&data);
        }
    }

    /// A call about a query that was started, whose workgroup is not in the request.
    pub(super) fn athena_query(&mut self, sid: &'static str, action: &'static str) {
        let data = self.access.query.as_ref();
        let group = data.and_then(|data| data.work_group.as_deref()).unwrap_or("primary");
        let group = arn("athena", "workgroup/", group);
        self.need(sid, &[action], vec![group], None);
    }

    pub(super) fn athena_results(&mut self) {
        self.athena_query("AthenaGetResults", "athena:GetQueryResults");
        match &self.access.query {
            Some(Data { results: Some(place), .. }) => {
                let objects = vec![objects(place)];
                self.need("AthenaReadResults", &["s3:GetObject"], objects, None);
            }
            Some(_) => {}
            None => self.unknown_results(),
        }
    }

    /// What a request that was not described here says of its data.
    fn data_in_request(&mut self, arguments: &Arguments<'_>) -> Option<Data> {
        let place = match arguments.inner("ResultConfiguration").get("OutputLocation") {
            Argument::Text(place) => place.strip_prefix("s3://"),
            _ => None,
        };
        let Some(place) = place else {
            self.unknown_results();
            return None;
        };
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let reads = match arguments.inner("QueryExecutionContext").get("Database") {
            Argument::Text(database) => vec![database.to_owned()],
            _ => Vec::new(),
        };
        Some(Data { results: Some(Location::new(bucket, prefix)), reads, ..Data::default() })
    }

    fn unknown_results(&mut self) {
        if self.said() {
            return;
        }
        let message = format!("`{}` uses Athena, and where the results are is not known", self.state);
        self.diagnostics.push(Diagnostic::error(codes::UNKNOWN_INTEGRATION, message, self.place.clone()).help(
            "describe it with `athena::StartQueryExecution::new(…)` or `athena::GetQueryResults::new(…)`, which say where, \
             or say the rights: `.actions([\"s3:GetObject\"])`, or bring a role that allows it: `.role_arn(\"…\")`",
        ));
    }

    fn query_databases(&mut self, data: &Data) {
        let Data { reads, writes, defines, .. } = data;
        let read: Vec<&String> = [reads, writes, defines].into_iter().flatten().collect();
        if !read.is_empty() {
            // Athena looks at this one, too, whatever the query is.
            let default = vec![arn("glue", "", "catalog"), arn("glue", "database/", "default")];
            self.need("AthenaDefaultDatabase", &["glue:GetDatabase"], default, None);
            let actions = [
                "glue:BatchGetPartition",
                "glue:GetDatabase",
                "glue:GetDatabases",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
            ];
            self.need("AthenaReadDatabase", &actions, databases(&read), None);
        }
        if !writes.is_empty() {
            let actions = [
                "glue:BatchCreatePartition",
                "glue:BatchDeletePartition",
                "glue:BatchDeleteTable",
                "glue:CreatePartition",
                "glue:CreateTable",
                "glue:DeletePartition",
                "glue:DeleteTable",
                "glue:UpdatePartition",
                "glue:UpdateTable",
            ];
            self.need("AthenaWriteDatabase", &actions, databases(&writes.iter().collect::<Vec<_>>()), None);
        }
        if !defines.is_empty() {
            let actions = ["glue:CreateDatabase", "glue:DeleteDatabase", "glue:UpdateDatabase"];
            self.need("AthenaDefineDatabase", &actions, databases(&defines.iter().collect::<Vec<_>>()), None);
        }
        if data.lake_formation {
            self.need("AthenaLakeFormation", &["lakeformation:GetDataAccess"], vec!["*".to_owned()], None);
        }
    }

    fn query_objects(&mut self, data: &Data) {
        let upload = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"];
        let write = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"];
        if let Some(place) = &data.results {
            self.need("AthenaResultsBucket", &upload, vec![bucket(&place.bucket)], None);
            self.need("AthenaResults", &write, vec![objects(place)], None);
        }
        if !data.sources.is_empty() {
            let buckets: Vec<String> = data.sources.iter().map(|name| bucket(name)).collect();
            let all = buckets.iter().map(|bucket| format!("{bucket}/*")).collect();
            self.need("AthenaSourceBucket", &["s3:GetBucketLocation", "s3:ListBucket"], buckets, None);
            self.need("AthenaSource", &["s3:GetObject"], all, None);
        }
        if !data.targets.is_empty() {
            let buckets = data.targets.iter().map(|place| bucket(&place.bucket)).collect();
            self.need("AthenaTargetBucket", &upload, buckets, None);
            self.need("AthenaTarget", &write, data.targets.iter().map(objects).collect(), None);
        }
    }
}

fn databases(names: &[&String]) -> Vec<String> {
    let mut arns = vec![arn("glue", "", "catalog")];
    for name in names {
        arns.push(arn("glue", "database/", name));
        arns.push(arn("glue", "table/", &format!("{name}/*")));
    }
    arns
}

fn bucket(name: &str) -> String {
    format!("arn:{PARTITION}:s3:::{name}")
}

fn objects(place: &Location) -> String {
    format!("{}/{}*", bucket(&place.bucket), place.prefix)
}
