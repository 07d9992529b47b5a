# shellcheck shell=bash
# One alert through all of it, and what people got.
#
# It is published to the hot rule alone (Basic Ingest): the cold rule needs a trace id, which only what comes by MQTT has, and would put
# the message into the error queue.

readonly SMOKE_PATIENCE=${CAMPANILE_SMOKE_PATIENCE:-90}

smoke_test() {
    local filter
    device=smoke-test-$(date -u +%Y%m%dT%H%M%SZ)
    hot_rule=${outputs[HotRuleName]}
    recovery_rule=${outputs[RecoveryRuleName]-}
    dispatch_table=${outputs[DispatchTableName]}
    filter=${outputs[TopicFilter]}
    # Where the filter has a `+`, a device has its name.
    topic=${filter//+/$device}
    find_endpoint
    publish "$hot_rule" INACTIVE ACTIVE
    line "$device is INACTIVE, on $topic, for the rule $hot_rule; waiting for its deliveries"
    wait_for_deliveries
    if [[ -n $recovery_rule ]]; then
        publish "$recovery_rule" ACTIVE INACTIVE
        line "$device is ACTIVE again: nobody is reminded of it"
    fi
    judge_deliveries
}

# The endpoint of this account, whose certificate is Amazon's own; whoever says where AWS is, says it for this too.
find_endpoint() {
    endpoint=()
    if [[ -z ${AWS_ENDPOINT_URL-} && -z ${AWS_ENDPOINT_URL_IOT_DATA_PLANE-} ]]; then
        endpoint=(--endpoint-url "https://$(aws iot describe-endpoint --endpoint-type iot:Data-ATS --query endpointAddress --output text)")
    fi
}

publish() {
    local rule=$1 status=$2 previous=$3 id
    id=$(python3 -c 'import uuid; print(uuid.uuid4())')
    printf '{"event_id":"%s","device_id":"%s","status":"%s","previous":"%s","occurred_at":"%s","reading":{"test":"This is a test of deploy/deploy. Nothing is wrong."}}' \
        "$id" "$device" "$status" "$previous" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$work/event.json"
    # A file of bytes: versions 1 and 2 differ in how they read anything else.
    aws iot-data publish "${endpoint[@]}" --topic "\$aws/rules/$rule/$topic" --qos 1 --payload "fileb://$work/event.json"
}

# Sets `deliveries`: lines of channel, state, message, reason. All are opened at once, so when none is on its way, and that twice in a row, there
# are no more to come.
wait_for_deliveries() {
    local end=$((SECONDS + SMOKE_PATIENCE)) before=none
    while ((SECONDS < end)); do
        deliveries=$(list_deliveries)
        if [[ -n $deliveries && $deliveries == "$before" ]] && ! grep -qE $'\t(claimed|retry)\t' <<<"$deliveries"; then return; fi
        before=$deliveries
        sleep 1
    done
}

list_deliveries() {
    ask_tool deliveries --store "dynamodb:$dispatch_table" --device "$device" --config "$config" --json >"$work/deliveries.json" 2>"$work/deliveries.err" ||
        fail "the deliveries can't be read" "$(<"$work/deliveries.err")"
    json_rows . key.channel record.state.status record.state.receipt.message-id record.state.reason <"$work/deliveries.json"
}

judge_deliveries() {
    local channel state message reason bad=
    if [[ -z $deliveries ]]; then
        fail "the test came to nobody within $SMOKE_PATIENCE s" \
            "either no route of $config wants it (\`when\` is false for $device), or it got lost on the way:" \
            "deploy/logs --stack $stack --since 10m" \
            "aws sqs receive-message --queue-url ${outputs[RuleErrorQueueUrl]}" \
            "aws sqs receive-message --queue-url ${outputs[FailureQueueUrl]}"
    fi
    while IFS=$'\t' read -r channel state message reason; do
        if [[ $message != - ]]; then reason="message $message"; fi
        line "$(printf '%-16s %-12s %s' "$channel" "$state" "${reason#-}")"
        if [[ $state != delivered ]]; then bad=1; fi
    done <<<"$deliveries"
    if [[ -n $bad ]]; then
        fail "not every channel was told" "deploy/logs --stack $stack --since 10m --errors" \
            "$tool deliveries --store dynamodb:$dispatch_table --device $device"
    fi
}
