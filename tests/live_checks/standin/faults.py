"""What can be made to differ from what is expected of AWS."""

KNOWN = {
    "sql": "rules that select the number 1 select 2",
    "silence": "rules whose condition is not true answer all the same",
    "parser": "statements that are none make rules",
    "policy": "every certificate may do everything, and connections are not ended by others",
    "table": "the event table's policy refuses nothing",
    "error-action": "the error action's document has no payload",
    "presence": "no event says why a client is gone",
    "retries": "an invocation that failed is tried once more, at once",
    "function": "the function is never called by rules",
    "slow-deletion": "what is attached holds for a while after it was detached",
}
active: set[str] = set()


def on(name: str) -> bool:
    """Whether it is so."""
    assert name in KNOWN, name
    return name in active
