#!/usr/bin/env bash
# The same study twice on this machine: stopped in the middle, then continued.
set -euo pipefail
# shellcheck source=../common.sh
source "$(dirname "$0")/../common.sh"

"${zenoflow[@]}" sweep "$here/study.yaml" --output "$folder" --workers 2 --time 10s || [ $? -eq 75 ]
"${zenoflow[@]}" status --output "$folder"
"${zenoflow[@]}" sweep "$here/study.yaml" --output "$folder" --workers 2
"${zenoflow[@]}" verify latest --trials 2 --output "$folder"
