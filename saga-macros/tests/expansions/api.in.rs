/// Orders.
#[api(app = Shop, authorizer = Tokens, rate = 50, uses(Orders(query), Placement(start, view)))]
enum OrderApi {
    /// All of them.
    #[get("/order")]
    List,
    #[delete("/order/{userName}")]
    Cancel { user_name: String },
}
