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

// verbsOf are the verbs of each family: English, then imperatives and infinitives of the languages whose plain orders are built
// like English ones (Spanish, Portuguese, French, Italian, German, Indonesian).
var verbsOf = []map[Family]string{
	{
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
	},
	{
		TradeVerb: `cambia cambiar cambiame cámbiame cambie convierte convertir intercambia intercambiar troca trocar troque converte converter échange echange
			échanger convertis converti tausche tausch tauschen wechsle scambia scambiare tukar tukarkan`,
		BuyVerb:  `compra comprar cómprame comprame compre achète achete acheter kaufe kauf kaufen acquista comprare beli belikan`,
		SellVerb: `vende vender véndeme vendeme venda vends vendre verkaufe verkauf verkaufen vendi vendere jual`,
		SendVerb: `envía envia enviar envíame manda mandar mande envoie envoyer sende schick schicke überweise invia inviare kirim kirimkan transfiere transferir transfira
			transfère transferer transférer trasferisci`,
		BridgeVerb: `puentea bridgea bridgeie bridger bridgen`,
	},
}

// slips are slips of the finger that can't mean another verb.
var slips = map[string]string{
	"sawp": "swap", "swpa": "swap", "wsap": "swap", "swapp": "swap", "swaap": "swap", "sned": "send", "sedn": "send", "sendd": "send",
	"trasnfer": "transfer", "transfr": "transfer", "tranfer": "transfer", "transferr": "transfer", "tansfer": "transfer", "trnsfer": "transfer",
	"brdige": "bridge", "birdge": "bridge", "bridg": "bridge", "brige": "bridge", "apporve": "approve", "aprove": "approve", "approev": "approve",
	"convet": "convert", "covnert": "convert", "exchnage": "exchange", "exhange": "exchange", "withdrw": "withdraw", "withdarw": "withdraw",
	"widthdraw": "withdraw", "borow": "borrow", "borrw": "borrow", "unwarp": "unwrap", "stkae": "stake", "reovke": "revoke", "revok": "revoke",
	"depsoit": "deposit", "deposti": "deposit", "buuy": "buy", "byu": "buy", "slel": "sell",
}

var families = familiesByVerb()

func familiesByVerb() map[string]Family {
	known := map[string]Family{}
	for _, language := range verbsOf {
		for f, list := range language {
			for w := range words(list) {
				known[w] = f
			}
		}
	}
	for slip, verb := range slips {
		known[slip] = known[verb]
	}
	return known
}

// VerbFamily returns the family of a lower-case verb. Slips of the finger are known where they can't mean another verb.
func VerbFamily(verb string) (Family, bool) {
	f, ok := families[verb]
	return f, ok
}
