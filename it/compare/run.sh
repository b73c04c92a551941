#!/usr/bin/env bash
# Builds Kubernetes v1.20.2 for linux/amd64 with upstream's own scripts twice and with the plugin once, on the same engine
# and cross image, and compares what came out.
#
#   run.sh [archive|git]
#   run.sh changes [--tree sample]     a git tree that is edited, committed, switched …; see changes.py
#
# What differs between upstream's two runs is listed, not demanded of the plugin. Upstream's results are kept in the cache
# and used again. The report goes to target/compare/<kind>.txt.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../bench/common.sh"
# shellcheck source=it/bench/set-up.sh
source "${BENCH}/set-up.sh"

COMPARE=${REPO_ROOT}/it/compare

upstream_twice() {
  local tree=$1 kind=$2 run
  for run in 1 2; do
    [[ -d ${CACHE}/upstream/${kind}-${run} ]] || "${BENCH}/upstream.sh" "${tree}" "${CACHE}/upstream/${kind}-${run}"
  done
}

# The same settings as upstream.sh gives to upstream's scripts; 256 MB are enough, since everything is streamed.
plugin_once() {
  local tree=$1 copy=$2
  rm -rf "${copy}"
  mkdir -p "${copy%/*}"
  cp -a "${tree}" "${copy}"
  rm -rf "${copy}/_output"
  # The copy's inodes are new, and a clean tree counts as clean only once git has looked at them.
  git -C "${copy}" status --porcelain >/dev/null
  MAVEN_OPTS=-Xmx256m "${BENCH}/mvn-kube.sh" release "-Dkube.root=${copy}" -Dkube.quick=true -Dkube.platforms=linux/amd64 \
    -Dkube.conformance=false "-Dkube.sourceDateEpoch=$(git -C "${copy}" log -1 --format=%ct)" -Dkube.pull=never
}

changes() {
  need python3=python3
  set_up
  need make=make rsync=rsync git=git
  "${BENCH}/mvn-kube.sh" help >/dev/null
  python3 "${COMPARE}/changes.py" "$@"
}

main() {
  if [[ ${1:-} == changes ]]; then
    shift
    changes "$@"
    return
  fi
  local kind=${1:-archive} tree copy report=${REPO_ROOT}/target/compare status=0
  set_up
  need python3=python3 rsync=rsync make=make
  tree=$("${BENCH}/real-tree.sh" "${kind}" | tail -n 1)
  mkdir -p "${report}"
  upstream_twice "${tree}" "${kind}"
  python3 "${COMPARE}/compare.py" "${CACHE}/upstream/${kind}-1" "${CACHE}/upstream/${kind}-2" \
    >"${report}/${kind}-upstream-twice.txt" || say "upstream's two runs differ; see ${report}/${kind}-upstream-twice.txt"
  copy=${CACHE}/plugin/${kind}
  plugin_once "${tree}" "${copy}"
  python3 "${COMPARE}/compare.py" --ignore "${report}/${kind}-upstream-twice.txt" "${CACHE}/upstream/${kind}-1" \
    "${copy}/_output" \
    >"${report}/${kind}.txt" || status=$?
  "${BENCH}/mvn-kube.sh" clean "-Dkube.root=${copy}" >/dev/null
  tail -n 60 "${report}/${kind}.txt"
  say "report in ${report}/${kind}.txt"
  return "${status}"
}

main "$@"
