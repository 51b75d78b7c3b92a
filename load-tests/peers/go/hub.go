package main

import (
	"context"
	"net/http"
	"sync"

	"github.com/coder/websocket"
)

// boundMessages may wait for one reader; then the feed waits. contract/bounds.ts has the same number.
const boundMessages = 4096

type message struct {
	kind websocket.MessageType
	data []byte
}

// hub holds the queue of each reader.
type hub struct {
	wanted int
	// complete is closed when all wanted readers are connected.
	complete chan struct{}

	mu     sync.RWMutex
	queues map[chan message]context.Context
	joined int
}

func newHub(wanted int) *hub {
	return &hub{wanted: wanted, complete: make(chan struct{}), queues: map[chan message]context.Context{}}
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	// Readers send nothing but their close frame; it ends the context.
	ctx := conn.CloseRead(context.Background())
	queue := make(chan message, boundMessages)
	h.add(queue, ctx)
	defer h.remove(queue)
	for {
		select {
		case m := <-queue:
			if conn.Write(ctx, m.kind, m.data) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

func (h *hub) add(queue chan message, ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queues[queue] = ctx
	h.joined++
	if h.joined == h.wanted {
		close(h.complete)
	}
}

func (h *hub) remove(queue chan message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.queues, queue)
}

// publish hands a message to every reader, and waits for one whose queue is full.
func (h *hub) publish(m message) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for queue, ctx := range h.queues {
		select {
		case queue <- m:
		case <-ctx.Done():
		}
	}
}
