// Command peer is the provider that the Rust provider is measured against: the
// same resource contract on terraform-plugin-framework, with no network behind it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"terraform.local/iot/benches/peer/internal/otapeer"
)

func main() {
	options := providerserver.ServeOpts{
		Address:         "terraform.local/iot/go-peer",
		ProtocolVersion: 6,
	}
	if err := providerserver.Serve(context.Background(), otapeer.New, options); err != nil {
		fmt.Fprintf(os.Stderr, "serving the peer provider: %v\n", err)
		os.Exit(1)
	}
}
