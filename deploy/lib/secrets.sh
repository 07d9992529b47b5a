# shellcheck shell=bash
# Secrets on their way into SSM. A value is in no argument, no output, and no file that stays.

# The parameter of a secret: what the configuration names, or for a variable of the environment what the function reads instead.
parameter_of() {
    local ssm=$1 env=$2
    if [[ $ssm != - ]]; then printf '%s' "$ssm"; else printf '/%s/%s' "$stack" "$env"; fi
}

# The environment variable of a parameter: the rest of its name after /STACK/, in capitals.
variable_of() {
    local rest=${1#"/$stack/"}
    rest=${rest//[^a-zA-Z0-9]/_}
    # A name that is one already stays as it is written.
    if [[ $rest != "${1#"/$stack/"}" ]]; then rest=${rest^^}; fi
    printf '%s' "$rest"
}

check_secret_name() {
    if [[ ! $1 =~ ^/$stack/[a-zA-Z_][a-zA-Z0-9_./-]*$ ]]; then
        fail "the secret \`$1\` is not below \`/$stack/\`, where the function may read" \
            "write ssm = \"/$stack/...\" in $config"
    fi
}

secret_type() {
    local type
    type=$(aws ssm get-parameters --names "$1" --query 'Parameters[0].Type' --output text)
    if [[ $type != None ]]; then printf '%s' "$type"; fi
}

# Whether this one is to be replaced: --rotate-secrets, or --secret with its name or the end of it.
is_rotated() {
    local wanted
    if [[ -n $rotates ]]; then return 0; fi
    for wanted in "${rotated[@]}"; do
        if [[ $1 == "$wanted" || $1 == */"$wanted" ]]; then return 0; fi
    done
    return 1
}

# Keeps the parameter that is there, or puts one.
settle_secret() {
    local name=$1 channel=$2 secret=$3 variable type what
    check_secret_name "$name"
    variable=$(variable_of "$name")
    type=$(secret_type "$name")
    if [[ -n $type && $type != SecureString ]]; then
        fail "the parameter \`$name\` is a $type: anybody who may list parameters reads it" "aws ssm delete-parameter --name $name, then run this again"
    fi
    if [[ -n $type ]] && ! is_rotated "$name"; then
        line "$name is there, for $secret of $channel"
        return
    fi
    what="a value"
    if [[ -n $type ]]; then what="another value"; fi
    if [[ -n $dry_run ]]; then
        line "$name gets $what, for $secret of $channel, from $(source_of "$variable")"
        return
    fi
    read_secret "$variable" "$secret of $channel"
    put_secret "$name"
    line "$name has $what"
}

source_of() {
    if [[ -n ${!1-} ]]; then printf '%s' "$1"; else printf 'a question, or %s in the environment' "$1"; fi
}

# Sets `value`, from the environment or by asking.
read_secret() {
    value=${!1-}
    # No program that is started from here on finds it in its environment.
    unset -v "$1"
    if [[ -z $value ]]; then
        if [[ ! -t 0 ]]; then fail "there is no value for $2" "set $1 in the environment, or run this on a terminal, which asks"; fi
        IFS= read -r -s -p "  $2 (not shown): " value
        printf '\n' >&2
    fi
    if [[ -z $value ]]; then fail "there is no value for $2" "set $1 in the environment, or type it when asked"; fi
    if ((${#value} > 4096)); then fail "the value for $2 is longer than 4096 characters, which is all that SSM takes"; fi
}

# The CLI reads its input twice, so a pipe does not do: it is a file for a moment, in memory where there is such a place.
put_secret() {
    local quoted file
    quoted=$(json_string "$value") || fail "the value for $1 has a control character in it" "was it copied with something around it?"
    value=
    file=$vault/secret.json
    # `printf` is part of the shell: the value is in no command line.
    printf '{"Name":"%s","Type":"SecureString","Overwrite":true,"Value":%s}' "$1" "$quoted" >"$file"
    aws ssm put-parameter --cli-input-json "file://$file" >/dev/null
    rm -f "$file"
}
