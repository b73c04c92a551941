#!/bin/bash
# What the build scripts share, as in trees of v1.2: an image with the sources in it, and packaging.

set -o errexit
set -o nounset
set -o pipefail

DOCKER_OPTS=${DOCKER_OPTS:-""}
DOCKER=(docker ${DOCKER_OPTS})

KUBE_ROOT=$(dirname "${BASH_SOURCE}")/..
cd "${KUBE_ROOT}"
KUBE_ROOT=$PWD

source hack/lib/init.sh

readonly KUBE_BUILD_IMAGE_REPO=kube-build
readonly KUBE_BUILD_IMAGE_CROSS_TAG="v1.19.8-sample-1"

readonly LOCAL_OUTPUT_ROOT="${KUBE_ROOT}/_output"
readonly LOCAL_OUTPUT_SUBPATH="${LOCAL_OUTPUT_ROOT}/dockerized"
readonly LOCAL_OUTPUT_BINPATH="${LOCAL_OUTPUT_SUBPATH}/bin"
readonly LOCAL_OUTPUT_IMAGE_STAGING="${LOCAL_OUTPUT_ROOT}/images"
readonly REMOTE_OUTPUT_SUBPATH="/go/src/${KUBE_GO_PACKAGE}/_output/dockerized"

readonly DOCKER_DATA_MOUNT_ARGS=(--volume "${REMOTE_OUTPUT_SUBPATH}/go")

readonly RELEASE_STAGE="${LOCAL_OUTPUT_ROOT}/release-stage"
readonly RELEASE_DIR="${LOCAL_OUTPUT_ROOT}/release-tars"

# Programs that get an image of their own on an architecture, each with its base: "name,base".
kube::build::get_docker_wrapped_binaries() {
  local runner=k8s.gcr.io/build-image/go-runner:sample-1
  [[ $1 == amd64 ]] || runner=aarch64/busybox
  echo "kube-apiserver,${runner} kube-controller-manager,${runner} kube-scheduler,${runner}"
}

kube::build::verify_prereqs() {
  kube::build::ensure_tar
  KUBE_ROOT_HASH=$(kube::build::short_hash "$KUBE_ROOT")
  KUBE_BUILD_IMAGE="${KUBE_BUILD_IMAGE_REPO}:build-${KUBE_ROOT_HASH}"
  KUBE_BUILD_CONTAINER_NAME="kube-build-${KUBE_ROOT_HASH}"
  KUBE_BUILD_DATA_CONTAINER_NAME="kube-build-data-${KUBE_ROOT_HASH}"
  LOCAL_OUTPUT_BUILD_CONTEXT="${LOCAL_OUTPUT_IMAGE_STAGING}/${KUBE_BUILD_IMAGE}"
}

kube::build::ensure_tar() {
  TAR=${TAR:-tar}
}

kube::build::short_hash() {
  local hash
  hash=$(echo -n "$1" | md5sum)
  echo "${hash:0:10}"
}

kube::build::source_targets() {
  echo build cluster cmd docs Godeps hack LICENSE pkg plugin README.md staging test vendor
}

kube::build::build_image() {
  mkdir -p "${LOCAL_OUTPUT_BUILD_CONTEXT}"
  "${TAR}" czf "${LOCAL_OUTPUT_BUILD_CONTEXT}/kube-source.tar.gz" $(kube::build::source_targets)
  kube::version::get_version_vars
  kube::version::save_version_vars "${LOCAL_OUTPUT_BUILD_CONTEXT}/kube-version-defs"
  sed -e "s/KUBE_BUILD_IMAGE_CROSS_TAG/${KUBE_BUILD_IMAGE_CROSS_TAG}/" -e 's/KUBE_BUILD_[A-Z]*_PROXY/""/' \
    build/build-image/Dockerfile >"${LOCAL_OUTPUT_BUILD_CONTEXT}/Dockerfile"
  "${DOCKER[@]}" build -q -t "${KUBE_BUILD_IMAGE}" --pull=false "${LOCAL_OUTPUT_BUILD_CONTEXT}" >/dev/null
}

kube::build::ensure_data_container() {
  "${DOCKER[@]}" inspect "${KUBE_BUILD_DATA_CONTAINER_NAME}" >/dev/null 2>&1 ||
    "${DOCKER[@]}" run "${DOCKER_DATA_MOUNT_ARGS[@]}" --name "${KUBE_BUILD_DATA_CONTAINER_NAME}" "${KUBE_BUILD_IMAGE}" true
}

kube::build::run_build_command() {
  kube::build::ensure_data_container
  mkdir -p "${LOCAL_OUTPUT_BINPATH}"
  "${DOCKER[@]}" run --rm --name "${KUBE_BUILD_CONTAINER_NAME}" --volumes-from "${KUBE_BUILD_DATA_CONTAINER_NAME}" \
    --volume "${LOCAL_OUTPUT_BINPATH}:${REMOTE_OUTPUT_SUBPATH}/bin" \
    --env "KUBE_FASTBUILD=${KUBE_FASTBUILD:-false}" --env "KUBE_BUILDER_OS=${OSTYPE:-notdetected}" \
    "${KUBE_BUILD_IMAGE}" "$@"
}

kube::release::clean_cruft() {
  find "${RELEASE_STAGE}" -name '*~' -exec rm {} \;
}

