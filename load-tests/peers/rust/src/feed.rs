//! Makes the messages once all readers are there.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use tokio::sync::mpsc::error::TrySendError;
use tokio::task::yield_now;
use tokio::time::{sleep_until, Instant};
use tokio_tungstenite::tungstenite::Message;

use crate::plan::{Format, Plan};
use crate::reader::Readers;

const SYMBOLS: [&str; 4] = ["AAPL", "MSFT", "GOOG", "AMZN"];

/// The keys are in the order they have on the wire.
#[derive(Serialize)]
struct Tick {
    symbol: &'static str,
    price: f64,
    ts: f64,
    seq: u64,
}

pub async fn run(plan: Arc<Plan>, readers: Arc<Readers>) {
    let queues = readers.complete().await;
    let (started, started_at) = (Instant::now(), since_epoch());
    let mut seq = 0;
    while plan.limit == 0 || seq < plan.limit {
        seq += 1;
        let at = if plan.rate == 0 {
            since_epoch()
        } else {
            // The intended time, so that a late feed shows as latency.
            let due = Duration::from_nanos(seq * 1_000_000_000 / plan.rate);
            sleep_until(started + due).await;
            started_at + due
        };
        let message = make_message(plan.format, seq, at);
        for queue in &queues {
            // Awaiting each send would make the scheduler take the feed's turn away after 128 of them.
            if let Err(TrySendError::Full(message)) = queue.try_send(message.clone()) {
                let _ = queue.send(message).await;
            }
        }
        if plan.rate == 0 && seq % plan.per_turn == 0 {
            yield_now().await;
        }
    }
    // The queues must outlive the feed: a task whose queue is gone lets go of its reader.
    std::future::pending::<()>().await;
}

fn make_message(format: Format, seq: u64, at: Duration) -> Message {
    let price = (10_000 + seq % 10_000) as f64 / 100.0;
    if format == Format::Binary {
        let mut bytes = Vec::with_capacity(20);
        bytes.extend_from_slice(&(seq as u32).to_le_bytes());
        bytes.extend_from_slice(&price.to_le_bytes());
        bytes.extend_from_slice(&(at.as_nanos() as i64).to_le_bytes());
        return Message::binary(bytes);
    }
    let tick = Tick {
        symbol: SYMBOLS[seq as usize % SYMBOLS.len()],
        price,
        ts: at.as_micros() as f64 / 1_000.0,
        seq,
    };
    Message::text(serde_json::to_string(&tick).unwrap_or_default())
}

fn since_epoch() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
