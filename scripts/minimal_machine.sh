#!/usr/bin/env bash
# Run the README's two commands on a fresh minimal Debian: Python, venv, make and certificates, and nothing else.
#
#     scripts/minimal_machine.sh                  # make demo, then make test
#     scripts/minimal_machine.sh make check       # any other command
#
# Needs root, debootstrap and unshare. The system is made once, in build/minimal. Each run works on a copy of the
# commit that is checked out, as an ordinary user; of this machine it sees only what reaching the package index takes.
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
  # The mirror that this machine uses, whatever it is called.
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
    sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +([^ ]+).*/\3/p' | head -n 1)
  debootstrap --variant=minbase --include="$packages" "$suite" "$base" "$mirror"
  touch "$base.ready"
fi

rm -rf "$work"
cp -a "$base" "$work"
# What it takes to reach the package index: names, certificates, pip's configuration.
cp -L /etc/resolv.conf /etc/hosts "$work/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$work/etc/ssl/certs/"
[ ! -e /etc/pip.conf ] || cp -L /etc/pip.conf "$work/etc/"
chroot "$work" useradd --create-home newcomer
git archive --prefix=blueprint/ HEAD | tar -x -C "$work/home/newcomer"
chroot "$work" chown -R newcomer:newcomer /home/newcomer

if [ $# = 0 ]; then
  set -- sh -c 'make demo && make test'
fi
# The mounts and the processes end with the command.
exec unshare --mount --pid --fork sh -c '
  mount -t proc proc "$0/proc"
  mount --rbind /dev "$0/dev"
  exec chroot --userspec=newcomer:newcomer "$0" /usr/bin/env -i \
    HOME=/home/newcomer PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 '"$(env | grep -E '^(PIP_|SSL_|REQUESTS_)' | sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/" | tr '\n' ' ')"' \
    sh -c "cd /home/newcomer/blueprint && exec \"\$@\"" sh "$@"' "$work" "$@"
