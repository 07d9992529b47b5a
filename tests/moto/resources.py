"""Types of resources that moto's CloudFormation does not know, made of what its services have.

Each makes and removes the real thing in moto's own service, so `aws iot get-topic-rule` shows what the template says. Properties that
moto's service has no place for are dropped, as moto does it with the types that it knows.
"""

import json

from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.dynamodb.models import Table, dynamodb_backends
from moto.iam.models import iam_backends
from moto.iot.models import FakePolicy, iot_backends
from moto.sqs.models import sqs_backends
from moto.utilities.utils import get_partition


class Resource:
    """A resource with a name, which is put by `put` and removed by `remove`.

    moto counts what there is of each class, by the service that it reads out of `__module__`.
    """

    type = ""
    name_property = ""
    attributes = {}

    def __init__(self, name, properties, account, region):
        self.name, self.properties, self.account, self.region = name, properties, account, region

    @classmethod
    def cloudformation_type(cls):
        return cls.type

    @classmethod
    def cloudformation_name_type(cls):
        return cls.name_property

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr in cls.attributes

    def get_cfn_attribute(self, attribute):
        return self.attributes[attribute](self)

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        resource = cls(resource_name, cloudformation_json["Properties"], account_id, region_name)
        resource.put()
        return resource

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        original_resource.remove()
        properties = cloudformation_json["Properties"]
        name = properties.get(cls.name_property, original_resource.name)
        return cls.create_from_cloudformation_json(name, {"Properties": properties}, account_id, region_name)

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        cls(resource_name, cloudformation_json["Properties"], account_id, region_name).remove()

    def delete(self, _account, _region):
        self.remove()

    @property
    def physical_resource_id(self):
        return self.name


class TopicRule(Resource, CloudFormationModel):
    __module__ = "moto.iot.models"
    type, name_property = "AWS::IoT::TopicRule", "RuleName"
    attributes = {"Arn": lambda self: self.backend.rules[self.name].arn}

    @property
    def backend(self):
        return iot_backends[self.account][self.region]

    def put(self):
        payload = of_the_api(self.properties["TopicRulePayload"])
        self.backend.create_topic_rule(
            self.name,
            payload["sql"],
            description=payload.get("description"),
            rule_disabled=payload.get("ruleDisabled", False),
            actions=payload["actions"],
            error_action=payload.get("errorAction"),
            aws_iot_sql_version=payload.get("awsIotSqlVersion"),
        )

    def remove(self):
        self.backend.delete_topic_rule(self.name)


def of_the_api(value):
    """Names of the API begin small where those of CloudFormation begin large."""
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: of_the_api(inner) for name, inner in value.items()}
    return [of_the_api(inner) for inner in value] if isinstance(value, list) else value


class Alarm(Resource, CloudFormationModel):
    __module__ = "moto.cloudwatch.models"
    type, name_property = "AWS::CloudWatch::Alarm", "AlarmName"
    attributes = {"Arn": lambda self: self.backend.alarms[self.name].alarm_arn}

    @property
    def backend(self):
        return cloudwatch_backends[self.account][self.region]

    def put(self):
        said = self.properties.get
        self.backend.put_metric_alarm(
            name=self.name,
            namespace=said("Namespace"),
            metric_name=said("MetricName"),
            comparison_operator=said("ComparisonOperator"),
            evaluation_periods=said("EvaluationPeriods"),
            datapoints_to_alarm=said("DatapointsToAlarm"),
            period=said("Period"),
            threshold=said("Threshold"),
            statistic=said("Statistic"),
            extended_statistic=said("ExtendedStatistic"),
            description=said("AlarmDescription"),
            dimensions=said("Dimensions", []),
            alarm_actions=said("AlarmActions", []),
            ok_actions=said("OKActions"),
            treat_missing_data=said("TreatMissingData"),
        )

    def remove(self):
        self.backend.delete_alarms([self.name])


class EventInvokeConfig(Resource, CloudFormationModel):
    __module__ = "moto.awslambda.models"
    type = "AWS::Lambda::EventInvokeConfig"

    @property
    def backend(self):
        return lambda_backends[self.account][self.region]

    def put(self):
        names = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
        config = {name: self.properties[name] for name in names if name in self.properties}
        self.backend.put_function_event_invoke_config(self.properties["FunctionName"], config)

    def remove(self):
        # It goes with its function.
        if self.properties["FunctionName"] in {each.function_name for each in self.backend.list_functions()}:
            self.backend.delete_function_event_invoke_config(self.properties["FunctionName"])


class RolePolicy(Resource, CloudFormationModel):
    __module__ = "moto.iam.models"
    type, name_property = "AWS::IAM::RolePolicy", "PolicyName"

    @property
    def backend(self):
        return iam_backends[self.account][get_partition(self.region)]

    def put(self):
        document = json.dumps(self.properties["PolicyDocument"])
        self.backend.put_role_policy(self.properties["RoleName"], self.name, document)

    def remove(self):
        role = self.properties["RoleName"]
        if role in {each.name for each in self.backend.get_roles()} and self.name in self.backend.list_role_policies(role):
            self.backend.delete_role_policy(role, self.name)


class QueuePolicy(Resource, CloudFormationModel):
    __module__ = "moto.sqs.models"
    type = "AWS::SQS::QueuePolicy"

    def put(self):
        self.set(json.dumps(self.properties["PolicyDocument"]))

    def remove(self):
        self.set("")

    def set(self, policy):
        backend = sqs_backends[self.account][self.region]
        for url in self.properties["Queues"]:
            name = url.rsplit("/", 1)[-1]
            if name in backend.queues:
                backend.set_queue_attributes(name, {"Policy": policy})


def table_of_the_template(cls, resource_name, cloudformation_json, *rest, create=Table.create_from_cloudformation_json.__func__, **more):
    """moto reads the keys and the protection of a table, and forgets the rest of what the template says."""
    table = create(cls, resource_name, cloudformation_json, *rest, **more)
    properties, backend = cloudformation_json["Properties"], dynamodb_backends[table.account_id][table.region_name]
    if expiry := properties.get("TimeToLiveSpecification"):
        backend.update_time_to_live(table.name, expiry)
    if recovery := properties.get("PointInTimeRecoverySpecification"):
        backend.update_continuous_backups(table.name, recovery)
    if policy := properties.get("ResourcePolicy"):
        backend.put_resource_policy(table.table_arn, json.dumps(policy["PolicyDocument"]), None)
    return table


def delete_policy(cls, resource_name, _json, account_id, region_name):
    """CloudFormation removes the old versions of a policy first, and calls it by its own name."""
    backend = iot_backends[account_id][region_name]
    policy = backend.get_policy(resource_name)
    policy.versions = [version for version in policy.versions if version.version_id == policy.default_version_id]
    backend.delete_policy(resource_name)


def install():
    Table.create_from_cloudformation_json = classmethod(table_of_the_template)
    # `Ref` gives the name.
    FakePolicy.physical_resource_id = property(lambda self: self.name)
    FakePolicy.delete_from_cloudformation_json = classmethod(delete_policy)
