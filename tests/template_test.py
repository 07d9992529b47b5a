#!/usr/bin/env python3
"""What the template promises: who may do what, what is kept, and who hears of it when something fails.

cfn-lint knows which properties there are; this knows which ones we need. The table of permissions in `docs/permissions.md` is
the list of what is allowed: a statement that is not in it, or differs from it, fails here. Needs cfn-lint's Python.
"""

import json
import re
import unittest
from pathlib import Path

from cfnlint.decode import decode

ROOT = Path(__file__).parent.parent
TEMPLATE, PROBLEMS = decode(str(ROOT / "deploy/template.yaml"))
RESOURCES = TEMPLATE["Resources"]

# Statements that name no resource although they allow something, and why there is no other way.
ALLOWED_WILDCARDS = {"TracingPolicy.Trace": "X-Ray has no resources"}

# What changes or removes what is in a table (actions of DynamoDB, service authorization reference).
CHANGES = {
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
    "dynamodb:PartiQLDelete",
}

# Longest retention of a queue, in seconds.
FOURTEEN_DAYS = 1209600


def text(value):
    """A value of the template as the table of permissions writes it: `EventTable.Arn`, not how it is looked up."""
    match value:
        case {"Ref": name}:
            return name
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": [form, values]}:
            for name, inner in values.items():
                form = form.replace("${" + name + "}", text(inner))
            return text({"Fn::Sub": form})
        case {"Fn::Sub": form}:
            form = re.sub(r"arn:\$\{AWS::Partition\}:(\w+):\$\{AWS::Region\}:\$\{AWS::AccountId\}:", r"\1:", form)
            return re.sub(r"\$\{!?([^}]*)\}", r"\1", form)
        case {"Fn::Join": [separator, {"Fn::Split": [_, inner]}]}:
            return f"{text(inner)}, `+` as {separator[2:-1]}" if separator.startswith("${") else text(inner)
        case str():
            return value
        case _:
            raise AssertionError(f"an unknown form: {value}")


def listed(value):
    return value if isinstance(value, list) else [value]


def of_type(name):
    return {key: resource["Properties"] for key, resource in RESOURCES.items() if resource["Type"] == name}


def documents():
    """Each policy document with the name of its resource."""
    for name, resource in RESOURCES.items():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::IAM::Role":
                yield name, properties["AssumeRolePolicyDocument"]
                for policy in properties.get("Policies", []):
                    yield name, policy["PolicyDocument"]
            case "AWS::DynamoDB::Table" if "ResourcePolicy" in properties:
                yield name, properties["ResourcePolicy"]["PolicyDocument"]
            case _ if "PolicyDocument" in properties:
                yield name, properties["PolicyDocument"]


def statements():
    """`RESOURCE.SID` and its statement; IoT policies have no Sid, and one statement for each action."""
    for name, document in documents():
        for statement in document["Statement"]:
            yield f"{name}.{statement.get('Sid', statement['Action'])}", statement


def row(statement):
    """A statement as the table has it: what, on what, and under which condition."""
    actions = ", ".join(f"`{action}`" for action in listed(statement["Action"]))
    resources = ", ".join(f"`{text(resource)}`" for resource in listed(statement.get("Resource", [])))
    conditions = [
        f"`{key}` {operator}" for operator, keys in statement.get("Condition", {}).items() for key in keys
    ]
    return (statement["Effect"], actions, resources, ", ".join(conditions))


