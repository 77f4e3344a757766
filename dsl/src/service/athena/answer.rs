//! What Athena answers.

use crate::service::response;

response! {
    /// A query that has just been started.
    Started => StartedFields {
        /// The query's id.
        query_execution_id: String = "QueryExecutionId",
    }
}

response! {
    /// What Athena tells of a query.
    Execution => ExecutionFields {
        /// The query.
        query_execution: QueryExecution = "QueryExecution",
    }
}

response! {
    /// A query that was started.
    QueryExecution => QueryExecutionFields {
        /// Its id.
        query_execution_id: String = "QueryExecutionId",
        /// Its text.
        query: String = "Query",
        /// `DDL`, `DML` or `UTILITY`.
        statement_type: Option<String> = "StatementType",
        /// How far it is.
        status: Status = "Status",
        /// Where its results are.
        result_configuration: ResultConfiguration = "ResultConfiguration",
        /// What it took.
        statistics: Statistics = "Statistics",
        /// Its workgroup.
        work_group: String = "WorkGroup",
    }
}

response! {
    /// How far a query is.
    Status => StatusFields {
        /// `QUEUED`, `RUNNING`, `SUCCEEDED`, `FAILED` or `CANCELLED`.
        state: String = "State",
        /// Why it is in that state.
        state_change_reason: Option<String> = "StateChangeReason",
    }
}

response! {
    /// Where results are.
    ResultConfiguration => ResultConfigurationFields {
        /// The file, as `s3://…`.
        output_location: Option<String> = "OutputLocation",
    }
}

response! {
    /// What a query took.
    Statistics => StatisticsFields {
        /// What it read, in bytes, which is what is paid for.
        data_scanned_in_bytes: Option<i64> = "DataScannedInBytes",
        /// How long it took from its start to its end, in milliseconds.
        total_execution_time_in_millis: Option<i64> = "TotalExecutionTimeInMillis",
    }
}

response! {
    /// What a query gave.
    QueryResults => QueryResultsFields {
        /// The rows, and what the columns are.
        result_set: ResultSet = "ResultSet",
        /// How many rows an `INSERT` or a `CREATE TABLE AS SELECT` wrote.
        update_count: Option<i64> = "UpdateCount",
        /// For the rows that follow: [`GetQueryResults::next_token`](super::GetQueryResults::next_token).
        next_token: Option<String> = "NextToken",
    }
}

response! {
    /// Rows and columns.
    ResultSet => ResultSetFields {
        /// The rows. Of a `SELECT`, the very first holds the names of the columns.
        rows: Vec<Row> = "Rows",
        /// What the columns are.
        result_set_metadata: ResultSetMetadata = "ResultSetMetadata",
    }
}

response! {
    /// A row.
    Row => RowFields {
        /// One for each column.
        data: Vec<Datum> = "Data",
    }
}

response! {
    /// What stands in a column of a row.
    Datum => DatumFields {
        /// The value as text, whatever the type of the column; nothing for `NULL`.
        var_char_value: Option<String> = "VarCharValue",
    }
}

response! {
    /// What the columns are.
    ResultSetMetadata => ResultSetMetadataFields {
        /// One for each column.
        column_info: Vec<ColumnInfo> = "ColumnInfo",
    }
}

response! {
    /// A column.
    ColumnInfo => ColumnInfoFields {
        /// Its name.
        name: String = "Name",
        /// Its type, such as `varchar`.
        data_type: String = "Type",
    }
}
