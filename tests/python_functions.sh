# Installs what functions in Python need, with the versions of one file for the benchmark and the tests. To be sourced.
# shellcheck shell=bash

readonly PYTHON_FUNCTIONS=tests/benches/cold_start/requirements

# Sets `CAMPANILE_LAMBDA_PYTHON`, which has what Lambda's own runtime has, and `CAMPANILE_APPRISE`, a folder of packages as one packs
# it into a zip. Takes the folder of tools; the current folder is the repository.
python_functions() {
    local digest
    digest=$(cat "$PYTHON_FUNCTIONS"/*.txt | sha256sum | cut -c1-12)
    local folder=$1/python-functions-$digest
    export CAMPANILE_LAMBDA_PYTHON=$folder/runtime/bin/python
    export CAMPANILE_APPRISE=$folder/apprise
    if [[ -d $CAMPANILE_APPRISE ]]; then return; fi
    rm -rf "$folder"
    python3 -m venv "$folder/runtime"
    local pip=("$folder/runtime/bin/pip" install --quiet --disable-pip-version-check)
    "${pip[@]}" --requirement "$PYTHON_FUNCTIONS/runtime.txt"
    # The last step of it: the folder is complete as soon as it has its name.
    "${pip[@]}" --requirement "$PYTHON_FUNCTIONS/apprise.txt" --target "$CAMPANILE_APPRISE.new"
    mv "$CAMPANILE_APPRISE.new" "$CAMPANILE_APPRISE"
}
