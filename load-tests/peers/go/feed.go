package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"log"
	"math"
	"runtime"
	"time"

	"github.com/coder/websocket"
)

var symbols = [...]string{"AAPL", "MSFT", "GOOG", "AMZN"}

// tick has its keys in the order they have on the wire.
type tick struct {
	Symbol string  `json:"symbol"`
	Price  float64 `json:"price"`
	Ts     float64 `json:"ts"`
	Seq    int64   `json:"seq"`
}

// feed makes the messages once all readers are there.
func feed(ctx context.Context, p plan, h *hub) {
	select {
	case <-h.complete:
	case <-ctx.Done():
		return
	}
	started := time.Now()
	for seq := int64(1); p.limit == 0 || seq <= p.limit; seq++ {
		at := time.Now()
		if p.rate > 0 {
			// The intended time, so that a late feed shows as latency.
			at = started.Add(time.Duration(seq) * time.Second / time.Duration(p.rate))
			time.Sleep(time.Until(at))
		}
		h.publish(makeMessage(p.format, seq, at))
		if ctx.Err() != nil {
			return
		}
		if p.rate == 0 && seq%int64(p.perTurn) == 0 {
			runtime.Gosched()
		}
	}
}

func makeMessage(format string, seq int64, at time.Time) message {
	price := float64(10000+seq%10000) / 100
	if format == "binary" {
		data := make([]byte, 0, 20)
		data = binary.LittleEndian.AppendUint32(data, uint32(seq))
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(price))
		data = binary.LittleEndian.AppendUint64(data, uint64(at.UnixNano()))
		return message{websocket.MessageBinary, data}
	}
	data, err := json.Marshal(tick{
		Symbol: symbols[seq%int64(len(symbols))],
		Price:  price,
		Ts:     float64(at.UnixMicro()) / 1000,
		Seq:    seq,
	})
	if err != nil {
		log.Fatal(err)
	}
	return message{websocket.MessageText, data}
}
