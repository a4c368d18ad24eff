//! The query protocol's answers: the text of an element of XML.

/// The text of the first element of a name.
pub(super) fn text(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    Some(text.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_elements_text_is_found_and_unescaped() {
        for (xml, expected) in [
            ("<a><Code>X</Code></a>", Some("X")),
            ("<Code>&lt;b&gt; &amp;amp;</Code>", Some("<b> &amp;")),
            ("<Code>X", None),
            ("", None),
        ] {
            assert_eq!(text(xml, "Code").as_deref(), expected, "{xml}");
        }
    }
}
