#!/bin/bash
# Builds every group of targets for its platforms.
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE}")/..
source "${KUBE_ROOT}/hack/lib/init.sh"
KUBE_BUILD_PLATFORMS=("${KUBE_SERVER_PLATFORMS[@]}")
kube::golang::build_binaries "${KUBE_SERVER_TARGETS[@]}"
KUBE_BUILD_PLATFORMS=("${KUBE_CLIENT_PLATFORMS[@]}")
kube::golang::build_binaries "${KUBE_CLIENT_TARGETS[@]}"
KUBE_BUILD_PLATFORMS=("${KUBE_TEST_PLATFORMS[@]}")
kube::golang::build_binaries "${KUBE_TEST_TARGETS[@]}"
kube::golang::place_bins
