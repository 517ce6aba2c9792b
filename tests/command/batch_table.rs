//! The one table of a batch on a terminal, and the columns for which a table has no room.

use crate::support::{Request, TestCommand, TestServer, error, found, parameter};

/// Finds each name, except every third one; line 200 is refused.
fn respond(request: &Request) -> crate::support::ResponseTemplate {
    let query = parameter(request, "q");
    let number: usize = query.rsplit(' ').next().unwrap().parse().unwrap();
    match number {
        200 => error(400, "Bad search."),
        number if number.is_multiple_of(3) => found(&["Somebody else"]),
        _ => found(&[&query]),
    }
}

#[tokio::test]
async fn a_batch_is_one_table_with_a_row_for_each_line() {
    let names: Vec<String> =
        (1..=200).map(|number| format!("A name that is long {number}")).collect();
    for columns in [80, 200] {
        let server = TestServer::responding(respond).await;
        let command = server.command().with_file("names.txt", names.join("\n"));
        let args = ["--match", "-i", "names.txt", "-q"];
        let outcome = command.run_on_terminal(&args, 400, columns);
        assert_eq!(outcome.exit_status, 1, "{outcome:?}");
        let lines = outcome.lines();
        let (errors, table): (Vec<_>, Vec<_>) =
            lines.iter().partition(|line| line.starts_with("error") || line.starts_with("hint"));
        assert!(errors[0].starts_with("error[bad_request]: line 200: "), "{errors:?}");
        assert_eq!(table.len(), 201, "{columns}: {table:#?}");
        let heading: Vec<&str> = table[0].split_whitespace().collect();
        assert_eq!(heading, ["Query", "Result", "Name", "ID"]);
        for (number, row) in table.iter().enumerate().skip(1) {
            let result = match number {
                200 => "bad_request",
                number if number.is_multiple_of(3) => "none",
                _ => "exact",
            };
            assert!(row.starts_with("A name that is lo"), "{columns}: {row}");
            assert!(row.contains(&format!("  {result}")), "{columns}: {row}");
            assert_eq!(row.contains("  id-A"), result == "exact", "{columns}: {row}");
        }
    }
}

#[test]
fn the_row_of_a_table_shows_its_search_and_how_many_match_as_closely() {
    let table = "title,artist,year\nCreep,Radiohead,1992\n,Muse,\n";
    let command = TestCommand::new().with_file("songs.csv", table);
    let args = ["--demo", "--match", "-i", "songs.csv", "-q"];
    insta::assert_snapshot!(command.run_on_terminal(&args, 50, 100).screen(), @"
    Query                 Result        Name                 Artists              ID
    Creep Radiohead       exact         Creep                Radiohead            6b2oQwSGFkzsMtQruIWm2p
    Muse                  none
    ");
    let command = TestCommand::new().with_file("songs.csv", table);
    let args = [&args[..], &["--columns", "name,duration_ms,matches"]].concat();
    insta::assert_snapshot!(command.run_on_terminal(&args, 50, 100).screen(), @"
    Query                              Result        Name                                Length  Matches
    Creep Radiohead                    exact         Creep                                 3:58        1
    Muse                               none
    ");
}

#[test]
fn without_a_terminal_or_with_several_results_a_line_each_query_has_a_table() {
    let command = || TestCommand::new().with_file("names.txt", "BTS\nRadiohead\n");
    let args = ["--demo", "-i", "names.txt", "-q", "-n", "2"];
    let screen = command().run_on_terminal(&args, 50, 80).screen();
    assert_eq!(screen.matches("Artists: ").count(), 2, "{screen}");
    let args = ["--demo", "-i", "names.txt", "-q", "-n", "1", "-f", "table"];
    let piped = command().run(&args).stdout;
    assert_eq!(piped.matches("Artists: ").count(), 2, "{piped}");
}

#[test]
fn chosen_columns_are_cut_before_the_last_are_left_out() {
    let shown = |width: &str, columns: &str| {
        let command = TestCommand::new().env("COLUMNS", width);
        let outcome =
            command.run(&["--demo", "BTS", "-n", "1", "-f", "table", "--columns", columns]);
        let heading = outcome.stdout.lines().nth(2).unwrap_or_default().split_whitespace();
        (heading.collect::<Vec<_>>().join(" "), outcome.stderr)
    };
    let (heading, notes) = shown("80", "name,url,id");
    assert_eq!(heading, "Name URL ID");
    assert!(!notes.contains("left out"), "{notes}");
    let (heading, notes) = shown("40", "name,url,id");
    assert_eq!(heading, "Name URL");
    assert!(notes.contains("left out columns that do not fit: id;"), "{notes}");
    // A column without a value is the first to go.
    let (heading, notes) = shown("40", "by,name,id,uri");
    assert_eq!(heading, "Name ID");
    assert!(notes.contains("left out columns that do not fit: by, uri;"), "{notes}");
}
