#!/usr/bin/env bash
# Compiles cmd/kubectl of a real Kubernetes from nothing and runs it.
#
#   test-real.sh TREE

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

main() {
  local tree=$1 copy=${REPO_ROOT}/target/real/kubernetes kubectl version
  rm -rf "${copy}"
  mkdir -p "${copy%/*}"
  cp -a "${tree}" "${copy}"
  rm -rf "${copy}/_output"
  "${BENCH}/mvn-kube.sh" compile "-Dkube.root=${copy}" -Dwhat=cmd/kubectl -Dkube.pull=never
  kubectl=${copy}/_output/dockerized/bin/linux/amd64/kubectl
  version=$("${kubectl}" version --client --short)
  "${BENCH}/mvn-kube.sh" clean "-Dkube.root=${copy}" -Dkube.clean.workspace=true
  rm -rf "${copy}"
  [[ ${version} == *v1.20.2 ]] || die "kubectl says '${version}', not v1.20.2"
  say "kubectl runs and says: ${version}"
  printf '1 passed, 0 failed\n'
}

main "$@"
