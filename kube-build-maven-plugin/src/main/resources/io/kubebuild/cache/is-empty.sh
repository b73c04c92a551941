# Says "empty" where none of the directories is a Go build cache with something in it.
#
# usage, in the root: sh -c is-empty.sh sh CACHE...

for cache; do
  for entry in "${cache}"/[0-9a-f][0-9a-f]/*-[ad]; do
    if [ -f "${entry}" ]; then exit 0; fi
    break
  done
done
echo empty
