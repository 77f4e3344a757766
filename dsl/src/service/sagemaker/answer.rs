//! What SageMaker answers.

use crate::service::response;
use crate::shape::Json;

response! {
    /// A training job that has ended.
    TrainingJob => TrainingJobFields {
        /// Its name.
        training_job_name: String = "TrainingJobName",
        /// Its ARN.
        training_job_arn: String = "TrainingJobArn",
        /// `Completed`: any other end fails the state.
        training_job_status: String = "TrainingJobStatus",
        /// The model.
        model_artifacts: ModelArtifacts = "ModelArtifacts",
        /// What it measured last, each with `MetricName` and `Value`.
        final_metric_data_list: Option<Vec<Json>> = "FinalMetricDataList",
    }
}

response! {
    /// A model that has been trained.
    ModelArtifacts => ModelArtifactsFields {
        /// Where it is in S3.
        s3_model_artifacts: String = "S3ModelArtifacts",
    }
}

response! {
    /// A training job that has just been created.
    CreatedTrainingJob => CreatedTrainingJobFields {
        /// Its ARN.
        training_job_arn: String = "TrainingJobArn",
    }
}

response! {
    /// A transform job that has ended.
    TransformJob => TransformJobFields {
        /// Its name.
        transform_job_name: String = "TransformJobName",
        /// Its ARN.
        transform_job_arn: String = "TransformJobArn",
        /// `Completed`: any other end fails the state.
        transform_job_status: String = "TransformJobStatus",
    }
}

response! {
    /// A transform job that has just been created.
    CreatedTransformJob => CreatedTransformJobFields {
        /// Its ARN.
        transform_job_arn: String = "TransformJobArn",
    }
}

response! {
    /// A processing job that has ended.
    ProcessingJob => ProcessingJobFields {
        /// Its name.
        processing_job_name: String = "ProcessingJobName",
        /// Its ARN.
        processing_job_arn: String = "ProcessingJobArn",
        /// `Completed`: any other end fails the state.
        processing_job_status: String = "ProcessingJobStatus",
        /// What the container wrote as its last words.
        exit_message: Option<String> = "ExitMessage",
    }
}

response! {
    /// A processing job that has just been created.
    CreatedProcessingJob => CreatedProcessingJobFields {
        /// Its ARN.
        processing_job_arn: String = "ProcessingJobArn",
    }
}

response! {
    /// A tuning job that has ended.
    TuningJob => TuningJobFields {
        /// Its ARN.
        hyper_parameter_tuning_job_arn: String = "HyperParameterTuningJobArn",
        /// `Completed`: any other end fails the state.
        hyper_parameter_tuning_job_status: String = "HyperParameterTuningJobStatus",
        /// The training job that was best, with `TrainingJobName` and `TunedHyperParameters`.
        best_training_job: Json = "BestTrainingJob",
    }
}

response! {
    /// A tuning job that has just been created.
    CreatedTuningJob => CreatedTuningJobFields {
        /// Its ARN.
        hyper_parameter_tuning_job_arn: String = "HyperParameterTuningJobArn",
    }
}

response! {
    /// A labeling job that has ended.
    LabelingJob => LabelingJobFields {
        /// Its ARN.
        labeling_job_arn: String = "LabelingJobArn",
        /// `Completed`: any other end fails the state.
        labeling_job_status: String = "LabelingJobStatus",
        /// What there is, with `OutputDatasetS3Uri`.
        labeling_job_output: Json = "LabelingJobOutput",
    }
}

response! {
    /// A labeling job that has just been created.
    CreatedLabelingJob => CreatedLabelingJobFields {
        /// Its ARN.
        labeling_job_arn: String = "LabelingJobArn",
    }
}

response! {
    /// A model that has been created.
    CreatedModel => CreatedModelFields {
        /// Its ARN.
        model_arn: String = "ModelArn",
    }
}

response! {
    /// A configuration that has been created.
    CreatedEndpointConfig => CreatedEndpointConfigFields {
        /// Its ARN.
        endpoint_config_arn: String = "EndpointConfigArn",
    }
}

response! {
    /// An endpoint that is being created or changed.
    Endpoint => EndpointFields {
        /// Its ARN.
        endpoint_arn: String = "EndpointArn",
    }
}
