enum Payment {
    Cash,
    BankTransfer(Account),
}
