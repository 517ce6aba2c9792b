//! The examples in the README: every console block runs, and prints what the README says.

use std::process::Command;

use crate::support::{
    Request, ResponseTemplate, TestServer, error, parameter, run_on_terminal, skip,
};
use futures_util::FutureExt;
use spotify_search::{ItemType, SearchQuery, demo};

const README: &str = include_str!("../../README.md");

/// A command with the output that the README shows for it.
#[derive(Debug)]
struct Example {
    command: String,
    output: String,
}

/// Returns the commands of all console blocks. A command starts with `$ `.
fn examples() -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut is_console = false;
    for line in README.lines() {
        if line.starts_with("```") {
            is_console = line == "```console";
        } else if is_console && let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example { command: command.to_owned(), output: String::new() });
        } else if is_console && let Some(example) = examples.last_mut() {
            example.output.push('\n');
            example.output.push_str(line);
        }
    }
    examples
}

/// Answers a search from the sample catalogue, as Spotify answers an app in Development Mode.
fn respond(request: &Request) -> ResponseTemplate {
    let number = |name| parameter(request, name).parse().unwrap();
    if number("limit") > 10 {
        return error(400, "Invalid limit");
    }
    let types = parameter(request, "type");
    let types = types.split(',').map(|name| name.parse::<ItemType>().unwrap());
    let query = SearchQuery::new(parameter(request, "q")).types(types);
    let query = query.limit(number("limit")).offset(number("offset"));
    let results = demo::client().search(&query).now_or_never();
    let results = results.expect("the sample catalogue answers at once").unwrap();
    ResponseTemplate::new(200).set_body_json(results)
}

#[tokio::test(flavor = "multi_thread")]
async fn console_blocks_print_what_the_readme_says() {
    let has_jq = Command::new("jq").arg("--version").output().is_ok();
    let server = TestServer::responding(respond).await;
    let examples = examples();
    assert!(examples.len() > 10, "the console blocks were not found");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_spotify-search"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    let environment = server.command().env("PATH", path);
    for Example { command, output } in examples {
        if command.contains("jq ") && !has_jq {
            skip(&format!("jq is not installed: {command}"));
            continue;
        }
        let screen = run_on_terminal(environment.shell(&command), 500, 80, None).finish().screen();
        let screen = screen.replace(&server.url(), "https://api.spotify.com");
        let printed = screen.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        assert_eq!(printed.trim_end(), output.trim(), "$ {command}");
    }
}
