#!/usr/bin/env bash
# Measures the clock "ptpv1" against a PTPv1 leader in another network namespace, both with software timestamps. Both
# ends share one kernel clock, so the truth is known. The leader is our own sender: no packaged program speaks PTPv1 any
# more (linuxptp and ptpd are version 2). What it sends is judged by tshark, its timing is that of a real leader if a
# capture is given. ptp4l waits on the same interface and ports beside us. Needs root; ends by itself.
#   ptpv1_peer.sh SENDER PROGRAM LIBRARY [SECONDS] [CAPTURE]
set -euo pipefail
sender=$1 program=$2 library=$3 seconds=${4:-60} capture=${5:-}
prefix=tuttiptpv1-$$
offset=-1700000000000000000 # it was switched on not so long ago
scratch=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    ip netns del "$prefix-l" 2>/dev/null || true
    ip netns del "$prefix-f" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT

ip netns add "$prefix-l"
ip netns add "$prefix-f"
ip link add ptp0 netns "$prefix-l" type veth peer name ptp0 netns "$prefix-f"
ip -n "$prefix-l" addr add 10.89.0.1/24 dev ptp0
ip -n "$prefix-f" addr add 10.89.0.2/24 dev ptp0
for side in l f; do
    ip -n "$prefix-$side" link set lo up
    ip -n "$prefix-$side" link set ptp0 up
done

cat >"$scratch/ptp4l.conf" <<END
[global]
time_stamping software
free_running 1
slaveOnly 1
uds_address $scratch/ptp4l
END
ip netns exec "$prefix-f" ptp4l -i ptp0 -f "$scratch/ptp4l.conf" -m >"$scratch/ptp4l.log" 2>&1 &
pids+=($!)
ip netns exec "$prefix-l" "$sender" ptp0 "$offset" ${capture:+"$capture"} &
pids+=($!)
ip netns exec "$prefix-f" tshark -q -i ptp0 -w "$scratch/wire.pcap" >/dev/null 2>&1 &
pids+=($!)
tshark=$!

ip netns exec "$prefix-f" "$program" "$library" '{"interface": "ptp0"}' "$offset" "$seconds"

kill -INT "$tshark"
wait "$tshark" 2>/dev/null || true
count() { tshark -r "$scratch/wire.pcap" -Y "$1" 2>/dev/null | wc -l; }
echo "tshark: $(count 'ptp.versionptp == 1 && ptp.controlfield == 0') Sync," \
    "$(count 'ptp.versionptp == 1 && ptp.controlfield == 2') Follow_Up," \
    "$(count '_ws.malformed || _ws.expert.severity >= 6291456') it complains about;" \
    "sent by us: $(count 'ip.src == 10.89.0.2 && udp') UDP, $(count 'ip.src == 10.89.0.2 && igmp') IGMP"
