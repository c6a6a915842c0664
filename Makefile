# The verbs of this repository. Each works from a fresh clone on a machine with Rust, make and
# Terraform (or OpenTofu); whatever else it needs, it brings.

CARGO ?= cargo

.PHONY: help demo test testacc soak soak-trials soak-kills soak-fuzz fuzz bench fmt

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Roll firmware out and stop it again, with a real Terraform against the emulator
	@$(CARGO) build --workspace --bins
	@$(CARGO) run --quiet --package demo

test: ## Everything that CI runs
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- --deny warnings
	$(MAKE) --no-print-directory alone
	RUSTDOCFLAGS='--deny warnings' $(CARGO) doc --workspace --no-deps --document-private-items
	@$(MAKE) --no-print-directory deny
	$(CARGO) build --workspace --bins
	TF_ACC=1 $(CARGO) test --workspace

# What users build is one package, with no feature of a dependency that another package of the workspace asks for.
.PHONY: alone
alone:
	$(CARGO) check --package terraform-provider-alicloud-iot --bins
	$(CARGO) check --package alicloud-iot-emulator --bins

testacc: ## The acceptance tests alone; TESTARGS chooses some by name
	@$(CARGO) build --workspace --bins
	TF_ACC=1 $(CARGO) test --test acceptance -- $(TESTARGS)

.PHONY: sweep
sweep: ## Cancel what acceptance tests have left running in a real account
	TF_ACC=1 TF_ACC_SWEEP=1 $(CARGO) test --quiet --test acceptance

# Each long check is a target of its own, so that `make soak SOAK=soak-fuzz` runs one of them. An hour and more in all.
SOAK ?= soak-trials soak-kills soak-fuzz dist-check

soak: ## The long versions of what `test` has in short; SOAK chooses some by name
	@for check in $(SOAK); do echo "== $$check"; $(MAKE) --no-print-directory $$check || exit; done

# Acceptance trials that take minutes; TESTARGS chooses some by name.
soak-trials:
	@$(CARGO) build --workspace --bins
	TF_ACC=1 TF_ACC_LONG=1 $(CARGO) test --test acceptance -- $(TESTARGS)

# An emulator with a state file is killed a hundred times under load.
soak-kills:
	EMULATOR_KILLS=100 $(CARGO) test --package alicloud-iot-emulator --test service -- kills

soak-fuzz:
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600

.PHONY: docs
docs: ## Write docs/ and the generated tables again, of schema, examples/ and templates/
	UPDATE=1 $(CARGO) test --test tidy

# LibFuzzer's own code is C++, which is compiled when the targets are built. What the runs find is collected under
# target/, so the committed corpus changes only when somebody means it to; fuzz/README.md says how.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= msgpack_state json_state rpc_request answer_json answer_xml

fuzz: ## Feed each decoder with made-up bytes for FUZZ_SECONDS; FUZZ_TARGETS chooses some by name
	@CARGO='$(CARGO)' sh fuzz/run.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# Installed under target/, unoptimised: about a minute, once.
CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := target/tools/cargo-deny-$(CARGO_DENY_VERSION)/bin/cargo-deny

$(CARGO_DENY):
	$(CARGO) install --quiet --debug --locked --root $(@D)/.. cargo-deny@$(CARGO_DENY_VERSION)

# The advisory database is fetched; where that cannot be, the one at hand is used, and without one that is said.
.PHONY: deny
deny: $(CARGO_DENY) ## What may be built in: licences, origins, duplicates, known vulnerabilities
	$(CARGO_DENY) --locked check bans licenses sources
	@if $(CARGO_DENY) fetch db >/dev/null 2>&1 || ls "$${CARGO_HOME:-$$HOME/.cargo}"/advisory-dbs/*/crates >/dev/null 2>&1; then \
		$(CARGO_DENY) --locked check --disable-fetch advisories; \
	else \
		echo 'advisories not checked: the RUSTSEC database is not at hand and cannot be fetched'; \
	fi

.PHONY: dist dist-check dist-sums install
dist: ## Release files under target/dist, for each platform whose Rust standard library is installed
	@$(CARGO) run --quiet --package release -- dist target/dist

# Of clones in two places, whose paths must not be in what they make, and without anything that is built already.
DIST_CHECK := target/dist-check

dist-check: ## Make the release files of the last commit twice, in two places, and compare them byte by byte
	rm -rf $(DIST_CHECK)
	@for place in $(DIST_CHECK)/one $(DIST_CHECK)/another/place; do \
		git clone --quiet . $$place && $(MAKE) --no-print-directory -C $$place dist || exit; \
	done
	diff --recursive $(DIST_CHECK)/one/target/dist $(DIST_CHECK)/another/place/target/dist
	@cat $(DIST_CHECK)/one/target/dist/*_SHA256SUMS

dist-sums: ## Checksums over target/dist once more, and their signature, after files of other machines have come
	@$(CARGO) run --quiet --package release -- sums target/dist

install: ## Put the provider where `terraform init` finds it; DIRECTORY is another place
	@$(CARGO) run --quiet --package release -- install $(DIRECTORY)

bench: ## Start-up, calls and plans beside a Go provider, the client beside the Go SDK; takes minutes
	sh benches/all.sh

fmt: ## Format all sources
	$(CARGO) fmt --all
