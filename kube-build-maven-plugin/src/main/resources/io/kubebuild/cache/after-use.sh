# Writes down, each ended by a NUL, the entries of the Go build cache that were used since before-use.sh.
#
# usage, in the root: sh -c after-use.sh sh LISTS NAME EARLIER CACHE...
#
# EARLIER is a list in LISTS that the new one adds to, or empty.

lists=$1
name=$2
earlier=$3
shift 3
{
  if [ -n "${earlier}" ] && [ -f "${lists}/${earlier}" ]; then cat -- "${lists}/${earlier}" || exit 1; fi
  for cache; do
    if [ -d "${cache}/00" ]; then
      # Not deeper: one of the caches may lie in another.
      find "${cache}" -mindepth 2 -maxdepth 2 -type f -name '*-[ad]' -newer "${lists}/began" -print0 || exit 1
    fi
  done
} >"${lists}/used.part" && mv -f -- "${lists}/used.part" "${lists}/used-${name}"
