//! The guide: its pages are in `book/`, which mdBook makes a book of. Their Rust is compiled and run as
//! documentation tests of this crate; their commands are run by the workspace's suite `guide`.

macro_rules! pages {
    ($($name:ident: $page:literal,)*) => {$(
        #[cfg(doctest)]
        #[doc = include_str!(concat!("../book/", $page))]
        mod $name {}
    )*};
}

pages! {
    ten_minutes: "ten-minutes.md",
    abort: "how-to/abort.md",
    api: "how-to/api.md",
    app: "how-to/app.md",
    approval: "how-to/approval.md",
    choice: "how-to/choice.md",
    compensation: "how-to/compensation.md",
    data: "how-to/data.md",
    deploy: "how-to/deploy.md",
    errors: "how-to/errors.md",
    isolation: "how-to/isolation.md",
    map: "how-to/map.md",
    nested: "how-to/nested.md",
    notification: "how-to/notification.md",
    parallel: "how-to/parallel.md",
    pivot: "how-to/pivot.md",
    resources: "how-to/resources.md",
    reuse: "how-to/reuse.md",
    savepoint: "how-to/savepoint.md",
    sensitive: "how-to/sensitive.md",
    step: "how-to/step.md",
    test: "how-to/test.md",
    trigger: "how-to/trigger.md",
    wait: "how-to/wait.md",
    from_cdk: "from/cdk.md",
    from_temporal: "from/temporal.md",
}
