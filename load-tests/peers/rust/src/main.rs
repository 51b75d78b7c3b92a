//! A small Rust server on tokio-tungstenite: a task of its own writes to each reader from its queue.
//! ../README.md has the contract that all peers keep.

mod feed;
mod plan;
mod reader;

use std::sync::Arc;

use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{signal, SignalKind};

use crate::plan::Plan;
use crate::reader::Readers;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let plan = Arc::new(Plan::from_arguments(std::env::args().skip(1)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let readers = Arc::new(Readers::new(plan.readers));
    tokio::spawn(feed::run(plan.clone(), readers.clone()));
    announce(listener.local_addr()?.port());
    tokio::select! {
        result = accept_all(listener, plan, readers) => result,
        () = ended() => Ok(()),
    }
}

async fn accept_all(
    listener: TcpListener,
    plan: Arc<Plan>,
    readers: Arc<Readers>,
) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(reader::serve(stream, plan.write, readers.clone()));
    }
}

fn announce(port: u16) {
    let line = serde_json::json!({
        "type": "listening",
        "port": port,
        "path": "/",
        "pid": std::process::id(),
        "version": format!("tokio-tungstenite {}, tokio {}", locked("tokio-tungstenite"), locked("tokio")),
    });
    println!("{line}");
}

/// The version of a crate in the lock file this was built from.
fn locked(name: &str) -> &'static str {
    const LOCK: &str = include_str!("../Cargo.lock");
    let heading = format!("name = \"{name}\"\nversion = \"");
    LOCK.split_once(&heading)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("unknown", |(version, _)| version)
}

/// SIGTERM, or the end of standard input, whose other end is held by whoever started us.
async fn ended() {
    let mut input = tokio::io::stdin();
    let mut bytes = [0; 64];
    let closed = async { while matches!(input.read(&mut bytes).await, Ok(count) if count > 0) {} };
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! {
            () = closed => (),
            _ = terminated.recv() => std::process::exit(0),
        },
        Err(_) => closed.await,
    }
}
