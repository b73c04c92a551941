#!/usr/bin/env bash
# Tests what needs etcd.
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/../..
source "${KUBE_ROOT}/hack/lib/init.sh"
export PATH="${KUBE_ROOT}/third_party/etcd:${PATH}"
kube::log::status "etcd: $(etcd --version)"
make test WHAT="${*:-./pkg/...}"
