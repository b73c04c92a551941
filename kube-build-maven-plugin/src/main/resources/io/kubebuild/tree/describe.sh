#!/usr/bin/env bash
# Describes a Kubernetes tree by asking its own scripts.
#
#   describe.sh ROOT OUTPUT
#
# ROOT needs no more than hack/, build/ (or build-tools/), cluster/lib/ where there is one, and the files of the root. OUTPUT is
# written as a sequence of records: a name, the number of values, the values; each field ends in a NUL. The last record is "end".
# The file appears only when it is complete.
#
# Every part runs in a bash of its own: what the tree's scripts make readonly, trap or exit from stays there. A part that fails
# leaves a record "problem", and what the tree does not have leaves no record at all; the reader decides what it can do without.

describe_self=${BASH_SOURCE[0]}

# Runs in every part, after the tree's scripts: their settings must not end the part.
describe_calm() {
  set +o errexit +o nounset +o pipefail
  trap - ERR EXIT
}

describe_record() {
  printf '%s\0%d\0' "$1" "$(($# - 1))"
  shift
  if (($# > 0)); then
    printf '%s\0' "$@"
  fi
}

# One variable, array or not, under its name. Empty arrays are records without values.
describe_variable() {
  local describe_values=() describe_flags
  describe_flags=$(declare -p "$1" 2>/dev/null)
  describe_flags=${describe_flags#declare -}
  if [[ ${describe_flags%% *} == *a* ]]; then
    eval "describe_values=(\"\${$1[@]}\")"
  else
    eval "describe_values=(\"\${$1-}\")"
  fi
  describe_record "$1" "${describe_values[@]}"
}

describe_build_directory() {
  if [[ -f ${describe_root}/build/common.sh ]]; then
    echo build
  else
    echo build-tools
  fi
}

# Lists of hack/lib/golang.sh, with the selection of platforms that the environment asks for.
describe_part_lists() {
  # Old trees print while they are read.
  source "${describe_root}/hack/lib/init.sh" >&2
  describe_calm
  local describe_found
  while read -r describe_found; do
    describe_variable "${describe_found}"
  done < <(compgen -A variable | grep -E '^KUBE_' | grep -vE '^KUBE_GIT_|^KUBE_(AVAILABLE|NONSERVER)_GROUP')
}

# What the tree builds for when nobody asks for less. Later trees name it; in earlier ones it is what they choose.
describe_part_supported() {
  unset KUBE_BUILD_PLATFORMS KUBE_FASTBUILD
  # v1.4 and v1.5 hide one platform behind a switch; the user may throw it, so it is supported.
  export KUBE_BUILD_PPC64LE=y
  source "${describe_root}/hack/lib/init.sh" >&2
  describe_calm
  local describe_group describe_found
  for describe_group in SERVER NODE CLIENT TEST TEST_SERVER NODE_TEST; do
    for describe_found in "KUBE_SUPPORTED_${describe_group}_PLATFORMS" "KUBE_${describe_group}_PLATFORMS"; do
      if declare -p "${describe_found}" >/dev/null 2>&1; then
        local describe_values=()
        eval "describe_values=(\"\${${describe_found}[@]}\")"
        describe_record "supported KUBE_${describe_group}_PLATFORMS" "${describe_values[@]}"
        break
      fi
    done
  done
}

# Registries, tags and images of build/common.sh and build/lib/release.sh.
describe_part_images() {
  local describe_build
  describe_build=${describe_root}/$(describe_build_directory)
  source "${describe_build}/common.sh" >&2
  if [[ -f ${describe_build}/lib/release.sh ]]; then
    source "${describe_build}/lib/release.sh" >&2
  fi
  describe_calm
  local describe_found describe_platform
  while read -r describe_found; do
    # Those of hack/lib are already there, from the part before.
    describe_variable "${describe_found}"
  done < <(compgen -A variable \
    | grep -E '^(KUBE_(BUILD|DOCKER|BASE|CROSS|GORUNNER|APISERVER|CONTROLLER|SCHEDULER|PROXY|CONTAINER|CONFORMANCE_IMAGE)|KUBECTL_|LOCAL_|REMOTE_|RELEASE_|__default)' \
    | grep -vE '^(KUBE_BUILD_PLATFORMS|KUBE_BUILD_PPC64LE|KUBE_CONFORMANCE_IMAGE_TARGETS)$')
  if declare -F kube::build::get_docker_wrapped_binaries >/dev/null; then
    for describe_platform in amd64 arm arm64 ppc64le s390x; do
      # The function prints words on one line; an architecture that it does not know gives none.
      describe_found=$(kube::build::get_docker_wrapped_binaries "${describe_platform}" 2>/dev/null)
      if [[ -n ${describe_found//[[:space:]]/} ]]; then
        # shellcheck disable=SC2086 # Words are what is wanted.
        describe_record "images ${describe_platform}" ${describe_found}
      fi
    done
  fi
  local describe_functions=()
  while read -r describe_found; do
    describe_functions+=("${describe_found}")
  done < <(compgen -A function | grep -E '^kube::(build|release)::')
  describe_record "functions" "${describe_functions[@]}"
}

# Facts that stand in texts: which of the user's variables any script reads, and whether sources are generated.
describe_part_texts() {
  local describe_paths=() describe_found describe_pattern
  # Only what takes part in a build: elsewhere (images of tests, tools) the same names mean other things.
  for describe_found in hack/lib hack/make-rules hack/build-*.sh build/*.sh build/lib build/build-image \
    build-tools/*.sh build-tools/lib build-tools/build-image Makefile Makefile.generated_files; do
    [[ -e ${describe_found} ]] && describe_paths+=("${describe_found}")
  done
  # A variable that is only set or unset (export GOCACHE=...) is not the user's to give; it must be read.
  describe_pattern=$(printf '%s|' ${DESCRIBE_VARIABLES})
  describe_pattern=${describe_pattern%|}
  local describe_known=()
  while read -r describe_found; do
    describe_known+=("${describe_found}")
  done < <(grep -rhE "[$][{(]?(${describe_pattern})|(-v|ifn?def) +(${describe_pattern})" "${describe_paths[@]}" 2>/dev/null \
    | grep -vE '^[[:space:]]*#' \
    | grep -oE "([$][{(]?|(-v|ifn?def) +)(${describe_pattern})($|[^A-Za-z0-9_])" \
    | tr -c 'A-Za-z0-9_\n' '\n' \
    | grep -xE "${describe_pattern}" | LC_ALL=C sort -u)
  describe_record "knows" "${describe_known[@]}"

  # What counts is whether "make all" generates; some Makefiles keep a target of that name that only says it is gone.
  if grep -qE '^all:.*[[:space:]]generated_files([[:space:]]|$)' Makefile 2>/dev/null; then
    describe_record "generates" true
  else
    describe_record "generates" false
  fi
  # The Go that is here, whatever the tree's scripts would make of it; asked for where no module can want another.
  if describe_found=$(cd / && GOFLAGS='' GOTOOLCHAIN=local go version 2>/dev/null); then
    describe_found=${describe_found#go version }
    describe_go=${describe_found%% *}
    if [[ ${describe_go} == devel ]]; then
      # The number of what is no release is in the next word.
      describe_found=${describe_found#devel }
      describe_go+=" ${describe_found%% *}"
    fi
    describe_record "go" "${describe_go}"
  fi
}

if [[ ${1-} == --part ]]; then
  describe_root=$3
  # v1.3 sources its library by a path that is relative to the root.
  cd "${describe_root}" || exit 1
  "describe_part_$2"
  exit 0
fi

describe_root=$(cd "$1" && pwd -P) || exit 1
describe_output=$2
if [[ ${describe_self} != /* ]]; then
  describe_self=${PWD}/${describe_self}
fi
describe_unfinished=${describe_output}.unfinished
trap 'rm -f "${describe_unfinished}" "${describe_unfinished}".*' EXIT
# Some scripts ask go for its platform. In a module that wants a newer Go than this one, it would fetch that first.
export GOTOOLCHAIN=${GOTOOLCHAIN-local}
export DESCRIBE_VARIABLES=${DESCRIBE_VARIABLES-KUBE_BUILD_PLATFORMS}

describe_record "format" 1 >"${describe_unfinished}" || exit 1
for describe_part in lists supported images texts; do
  # Standard input closed: no part may wait for anyone.
  if "${BASH}" "${describe_self}" --part "${describe_part}" "${describe_root}" \
    >"${describe_unfinished}.part" 2>"${describe_unfinished}.errors" </dev/null; then
    cat "${describe_unfinished}.part" >>"${describe_unfinished}"
  else
    describe_record "problem" "${describe_part}" "$(tail -n 20 "${describe_unfinished}.errors")" >>"${describe_unfinished}"
  fi
done
describe_record "end" >>"${describe_unfinished}"
mv "${describe_unfinished}" "${describe_output}"
