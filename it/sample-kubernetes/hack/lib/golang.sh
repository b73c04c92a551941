#!/usr/bin/env bash
# What is built, for which platforms, and how the go command is called.

readonly KUBE_GO_PACKAGE=k8s.io/kubernetes
readonly KUBE_GOPATH="${KUBE_OUTPUT}/go"
# The package that the linker tells the version.
readonly KUBE_VERSION_PACKAGE=${KUBE_GO_PACKAGE}/vendor/k8s.io/component-base/version

readonly KUBE_SUPPORTED_SERVER_PLATFORMS=(linux/amd64 linux/arm64)
readonly KUBE_SUPPORTED_NODE_PLATFORMS=(linux/amd64 linux/arm64 windows/amd64)
readonly KUBE_SUPPORTED_CLIENT_PLATFORMS=(linux/amd64 linux/386 linux/arm64 darwin/amd64 windows/amd64)
readonly KUBE_SUPPORTED_TEST_PLATFORMS=(linux/amd64 linux/arm64 darwin/amd64 windows/amd64)

kube::golang::server_targets() {
  echo cmd/kube-proxy cmd/kube-apiserver cmd/kube-controller-manager cmd/kubelet cmd/kubeadm cmd/kube-scheduler \
    vendor/k8s.io/kube-aggregator cluster/gce/gci/mounter
}
IFS=" " read -ra KUBE_SERVER_TARGETS <<<"$(kube::golang::server_targets)"
readonly KUBE_SERVER_TARGETS
readonly KUBE_SERVER_BINARIES=("${KUBE_SERVER_TARGETS[@]##*/}")

kube::golang::server_image_targets() {
  echo cmd/kube-apiserver cmd/kube-controller-manager cmd/kube-scheduler cmd/kube-proxy
}
IFS=" " read -ra KUBE_SERVER_IMAGE_TARGETS <<<"$(kube::golang::server_image_targets)"
readonly KUBE_SERVER_IMAGE_TARGETS
readonly KUBE_SERVER_IMAGE_BINARIES=("${KUBE_SERVER_IMAGE_TARGETS[@]##*/}")

kube::golang::conformance_image_targets() {
  echo vendor/github.com/onsi/ginkgo/ginkgo test/e2e/e2e.test cluster/images/conformance/go-runner cmd/kubectl
}
IFS=" " read -ra KUBE_CONFORMANCE_IMAGE_TARGETS <<<"$(kube::golang::conformance_image_targets)"
readonly KUBE_CONFORMANCE_IMAGE_TARGETS

kube::golang::node_targets() {
  echo cmd/kube-proxy cmd/kubeadm cmd/kubelet
}
IFS=" " read -ra KUBE_NODE_TARGETS <<<"$(kube::golang::node_targets)"
readonly KUBE_NODE_TARGETS
readonly KUBE_NODE_BINARIES=("${KUBE_NODE_TARGETS[@]##*/}")
readonly KUBE_NODE_BINARIES_WIN=("${KUBE_NODE_BINARIES[@]/%/.exe}")

kube::golang::dups() {
  printf '%s\n' "$@" | sort | uniq -d
}

kube::golang::dedup() {
  printf '%s\n' "$@" | sort -u
}

