#!/bin/sh
# Runs once, when the server creates its data folder. Creates for each service a database and its owner. No other
# account may connect to it.
set -eu

env | grep '_DATABASE_PASSWORD=' | while IFS='=' read -r variable password; do
    name=$(echo "${variable%_DATABASE_PASSWORD}" | tr '[:upper:]' '[:lower:]')
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres \
        --set name="$name" --set database="${name}_service" --set password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"name";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
done
