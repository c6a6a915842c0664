#!/bin/sh
# Sustained mixed load on the emulator, and on moto's IoT jobs in the same run.
#
# Everything that is built or installed for it is below target/. Without Python the emulator is measured alone. Further
# arguments go to the measuring program: --seconds, --connections.
set -eu

cd "$(dirname "$0")/../.."
cargo=${CARGO:-cargo}
benches=emulator/benches
peer=target/bench/moto

$cargo build --quiet --release --package alicloud-iot-emulator >&2
if ! cmp -s "$benches/requirements.txt" "$peer/pinned"; then
    if python3 -m venv --clear "$peer" >&2 &&
        "$peer/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --no-deps \
            --requirement "$benches/requirements.txt" >&2; then
        cp "$benches/requirements.txt" "$peer/pinned"
    else
        echo "left out: moto cannot be installed here" >&2
    fi
fi
moto=
if [ -e "$peer/pinned" ]; then
    moto="--moto $PWD/$peer/bin/moto_server"
fi
# shellcheck disable=SC2086 # Two words or none.
exec $cargo bench --quiet --package alicloud-iot-emulator --bench load -- --emulator "$PWD/target/release/alicloud-iot-emulator" $moto "$@"