# Platforms of each group: those asked for that the group supports, the quick ones, or all.
declare -a KUBE_SERVER_PLATFORMS KUBE_CLIENT_PLATFORMS KUBE_NODE_PLATFORMS KUBE_TEST_PLATFORMS
kube::golang::setup_platforms() {
  if [[ -n ${KUBE_BUILD_PLATFORMS:-} ]]; then
    local -a asked
    IFS=" " read -ra asked <<<"${KUBE_BUILD_PLATFORMS}"
    kube::util::read-array asked < <(kube::golang::dedup "${asked[@]}")
    kube::util::read-array KUBE_SERVER_PLATFORMS < <(kube::golang::dups "${asked[@]}" "${KUBE_SUPPORTED_SERVER_PLATFORMS[@]}")
    kube::util::read-array KUBE_NODE_PLATFORMS < <(kube::golang::dups "${asked[@]}" "${KUBE_SUPPORTED_NODE_PLATFORMS[@]}")
    kube::util::read-array KUBE_CLIENT_PLATFORMS < <(kube::golang::dups "${asked[@]}" "${KUBE_SUPPORTED_CLIENT_PLATFORMS[@]}")
    kube::util::read-array KUBE_TEST_PLATFORMS < <(kube::golang::dups "${asked[@]}" "${KUBE_SUPPORTED_TEST_PLATFORMS[@]}")
  elif [[ ${KUBE_FASTBUILD:-} == true ]]; then
    KUBE_SERVER_PLATFORMS=(linux/amd64)
    KUBE_NODE_PLATFORMS=(linux/amd64)
    KUBE_CLIENT_PLATFORMS=(linux/amd64)
    KUBE_TEST_PLATFORMS=(linux/amd64)
    if [[ ${KUBE_BUILDER_OS:-} == darwin* ]]; then
      KUBE_CLIENT_PLATFORMS=(darwin/amd64 linux/amd64)
      KUBE_TEST_PLATFORMS=(darwin/amd64 linux/amd64)
    fi
  else
    KUBE_SERVER_PLATFORMS=("${KUBE_SUPPORTED_SERVER_PLATFORMS[@]}")
    KUBE_NODE_PLATFORMS=("${KUBE_SUPPORTED_NODE_PLATFORMS[@]}")
    KUBE_CLIENT_PLATFORMS=("${KUBE_SUPPORTED_CLIENT_PLATFORMS[@]}")
    KUBE_TEST_PLATFORMS=("${KUBE_SUPPORTED_TEST_PLATFORMS[@]}")
  fi
  readonly KUBE_SERVER_PLATFORMS KUBE_NODE_PLATFORMS KUBE_CLIENT_PLATFORMS KUBE_TEST_PLATFORMS
}
kube::golang::setup_platforms

readonly KUBE_CLIENT_TARGETS=(cmd/kubectl)
readonly KUBE_CLIENT_BINARIES=("${KUBE_CLIENT_TARGETS[@]##*/}")
readonly KUBE_CLIENT_BINARIES_WIN=("${KUBE_CLIENT_BINARIES[@]/%/.exe}")

kube::golang::test_targets() {
  echo cmd/gendocs vendor/github.com/onsi/ginkgo/ginkgo test/e2e/e2e.test cluster/images/conformance/go-runner
}
IFS=" " read -ra KUBE_TEST_TARGETS <<<"$(kube::golang::test_targets)"
readonly KUBE_TEST_TARGETS
readonly KUBE_TEST_BINARIES=("${KUBE_TEST_TARGETS[@]##*/}")
readonly KUBE_TEST_BINARIES_WIN=("${KUBE_TEST_BINARIES[@]/%/.exe}")
readonly KUBE_TEST_PORTABLE=(
  test/e2e/testing-manifests
  test/kubemark
  hack/e2e-internal
  hack/get-build.sh
  hack/ginkgo-e2e.sh
  hack/lib
)

kube::golang::server_test_targets() {
  local targets=(cmd/kubemark vendor/github.com/onsi/ginkgo/ginkgo)
  [[ ${OSTYPE:-} != linux* ]] || targets+=(test/e2e_node/e2e_node.test)
  echo "${targets[@]}"
}
IFS=" " read -ra KUBE_TEST_SERVER_TARGETS <<<"$(kube::golang::server_test_targets)"
readonly KUBE_TEST_SERVER_TARGETS
readonly KUBE_TEST_SERVER_BINARIES=("${KUBE_TEST_SERVER_TARGETS[@]##*/}")
readonly KUBE_TEST_SERVER_PLATFORMS=("${KUBE_SERVER_PLATFORMS[@]:+"${KUBE_SERVER_PLATFORMS[@]}"}")

