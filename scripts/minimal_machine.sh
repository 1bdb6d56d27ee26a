#!/usr/bin/env bash
# Run the README's two commands on a minimal Debian with only Python, venv, make and certificates.
#
#     scripts/minimal_machine.sh                  # make demo, then make test
#     scripts/minimal_machine.sh make check       # any other command
#
# Needs root, debootstrap and unshare. The system is created once, in build/minimal. Each run uses a copy of the current
# commit, as an ordinary user; from this machine it gets only the files that it needs to reach the package index.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${SUITE:-bookworm}
base=$PWD/build/minimal/$suite
work=$PWD/build/minimal/run
packages=python3,python3-venv,make,ca-certificates

if [ "$(id -u)" != 0 ]; then
  echo "minimal_machine.sh makes a root file system and needs to be run as root." >&2
  exit 2
fi
for program in debootstrap unshare git; do
  command -v "$program" >/dev/null || { echo "minimal_machine.sh needs $program: install it first." >&2; exit 2; }
done

if [ ! -e "$base.ready" ]; then
  rm -rf "$base"
  mkdir -p "$base"
  # Use this machine's package mirror.
  mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
    sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +([^ ]+).*/\3/p' | head -n 1)
  debootstrap --variant=minbase --include="$packages" "$suite" "$base" "$mirror"
  touch "$base.ready"
fi

rm -rf "$work"
cp -a "$base" "$work"
# Needed to reach the package index: name resolution, certificates, pip's configuration.
cp -L /etc/resolv.conf /etc/hosts "$work/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$work/etc/ssl/certs/"
[ ! -e /etc/pip.conf ] || cp -L /etc/pip.conf "$work/etc/"
chroot "$work" useradd --create-home newcomer
git archive --prefix=blueprint/ HEAD | tar -x -C "$work/home/newcomer"
chroot "$work" chown -R newcomer:newcomer /home/newcomer

if [ $# = 0 ]; then
  set -- sh -c 'make demo && make test'
fi
# Mounts and processes end with the command.
exec unshare --mount --pid --fork sh -c '
  mount -t proc proc "$0/proc"
  mount --rbind /dev "$0/dev"
  exec chroot --userspec=newcomer:newcomer "$0" /usr/bin/env -i \
    HOME=/home/newcomer PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 '"$(env | grep -E '^(PIP_|SSL_|REQUESTS_)' | sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/" | tr '\n' ' ')"' \
    sh -c "cd /home/newcomer/blueprint && exec \"\$@\"" sh "$@"' "$work" "$@"
