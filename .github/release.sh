#!/usr/bin/env bash
# Builds and packs the release of one system: `.github/release.sh TARGET FOLDER`.
# The same commit and toolchain give the same bytes in every folder, for every user and at any time.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1 folder=$2
package=aws-start-copy-job
root=$(pwd -W 2>/dev/null || pwd) # -W: Windows' own spelling

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
flags=(--remap-path-prefix="$root=/$package" --remap-path-prefix="${CARGO_HOME:-$HOME/.cargo}=/cargo")
export SOURCE_DATE_EPOCH CARGO_INCREMENTAL=0 CC_SHELL_ESCAPED_FLAGS=1
case $target in
    *-windows-msvc) flags+=(-Ctarget-feature=+crt-static) ;; # no run-time library beside it
    *-linux-gnu) flags+=(-Ctarget-feature=+crt-static) ;; # only where musl's standard library cannot be had
    *-linux-musl) export "CC_${target//-/_}=musl-gcc" "CFLAGS_${target//-/_}='-ffile-prefix-map=$root=/$package'" ;;
esac
separated=$(printf '%s\x1f' "${flags[@]}") # a folder may have a blank in its name

mkdir -p target/man
cargo run --quiet --locked -p "$package" --example man -- target/man
CARGO_ENCODED_RUSTFLAGS=${separated%?} cargo build --release --locked -p "$package" --bin aws --target "$target"
{
    echo "commit $(git rev-parse HEAD)"
    echo "target $target"
    rustc -vV
} > target/build.txt
"${PYTHON:-python3}" .github/pack.py "$target" "${CARGO_TARGET_DIR:-target}" "$folder"
