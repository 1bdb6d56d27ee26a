#!/bin/sh
# Run a node inside its namespaces: node.sh FOLDER NAME ADDRESS GATEWAY DNS. FOLDER has its programs and configurations.
set -eu
folder=$1 name=$2 address=$3 gateway=$4 dns=$5
export PATH=$folder/bin:$PATH
until ip link show eth0 >/dev/null 2>&1; do sleep 0.1; done
ip address add "$address/24" dev eth0
ip link set eth0 up
ip route add default via "$gateway"
ip address add "$dns/32" dev lo
echo 1 >/proc/sys/net/ipv4/ip_forward

# A kubelet would set these for the whole machine.
pretend() {
  echo "$2" >"/run/${1##*/}"
  mount --bind "/run/${1##*/}" "/proc/sys/$1"
}
pretend vm/overcommit_memory 1
pretend kernel/panic 10
pretend kernel/panic_on_oops 1
# Nodes share the system, so what a node writes is in its own folder.
for each in lib/kubelet lib/cni log; do
  mkdir -p "/srv/$each" "/var/$each"
  mount --bind "/srv/$each" "/var/$each"
done
mount --make-rshared /

containerd --config "$folder/containerd.toml" >"$folder/containerd.log" 2>&1 &
kube-proxy --config "$folder/kube-proxy.json" --hostname-override "$name" >"$folder/kube-proxy.log" 2>&1 &
dnsmasq --keep-in-foreground --user=root --no-resolv --no-hosts --local=/cluster.local/ --hostsdir="$folder/names" --pid-file= \
  --listen-address="$dns" --bind-interfaces >"$folder/dnsmasq.log" 2>&1 &
# It ends until the kubelet has registered the node.
until kube-router --kubeconfig "$folder/kubeconfig" --hostname-override "$name" \
  --run-firewall --run-router=false --run-service-proxy=false >>"$folder/kube-router.log" 2>&1; do
  sleep 1
done &
until ctr version >/dev/null 2>&1; do sleep 0.2; done
exec kubelet --config "$folder/kubelet.json" --kubeconfig "$folder/kubeconfig" --hostname-override "$name" \
  --node-ip "$address" --node-labels "topology.kubernetes.io/zone=zone-of-$name" >"$folder/kubelet.log" 2>&1
