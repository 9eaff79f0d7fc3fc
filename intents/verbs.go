package intents

import "strings"

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
		SendVerb:     `send transfer pay wire give gift tip shoot forward snd donate remit deliver venmo refund reimburse airdrop sweep`,
		MoveVerb:     `move shift bring relocate migrate transport haul push`,
		BridgeVerb:   `bridge teleport port cross`,
		WrapVerb:     `wrap`,
		UnwrapVerb:   `unwrap`,
		StakeVerb:    `stake restake`,
		UnstakeVerb:  `unstake`,
		LendVerb:     `lend supply deposit`,
		WithdrawVerb: `withdraw redeem`,
		BorrowVerb:   `borrow`,
		RepayVerb:    `repay payback`,
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
		BridgeVerb:   `puentea bridgea bridgeie bridger bridgen`,
		MoveVerb:     `mueve mover sposta spostare déplace déplacer pindahkan`,
		LendVerb:     `deposita depositar deposite depositare dépose déposer presta prestar setor setorkan`,
		WithdrawVerb: `retira retirar preleva prelevare tarik`,
		BorrowVerb:   `emprunte emprunter`,
		RepayVerb:    `rembourse rembourser lunasi`,
	},
}

// participles are the past participles of English verbs. Alone they report; after a wish (I need 5 USDC bridged) they order.
var participles = map[Family]string{
	TradeVerb: `swapped traded exchanged converted flipped rotated changed switched turned`, SellVerb: `sold dumped liquidated`, BuyVerb: `bought`,
	SendVerb: `sent transferred paid wired forwarded`, MoveVerb: `moved`, BridgeVerb: `bridged`, WrapVerb: `wrapped`, UnwrapVerb: `unwrapped`, StakeVerb: `staked`,
	UnstakeVerb: `unstaked`, LendVerb: `lent supplied deposited`, WithdrawVerb: `withdrawn redeemed`, RepayVerb: `repaid`, BorrowVerb: `borrowed`,
}

// notSlips are words of their own that a slip of the finger would make of a verb.
var notSlips = words(`bride covert warp sued sale sake gland trams stick self hall`)

var (
	families     = familiesByVerb()
	participleOf = byWord(participles)
)

func byWord(lists map[Family]string) map[string]Family {
	known := map[string]Family{}
	for f, list := range lists {
		for w := range words(list) {
			known[w] = f
		}
	}
	return known
}

func familiesByVerb() map[string]Family {
	known := map[string]Family{}
	for _, language := range verbsOf {
		for w, f := range byWord(language) {
			known[w] = f
		}
	}
	for slip, f := range slipsOf(byWord(verbsOf[0])) {
		if _, verb := known[slip]; !verb {
			known[slip] = f
		}
	}
	return known
}

// slipsOf makes the slips of the finger that people make in verbs: two letters that change places, a letter twice, a letter
// lost from inside a long verb. The first letter and the ending stay, so that no slip is another form of its verb (staked),
// and a slip that two families share is none.
func slipsOf(verbs map[string]Family) map[string]Family {
	slips, shared := map[string]Family{}, map[string]bool{}
	add := func(slip string, f Family) {
		if other, known := slips[slip]; known && other != f {
			shared[slip] = true
		}
		slips[slip] = f
	}
	for v, f := range verbs {
		for i := 1; i < len(v); i++ {
			if len(v) >= 4 && i+1 < len(v) {
				add(v[:i]+v[i+1:i+2]+v[i:i+1]+v[i+2:], f)
			}
			if len(v) >= 4 {
				add(v[:i]+v[i:i+1]+v[i:], f)
			}
			if len(v) >= 6 && i+1 < len(v) {
				add(v[:i]+v[i+1:], f)
			}
		}
	}
	for slip := range slips {
		if shared[slip] || notSlips[slip] || english[slip] {
			delete(slips, slip)
		}
	}
	return slips
}

// VerbFamily returns the family of a lower-case verb. Slips of the finger are known where they can't mean another verb.
func VerbFamily(verb string) (Family, bool) {
	f, ok := families[verb]
	return f, ok
}

// Participle returns the family of a lower-case past participle.
func Participle(word string) (Family, bool) {
	f, ok := participleOf[word]
	return f, ok
}

// Gerund returns the family of a lower-case English verb with -ing: sending, trading, swapping.
func Gerund(word string) (Family, bool) {
	stem, ok := strings.CutSuffix(word, "ing")
	if !ok || len(stem) < 3 {
		return "", false
	}
	for _, verb := range []string{stem, stem + "e", stem[:len(stem)-1]} {
		if f, known := VerbFamily(verb); known && (verb != stem[:len(stem)-1] || stem[len(stem)-1] == stem[len(stem)-2]) {
			return f, true
		}
	}
	return "", false
}
