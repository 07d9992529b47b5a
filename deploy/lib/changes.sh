# shellcheck shell=bash
# A change set: made, shown, executed, followed to its end.

# A stack that can't be updated as it stands is finished, removed or explained first.
settle_stack() {
    read_stack
    case $status in
    '' | CREATE_COMPLETE | UPDATE_COMPLETE | UPDATE_ROLLBACK_COMPLETE | IMPORT_COMPLETE) ;;
    *_IN_PROGRESS)
        line "the stack is $status: somebody is at it, or an earlier run was broken off; waiting for it to end"
        if [[ -n $dry_run ]]; then return; fi
        remember_events "$stack_id"
        follow_stack "$stack_id"
        settle_stack
        ;;
    ROLLBACK_COMPLETE | ROLLBACK_FAILED | DELETE_FAILED | CREATE_FAILED)
        line "the stack is $status: it can't be updated, and has to go before it is made again"
        tell_kept_tables
        if [[ -n $dry_run ]]; then
            status='' deployed=()
            return
        fi
        confirm "  Delete what is left of the stack \`$stack\`?" || fail "nothing was deployed" "delete the stack, then run this again"
        delete_stack
        status='' deployed=()
        ;;
    *)
        fail "the stack is $status" "look at its events in the console; for UPDATE_ROLLBACK_FAILED:" \
            "aws cloudformation continue-update-rollback --stack-name $stack, then run this again"
        ;;
    esac
}

# Makes a change set of the template at a URL; sets `change_set`, which is empty if there is nothing to change.
make_change_set() {
    local url=$1 kind=UPDATE stands reason
    if [[ -z $status ]]; then kind=CREATE; fi
    change_set=campanile-$(date -u +%Y%m%d%H%M%S)-$$
    parameters_as_json >"$work/parameters.json"
    aws cloudformation create-change-set --stack-name "$stack" --change-set-name "$change_set" --change-set-type "$kind" \
        --template-url "$url" --parameters "file://$work/parameters.json" --capabilities CAPABILITY_IAM >/dev/null ||
        fail "the change set could not be made" "the reason is above; nothing was changed"
    while true; do
        read -r stands reason < <(describe_change_set '[Status,StatusReason]')
        case $stands in
        CREATE_COMPLETE) return ;;
        *_PENDING | *_IN_PROGRESS) sleep 2 ;;
        *) break ;;
        esac
    done
    aws cloudformation delete-change-set --stack-name "$stack" --change-set-name "$change_set"
    change_set=
    if [[ $reason != *"didn't contain changes"* && $reason != *"No updates are to be performed"* ]]; then
        fail "the change set is refused: $reason" "correct the parameter or the template, then run this again"
    fi
}

describe_change_set() {
    aws cloudformation describe-change-set --stack-name "$stack" --change-set-name "$change_set" --query "$1" --output text
}

# A line for each change, and what they put at risk.
show_changes() {
    local action name kind replaced count=0 marked=
    while IFS=$'\t' read -r action name kind replaced; do
        if [[ -z $name ]]; then continue; fi
        count=$((count + 1))
        if [[ $replaced == True || $replaced == Conditional ]]; then action="$action*" marked=1; fi
        line "$(printf '%-8s %-24s %s' "$action" "$name" "$kind")"
        if [[ $kind == AWS::DynamoDB::Table && $action != Add && ($action == Remove || $replaced == True) ]]; then
            warn "$name gets a new table or none: what the old one has does not move; the event table itself is kept"
        fi
    done < <(describe_change_set 'Changes[].ResourceChange.[Action,LogicalResourceId,ResourceType,Replacement]')
    if [[ -n $marked ]]; then line "* is replaced by a new one, or may be"; fi
    if ((count == 0)); then line "only parameters and outputs change"; fi
}

# Executes the change set and follows it; ends the script if it fails.
execute_change_set() {
    # A new stack has its id since the change set was made.
    local id
    id=$(describe_change_set StackId)
    remember_events "$id"
    aws cloudformation execute-change-set --stack-name "$stack" --change-set-name "$change_set"
    follow_stack "$id"
    case $status in
    CREATE_COMPLETE | UPDATE_COMPLETE) return ;;
    ROLLBACK_COMPLETE | ROLLBACK_FAILED)
        fail "the stack could not be made" "${failures[@]}" \
            "remove the cause, then run this again: it deletes what is left, after asking, and goes on"
        ;;
    UPDATE_ROLLBACK_COMPLETE) fail "the update failed, and the stack is as it was" "${failures[@]}" "remove the cause, then run this again" ;;
    *)
        fail "the stack is $status" "${failures[@]}" \
            "for UPDATE_ROLLBACK_FAILED: aws cloudformation continue-update-rollback --stack-name $stack, then run this again"
        ;;
    esac
}

# Parameters as CloudFormation takes them: those that are given, and all others of a stack as they are.
parameters_as_json() {
    local name separator=
    printf '['
    for name in "${!parameters[@]}"; do
        printf '%s{"ParameterKey":"%s","ParameterValue":%s}' "$separator" "$name" "$(json_string "${parameters[$name]}")"
        separator=,
    done
    for name in "${!deployed[@]}"; do
        if [[ -v parameters[$name] ]] || ! grep -qE "^  $name:\$" "$template"; then continue; fi
        printf '%s{"ParameterKey":"%s","UsePreviousValue":true}' "$separator" "$name"
        separator=,
    done
    printf ']\n'
}
