// Command stub is a provider that does no work of its own: it has the schema that
// another one gave, finds every configuration right and plans what is proposed. What
// Terraform needs with it, Terraform needs itself.
//
// The environment names the schema: SchemaVariable has the path of a file with an
// encoded schema answer.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"terraform.local/iot/benches/peer/internal/message"
	"terraform.local/iot/benches/peer/internal/session"
	"terraform.local/iot/benches/peer/internal/workload"
)

func main() {
	answers, err := newAnswers(os.Getenv(workload.SchemaVariable))
	if err != nil {
		fmt.Fprintf(os.Stderr, "stub: reading the schema that %s names: %v\n", workload.SchemaVariable, err)
		os.Exit(1)
	}
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig:  session.Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{6: {"provider": noService{}}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options, grpc.UnknownServiceHandler(answers.serve))...)
		},
		Logger: hclog.NewNullLogger(),
	})
}

// answers is what the stub knows.
type answers struct {
	schema   []byte
	resource message.Block
}

func newAnswers(path string) (answers, error) {
	schema, err := os.ReadFile(path)
	if err != nil {
		return answers{}, err
	}
	decoded, err := message.DecodeSchema(schema)
	if err != nil {
		return answers{}, err
	}
	return answers{schema: schema, resource: decoded.Resources[workload.TypeName]}, nil
}

// serve handles every call of the provider's service. An empty message keeps all
// fields as unknown ones, so requests and answers stay encoded.
func (a answers) serve(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	var request, response emptypb.Empty
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	answer, err := a.answer(method, request.ProtoReflect().GetUnknown())
	if err != nil {
		return err
	}
	response.ProtoReflect().SetUnknown(answer)
	return stream.SendMsg(&response)
}

func (a answers) answer(method string, request []byte) ([]byte, error) {
	switch method {
	case message.GetSchema:
		return a.schema, nil
	case message.ValidateProvider.Path, message.Configure.Path, message.Validate.Path, message.Stop:
		return nil, nil
	case message.Plan.Path:
		return a.resource.PlanAnswer(request)
	default:
		return nil, status.Errorf(codes.Unimplemented, "the stub does not answer %s", method)
	}
}

// noService registers nothing: all calls reach the handler for unknown services.
type noService struct {
	plugin.NetRPCUnsupportedPlugin
}

func (noService) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (noService) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("the stub is no client")
}
