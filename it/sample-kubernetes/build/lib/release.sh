#!/usr/bin/env bash
# Packaging: tarballs and images of a release.

readonly RELEASE_STAGE="${LOCAL_OUTPUT_ROOT}/release-stage"
readonly RELEASE_TARS="${LOCAL_OUTPUT_ROOT}/release-tars"
readonly RELEASE_IMAGES="${LOCAL_OUTPUT_ROOT}/release-images"

source "${KUBE_ROOT}/build/lib/images.sh"

KUBE_BUILD_CONFORMANCE=${KUBE_BUILD_CONFORMANCE:-${KUBE_DEFAULT_CONFORMANCE}}
KUBE_BUILD_PULL_LATEST_IMAGES=${KUBE_BUILD_PULL_LATEST_IMAGES:-y}

kube::release::clean_cruft() {
  # The images' own jobs remove directories meanwhile, which find takes amiss.
  find "${RELEASE_STAGE}" \( -name '*~' -o -name '#*#' -o -name '.DS*' \) -exec rm {} \; 2>/dev/null || true
}

kube::release::package_tarballs() {
  rm -rf "${RELEASE_STAGE}" "${RELEASE_TARS}" "${RELEASE_IMAGES}"
  mkdir -p "${RELEASE_TARS}"
  kube::release::package_src_tarball &
  kube::release::package_client_tarballs &
  kube::release::package_kube_manifests_tarball &
  kube::util::wait-for-jobs || { kube::log::error "first packaging phase failed"; return 1; }
  kube::release::package_node_tarballs &
  kube::release::package_server_tarballs &
  kube::util::wait-for-jobs || { kube::log::error "second packaging phase failed"; return 1; }
  kube::release::package_final_tarball &
  kube::release::package_test_tarballs &
  kube::util::wait-for-jobs || { kube::log::error "third packaging phase failed"; return 1; }
}

kube::release::package_src_tarball() {
  local -r src_tarball="${RELEASE_TARS}/kubernetes-src.tar.gz"
  kube::log::status "Building tarball: src"
  if [[ "${KUBE_GIT_TREE_STATE-}" = 'clean' ]]; then
    git archive -o "${src_tarball}" HEAD
  else
    find "${KUBE_ROOT}" -mindepth 1 -maxdepth 1 \
      ! \( \
        \( -path "${KUBE_ROOT}"/_\*       -o \
           -path "${KUBE_ROOT}"/.git\*    -o \
           -path "${KUBE_ROOT}"/.config\* -o \
           -path "${KUBE_ROOT}"/.gsutil\*    \
        \) -prune \
      \) -print0 \
    | "${TAR}" czf "${src_tarball}" --transform "s|${KUBE_ROOT#/*}|kubernetes|" --null -T -
  fi
}

