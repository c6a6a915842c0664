#!/bin/sh
# Measures the cold start of the release provider beside the Go peer.
#
#   benches/cold_start.sh [-n STARTS] [-json] [NAME=PATH ...]
#
# Further provider binaries can be named; README.md in this folder has the method.
set -eu

usage() {
	echo "usage: benches/cold_start.sh [-n STARTS] [-json] [NAME=PATH ...]" >&2
	exit 2
}

starts=40
format=
while [ $# -gt 0 ]; do
	case $1 in
	-n)
		[ $# -ge 2 ] || usage
		starts=$2
		shift 2
		;;
	-json)
		format=-json
		shift
		;;
	-*) usage ;;
	*) break ;;
	esac
done

if ! command -v go >/dev/null 2>&1; then
	echo "cold_start: skipped, because the Go peer and the measuring client need Go, and there is no go command here"
	exit 0
fi

repository=$(cd "$(dirname "$0")/.." && pwd)
manifest=$repository/Cargo.toml
target=$(cargo metadata --manifest-path "$manifest" --no-deps --format-version 1 |
	sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
bench=$target/bench

# Builds report on stderr, so that stdout holds the result alone.
cargo build --manifest-path "$manifest" --release --bin terraform-provider-alicloud-iot 1>&2
mkdir -p "$bench"
# As providers are released: static, without symbols and without build paths.
(cd "$repository/benches/peer" &&
	CGO_ENABLED=0 GOWORK=off go build -trimpath -ldflags '-s -w' -o "$bench/" ./cmd/peer ./cmd/floor ./cmd/measure) 1>&2

# Whoever debugs providers has these set; log lines are not what is measured.
for name in $(env | sed -n 's/^\(TF_LOG[A-Za-z0-9_]*\)=.*/\1/p'); do
	unset "$name"
done

# An empty format has to vanish, not to become an empty argument.
exec "$bench/measure" -n "$starts" ${format:+"$format"} -floor "$bench/floor" \
	"go-peer=$bench/peer" \
	"alicloud-iot=$target/release/terraform-provider-alicloud-iot" \
	"$@"
