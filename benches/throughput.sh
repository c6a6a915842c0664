#!/bin/sh
# Measures what calls cost the release provider, beside the Go peer.
#
#   benches/throughput.sh [-calls N] [-memory N]
#
# README.md in this folder has the method.
set -eu
. "$(dirname "$0")/common.sh"

need_go throughput
build_provider
cargo build --manifest-path "$manifest" --release --package alicloud-iot-emulator 1>&2
build_go peer stub throughput
unset_log_variables

exec "$bench/throughput" \
	-provider "$target/release/terraform-provider-alicloud-iot" \
	-emulator "$target/release/alicloud-iot-emulator" \
	-peer "$bench/peer" -stub "$bench/stub" \
	"$@"
