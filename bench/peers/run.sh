#!/usr/bin/env bash
# The store against its peers on the same simulated telemetry, in one run: load, size, memory, queries. See README.md.
# run.sh [days = 7] [runs = 3]; HEADROOM: the program, else ../../headroom; SEED: else a fresh one.
set -euo pipefail
days=${1:-7} runs=${2:-3}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) root=$(cd "$here/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/headroom-peers.XXXXXX")
seed=${SEED:-$((RANDOM * 32768 + RANDOM))}
packages='victoria-metrics clickhouse-server clickhouse-client curl'
bench="$root/bench/store/bin/Release/net10.0/Headroom.StoreBench"
headroom=${HEADROOM:-$root/headroom}
vm_url=http://127.0.0.1:18428 ch_url=http://127.0.0.1:18123
ticks=$(getconf CLK_TCK)
started=()

stop() { for pid in "${started[@]:-}"; do [ -n "$pid" ] && kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done; started=(); }
trap 'stop; rm -rf "$work"' EXIT

cpu() { awk -v t="$ticks" '{ sub(/.*\) /, ""); print ($12 + $13) / t }' "/proc/$1/stat"; }        # seconds, user and system
peak() { awk '/VmHWM/ { print $2 / 1024 }' "/proc/$1/status"; }                                     # MiB
bytes() { du -sb "$1" | cut -f1; }
now() { date +%s.%N; }
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
sub() { awk -v a="$1" -v b="$2" 'BEGIN { print a - b }'; }
until_up() { for _ in $(seq 100); do curl -sf "$1" >/dev/null && return 0; sleep 0.1; done; echo "$1 does not answer" >&2; return 1; }
record() { echo "$2" >>"$work/figure.$1"; }

# CPU of a server over a query, repeated until it shows: record NAME PID COUNT COMMAND...
query() {
  local name=$1 pid=$2 count=$3 before; shift 3
  "$@" >/dev/null
  before=$(cpu "$pid")
  for _ in $(seq "$count"); do "$@" >/dev/null; done
  record "$name" "$(awk -v a="$(cpu "$pid")" -v b="$before" -v n="$count" 'BEGIN { print (a - b) / n * 1000 }')"
}

missing=()
command -v victoria-metrics >/dev/null || missing+=("VictoriaMetrics is left out: no program victoria-metrics (Debian package victoria-metrics)")
[ -x /usr/sbin/clickhouse-server ] || command -v clickhouse-server >/dev/null || missing+=("ClickHouse is left out: no program clickhouse-server (Debian package clickhouse-server)")
command -v curl >/dev/null || { echo "run.sh needs curl. All it uses: apt-get install $packages" >&2; exit 1; }
has() { ! printf '%s\n' "${missing[@]:-}" | grep -q "^$1"; }

