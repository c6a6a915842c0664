// Package session starts a provider the way Terraform does (magic cookie, mutual
// TLS with a fresh key, one gRPC connection) and calls it with messages that are
// already encoded. It measures nothing but the moments of its own start, so that
// every kind of measurement can be built on it.
package session

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"
)

// schemaLimit is the largest schema answer that Terraform accepts, in bytes.
const schemaLimit = 64 << 20

// pluginName is the key under which Terraform registers a provider.
const pluginName = "provider"

// Handshake is what Terraform and its providers agreed on. The protocol version
// comes from VersionedPlugins.
var Handshake = plugin.HandshakeConfig{
	MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
}

// Session is one running provider process. It is not for use by several
// goroutines, except for Call.
type Session struct {
	client     *plugin.Client
	process    *process
	connection *grpc.ClientConn

	// Preparation is what the client did before the spawn, above all making its
	// P-521 key.
	Preparation time.Duration
	// Handshake is the time from the spawn to the handshake line read and understood.
	Handshake time.Duration
}

// Start spawns the binary at path and waits for its handshake line, for a minute
// at most. Variables, as NAME=VALUE, join the environment of this process. The caller
// ends the session with Stop or Kill.
func Start(path string, variables ...string) (*Session, error) {
	session := &Session{process: &process{path: path, variables: variables}}
	session.client = plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{5: connectionOnly(), 6: connectionOnly()},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Logger:           hclog.NewNullLogger(),
		RunnerFunc: func(_ hclog.Logger, command *exec.Cmd, _ string) (runner.Runner, error) {
			return session.process, session.process.prepare(command)
		},
	})

	begin := time.Now()
	if _, err := session.client.Start(); err != nil {
		// Only after this has all of stderr been read.
		session.client.Kill()
		return nil, fmt.Errorf("starting %s: %w%s", path, err, session.process.diagnosis())
	}
	session.Preparation = session.process.spawned.Sub(begin)
	session.Handshake = session.SinceSpawn()
	return session, nil
}

// Connect opens the connection with go-plugin's own streams beside it.
func (s *Session) Connect() error {
	protocol, err := s.client.Client()
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", s.process.path, err)
	}
	dispensed, err := protocol.Dispense(pluginName)
	if err != nil {
		return fmt.Errorf("dispensing %s: %w", s.process.path, err)
	}
	connection, isConnection := dispensed.(*grpc.ClientConn)
	if !isConnection {
		return fmt.Errorf("dispensing %s: got %T instead of a connection", s.process.path, dispensed)
	}
	s.connection = connection
	return nil
}

// Call sends an encoded request to a method, for example
// "/tfplugin6.Provider/GetProviderSchema", and returns the encoded answer.
// Connect comes first. Safe for use by several goroutines.
func (s *Session) Call(ctx context.Context, method string, request []byte) ([]byte, error) {
	if s.connection == nil {
		return nil, errors.New("call before Connect")
	}
	var answer []byte
	err := s.connection.Invoke(ctx, method, request, &answer,
		grpc.ForceCodec(rawCodec{}), grpc.MaxCallRecvMsgSize(schemaLimit))
	if err != nil {
		return nil, fmt.Errorf("calling %s of %s: %w", method, s.process.path, err)
	}
	return answer, nil
}

// GetSchema asks for the provider's schema by the name that the call has in the
// negotiated protocol.
func (s *Session) GetSchema(ctx context.Context) ([]byte, error) {
	switch version := s.ProtocolVersion(); version {
	case 5:
		return s.Call(ctx, "/tfplugin5.Provider/GetSchema", nil)
	case 6:
		return s.Call(ctx, "/tfplugin6.Provider/GetProviderSchema", nil)
	default:
		return nil, fmt.Errorf("no schema call known for protocol %d", version)
	}
}

// ProtocolVersion is the major version that the provider chose, 5 or 6.
func (s *Session) ProtocolVersion() int {
	return s.client.NegotiatedVersion()
}

// SinceSpawn is the time since just before the process was created.
func (s *Session) SinceSpawn() time.Duration {
	return time.Since(s.process.spawned)
}

// Memory is the process's resident memory.
func (s *Session) Memory() (Memory, error) {
	return MemoryOf(s.process.command.Process.Pid)
}

// CPU is the user and system time that the process has used so far.
func (s *Session) CPU() (time.Duration, error) {
	used, err := CPUOf(s.process.command.Process.Pid)
	return used.Own, err
}

// Stop asks the provider to shut down and waits until it has gone; after two
// seconds it is killed.
func (s *Session) Stop() {
	s.client.Kill()
}

// Kill ends a process that does not serve, and waits until it has gone.
func (s *Session) Kill() {
	// An error means that the process has ended already, which is the aim.
	_ = s.process.Kill(context.Background())
	s.client.Kill()
}

// connectionOnly is a plugin set whose provider is the bare connection.
func connectionOnly() plugin.PluginSet {
	return plugin.PluginSet{pluginName: connectionPlugin{}}
}

type connectionPlugin struct {
	plugin.NetRPCUnsupportedPlugin
}

func (connectionPlugin) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("the measuring client serves nothing")
}

func (connectionPlugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, connection *grpc.ClientConn) (any, error) {
	return connection, nil
}

// rawCodec passes encoded messages through, so that no generated code is needed.
type rawCodec struct{}

// Name is empty so that the content type is the plain application/grpc that
// Terraform sends.
func (rawCodec) Name() string { return "" }

func (rawCodec) Marshal(message any) ([]byte, error) {
	encoded, isBytes := message.([]byte)
	if !isBytes {
		return nil, fmt.Errorf("raw codec: cannot send %T", message)
	}
	return encoded, nil
}

func (rawCodec) Unmarshal(encoded []byte, message any) error {
	target, isBytes := message.(*[]byte)
	if !isBytes {
		return fmt.Errorf("raw codec: cannot receive into %T", message)
	}
	// The buffer belongs to gRPC and is used again.
	*target = append([]byte(nil), encoded...)
	return nil
}
