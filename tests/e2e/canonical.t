#!/bin/sh
# The canonical writer against another one, npm's canonicalize: tests/conformance/canonical.mjs.
if ! command -v node >/dev/null || [ ! -d node_modules/canonicalize ]; then
	echo '1..1'
	echo 'ok 1 # SKIP SKIPPED: neither node nor node_modules/canonicalize; tools/setup test installs them'
	exit 0
fi
exec node tests/conformance/canonical.mjs "${SHUGU_BUILD:-build}/tests/conformance_canonical"
