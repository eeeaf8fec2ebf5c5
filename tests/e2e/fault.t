#!/bin/sh
# Twenty kills in the middle of circulations; `make fault` has two hundred.
cd "$(dirname "$0")/../.." || exit 1
KILLS=20 MINUTES=4 exec tests/fault/run
