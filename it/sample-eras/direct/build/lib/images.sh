#!/usr/bin/env bash
# How the image of one server is built, and whether there is one for conformance tests where nobody says.

readonly KUBE_DEFAULT_CONFORMANCE=n

# Arguments: name of the program, base, architecture, directory of the programs, name of the image.
kube::release::build_server_image() {
  local name=$1 base=$2 arch=$3 directory=$4 image=$5 pull=
  local context="${directory}/${name}.dockerbuild" dockerfiles="${KUBE_ROOT}/build/server-image"
  rm -rf "${context}"
  mkdir -p "${context}"
  ln "${directory}/${name}" "${context}/${name}"
  ln "${directory}/kube-log-runner" "${context}/kube-log-runner"
  [[ ! -d ${dockerfiles}/${name} ]] || dockerfiles+=/${name}
  [[ ! ${KUBE_BUILD_PULL_LATEST_IMAGES} =~ [yY] ]] || pull=--pull
  DOCKER_CLI_EXPERIMENTAL=enabled "${DOCKER[@]}" buildx build -f "${dockerfiles}/Dockerfile" --platform "linux/${arch}" \
    --load ${pull:+"${pull}"} -t "${image}" --build-arg "BASEIMAGE=${base}" \
    --build-arg "SETCAP_IMAGE=${KUBE_BUILD_SETCAP_IMAGE}" --build-arg "BINARY=${name}" "${context}" >/dev/null
  rm -rf "${context}"
}
