#!/bin/sh
# The program `devices`: what it prints and how it exits, with drivers that misbehave.
#
#     devices.sh DEVICES FAKES      the program, and the folder of tests/fakes
devices=$1
fakes=$2
failed=0
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
unset TESSERA_DEVICE TESSERA_MAX_ALLOC TESSERA_TRACE
export TESSERA_CACHE_DIR="$folder/cache"

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
expect 3 "devices: TESSERA_DEVICE: no device matches \"voodoo\"" "$devices"
expect 2 "devices: TESSERA_DEVICE: the device spec \":\"" env TESSERA_DEVICE=: "$devices"
expect 0 "unset TESSERA_DEVICE" "$devices" --doctor
unset TESSERA_DEVICE

vendors libpocl.so.2
expect 0 "Nothing is wrong" "$devices" --doctor
expect 0 "Nothing is wrong" env TESSERA_CACHE_DIR=off "$devices" --doctor
expect 0 "keep no built kernels" env TESSERA_CACHE_DIR=/dev/null "$devices" --doctor
ln -s cache "$folder/link"
expect 0 "link is a link" env "TESSERA_CACHE_DIR=$folder/link" "$devices" --doctor
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

# Output that nobody reads any more.
for arguments in "" --doctor --help --version; do
    # shellcheck disable=SC2086 # none is none
    said=$({ { sleep 0.3; "$devices" $arguments 2>&3; echo "status $?" >&3; } | true; } 3>&1)
    case $said in
    "devices: cannot write to standard output: "*"
status 2") ;;
    *)
        echo "devices $arguments | true: $said"
        failed=1
        ;;
    esac
done

# Who asks a driver that hangs, and is killed, leaves nobody who asks on.
vendors fake_hang.so
"$devices" >"$folder/list" 2>&1 &
parent=$! child='' tries=0
children=/proc/$parent/task/$parent/children
while [ -r "$children" ] && [ -z "$child" ] && [ $tries -lt 100 ]; do
    read -r child <"$children"
    tries=$((tries + 1))
    sleep 0.1
done
sleep 0.3
kill -KILL $parent
wait $parent 2>/dev/null
tries=0
while [ -n "$child" ] && grep -qs '^State:[^ZX]*$' "/proc/$child/status"; do
    tries=$((tries + 1))
    if [ $tries -eq 50 ]; then
        echo "tessera-ask outlives who started it"
        failed=1
        kill "$child"
        break
    fi
    sleep 0.1
done
exit $failed
