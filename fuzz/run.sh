#!/bin/sh
# Builds the fuzz targets and runs each for some seconds: sh fuzz/run.sh SECONDS TARGET...
# Ends with the first target that something breaks, and names the input that does.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
shift
cargo=${CARGO:-cargo}
# libFuzzer is C++; without a compiler for it the build would end in pages of errors.
if ! command -v "${CXX:-c++}" >/dev/null; then
    echo "fuzzing needs a C++ compiler for libFuzzer (\`${CXX:-c++}\`, or name one in CXX)" >&2
    exit 1
fi
PATH=$PWD/target/tools/bin:$PATH
export PATH
if ! $cargo fuzz --version >/dev/null 2>&1; then
    $cargo install cargo-fuzz --version 0.13.2 --locked --root target/tools --target-dir target/tools/build
fi
# The release profile is made for size. No sanitizer: they need a nightly compiler, and there is no unsafe code here.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=3 CARGO_PROFILE_RELEASE_STRIP=none
options="--features libfuzzer --sanitizer ${FUZZ_SANITIZER:-none} --codegen-units 16 --target-dir target/fuzz"
for target in "$@"; do
    found=target/fuzz/corpus/$target
    artifacts=target/fuzz/artifacts/$target
    mkdir -p "$found" "$artifacts"
    echo "== $target, $seconds seconds"
    # shellcheck disable=SC2086
    $cargo fuzz run $options "$target" "$found" "fuzz/corpus/$target" -- -max_total_time="$seconds" -max_len=4096 \
        -timeout=10 -rss_limit_mb=1024 -verbosity=0 -print_funcs=0 -print_final_stats=1 -artifact_prefix="$artifacts/"
done
