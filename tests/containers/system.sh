#!/usr/bin/env bash
# Make what the tests in this folder need, in FOLDER: tests/containers/system.sh FOLDER. Needs root and debootstrap.
#
# FOLDER/engine is a Debian system with Docker, and with the servers of a shop, because it is also the base of their images.
# FOLDER/python is the base of the shop's images, with the wheels that a shop may need: builds have no network.
set -euo pipefail
folder=$(realpath -m "$1")
cd "$(dirname "$0")/../.."

servers="postgresql mysql-server-core mysql-client-core redis-server nginx haproxy/experimental wget libcap2-bin"
docker="docker.io docker-cli docker-compose docker-buildx iptables iproute2 ca-certificates"
# What a node of a cluster needs besides containerd, for tests/pods.
node="containernetworking-plugins dnsmasq-base ipset nftables"

if [ "$(id -u)" != 0 ]; then
  echo "system.sh makes root file systems and needs to be run as root." >&2
  exit 2
fi
command -v debootstrap >/dev/null || { echo "system.sh needs debootstrap: install it first." >&2; exit 2; }

# Use this machine's package mirror.
mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
  sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +([^ ]+).*/\3/p' | head -n 1)

# Make a system of a suite in a folder, with packages, and with what it needs to reach the package indexes.
make_system() {
  local suite=$1 root=$2
  shift 2
  # Made again when the list changes.
  [ "$(cat "$root.ready" 2>/dev/null)" != "$*" ] || return 0
  rm -rf "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  # For HAProxy only, which in sid is older than the pinned image.
  [ "$suite" != sid ] || echo "deb $mirror experimental main" >"$root/etc/apt/sources.list.d/experimental.list"
  # Packages start no services here.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  # The accounts of the official images; the packages keep accounts that exist.
  chroot "$root" groupadd --gid 70 postgres
  chroot "$root" useradd --uid 70 --gid 70 --home-dir /var/lib/postgresql postgres
  chroot "$root" groupadd --gid 999 mysql
  chroot "$root" useradd --uid 999 --gid 999 --home-dir /var/lib/mysql mysql
  # Mirrors may be older than their indexes allow.
  chroot "$root" apt-get update --quiet --option Acquire::Check-Valid-Until=false
  DEBIAN_FRONTEND=noninteractive unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$root" \
    apt-get install --quiet --yes --no-install-recommends "$@"
  chroot "$root" apt-get clean
  echo "$*" >"$root.ready"
}

# shellcheck disable=SC2086
make_system sid "$folder/engine" $servers $docker $node
make_system trixie "$folder/python" python3 python3-pip

pins=templates/shared/python/project/_parts/pins
rm -rf "$folder/python/wheels" "$folder/python/etc/pip.conf"
mkdir "$folder/python/wheels"
[ ! -e /etc/pip.conf ] || cp -L /etc/pip.conf "$folder/python/etc/"
for each in "$pins"/*.txt; do
  [ "$each" != "$pins/dev.txt" ] || continue
  cp "$each" "$folder/python/wheels/pins.txt"
  chroot "$folder/python" python3 -m pip download --quiet --no-deps --require-hashes --only-binary :all: \
    --dest /wheels --requirement /wheels/pins.txt
done
rm "$folder/python/wheels/pins.txt"
printf '[global]\nno-index = true\nfind-links = /wheels\n' >"$folder/python/etc/pip.conf"
ln -sf /usr/bin/python3 "$folder/python/usr/local/bin/python"
# Images of an older system would stay.
rm -rf "$folder/docker"
touch "$folder/ready"
