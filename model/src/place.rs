//! What stands for partition, region and account in ARNs until a workflow is deployed: the pseudo parameters of
//! `CloudFormation`, as in the rest of Statewright.

/// Stands for the partition.
pub const PARTITION: &str = "${AWS::Partition}";
/// Stands for the region.
pub const REGION: &str = "${AWS::Region}";
/// Stands for the account's twelve digits.
pub const ACCOUNT: &str = "${AWS::AccountId}";

/// A template of the data, with these names.
pub(crate) fn named(template: &str) -> String {
    template.replace("$p", PARTITION).replace("$r", REGION).replace("$a", ACCOUNT)
}
