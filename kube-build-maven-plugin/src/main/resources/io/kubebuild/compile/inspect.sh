# Tells about files, two lines each: "missing" or "file" and what changes when a file is written anew; then its first
# BYTES bytes in hex.
#
# usage: sh -c inspect.sh sh BYTES FILE...

bytes=$1
shift
for file; do
  if [ ! -f "${file}" ]; then
    echo missing
    echo
    continue
  fi
  # GNU's stat, else BSD's.
  echo "file $(stat -c '%s %i %y %z' -- "${file}" 2>/dev/null || stat -f '%z %i %Fm %Fc' -- "${file}")"
  if [ "${bytes}" -gt 0 ]; then od -An -v -tx1 -N "${bytes}" -- "${file}" | tr -d ' \n'; fi
  echo
done
