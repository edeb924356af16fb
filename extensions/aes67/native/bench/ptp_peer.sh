#!/usr/bin/env bash
# Measures the clock "ptp" against ptp4l (Debian package linuxptp) as master in another network namespace, both with
# software timestamps. Both ends share one kernel clock, so the truth is known. A second ptp4l follows beside us on the
# same interface and ports: what it reports is printed next to ours. Needs root; ends by itself.
#   ptp_peer.sh PROGRAM LIBRARY [SECONDS]
set -euo pipefail
program=$1 library=$2 seconds=${3:-60}
prefix=tuttiptp-$$
scratch=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    ip netns del "$prefix-m" 2>/dev/null || true
    ip netns del "$prefix-f" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT

ip netns add "$prefix-m"
ip netns add "$prefix-f"
ip link add ptp0 netns "$prefix-m" type veth peer name ptp0 netns "$prefix-f"
ip -n "$prefix-m" addr add 10.88.0.1/24 dev ptp0
ip -n "$prefix-f" addr add 10.88.0.2/24 dev ptp0
for side in m f; do
    ip -n "$prefix-$side" link set lo up
    ip -n "$prefix-$side" link set ptp0 up
done

# free_running: nobody touches the system's clock; it is the truth. No local sockets where another one may be.
cat >"$scratch/master.conf" <<END
[global]
time_stamping software
free_running 1
domainNumber 0
priority1 100
logSyncInterval -3
logAnnounceInterval 1
logMinDelayReqInterval 0
uds_address $scratch/master
END
cat >"$scratch/follower.conf" <<END
[global]
time_stamping software
free_running 1
slaveOnly 1
logSyncInterval -3
summary_interval -3
freq_est_interval 0
uds_address $scratch/follower
END

ip netns exec "$prefix-m" ptp4l -i ptp0 -f "$scratch/master.conf" -m >"$scratch/master.log" 2>&1 &
pids+=($!)
# It announces some 6 s after its start.
for _ in $(seq 150); do
    grep -q 'assuming the grand master role' "$scratch/master.log" && break
    sleep 0.1
done
grep -q 'assuming the grand master role' "$scratch/master.log" || { cat "$scratch/master.log" >&2; exit 1; }
ip netns exec "$prefix-f" ptp4l -i ptp0 -f "$scratch/follower.conf" -m >"$scratch/follower.log" 2>&1 &
pids+=($!)
echo "ours:"
ip netns exec "$prefix-f" "$program" "$library" '{"interface": "10.88.0.2", "domain": 0}' "$seconds"
echo "ptp4l beside it, of each of its offsets (free-running, so they are its own error):"
sed -n 's/.*master offset *\(-\{0,1\}[0-9]*\).*/\1/p' "$scratch/follower.log" | tail -n +4 | tr -d - | sort -n |
    awk '{ v[NR] = $1 } END { if (NR) printf "{\"errorNs\": {\"median\": %d, \"p99\": %d, \"max\": %d}, \"samples\": %d}\n", v[int((NR+1)/2)], v[int(0.99*NR)+(NR<100)], v[NR], NR; else print "nothing" }'
