# shellcheck shell=bash
# Things and their certificates in AWS IoT.

check_thing_name() {
    if [[ ! $1 =~ ^[a-zA-Z0-9:_-]{1,128}$ ]]; then
        misused "\`$1\` can't name a thing: 1 to 128 of letters, digits, \`:\`, \`_\` and \`-\`"
    fi
}

thing_exists() { exists ResourceNotFoundException aws iot describe-thing --thing-name "$1"; }

# The ARNs of its certificates, a line each.
certificates_of() {
    aws iot list-thing-principals --thing-name "$1" --query 'principals[].[@]' --output text | grep . || true
}

# Those that a policy is attached to.
certificates_with() {
    aws iot list-targets-for-policy --policy-name "$1" --query 'targets[].[@]' --output text | grep . || true
}

things_of() {
    aws iot list-principal-things --principal "$1" --query 'things[]' --output text | tr '\t' ' '
}

# Seconds since 1970, and status.
describe_certificate() {
    aws iot describe-certificate --certificate-id "${1##*/}" \
        --query 'certificateDescription.[creationDate,status]' --output text
}

# A certificate that is deactivated is refused from then on, and AWS ends the connections that it has. It is deactivated first, so that
# whatever fails afterwards, it is of no use any more.
revoke_certificate() {
    local arn=$1 thing=$2 policy
    aws iot update-certificate --certificate-id "${arn##*/}" --new-status INACTIVE
    while read -r policy; do
        if [[ -n $policy ]]; then aws iot detach-policy --policy-name "$policy" --target "$arn"; fi
    done < <(aws iot list-attached-policies --target "$arn" --query 'policies[].[policyName]' --output text)
    aws iot detach-thing-principal --thing-name "$thing" --principal "$arn"
    if [[ -z $(things_of "$arn") ]]; then
        patiently aws iot delete-certificate --certificate-id "${arn##*/}"
    fi
}

# Detaching takes AWS a moment; until then it refuses to delete.
patiently() {
    local try
    for try in 1 2 3 4 5; do
        if "$@" 2>"$work/trouble"; then return; fi
        if ! grep -qE 'DeleteConflict|InvalidRequest|attached' "$work/trouble"; then break; fi
        sleep "$try"
    done
    fail "it did not work: $*" "$(grep . "$work/trouble")"
}
