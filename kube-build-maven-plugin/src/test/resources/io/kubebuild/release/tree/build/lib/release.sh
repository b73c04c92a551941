readonly RELEASE_STAGE="${LOCAL_OUTPUT_ROOT}/release-stage"
readonly RELEASE_TARS="${LOCAL_OUTPUT_ROOT}/release-tars"
readonly RELEASE_IMAGES="${LOCAL_OUTPUT_ROOT}/release-images"

function kube::release::package_tarballs() {
  rm -rf "${RELEASE_STAGE}" "${RELEASE_TARS}" "${RELEASE_IMAGES}"
  mkdir -p "${RELEASE_TARS}" "${RELEASE_IMAGES}/amd64"
  kube::release::package_src_tarball &
  client &
  wait
  server
  final
}

function kube::release::package_src_tarball() {
  if [[ "${KUBE_GIT_TREE_STATE-}" = 'clean' ]]; then
    git archive -o "${RELEASE_TARS}/kubernetes-src.tar.gz" HEAD
  else
    find "${KUBE_ROOT}" -mindepth 1 -maxdepth 1 ! \( \
        -path "${KUBE_ROOT}"/_\* -o -path "${KUBE_ROOT}"/.git\* \) -print0 |
      "${TAR}" czf "${RELEASE_TARS}/kubernetes-src.tar.gz" --transform "s|${KUBE_ROOT#/*}|kubernetes|" --null -T -
  fi
}

kube::release::clean_cruft() {
  find "${RELEASE_STAGE}" -name '*~' -exec rm {} \;
}

client() {
  local stage="${RELEASE_STAGE}/client/linux-amd64/kubernetes"
  mkdir -p "${stage}/client/bin"
  cp "${BINARIES}/linux/amd64/kubectl" "${stage}/client/bin/"
  touch "${stage}/client/bin/kubectl~"
  kube::release::clean_cruft
  kube::release::create_tarball "${RELEASE_TARS}/kubernetes-client-linux-amd64.tar.gz" "${stage}/.."
}

image() {
  local bin=$1 name=$2
  local context="${bin}/${name}.dockerbuild"
  mkdir -p "${context}"
  ln "${bin}/${name}" "${context}/${name}"
  printf 'FROM base\nCOPY %s /bin/%s\n' "${name}" "${name}" >"${context}/Dockerfile"
  "${DOCKER[@]}" build -q --build-arg "NAME=${name}" -t "first/${name}:${KUBE_GIT_VERSION}" "${context}" >/dev/null
  "${DOCKER[@]}" tag "first/${name}:${KUBE_GIT_VERSION}" "second/${name}:${KUBE_GIT_VERSION}"
  "${DOCKER[@]}" save -o "${bin}/${name}.tar" "first/${name}:${KUBE_GIT_VERSION}" "second/${name}:${KUBE_GIT_VERSION}"
  echo "${KUBE_GIT_VERSION}" >"${bin}/${name}.docker_tag"
  rm -rf "${context}"
  ln "${bin}/${name}.tar" "${RELEASE_IMAGES}/amd64/"
}

kube::release::build_server_images() {
  local stage="${RELEASE_STAGE}/server/linux-amd64/kubernetes"
  rm -rf "${RELEASE_IMAGES}" "${stage}"
  mkdir -p "${RELEASE_IMAGES}/amd64" "${stage}/server/bin"
  cp "${BINARIES}/linux/amd64/kube-apiserver" "${BINARIES}/linux/amd64/kube-proxy" "${stage}/server/bin/"
  image "${stage}/server/bin" kube-apiserver &
  image "${stage}/server/bin" kube-proxy &
  wait
  if [[ ${KUBE_BUILD_CONFORMANCE:-n} == y ]]; then
    local context
    context=$(mktemp -d "${LOCAL_OUTPUT_ROOT}/conformance.XXXXXX")
    cp "${BINARIES}/linux/amd64/kubectl" "${context}/"
    echo "FROM base" >"${context}/Dockerfile"
    docker build --pull -t first/conformance:1 "${context}"
    rm -rf "${context}"
    docker save first/conformance:1 >"${RELEASE_IMAGES}/amd64/conformance-amd64.tar"
  fi
}

server() {
  local stage="${RELEASE_STAGE}/server/linux-amd64/kubernetes"
  kube::release::build_server_images
  mkdir -p "${stage}/addons"
  cp "${RELEASE_TARS}/kubernetes-src.tar.gz" "${stage}/"
  kube::release::create_tarball "${RELEASE_TARS}/kubernetes-server-linux-amd64.tar.gz" "${stage}/.."
}

final() {
  local stage="${RELEASE_STAGE}/full/kubernetes"
  mkdir -p "${stage}"
  cp -R "${KUBE_ROOT}/cluster" "${KUBE_ROOT}/docs" "${stage}/"
  ln -s cluster "${stage}/link"
  ln "${stage}/docs/a.md" "${stage}/docs/b.md"
  echo "${KUBE_GIT_VERSION}" >"${stage}/version"
  kube::release::create_tarball "${RELEASE_TARS}/kubernetes.tar.gz" "${stage}/.."
}

kube::release::create_tarball() {
  "${TAR}" czf "$1" -C "$2" kubernetes --owner=0 --group=0
}
