use saga_asl::data::Data;

/// How large a batch may be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The most items.
    pub items: Option<usize>,
    /// The most bytes of a batch as JSON.
    pub bytes: Option<usize>,
}

/// Groups items: `{"BatchInput": …, "Items": [...]}`. A batch has at least one item, however
/// large that is.
pub fn batches(items: Vec<Data>, input: Option<&Data>, limits: Limits) -> Vec<Data> {
    let mut batches = Vec::new();
    let (mut group, mut bytes) = (Vec::new(), 0);
    for item in items {
        let size = if limits.bytes.is_some() {
            item.size() + 1
        } else {
            0
        };
        let full = limits.items.is_some_and(|most| group.len() >= most.max(1))
            || limits.bytes.is_some_and(|most| bytes + size > most);
        if full && !group.is_empty() {
            batches.push(batch(std::mem::take(&mut group), input));
            bytes = 0;
        }
        group.push(item);
        bytes += size;
    }
    if !group.is_empty() {
        batches.push(batch(group, input));
    }
    batches
}

fn batch(items: Vec<Data>, input: Option<&Data>) -> Data {
    let input = input.map(|input| ("BatchInput", input.clone()));
    Data::object(input.into_iter().chain([("Items", Data::array(items))]))
}

#[cfg(test)]
mod tests {
    use super::{Data, Limits, batches};

    #[test]
    fn groups_by_number_and_by_size() {
        let items = || (1..=5).map(|n| Data::from(n * 10_i64)).collect();
        let sizes = |limits| -> Vec<usize> {
            let batches = batches(items(), None, limits);
            batches
                .iter()
                .map(|b| b.get("Items").unwrap().as_array().unwrap().len())
                .collect()
        };
        assert_eq!(
            sizes(Limits {
                items: Some(2),
                bytes: None
            }),
            [2, 2, 1]
        );
        assert_eq!(
            sizes(Limits {
                items: None,
                bytes: Some(7)
            }),
            [2, 2, 1]
        );
        assert_eq!(
            sizes(Limits {
                items: None,
                bytes: Some(1)
            }),
            [1, 1, 1, 1, 1]
        );
    }
}
