#!/bin/bash
# What is built, for which platforms, and how the go command is called, as in trees of v1.2.

readonly KUBE_GO_PACKAGE=k8s.io/kubernetes
readonly KUBE_GOPATH="${KUBE_OUTPUT}/go"

readonly KUBE_SERVER_TARGETS=(
  cmd/kube-proxy
  cmd/kube-apiserver
  cmd/kube-controller-manager
  cmd/kubelet
  cmd/kubemark
  plugin/cmd/kube-scheduler
)
readonly KUBE_SERVER_BINARIES=("${KUBE_SERVER_TARGETS[@]##*/}")

# Platforms of a release are these or these; KUBE_BUILD_PLATFORMS has no say.
if [[ ${KUBE_FASTBUILD:-} == true ]]; then
  readonly KUBE_SERVER_PLATFORMS=(linux/amd64)
  readonly KUBE_CLIENT_PLATFORMS=(linux/amd64)
  readonly KUBE_TEST_PLATFORMS=(linux/amd64)
else
  readonly KUBE_SERVER_PLATFORMS=(linux/amd64 linux/arm64)
  readonly KUBE_CLIENT_PLATFORMS=(linux/amd64 linux/arm64 darwin/amd64 windows/amd64)
  readonly KUBE_TEST_PLATFORMS=(linux/amd64 darwin/amd64 windows/amd64)
fi

readonly KUBE_CLIENT_TARGETS=(cmd/kubectl)
readonly KUBE_CLIENT_BINARIES=("${KUBE_CLIENT_TARGETS[@]##*/}")
readonly KUBE_CLIENT_BINARIES_WIN=("${KUBE_CLIENT_BINARIES[@]/%/.exe}")

readonly KUBE_TEST_TARGETS=(
  cmd/gendocs
  github.com/onsi/ginkgo/ginkgo
  test/e2e/e2e.test
  test/e2e_node/e2e_node.test
)
readonly KUBE_TEST_BINARIES=("${KUBE_TEST_TARGETS[@]##*/}")
readonly KUBE_TEST_BINARIES_WIN=("${KUBE_TEST_BINARIES[@]/%/.exe}")
readonly KUBE_TEST_PORTABLE=(test/e2e/testing-manifests test/kubemark hack/lib)

readonly KUBE_ALL_TARGETS=("${KUBE_SERVER_TARGETS[@]}" "${KUBE_CLIENT_TARGETS[@]}" "${KUBE_TEST_TARGETS[@]}")

readonly KUBE_STATIC_LIBRARIES=(kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubectl)

kube::golang::host_platform() {
  echo "$(go env GOHOSTOS)/$(go env GOHOSTARCH)"
}

kube::golang::set_platform_envs() {
  export GOOS=${platform%/*}
  export GOARCH=${platform##*/}
}

# Enters the tree through a GOPATH below the output directory; other people's packages come from a second one.
kube::golang::setup_env() {
  local go_version
  go_version=($(go version))
  if [[ "${go_version[2]}" < "go1.4" ]]; then
    kube::log::error "Kubernetes requires go version 1.4 or greater, this is ${go_version[2]}."
    exit 2
  fi
  mkdir -p "${KUBE_GOPATH}/src/${KUBE_GO_PACKAGE%/*}"
  rm -f "${KUBE_GOPATH}/src/${KUBE_GO_PACKAGE}"
  ln -s "${KUBE_ROOT}" "${KUBE_GOPATH}/src/${KUBE_GO_PACKAGE}"
  export GOPATH="${KUBE_GOPATH}:${KUBE_ROOT}/Godeps/_workspace"
  unset GOBIN
}

# Copies programs from both GOPATHs to where packaging looks for them.
kube::golang::place_bins() {
  local platform gopath from
  for platform in "${KUBE_CLIENT_PLATFORMS[@]}"; do
    from=/${platform//\//_}
    [[ ${platform} != "$(kube::golang::host_platform)" ]] || from=
    for gopath in "${KUBE_GOPATH}" "${KUBE_ROOT}/Godeps/_workspace"; do
      [[ -d ${gopath}/bin${from} ]] || continue
      mkdir -p "${KUBE_OUTPUT_BINPATH}/${platform}"
      find "${gopath}/bin${from}" -maxdepth 1 -type f -exec rsync -pt {} "${KUBE_OUTPUT_BINPATH}/${platform}" \;
    done
  done
}

kube::golang::build_binaries_for_platform() {
  local binary static
  local -a statics=() nonstatics=() tests=()
  for binary in "${binaries[@]}"; do
    if [[ ${binary} == *.test ]]; then
      tests+=("${binary}")
    elif [[ " ${KUBE_STATIC_LIBRARIES[*]} " == *" ${binary##*/} "* ]]; then
      statics+=("${binary}")
    else
      nonstatics+=("${binary}")
    fi
  done
  if (( ${#nonstatics[@]} )); then
    go install ${goflags[@]:+"${goflags[@]}"} -ldflags "${goldflags}" "${nonstatics[@]}"
  fi
  if (( ${#statics[@]} )); then
    CGO_ENABLED=0 go install -installsuffix cgo ${goflags[@]:+"${goflags[@]}"} -ldflags "${goldflags}" "${statics[@]}"
  fi
  # go test names the file itself, hence the change of directory.
  local directory="${KUBE_GOPATH}/bin/${platform//\//_}"
  [[ ${platform} != "${host_platform}" ]] || directory="${KUBE_GOPATH}/bin"
  for binary in ${tests[@]:+"${tests[@]}"}; do
    mkdir -p "${directory}"
    pushd "${directory}" >/dev/null
    go test -c ${goflags[@]:+"${goflags[@]}"} -ldflags "${goldflags}" "$(dirname "${binary}")"
    popd >/dev/null
  done
}

# Arguments: targets and flags for go; no target means all.
kube::golang::build_binaries() {
  (
    kube::golang::setup_env
    local host_platform
    host_platform=$(kube::golang::host_platform)

    local goflags goldflags arg
    eval "goflags=(${KUBE_GOFLAGS:-})"
    goldflags="${KUBE_GOLDFLAGS:-} $(kube::version::ldflags | tr '\n' ' ')"
    local -a targets=() binaries=()
    for arg; do
      case ${arg} in
        -*) goflags+=("${arg}") ;;
        *) targets+=("${arg}") ;;
      esac
    done
    (( ${#targets[@]} )) || targets=("${KUBE_ALL_TARGETS[@]}")
    for arg in "${targets[@]}"; do
      # A target that begins with a domain is a package already.
      [[ ${arg} == *.*/* ]] && [[ ${arg%%/*} == *.* ]] || arg="${KUBE_GO_PACKAGE}/${arg}"
      binaries+=("${arg}")
    done

    # An array for scripts that set one; one word for whoever sets the variable from outside.
    local -a platforms=("${KUBE_BUILD_PLATFORMS[@]:+${KUBE_BUILD_PLATFORMS[@]}}")
    (( ${#platforms[@]} )) && [[ -n ${platforms[0]} ]] || platforms=("${host_platform}")
    local platform
    for platform in "${platforms[@]}"; do
      kube::log::status "Building go targets for ${platform}:" "${targets[@]}"
      kube::golang::set_platform_envs "${platform}"
      kube::golang::build_binaries_for_platform
    done
  )
}