# Copies programs of a platform to a directory; .exe is added for windows.
kube::release::copy_binaries() {
  local platform=$1 directory=$2 name suffix=
  shift 2
  [[ ${platform} != windows/* ]] || suffix=.exe
  for name; do
    cp "${LOCAL_OUTPUT_BINPATH}/${platform}/${name}${suffix}" "${directory}/"
  done
}

kube::release::package_client_tarballs() {
  local -a platforms=("${LOCAL_OUTPUT_BINPATH}"/*/*)
  [[ -z ${KUBE_BUILD_PLATFORMS-} ]] || read -ra platforms <<<"${KUBE_BUILD_PLATFORMS}"
  local platform
  for platform in "${platforms[@]}"; do
    platform=${platform##"${LOCAL_OUTPUT_BINPATH}"/}
    (
      local stage="${RELEASE_STAGE}/client/${platform/\//-}/kubernetes"
      mkdir -p "${stage}/client/bin"
      kube::release::copy_binaries "${platform}" "${stage}/client/bin" "${KUBE_CLIENT_BINARIES[@]}"
      kube::release::clean_cruft
      kube::release::create_tarball "${RELEASE_TARS}/kubernetes-client-${platform/\//-}.tar.gz" "${stage}/.."
    ) &
  done
  kube::util::wait-for-jobs || { kube::log::error "client tarballs failed"; exit 1; }
}

kube::release::package_node_tarballs() {
  local platform stage
  for platform in "${KUBE_NODE_PLATFORMS[@]}"; do
    stage="${RELEASE_STAGE}/node/${platform/\//-}/kubernetes"
    mkdir -p "${stage}/node/bin"
    kube::release::copy_binaries "${platform}" "${stage}/node/bin" "${KUBE_NODE_BINARIES[@]}" "${KUBE_CLIENT_BINARIES[@]}"
    cp -R "${KUBE_ROOT}/LICENSES" "${stage}/"
    cp "${RELEASE_TARS}/kubernetes-src.tar.gz" "${stage}/"
    kube::release::clean_cruft
    kube::release::create_tarball "${RELEASE_TARS}/kubernetes-node-${platform/\//-}.tar.gz" "${stage}/.."
  done
}

kube::release::build_server_images() {
  rm -rf "${RELEASE_IMAGES}"
  local platform stage
  for platform in "${KUBE_SERVER_PLATFORMS[@]}"; do
    stage="${RELEASE_STAGE}/server/${platform/\//-}/kubernetes"
    mkdir -p "${stage}/server/bin"
    kube::release::copy_binaries "${platform}" "${stage}/server/bin" "${KUBE_SERVER_IMAGE_BINARIES[@]}"
    kube::release::create_docker_images_for_server "${stage}/server/bin" "${platform##*/}"
  done
}

kube::release::package_server_tarballs() {
  kube::release::build_server_images
  local platform stage
  for platform in "${KUBE_SERVER_PLATFORMS[@]}"; do
    stage="${RELEASE_STAGE}/server/${platform/\//-}/kubernetes"
    mkdir -p "${stage}/addons"
    kube::release::copy_binaries "${platform}" "${stage}/server/bin" "${KUBE_SERVER_BINARIES[@]}" "${KUBE_CLIENT_BINARIES[@]}"
    cp -R "${KUBE_ROOT}/LICENSES" "${stage}/"
    cp "${RELEASE_TARS}/kubernetes-src.tar.gz" "${stage}/"
    kube::release::clean_cruft
    kube::release::create_tarball "${RELEASE_TARS}/kubernetes-server-${platform/\//-}.tar.gz" "${stage}/.."
  done
}

kube::release::build_conformance_image() {
  local -r arch=$1 registry=$2 version=$3 save_dir=${4-}
  ARCH="${arch}" REGISTRY="${registry}" VERSION="${version}" make -C cluster/images/conformance/ build >/dev/null
  local tag="${registry}/conformance-${arch}:${version}"
  [[ -z ${save_dir} ]] || "${DOCKER[@]}" save "${tag}" >"${save_dir}/conformance-${arch}.tar"
  "${DOCKER[@]}" rmi "${tag}" &>/dev/null || true
}

# Arguments: directory of the programs, architecture.
kube::release::create_docker_images_for_server() {
  (
    local directory=$1 arch=$2 images="${RELEASE_IMAGES}/$2" registry=k8s.gcr.io
    local tag=${KUBE_GIT_VERSION/+/_}
    mkdir -p "${images}"
    local wrappable
    for wrappable in $(kube::build::get_docker_wrapped_binaries); do
      (
        local name=${wrappable%%,*} base=${wrappable##*,}
        local image="${registry}/${name}-${arch}:${tag}"
        local second="${KUBE_DOCKER_REGISTRY-$registry}/${name}-${arch}:${KUBE_DOCKER_IMAGE_TAG-$tag}"
        kube::release::build_server_image "${name}" "${base}" "${arch}" "${directory}" "${image}"
        [[ ${second} == "${image}" ]] || "${DOCKER[@]}" tag "${image}" "${second}"
        "${DOCKER[@]}" save -o "${directory}/${name}.tar" "${image}" "${second}"
        echo "${tag}" >"${directory}/${name}.docker_tag"
        ln "${directory}/${name}.tar" "${images}/"
        "${DOCKER[@]}" rmi "${image}" &>/dev/null || true
      ) &
    done
    if [[ ${KUBE_BUILD_CONFORMANCE} =~ [yY] ]]; then
      kube::release::build_conformance_image "${arch}" "${registry}" "${tag}" "${images}" &
    fi
    kube::util::wait-for-jobs || { kube::log::error "an image failed"; return 1; }
  )
}

kube::release::package_kube_manifests_tarball() {
  local stage="${RELEASE_STAGE}/manifests/kubernetes" from="${KUBE_ROOT}/cluster/gce/manifests"
  local to="${stage}/gci-trusty" name directory
  mkdir -p "${to}"
  for name in kube-proxy etcd kube-scheduler kube-apiserver kube-controller-manager; do
    cp "${from}/${name}.manifest" "${to}/"
  done
  cp "${KUBE_ROOT}/cluster/gce/gci/configure-helper.sh" "${to}/gci-configure-helper.sh"
  cp "${KUBE_ROOT}/cluster/gce/gci/health-monitor.sh" "${to}/health-monitor.sh"
  for directory in cluster/addons cluster/gce/addons; do
    find "${KUBE_ROOT}/${directory}" \( -name \*.yaml -o -name \*.yaml.in -o -name \*.json \) ! -name \*demo\* -print0 |
      "${TAR}" c --transform "s|${KUBE_ROOT#/*}/${directory}||" --null -T - | "${TAR}" x -C "${to}"
  done
  kube::release::clean_cruft
  kube::release::create_tarball "${RELEASE_TARS}/kubernetes-manifests.tar.gz" "${stage}/.."
}

kube::release::package_test_platform_tarballs() {
  rm -rf "${RELEASE_STAGE}/test"
  local platform stage
  for platform in "${KUBE_TEST_SERVER_PLATFORMS[@]}"; do
    stage="${RELEASE_STAGE}/test/${platform/\//-}/kubernetes"
    mkdir -p "${stage}/test/bin"
    kube::release::copy_binaries "${platform}" "${stage}/test/bin" "${KUBE_TEST_SERVER_BINARIES[@]}"
  done
  for platform in "${KUBE_TEST_PLATFORMS[@]}"; do
    (
      stage="${RELEASE_STAGE}/test/${platform/\//-}/kubernetes"
      mkdir -p "${stage}/test/bin"
      kube::release::copy_binaries "${platform}" "${stage}/test/bin" "${KUBE_TEST_BINARIES[@]}"
      kube::release::create_tarball "${RELEASE_TARS}/kubernetes-test-${platform/\//-}.tar.gz" "${stage}/.."
    ) &
  done
  kube::util::wait-for-jobs || { kube::log::error "test tarballs failed"; exit 1; }
}

kube::release::package_test_tarballs() {
  kube::release::package_test_platform_tarballs
  local stage="${RELEASE_STAGE}/test/kubernetes"
  mkdir -p "${stage}/test/images"
  cp -fR "${KUBE_ROOT}/test/images" "${stage}/test/"
  "${TAR}" c "${KUBE_TEST_PORTABLE[@]}" | "${TAR}" x -C "${stage}"
  kube::release::clean_cruft
  kube::release::create_tarball "${RELEASE_TARS}/kubernetes-test-portable.tar.gz" "${stage}/.."
}

kube::release::package_final_tarball() {
  local stage="${RELEASE_STAGE}/full/kubernetes"
  mkdir -p "${stage}/client" "${stage}/server" "${stage}/hack"
  echo "Client programs come in tarballs of their own." >"${stage}/client/README"
  echo "Server programs come in tarballs of their own." >"${stage}/server/README"
  cp -R "${KUBE_ROOT}/cluster" "${stage}/"
  cp "${RELEASE_TARS}/kubernetes-manifests.tar.gz" "${stage}/server/"
  cp -R "${KUBE_ROOT}/hack/lib" "${stage}/hack/"
  cp -R "${KUBE_ROOT}/docs" "${KUBE_ROOT}/LICENSES" "${stage}/"
  cp "${KUBE_ROOT}/README.md" "${stage}/"
  echo "${KUBE_GIT_VERSION}" >"${stage}/version"
  kube::release::clean_cruft
  kube::release::create_tarball "${RELEASE_TARS}/kubernetes.tar.gz" "${stage}/.."
}

# Arguments: tarball, directory that holds "kubernetes".
kube::release::create_tarball() {
  "${TAR}" czf "$1" -C "$2" kubernetes --owner=0 --group=0
}
