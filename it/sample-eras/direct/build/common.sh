#!/usr/bin/env bash
# What the build scripts share: names, images, and running commands in the cross image.

set -o errexit
set -o nounset
set -o pipefail

unset CDPATH

DOCKER_OPTS=${DOCKER_OPTS:-""}
IFS=" " read -r -a DOCKER <<<"docker ${DOCKER_OPTS}"

KUBE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")"/.. && pwd -P)
source "${KUBE_ROOT}/hack/lib/init.sh"

KUBE_BUILD_IMAGE_CROSS_TAG="${KUBE_CROSS_VERSION:-"$(cat "${KUBE_ROOT}/build/build-image/cross/VERSION")"}"
readonly KUBE_BUILD_IMAGE_CROSS_TAG
readonly KUBE_DOCKER_REGISTRY="${KUBE_DOCKER_REGISTRY:-registry.k8s.io}"
KUBE_BASE_IMAGE_REGISTRY="${KUBE_BASE_IMAGE_REGISTRY:-k8s.gcr.io/build-image}"
readonly KUBE_BASE_IMAGE_REGISTRY
KUBE_CROSS_IMAGE="${KUBE_CROSS_IMAGE:-"${KUBE_BASE_IMAGE_REGISTRY}/kube-cross"}"
readonly KUBE_CROSS_IMAGE
KUBE_CROSS_VERSION="${KUBE_CROSS_VERSION:-"${KUBE_BUILD_IMAGE_CROSS_TAG}"}"
readonly KUBE_CROSS_VERSION
KUBE_CROSS_CONTAINER_ROOT="/go/src/k8s.io/kubernetes"
readonly KUBE_CROSS_CONTAINER_ROOT

readonly LOCAL_OUTPUT_ROOT="${KUBE_ROOT}/${OUT_DIR:-_output}"
readonly LOCAL_OUTPUT_BINPATH="${LOCAL_OUTPUT_ROOT}/dockerized/bin"

# The base of programs that are linked statically, and of all others.
readonly KUBE_GORUNNER_IMAGE="${KUBE_GORUNNER_IMAGE:-${KUBE_BASE_IMAGE_REGISTRY}/go-runner:sample-1}"
readonly __default_dynamic_base_image="${KUBE_BASE_IMAGE_REGISTRY}/debian-iptables:sample-1"
readonly KUBE_BUILD_SETCAP_IMAGE="${KUBE_BUILD_SETCAP_IMAGE:-${KUBE_CROSS_IMAGE}:${KUBE_CROSS_VERSION}}"

__default_base_image() {
  if kube::golang::is_statically_linked "$1"; then echo "${KUBE_GORUNNER_IMAGE}"; else echo "${__default_dynamic_base_image}"; fi
}

# Programs that get an image of their own, each with its base: "name,base".
kube::build::get_docker_wrapped_binaries() {
  local name
  local -a words=()
  for name in kube-apiserver kube-controller-manager kube-scheduler; do
    words+=("${name},$(__default_base_image "k8s.io/kubernetes/cmd/${name}")")
  done
  echo "${words[*]} kube-proxy,${KUBE_PROXY_BASE_IMAGE:-${__default_dynamic_base_image}}"
}

kube::build::setup_vars() {
  KUBE_GIT_BRANCH=$(git symbolic-ref --short -q HEAD 2>/dev/null || true)
  KUBE_ROOT_HASH=$(kube::build::short_hash "${HOSTNAME:-}:${KUBE_ROOT}:${KUBE_GIT_BRANCH}")
  KUBE_BUILD_CONTAINER_NAME_BASE="kube-build-${KUBE_ROOT_HASH}"
  # Where other releases have the version of their build image.
  KUBE_BUILD_CONTAINER_NAME="${KUBE_BUILD_CONTAINER_NAME_BASE}-6"
}

kube::build::verify_prereqs() {
  kube::log::status "Verifying Prerequisites...."
  kube::build::ensure_tar || return 1
  kube::build::setup_vars
  kube::version::get_version_vars
  kube::version::save_version_vars "${KUBE_ROOT}/.dockerized-kube-version-defs"
  umask 0022
}

kube::build::short_hash() {
  local hash
  hash=$(echo -n "$1" | md5sum)
  echo "${hash:0:10}"
}

kube::build::ensure_tar() {
  TAR=${TAR:-tar}
  "${TAR}" --version | grep -q GNU || {
    kube::log::error "GNU tar is needed."
    return 1
  }
}

kube::build::destroy_container() {
  "${DOCKER[@]}" rm -f -v "$1" >/dev/null 2>&1 || true
}

kube::build::clean() {
  local container
  for container in $("${DOCKER[@]}" ps -a --format '{{.Names}}'); do
    [[ ${container} != "${KUBE_BUILD_CONTAINER_NAME_BASE}"* ]] || kube::build::destroy_container "${container}"
  done
  rm -rf "${LOCAL_OUTPUT_ROOT}"
}

kube::build::run_build_command() {
  kube::log::status "Running build command..."
  kube::build::run_build_command_ex "${KUBE_BUILD_CONTAINER_NAME}" -- "$@"
}

# Arguments: container name, docker's arguments, --, command.
kube::build::run_build_command_ex() {
  local name=$1
  shift
  local -a opts=("--name=${name}" "--user=$(id -u):$(id -g)" "--hostname=${HOSTNAME}")
  while [[ $1 != -- ]]; do
    opts+=("$1")
    shift
  done
  shift
  opts+=(
    --env "KUBE_FASTBUILD=${KUBE_FASTBUILD:-false}"
    --env "KUBE_BUILDER_OS=${OSTYPE:-notdetected}"
    --env "KUBE_VERBOSE=${KUBE_VERBOSE:-1}"
    --env "KUBE_BUILD_PLATFORMS=${KUBE_BUILD_PLATFORMS:-}"
    --env "FORCE_HOST_GO=${FORCE_HOST_GO:-}"
    --env "GO_VERSION=${GO_VERSION:-}"
    --env "GOTOOLCHAIN=${GOTOOLCHAIN:-}"
    --env "GOFLAGS=${GOFLAGS:-}"
    --env "GOGCFLAGS=${GOGCFLAGS:-}"
    --env "SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-}"
    --volume "${KUBE_ROOT}:${KUBE_CROSS_CONTAINER_ROOT}"
    --workdir "${KUBE_CROSS_CONTAINER_ROOT}"
    --env KUBE_OUTPUT_SUBPATH=_output/dockerized
    --env GIT_AUTHOR_EMAIL=nobody@k8s.io
    --env GIT_AUTHOR_NAME=kube-build-image
  )
  [[ ! -v GOLDFLAGS ]] || opts+=(--env "GOLDFLAGS=${GOLDFLAGS}")
  if [[ -n ${KUBE_GIT_VERSION_FILE:-} ]]; then
    cp "${KUBE_GIT_VERSION_FILE}" "${KUBE_ROOT}/.dockerized-kube-version-defs"
    opts+=(--env "KUBE_GIT_VERSION_FILE=${KUBE_CROSS_CONTAINER_ROOT}/.dockerized-kube-version-defs")
  fi
  kube::build::destroy_container "${name}"
  "${DOCKER[@]}" run "${opts[@]}" "${KUBE_CROSS_IMAGE}:${KUBE_CROSS_VERSION}" "$@"
  kube::build::destroy_container "${name}"
}
