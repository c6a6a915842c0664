// Command floor prints a syntactically right handshake line and waits to be
// killed. Its time from spawn to handshake is what process creation, the pipe
// and the measuring client cost when the provider does nothing.
package main

import (
	"fmt"
	"os"
	"time"
)

func main() {
	// Nobody connects: the client measures the floor up to this line only, so
	// the address leads nowhere and the certificate field stays empty.
	fmt.Println("1|6|unix|/nonexistent/floor.sock|grpc|")

	// A floor whose client died would otherwise wait for ever.
	time.Sleep(time.Minute)
	os.Exit(1)
}