readonly KUBE_ALL_TARGETS=(
  "${KUBE_SERVER_TARGETS[@]}"
  "${KUBE_CLIENT_TARGETS[@]}"
  "${KUBE_TEST_TARGETS[@]}"
  "${KUBE_TEST_SERVER_TARGETS[@]}"
)

readonly KUBE_STATIC_LIBRARIES=(
  kube-apiserver
  kube-controller-manager
  kube-scheduler
  kube-proxy
  kubeadm
  kubectl
)

kube::golang::is_statically_linked_library() {
  local name
  for name in ${KUBE_CGO_OVERRIDES:-}; do [[ $1 != */"${name}" ]] || return 1; done
  for name in "${KUBE_STATIC_LIBRARIES[@]}" ${KUBE_STATIC_OVERRIDES:-}; do [[ $1 != */"${name}" ]] || return 0; done
  return 1
}

kube::golang::host_platform() {
  kube::util::host_platform
}

kube::golang::set_platform_envs() {
  export GOOS=${1%/*}
  export GOARCH=${1##*/}
  if [[ $1 == linux/arm64 && $(kube::golang::host_platform) == linux/amd64 ]]; then
    # Without a C compiler for the platform the sample builds it without cgo.
    if command -v "${KUBE_LINUX_ARM64_CC:-aarch64-linux-gnu-gcc}" >/dev/null; then
      export CGO_ENABLED=1
      export CC=${KUBE_LINUX_ARM64_CC:-aarch64-linux-gnu-gcc}
    fi
  fi
}

kube::golang::verify_go_version() {
  local -a go_version
  IFS=" " read -ra go_version <<<"$(GOFLAGS='' go version)"
  local minimum_go_version
  minimum_go_version=go1.15.0
  if [[ $(printf '%s\n' "${minimum_go_version}" "${go_version[2]}" | sort -V | head -n1) != "${minimum_go_version}" ]]; then
    kube::log::error "Go ${minimum_go_version} or newer is needed, this is ${go_version[2]}."
    return 2
  fi
}

# Enters the tree through a GOPATH below the output directory.
kube::golang::setup_env() {
  kube::golang::verify_go_version
  mkdir -p "${KUBE_GOPATH}/src/${KUBE_GO_PACKAGE%/*}"
  ln -snf "${KUBE_ROOT}" "${KUBE_GOPATH}/src/${KUBE_GO_PACKAGE}"
  export GOPATH="${KUBE_GOPATH}"
  export GOCACHE="${KUBE_GOPATH}/cache"
  export PATH="${KUBE_GOPATH}/bin:${PATH}"
  cd "${KUBE_GOPATH}/src/${KUBE_GO_PACKAGE}"
  GOROOT=$(go env GOROOT)
  export GOROOT
  unset GOBIN
}

# Copies programs from the GOPATH to where packaging looks for them.
kube::golang::place_bins() {
  local host_platform platform from
  host_platform=$(kube::golang::host_platform)
  for platform in "${KUBE_CLIENT_PLATFORMS[@]}"; do
    from="${KUBE_GOPATH}/bin/${platform/\//_}"
    if [[ ${platform} == "${host_platform}" ]]; then
      from="${KUBE_GOPATH}/bin"
      rm -f "${THIS_PLATFORM_BIN}"
      ln -s "${KUBE_OUTPUT_BINPATH}/${platform}" "${THIS_PLATFORM_BIN}"
    fi
    [[ -d ${from} ]] || continue
    mkdir -p "${KUBE_OUTPUT_BINPATH}/${platform}"
    find "${from}" -maxdepth 1 -type f -exec rsync -pc {} "${KUBE_OUTPUT_BINPATH}/${platform}" \;
  done
}

