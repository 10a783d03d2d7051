#!/bin/sh
# Makes .venv from requirements.lock with uv; done already for this lock, it returns at once.
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "setup: $1" >&2
    exit 1
}

# What .venv was made from. cksum is everywhere; this guards against staleness, not against malice.
wanted=$(cat requirements.lock requirements-boot.lock pyproject.toml scripts/setup.sh | cksum)
stamp=.venv/.partnerdesk-setup

done_already() {
    # With the place, since a folder that was moved or copied holds a .venv that points elsewhere.
    [ -x .venv/bin/partnerdesk ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted $PWD" ]
}

done_already && exit 0
if command -v flock >/dev/null 2>&1; then
    # `make run` beside `make test`: the second one waits, and then finds it done.
    exec 9<requirements.lock
    flock 9
    done_already && exit 0
fi

python=
for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    # A name in PATH may be a shim for a Python that is not there, so each is tried by running it.
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$("$candidate" -c 'import sys; print(sys.executable)')
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed, and none was found in PATH."

export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 UV_NO_CONFIG=1
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

boot_with() {
    "$@" -m pip install --quiet --require-hashes --target .boot -r requirements-boot.lock
}

if [ "$(cat .boot/.made-from 2>/dev/null)" != "$(cksum < requirements-boot.lock)" ]; then
    echo "setup: fetching uv"
    rm -rf .boot .boot-venv
    if "$python" -m pip --version >/dev/null 2>&1; then
        boot_with "$python"
    elif "$python" -m venv .boot-venv >/dev/null 2>&1; then
        # Debian keeps pip from its Python, but python3-venv brings one along.
        boot_with .boot-venv/bin/python
        rm -rf .boot-venv
    else
        rm -rf .boot-venv
        fail "$python has neither pip nor venv; on Debian and Ubuntu: apt-get install python3-venv"
    fi
    cksum < requirements-boot.lock > .boot/.made-from
fi
uv=.boot/bin/uv

echo "setup: installing from requirements.lock into .venv"
rm -f "$stamp"
# A folder that another tool left half made, or one of another Python, is no ground to build on.
if ! [ "$(.venv/bin/python -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null)" = \
       "$("$python" -c 'import sys; print(*sys.version_info[:2])')" ]; then
    rm -rf .venv
    "$uv" venv --quiet --python "$python" .venv
fi
"$uv" pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
printf '%s\n' "$wanted $PWD" > "$stamp"
