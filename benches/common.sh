# What the scripts of this folder share; they source it.

repository=$(cd "$(dirname "$0")/.." && pwd)
manifest=$repository/Cargo.toml

# Plans are compared as pure functions: the peer has no service to ask.
export ALICLOUD_IOT_PREFLIGHT=off

# Ends the script, successfully, where Go is missing.
need_go() {
	if ! command -v go >/dev/null 2>&1; then
		echo "$1: skipped, because the Go peer and the measuring client need Go, and there is no go command here"
		exit 0
	fi
}

# Builds the programs in peer/cmd that are named, and sets $target and $bench. Builds
# report on stderr, so that stdout holds the result alone.
build_go() {
	target=$(cargo metadata --manifest-path "$manifest" --no-deps --format-version 1 |
		sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
	bench=$target/bench
	mkdir -p "$bench"
	for name in "$@"; do
		shift
		set -- "$@" "./cmd/$name"
	done
	# As providers are released: static, without symbols and without build paths.
	(cd "$repository/benches/peer" &&
		CGO_ENABLED=0 GOWORK=off go build -trimpath -ldflags '-s -w' -o "$bench/" "$@") 1>&2
}

# Builds the provider as released.
build_provider() {
	cargo build --manifest-path "$manifest" --release --bin terraform-provider-alicloud-iot 1>&2
}

# Whoever debugs providers has these set; log lines are not what is measured.
unset_log_variables() {
	for name in $(env | sed -n 's/^\(TF_LOG[A-Za-z0-9_]*\)=.*/\1/p'); do
		unset "$name"
	done
}
