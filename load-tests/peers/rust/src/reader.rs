//! The readers: one queue and one task each.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, Notify};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::WebSocketStream;

use crate::plan::Write;

/// May wait for one reader; then the feed waits. contract/bounds.ts has the same number.
const BOUND_MESSAGES: usize = 4096;

pub struct Readers {
    wanted: usize,
    queues: Mutex<Vec<mpsc::Sender<Message>>>,
    complete: Notify,
}

impl Readers {
    pub fn new(wanted: usize) -> Self {
        Readers {
            wanted,
            queues: Mutex::default(),
            complete: Notify::new(),
        }
    }

    /// Waits until all wanted readers are there, and gives their queues.
    pub async fn complete(&self) -> Vec<mpsc::Sender<Message>> {
        self.complete.notified().await;
        self.queues
            .lock()
            .map(|queues| queues.clone())
            .unwrap_or_default()
    }

    fn add(&self, queue: mpsc::Sender<Message>) {
        let Ok(mut queues) = self.queues.lock() else {
            return;
        };
        queues.push(queue);
        if queues.len() == self.wanted {
            self.complete.notify_one();
        }
    }
}

/// Serves one reader until it goes.
pub async fn serve(stream: TcpStream, write: Write, readers: Arc<Readers>) {
    let Ok(mut socket) = accept_async(stream).await else {
        return;
    };
    let (queue, mut messages) = mpsc::channel(BOUND_MESSAGES);
    readers.add(queue);
    let mut waiting = Vec::with_capacity(BOUND_MESSAGES);
    loop {
        tokio::select! {
            // Readers send nothing but their close frame, which tungstenite answers as it is read.
            incoming = socket.next() => match incoming {
                Some(Ok(message)) if !message.is_close() => (),
                Some(Ok(_)) => {
                    let _ = socket.close(None).await;
                    return;
                }
                _ => return,
            },
            count = messages.recv_many(&mut waiting, BOUND_MESSAGES) => {
                if count == 0 || deliver(&mut socket, &mut waiting, write).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn deliver(
    socket: &mut WebSocketStream<TcpStream>,
    waiting: &mut Vec<Message>,
    write: Write,
) -> Result<(), Error> {
    match write {
        Write::Send => {
            for message in waiting.drain(..) {
                socket.send(message).await?;
            }
            Ok(())
        }
        Write::Feed => {
            for message in waiting.drain(..) {
                socket.feed(message).await?;
            }
            socket.flush().await
        }
    }
}
