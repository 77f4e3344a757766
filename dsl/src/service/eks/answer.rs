//! What EKS answers.

use crate::service::response;
use crate::shape::Json;

response! {
    /// A job of Kubernetes that has ended.
    EndedJob => EndedJobFields {
        /// Its status, as Kubernetes says it.
        status: Json = "status",
        /// The logs of its pods, if they were asked for.
        logs: Option<Json> = "logs",
    }
}

response! {
    /// A cluster. It has endpoint and certificate only when it is there.
    Cluster => ClusterFields {
        /// Its name.
        name: String = "Name",
        /// Its ARN.
        arn: String = "Arn",
        /// `ACTIVE` when it is there.
        status: String = "Status",
        /// The address of its API server.
        endpoint: String = "Endpoint",
        /// The authority of its certificates.
        certificate_authority: CertificateAuthority = "CertificateAuthority",
    }
}

response! {
    /// The authority of a cluster's certificates.
    CertificateAuthority => CertificateAuthorityFields {
        /// Its certificate, in Base64.
        data: String = "Data",
    }
}

response! {
    /// A group of nodes.
    Nodegroup => NodegroupFields {
        /// Its name.
        nodegroup_name: String = "NodegroupName",
        /// Its ARN.
        nodegroup_arn: String = "NodegroupArn",
        /// `ACTIVE` when it is there.
        status: String = "Status",
    }
}

response! {
    /// A Fargate profile.
    FargateProfile => FargateProfileFields {
        /// Its name.
        fargate_profile_name: String = "FargateProfileName",
        /// Its ARN.
        fargate_profile_arn: String = "FargateProfileArn",
        /// `ACTIVE` when it is there.
        status: String = "Status",
    }
}
