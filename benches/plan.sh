#!/bin/sh
# Measures `terraform plan` of many resources with the release provider, beside
# Terraform's built-in kind of resource and the Go peer.
#
#   benches/plan.sh [-count RESOURCES] [-rounds N]
#
# README.md in this folder has the method.
set -eu
. "$(dirname "$0")/common.sh"

need_go plan
if ! command -v terraform >/dev/null 2>&1; then
	echo "plan: skipped, because there is no terraform command here"
	exit 0
fi
build_provider
build_go peer stub plan
unset_log_variables

exec "$bench/plan" \
	-provider "$target/release/terraform-provider-alicloud-iot" \
	-peer "$bench/peer" -stub "$bench/stub" \
	"$@"
