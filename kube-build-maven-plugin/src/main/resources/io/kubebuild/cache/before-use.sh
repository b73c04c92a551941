# Makes entries of the Go build cache old enough for Go to renew the time of those that it uses.
#
# usage, in the root: sh -c before-use.sh sh LISTS CACHE...

lists=$1
shift
# A minute early: a file system may be a few milliseconds behind the clock.
mkdir -p -- "${lists}" && touch -d '1 minute ago' -- "${lists}/began" || exit 1
for cache; do
  if [ -d "${cache}/00" ]; then
    find "${cache}" -type f -name '*-[ad]' -mmin -61 -exec touch -c -d '2 hours ago' -- {} + || exit 1
  fi
done
