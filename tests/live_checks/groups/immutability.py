"""What is in the event table stays as it is, whoever asks: the table's own policy refuses even an administrator.

Nothing is written if it does not refuse: every request has a condition that can't hold, or names an item that is not there.
What the rule itself could overwrite is not tried: half of its key is the engine's trace id, which nobody can choose.
"""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from .. import aws, permissions
from ..plan import Plan
from ..run import Run

NAME = "immutability"
SUMMARY = "the event table refuses changes, also by administrators"
NEEDS_STACK = True
TELLS_PEOPLE = False
# Who is not allowed these anyway proves nothing of the table's policy.
PERMISSIONS = permissions.together(
    permissions.LOOKING,
    {
        "*": [
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:GetResourcePolicy",
            "dynamodb:PartiQLDelete",
            "dynamodb:PartiQLUpdate",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ]
    },
)
REFUSED = "AccessDeniedException"
# What comes when nobody refused: the condition does not hold.
LET_THROUGH = {"ConditionalCheckFailedException", "TransactionCanceledException"}
# How IAM says that the table's policy refused, not the caller's own.
BY_THE_TABLE = "explicit deny in a resource-based policy"


def plan(_run: Run) -> Plan:
    """Requests that are to be refused."""
    return Plan(uses={"table request": 8}, seconds=(3, 15))


def check(run: Run) -> None:
    """Tries every way of writing."""
    table, dynamo = run.stack.output("EventTableName"), run.services["dynamodb"]
    key = {name: {"S": run.prefix} for name in ("client_id", "trace_id")}
    impossible: dict[str, Any] = {"TableName": table, "ConditionExpression": "attribute_exists(client_id)"}
    where = f"WHERE client_id = '{run.prefix}' AND trace_id = '{run.prefix}'"
    update = {"UpdateExpression": "SET x = :x", "ExpressionAttributeValues": {":x": {"S": "x"}}}
    put = {"Put": impossible | {"Item": key}}
    attempts: dict[str, Callable[[], Any]] = {
        "PutItem": lambda: dynamo.put_item(Item=key, **impossible),
        "UpdateItem": lambda: dynamo.update_item(Key=key, **update, **impossible),
        "DeleteItem": lambda: dynamo.delete_item(Key=key, **impossible),
        "BatchWriteItem": lambda: dynamo.batch_write_item(RequestItems={table: [{"DeleteRequest": {"Key": key}}]}),
        "TransactWriteItems": lambda: dynamo.transact_write_items(TransactItems=[put]),
        "PartiQL UPDATE": lambda: dynamo.execute_statement(Statement=f'UPDATE "{table}" SET x = 1 {where}'),
        "PartiQL DELETE": lambda: dynamo.execute_statement(Statement=f'DELETE FROM "{table}" {where}'),
    }
    for name, attempt in attempts.items():
        refused(run, name, attempt)
    protected = dynamo.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled")
    run.check(NAME, "deletion protection", "True", str(protected), protected is True)


def refused(run: Run, name: str, attempt: Callable[[], Any]) -> None:
    """A check that a way of writing is refused, and by whom."""
    try:
        attempt()
    except ClientError as error:
        if aws.code(error) == REFUSED:
            by_table = BY_THE_TABLE in aws.message(error)
            note = "" if by_table else "refused, but not by the table: who runs this may not write at all"
            run.check(
                NAME,
                name,
                "refused by the table",
                f"{REFUSED}: {aws.message(error)}",
                True if by_table else None,
                note=note,
            )
            return
        known = aws.code(error) in LET_THROUGH
        found = f"{'allowed' if known else 'another error'}: {aws.code(error)}"
        run.check(NAME, name, "refused by the table", found, False if known else None, note="" if known else found)
        return
    run.check(NAME, name, "refused by the table", "allowed", False)
