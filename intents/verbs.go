package intents

// Family is what a verb asks for, before its objects tell the action: send may be a transfer or a bridge.
type Family string

// The families.
const (
	TradeVerb    Family = "trade" // swap, convert
	BuyVerb      Family = "buy"
	SellVerb     Family = "sell"
	SendVerb     Family = "send"
	MoveVerb     Family = "move" // bridge, or send
	BridgeVerb   Family = "bridge"
	WrapVerb     Family = "wrap"
	UnwrapVerb   Family = "unwrap"
	StakeVerb    Family = "stake"
	UnstakeVerb  Family = "unstake"
	LendVerb     Family = "lend"
	WithdrawVerb Family = "withdraw"
	BorrowVerb   Family = "borrow"
	RepayVerb    Family = "repay"
	ApproveVerb  Family = "approve"
	RevokeVerb   Family = "revoke"
)

var families = map[string]Family{}

func init() {
	for f, list := range map[Family]string{
		TradeVerb:    `swap trade exchange convert flip rotate change switch swop swp cnvert xchange turn ape dca twap spend`,
		BuyVerb:      `buy purchase get grab snag acquire scoop cop obtain`,
		SellVerb:     `sell dump offload unload liquidate`,
		SendVerb:     `send transfer pay wire give gift tip shoot forward snd donate remit`,
		MoveVerb:     `move shift`,
		BridgeVerb:   `bridge teleport port`,
		WrapVerb:     `wrap`,
		UnwrapVerb:   `unwrap`,
		StakeVerb:    `stake restake`,
		UnstakeVerb:  `unstake`,
		LendVerb:     `lend supply deposit`,
		WithdrawVerb: `withdraw redeem`,
		BorrowVerb:   `borrow`,
		RepayVerb:    `repay`,
		ApproveVerb:  `approve allow authorize authorise permit grant let`,
		RevokeVerb:   `revoke unapprove`,
	} {
		for w := range words(list) {
			families[w] = f
		}
	}
	for slip, verb := range map[string]string{
		"sawp": "swap", "swpa": "swap", "wsap": "swap", "swapp": "swap", "swaap": "swap", "sned": "send", "sedn": "send", "sendd": "send",
		"trasnfer": "transfer", "transfr": "transfer", "tranfer": "transfer", "transferr": "transfer", "tansfer": "transfer", "trnsfer": "transfer",
		"brdige": "bridge", "birdge": "bridge", "bridg": "bridge", "brige": "bridge", "apporve": "approve", "aprove": "approve", "approev": "approve",
		"convet": "convert", "covnert": "convert", "exchnage": "exchange", "exhange": "exchange", "withdrw": "withdraw", "withdarw": "withdraw",
		"widthdraw": "withdraw", "borow": "borrow", "borrw": "borrow", "unwarp": "unwrap", "stkae": "stake", "reovke": "revoke", "revok": "revoke",
		"depsoit": "deposit", "deposti": "deposit", "buuy": "buy", "byu": "buy", "slel": "sell",
	} {
		families[slip] = families[verb]
	}
}

// VerbFamily returns the family of a lower-case verb. Slips of the finger are known where they can't mean another verb.
func VerbFamily(verb string) (Family, bool) {
	f, ok := families[verb]
	return f, ok
}
