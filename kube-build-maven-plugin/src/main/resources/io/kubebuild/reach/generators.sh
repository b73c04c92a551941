# Tells what the generators of a tree go by, one thing a line: "makefile LINE", "bundled DIRECTORY", "tag FILE:LINE", and
# "graph" where the list of packages and their imports is there.

[ ! -f Makefile.generated_files ] || sed 's/^/makefile /' Makefile.generated_files || exit 1
[ ! -f hack/generate-bindata.sh ] || grep -oE '[A-Za-z0-9_./-]+/\.\.\.' hack/generate-bindata.sh |
  sed -e 's|/\.\.\.$||' -e 's/^/bundled /' || exit 1
grep -rHF --include='*.go' --exclude-dir=_output --exclude-dir=.git --exclude-dir=.make '+k8s:' . | sed 's|^\./|tag |' || exit 1
[ ! -s .make/go-pkgdeps.mk ] || echo graph
