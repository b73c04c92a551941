#!/usr/bin/env bash
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/..
source "${KUBE_ROOT}/build/common.sh"
source "${KUBE_ROOT}/build/lib/release.sh"
targets="${KUBE_SERVER_IMAGE_TARGETS[*]}"
[[ ! ${KUBE_BUILD_CONFORMANCE} =~ [yY] ]] || targets+=" ${KUBE_CONFORMANCE_IMAGE_TARGETS[*]}"
kube::build::verify_prereqs
kube::build::build_image
kube::build::run_build_command make all WHAT="${targets}" KUBE_BUILD_PLATFORMS="${KUBE_SERVER_PLATFORMS[*]}"
kube::build::copy_output
kube::release::build_server_images