kube::release::package_tarballs() {
  rm -rf "${RELEASE_DIR}"
  mkdir -p "${RELEASE_DIR}"
  kube::release::package_build_image_tarball &
  kube::release::package_client_tarballs &
  kube::release::package_server_tarballs &
  kube::util::wait-for-jobs
  kube::release::package_full_tarball &
  kube::release::package_test_tarball &
  kube::util::wait-for-jobs
}

kube::release::package_build_image_tarball() {
  "${TAR}" czf "${RELEASE_DIR}/kubernetes-src.tar.gz" -C "${LOCAL_OUTPUT_BUILD_CONTEXT}" .
}

# Copies programs of a platform, named without .exe, to a directory.
kube::release::copy() {
  local platform=$1 directory=$2 name
  shift 2
  mkdir -p "${directory}"
  for name; do
    [[ ${platform} != windows/* ]] || name+=.exe
    cp "${LOCAL_OUTPUT_BINPATH}/${platform}/${name}" "${directory}/"
  done
}

kube::release::package_client_tarballs() {
  local platform stage
  for platform in $(cd "${LOCAL_OUTPUT_BINPATH}" && echo */*); do
    stage="${RELEASE_STAGE}/client/${platform/\//-}"
    rm -rf "${stage}"
    kube::release::copy "${platform}" "${stage}/kubernetes/client/bin" "${KUBE_CLIENT_BINARIES[@]}"
    kube::release::create_tarball "${RELEASE_DIR}/kubernetes-client-${platform/\//-}.tar.gz" "${stage}"
  done
}

kube::release::package_server_tarballs() {
  local platform stage
  for platform in "${KUBE_SERVER_PLATFORMS[@]}"; do
    stage="${RELEASE_STAGE}/server/${platform/\//-}"
    rm -rf "${stage}"
    mkdir -p "${stage}/kubernetes/addons"
    kube::release::copy "${platform}" "${stage}/kubernetes/server/bin" "${KUBE_SERVER_BINARIES[@]}" "${KUBE_CLIENT_BINARIES[@]}"
    kube::release::create_docker_images_for_server "${stage}/kubernetes/server/bin" "${platform##*/}"
    cp "${KUBE_ROOT}/Godeps/LICENSES" "${stage}/kubernetes/"
    kube::release::clean_cruft
    kube::release::create_tarball "${RELEASE_DIR}/kubernetes-server-${platform/\//-}.tar.gz" "${stage}"
  done
}

kube::release::md5() {
  md5sum "$1" | awk '{ print $1 }'
}

# Images are named by the checksum of what is in them.
kube::release::create_docker_images_for_server() {
  local wrappable name sum context image
  for wrappable in $(kube::build::get_docker_wrapped_binaries "$2"); do
    name=${wrappable%%,*}
    sum=$(kube::release::md5 "$1/${name}")
    context="$1/${name}.dockerbuild"
    mkdir -p "${context}"
    ln "$1/${name}" "${context}/${name}"
    printf " FROM ${wrappable##*,} \n ADD ${name} /usr/local/bin/${name}\n" >"${context}/Dockerfile"
    image="gcr.io/google_containers/${name}:${sum}"
    [[ $2 == amd64 ]] || image="gcr.io/google_containers/${name}-$2:${sum}"
    "${DOCKER[@]}" build -q -t "${image}" "${context}" >/dev/null
    "${DOCKER[@]}" save "${image}" >"$1/${name}.tar"
    echo "${sum}" >"$1/${name}.docker_tag"
    rm -rf "${context}"
    "${DOCKER[@]}" rmi "${image}" >/dev/null 2>&1 || true
  done
}

kube::release::package_test_tarball() {
  local stage="${RELEASE_STAGE}/test" platform
  rm -rf "${stage}"
  for platform in "${KUBE_TEST_PLATFORMS[@]}"; do
    kube::release::copy "${platform}" "${stage}/kubernetes/platforms/${platform}" "${KUBE_TEST_BINARIES[@]}"
  done
  tar c "${KUBE_TEST_PORTABLE[@]}" | tar x -C "${stage}/kubernetes"
  kube::release::create_tarball "${RELEASE_DIR}/kubernetes-test.tar.gz" "${stage}"
}

kube::release::package_full_tarball() {
  local stage="${RELEASE_STAGE}/full" platform
  rm -rf "${stage}"
  for platform in "${KUBE_CLIENT_PLATFORMS[@]}"; do
    kube::release::copy "${platform}" "${stage}/kubernetes/platforms/${platform}" "${KUBE_CLIENT_BINARIES[@]}"
  done
  mkdir -p "${stage}/kubernetes/server"
  cp "${RELEASE_DIR}"/kubernetes-server-*.tar.gz "${stage}/kubernetes/server/"
  cp -R cluster docs README.md Godeps/LICENSES "${stage}/kubernetes/"
  echo "${KUBE_GIT_VERSION}" >"${stage}/kubernetes/version"
  kube::release::clean_cruft
  kube::release::create_tarball "${RELEASE_DIR}/kubernetes.tar.gz" "${stage}"
}

# Arguments: tarball, directory that holds "kubernetes".
kube::release::create_tarball() {
  "${TAR}" czf "$1" -C "$2" kubernetes --owner=0 --group=0
}
