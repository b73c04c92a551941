# Runs a command of the tree in ${root} with a go first on PATH that says ${told} for its version, where that is set.

[ -n "${told}" ] || exec "$@"

quoted() { printf '%s' "$1" | sed "s/'/'\\\\''/g"; }
mkdir -p "${root}/_output" && bin=$(mktemp -d "${root}/_output/kube-go-XXXXXXXX") || exit 1
cat >"${bin}/go" <<END
#!/bin/sh
real='$(quoted "$(command -v go)")'
case \${1-} in
  version) "\${real}" "\$@" | sed 's/ go1\.[0-9][^ ]*/ ${told}/' ;;
  *) exec "\${real}" "\$@" ;;
esac
END
chmod 755 "${bin}/go"
PATH=${bin}:${PATH} "$@"
status=$?
rm -rf "${bin}"
exit "${status}"
