# Copies programs to where the tree's place_bins puts them, unless the same bytes are there already. Prints "placed" or
# "same" for each.
#
# usage: sh -c place.sh sh LINK LINK_TARGET FROM TO [FROM TO]...
#
# LINK becomes a symbolic link to LINK_TARGET; an empty LINK_TARGET leaves it alone.

link=$1
link_target=$2
shift 2
while [ $# -gt 1 ]; do
  if cmp -s -- "$1" "$2"; then
    echo same
  else
    mkdir -p -- "${2%/*}" && cp -p -- "$1" "$2.kube-tmp" && mv -f -- "$2.kube-tmp" "$2" || {
      rm -f -- "$2.kube-tmp"
      exit 1
    }
    echo placed
  fi
  shift 2
done
if [ -n "${link_target}" ] && [ "$(readlink "${link}")" != "${link_target}" ]; then
  mkdir -p -- "${link%/*}" && rm -f -- "${link}" && ln -s -- "${link_target}" "${link}" || exit 1
fi
