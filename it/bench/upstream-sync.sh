#!/usr/bin/env bash
# Times one sync of sources into the container by upstream's own functions, image apart; prints the seconds on the last line.
#
#   upstream-sync.sh TREE
#
# Making the data container counts where there is none yet, as it does in the plugin's step.

set -euo pipefail

cd "$1"
# The names and the build image are there before the clock starts; kube::build::build_image would sync as well.
# shellcheck source=/dev/null
source build/common.sh
timed=$(declare -f kube::build::ensure_data_container kube::build::sync_to_container)
kube::build::ensure_data_container() { :; }
kube::build::sync_to_container() { :; }
kube::build::verify_prereqs
kube::build::build_image
eval "${timed}"

start=$(date +%s%N)
kube::build::ensure_data_container
kube::build::sync_to_container
end=$(date +%s%N)
printf 'seconds: %d.%03d\n' "$(((end - start) / 1000000000))" "$(((end - start) / 1000000 % 1000))"
