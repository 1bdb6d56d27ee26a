#!/bin/sh
# Create the data folder at the first start, then run the server.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  printf %s "$POSTGRES_PASSWORD" >/tmp/password
  initdb --username="$user" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256
  rm /tmp/password
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  # On its socket only, so that nobody connects before everything is created.
  pg_ctl --options="-c listen_addresses=''" --wait start
  if [ "${POSTGRES_DB:-postgres}" != postgres ]; then
    createdb --username="$user" "$POSTGRES_DB"
  fi
  for script in /docker-entrypoint-initdb.d/*.sh; do
    [ ! -e "$script" ] || sh "$script"
  done
  pg_ctl --mode=fast --wait stop
fi
exec "$@" -c listen_addresses='*'
