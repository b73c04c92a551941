#!/usr/bin/env bash
# Tests the packages given, or all. With KUBE_JUNIT_REPORT_DIR the events of go end up there.
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/../..
source "${KUBE_ROOT}/hack/lib/init.sh"
kube::golang::setup_env

declare -a packages=("$@") goflags=() testargs=()
((${#packages[@]})) || packages=(./pkg/...)
eval "testargs=(${KUBE_TEST_ARGS:-})"
events=/dev/null
shown='.'
if [[ -n ${KUBE_JUNIT_REPORT_DIR:-} ]]; then
  mkdir -p "${KUBE_JUNIT_REPORT_DIR}"
  events="${KUBE_JUNIT_REPORT_DIR}/junit_$(date +%Y%m%d-%H%M%S).stdout"
  goflags+=(-v -json)
  shown='"Output":"\(ok \|FAIL\\t\|? \)'
fi
kube::log::status "Testing ${packages[*]}"
go test ${goflags[@]+"${goflags[@]}"} "${packages[@]}" ${testargs[@]+"${testargs[@]}"} \
  | tee "${events}" | grep --binary-files=text "${shown}"