[ -x "$bench" ] || dotnet build "$root/bench/store/StoreBench.csproj" -c Release -v quiet -nologo >&2
"$bench" generate "$work/data" "$days" "$seed" 15
files=("$work"/data/telemetry-*.csv)
rows=$(($(cat "${files[@]}" | wc -l) - ${#files[@]}))
day0=$(date -ud '2026-03-04T00:00:00Z' +%s) day1=$((day0 + 86400))
from=$(date -ud '2026-03-02T00:00:00Z' +%s) until=$((from + 7 * 86400))
[ "$days" -ge 4 ] || { day0=$from; day1=$((from + 57600)); until=$day1; }
card=$(sed -n 2p "${files[0]}" | cut -d, -f2)
echo "seed $seed: $rows rows = $((rows * 4)) samples, $(bytes "$work/data") bytes of CSV, $(nproc) processors"

load_victoria() {
  local pid before wall file
  rm -rf "$work/vm"
  victoria-metrics -storageDataPath="$work/vm" -httpListenAddr=127.0.0.1:18428 -retentionPeriod=10y -search.maxUniqueTimeseries=100000 -search.maxQueryDuration=120s >"$work/vm.log" 2>&1 &
  pid=$!; started+=("$pid"); until_up "$vm_url/health"
  before=$(cpu "$pid") wall=$(now)
  for file in "${files[@]}"; do
    tail -n +2 "$file" | curl -sf -T - -X POST "$vm_url/api/v1/import/csv?format=1:time:unix_s,2:label:card,3:label:host,4:label:partition,5:metric:utilization,6:metric:memory,7:metric:power,8:metric:temperature"
  done
  curl -sf "$vm_url/internal/force_flush"
  record vm.load.cpu "$(sub "$(cpu "$pid")" "$before")"; record vm.load.wall "$(sub "$(now)" "$wall")"; record vm.load.peak "$(peak "$pid")"
  curl -sf "$vm_url/internal/force_merge"; sleep 5
  record vm.load.bytes "$(bytes "$work/vm/data")"
}
vm() { curl -sfG "$vm_url/api/v1/query_range" -d nocache=1 -d step=3600 --data-urlencode "query=$1" -d "start=$2" -d "end=$3"; }
vm_now() { curl -sfG "$vm_url/api/v1/query" -d nocache=1 --data-urlencode "query=$1" -d "time=$2"; }
vm_card_day() { vm_now 'avg_over_time(utilization[24h])' "$day1"; vm_now 'quantile_over_time(0.95, utilization[24h])' "$day1"; vm_now 'share_gt_over_time(utilization[24h], 49.5)' "$day1"; }
query_victoria() {
  local pid=${started[-1]}
  query vm.q1 "$pid" 5 vm 'avg(avg_over_time(utilization[1h])) by (partition)' $((day0 + 3600)) "$day1"
  query vm.q2 "$pid" 5 vm_card_day
  query vm.q3 "$pid" 3 vm 'avg(avg_over_time(utilization[1h]))' $((from + 3600)) "$until"
  query vm.q4 "$pid" 3 vm 'avg_over_time(utilization[1h])' $((from + 3600)) "$until"
  query vm.q5 "$pid" 50 curl -sfG "$vm_url/api/v1/export" --data-urlencode "match[]={card=\"$card\"}" -d "start=$day0" -d "end=$day1"
}

ch() { curl -sf "$ch_url/" --data-binary "$1"; }
load_clickhouse() {
  local pid before wall file curls
  rm -rf "$work/ch"; mkdir -p "$work/ch"
  cat >"$work/ch/config.xml" <<X
<yandex><logger><level>error</level><log>$work/ch/log</log><errorlog>$work/ch/err</errorlog></logger>
<http_port>18123</http_port><tcp_port>19000</tcp_port><listen_host>127.0.0.1</listen_host><path>$work/ch/data/</path><tmp_path>$work/ch/tmp/</tmp_path>
<users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<mark_cache_size>536870912</mark_cache_size><timezone>UTC</timezone></yandex>
X
  cat >"$work/ch/users.xml" <<X
<yandex><profiles><default><max_memory_usage>4000000000</max_memory_usage></default></profiles><quotas><default></default></quotas>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>
X
  PATH=$PATH:/usr/sbin clickhouse-server --config-file="$work/ch/config.xml" >"$work/ch/out" 2>&1 &
  pid=$!; started+=("$pid"); until_up "$ch_url/ping"
  ch 'CREATE TABLE sample (timestamp DateTime, card String, host String, partition String, utilization Float32, memory Float32, power Float32, temperature Float32)
      ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (card, timestamp)'
  before=$(cpu "$pid") wall=$(now)
  for file in "${files[@]}"; do
    curl -sf -T "$file" -X POST "$ch_url/?query=INSERT%20INTO%20sample%20FORMAT%20CSVWithNames&input_format_allow_errors_num=1000"
  done
  record ch.load.cpu "$(sub "$(cpu "$pid")" "$before")"; record ch.load.wall "$(sub "$(now)" "$wall")"; record ch.load.peak "$(peak "$pid")"
  ch 'OPTIMIZE TABLE sample FINAL'; sleep 1
  record ch.load.bytes "$(ch "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'sample'")"
}
query_clickhouse() {
  local pid=${started[-1]} day="timestamp >= toDateTime($day0) AND timestamp < toDateTime($day1)" week="timestamp >= toDateTime($from) AND timestamp < toDateTime($until)"
  query ch.q1 "$pid" 10 ch "SELECT partition, toStartOfHour(timestamp) AS hour, avg(utilization) FROM sample WHERE $day GROUP BY partition, hour"
  query ch.q2 "$pid" 10 ch "SELECT card, avg(utilization), quantile(0.95)(utilization), avg(utilization >= 50) FROM sample WHERE $day GROUP BY card"
  query ch.q3 "$pid" 10 ch "SELECT toStartOfHour(timestamp) AS hour, avg(utilization) FROM sample WHERE $week GROUP BY hour"
  query ch.q4 "$pid" 5 ch "SELECT card, toStartOfHour(timestamp) AS hour, avg(utilization) FROM sample WHERE $week GROUP BY card, hour"
  query ch.q5 "$pid" 50 ch "SELECT timestamp, utilization, memory, power, temperature FROM sample WHERE card = '$card' AND $day ORDER BY timestamp"
}

# %U %S %e %M of GNU time are user, system, wall and peak; without it the shell's own.
load_headroom() {
  local db="$work/headroom.db"
  rm -f "$db"*
  "$headroom" --db "$db" center add "$root/data/centers/wuhan.yaml" >/dev/null
  "$bench" child "$headroom" --db "$db" ingest telemetry "${files[@]}" --center wuhan --format csv >"$work/headroom.out" 2>"$work/headroom.err"
  read -r c w p <<<"$(tail -n 1 "$work/headroom.err")"
  record hr.load.cpu "$c"; record hr.load.wall "$w"; record hr.load.peak "$p"; record hr.load.bytes "$(bytes "$db")"
}
query_headroom() { "$bench" queries "$work/headroom.db" "$day0" "$day1" "$from" "$until" "$card" | while read -r name value; do record "hr.$name" "$value"; done; }

for run in $(seq "$runs"); do
  if has VictoriaMetrics; then load_victoria; query_victoria; stop; fi
  if has ClickHouse; then load_clickhouse; query_clickhouse; stop; fi
  load_headroom; query_headroom
  echo "run $run of $runs done" >&2
done

of() { [ -f "$work/figure.$1" ] && median <"$work/figure.$1" || echo -; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (a == "-" || b == "-" || b + 0 == 0) print "-"; else printf "%.3g", a / b }'; }
printf '%s\n' "${missing[@]:-}" | grep . || true
echo "medians of $runs runs"
printf '%-16s %10s %10s %10s %12s %10s\n' load 'CPU-s' 'wall s' 'M rows/CPU' 'B a sample' 'peak MiB'
for peer in hr vm ch; do
  printf '%-16s %10.4s %10.5s %10s %12s %10.5s\n' "$(case $peer in hr) echo Headroom ;; vm) echo VictoriaMetrics ;; *) echo ClickHouse ;; esac)" "$(of $peer.load.cpu)" "$(of $peer.load.wall)" \
    "$(ratio "$rows" "$(awk -v c="$(of $peer.load.cpu)" 'BEGIN { print c * 1e6 }')")" "$(ratio "$(of $peer.load.bytes)" $((rows * 4)))" "$(of $peer.load.peak)"
done
echo "load against VictoriaMetrics $(ratio "$(of vm.load.cpu)" "$(of hr.load.cpu)") x, against ClickHouse $(ratio "$(of ch.load.cpu)" "$(of hr.load.cpu)") x rows a CPU-s"
printf '%-34s %9s %9s %9s %9s %8s %8s %8s %8s\n' 'query, CPU ms' roll-ups raw VM CH 'roll/CH' 'roll/VM' 'raw/CH' 'raw/VM'
for q in 'q1:hourly mean by pool, a day' 'q2:mean, p95, busy by card, a day' 'q3:hourly mean of all, the week' 'q4:card x hour, the week' 'q5:a card, raw day'; do
  n=${q%%:*}
  printf '%-34s %9.5s %9.5s %9.5s %9.5s %8s %8s %8s %8s\n' "${q#*:}" "$(of hr.$n.rollup)" "$(of hr.$n.raw)" "$(of vm.$n)" "$(of ch.$n)" \
    "$(ratio "$(of hr.$n.rollup)" "$(of ch.$n)")" "$(ratio "$(of hr.$n.rollup)" "$(of vm.$n)")" "$(ratio "$(of hr.$n.raw)" "$(of ch.$n)")" "$(ratio "$(of hr.$n.raw)" "$(of vm.$n)")"
done
