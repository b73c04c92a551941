# Prints a hash over what the tree holds: any file that is written to, replaced, renamed or given another mode changes it, because
# the kernel keeps the time of the last change of status, and nobody can set that.
#
# usage, in the root: sh -c state.sh sh
#
# Left out: what builds make (_output), and names at the root that begin with a dot, where tools keep their own.

find . -mindepth 1 \( -path './.*' -o -path ./_output \) -prune \
  -o -type d -printf '%y %m %i %p\0' \
  -o -printf '%y %m %i %s %T@ %C@ %p %l\0' >"${TMPDIR:-/tmp}/kube-build-state.$$" || exit 1
sort -z "${TMPDIR:-/tmp}/kube-build-state.$$" | sha256sum
rm -f "${TMPDIR:-/tmp}/kube-build-state.$$"
