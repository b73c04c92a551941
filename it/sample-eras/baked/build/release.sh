#!/bin/bash
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE}")/..
source "${KUBE_ROOT}/build/common.sh"
kube::build::verify_prereqs
kube::build::build_image
kube::build::run_build_command hack/build-cross.sh
kube::release::package_tarballs
