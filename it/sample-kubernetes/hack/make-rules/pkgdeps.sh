#!/usr/bin/env bash
# Writes a make variable for each package of the tree, with its own directory and those of its imports, as go2make does.
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/../..
source "${KUBE_ROOT}/hack/lib/init.sh"
target=$(realpath -m "$1")
mkdir -p "${target%/*}"
kube::golang::setup_env
declare -A imports=() directories=()
while read -r package directory words; do
  [[ -n ${package} ]] || continue
  imports[${package}]=${words}
  directories[${package}]=${directory}
done < <(GO111MODULE=off go list -e -deps -f '{{if not .Standard}}{{.ImportPath}} {{.Dir}} {{join .Imports " "}}{{end}}' \
  ./cmd/... ./pkg/... ./test/... ./cluster/... ./vendor/...)
for package in "${!directories[@]}"; do
  printf '%s :=  \\\n' "${package}"
  for one in "${package}" ${imports[${package}]}; do
    printf '  %s/ \\\n' ${directories[${one}]:-}
  done | grep -v '^  / ' | sort -u
  echo
done >"${target}"
