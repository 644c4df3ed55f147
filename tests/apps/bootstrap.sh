#!/bin/sh
# bootstrap, with a cmake and packages that are only played: what it does beside another,
# in a clone that cannot be written, and how it exits.
#
#     bootstrap.sh BOOTSTRAP
failed=0
umask 022
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
clone=$folder/clone
mkdir -p "$clone/lib" "$folder/bin" "$folder/without"
cp "$1" "$clone/bootstrap"
chmod 755 "$folder" "$folder/bin" "$clone" "$clone/bootstrap"

# Configures and "builds" compare, which says what it was given and exits with its number;
# two at work in one clone are a failure.
cat >"$folder/bin/cmake" <<'END'
#!/bin/sh
if [ "$1" = -S ]; then
    mkdir -p "$4"
    echo "CMAKE_HOME_DIRECTORY:INTERNAL=$2" >"$4/CMakeCache.txt"
    : >"$4/Makefile"
    exit
fi
[ -z "${BROKEN:-}" ] || { echo "does not compile"; exit 1; }
[ -z "${ALONE:-}" ] || mkdir "$2/at-work" || exit 1
sleep 0.2
printf '#!/bin/sh\necho "compare $*"\nexit $1\n' >"$2/compare.new.$$"
chmod 755 "$2/compare.new.$$"
mv "$2/compare.new.$$" "$2/compare"
[ -z "${ALONE:-}" ] || rmdir "$2/at-work"
END
printf '#!/bin/sh\nprintf installed\n' >"$folder/bin/dpkg-query"
printf '#!/bin/sh\n' >"$folder/bin/apt-get"
for tool in cc make pkg-config; do cp "$folder/bin/apt-get" "$folder/bin/$tool"; done
printf '#!/bin/sh\nexit 1\n' >"$folder/without/flock"
chmod 755 "$folder"/bin/* "$folder/without/flock"
export PATH="$folder/bin:$PATH" XDG_CACHE_HOME="$folder" POCL_CACHE_DIR="$folder"

# expect STATUS TEXT COMMAND...: exits so, and prints a text with this in it.
expect() {
    wanted=$1 text=$2
    shift 2
    output=$("$@" 2>&1)
    got=$?
    case $got:$output in
    "$wanted:"*"$text"*) ;;
    *)
        echo "$*: exit status $got, not $wanted, or no \"$text\" in: $output"
        failed=1
        ;;
    esac
}

# several: eight at once all succeed.
several() {
    for i in 1 2 3 4 5 6 7 8; do
        "$clone/bootstrap" compare 0 >"$folder/said.$i" 2>&1 || echo "$i: $?" >>"$folder/ends" &
    done
    wait
    [ ! -e "$folder/ends" ] || { cat "$folder/ends" "$folder"/said.*; failed=1; }
    rm -f "$folder/ends"
}

expect 2 "usage: ./bootstrap" "$clone/bootstrap"
expect 2 "usage: ./bootstrap" "$clone/bootstrap" build all
expect 0 "usage: ./bootstrap" "$clone/bootstrap" --help
expect 0 "compare 0 x" "$clone/bootstrap" compare 0 x
expect 5 "compare 5" "$clone/bootstrap" compare 5
expect 70 "does not compile" env BROKEN=1 "$clone/bootstrap" compare 0
if command -v flock >/dev/null; then
    export ALONE=1
    several
    unset ALONE
fi
PATH="$folder/without:$PATH" several

# As another user, who can write nothing there.
as_other() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
    else
        "$@"
    fi
}
[ "$(id -u)" = 0 ] || chmod -R a-w "$clone"
if as_other true 2>/dev/null; then
    expect 3 "compare 3" as_other "$clone/bootstrap" compare 3
    expect 70 "build cannot be written: run this as" as_other "$clone/bootstrap" build
    touch -d "+1 hour" "$clone/lib" 2>/dev/null || touch -t 203001010000 "$clone/lib"
    expect 70 "build cannot be written: run this as" as_other "$clone/bootstrap" compare 0
fi
chmod -R u+w "$clone"
rm -rf "$clone/build"
: >"$clone/build"
expect 70 "build cannot be written" "$clone/bootstrap" compare 0
exit $failed
