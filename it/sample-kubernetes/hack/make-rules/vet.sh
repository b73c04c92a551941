#!/usr/bin/env bash
# Vets the packages given, or all.
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/../..
source "${KUBE_ROOT}/hack/lib/init.sh"
kube::golang::setup_env
declare -a packages=("$@")
((${#packages[@]})) || packages=(./cmd/... ./pkg/...)
go vet "${packages[@]}"
kube::log::status "Vetted ${packages[*]}"
