# In the manner of Kubernetes' file of this name, reduced to what the recorder has to get along with.

set -o errexit -o nounset -o pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
output=${root}/${KUBE_OUTPUT_SUBPATH:-_output/local}
gopath=${output}/go
package=k8s.io/kubernetes

servers=(cmd/alpha cmd/beta vendor/example.org/ginkgo)
tests=(vendor/example.org/ginkgo test/e2e/e2e.test)
statics=(alpha)
read -ra platforms <<<"${KUBE_BUILD_PLATFORMS:-linux/amd64}"

setup_env() {
  mkdir -p "${gopath}/src/k8s.io"
  ln -snf "${root}" "${gopath}/src/${package}"
  export GOPATH=${gopath} GO111MODULE=off
  export PATH="${gopath}/bin:${PATH}"
  cd "${gopath}/src/${package}"
}

is_static() {
  local name
  for name in "${statics[@]}"; do [[ $1 == */"${name}" ]] && return 0; done
  return 1
}

build_platform() {
  local platform=$1 target static=() other=()
  shift
  export GOOS=${platform%/*} GOARCH=${platform#*/}
  for target; do
    if [[ ${target} == *.test ]]; then
      local directory=${gopath}/bin suffix=
      [[ ${platform} == "${host}" ]] || directory+=/${platform/\//_}
      [[ ${GOOS} != windows ]] || suffix=.exe
      mkdir -p "${directory}"
      # Old scripts pass over a test that is up to date.
      if [[ -x ${gopath}/bin/teststale ]] && ! "${gopath}/bin/teststale"; then continue; fi
      # A cache warmer, as old scripts had it.
      go install -tags "one,two" "${package}/${target%/*}"
      go test -c -tags "one,two" -o "${directory}/${target##*/}${suffix}" "${package}/${target%/*}"
    elif is_static "${target}"; then
      static+=("${package}/${target}")
    else
      other+=("${package}/${target}")
    fi
  done
  if [[ ${#static[@]} != 0 ]]; then
    CGO_ENABLED=0 go install -installsuffix static -ldflags "-X a=b -X c=d e" "${static[@]}"
  fi
  if [[ ${#other[@]} != 0 ]]; then
    go install -ldflags "-X a=b -X c=d e" "${other[@]}"
  fi
}

build() {
  setup_env
  host=$(go env GOHOSTOS)/$(go env GOHOSTARCH)
  # A tool that must exist, because it is run.
  GOOS= GOARCH= go install "./tools/helper"
  helper
  if [[ -n ${STUB_LISTS:-} ]]; then
    # As scripts from v1.30 on have it.
    local listed=() target
    for target; do
      if [[ ${target} == *.test ]]; then
        listed+=("$(go list -find -e "./${target%/*}")/${target##*/}")
      else
        listed+=("$(go list -find -e "./${target}")")
      fi
    done
    set -- "${listed[@]#"${package}"/}"
  fi
  if [[ -n ${STUB_TESTSTALE:-} ]]; then GOOS= GOARCH= go install "${package}/hack/cmd/teststale"; fi
  local platform
  for platform in "${platforms[@]}"; do build_platform "${platform}" "$@" & done
  local failed=0 job
  for job in $(jobs -p); do wait "${job}" || failed=1; done
  return "${failed}"
}

place() {
  local platform
  mkdir -p "${root}/_output"
  for platform in "${platforms[@]}"; do
    local from=${gopath}/bin/${platform/\//_}
    if [[ ${platform} == "${host}" ]]; then
      from=${gopath}/bin
      rm -f "${root}/_output/bin"
      ln -s "${output}/bin/${platform}" "${root}/_output/bin"
    fi
    [[ -d ${from} ]] || continue
    mkdir -p "${output}/bin/${platform}"
    find "${from}" -maxdepth 1 -type f -exec cp -p {} "${output}/bin/${platform}" \;
  done
}
