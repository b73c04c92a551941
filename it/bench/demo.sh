#!/usr/bin/env bash
# The plugin at work: a release of the sample tree, or of a real Kubernetes.
#
#   demo.sh          it/sample-kubernetes for linux/amd64 and windows/amd64, copied to target/demo
#   demo.sh host     the same on this machine itself, without Docker; also where no engine can be had
#   demo.sh real     Kubernetes v1.20.2 for linux/amd64

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=it/bench/set-up.sh
source "${BENCH}/set-up.sh"

# The sample is a directory of this repository; a release wants a tree with a history and a tag of its own.
sample_tree() {
  local tree=${REPO_ROOT}/target/demo/sample-kubernetes
  if [[ ! -d ${tree}/.git ]]; then
    rm -rf "${tree}"
    mkdir -p "$(dirname "${tree}")"
    cp -a "${REPO_ROOT}/it/sample-kubernetes" "${tree}"
    local git=(git -C "${tree}" -c user.name=demo -c user.email=demo@example.invalid -c commit.gpgSign=false -c tag.gpgSign=false)
    git -C "${tree}" init -q -b main
    "${git[@]}" add -A -f .
    "${git[@]}" commit -q -m 'Sample Kubernetes'
    "${git[@]}" tag -a -m 'Sample Kubernetes' "${KUBE_DEMO_TAG:-v1.20.2}"
  fi
  printf '%s\n' "${tree}"
}

main() {
  local kind=${1:-sample} tree options=() archives
  if [[ ${kind} == sample ]] && ! start_engine; then
    say "no Docker engine can be had here: building on this machine itself"
    kind=host
  fi
  if [[ ${kind} == host ]]; then set_up_host; else set_up; fi
  case ${kind} in
    host)
      tree=$(sample_tree)
      archives=$("${BENCH}/cross-image.sh" files | paste -s -d, -)
      options=(-Dkube.platforms=linux/amd64,windows/amd64 -Dkube.workspace=host "-Dkube.goSdk=$("${BENCH}/host-sdk.sh")"
        "-Dkube.baseImageArchives=${archives}")
      ;;
    sample)
      tree=$(sample_tree)
      # The tree's other server platform needs base images that the bench does not make.
      options=(-Dkube.platforms=linux/amd64,windows/amd64)
      ;;
    real)
      tree=$("${BENCH}/real-tree.sh" archive | tail -n 1)
      options=(-Dkube.platforms=linux/amd64 -Dkube.conformance=false)
      ;;
    *) die "demo: '${kind}' is not known; either nothing or: host, real" ;;
  esac
  "${BENCH}/mvn-kube.sh" release "-Dkube.root=${tree}" "${options[@]}"
  say "tarballs in ${tree}/_output/release-tars:"
  (cd "${tree}/_output/release-tars" && ls -l)
}

main "$@"
