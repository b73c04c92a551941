#!/usr/bin/env bash
# Small things that several scripts need.

# Reads lines of standard input into the array named by $1.
kube::util::read-array() {
  local -n target=$1
  target=()
  local line
  while IFS= read -r line; do target+=("${line}"); done
}

# Waits for the jobs of this shell; fails if one of them failed.
kube::util::wait-for-jobs() {
  local fails=0 job
  for job in $(jobs -p); do
    wait "${job}" || fails=$((fails + 1))
  done
  return "${fails}"
}

kube::util::host_platform() {
  echo "$(go env GOHOSTOS)/$(go env GOHOSTARCH)"
}
