#!/bin/sh
# Measures the cold start of the release provider beside the Go peer.
#
#   benches/cold_start.sh [-n STARTS] [-json] [NAME=PATH ...]
#
# Further provider binaries can be named; README.md in this folder has the method.
set -eu
. "$(dirname "$0")/common.sh"

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

need_go cold_start
build_provider
build_go peer floor coldstart
unset_log_variables

# An empty format has to vanish, not to become an empty argument.
exec "$bench/coldstart" -n "$starts" ${format:+"$format"} -floor "$bench/floor" -aims alicloud-iot \
	"go-peer=$bench/peer" \
	"alicloud-iot=$target/release/terraform-provider-alicloud-iot" \
	"$@"
