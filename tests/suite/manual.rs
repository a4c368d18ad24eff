//! `saga-cli completions` and `saga-cli man`: they know every command.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::command::Saga;

/// The commands that `--help` lists.
fn commands() -> Vec<String> {
    let help = Saga::new("--help").run().success();
    let listed = help.split("Commands:\n").nth(1).unwrap();
    let lines = listed.lines().take_while(|line| !line.is_empty());
    let names: Vec<String> = lines
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect();
    assert!(names.contains(&"generate".to_owned()), "{names:?}");
    names
}

#[test]
fn every_shell_completes_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Saga::new(&format!("completions {shell}")).run().success();
        for command in commands() {
            assert!(
                script.contains(&command),
                "{shell} does not know `{command}`"
            );
        }
    }
    Saga::new("completions tcsh")
        .run()
        .failure(2, &["tcsh", "bash"]);
}

#[test]
fn bash_completes_the_options_of_a_command() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let script = folder.path().join("saga-cli.bash");
    let printed = Saga::new("completions bash").run().success();
    fs::write(&script, printed).unwrap();
    for (words, option) in [("run --in", "--input"), ("graph --form", "--format")] {
        let (command, word) = words.split_once(' ').unwrap();
        let ask = format!(
            "source '{}'; function=$(complete -p saga-cli | grep -o '_saga[^ ]*'); COMP_WORDS=(saga-cli {words}); \
             COMP_CWORD=2; \"$function\" saga-cli '{word}' {command}; echo \"${{COMPREPLY[@]}}\"",
            script.display()
        );
        let asked = Command::new("bash").args(["-c", &ask]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&asked.stdout).trim(), option);
    }
}

#[test]
fn every_command_has_a_page() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let said = Saga::new("man --out pages")
        .inside(folder.path())
        .run()
        .success();
    assert_eq!(said, "");
    let first = fs::read_to_string(folder.path().join("pages/saga-cli.1")).unwrap();
    for command in commands() {
        let page = folder.path().join(format!("pages/saga-cli-{command}.1"));
        let page = fs::read_to_string(page).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{command}:\n{page}");
        let name = format!("saga\\-cli\\-{}(1)", command.replace('-', "\\-"));
        assert!(first.contains(&name), "{name} is not in:\n{first}");
    }
    assert_eq!(Saga::new("man").run().success(), first);
}
