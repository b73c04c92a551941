#!/usr/bin/env bash
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/..
source "${KUBE_ROOT}/build/common.sh"
source "${KUBE_ROOT}/build/lib/release.sh"
targets="cmd/kube-apiserver cmd/kube-proxy"
[[ ${KUBE_BUILD_CONFORMANCE:-n} != y ]] || targets+=" cmd/kubectl"
kube::build::verify_prereqs
kube::build::build_image
kube::build::run_build_command make all WHAT="${targets}" KUBE_BUILD_PLATFORMS="${KUBE_BUILD_PLATFORMS-linux/amd64}" DBG="${DBG:-}"
kube::build::copy_output
kube::release::build_server_images
