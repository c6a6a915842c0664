package session

import (
	"context"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// echo answers any method with the request, and notes the content type.
func echo(contentTypes *[]string) grpc.StreamHandler {
	return func(_ any, stream grpc.ServerStream) error {
		headers, _ := metadata.FromIncomingContext(stream.Context())
		*contentTypes = headers.Get("content-type")
		var message wrapperspb.StringValue
		if err := stream.RecvMsg(&message); err != nil {
			return err
		}
		return stream.SendMsg(&message)
	}
}

func TestCallSendsAndReturnsEncodedMessages(t *testing.T) {
	var contentTypes []string
	listener := bufconn.Listen(1 << 10)
	server := grpc.NewServer(grpc.UnknownServiceHandler(echo(&contentTypes)))
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()

	dial := func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }
	connection, err := grpc.NewClient("passthrough:///echo",
		grpc.WithContextDialer(dial), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()

	request := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), []byte("text"))
	session := &Session{process: &process{path: "echo"}, connection: connection}
	answer, err := session.Call(context.Background(), "/any.Service/Method", request)
	if err != nil || string(answer) != string(request) {
		t.Errorf("got %q and error %v, want %q", answer, err, request)
	}
	if len(contentTypes) != 1 || contentTypes[0] != "application/grpc" {
		t.Errorf("got the content types %q, want the plain one that Terraform sends", contentTypes)
	}
}

func TestCallBeforeConnectIsAnError(t *testing.T) {
	if _, err := (&Session{}).Call(context.Background(), "/any.Service/Method", nil); err == nil {
		t.Error("a call without a connection succeeded")
	}
}
