#!/usr/bin/env bash
# Downloads, checks and unpacks a release, and puts it in front of PATH. Reads VERSION, VERIFY, REPOSITORY and what
# GitHub's runners set: GITHUB_SERVER_URL, GITHUB_PATH, GITHUB_OUTPUT, RUNNER_OS, RUNNER_ARCH, RUNNER_TEMP.
set -euo pipefail

case $RUNNER_OS-$RUNNER_ARCH in
    Linux-X64) target=x86_64-unknown-linux-musl ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    Windows-X64) target=x86_64-pc-windows-msvc ;;
    *) echo "::error::no release is made for $RUNNER_OS on $RUNNER_ARCH"; exit 1 ;;
esac
case $VERSION in
    latest) release=latest/download ;;
    *) release=download/v${VERSION#v} ;;
esac
name=aws-start-copy-job-$target
archive=$name.tar.gz
[ "$RUNNER_OS" = Windows ] && archive=$name.zip

folder=$(mktemp -d "$RUNNER_TEMP/aws-start-copy-job.XXXXXX")
cd "$folder"
for file in SHA256SUMS "$archive"; do
    curl --fail --silent --show-error --location --retry 3 --remote-name \
        "$GITHUB_SERVER_URL/$REPOSITORY/releases/$release/$file"
done

# Of the list just the line of this archive; no line is an error too.
awk -v name="$archive" '$2 == name || $2 == "*" name' SHA256SUMS > wanted
test -s wanted || { echo "::error::SHA256SUMS does not name $archive"; exit 1; }
if command -v sha256sum > /dev/null; then sha256sum --check --strict wanted; else shasum -a 256 --check wanted; fi
if [ "$VERIFY" = true ]; then
    gh attestation verify "$archive" --repo "$REPOSITORY"
fi

if [ "$RUNNER_OS" = Windows ]; then
    7z x -bso0 "$archive"
    cp "$name/aws.exe" "$name/aws_completer.exe"
else
    tar -xzf "$archive"
fi
PATH= "./$name/aws" --version # its own, and not that of an `aws` behind it
echo "$folder/$name" >> "$GITHUB_PATH"
echo "path=$folder/$name" >> "$GITHUB_OUTPUT"
