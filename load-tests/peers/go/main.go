// A small Go server on coder/websocket: a goroutine of its own writes to each reader from its queue.
// ../README.md has the contract that all peers keep.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
)

type plan struct {
	readers int
	format  string
	perTurn int
	rate    int
	limit   int64
}

type listening struct {
	Type    string `json:"type"`
	Port    int    `json:"port"`
	Path    string `json:"path"`
	Pid     int    `json:"pid"`
	Version string `json:"version"`
}

func main() {
	p := parsePlan()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	go func() {
		// Whoever started us holds the other end of our standard input.
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	h := newHub(p.readers)
	go feed(ctx, p, h)
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(listener) }()
	announce(listener.Addr().(*net.TCPAddr).Port)
	<-ctx.Done()
	_ = server.Close()
}

func parsePlan() plan {
	var p plan
	flag.IntVar(&p.readers, "readers", 1, "start when so many are connected")
	flag.StringVar(&p.format, "format", "json", "json or binary")
	flag.IntVar(&p.perTurn, "per-turn", 200, "messages a turn")
	flag.IntVar(&p.rate, "rate", 0, "messages a second; 0 is as fast as they go")
	flag.Int64Var(&p.limit, "limit", 0, "messages in all; 0 is no limit")
	flag.Parse()
	return p
}

func announce(port int) {
	line, err := json.Marshal(listening{"listening", port, "/", os.Getpid(), version()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(line))
}

// version names the library as the binary was linked with it.
func version() string {
	const library = "github.com/coder/websocket"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == library {
				return fmt.Sprintf("coder/websocket %s, %s", dependency.Version, runtime.Version())
			}
		}
	}
	return "coder/websocket, " + runtime.Version()
}
