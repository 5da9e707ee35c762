#!/usr/bin/env bash
# A Slurm cluster of one node, and a sweep as an array of two tasks on it. As root: the cluster is started without munge.
set -euo pipefail
# shellcheck source=../common.sh
source "$(dirname "$0")/../common.sh"
need slurmctld slurmctld
need slurmd slurmd
need sbatch slurm-client

host="$(hostname)"
mkdir "$folder/state" "$folder/spool"
cat >"$folder/slurm.conf" <<CONF
ClusterName=example
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${SLURMCTLD_PORT:-36817}
SlurmdPort=${SLURMD_PORT:-36818}
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
ReturnToService=2
KillWait=5
JobRequeue=1
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$folder/slurm.conf"
slurmctld -D -f "$SLURM_CONF" 2>"$folder/slurmctld.log" &
started+=($!)
slurmd -D -f "$SLURM_CONF" 2>"$folder/slurmd.log" &
started+=($!)
until sinfo --noheader --format=%T 2>/dev/null | grep -q idle; do sleep 0.2; done

"${zenoflow[@]}" sweep "$here/study.yaml" --output "$folder/runs" --executor slurm --workers 2 --backend wasm
"${zenoflow[@]}" status --output "$folder/runs"
