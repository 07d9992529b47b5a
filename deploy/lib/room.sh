# shellcheck shell=bash
# Room for files that nobody else reads and that go when the script ends, however it ends.

# Sets `work`, and `vault` for what must not come onto a disk.
make_room() {
    umask 077
    work=$(mktemp -d)
    vault=$work
    # In memory, where there is such a place.
    if [[ -d /dev/shm && -w /dev/shm ]]; then vault=$(mktemp -d /dev/shm/campanile.XXXXXX); fi
    trap leave EXIT
}

# A program that failed has said why; the script says what that means, and with which code it ends.
leave() {
    local code=$?
    rm -rf "$work" "$vault"
    # 128 and more is a signal: whoever sent it knows.
    if ((code > 2 && code < 128 || code > 192)); then
        printf '\n%s: it ended here, for the reason above; run it again, and it goes on\n' "${0##*/}" >&2
        exit 1
    fi
}
