# shellcheck shell=bash
# The command line.

# A wrong one.
misused() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    printf '  %s --help says how it is used\n' "$0" >&2
    exit 2
}

# The value of an option, into a variable: `take stack "$@"`. `shift "$taken"` goes on behind it.
take() {
    if (($# < 3)) || [[ -z $3 ]]; then misused "$2 needs a value"; fi
    printf -v "$1" '%s' "$3"
    taken=2
}
