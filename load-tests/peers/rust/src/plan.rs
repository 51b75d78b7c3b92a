//! The arguments of the contract, and the one of this peer: how it writes.

use std::str::FromStr;

#[derive(Clone, Copy, PartialEq)]
pub enum Format {
    Json,
    Binary,
}

/// How a reader's task empties its queue.
#[derive(Clone, Copy, PartialEq)]
pub enum Write {
    /// `send` for each message: it is flushed at once.
    Send,
    /// `feed` for all that wait, then one `flush`.
    Feed,
}

pub struct Plan {
    pub readers: usize,
    pub format: Format,
    pub per_turn: u64,
    /// Messages a second; 0 is as fast as they go.
    pub rate: u64,
    /// Messages in all; 0 is no limit.
    pub limit: u64,
    pub write: Write,
}

impl Plan {
    pub fn from_arguments(arguments: impl Iterator<Item = String>) -> Self {
        let words: Vec<String> = arguments.collect();
        let text = |name: &str| {
            let start = format!("--{name}=");
            words.iter().find_map(|word| word.strip_prefix(&start))
        };
        Plan {
            readers: number(text("readers"), 1),
            format: if text("format") == Some("binary") {
                Format::Binary
            } else {
                Format::Json
            },
            per_turn: number(text("per-turn"), 200),
            rate: number(text("rate"), 0),
            limit: number(text("limit"), 0),
            write: if text("write") == Some("feed") {
                Write::Feed
            } else {
                Write::Send
            },
        }
    }
}

fn number<N: FromStr>(text: Option<&str>, default: N) -> N {
    text.and_then(|digits| digits.parse().ok())
        .unwrap_or(default)
}
