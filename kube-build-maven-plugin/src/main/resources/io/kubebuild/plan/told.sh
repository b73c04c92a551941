# Sets told to what scripts of the tree in ${root} are to hear instead of this go's version; empty where they can take the truth.
#
# Scripts to v1.13 compare versions of go as text, in which 1.19 comes before 1.6, and a script of v1.2 takes 1.19 for a 1.1.
# Where this go is no older than the tree wants it, such scripts are told a number that keeps its place as text too: go1.919
# for go1.19.

told=
script=${root}/hack/lib/golang.sh
if grep -q 'go_version\[2\]}" < ' "${script}" 2>/dev/null; then
  minimum=$(sed -n -e 's/.*go_version\[2\]}" < "\(go[0-9.]*\)".*/\1/p' \
    -e 's/.*minimum_go_version="\{0,1\}\(go[0-9.]*\).*/\1/p' "${script}" | head -n1)
  this=$(cd / && go version | cut -d" " -f3)
  if [ -n "${minimum}" ] && [ "$(printf '%s\n' "${minimum}" "${this}" | sort -V | head -n1)" = "${minimum}" ]; then
    told=$(printf '%s' "${this}" | sed 's/^go1\.\([1-9][0-9]\)/go1.9\1/')
    [ "${told}" != "${this}" ] || told=
  fi
fi
