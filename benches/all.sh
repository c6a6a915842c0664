#!/bin/sh
# All measurements, one after the other, each with its defaults.
set -eu

benches=$(dirname "$0")
sh "$benches/cold_start.sh"
echo
sh "$benches/throughput.sh"
echo
sh "$benches/plan.sh"
echo
sh "$benches/client.sh"
echo
sh "$benches/../emulator/benches/load.sh"
