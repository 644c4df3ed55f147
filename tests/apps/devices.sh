#!/bin/sh
# The program `devices`: what it prints and how it exits, with drivers that misbehave.
#
#     devices.sh DEVICES FAKES      the program, and the folder of tests/fakes
devices=$1
fakes=$2
failed=0
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
unset TESSERA_DEVICE TESSERA_MAX_ALLOC

# vendors LIBRARY...: the drivers that are there from now on.
vendors() {
    rm -f "$folder"/*.icd
    for library in "$@"; do
        case $library in fake_*) path=$fakes/$library ;; *) path=$library ;; esac
        echo "$path" >"$folder/$library.icd"
    done
    export OCL_ICD_VENDORS="$folder"
}

# expect STATUS TEXT COMMAND...: exits so, and prints a text with this in it (its line
# breaks and indents do not matter).
expect() {
    status=$1 text=$2
    shift 2
    output=$("$@" 2>&1)
    got=$?
    if [ $got -ne "$status" ]; then
        echo "$*: exit status $got, not $status: $output"
        failed=1
    fi
    case $(echo "$output" | tr -s ' \n' '  ') in
    *"$text"*) ;;
    *)
        echo "$*: \"$text\" is not in: $output"
        failed=1
        ;;
    esac
}

vendors libpocl.so.2 fake_good.so
expect 0 "* gpu" "$devices"
expect 0 "Fake good:Fake GPU 1" "$devices"
expect 0 "no double precision" "$devices" --doctor
export TESSERA_DEVICE=cpu
expect 0 "* cpu" "$devices"
export TESSERA_DEVICE=voodoo
expect 3 "no device matches \"voodoo\"" "$devices"
expect 0 "unset TESSERA_DEVICE" "$devices" --doctor
unset TESSERA_DEVICE

vendors libpocl.so.2
expect 0 "Nothing is wrong" "$devices" --doctor
line=$("$devices" | tail -1)
expect 0 "* cpu" env "TESSERA_DEVICE=${line##*yes }" "$devices"
expect 3 "cache directory" env "POCL_CACHE_DIR=/dev/null/x" "$devices"
expect 3 "export POCL_CACHE_DIR=" env "POCL_CACHE_DIR=/dev/null/x" "$devices" --doctor
expect 3 "PoCL links with ld, which is in no folder of PATH" env PATH=/nonexistent "$devices"
# shellcheck disable=SC2016 # it is for the user's shell
expect 3 'mend it: export PATH="${PATH:+$PATH:}'"$(dirname "$(command -v ld)")" \
    env PATH=/nonexistent "$devices" --doctor
expect 3 "mend it: export PATH=" env -u PATH "$devices" --doctor

vendors fake_abort.so libpocl.so.2
expect 0 "crashed with SIGABRT" "$devices"
expect 0 "rm '$folder/fake_abort.so.icd'" "$devices" --doctor

vendors libabsent.so libpocl.so.2
expect 0 "libabsent.so.icd names cannot be loaded" "$devices" --doctor

vendors fake_empty.so
expect 3 "the platform has no devices" "$devices"
expect 3 "install pocl-opencl-icd" "$devices" --doctor

vendors fake_mixed.so fake_good.so
expect 0 "same hardware as" "$devices" --doctor

vendors
expect 3 "install pocl-opencl-icd" "$devices"
expect 3 "CL_PLATFORM_NOT_FOUND_KHR" "$devices" --doctor
export OCL_ICD_VENDORS=/nonexistent
expect 3 "install pocl-opencl-icd" "$devices"

expect 0 "Usage: devices" "$devices" --help
expect 0 "devices (tessera) " "$devices" --version
expect 2 "--help" "$devices" --unknown
expect 2 "not expected" "$devices" extra
vendors libpocl.so.2
expect 2 "\"many\"" env "TESSERA_MAX_ALLOC=many" "$devices"
exit $failed
