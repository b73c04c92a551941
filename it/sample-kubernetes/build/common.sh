#!/usr/bin/env bash
# What the build scripts share: names, images, containers, and moving files in and out.

set -o errexit
set -o nounset
set -o pipefail

unset CDPATH

USER_ID=$(id -u)
GROUP_ID=$(id -g)

DOCKER_OPTS=${DOCKER_OPTS:-""}
IFS=" " read -r -a DOCKER <<<"docker ${DOCKER_OPTS}"

KUBE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")"/.. && pwd -P)
source "${KUBE_ROOT}/hack/lib/init.sh"

readonly KUBE_BUILD_IMAGE_REPO=kube-build
readonly KUBE_BUILD_IMAGE_CROSS_TAG="$(cat "${KUBE_ROOT}/build/build-image/cross/VERSION")"
readonly KUBE_DOCKER_REGISTRY="${KUBE_DOCKER_REGISTRY:-k8s.gcr.io}"
readonly KUBE_BASE_IMAGE_REGISTRY="${KUBE_BASE_IMAGE_REGISTRY:-k8s.gcr.io/build-image}"
readonly KUBE_BUILD_IMAGE_VERSION_BASE="$(cat "${KUBE_ROOT}/build/build-image/VERSION")"
readonly KUBE_BUILD_IMAGE_VERSION="${KUBE_BUILD_IMAGE_VERSION_BASE}-${KUBE_BUILD_IMAGE_CROSS_TAG}"

readonly LOCAL_OUTPUT_ROOT="${KUBE_ROOT}/${OUT_DIR:-_output}"
readonly LOCAL_OUTPUT_SUBPATH="${LOCAL_OUTPUT_ROOT}/dockerized"
readonly LOCAL_OUTPUT_BINPATH="${LOCAL_OUTPUT_SUBPATH}/bin"
readonly LOCAL_OUTPUT_GOPATH="${LOCAL_OUTPUT_SUBPATH}/go"
readonly LOCAL_OUTPUT_IMAGE_STAGING="${LOCAL_OUTPUT_ROOT}/images"
readonly REMOTE_ROOT="/go/src/${KUBE_GO_PACKAGE}"

readonly KUBE_RSYNC_PORT="${KUBE_RSYNC_PORT:-}"
readonly KUBE_CONTAINER_RSYNC_PORT=8730

# Programs that get an image of their own, each with its base: "name,base".
kube::build::get_docker_wrapped_binaries() {
  local runner="${KUBE_BASE_IMAGE_REGISTRY}/go-runner:sample-1"
  local iptables="${KUBE_BASE_IMAGE_REGISTRY}/debian-iptables:sample-1"
  echo "kube-apiserver,${runner} kube-controller-manager,${runner} kube-scheduler,${runner} kube-proxy,${iptables}"
}

