#!/bin/sh
# Accept connections of other containers.
shift
exec redis-server --protected-mode no "$@"
