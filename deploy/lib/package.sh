# shellcheck shell=bash
# From the sources to the package that is deployed.

# Plugins of this checkout, beside the configuration. The tool builds them only where cargo has built the tool.
build_plugins() {
    if [[ -n ${CAMPANILE-} ]]; then
        line "CAMPANILE is set: the plugins that are there are taken"
        return
    fi
    CARGO=${CARGO:-cargo} "$tool" plugin build --config "$config" >&2
}

build_function() {
    if [[ -n $bootstrap ]]; then
        line "$bootstrap is taken"
        return
    fi
    bootstrap=$(deploy/build | tail -n 1)
    line "$bootstrap"
}

# Sets `package`, `digest`, `template` and what the configuration says of secrets and parameters.
make_package() {
    package=${CARGO_TARGET_DIR:-target}/deploy/$stack.zip
    mkdir -p "${package%/*}"
    "$tool" bundle --config "$config" --bootstrap "$bootstrap" --out "$package" --json >"$work/bundle.json" ||
        fail "the package can't be made" "the reason is above"
    digest=$(json_value sha256 <"$work/bundle.json")
    line "$package  $(($(json_value bytes <"$work/bundle.json") / 1024)) KiB  sha256 $digest"
    key=$stack/$digest.zip
}

# Of the configuration, unless the command line says otherwise.
read_template() {
    local name value named
    template=deploy/template.yaml
    if [[ ! -s $work/bundle.json ]]; then return; fi
    named=$(json_value template.file <"$work/bundle.json")
    template=${named:-$template}
    while IFS=$'\t' read -r name value; do
        if [[ -n $name && ! -v parameters[$name] ]]; then parameters["$name"]=$value; fi
    done < <(json_members template.parameters <"$work/bundle.json")
}

# An earlier package: s3://BUCKET/STACK/DIGEST.zip.
take_package() {
    if [[ ! $1 =~ ^s3://([a-z0-9][a-z0-9.-]+)/($stack/[0-9a-f]{64}\.zip)$ ]]; then
        misused "\`$1\` is no package of this stack: s3://BUCKET/$stack/DIGEST.zip"
    fi
    bucket=${BASH_REMATCH[1]}
    key=${BASH_REMATCH[2]}
    digest=${key##*/}
    digest=${digest%.zip}
}
