#!/usr/bin/env bash
# Tests kubectl's command line. Each test leaves a report of its own, as those of a Kubernetes tree do.
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/../..
source "${KUBE_ROOT}/hack/lib/init.sh"
export PATH="${KUBE_ROOT}/third_party/etcd:${PATH}"
reports="${KUBE_JUNIT_REPORT_DIR:-/tmp/junit-results}"
mkdir -p "${reports}"
kube::log::status "etcd: $(etcd --version)"
make -C "${KUBE_ROOT}" all WHAT=cmd/kubectl
for test in ${WHAT:-version}; do
  said=$("${THIS_PLATFORM_BIN}/kubectl" "--${test}")
  kube::log::status "kubectl --${test}: ${said}"
  printf '<testsuite name="%s" tests="1" failures="0"><testcase name="%s" classname="test-cmd"/></testsuite>\n' \
    "${test}" "${test}" >"${reports}/junit-${test}.xml"
  [[ ${said} == kubectl* || ${said} == Kubernetes* ]]
done
