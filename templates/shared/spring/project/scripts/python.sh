#!/bin/sh
# Exits with a message if the given Python is missing or too old for the acceptance tests.
"$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && exit
echo "They need Python 3.11 or newer, and $1 is older or missing. Run, for example: make acceptance PYTHON=python3.13" >&2
exit 1