kube::golang::outfile_for_binary() {
  local name=${1##*/} directory="${KUBE_GOPATH}/bin"
  [[ $2 == "${host_platform}" ]] || directory+="/${2/\//_}"
  [[ ${GOOS} != windows ]] || name+=.exe
  echo "${directory}/${name}"
}

# Programs that can be built so that they count what of them runs.
readonly KUBE_COVERAGE_INSTRUMENTED_PACKAGES=(k8s.io/kubernetes/cmd/kube-apiserver)

# Calls go install with build_args; with coverage, programs that can count become test binaries instead, by a test that lies
# beside their sources for as long as go works.
kube::golang::build_some_binaries() {
  local package dummy
  local -a plain=()
  for package; do
    if [[ -z ${KUBE_BUILD_WITH_COVERAGE:-} || " ${KUBE_COVERAGE_INSTRUMENTED_PACKAGES[*]} " != *" ${package} "* ]]; then
      plain+=("${package}")
      continue
    fi
    dummy="${KUBE_GOPATH}/src/${package}/zz_generated_${package##*/}_test.go"
    printf 'package main\n\nimport "testing"\n\nfunc TestMain(*testing.M) { main() }\n' >"${dummy}"
    go test -c -o "$(kube::golang::outfile_for_binary "${package}" "${platform}")" \
      -covermode count -coverpkg k8s.io/kubernetes/... "${build_args[@]}" -tags coverage "${package}"
    rm "${dummy}"
  done
  (( ${#plain[@]} == 0 )) || go install "${build_args[@]}" "${plain[@]}"
}

kube::golang::build_binaries_for_platform() {
  umask 0022
  local platform=$1 binary
  local -a statics=() nonstatics=() tests=()
  for binary in "${binaries[@]}"; do
    if [[ ${binary} == *.test ]]; then
      tests+=("${binary}")
    elif kube::golang::is_statically_linked_library "${binary}"; then
      statics+=("${binary}")
    else
      nonstatics+=("${binary}")
    fi
  done

  local -a flags=(-gcflags "${gogcflags}" -asmflags "${goasmflags}" -ldflags "${goldflags}" -tags "${gotags}")
  local -a build_args
  if (( ${#statics[@]} )); then
    build_args=(-installsuffix static ${goflags:+"${goflags[@]}"} "${flags[@]}")
    CGO_ENABLED=0 kube::golang::build_some_binaries "${statics[@]}"
  fi
  if (( ${#nonstatics[@]} )); then
    build_args=(${goflags:+"${goflags[@]}"} "${flags[@]}")
    kube::golang::build_some_binaries "${nonstatics[@]}"
  fi
  local test outfile
  for test in "${tests[@]:+${tests[@]}}"; do
    outfile=$(kube::golang::outfile_for_binary "${test}" "${platform}")
    mkdir -p "${outfile%/*}"
    go test -c ${goflags:+"${goflags[@]}"} "${flags[@]}" -o "${outfile}" "${test%/*}"
  done
}

# Arguments: targets and flags for go; no target means all.
kube::golang::build_binaries() {
  (
    kube::golang::setup_env
    local host_platform
    host_platform=$(kube::golang::host_platform)

    local goflags goldflags goasmflags gogcflags gotags
    goldflags="${GOLDFLAGS=-s -w -buildid=} $(kube::version::ldflags)"
    goasmflags="-trimpath=${KUBE_ROOT}"
    gogcflags="${GOGCFLAGS:-} -trimpath=${KUBE_ROOT}"
    gotags=selinux

    local -a targets=()
    local arg
    for arg; do
      case ${arg} in
        -*) goflags+=("${arg}") ;;
        *) targets+=("${arg}") ;;
      esac
    done
    (( ${#targets[@]} )) || targets=("${KUBE_ALL_TARGETS[@]}")

    local -a platforms
    IFS=" " read -ra platforms <<<"${KUBE_BUILD_PLATFORMS:-}"
    (( ${#platforms[@]} )) || platforms=("${host_platform}")

    local -a binaries=("${targets[@]/#/${KUBE_GO_PACKAGE}/}")
    local platform
    for platform in "${platforms[@]}"; do
      kube::log::status "Building go targets for ${platform}:" "${targets[@]}"
      (
        kube::golang::set_platform_envs "${platform}"
        kube::golang::build_binaries_for_platform "${platform}"
      )
    done
  )
}
