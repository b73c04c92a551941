#!/usr/bin/env bash
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/..
source "${KUBE_ROOT}/build/common.sh"
kube::build::verify_prereqs
kube::build::run_build_command "$@"
