pub struct FareId(pub String);
