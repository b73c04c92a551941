#!/usr/bin/env bash
# Real trees of many versions: what the plugin plans of each, and programs that it compiles compared with those of the tree's own scripts.
#
#   trees.sh [--again] [--only plan|compile] [--programs NAME,...] [VERSION]...
#                                                           rows that have no result yet, of these versions or of all; --again: those
#                                                           that have one, too; --programs: others than kubectl, kube-apiserver, kubelet
#   trees.sh --table                                        results as Markdown, also written to src/site/markdown/trees.md
#
# The trees lie below the directory that KUBE_DEV_TREES names, each in one of its version's name, committed and tagged with it; trees.tsv
# says where they come from, and what is missing is told.
# Everything is done on this machine itself (the host workspace), in copies, with a Go that is unpacked from Debian's packages: no
# engine and no image is needed. The tree's own scripts run by kube:run, which gives them upstream's variables and nothing else.
# Results are kept below KUBE_DEV_CACHE, for this very state of the plugin's sources; a row that is stopped is made again.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=it/bench/set-up.sh
source "${BENCH}/set-up.sh"

readonly TREES=${BENCH}/trees.tsv
readonly PAGE=${REPO_ROOT}/src/site/markdown/trees.md
PROGRAMS=(kubectl kube-apiserver kubelet)
# What a row may take at most, in seconds.
readonly PLAN_LIMIT=900 COMPILE_LIMIT=3600

# Of a row of trees.tsv.
field() { awk -F '\t' -v version="$1" -v column="$2" '$1 == version { print $column }' "${TREES}"; }

versions() { awk -F '\t' '!/^#/ { print $1 }' "${TREES}"; }

known() { [[ -n $(field "$1" 1) ]] || die "trees: '$1' is not in ${TREES}; there are: $(versions | paste -s -d' ')"; }

