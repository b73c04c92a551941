#!/usr/bin/env bash
# How the image of one server is built, and whether there is one for conformance tests where nobody says.

readonly KUBE_DEFAULT_CONFORMANCE=y

# Arguments: name of the program, base, architecture, directory of the programs, name of the image.
kube::release::build_server_image() {
  local name=$1 base=$2 arch=$3 directory=$4 image=$5 pull=
  local context="${directory}/${name}.dockerbuild"
  rm -rf "${context}"
  mkdir -p "${context}"
  ln "${directory}/${name}" "${context}/${name}"
  printf 'FROM --platform=linux/%s %s\nCOPY %s /usr/local/bin/%s\n' "${arch}" "${base}" "${name}" "${name}" >"${context}/Dockerfile"
  [[ ! ${KUBE_BUILD_PULL_LATEST_IMAGES} =~ [yY] ]] || pull=--pull
  "${DOCKER[@]}" build ${pull:+"${pull}"} -q -t "${image}" "${context}" >/dev/null
  rm -rf "${context}"
}
