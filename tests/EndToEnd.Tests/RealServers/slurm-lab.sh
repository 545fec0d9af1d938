#!/usr/bin/env bash
# A Slurm of one node with 8 GPUs and 4 NPUs that are plain files, its accounting, and a MariaDB: loopback only, no systemd, everything below one folder.
# usage (as root): slurm-lab.sh up | jobs | down, with LAB=FOLDER and PORT=FIRST-OF-FOUR-FREE-PORTS. What it starts is in LAB/pids, and "down" stops only that.
# "jobs" takes half a minute. Each job writes into LAB/truth what it saw itself: NAME.start has its begin and its number of GPUs, NAME.end its end.
set -eu
: "${LAB:?}" "${PORT:?}"
export SLURM_CONF=$LAB/etc/slurm.conf
host=$(hostname -s)
sql() { mariadb --no-defaults -uroot -S "$LAB/mysql/my.sock" "$@"; }
keep() { "$@" >"$LAB/log/$1.out" 2>&1 & echo $! >>"$LAB/pids"; }
wait_for() { for _ in $(seq 150); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done; echo "never: $*" >&2; return 1; }
node_is_idle() { timeout 5 sinfo -h -o %T | grep -q idle; }

up() {
  mkdir -p "$LAB"/{etc,mysql,state,spool,log,run,dev,truth}
  chmod 755 "$LAB" "$LAB"/*
  : >"$LAB/pids"
  dd if=/dev/urandom of="$LAB/etc/munge.key" bs=1024 count=1 status=none
  chmod 400 "$LAB/etc/munge.key"
  keep munged --force --foreground --socket="$LAB/run/munge.sock" --key-file="$LAB/etc/munge.key" --pid-file="$LAB/run/munged.pid" --log-file="$LAB/log/munged.log" --seed-file="$LAB/run/munge.seed"
  mariadb-install-db --no-defaults --user=root --datadir="$LAB/mysql" --auth-root-authentication-method=normal --skip-test-db >"$LAB/log/mysql-install.log" 2>&1
  keep mariadbd --no-defaults --user=root --datadir="$LAB/mysql" --socket="$LAB/mysql/my.sock" --pid-file="$LAB/mysql/my.pid" --bind-address=127.0.0.1 --port="$PORT" --innodb-buffer-pool-size=64M --innodb-lock-wait-timeout=900
  wait_for sql -e 'select 1'
  sql -e "create database slurm_acct_db character set utf8mb4; create user slurm@'127.0.0.1' identified by 'slurm'; create user slurm@localhost identified by 'slurm';
    grant all on slurm_acct_db.* to slurm@'127.0.0.1'; grant all on slurm_acct_db.* to slurm@localhost;"
  cat >"$LAB/etc/slurmdbd.conf" <<E
AuthType=auth/munge
AuthInfo=socket=$LAB/run/munge.sock
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort=$((PORT + 1))
SlurmUser=root
LogFile=$LAB/log/slurmdbd.log
PidFile=$LAB/run/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=$PORT
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm_acct_db
E
  chmod 600 "$LAB/etc/slurmdbd.conf"
  cat >"$LAB/etc/slurm.conf" <<E
ClusterName=lab
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$((PORT + 2))
SlurmdPort=$((PORT + 3))
AuthType=auth/munge
AuthInfo=socket=$LAB/run/munge.sock
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$LAB/state
SlurmdSpoolDir=$LAB/spool
SlurmctldPidFile=$LAB/run/slurmctld.pid
SlurmdPidFile=$LAB/run/slurmd.pid
SlurmctldLogFile=$LAB/log/slurmctld.log
SlurmdLogFile=$LAB/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,sched_min_interval=0
MpiDefault=none
ReturnToService=0
KillWait=2
MinJobAge=300
JobRequeue=1
MailProg=/bin/true
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=$((PORT + 1))
AccountingStoragePass=$LAB/run/munge.sock
AccountingStorageEnforce=associations
AccountingStorageTRES=gres/gpu,gres/gpu:a100,gres/npu
GresTypes=gpu,npu
SlurmdParameters=config_overrides
NodeName=$host NodeAddr=127.0.0.1 CPUs=64 Boards=1 SocketsPerBoard=2 CoresPerSocket=32 ThreadsPerCore=1 RealMemory=512000 Gres=gpu:a100:8,npu:4 State=UNKNOWN
PartitionName=gpu Nodes=$host Default=YES MaxTime=1-00:00:00 State=UP
E
  # The gpu plugin passes over entries without File=.
  for card in 0 1 2 3 4 5 6 7; do : >"$LAB/dev/gpu$card"; done
  printf 'AutoDetect=off\nNodeName=%s Name=gpu Type=a100 File=%s/dev/gpu[0-7]\nNodeName=%s Name=npu Count=4\n' "$host" "$LAB" "$host" >"$LAB/etc/gres.conf"
  printf 'CgroupAutomount=no\n' >"$LAB/etc/cgroup.conf"
  keep slurmdbd -D
  wait_for timeout 5 sacctmgr -n -p show cluster
  for what in "cluster lab" "account nlp Description=nlp Organization=org" "account vision Description=vision Organization=org" "user root account=nlp" "user root account=vision"; do
    # shellcheck disable=SC2086
    sacctmgr -i add $what >>"$LAB/log/sacctmgr.out" 2>&1
  done
  keep slurmctld -D -c
  keep slurmd -D
  wait_for node_is_idle
}

# submit NAME SECONDS OPTION...: prints the job's number, and keeps it and the instant in truth/NAME.id.
submit() {
  local name=$1 seconds=$2; shift 2
  local file="$LAB/truth/\${SLURM_ARRAY_TASK_ID:-}$name" number
  number=$(sbatch --parsable -o /dev/null -J "$name" "$@" --wrap "
    echo \"\$(date +%s) \${SLURM_GPUS_ON_NODE:-0}\" >\"$file.start\"; sleep $seconds; date +%s >\"$file.end\"; [ '$name' != fails ]")
  echo "$number $(date +%s)" >"$LAB/truth/$name.id"
  echo "$number"
}
until_state() { for _ in $(seq 150); do [ "$(squeue -h -j "$1" -o %T 2>/dev/null)" = "$2" ] && return; sleep 0.1; done; echo "$1 never $2" >&2; return 1; }
until_gone() { for _ in $(seq 300); do [ -z "$(squeue -h -t PENDING,RUNNING,COMPLETING -n "$1" 2>/dev/null)" ] && return; sleep 0.1; done; echo "$1 never ends" >&2; return 1; }
# The database hears of a job some time after the controller.
until_kept() { for _ in $(seq 150); do sacct -n -a -X -S now-1days -o JobIDRaw 2>/dev/null | grep -qw "$1" && return; sleep 0.2; done; echo "$1 never kept" >&2; return 1; }

jobs() {
  submit trains 5 -A nlp -n4 --gres=gpu:a100:4 -t 10
  submit fails 1 -A vision -n1 --gres=gpu:1 -t 10
  submit npus 2 -A nlp -n2 --gres=npu:2 -t 10
  submit 'bar|in name' 1 -A vision -n1 --gres=gpu:1 -t 10
  submit sweep 1 -A vision --array=1-3%1 -n1 --gres=gpu:1 -t 10
  submit waits 2 -A nlp -n1 --gres=gpu:a100:8 -t 10
  local cancelled running requeued failing
  cancelled=$(submit never 9 -A vision -n1 --gres=gpu:8 -t 10 --begin=now+1hour)
  submit held 9 -A nlp -H -n1 --gres=gpu:2 -t 10
  sleep 1
  scancel "$cancelled"
  until_gone waits
  until_gone sweep
  running=$(submit stopped 600 -A vision -n1 --gres=gpu:3 -t 20)
  requeued=$(submit requeued 4 -A nlp -n1 --gres=gpu:1 --requeue -t 20)
  until_state "$running" RUNNING
  until_state "$requeued" RUNNING
  sleep 2
  scancel "$running"
  scontrol requeue "$requeued"
  until_state "$requeued" PENDING
  # A second run that comes while the first is still being cleaned up fails.
  for _ in $(seq 100); do scontrol listpids "$requeued" 2>/dev/null | grep -q '^ *[0-9]' || break; sleep 0.1; done
  sleep 2
  # Slurm lets two minutes pass otherwise.
  scontrol update jobid="$requeued" StartTime=now
  until_gone stopped
  until_gone requeued
  failing=$(submit loses-its-node 600 -A vision -n1 --gres=gpu:2 --no-requeue -t 20)
  until_state "$failing" RUNNING
  sleep 1
  date +%s >"$LAB/truth/node.down"
  scontrol update nodename="$host" state=down reason='fan test'
  sleep 3
  scontrol update nodename="$host" state=resume
  date +%s >"$LAB/truth/node.up"
  wait_for node_is_idle
  running=$(submit runs-on 600 -A nlp -n2 --gres=gpu:a100:2 -t 20)
  until_state "$running" RUNNING
  until_kept "$(submit later 1 -A nlp -n1 --gres=gpu:8 -t 20)"
  sleep 1
}

down() {
  [ -f "$LAB/pids" ] || return 0
  # Steps outlive slurmd otherwise.
  squeue -h -o %A 2>/dev/null | sort -u | xargs -r scancel 2>/dev/null || true
  for _ in $(seq 40); do [ -z "$(squeue -h 2>/dev/null)" ] && break; sleep 0.2; done
  tac "$LAB/pids" | while read -r process; do kill "$process" 2>/dev/null || true; done
  for _ in $(seq 50); do
    alive=
    while read -r process; do kill -0 "$process" 2>/dev/null && alive=yes; done <"$LAB/pids"
    [ -z "$alive" ] && return 0
    sleep 0.2
  done
  while read -r process; do kill -9 "$process" 2>/dev/null || true; done <"$LAB/pids"
}

"$1"
