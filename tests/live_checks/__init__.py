"""What `tests/live` verifies in a real AWS account, group by group.

Each group of checks is a module of `groups`. The others are what they share: names, the ledger of what a run has made, MQTT,
comparing, the report. `standin` plays AWS for the tests of this package; what runs against it proves the script, not AWS.
"""
