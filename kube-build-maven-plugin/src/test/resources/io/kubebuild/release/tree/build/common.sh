# A tiny tree's own scripts, for tests: same names of functions and variables as a real one, and nothing else.
KUBE_ROOT=$(pwd -P)
readonly LOCAL_OUTPUT_ROOT="${KUBE_ROOT}/${OUT_DIR:-_output}"
readonly BINARIES="${LOCAL_OUTPUT_ROOT}/dockerized/bin"
DOCKER=(docker)

kube::build::ensure_tar() { TAR=tar; }

kube::version::get_version_vars() { source "${KUBE_GIT_VERSION_FILE}"; }
