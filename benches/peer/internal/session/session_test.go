package session

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"terraform.local/iot/benches/peer/internal/message"
)

// buildCommand compiles one of this module's commands.
func buildCommand(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	build := exec.Command("go", "build", "-o", path, "terraform.local/iot/benches/peer/cmd/"+name)
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", name, err, output)
	}
	return path
}

// useEmptyTemporaryDirectory fails the test if anything is left in the temporary
// directory at its end. A socket path is short, so the directory's has to be too.
func useEmptyTemporaryDirectory(t *testing.T) {
	t.Helper()
	directory, err := os.MkdirTemp("", "s")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", directory)
	t.Cleanup(func() {
		left, err := os.ReadDir(directory)
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v (error %v)", left, err)
		}
		os.RemoveAll(directory)
	})
}

func TestSessionWithThePeer(t *testing.T) {
	path := buildCommand(t, "peer")
	useEmptyTemporaryDirectory(t)
	session, err := Start(path)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Stop()

	if err := session.Connect(); err != nil {
		t.Fatal(err)
	}
	answer, err := session.GetSchema(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	summary, err := message.SummarizeSchema(answer)
	if err != nil || summary.Resources != 2 || summary.DataSources != 1 {
		t.Errorf("got %+v and error %v, want two resources and a data source", summary, err)
	}
	if session.ProtocolVersion() != 6 {
		t.Errorf("got protocol %d, want 6", session.ProtocolVersion())
	}
	if session.Handshake <= 0 || session.Handshake > session.SinceSpawn() {
		t.Errorf("handshake after %v, now is %v", session.Handshake, session.SinceSpawn())
	}
	if runtime.GOOS == "linux" {
		if memory, err := session.Memory(); err != nil || memory.Now < 1<<20 || memory.Peak < memory.Now {
			t.Errorf("got %+v and error %v", memory, err)
		}
		if _, err := session.CPU(); err != nil {
			t.Error(err)
		}
	}
	if _, err := session.Call(context.Background(), "/tfplugin6.Provider/NoSuchCall", nil); err == nil {
		t.Error("an unknown method was answered")
	}
}

func TestSessionWithTheFloor(t *testing.T) {
	path := buildCommand(t, "floor")
	useEmptyTemporaryDirectory(t)
	session, err := Start(path)
	if err != nil {
		t.Fatal(err)
	}
	session.Kill()
	if !session.client.Exited() {
		t.Error("the floor still runs")
	}
}

func TestProviderSeesTerraformsEnvironment(t *testing.T) {
	useEmptyTemporaryDirectory(t)
	script := "#!/bin/sh\necho \"own=$OWN cookie=$TF_PLUGIN_MAGIC_COOKIE directory=$PLUGIN_UNIX_SOCKET_DIR certificate=$PLUGIN_CLIENT_CERT\" >&2\nexit 1\n"
	path := filepath.Join(t.TempDir(), "provider")
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := Start(path, "OWN=variable")
	if err == nil {
		t.Fatal("a provider without a handshake line was started")
	}
	expected := "own=variable cookie=" + Handshake.MagicCookieValue + " directory= certificate=-----BEGIN CERTIFICATE-----"
	if !strings.Contains(err.Error(), expected) {
		t.Errorf("got %q, want it to show %q", err, expected)
	}
}

func TestMissingBinary(t *testing.T) {
	useEmptyTemporaryDirectory(t)
	if _, err := Start(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("a missing binary was started")
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	var log tail
	for range 3 {
		if _, err := log.Write([]byte(strings.Repeat("x", tailLimit-1))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := log.Write([]byte("end")); err != nil {
		t.Fatal(err)
	}
	if kept := log.String(); len(kept) != tailLimit || !strings.HasSuffix(kept, "xend") {
		t.Errorf("kept %d bytes ending in %q", len(kept), kept[len(kept)-4:])
	}
}
