#!/usr/bin/env bash
# A queue, a call that plans, and two workers, each of which could be on another machine.
set -euo pipefail
# shellcheck source=../common.sh
source "$(dirname "$0")/../common.sh"
need redis-server redis-server
[ -e "$root/node_modules/bullmq" ] || npm install --no-save bullmq@6 ioredis@6

redis-server --port 0 --unixsocket "$folder/redis.sock" --dir "$folder" --save '' \
  --appendonly yes --maxmemory-policy noeviction >"$folder/redis.log" &
started+=($!)
until [ -S "$folder/redis.sock" ]; do sleep 0.1; done
export ZENOFLOW_REDIS="$folder/redis.sock"

# This call only plans and watches: all the work is done by workers.
"${zenoflow[@]}" sweep "$here/study.yaml" --output "$folder/runs" --executor bullmq --workers 0 &
planner=$!
started+=("$planner")
until "${zenoflow[@]}" status --output "$folder/runs" >/dev/null 2>&1; do sleep 0.5; done
for _ in 1 2; do
  "${zenoflow[@]}" worker latest --output "$folder/runs" --threads 1 &
  started+=($!)
done
wait "$planner"
"${zenoflow[@]}" status --output "$folder/runs"
