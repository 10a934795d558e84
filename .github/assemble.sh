#!/usr/bin/env bash
# Puts a release together: `.github/assemble.sh BUILT FOLDER`. BUILT holds `first-TARGET`, `second-TARGET` and `parts`;
# FOLDER gets `dist` (what is published, with SHA256SUMS), `image` (what the container image is built from), `notes.md`.
set -euo pipefail
built=$1 folder=$2
name=aws-start-copy-job
mkdir -p "$folder/dist" "$folder/image"

for second in "$built"/second-*; do
    target=${second##*/second-}
    cmp "$second/$name-$target.tar.gz" "$built/first-$target/$name-$target.tar.gz"
done
echo "the second builds are the same"

cp "$built"/first-*/* "$built"/parts/* "$folder/dist/"
for file in $name-{aarch64,x86_64}-{apple-darwin,unknown-linux-musl}.tar.gz $name-x86_64-pc-windows-msvc.zip $name.cdx.json; do
    test -s "$folder/dist/$file" || { echo "missing: $file"; exit 1; }
done
(cd "$folder/dist" && sha256sum -- * > SHA256SUMS && cat SHA256SUMS)

cp .github/Dockerfile "$folder/image/"
for pair in amd64:x86_64 arm64:aarch64; do
    packed=$name-${pair#*:}-unknown-linux-musl
    tar -xzf "$folder/dist/$packed.tar.gz" --to-stdout "$packed/aws" > "$folder/image/aws-${pair%:*}"
done

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
sed -n "/^## $version /,/^## /{/^## /!p}" .github/CHANGELOG.md > "$folder/notes.md"
