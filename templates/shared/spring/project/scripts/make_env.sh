#!/bin/sh
# Copies a file of environment variables and gives every empty one a new secret.
# Usage: sh scripts/make_env.sh EXAMPLE TARGET. A TARGET that exists is left unchanged.
set -eu
[ ! -e "$2" ] || exit 0
umask 077
secret() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
while IFS= read -r line; do
    case $line in
    [A-Z]*=) printf '%s%s\n' "$line" "$(secret)" ;;
    *) printf '%s\n' "$line" ;;
    esac
done <"$1" >"$2"
echo "Created $2 from $1, with new secrets."
