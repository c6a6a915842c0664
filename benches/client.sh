#!/bin/sh
# Measures what calls of the service cost through the client library, beside the
# official Go SDK.
#
#   benches/client.sh [-rollouts N]
#
# README.md in this folder has the method.
set -eu
. "$(dirname "$0")/common.sh"

need_go client
# One after the other: together, each would have what the other wants of a dependency.
for package in client-load alicloud-iot-emulator; do
	cargo build --manifest-path "$manifest" --release --package "$package" 1>&2
done
build_go sdk client

exec "$bench/client" \
	-emulator "$target/release/alicloud-iot-emulator" \
	-client "$target/release/client-load" -sdk "$bench/sdk" \
	"$@"
