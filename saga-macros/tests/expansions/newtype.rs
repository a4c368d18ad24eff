///References to what a [`FareId`] holds.
#[derive(Clone, Copy)]
pub struct FareIdRef<'s>(pub ::saga_dsl::Ref<'s, String>);
#[automatically_derived]
impl<'s> ::saga_dsl::Literal<'s> for FareIdRef<'s> {
    type Data = FareId;
    fn write(
        self,
        arena: &'s ::saga_dsl::__private::Arena,
    ) -> ::saga_dsl::__private::Node<'s> {
        let _ = arena;
        self.0.node()
    }
}
#[automatically_derived]
impl ::saga_dsl::SagaData for FareId {
    type Fields<'s> = FareIdRef<'s>;
    fn fields<'s>(value: ::saga_dsl::Ref<'s, FareId>) -> &'s FareIdRef<'s> {
        value.keep(FareIdRef { 0: value.cast() })
    }
    fn describe() -> ::saga_dsl::__private::Type {
        <String as ::saga_dsl::SagaData>::describe()
    }
}
