#!/usr/bin/env bash
# The clock "ptp" as grandmaster before ptp4l (Debian package linuxptp): ptp4l follows it, plainly, with unicast
# Delay_Req and with peer delay; tshark decodes every message of ours; then a better ptp4l takes over for a while. All
# ends share one kernel clock, so what ptp4l calls its offset is the whole error. Needs root; ends by itself.
#   ptp_grandmaster.sh PROGRAM LIBRARY
set -euo pipefail
program=$1 library=$2
prefix=tuttigm-$$
scratch=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    for side in bridge ours follower other; do ip netns del "$prefix-$side" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap cleanup EXIT

ip netns add "$prefix-bridge"
# No snooping: nobody asks for memberships here.
ip -n "$prefix-bridge" link add br0 type bridge mcast_snooping 0
ip -n "$prefix-bridge" link set br0 up
host=0
for side in ours follower other; do
    host=$((host + 1))
    ip netns add "$prefix-$side"
    ip link add ptp0 netns "$prefix-$side" type veth peer name "to-$side" netns "$prefix-bridge"
    ip -n "$prefix-bridge" link set "to-$side" master br0 up
    ip -n "$prefix-$side" addr add "10.89.0.$host/24" dev ptp0
    ip -n "$prefix-$side" link set lo up
    ip -n "$prefix-$side" link set ptp0 up
done

# free_running: nobody touches the system's clock; it is the truth.
run_ptp4l() { # NAMESPACE NAME OPTION=VALUE...
    local side=$1 name=$2
    shift 2
    {
        printf '[global]\ntime_stamping software\nfree_running 1\nlogSyncInterval -3\nsummary_interval -3\n'
        printf 'freq_est_interval 0\nuds_address %s\n' "$scratch/$name"
        printf '%s\n' "$@" | tr '=' ' '
    } >"$scratch/$name.conf"
    ip netns exec "$prefix-$side" ptp4l -i ptp0 -f "$scratch/$name.conf" -m >"$scratch/$name.log" 2>&1 &
    pids+=($!)
}
offsets() { # NAME
    sed -n 's/.*master offset *\(-\{0,1\}[0-9]*\).*/\1/p' "$scratch/$1.log" | tail -n +4 | tr -d - | sort -n |
        awk '{ v[NR] = $1 } END { if (NR) printf "median %d ns, p99 %d ns, max %d ns of %d\n", v[int((NR+1)/2)],
            v[int(0.99*NR)+(NR<100)], v[NR], NR; else print "nothing" }'
}

ip netns exec "$prefix-follower" tshark -i ptp0 -f 'udp portrange 319-320' -w "$scratch/wire.pcapng" -q \
    >"$scratch/tshark.log" 2>&1 &
pids+=($!)
sleep 2
ip netns exec "$prefix-ours" "$program" "$library" ptp '{"interface": "ptp0", "grandmaster": true}' 105 \
    >"$scratch/ours.json" 2>"$scratch/ours.log" &
ours=$!
pids+=("$ours")
# A ptp4l that only follows still compares its own priority1 (128 unless told otherwise) with ours (250), and stays alone
# if it finds itself better: "defaultDS.priority1 probably misconfigured".
run_ptp4l follower plain slaveOnly=1 priority1=255
sleep 40
run_ptp4l other hybrid slaveOnly=1 priority1=255 hybrid_e2e=1
hybrid=${pids[-1]}
sleep 12
kill "$hybrid"
run_ptp4l other peer slaveOnly=1 priority1=255 delay_mechanism=P2P
peer=${pids[-1]}
sleep 8
kill "$peer"
echo "ptp4l follows us, its offsets (all its own error, it runs free):"
offsets plain
echo "ptp4l follows us with unicast Delay_Req:"
offsets hybrid
run_ptp4l other better priority1=100 logAnnounceInterval=1
better=${pids[-1]}
sleep 20
kill "$better"
wait "$ours"

echo "what we were, second by second (a better ptp4l comes at about 60, announces 6 s later, goes at 80):"
sed -n 's/.*"second": \([0-9]*\), "state": "\([a-z-]*\)".*"role":"\([a-z]*\)".*/\1 \3 \2/p' "$scratch/ours.json" |
    awk '$2 $3 != last { printf "  from second %d: %s, %s\n", $1, $2, $3 } { last = $2 $3 }'
tail -1 "$scratch/ours.json"
cat "$scratch/ours.log"
echo "the last report:"
tail -2 "$scratch/ours.json" | head -1

sleep 1
kill -INT "${pids[0]}"
wait "${pids[0]}" 2>/dev/null || true
echo "tshark, messages of ours by type (count, type, TTL):"
tshark -r "$scratch/wire.pcapng" -Y 'ip.src == 10.89.0.1 && ptp' -T fields -e ptp.v2.messagetype -e ip.ttl 2>/dev/null |
    sort | uniq -c
echo "of them with an expert info or malformed:"
tshark -r "$scratch/wire.pcapng" -Y 'ip.src == 10.89.0.1 && (_ws.expert || _ws.malformed)' 2>/dev/null | wc -l
