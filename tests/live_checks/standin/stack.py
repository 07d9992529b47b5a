"""The stack of `deploy/template.yaml`, as far as moto makes it; the rest is made one by one, and added to what it says of itself."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import yaml

from . import service

# moto knows these not at all, and the stack would look as if they were there.
NOT_IN_MOTO = {
    "AWS::IoT::TopicRule",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::CloudWatch::Alarm",
    "AWS::Lambda::Permission",
    "AWS::IAM::RolePolicy",
    "AWS::CloudWatch::Dashboard",
}
# Of what they depend on nothing here.
LEFT_OUT = {"AWS::Events::Rule", "AWS::SNS::Topic", "AWS::SQS::QueuePolicy", "AWS::Lambda::EventSourceMapping"}


class Loader(yaml.SafeLoader):
    """Reads the short forms of intrinsic functions as the long ones."""


def function(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    return {
        name: loader.construct_sequence(node, deep=True)
        if isinstance(node, yaml.SequenceNode)
        else loader.construct_mapping(node, deep=True)
    }


Loader.add_multi_constructor("!", function)


def create(template: Path, name: str, endpoint: str, region: str) -> dict[str, str]:
    """Makes the stack; gives its outputs."""

    def client(kind: str) -> Any:
        return boto3.client(kind, region_name=region, endpoint_url=endpoint)

    document = yaml.load(template.read_text(), Loader)
    resources = document["Resources"]
    kept = {
        logical: resource for logical, resource in resources.items() if resource["Type"] not in NOT_IN_MOTO | LEFT_OUT
    }
    outputs = {
        key: output
        for key, output in document["Outputs"].items()
        if not mentions(output["Value"], resources.keys() - kept.keys())
    }
    policy = kept["EventTable"]["Properties"].pop("ResourcePolicy")["PolicyDocument"]["Statement"]
    client("s3").create_bucket(Bucket="code")
    client("s3").put_object(Bucket="code", Key="function.zip", Body=b"PK\5\6" + bytes(18))
    body = document | {"Resources": kept, "Outputs": outputs}
    given = {"CodeBucket": "code", "CodeKey": "function.zip", "NotifyRecovery": "true"}
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    cloudformation = client("cloudformation")
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(body), Parameters=parameters, Capabilities=["CAPABILITY_IAM"]
    )
    made = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    found = {output["OutputKey"]: output["OutputValue"] for output in made["Outputs"]}
    service.protected[found["EventTableName"]] = policy
    complete(client, name, found, resources)
    return found


def mentions(value: Any, names: set[str]) -> bool:
    """Whether an output is of something that is left out."""
    text = json.dumps(value)
    return any(f'"{name}"' in text or f"${{{name}}}" in text for name in names)


def complete(client: Any, name: str, outputs: dict[str, str], resources: dict[str, Any]) -> None:
    """Makes by the services' own APIs what moto's CloudFormation does not, with what the template says of it."""
    properties = resources["Function"]["Properties"]
    service.function_settings.update(
        {
            "Architectures": properties["Architectures"],
            "LoggingConfig": {"LogFormat": properties["LoggingConfig"]["LogFormat"]},
        }
    )
    rules(client, name, outputs, resources)
    invocation(client, outputs, resources["FunctionInvocation"]["Properties"])
    for logical, resource in resources.items():
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            alarm(client("cloudwatch"), logical, f"{name}-{logical}")
    dynamodb = client("dynamodb")
    dynamodb.update_continuous_backups(
        TableName=outputs["EventTableName"], PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    lifetime = resources["DispatchTable"]["Properties"]["TimeToLiveSpecification"]
    dynamodb.update_time_to_live(TableName=outputs["DispatchTableName"], TimeToLiveSpecification=lifetime)


def add(logical: str, kind: str, name: str) -> None:
    """Lets the stack have it."""
    service.added.append(SimpleNamespace(logical_resource_id=logical, physical_resource_id=name, cf_resource_type=kind))


def alarm(cloudwatch: Any, logical: str, name: str) -> None:
    """An alarm that has seen nothing wrong."""
    how = {
        "Statistic": "Maximum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    cloudwatch.put_metric_alarm(AlarmName=name, Namespace="AWS/SQS", MetricName="x", **how)
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="nothing is wrong")
    add(logical, "AWS::CloudWatch::Alarm", name)


def rules(client: Any, name: str, outputs: dict[str, str], resources: dict[str, Any]) -> None:
    """The rules whose topic filter is the devices'."""
    table, errors = outputs["EventTableName"], outputs["RuleErrorQueueUrl"]
    function = client("lambda").get_function_configuration(FunctionName=outputs["FunctionName"])["FunctionArn"]
    role = f"arn:aws:iam::{service.ACCOUNT}:role/rules"
    actions = {
        "HotRule": {"lambda": {"functionArn": function}},
        "RecoveryRule": {"lambda": {"functionArn": function}},
        "ColdRule": {"dynamoDBv2": {"roleArn": role, "putItem": {"tableName": table}}},
    }
    for logical, action in actions.items():
        settings = resources[logical]["Properties"]["TopicRulePayload"]
        payload = {
            "sql": settings["Sql"]["Fn::Sub"].replace("${TopicFilter}", "home/heating/status"),
            "actions": [action],
            "errorAction": {"sqs": {"queueUrl": errors, "roleArn": role, "useBase64": False}},
            "awsIotSqlVersion": settings["AwsIotSqlVersion"],
            "ruleDisabled": settings["RuleDisabled"],
        }
        rule = f"{name}_{logical.removesuffix('Rule').lower()}"
        client("iot").create_topic_rule(ruleName=rule, topicRulePayload=payload)
        add(logical, "AWS::IoT::TopicRule", rule)


def invocation(client: Any, outputs: dict[str, str], settings: dict[str, Any]) -> None:
    """What Lambda does with events that fail."""
    queue = client("sqs").get_queue_attributes(QueueUrl=outputs["FailureQueueUrl"], AttributeNames=["QueueArn"])[
        "Attributes"
    ]["QueueArn"]
    client("lambda").put_function_event_invoke_config(
        FunctionName=outputs["FunctionName"],
        MaximumRetryAttempts=settings["MaximumRetryAttempts"],
        MaximumEventAgeInSeconds=settings["MaximumEventAgeInSeconds"],
        DestinationConfig={"OnFailure": {"Destination": queue}},
    )
