#!/usr/bin/env bash
# Writes the generated source of pkg/sample: a constant for each type that carries the tag +k8s:openapi-gen=true.
set -o errexit -o nounset -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../pkg/sample"
target=zz_generated.openapi.go
new=$(
  echo '// Code generated from the tagged types. DO NOT EDIT.'
  echo
  echo 'package sample'
  echo
  echo '// Kinds names the tagged types.'
  echo 'var Kinds = []string{'
  awk '/\+k8s:openapi-gen=true/ { tagged = 1; next } tagged && $1 == "type" { printf "\t\"%s\",\n", $2; tagged = 0 }' types.go
  echo '}'
)
if ! [[ -e ${target} ]] || [[ $(<"${target}") != "${new}" ]]; then
  printf '%s\n' "${new}" >"${target}"
fi
