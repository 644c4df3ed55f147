#!/bin/sh
# walk.sh BUILD [FIGURES]: all faults at all calls, some minutes; CI runs a sample. What was
# found goes to the file FIGURES (BUILD/faults.json).
set -eu
build=$(realpath "${1:?usage: walk.sh BUILD [FIGURES]}")
figures=${2:-$build/faults.json}
export OCL_ICD_VENDORS="${OCL_ICD_VENDORS:-pocl.icd}" TESSERA_DEVICE= TESSERA_STRATEGY=
TESSERA_CACHE_DIR=$(mktemp -d)
export TESSERA_CACHE_DIR
trap 'rm -rf "$TESSERA_CACHE_DIR"' EXIT

"$build/walk" "$build" --figures "$figures"
