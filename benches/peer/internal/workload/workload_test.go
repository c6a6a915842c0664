package workload

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// build compiles one of this module's commands.
func build(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if output, err := exec.Command("go", "build", "-o", path, "terraform.local/iot/benches/peer/cmd/"+name).CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", name, err, output)
	}
	return path
}

func start(t *testing.T, provider Provider) *Running {
	t.Helper()
	running, err := provider.Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Stop)
	return running
}

func TestPeerAndStubAnswer(t *testing.T) {
	peer := start(t, Provider{Name: "peer", Path: build(t, "peer")})
	for _, kind := range []Kind{Validate, Plan, Apply} {
		if err := peer.Ask(context.Background(), kind, 7); err != nil {
			t.Errorf("%s by the peer: %v", kind.Name, err)
		}
	}

	schema := filepath.Join(t.TempDir(), "schema")
	if err := os.WriteFile(schema, peer.Schema, 0o600); err != nil {
		t.Fatal(err)
	}
	stub := start(t, Provider{Name: "stub", Path: build(t, "stub"), Variables: []string{SchemaVariable + "=" + schema}})
	for _, kind := range []Kind{Validate, Plan} {
		if err := stub.Ask(context.Background(), kind, 7); err != nil {
			t.Errorf("%s by the stub: %v", kind.Name, err)
		}
	}
	if err := stub.Ask(context.Background(), Apply, 7); err == nil {
		t.Error("the stub applied")
	}
}

func TestFirmwareIDsAreAsLongAsTheTemplates(t *testing.T) {
	if FirmwareID(0) != firmwareID || len(FirmwareID(99_999_999)) != len(firmwareID) {
		t.Errorf("got %s and %s for %s", FirmwareID(0), FirmwareID(99_999_999), firmwareID)
	}
}
