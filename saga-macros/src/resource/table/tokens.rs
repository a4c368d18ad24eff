//! The code of a table.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Type};

use super::attr::{Index, Key, Table};
use crate::attribute::origin::origin;
use crate::item::{at, description, optional_string, place};

/// The impl.
pub fn write(item: &DeriveInput, table: &Table) -> TokenStream {
    let ident = &item.ident;
    let of = &table.item;
    let key_type = key_type(table);
    let entry = entry(item, table);
    let attributes = key_attributes(table);
    let isolation = table.isolation.kind();
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::Table for #ident {
            type Item = #of;
            type Key<'s> = #key_type;
            type Isolation = #isolation;

            fn declare() -> ::saga_dsl::__private::TableEntry {
                #entry
            }

            fn key_attributes<'s>(
                key: Self::Key<'s>,
                _: &'s ::saga_dsl::__private::Arena,
            ) -> ::std::vec::Vec<::saga_dsl::__private::Attribute> {
                #attributes
            }
        }
    }
}

fn key_type(table: &Table) -> TokenStream {
    let partition = &table.partition_key.of;
    match &table.sort_key {
        None => quote!(::saga_dsl::Ref<'s, #partition>),
        Some(Key { of: sort, .. }) => {
            quote!((::saga_dsl::Ref<'s, #partition>, ::saga_dsl::Ref<'s, #sort>))
        }
    }
}

fn entry(item: &DeriveInput, table: &Table) -> TokenStream {
    let name = crate::item::name(&item.ident);
    let description = optional_string(description(&item.attrs).as_deref());
    let place = place(&item.ident);
    let origin = origin(table.existing.as_ref());
    let partition_key = key(&table.item, &table.partition_key);
    let sort_key = optional_key(&table.item, table.sort_key.as_ref());
    let indexes = table.indexes.iter().map(|one| index(&table.item, one));
    let isolation = table.isolation.entry(&table.item);
    quote! {
        ::saga_dsl::__private::TableEntry {
            name: #name.into(),
            description: #description,
            place: #place,
            origin: #origin,
            partition_key: #partition_key,
            sort_key: #sort_key,
            indexes: ::std::vec::Vec::from([#(#indexes,)*]),
            isolation: #isolation,
        }
    }
}

fn index(item: &Type, index: &Index) -> TokenStream {
    let name = &index.name;
    let partition_key = key(item, &index.partition_key);
    let sort_key = optional_key(item, index.sort_key.as_ref());
    quote! {
        ::saga_dsl::__private::Index {
            name: #name.into(),
            partition_key: #partition_key,
            sort_key: #sort_key,
        }
    }
}

fn optional_key(item: &Type, key: Option<&Key>) -> TokenStream {
    match key {
        None => quote!(::core::option::Option::None),
        Some(key) => {
            let key = self::key(item, key);
            quote!(::core::option::Option::Some(#key))
        }
    }
}

/// That the item has such a field of such a type is asked for here, at the author's tokens.
fn key(item: &Type, Key { field, of }: &Key) -> TokenStream {
    let read = quote_spanned!(at(field)=> row.#field);
    quote_spanned!(at(of)=> ::saga_dsl::__private::key::<#item, #of>(|row| #read))
}

fn key_attributes(table: &Table) -> TokenStream {
    let attribute = |value: TokenStream, key: &Key| {
        let key = self::key(&table.item, key);
        quote!(::saga_dsl::__private::key_attribute(&#key.name, #value))
    };
    match &table.sort_key {
        None => {
            let partition = attribute(quote!(key), &table.partition_key);
            quote!(::std::vec::Vec::from([#partition]))
        }
        Some(sort) => {
            let partition = attribute(quote!(key.0), &table.partition_key);
            let sort = attribute(quote!(key.1), sort);
            quote!(::std::vec::Vec::from([#partition, #sort]))
        }
    }
}

/// An impl of the right shape for a table that something is wrong with.
pub fn write_fallback(item: &DeriveInput) -> TokenStream {
    let ident = &item.ident;
    quote! {
        #[automatically_derived]
        impl ::saga_dsl::Table for #ident {
            type Item = ();
            type Key<'s> = ();
            type Isolation = ::saga_dsl::isolation::NotNeeded;

            fn declare() -> ::saga_dsl::__private::TableEntry {
                ::core::unimplemented!()
            }

            fn key_attributes<'s>(
                _: Self::Key<'s>,
                _: &'s ::saga_dsl::__private::Arena,
            ) -> ::std::vec::Vec<::saga_dsl::__private::Attribute> {
                ::core::unimplemented!()
            }
        }
    }
}