# What is measured: the plugin.
sources_hash() {
  (cd "${REPO_ROOT}" && find kube-build-maven-plugin/pom.xml kube-build-maven-plugin/src/main -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
}

# --- Go -------------------------------------------------------------------------------------------------------------------

# sdk_of SERIES: where Debian's Go of it lies, unpacked and installed nowhere.
sdk_of() {
  local series=$1 sdk=${CACHE}/host-sdk/go-$1 root package downloads=${CACHE}/downloads/debs apt=private_apt
  if [[ ${series} == 1.19 ]]; then
    "${BENCH}/host-sdk.sh"
    return
  fi
  [[ ${series} != 1.2[1-3] ]] && apt=newer_apt
  if [[ ! -x ${sdk}/bin/go ]]; then
    need dpkg-deb=dpkg xz=xz-utils
    say "unpacking Go ${series}"
    mkdir -p "${downloads}" "${CACHE}/host-sdk"
    # Beside its place, so that what is whole gets there by a rename.
    root=$(mktemp -d "${CACHE}/host-sdk/.unpacked.XXXXXX")
    for package in "golang-${series}-go" "golang-${series}-src"; do
      compgen -G "${downloads}/${package}_*.deb" >/dev/null || (cd "${downloads}" && "${apt}" -qq download "${package}" >&2)
      dpkg-deb --extract "${downloads}/${package}"_*.deb "${root}"
    done
    # As in the stand-in images: Debian spreads the SDK over two directories and links.
    cp -aL "${root}/usr/lib/go-${series}" "${root}/go"
    mv "${root}/go" "${sdk}"
    rm -rf "${root}"
  fi
  printf '%s\n' "${sdk}"
}

# --- rows -----------------------------------------------------------------------------------------------------------------

result() { awk -F '\t' -v key="$1" '$1 == key' "${RESULTS}" 2>/dev/null | tail -n 1; }

# A row: key (version/kind), result, seconds, date, what there is to say.
keep() {
  printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$(date -u +%F)" "$4" >>"${RESULTS}"
  say "$1: $2, $3 s${4:+, $4}"
}

fresh_copy() {
  rm -rf "${COPY}"
  mkdir -p "${COPY%/*}"
  cp -a "$(cd "$1" && pwd -P)" "${COPY}"
  rm -rf "${COPY}/_output"
  # The copy's inodes are new, and a clean tree counts as clean only once git has looked at them.
  git -C "${COPY}" status --porcelain >/dev/null
}

kube() {
  local limit=$1 goal=$2
  shift 2
  timeout --kill-after=60 "${limit}" "${BENCH}/mvn-kube.sh" "${goal}" "-Dkube.root=${COPY}" -Dkube.workspace=host "-Dkube.goSdk=${SDK}" \
    "-Dkube.sourceDateEpoch=$(git -C "${COPY}" log -1 --format=%ct)" "$@" </dev/null
}

remove_copy() {
  [[ -d ${COPY} ]] || return 0
  kube 300 clean -Dkube.clean.workspace=true >/dev/null 2>&1 || say "the workspace of ${COPY} could not be removed"
  rm -rf "${COPY}"
}

# The line that says why, of a Maven log; no path of this machine.
reason() {
  sed -n 's/^\[ERROR\] //p' "$1" | grep -v '^ *$' | head -n 1 | sed -e 's/^Failed to execute goal .* on project [^:]*: //' \
    -e "s|${CACHE}|…|g" -e "s|${HOME}|~|g" | cut -c1-200 | tr '\t|' '  '
}

plan_row() {
  local version=$1 platforms=$2 key=$1/plan-$2 log=${LOGS}/$1-plan-$2.log plan=${LOGS}/$1-plan-$2.json start status=0 options=()
  [[ ${platforms} == all ]] || options=(-Dkube.platforms=linux/amd64)
  start=$(date +%s)
  kube "${PLAN_LIMIT}" plan "-Dkube.plan.file=${plan}" ${options[@]+"${options[@]}"} >"${log}" 2>&1 || status=$?
  local seconds=$(($(date +%s) - start))
  if ((status != 0)); then
    keep "${key}" failed "${seconds}" "$(reason "${log}")"
  else
    keep "${key}" planned "${seconds}" "$(plan_words "${plan}")"
  fi
}

plan_words() {
  jq -r '"\(.commands | length) go commands for \([.commands[].binaries | length] | add) programs"' "$1"
}

# PROGRAM=DIGEST of each.
digests() {
  local program
  for program in "${PROGRAMS[@]}"; do
    printf '%s=%s\n' "${program}" "$(sha256sum <"${COPY}/_output/dockerized/bin/linux/amd64/${program}" | cut -d' ' -f1)"
  done
}

# compile_row VERSION TREE plugin|scripts
compile_row() {
  local version=$1 tree=$2 by=$3 key=$1/compile-$3 log=${LOGS}/$1-compile-$3.log start seconds status=0 what
  what=${PROGRAMS[*]/#/cmd/}
  fresh_copy "${tree}"
  start=$(date +%s)
  if [[ ${by} == plugin ]]; then
    kube "${COMPILE_LIMIT}" compile "-Dwhat=${what}" -Dkube.platforms=linux/amd64 >"${log}" 2>&1 || status=$?
  else
    # The Go that is here, and none that the scripts would fetch.
    kube "${COMPILE_LIMIT}" run -Dkube.platforms=linux/amd64 \
      "-Dcommand=GOTOOLCHAIN=local FORCE_HOST_GO=y make all WHAT='${what}'" >"${log}" 2>&1 || status=$?
  fi
  seconds=$(($(date +%s) - start))
  if ((status != 0)); then
    keep "${key}" failed "${seconds}" "$(reason "${log}")"
  else
    keep "${key}" compiled "${seconds}" "$(digests | paste -s -d' ')"
  fi
  remove_copy
}

wanted() { [[ ${AGAIN} == true || -z $(result "$1") ]]; }

rows_of() {
  local version=$1 tree=${KUBE_DEV_TREES}/$1 platforms by
  SDK=$(sdk_of "$(field "${version}" 5)")
  printf '%s/tree\t%s\n' "${version}" "$(git -C "${tree}" rev-parse 'HEAD^{tree}')" >>"${RESULTS}"
  if [[ ${ONLY} != compile ]] && { wanted "${version}/plan-linux" || wanted "${version}/plan-all"; }; then
    fresh_copy "${tree}"
    for platforms in linux all; do
      if wanted "${version}/plan-${platforms}"; then plan_row "${version}" "${platforms}"; fi
    done
    remove_copy
  fi
  if [[ ${ONLY} != plan && $(field "${version}" 6) == whole ]]; then
    for by in plugin scripts; do
      if wanted "${version}/compile-${by}"; then compile_row "${version}" "${tree}" "${by}"; fi
    done
  fi
}

# --- table ----------------------------------------------------------------------------------------------------------------

cell() { # KEY: result and seconds, and what there is to say where it is short
  local row
  row=$(result "$1")
  if [[ -z ${row} && $1 == */compile-* && $(field "${1%%/*}" 6) != whole ]]; then
    printf 'cannot: %s' "$(field "${1%%/*}" 6)"
  elif [[ -z ${row} ]]; then
    printf 'not run'
  else
    IFS=$'\t' read -r _ state seconds _ words <<<"${row}"
    if [[ ${state} == compiled ]]; then
      printf '%s s' "${seconds}"
    elif [[ ${state} == planned ]]; then
      printf '%s s, %s' "${seconds}" "${words}"
    else
      printf '%s after %s s: %s' "${state}" "${seconds}" "${words}"
    fi
  fi
}

same() { # VERSION: whether both made the same
  local plugin scripts
  plugin=$(result "$1/compile-plugin" | awk -F '\t' '$2 == "compiled" { print $5 }')
  scripts=$(result "$1/compile-scripts" | awk -F '\t' '$2 == "compiled" { print $5 }')
  if [[ -z ${plugin} || -z ${scripts} ]]; then
    printf 'not compared'
  else
    join -t= -a 1 -a 2 <(tr ' ' '\n' <<<"${plugin}" | sort) <(tr ' ' '\n' <<<"${scripts}" | sort) |
      awk -F= '{ printf "%s%s %s", sep, $1, ($3 == "" ? "not compared" : $2 == $3 ? "the same" : "differs"); sep = ", " }'
  fi
}

table() {
  local version day
  printf '| version | Go | plan, linux/amd64 | plan, all platforms | compiled by the plugin | by its scripts | bytes | measured |\n'
  printf '| --- | --- | --- | --- | --- | --- | --- | --- |\n'
  while read -r version; do
    day=$(awk -F '\t' -v version="${version}/" 'index($1, version) == 1 && NF > 3 { print $4 }' "${RESULTS}" 2>/dev/null | sort | tail -n 1)
    printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "${version}" "$(field "${version}" 5)" "$(cell "${version}/plan-linux")" \
      "$(cell "${version}/plan-all")" "$(cell "${version}/compile-plugin")" "$(cell "${version}/compile-scripts")" "$(same "${version}")" \
      "${day:--}"
  done < <(versions)
  printf '\n| version | repository | commit | its tree | the tree that was built |\n| --- | --- | --- | --- | --- |\n'
  while read -r version; do
    local tree
    tree=$(result "${version}/tree" | cut -f2)
    printf '| %s | %s | %s | %s | %s |\n' "${version}" "$(field "${version}" 2)" "$(field "${version}" 3)" "$(field "${version}" 4)" \
      "$(if [[ ${tree} == "$(field "${version}" 4)" ]]; then echo 'the same'; else echo "${tree:--}"; fi)"
  done < <(versions)
}

# The page's text stays; what lies between its marks is made anew.
write_page() {
  local begin='<!-- results: begin -->' end='<!-- results: end -->'
  grep -qF "${begin}" "${PAGE}" || die "${PAGE} has no place for the table"
  {
    sed "/${begin}/q" "${PAGE}"
    printf '\n'
    table
    printf '\n'
    sed -n "/${end}/,\$p" "${PAGE}"
  } >"${PAGE}.part"
  mv "${PAGE}.part" "${PAGE}"
}

# ------------------------------------------------------------------------------------------------------------------------------

SDK='' AGAIN=false ONLY=''
readonly COPY=${CACHE}/trees/copy

main() {
  local directory mode=rows words=() version missing=()
  directory=${CACHE}/trees/$(sources_hash)
  RESULTS=${directory}/results.tsv LOGS=${directory}/logs
  mkdir -p "${LOGS}"
  while (($# > 0)); do
    case $1 in
      --again) AGAIN=true ;;
      --only)
        ONLY=${2:?trees: --only takes plan or compile}
        shift
        ;;
      --programs)
        IFS=, read -ra PROGRAMS <<<"${2:?trees: --programs takes names}"
        shift
        ;;
      --table) mode=table ;;
      -*) die "trees: '$1' is not known; either --again, --only, --programs or --table" ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  if [[ ${mode} == table ]]; then
    write_page
    table
    return
  fi
  [[ -n ${KUBE_DEV_TREES:-} ]] || die "name the directory of the trees: KUBE_DEV_TREES=DIRECTORY"
  mkdir -p "${KUBE_DEV_TREES}"
  KUBE_DEV_TREES=$(cd "${KUBE_DEV_TREES}" && pwd -P)
  [[ ${ONLY} == @(|plan|compile) ]] || die "trees: --only takes plan or compile"
  set_up_host
  need jq=jq git=git rsync=rsync
  ((${#words[@]} > 0)) || mapfile -t words < <(versions)
  # What a run that was killed left.
  SDK=$(sdk_of 1.19)
  remove_copy
  for version in "${words[@]}"; do
    known "${version}"
    if [[ -d ${KUBE_DEV_TREES}/${version} ]]; then
      rows_of "${version}"
    elif [[ $(field "${version}" 3) == - ]]; then
      missing+=("${version}: a copy of, or a link to, what ./dev real-tree prints")
    else
      missing+=("${version}: commit $(field "${version}" 3) of $(field "${version}" 2), its tree being $(field "${version}" 4)")
    fi
  done
  write_page
  table
  for version in ${missing[@]+"${missing[@]}"}; do say "not in ${KUBE_DEV_TREES}: ${version}"; done
}

main "$@"
