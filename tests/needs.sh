#!/bin/sh
# Installs what tests need besides Python: Node and the packages of the peer, and Debian's redis-server, nginx, chromium
# and iproute2. Where that is not allowed it says which tests will not run; with CI=true that is a failure, because a peer
# that is never asked proves nothing.
set -u
cd "$(dirname "$0")" || exit 1
lacking=0

lacks() {
    echo "tests: $1; $2 will not run" >&2
    lacking=1
}

# install COMMAND PACKAGE...: install Debian's packages where the command is missing; fails where that is not allowed.
install() {
    command -v "$1" >/dev/null 2>&1 && return 0
    shift
    command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1
}

install redis-server redis-server || lacks "there is no redis-server (apt-get install redis-server, as root)" "tests of several nodes"
install nginx nginx-light || lacks "there is no nginx (apt-get install nginx-light, as root)" "tests behind a load balancer"
install ip iproute2 || lacks "there is no ip (apt-get install iproute2, as root)" "tests of several hosts"
install chromium chromium chromium-driver || lacks "there is no chromium (apt-get install chromium chromium-driver, as root)" "tests in a browser"

# packages FOLDER: install what its lock names, where that is not there yet.
packages() {
    install node nodejs && install npm npm || return 1
    [ -e "$1/node_modules/.package-lock.json" ] &&
        [ ! "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ] && return 0
    (cd "$1" && npm ci --omit=dev --silent --no-audit --no-fund)
}
# The XSD that Jenkins' reader of JUnit keeps to comes with pytest's source, which is not in what pip installs of it.
xsd() {
    [ -e ../build/junit-10.xsd ] && return 0
    pytest=$(sed -n 's/^pytest==\([^ ]*\) .*/\1/p' ../requirements-dev.lock)
    mkdir -p ../build && ../.venv/bin/pip download --quiet --disable-pip-version-check --no-deps --no-binary pytest \
        --dest ../build "pytest==$pytest" &&
        tar -xzOf "../build/pytest-$pytest.tar.gz" "pytest-$pytest/testing/example_scripts/junit-10.xsd" >../build/xsd &&
        mv ../build/xsd ../build/junit-10.xsd
}
xsd || lacks "pytest's source cannot be had" "the validation of JUnit"
packages peers/node || lacks "Node or the peer's packages are missing (apt-get install nodejs npm, as root)" "tests/peers/test_peer.py"
packages peers/built || lacks "Node or the packages of the peer as built are missing (apt-get install nodejs npm, as root)" "tests/peers/test_built_peer.py"
packages peers/page || lacks "Node or axe-core is missing (apt-get install nodejs npm, as root)" "tests/cli/test_page.py"

packages peers/exchange || lacks "Node, AsyncAPI's parser or TypeScript is missing (apt-get install nodejs npm, as root)" "tests/peers/test_exchange.py"

[ "$lacking" = 0 ] || [ "${CI:-}" != "true" ]
