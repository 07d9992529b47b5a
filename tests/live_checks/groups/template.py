"""What the template asked for is what is there: CloudFormation says that it made everything, and this looks."""

from typing import Any

from .. import permissions
from ..plan import Plan
from ..run import Run

NAME = "template"
SUMMARY = "what the stack consists of: function, alarms, log, tables, queues, rules"
NEEDS_STACK = True
TELLS_PEOPLE = False
PERMISSIONS = permissions.together(
    permissions.LOOKING,
    {
        "*": [
            "cloudwatch:DescribeAlarms",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "iot:GetTopicRule",
            "lambda:GetFunctionConfiguration",
            "lambda:GetFunctionEventInvokeConfig",
            "logs:DescribeLogGroups",
            "sqs:GetQueueAttributes",
        ]
    },
)
FORTNIGHT = "1209600"


def plan(_run: Run) -> Plan:
    """Looks only."""
    return Plan(seconds=(3, 15))


def check(run: Run) -> None:
    """Looks at everything."""
    facts(run, "stack", {"status": ("*_COMPLETE", run.stack.status)})
    for look in (function, invocation, log, tables, queues, rules, alarms):
        look(run)


def facts(run: Run, what: str, found: dict[str, tuple[Any, Any]]) -> None:
    """A check for each: what was expected, and what is there. `*` at the beginning stands for anything but a rollback."""
    for name, (expected, actual) in found.items():
        text = str(expected)
        same = (
            str(actual).endswith(text[1:]) and "ROLLBACK" not in str(actual)
            if text.startswith("*")
            else expected == actual
        )
        run.check(NAME, f"{what}: {name}", text, str(actual), same)


def function(run: Run) -> None:
    """The function as the template has it."""
    found = run.services["lambda"].get_function_configuration(FunctionName=run.stack.output("FunctionName"))
    facts(
        run,
        "function",
        {
            "architecture": (["arm64"], found.get("Architectures")),
            "runtime": ("provided.al2023", found.get("Runtime")),
            "memory": (256, found.get("MemorySize")),
            "timeout": (55, found.get("Timeout")),
            "state": ("Active", found.get("State")),
            "log format": ("JSON", found.get("LoggingConfig", {}).get("LogFormat")),
        },
    )
    run.check(
        NAME,
        "function: code",
        "a digest",
        f"sha256 {found.get('CodeSha256')}, {found.get('CodeSize')} B",
        bool(found.get("CodeSha256")),
    )


def invocation(run: Run) -> None:
    """What Lambda does with events that fail."""
    name = run.stack.output("FunctionName")
    found = run.services["lambda"].get_function_event_invoke_config(FunctionName=name)
    facts(
        run,
        "asynchronous invocation",
        {
            "retries": (2, found.get("MaximumRetryAttempts")),
            "maximum age": (21600, found.get("MaximumEventAgeInSeconds")),
            "on failure": (
                queue_arn(run, "FailureQueue"),
                found.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"),
            ),
        },
    )


def log(run: Run) -> None:
    """How long the log is kept."""
    name = run.stack.id("FunctionLog")
    groups = run.services["logs"].describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    found = next((group.get("retentionInDays") for group in groups if group["logGroupName"] == name), None)
    facts(run, "log", {"retention in days": (int(run.stack.parameters.get("RetentionDays", "30")), found)})


def tables(run: Run) -> None:
    """The two tables."""
    dynamo = run.services["dynamodb"]
    events, dispatch = (run.stack.output(f"{name}TableName") for name in ("Event", "Dispatch"))
    backups = dynamo.describe_continuous_backups(TableName=events)["ContinuousBackupsDescription"]
    lifetime = dynamo.describe_time_to_live(TableName=dispatch)["TimeToLiveDescription"]
    endless = dynamo.describe_time_to_live(TableName=events)["TimeToLiveDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    facts(
        run,
        "event table",
        {
            "deletion protection": (
                True,
                dynamo.describe_table(TableName=events)["Table"].get("DeletionProtectionEnabled"),
            ),
            "recovery to a point in time": ("ENABLED", recovery),
            "time to live": ("DISABLED", endless.get("TimeToLiveStatus")),
        },
    )
    facts(run, "dispatch table", {"time to live": ("expires_at", lifetime.get("AttributeName"))})


def queues(run: Run) -> None:
    """The two queues of what failed."""
    for name in ("RuleErrorQueue", "FailureQueue"):
        found = attributes(run, name)
        facts(
            run,
            name,
            {
                "retention in seconds": (FORTNIGHT, found.get("MessageRetentionPeriod")),
                "encryption": ("true", found.get("SqsManagedSseEnabled")),
            },
        )
        waiting = found.get("ApproximateNumberOfMessages")
        run.check(NAME, f"{name}: what waits in it", "0", str(waiting), waiting == "0")


def attributes(run: Run, name: str) -> dict[str, str]:
    """What a queue of the stack says of itself."""
    return run.services["sqs"].get_queue_attributes(QueueUrl=run.stack.output(f"{name}Url"), AttributeNames=["All"])[
        "Attributes"
    ]


def queue_arn(run: Run, name: str) -> str | None:
    """The ARN of a queue of the stack."""
    return attributes(run, name).get("QueueArn")


def rules(run: Run) -> None:
    """Every rule of the template is there, works, and has an error action."""
    for logical, name in sorted(run.stack.of_type("AWS::IoT::TopicRule").items()):
        found = run.services["iot"].get_topic_rule(ruleName=name)["rule"]
        error = "sqs" if "sqs" in found.get("errorAction", {}) else "none"
        facts(
            run,
            logical,
            {
                "disabled": (False, found["ruleDisabled"]),
                "version": ("2016-03-23", found["awsIotSqlVersion"]),
                "error action": ("sqs", error),
            },
        )


def alarms(run: Run) -> None:
    """Every alarm of the template is there. One that has seen nothing yet says nothing."""
    names = run.stack.of_type("AWS::CloudWatch::Alarm")
    found = run.services["cloudwatch"].describe_alarms(AlarmNames=list(names.values()))["MetricAlarms"] if names else []
    states = {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}
    for logical, name in sorted(names.items()):
        state = states.get(name, "missing")
        run.check(
            NAME,
            f"{logical}: state",
            "OK",
            state,
            None if state == "INSUFFICIENT_DATA" else state == "OK",
            note="no data yet" if state == "INSUFFICIENT_DATA" else "",
        )
    run.check(NAME, "alarms", "at least one", str(len(names)), bool(names))
