#!/bin/sh
# Run a command in a system of system.sh, as a child of the first process of the namespaces that this process is in:
# inside.sh SYSTEM FOLDER DATA COMMAND...
#
# FOLDER is the same folder inside and gets the file `pid`; DATA is /srv there. Mounts, interfaces, rules and processes end
# with the namespaces.
set -eu
root=$1/engine folder=$2 data=$3
shift 3
# The number of this process outside; here it is 1.
read -r pid _ </proc/self/stat
echo "$pid" >"$folder/pid"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$data" "$root$folder"
mount --bind "$data" "$root/srv"
mount --bind "$folder" "$root$folder"
# After chroot(8), containers could not change their own roots.
cd "$root"
pivot_root . mnt
umount -l /mnt
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
ip link set lo up
# Not `exec`: the first process also has to wait for those whose parents have ended.
"$@"
exit
