#!/bin/sh
# Locks anew: hashes for every platform, and no address of any registry.
set -eu
cd "$(dirname "$0")/.."

compile() {
    .boot/bin/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --upgrade "$@"
}

lock() {
    { echo "# Made by \`make lock\`$2"; cat; } > "$1.new"
    mv "$1.new" "$1"
}

compile pyproject.toml --group dev |
    lock requirements.lock " from pyproject.toml: what runs, and what builds and tests it."
echo "uv" | compile - | lock requirements-boot.lock ": the tool that installs the rest."
