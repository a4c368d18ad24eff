//! Studios that are served: by the program, of a package with handlers, and in this process.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use saga_studio::{Studio, Workshop};

use crate::tools::process::wait;
use crate::tools::trial::Stop;
use crate::tools::workspace;

/// `saga-cli studio`, until this is dropped.
pub struct Program {
    child: Mutex<Child>,
    /// The address that it printed.
    pub url: String,
    /// Held open: a program that nobody reads any more ends when it prints.
    _printed: BufReader<ChildStdout>,
}

impl Program {
    /// Of the example with handlers.
    pub fn start() -> Result<Self, Stop> {
        Self::of("fare-processing", workspace(), None)
    }

    /// Of a package in a folder; built into another folder than cargo would take.
    pub fn of(package: &str, folder: &Path, builds: Option<&Path>) -> Result<Self, Stop> {
        let mut studio = Command::new(env!("CARGO_BIN_EXE_saga-cli"));
        studio
            .args(["studio", "-p", package, "--no-open", "--port", "0"])
            .current_dir(folder);
        studio.envs(builds.map(|builds| ("CARGO_TARGET_DIR", builds)));
        let mut child = studio
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let output = child.stdout.take().ok_or("it has no output".to_owned())?;
        let mut printed = BufReader::new(output);
        let mut lines = printed.by_ref().lines().map_while(Result::ok);
        let url = lines.find_map(|line| Some(line.trim().strip_prefix("http")?.to_owned()));
        let url = url.ok_or_else(|| "the studio printed no address".to_owned())?;
        Ok(Self {
            child: Mutex::new(child),
            url: format!("http{url}"),
            _printed: printed,
        })
    }

    /// Ends it as Ctrl-C does, and gives its exit code.
    pub fn interrupt(&self) -> Result<Option<i32>, String> {
        let mut child = self.child.lock().map_err(|error| error.to_string())?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or("it has no number")?;
        kill_process(pid, Signal::INT).map_err(|error| error.to_string())?;
        let ended = wait(&mut child, Duration::from_secs(10)).map_err(|error| error.to_string())?;
        Ok(ended.and_then(|status| status.code()))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(child) = self.child.get_mut() {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A studio in this process, on a thread of its own that lives as long as the tests. Gives its address.
pub fn serve(workshop: impl Workshop + 'static) -> Result<String, String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let served = runtime.map(|runtime| {
            runtime.block_on(async {
                let studio = Studio::open(Arc::new(workshop), 0).await?;
                let _ = sender.send(studio.url());
                studio.serve().await;
                Ok::<_, std::io::Error>(())
            })
        });
        drop(served);
    });
    receiver
        .recv_timeout(Duration::from_secs(10))
        .map_err(|_| "the studio was not opened".to_owned())
}
