# shellcheck shell=bash
# What the scripts say, and what they ask. Results go to the standard output, everything else to the standard error.

if ((BASH_VERSINFO[0] < 5)); then
    echo "${0##*/}: this needs bash 5 or newer, and this is $BASH_VERSION (on macOS: brew install bash)" >&2
    exit 1
fi

yes=${yes-}

say() { printf '%s\n' "$*" >&2; }

# A step of the work: its number, how many there are, its name.
step() { printf '\n[%s/%s] %s\n' "$1" "$2" "$3" >&2; }

# A line of a step.
line() { printf '  %s\n' "$*" >&2; }

warn() { printf '  warning: %s\n' "$*" >&2; }

# Ends the script: what is wrong, then lines that say what to do.
fail() {
    printf '\n%s: %s\n' "${0##*/}" "$1" >&2
    shift
    if (($# > 0)); then printf '  %s\n' "$@" >&2; fi
    exit 1
}

# Asks, unless --yes was given. With nobody to ask, nothing is done.
confirm() {
    if [[ -n $yes ]]; then return; fi
    somebody_is_there
    local answer
    read -r -p "$1 [y/N] " answer
    [[ $answer == [yY] || $answer == [yY][eE][sS] ]]
}

somebody_is_there() {
    if [[ ! -t 0 ]]; then
        fail "there is nobody to ask" "run it on a terminal, or with --yes once you have seen what --dry-run says"
    fi
}
