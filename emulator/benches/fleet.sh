#!/bin/sh
# A rollout over a million devices: time of a simulated day, memory, and what a state file adds. Another number of devices
# is the first argument.
set -eu

cd "$(dirname "$0")/../.."
cargo=${CARGO:-cargo}

$cargo build --quiet --release --package alicloud-iot-emulator >&2
exec $cargo bench --quiet --package alicloud-iot-emulator --bench load -- \
    --emulator "$PWD/target/release/alicloud-iot-emulator" --fleet "${1:-1000000}"
