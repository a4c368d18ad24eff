//! Saga data of the standard library and of `serde_json`.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{SagaData, Type};
use crate::reference::Ref;

macro_rules! without_fields {
    ($($type:ty => $description:expr;)*) => {$(
        impl SagaData for $type {
            type Fields<'s> = ();

            fn fields<'s>(_: Ref<'s, Self>) -> &'s () {
                &()
            }

            fn describe() -> Type {
                $description
            }
        }
    )*};
}

macro_rules! integers {
    ($($type:ty),*) => {
        without_fields! {
            $($type => Type::Integer { minimum: i64::try_from(<$type>::MIN).unwrap_or(0), maximum: <$type>::MAX as u64 };)*
        }
    };
}

without_fields! {
    () => Type::Null;
    bool => Type::Bool;
    String => Type::String;
    char => Type::String;
    f32 => Type::Number;
    f64 => Type::Number;
    Value => Type::Any;
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

macro_rules! containers {
    ($($type:ty, $kind:ident;)*) => {$(
        impl<T: SagaData> SagaData for $type {
            type Fields<'s> = ();

            fn fields<'s>(_: Ref<'s, Self>) -> &'s () {
                &()
            }

            fn describe() -> Type {
                Type::$kind(Box::new(T::describe()))
            }
        }
    )*};
}

containers! {
    Vec<T>, List;
    BTreeMap<String, T>, Map;
}

/// The fields of what may be absent: none. Its name is what rustc lists to an author who reads one.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Absent {
    /// `charge.map(|charge| charge.charge_id)`
    pub there_may_be_none_read_it_with_map: (),
}

impl<T: SagaData> SagaData for Option<T> {
    type Fields<'s> = Absent;

    fn fields<'s>(_: Ref<'s, Self>) -> &'s Absent {
        &Absent {
            there_may_be_none_read_it_with_map: (),
        }
    }

    fn describe() -> Type {
        Type::Optional(Box::new(T::describe()))
    }
}

impl<T: SagaData, S: std::hash::BuildHasher + Default + Send + 'static> SagaData
    for HashMap<String, T, S>
{
    type Fields<'s> = ();

    fn fields<'s>(_: Ref<'s, Self>) -> &'s () {
        &()
    }

    fn describe() -> Type {
        Type::Map(Box::new(T::describe()))
    }
}

impl<T: SagaData> SagaData for Box<T> {
    type Fields<'s> = T::Fields<'s>;

    fn fields<'s>(value: Ref<'s, Self>) -> &'s T::Fields<'s> {
        T::fields(value.cast())
    }

    fn describe() -> Type {
        T::describe()
    }
}
