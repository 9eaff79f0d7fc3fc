package intents

// takesStakes are the protocols whose deposits are stakes.
var takesStakes = words(`lido etherfi eigenlayer`)

// TakesStakes reports whether what is deposited at a protocol is staked, rather than lent. The venue is its key.
func TakesStakes(venue string) bool { return takesStakes[venue] || venue == "rocket pool" }
