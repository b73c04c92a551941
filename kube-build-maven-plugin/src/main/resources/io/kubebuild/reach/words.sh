# Prints what stands between double quotes, and has a slash, in the Go files of directories: their imports, and more.
#
# usage: sh -c words.sh sh DIRECTORY...

for directory; do
  for file in "${directory}"/*.go; do
    [ ! -f "${file}" ] || grep -hoE '"[^" ]+/[^" ]+"' "${file}"
  done
done | sed -e 's/^"/word /' -e 's/"$//' | sort -u
