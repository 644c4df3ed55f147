#!/bin/sh
# calls.sh CALLS LIBRARY...: whether the layer fail_nth, whose entry points the file CALLS
# lists, sees every OpenCL call that the libraries make.
calls=$1
shift
missing=$(nm -D --undefined-only "$@" | grep -o ' cl[A-Z][A-Za-z]*' | sort -u |
    while read -r name; do
        grep -q "$name" "$calls" || [ "$name" = clEnqueueMapBuffer ] || echo "$name"
    done)
if [ -n "$missing" ]; then
    echo "fail_nth does not see:" "$missing" >&2
    exit 1
fi
