# shellcheck shell=bash
# The stack: how it stands, what it has, and what happens to it.

# The stack's name, which other names are made of.
check_stack_name() {
    if [[ ! $stack =~ ^[a-zA-Z][a-zA-Z0-9-]{0,39}$ ]]; then
        misused "\`$stack\` can't name a stack: a letter, then at most 39 letters, digits and hyphens"
    fi
}

# Reads how it stands into `status` (nothing if there is none), `stack_id`, `outputs` and `deployed`: its parameters.
declare -A outputs=() deployed=()

read_stack() {
    local what name value
    status='' stack_id='' outputs=() deployed=()
    if ! exists "does not exist" aws cloudformation describe-stacks --stack-name "$stack" --output text --query \
        "Stacks[0].[[['status',StackStatus,StackId]],Outputs[].['output',OutputKey,OutputValue],Parameters[].['parameter',ParameterKey,ParameterValue]][]"; then
        return
    fi
    while IFS=$'\t' read -r what name value; do
        case $what in
        status) status=$name stack_id=$value ;;
        output) outputs[$name]=$value ;;
        parameter) deployed[$name]=$value ;;
        esac
    done <<<"$said"
    # Made for a change set that was never executed: there is nothing in it.
    if [[ $status == REVIEW_IN_PROGRESS ]]; then status='' outputs=() deployed=(); fi
}

# The stack has to be there and usable.
need_stack() {
    read_stack
    case $status in
    '') fail "there is no stack \`$stack\` in $region" "deploy/deploy --stack $stack makes it; --stack and --region say which one is meant" ;;
    ROLLBACK_* | DELETE_*) fail "the stack \`$stack\` is $status" "deploy/deploy --stack $stack says what to do" ;;
    esac
}

# What may run on for minutes is followed by its events. Those from before are remembered here.
declare -A told=()

remember_events() {
    local id
    for id in $(aws cloudformation describe-stack-events --stack-name "$1" --no-paginate \
        --query 'StackEvents[].EventId' --output text 2>/dev/null); do
        told[$id]=1
    done
}

# Prints new events, oldest first; the newest hundred are enough, as it looks every few seconds.
tell_events() {
    local events id status kind name reason mark i
    events=$(aws cloudformation describe-stack-events --stack-name "$1" --no-paginate \
        --query 'StackEvents[].[EventId,ResourceStatus,ResourceType,LogicalResourceId,ResourceStatusReason]' --output text) || return 0
    mapfile -t rows <<<"$events"
    for ((i = ${#rows[@]} - 1; i >= 0; i--)); do
        IFS=$'\t' read -r id status kind name reason <<<"${rows[i]}"
        if [[ -z $id || -n ${told[$id]-} ]]; then continue; fi
        told[$id]=1
        mark=
        if [[ $status == *FAILED ]]; then mark="  $reason"; fi
        line "$(printf '%4ds  %-28s %-18s %s%s' "$SECONDS" "$status" "${kind##*::}" "$name" "$mark")"
        # What was only stopped because of another one explains nothing.
        if [[ $status == *FAILED && $reason != *cancelled* && $kind != AWS::CloudFormation::Stack ]]; then
            failures+=("$name ($kind): $reason")
        fi
    done
}

# Follows the stack until nothing happens any more; sets `status`, and `failures` to what went wrong. A stack that is gone has no
# name: it is asked for by its id.
follow_stack() {
    local id=$1
    failures=() SECONDS=0
    while true; do
        status=$(aws cloudformation describe-stacks --stack-name "$id" --query 'Stacks[0].StackStatus' --output text)
        tell_events "$id"
        case $status in
        *_IN_PROGRESS) sleep 3 ;;
        *) return ;;
        esac
    done
}

# Deletes the stack and follows that.
delete_stack() {
    remember_events "$stack_id"
    aws cloudformation delete-stack --stack-name "$stack"
    follow_stack "$stack_id"
    if [[ $status != DELETE_COMPLETE ]]; then
        fail "the stack could not be deleted: it is $status" "${failures[@]}" "when that is settled, run this again: it goes on where it was"
    fi
}
