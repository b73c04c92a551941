#!/bin/sh
# Runs a script of the tree with recording tools first on PATH.
#
# usage: record.sh DIRECTORY ROOT COMMAND...
#
# Leaves in DIRECTORY/result: records/ (one file per go command), toolchain (four lines), changed (paths in the tree that
# differ from before). Exit code is the command's.

dir=$1
root=$2
shift 2
mkdir -p "${dir}/result/records" || exit 1

output=${root}/${KUBE_OUTPUT_SUBPATH:-_output/local}
for gopath_bin in "${output}/go/bin" "${KUBE_GOPATH:-${output}/go}/bin"; do
  for tool in go make; do
    # The tree's scripts put this directory in front of PATH.
    if [ -e "${gopath_bin}/${tool}" ]; then
      echo "kube: ${gopath_bin}/${tool} would hide the recording ${tool}; remove it" >&2
      exit 1
    fi
  done
done

quoted() { printf '%s' "$1" | sed "s/'/'\\\\''/g"; }
{
  for tool in go make rsync cp install ln rm sed date; do
    printf "real_%s='%s'\n" "${tool}" "$(quoted "$(command -v "${tool}")")"
  done
  printf "placed_bin='%s'\n" "$(quoted "${output}/bin")"
  printf "platform_bin='%s'\n" "$(quoted "${root}/_output/bin")"
} >"${dir}/tools"

. "${dir}/told.sh"
[ -z "${told}" ] || printf "told_version='%s'\n" "${told}" >>"${dir}/tools"
. "${dir}/tools"
for tool in go make; do
  if [ -z "$(command -v "${tool}")" ]; then
    echo "kube: no ${tool} on PATH (${PATH})" >&2
    exit 1
  fi
done

# Outside the tree, whose go.mod may be newer than this go can read.
# GOVERSION is known from Go 1.16 on; what "go version" says is older.
(cd / && "${real_go}" env GOHOSTOS && "${real_go}" env GOHOSTARCH && "${real_go}" version | cut -d" " -f3 && "${real_go}" env GOROOT) \
  >"${dir}/result/toolchain" || exit 1
{ read -r host_os && read -r host_arch; } <"${dir}/result/toolchain"
printf "host_os='%s'\nhost_arch='%s'\n" "$(quoted "${host_os}")" "$(quoted "${host_arch}")" >>"${dir}/tools"

cd "${root}" || exit 1
names() { ls -A "${root}" | grep -v -x -e _output -e .make; }
names >"${dir}/names.before"
: >"${dir}/marker"

PATH=${dir}/bin:${PATH} "$@"
status=$?

{
  names >"${dir}/names.after"
  diff "${dir}/names.before" "${dir}/names.after" | sed -n "s|^[<>] |${root}/|p"
  # Change times, because a rename brings old modification times along. The root's own time moves with _output.
  find "${root}" \
    \( -path "${root}/_output" -o -path "${root}/.make" -o -path "${root}/.git" \) -prune \
    -o -cnewer "${dir}/marker" ! -path "${root}" -print
} | sort -u >"${dir}/result/changed"
exit "${status}"