def table():
    """The rows of the table of permissions: statement -> (row, why)."""
    rows = {}
    for line in (ROOT / "docs/permissions.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("| `") else []
        if len(cells) == 6:
            name, *what, why = cells
            rows[name.strip("` ")] = (tuple(what), why.strip("| "))
    return rows


def statements_of(role):
    """What a role may do, wherever that is written."""
    for name, document in documents():
        resource = RESOURCES[name]
        is_policy_of_role = resource["Properties"].get("RoleName") == {"Ref": role}
        if is_policy_of_role or (name == role and "Principal" not in document["Statement"][0]):
            yield from document["Statement"]


class Permissions(unittest.TestCase):
    maxDiff = None

    def test_every_statement_is_in_the_table_and_nothing_else(self):
        expected = {name: row(statement) for name, statement in statements()}
        self.assertEqual({name: what for name, (what, _) in table().items()}, expected)

    def test_every_statement_has_a_reason(self):
        for name, (_, why) in table().items():
            self.assertGreater(len(why.split()), 4, name)

    def test_every_statement_has_a_name_of_its_own(self):
        names = [name for name, _ in statements()]
        self.assertEqual(len(names), len(set(names)))

    def test_nothing_is_allowed_on_everything_without_a_reason(self):
        found = set()
        for name, statement in statements():
            everything = [text(resource) for resource in listed(statement.get("Resource", [])) if text(resource) == "*"]
            wide = [action for action in listed(statement["Action"]) if action.endswith("*")]
            if statement["Effect"] == "Allow" and (everything or wide):
                found.add(name)
        self.assertEqual(found, set(ALLOWED_WILDCARDS))

    def test_no_role_has_a_policy_of_somebody_else(self):
        for name, role in of_type("AWS::IAM::Role").items():
            self.assertNotIn("ManagedPolicyArns", role, name)

    def test_the_function_can_not_touch_the_event_table(self):
        for statement in statements_of("FunctionRole"):
            for resource in map(text, listed(statement["Resource"])):
                self.assertNotIn("EventTable", resource)
                touches = resource == "*" and any("dynamodb" in action for action in listed(statement["Action"]))
                self.assertFalse(touches, statement)
        self.assertGreater(len(list(statements_of("FunctionRole"))), 5)
        out = dict(statements())["EventTable.FunctionStaysOut"]
        self.assertEqual((out["Effect"], out["Action"]), ("Deny", "dynamodb:*"))
        self.assertEqual(text(out["Condition"]["ArnEquals"]["aws:PrincipalArn"]), "FunctionRole.Arn")

    def test_putting_an_item_is_the_only_write_and_only_rules_do_it(self):
        allowed = [
            (name, action)
            for name, statement in statements()
            if statement["Effect"] == "Allow"
            for action in listed(statement["Action"])
            if any("EventTable" in text(resource) for resource in listed(statement.get("Resource", [])))
        ]
        self.assertEqual(allowed, [("RuleRolePolicy.KeepEvents", "dynamodb:PutItem")])
        named = dict(statements())
        nobody = named["EventTable.NoChange"]
        self.assertEqual((nobody["Effect"], nobody["Principal"], "Condition" in nobody), ("Deny", "*", False))
        self.assertEqual(set(nobody["Action"]), CHANGES)
        others = named["EventTable.OnlyRulesWrite"]
        self.assertEqual((others["Effect"], others["Principal"], others["Action"]), ("Deny", "*", "dynamodb:PutItem"))
        self.assertEqual(text(others["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]), "RuleRole.Arn")

    def test_only_the_rules_of_this_stack_use_their_role(self):
        trust = dict(statements())["RuleRole.RulesOfThisStack"]["Condition"]
        self.assertEqual(text(trust["StringEquals"]["aws:SourceAccount"]), "AWS::AccountId")
        sources = {text(source) for source in trust["ArnEquals"]["aws:SourceArn"]}
        rules = {f"iot:rule/{text(rule['RuleName'])}" for rule in of_type("AWS::IoT::TopicRule").values()}
        self.assertEqual(sources, rules)

    def test_each_rule_that_calls_the_function_may_and_nobody_else(self):
        callers = {
            name
            for name, rule in of_type("AWS::IoT::TopicRule").items()
            if any("Lambda" in action for action in rule["TopicRulePayload"]["Actions"])
        }
        permissions = of_type("AWS::Lambda::Permission").values()
        self.assertEqual({permission["Action"] for permission in permissions}, {"lambda:InvokeFunction"})
        iot = [permission for permission in permissions if permission["Principal"] == "iot.amazonaws.com"]
        self.assertEqual({text(permission["SourceArn"]) for permission in iot}, {f"{name}.Arn" for name in callers})
        self.assertTrue(all(text(permission["SourceAccount"]) == "AWS::AccountId" for permission in iot))
        rest = [permission for permission in permissions if permission not in iot]
        self.assertEqual([(one["Principal"], text(one["SourceArn"])) for one in rest], [("events.amazonaws.com", "Tick.Arn")])


class Events(unittest.TestCase):
    def test_what_is_kept_for_good_survives_the_stack(self):
        resource = RESOURCES["EventTable"]
        self.assertEqual((resource["DeletionPolicy"], resource["UpdateReplacePolicy"]), ("Retain", "Retain"))
        table = resource["Properties"]
        self.assertTrue(table["DeletionProtectionEnabled"])
        self.assertTrue(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"])
        self.assertTrue(table["SSESpecification"]["SSEEnabled"])
        self.assertNotIn("TimeToLiveSpecification", table)
        self.assertNotIn("TableName", table, "a name of its own would make an update that replaces it fail")

    def test_every_rule_has_a_place_for_what_it_can_not_hand_on(self):
        for name, rule in of_type("AWS::IoT::TopicRule").items():
            payload = rule["TopicRulePayload"]
            self.assertEqual(payload["AwsIotSqlVersion"], "2016-03-23", name)
            self.assertEqual(payload["ErrorAction"]["Sqs"]["QueueUrl"], {"Ref": "RuleErrorQueue"}, name)
            self.assertFalse(payload["ErrorAction"]["Sqs"]["UseBase64"], name)

    def test_queues_keep_for_long_and_are_read_in_peace(self):
        timeout = RESOURCES["Function"]["Properties"]["Timeout"]
        guarded = {text(queue) for queue in RESOURCES["QueuePolicy"]["Properties"]["Queues"]}
        for name, queue in of_type("AWS::SQS::Queue").items():
            self.assertEqual(queue["MessageRetentionPeriod"], FOURTEEN_DAYS, name)
            self.assertGreaterEqual(queue["VisibilityTimeout"], 6 * timeout, name)
            self.assertTrue(queue["SqsManagedSseEnabled"], name)
            self.assertIn(name, guarded)

    def test_what_lambda_gives_up_is_kept(self):
        invocation = RESOURCES["FunctionInvocation"]["Properties"]
        self.assertEqual(invocation["MaximumRetryAttempts"], 2)
        self.assertEqual(text(invocation["DestinationConfig"]["OnFailure"]["Destination"]), "FailureQueue.Arn")

    def test_the_redrive_is_off_until_somebody_wants_it(self):
        self.assertEqual(TEMPLATE["Parameters"]["RedriveEnabled"]["Default"], "false")
        mappings = of_type("AWS::Lambda::EventSourceMapping")
        sources = {text(mapping["EventSourceArn"]) for mapping in mappings.values()}
        self.assertEqual(sources, {"FailureQueue.Arn", "RuleErrorQueue.Arn"})
        for mapping in mappings.values():
            self.assertEqual(mapping["Enabled"], {"Fn::If": ["IsRedriveEnabled", True, False]})
            self.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])

    def test_the_function_is_what_is_built(self):
        function = RESOURCES["Function"]["Properties"]
        self.assertEqual((function["Runtime"], function["Architectures"]), ("provided.al2023", ["arm64"]))
        self.assertLess(function["Timeout"], 60, "the next tick comes in a minute")
        self.assertEqual(text(function["LoggingConfig"]["LogGroup"]), "FunctionLog")
        self.assertIn("RetentionInDays", RESOURCES["FunctionLog"]["Properties"])

    def test_the_function_has_no_secret_that_a_description_of_it_would_show(self):
        variables = RESOURCES["Function"]["Properties"]["Environment"]["Variables"]
        known = {"CAMPANILE_DISPATCH_TABLE", "CAMPANILE_SECRET_PATH", "CAMPANILE_RECOVERIES"}
        self.assertEqual(set(variables), known)
        self.assertFalse(any("NoEcho" in parameter for parameter in TEMPLATE["Parameters"].values()))


class Operation(unittest.TestCase):
    ALARMS = of_type("AWS::CloudWatch::Alarm")

    def test_every_alarm_tells_somebody_and_says_what_it_is(self):
        actions = {"Fn::If": ["HasAlarmEmail", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
        for name, alarm in self.ALARMS.items():
            self.assertEqual((alarm["AlarmActions"], alarm["OKActions"]), (actions, actions), name)
            self.assertTrue(alarm["AlarmDescription"].endswith("."), name)
            self.assertIn("TreatMissingData", alarm, name)

    def test_every_alarm_has_a_page_that_says_what_to_do(self):
        headings = re.findall(r"^### `(\w+Alarm)`$", (ROOT / "docs/operating.md").read_text(), re.MULTILINE)
        self.assertEqual(sorted(headings), sorted(self.ALARMS))

    def test_metrics_of_ours_are_those_that_the_function_writes(self):
        documented = (ROOT / "docs/operating.md").read_text()
        dashboard = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
        used = {alarm["MetricName"] for alarm in self.ALARMS.values() if alarm.get("Namespace") == "Campanile"}
        used |= set(re.findall(r'MetricName=\\"(\w+)\\"', dashboard)) | set(re.findall(r'\["Campanile", "(\w+)"', dashboard))
        self.assertGreater(len(used), 3)
        for metric in used:
            self.assertRegex(documented, rf"\| `{metric}` \|", metric)

    def test_the_dashboard_is_json_about_this_stack(self):
        body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
        widgets = json.loads(re.sub(r"\$\{[^}]*\}", "x", body))["widgets"]
        self.assertGreater(len(widgets), 8)
        named = set(re.findall(r"\$\{(\w+)[.}]", body))
        self.assertEqual(named - set(RESOURCES), set())

    def test_parameters_are_explained_and_bounded(self):
        for name, parameter in TEMPLATE["Parameters"].items():
            self.assertGreater(len(parameter["Description"].split()), 4, name)
            bounds = {"AllowedValues", "AllowedPattern", "MaxLength", "MaxValue"}
            self.assertTrue(bounds & set(parameter), name)
        shown = [name for group in TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"] for name in group["Parameters"]]
        self.assertEqual(sorted(shown), sorted(TEMPLATE["Parameters"]))

    def test_outputs_are_explained(self):
        for name, output in TEMPLATE["Outputs"].items():
            self.assertIn("Description", output, name)


class Decoded(unittest.TestCase):
    def test_the_template_can_be_read(self):
        self.assertEqual(PROBLEMS, [])


if __name__ == "__main__":
    unittest.main()
