#!/usr/bin/env bash
# A study of a task that is not zenoflow's: trained, computed again in another cut, and reported.
set -euo pipefail
# shellcheck source=../common.sh
source "$(dirname "$0")/../common.sh"

"${zenoflow[@]}" sweep "$here/task/study.yaml" --output "$folder"
"${zenoflow[@]}" verify latest --output "$folder"
"${zenoflow[@]}" report "$folder"/descent-*
