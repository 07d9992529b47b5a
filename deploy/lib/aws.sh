# shellcheck shell=bash
# The AWS CLI, version 1 or 2: no pager, no questions, text that a script can read.

export AWS_PAGER="" AWS_CLI_AUTO_PROMPT=off

# Sets `account`, `partition` and `region`; ends the script if AWS can't be asked.
look_at_account() {
    command -v aws >/dev/null || fail "the AWS CLI is missing" "python3 -m pip install awscli, or https://aws.amazon.com/cli"
    find_region
    local arn
    arn=$(aws sts get-caller-identity --query Arn --output text) ||
        fail "AWS does not take the credentials" "aws configure, aws sso login, or AWS_PROFILE=NAME: \`aws sts get-caller-identity\` has to work"
    # arn:PARTITION:SERVICE::ACCOUNT:WHO
    IFS=: read -r _ partition _ _ account _ <<<"$arn"
    line "account  $account, as ${arn##*:}"
    line "region   $region"
}

find_region() {
    region=${region:-${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}}
    if [[ -z $region ]]; then fail "no region is set" "give --region, or set AWS_REGION, or aws configure set region"; fi
    if [[ ! $region =~ ^[a-z]{2}(-[a-z]+)+-[0-9]+$ ]]; then misused "\`$region\` is no region, such as eu-central-1"; fi
    export AWS_REGION=$region AWS_DEFAULT_REGION=$region
}

# Whether something is there; sets `said` to what AWS tells of it. `missing` is what AWS says if not; anything else that goes wrong ends
# the script.
exists() {
    local missing=$1
    shift
    if said=$("$@" 2>"$work/trouble"); then return 0; fi
    said=
    if grep -qF -- "$missing" "$work/trouble"; then return 1; fi
    fail "AWS can't be asked: $*" "$(grep . "$work/trouble")"
}

# Text as a JSON string. Names and secrets are written into files with it.
json_string() {
    local text=$1
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    text=${text//$'\r'/\\r}
    text=${text//$'\t'/\\t}
    if [[ $text == *[[:cntrl:]]* ]]; then return 1; fi
    printf '"%s"' "$text"
}
