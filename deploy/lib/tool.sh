# shellcheck shell=bash
# The tool `campanile`, built from this checkout.

# Where cargo puts what it builds.
built() { printf '%s/release/%s' "${CARGO_TARGET_DIR:-target}" "$1"; }

# Sets `tool`: $CAMPANILE, or what cargo builds.
find_tool() {
    tool=${CAMPANILE-}
    if [[ -n $tool ]]; then
        if [[ ! -x $tool ]]; then fail "CAMPANILE is \`$tool\`, which is no program"; fi
        return
    fi
    command -v cargo >/dev/null || fail "cargo is missing" "install Rust: https://rustup.rs"
    # The same selection as `cargo campanile`, so that nothing is compiled twice.
    cargo build --release --bin campanile >&2
    tool=$(built campanile)
}

# Credentials for a program that knows fewer ways to get them than the AWS CLI: version 2 hands out what it uses.
with_credentials() {
    local given name value
    given=$(aws configure export-credentials --format env-no-export 2>/dev/null) || given=
    (
        while IFS='=' read -r name value; do
            if [[ $name == AWS_* ]]; then export "$name=$value"; fi
        done <<<"$given"
        exec "$@"
    )
}

# Runs it where AWS is asked.
ask_tool() { with_credentials "$tool" "$@"; }
