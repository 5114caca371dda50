#!/bin/sh
# Installs what tests need besides Python: Node for the peer and its packages. Where that is not allowed it says
# which tests will not run; with CI=true that is a failure, because a peer that is never asked proves nothing.
set -u
cd "$(dirname "$0")" || exit 1

lacking() {
    echo "tests: $1; the tests against the Node peer (tests/test_peer.py) will not run" >&2
    [ "${CI:-}" = "true" ] && exit 1
    exit 0
}

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    command -v apt-get >/dev/null 2>&1 || lacking "there is no Node and no apt-get to install it with"
    [ "$(id -u)" = 0 ] || lacking "there is no Node, and only root may install it (apt-get install nodejs npm)"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends nodejs npm; } \
        >/dev/null 2>&1 || lacking "Node could not be installed with apt-get"
fi
if [ ! -e peers/node/node_modules/.package-lock.json ] ||
    [ peers/node/package-lock.json -nt peers/node/node_modules/.package-lock.json ]; then
    (cd peers/node && npm ci --omit=dev --silent --no-audit --no-fund) || lacking "the peer's packages could not be installed"
fi