kube::build::verify_prereqs() {
  kube::log::status "Verifying Prerequisites...."
  kube::build::ensure_tar || return 1
  KUBE_GIT_BRANCH=$(git symbolic-ref --short -q HEAD 2>/dev/null || true)
  KUBE_ROOT_HASH=$(kube::build::short_hash "${HOSTNAME:-}:${KUBE_ROOT}:${KUBE_GIT_BRANCH}")
  KUBE_BUILD_IMAGE_TAG_BASE="build-${KUBE_ROOT_HASH}"
  KUBE_BUILD_IMAGE_TAG="${KUBE_BUILD_IMAGE_TAG_BASE}-${KUBE_BUILD_IMAGE_VERSION}"
  KUBE_BUILD_IMAGE="${KUBE_BUILD_IMAGE_REPO}:${KUBE_BUILD_IMAGE_TAG}"
  KUBE_BUILD_CONTAINER_NAME_BASE="kube-build-${KUBE_ROOT_HASH}"
  KUBE_BUILD_CONTAINER_NAME="${KUBE_BUILD_CONTAINER_NAME_BASE}-${KUBE_BUILD_IMAGE_VERSION}"
  KUBE_RSYNC_CONTAINER_NAME_BASE="kube-rsync-${KUBE_ROOT_HASH}"
  KUBE_RSYNC_CONTAINER_NAME="${KUBE_RSYNC_CONTAINER_NAME_BASE}-${KUBE_BUILD_IMAGE_VERSION}"
  KUBE_DATA_CONTAINER_NAME_BASE="kube-build-data-${KUBE_ROOT_HASH}"
  KUBE_DATA_CONTAINER_NAME="${KUBE_DATA_CONTAINER_NAME_BASE}-${KUBE_BUILD_IMAGE_VERSION}"
  DOCKER_MOUNT_ARGS=(--volumes-from "${KUBE_DATA_CONTAINER_NAME}")
  LOCAL_OUTPUT_BUILD_CONTEXT="${LOCAL_OUTPUT_IMAGE_STAGING}/${KUBE_BUILD_IMAGE}"
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

kube::build::docker_delete_old_images() {
  local tag
  for tag in $("${DOCKER[@]}" images --format '{{.Tag}}' "$1"); do
    [[ ${tag} != "$2"* || ${tag} == "${3:-}" ]] || "${DOCKER[@]}" rmi "$1:${tag}" >/dev/null
  done
}

kube::build::docker_delete_old_containers() {
  local container
  for container in $("${DOCKER[@]}" ps -a --format '{{.Names}}'); do
    [[ ${container} != "$1"* || ${container} == "${2:-}" ]] || kube::build::destroy_container "${container}"
  done
}

kube::build::clean() {
  local base
  for base in "${KUBE_BUILD_CONTAINER_NAME_BASE}" "${KUBE_RSYNC_CONTAINER_NAME_BASE}" "${KUBE_DATA_CONTAINER_NAME_BASE}"; do
    kube::build::docker_delete_old_containers "${base}"
  done
  kube::build::docker_delete_old_images "${KUBE_BUILD_IMAGE_REPO}" "${KUBE_BUILD_IMAGE_TAG_BASE}"
  rm -rf "${LOCAL_OUTPUT_ROOT}"
}

kube::build::build_image() {
  mkdir -p "${LOCAL_OUTPUT_BUILD_CONTEXT}"
  cp /etc/localtime "${LOCAL_OUTPUT_BUILD_CONTEXT}/"
  chmod u+w "${LOCAL_OUTPUT_BUILD_CONTEXT}/localtime"
  cp "${KUBE_ROOT}/build/build-image/Dockerfile" "${LOCAL_OUTPUT_BUILD_CONTEXT}/Dockerfile"
  cp "${KUBE_ROOT}/build/build-image/rsyncd.sh" "${LOCAL_OUTPUT_BUILD_CONTEXT}/"
  dd if=/dev/urandom bs=512 count=1 2>/dev/null | LC_ALL=C tr -dc 'A-Za-z0-9' | dd bs=32 count=1 2>/dev/null \
    >"${LOCAL_OUTPUT_BUILD_CONTEXT}/rsyncd.password"
  chmod go= "${LOCAL_OUTPUT_BUILD_CONTEXT}/rsyncd.password"
  sed -i "s/KUBE_BUILD_IMAGE_CROSS_TAG/${KUBE_BUILD_IMAGE_CROSS_TAG}/" "${LOCAL_OUTPUT_BUILD_CONTEXT}/Dockerfile"
  kube::build::docker_build "${KUBE_BUILD_IMAGE}" "${LOCAL_OUTPUT_BUILD_CONTEXT}" 'false'

  kube::build::docker_delete_old_containers "${KUBE_BUILD_CONTAINER_NAME_BASE}" "${KUBE_BUILD_CONTAINER_NAME}"
  kube::build::docker_delete_old_containers "${KUBE_RSYNC_CONTAINER_NAME_BASE}" "${KUBE_RSYNC_CONTAINER_NAME}"
  kube::build::docker_delete_old_containers "${KUBE_DATA_CONTAINER_NAME_BASE}" "${KUBE_DATA_CONTAINER_NAME}"
  kube::build::docker_delete_old_images "${KUBE_BUILD_IMAGE_REPO}" "${KUBE_BUILD_IMAGE_TAG_BASE}" "${KUBE_BUILD_IMAGE_TAG}"

  kube::build::ensure_data_container
  kube::build::sync_to_container
}

kube::build::docker_build() {
  kube::log::status "Building Docker image $1"
  local output
  output=$("${DOCKER[@]}" build -t "$1" "--pull=${3:-true}" "$2" 2>&1) || {
    kube::log::error "docker build failed for $1" "${output}"
    return 1
  }
}

kube::build::ensure_data_container() {
  local code
  if code=$("${DOCKER[@]}" inspect -f '{{.State.ExitCode}}' "${KUBE_DATA_CONTAINER_NAME}" 2>/dev/null); then
    [[ ${code} != 0 ]] || return 0
    kube::build::destroy_container "${KUBE_DATA_CONTAINER_NAME}"
  fi
  kube::log::status "Creating data container ${KUBE_DATA_CONTAINER_NAME}"
  mkdir -p "${LOCAL_OUTPUT_GOPATH}"
  local -ra docker_cmd=(
    "${DOCKER[@]}" run
    --volume "${REMOTE_ROOT}"
    --volume /usr/local/go/pkg/linux_amd64_cgo
    --volume /usr/local/go/pkg/linux_arm64_cgo
    --name "${KUBE_DATA_CONTAINER_NAME}"
    --hostname "${HOSTNAME}"
    "${KUBE_BUILD_IMAGE}"
    chown -R "${USER_ID}":"${GROUP_ID}"
      "${REMOTE_ROOT}"
      /usr/local/go/pkg/
  )
  "${docker_cmd[@]}"
}

kube::build::run_build_command() {
  kube::log::status "Running build command..."
  kube::build::run_build_command_ex "${KUBE_BUILD_CONTAINER_NAME}" -- "$@"
}

# Arguments: container name, docker's arguments, --, command.
kube::build::run_build_command_ex() {
  local name=$1 detach=false
  shift
  local -a opts=("--name=${name}" "--user=${USER_ID}:${GROUP_ID}" "--hostname=${HOSTNAME}" "${DOCKER_MOUNT_ARGS[@]}")
  while [[ $1 != -- ]]; do
    [[ $1 != -d ]] || detach=true
    opts+=("$1")
    shift
  done
  shift
  opts+=(
    --env "KUBE_FASTBUILD=${KUBE_FASTBUILD:-false}"
    --env "KUBE_BUILDER_OS=${OSTYPE:-notdetected}"
    --env "KUBE_VERBOSE=${KUBE_VERBOSE:-1}"
    --env "KUBE_BUILD_PLATFORMS=${KUBE_BUILD_PLATFORMS:-}"
    --env "GOFLAGS=${GOFLAGS:-}"
    --env "GOGCFLAGS=${GOGCFLAGS:-}"
    --env "SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-}"
  )
  [[ ! -v GOLDFLAGS ]] || opts+=(--env "GOLDFLAGS=${GOLDFLAGS}")
  kube::build::destroy_container "${name}"
  "${DOCKER[@]}" run "${opts[@]}" "${KUBE_BUILD_IMAGE}" "$@"
  [[ ${detach} == true ]] || kube::build::destroy_container "${name}"
}

kube::build::start_rsyncd_container() {
  kube::build::destroy_container "${KUBE_RSYNC_CONTAINER_NAME}"
  kube::build::run_build_command_ex "${KUBE_RSYNC_CONTAINER_NAME}" \
    -p 127.0.0.1:"${KUBE_RSYNC_PORT}":"${KUBE_CONTAINER_RSYNC_PORT}" -d -- /rsyncd.sh >/dev/null
  local port tries=50
  port=$("${DOCKER[@]}" port "${KUBE_RSYNC_CONTAINER_NAME}" "${KUBE_CONTAINER_RSYNC_PORT}" | head -n1 | cut -d: -f2)
  KUBE_RSYNC_ADDR="127.0.0.1:${port}"
  until rsync "rsync://k8s@${KUBE_RSYNC_ADDR}/" --password-file="${LOCAL_OUTPUT_BUILD_CONTEXT}/rsyncd.password" &>/dev/null; do
    tries=$((tries - 1))
    (( tries )) || {
      kube::log::error "Could not connect to the rsync container."
      return 1
    }
    sleep 0.1
  done
}

kube::build::stop_rsyncd_container() {
  kube::build::destroy_container "${KUBE_RSYNC_CONTAINER_NAME}"
}

kube::build::rsync() {
  rsync --archive "--password-file=${LOCAL_OUTPUT_BUILD_CONTEXT}/rsyncd.password" "$@"
}

kube::build::sync_to_container() {
  kube::log::status "Syncing sources to container"
  kube::build::start_rsyncd_container
  kube::build::rsync \
    --delete \
    --filter='H /.git' \
    --filter='- /.make/' \
    --filter='- /_tmp/' \
    --filter='- /_output/' \
    --filter='- /' \
    --filter='H zz_generated.*' \
    --filter='H generated.proto' \
    "${KUBE_ROOT}/" "rsync://k8s@${KUBE_RSYNC_ADDR}/k8s/"
  kube::build::stop_rsyncd_container
}

kube::build::copy_output() {
  kube::log::status "Syncing out of container"
  kube::build::start_rsyncd_container
  kube::build::rsync \
    --prune-empty-dirs \
    --filter='- /_temp/' \
    --filter='+ /vendor/' \
    --filter='+ /_output/dockerized/bin/**' \
    --filter='+ zz_generated.*' \
    --filter='+ generated.proto' \
    --filter='+ *.pb.go' \
    --filter='+ types.go' \
    --filter='+ */' \
    --filter='- /**' \
    "rsync://k8s@${KUBE_RSYNC_ADDR}/k8s/" "${KUBE_ROOT}"
  kube::build::stop_rsyncd_container
}
