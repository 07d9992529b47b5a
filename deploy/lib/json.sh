# shellcheck shell=bash
# Reads the JSON that `campanile` prints. The AWS CLI has --query for its own.

# For each object of the list at a path (`.` for the document itself) a line with some of its values, separated by tabs:
# `json_rows secrets channel ssm <FILE`. A path may go on in a value: `record.state.status`. What is not there is `-`.
json_rows() {
    python3 -c '
import json, sys
def at(value, path):
    for name in path.split(".") if path != "." else []:
        value = value.get(name) if isinstance(value, dict) else None
    return value
def text(value):
    return " ".join((value if isinstance(value, str) else json.dumps(value)).split()) if value not in (None, "") else "-"
for row in at(json.load(sys.stdin), sys.argv[1]) or []:
    print("\t".join(text(at(row, path)) for path in sys.argv[2:]))
' "$@"
}

# For each member of the object at a path a line: name, tab, value.
json_members() {
    python3 -c '
import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    value = (value or {}).get(name)
for name, value in (value or {}).items():
    print(name, value if isinstance(value, str) else json.dumps(value), sep="\t")
' "$@"
}

# One value.
json_value() {
    python3 -c '
import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    value = (value or {}).get(name)
print("" if value is None else value)
' "$@"
}
