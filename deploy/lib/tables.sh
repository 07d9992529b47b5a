# shellcheck shell=bash
# Event tables outlive their stacks.

# Event tables that stacks of this name have had, a line each.
event_tables() {
    aws dynamodb list-tables --query "TableNames[?starts_with(@, '$stack-EventTable-')].[@]" --output text
}

# Tells of those that no stack has.
tell_kept_tables() {
    local table current=${1-}
    while read -r table; do
        if [[ -z $table || $table == "$current" ]]; then continue; fi
        line "the event table \`$table\` of an earlier stack is kept: $(events_in "$table")"
    done < <(event_tables)
}

# How much is in it. DynamoDB counts every six hours or so.
events_in() {
    local count
    count=$(aws dynamodb describe-table --table-name "$1" --query 'Table.ItemCount' --output text)
    printf 'about %s events' "$count"
}
