# shellcheck shell=sh
# Makes the Python environment of this checkout. Sourced by contrib/run and contrib/test, which run in its root.

UV_VERSION=0.13.9

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# install [PACKAGE...]: by apt as root; anybody else is told what to install.
install() {
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "Missing on this machine. Install it, then start this again:  sudo apt-get install $*"
    fi
    say "Installing $*"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >&2
}

# Prints a Python that is new enough: $PYTHON if it is set, else the first that is found.
find_python() {
    for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    return 1
}

# Prints the packages that are missing before an environment can be made.
missing_packages() {
    if ! python=$(find_python); then
        echo python3 python3-venv
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo python3-venv
    fi
}

# uv lives in an environment of its own, so that it is the same version everywhere.
make_uv() {
    if [ "$(cat .uv/version 2>/dev/null)" = "$UV_VERSION" ] && .uv/bin/python -c '' 2>/dev/null; then return; fi
    # shellcheck disable=SC2046 # one word for each package
    install $(missing_packages)
    python=$(find_python) ||
        fail "Python 3.11 or newer is needed. If you have one elsewhere: PYTHON=/path/to/python $0"
    "$python" -m venv --clear .uv
    .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
    printf %s "$UV_VERSION" >.uv/version
}

# Prints what the environment is made of: the pyproject files, and what the web UI is built from.
made_of() {
    cat pyproject.toml plugins/*/pyproject.toml plugins/webui/hatch_build.py
    find plugins/webui/frontend -name node_modules -prune -o -type f -print | LC_ALL=C sort | xargs cat
}

# sync FOLDER PYTHON [UV OPTION...]: the environment in FOLDER has what its sources say. It is asked again only when one
# of them, the Python or the options change; --inexact leaves plugins in peace that people installed there.
sync() {
    folder=$1
    shift
    stamp=$({ echo "$UV_VERSION $*" && made_of; } | cksum)
    if [ "$(cat "$folder/.synced" 2>/dev/null)" = "$stamp" ] && "$folder/bin/python" -c '' 2>/dev/null; then return; fi
    python=$1
    shift
    UV_PROJECT_ENVIRONMENT=$folder .uv/bin/uv sync --quiet --inexact --no-python-downloads --python "$python" "$@"
    printf %s "$stamp" >"$folder/.synced"
}
