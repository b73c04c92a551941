#!/usr/bin/env bash
# What upstream's own scripts make of a tree, cold, to measure and compare with.
#
#   upstream.sh TREE RESULT
#
# Runs `make quick-release` for linux/amd64 on a copy of TREE and keeps binaries, stages, image tars and tarballs in
# RESULT, together with the log and the wall time (RESULT/seconds). TREE itself is not touched.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The containers of upstream carry a hash of the host's name, the tree's path and its branch; upstream knows the names.
container_names() {
  (cd "$1" && bash -c 'source build/common.sh
    kube::build::verify_prereqs false >/dev/null 2>&1
    echo "${KUBE_BUILD_CONTAINER_NAME}" "${KUBE_RSYNC_CONTAINER_NAME}" "${KUBE_DATA_CONTAINER_NAME}"')
}

# Without their volumes the next run starts from nothing. Images stay.
remove_containers() {
  local names name
  names=$(container_names "$1")
  for name in ${names}; do
    docker rm --force --volumes "${name}" >/dev/null 2>&1 || true
  done
}

quick_release() {
  local copy=$1 epoch
  epoch=$(git -C "${copy}" log -1 --format=%ct)
  (
    cd "${copy}"
    env KUBE_BUILD_PLATFORMS=linux/amd64 KUBE_BUILD_CONFORMANCE=n KUBE_BUILD_PULL_LATEST_IMAGES=n \
      KUBE_RELEASE_RUN_TESTS=n SOURCE_DATE_EPOCH="${epoch}" make quick-release
  )
}

main() {
  (($# == 2)) || die "usage: upstream.sh TREE RESULT"
  local tree result
  tree=$(cd "$1" && pwd -P)
  result=$2
  [[ ! -e ${result} ]] || die "${result} is already there"
  need make=make rsync=rsync git=git docker=docker.io
  docker version >/dev/null 2>&1 || die "no Docker engine answers; run: ./dev engine"

  # One place per kind of tree: the path is part of upstream's names, and of nothing else.
  local copy=${CACHE}/up/${tree##*-}
  say "copying ${tree}"
  rm -rf "${copy}"
  mkdir -p "$(dirname "${copy}")" "$(dirname "${result}")"
  cp -a "${tree}" "${copy}"
  rm -rf "${copy}/_output"
  # The copy's inodes are new, and a clean tree counts as clean only once git has looked at them.
  git -C "${copy}" status --porcelain >/dev/null
  remove_containers "${copy}"

  rm -rf "${result}.part"
  mkdir -p "${result}.part"
  say "running upstream's make quick-release, log in ${result}.part/log"
  local start end status=0
  start=$(date +%s)
  quick_release "${copy}" >"${result}.part/log" 2>&1 </dev/null || status=$?
  end=$(date +%s)
  # Before upstream's functions are asked again: what the build copied out may have made a clean tree dirty by now.
  cp "${copy}/.dockerized-kube-version-defs" "${result}.part/version-defs" || true
  remove_containers "${copy}"
  ((status == 0)) || { tail -n 40 "${result}.part/log" >&2; die "upstream's make quick-release failed (${status})"; }

  echo "$((end - start))" >"${result}.part/seconds"
  mkdir -p "${result}.part/dockerized"
  mv "${copy}/_output/dockerized/bin" "${result}.part/dockerized/"
  mv "${copy}"/_output/release-{tars,stage,images} "${result}.part/"
  mv "${result}.part" "${result}"
  say "upstream's make quick-release took $((end - start)) s; results in ${result}"
}

main "$@"
