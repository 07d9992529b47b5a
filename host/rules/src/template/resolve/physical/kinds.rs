//! How the resources that rules deal with are called, type by type. Patterns only: nothing is looked up here.

/// How resources of one type are called.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) resource_type: &'static str,
    /// The property that gives the name.
    pub(super) name: &'static str,
    /// What `Ref` gives (user guide, "Return values" of each type).
    pub(super) reference: &'static str,
    /// What `GetAtt …Arn` gives.
    pub(super) arn: &'static str,
}

impl Kind {
    pub(super) fn of(resource_type: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.resource_type == resource_type)
    }
}

/// What rules and their policies deal with; other types have a placeholder.
const KINDS: [Kind; 15] = [
    kind(
        "AWS::CloudWatch::Alarm",
        "AlarmName",
        "{name}",
        "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",
    ),
    kind(
        "AWS::DynamoDB::Table",
        "TableName",
        "{name}",
        "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
    ),
    kind("AWS::IAM::Role", "RoleName", "{name}", "arn:{partition}:iam::{account}:role/{name}"),
    kind("AWS::IoT::Policy", "PolicyName", "{name}", "arn:{partition}:iot:{region}:{account}:policy/{name}"),
    kind("AWS::IoT::Thing", "ThingName", "{name}", "arn:{partition}:iot:{region}:{account}:thing/{name}"),
    kind("AWS::IoT::TopicRule", "RuleName", "{name}", "arn:{partition}:iot:{region}:{account}:rule/{name}"),
    kind(
        "AWS::Kinesis::Stream",
        "Name",
        "{name}",
        "arn:{partition}:kinesis:{region}:{account}:stream/{name}",
    ),
    kind(
        "AWS::KinesisFirehose::DeliveryStream",
        "DeliveryStreamName",
        "{name}",
        "arn:{partition}:firehose:{region}:{account}:deliverystream/{name}",
    ),
    kind(
        "AWS::Lambda::Function",
        "FunctionName",
        "{name}",
        "arn:{partition}:lambda:{region}:{account}:function:{name}",
    ),
    kind(
        "AWS::Logs::LogGroup",
        "LogGroupName",
        "{name}",
        "arn:{partition}:logs:{region}:{account}:log-group:{name}:*",
    ),
    kind("AWS::S3::Bucket", "BucketName", "{name}", "arn:{partition}:s3:::{name}"),
    kind(
        "AWS::SNS::Topic",
        "TopicName",
        "arn:{partition}:sns:{region}:{account}:{name}",
        "arn:{partition}:sns:{region}:{account}:{name}",
    ),
    kind(
        "AWS::SQS::Queue",
        "QueueName",
        "https://sqs.{region}.{suffix}/{account}/{name}",
        "arn:{partition}:sqs:{region}:{account}:{name}",
    ),
    kind(
        "AWS::StepFunctions::StateMachine",
        "StateMachineName",
        "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
        "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
    ),
    kind("AWS::Events::Rule", "Name", "{name}", "arn:{partition}:events:{region}:{account}:rule/{name}"),
];

const fn kind(
    resource_type: &'static str,
    name: &'static str,
    reference: &'static str,
    arn: &'static str,
) -> Kind {
    Kind { resource_type, name, reference, arn }
}
